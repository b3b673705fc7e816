/**
 * What the window sees of the desktop: one named function per call and one subscription. No channel
 * name, no ipcRenderer, no Electron object gets through. Runs sandboxed, bundled into one file.
 */
import { contextBridge, ipcRenderer } from 'electron';
import type { IpcRendererEvent } from 'electron';
import type { LabApiMethod } from '../src/contract/lab-api.js';
import { callChannel, EVENT_CHANNEL } from './channels.js';

const call =
  (method: LabApiMethod) =>
  (...args: unknown[]): Promise<unknown> =>
    ipcRenderer.invoke(callChannel(method), ...args);

contextBridge.exposeInMainWorld('xlabDesktop', {
  describe: call('describe'),
  listScenarios: call('listScenarios'),
  openScenario: call('openScenario'),
  saveScenario: call('saveScenario'),
  namePlugin: call('namePlugin'),
  check: call('check'),
  run: call('run'),
  cancel: call('cancel'),
  report: call('report'),
  previewReport: call('previewReport'),
  chart: call('chart'),
  language: call('language'),
  adopt: call('adopt'),
  compare: call('compare'),
  mergeShares: call('mergeShares'),
  openMap: call('openMap'),
  mapAt: call('mapAt'),
  mapPlace: call('mapPlace'),
  mapRecords: call('mapRecords'),
  openTlb: call('openTlb'),
  tlbAt: call('tlbAt'),
  mapPool: call('mapPool'),
  tlbExecuted: call('tlbExecuted'),
  bundleInputs: call('bundleInputs'),
  openBundle: call('openBundle'),
  takeOverBundle: call('takeOverBundle'),
  firstRun: call('firstRun'),
  subscribe: (listener: (event: unknown) => void): (() => void) => {
    const relay = (_event: IpcRendererEvent, event: unknown): void => listener(event);
    ipcRenderer.on(EVENT_CHANNEL, relay);
    return () => {
      ipcRenderer.removeListener(EVENT_CHANNEL, relay);
    };
  },
});
