/**
 * Simulates one run again with its fetch stream under watch, for the TLB view. The run is the same to
 * the last event: a watch reads and changes nothing.
 */
import { PAGE_SIZE_BYTES } from '../../base/units.js';
import { LabError } from '../../contract/lab-api.js';
import type { TlbExecuted, TlbViewInfo, TlbViewMoment } from '../../contract/tlb-view-data.js';
import { simulate } from '../../engine/simulator.js';
import type { SimulationInput, SimulationParts } from '../../engine/simulator.js';
import type { MachineMm } from '../../mm/machine-view.js';
import type { FetchLog } from './fetch-log.js';
import { TextOwners } from './text-owners.js';
import type { TlbLog } from './tlb-log.js';
import { TlbRecorder } from './tlb-recorder.js';

/** Answers the window's questions about the instruction TLBs of one run. */
export class TlbViewReader {
  constructor(
    private readonly log: TlbLog,
    private readonly fetches: FetchLog,
    private readonly facts: Omit<TlbViewInfo, 'viewId' | 'windowCount'>,
  ) {}

  info(viewId: string): TlbViewInfo {
    return { viewId, windowCount: this.log.windowCount, ...this.facts };
  }

  /** When a byte of the module area was last executed at a time. */
  executed(byte: number, timeNs: number): TlbExecuted {
    const { fetches } = this;
    const lastNs = fetches.lastNs(Math.floor(byte / PAGE_SIZE_BYTES), timeNs);
    return { lastNs, untilNs: fetches.endNs };
  }

  moment(timeNs: number): TlbViewMoment {
    const moment = this.log.at(timeNs);
    if (moment === undefined) throw new LabError('nothing was executed in this run');
    return moment;
  }
}

/** Throws a LabError when the scenario executes nothing. */
export function recordTlb(
  input: SimulationInput,
  parts: SimulationParts,
  onProgress: () => void = () => undefined,
): TlbViewReader {
  const made: { mm?: MachineMm; recorder?: TlbRecorder; owners?: TextOwners } = {};
  const watched: SimulationParts = {
    ...parts,
    createMm: (options) => (made.mm = parts.createMm(options)),
    createFetchEngine: (options) => {
      const { areaVpn = 0, areaPages = 0 } = made.mm ?? {};
      const owners = new TextOwners(areaVpn, areaPages, input.point.pools);
      made.owners = owners;
      made.recorder = new TlbRecorder(owners);
      return parts.createFetchEngine({ ...options, watch: made.recorder });
    },
  };
  const progress = (): boolean => {
    onProgress();
    return true;
  };
  const result = simulate(input, watched, { progress });
  const { recorder, owners } = made;
  if (recorder === undefined || owners === undefined || recorder.log.windowCount === 0) {
    throw new LabError('this scenario executes nothing; an execute statement fills the TLBs');
  }
  return new TlbViewReader(recorder.log, recorder.fetches, {
    arrays: recorder.arrays,
    owners: owners.names,
    logHash: result.logHash,
  });
}
