/**
 * LabApi over one function that carries a call to the host. The replies come from the host of this
 * very program, which built them from the same contract; their shape is not checked again.
 */
import type { LabApiMethod } from '../../src/contract/lab-api.js';
import type { LabCalls } from '../../src/host/wire.js';

export type Carrier = (method: LabApiMethod, args: readonly unknown[]) => Promise<unknown>;

type Reply<M extends LabApiMethod> = Awaited<ReturnType<LabCalls[M]>>;

export function labCalls(carry: Carrier): LabCalls {
  const call = <M extends LabApiMethod>(method: M, ...args: readonly unknown[]) =>
    carry(method, args) as Promise<Reply<M>>;
  return {
    describe: () => call('describe'),
    listScenarios: () => call('listScenarios'),
    openScenario: (id) => call('openScenario', id),
    saveScenario: (scenario) => call('saveScenario', scenario),
    check: (request) => call('check', request),
    run: (request) => call('run', request),
    namePlugin: (request) => call('namePlugin', request),
    cancel: (runId) => call('cancel', runId),
    report: (request) => call('report', request),
    previewReport: (request) => call('previewReport', request),
    chart: (request) => call('chart', request),
    language: (request) => call('language', request),
    adopt: (request) => call('adopt', request),
    compare: (request) => call('compare', request),
    mergeShares: (request) => call('mergeShares', request),
    openMap: (request) => call('openMap', request),
    mapAt: (request) => call('mapAt', request),
    mapPlace: (request) => call('mapPlace', request),
    mapRecords: (request) => call('mapRecords', request),
    openTlb: (request) => call('openTlb', request),
    tlbAt: (request) => call('tlbAt', request),
    mapPool: (request) => call('mapPool', request),
    tlbExecuted: (request) => call('tlbExecuted', request),
    bundleInputs: (request) => call('bundleInputs', request),
    openBundle: (bundle) => call('openBundle', bundle),
    takeOverBundle: (id) => call('takeOverBundle', id),
    firstRun: () => call('firstRun'),
  };
}
