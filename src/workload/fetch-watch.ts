/**
 * Watching what the instruction TLBs hold, for views of them. A watch brings the hierarchy that an
 * execute statement fetches through, so that it may see every miss; it must count as a plain one does.
 * Nothing of this exists in a run without a watch.
 */
import type { ExecutePlan } from '../contract/scenario-plan.js';
import type { Tlb } from '../machine/tlb.js';
import type { TlbConfig } from '../contract/tlb-config.js';
import type { TextMember } from './live-text.js';

/** One hierarchy under watch. */
export interface HierarchyWatch {
  readonly tlb: Tlb;
  /** A repetition of an operation begins. */
  repetition(): void;
  /** The last repetition happens so many times more; these are counted, not simulated. */
  repeated(times: number): void;
  /** A window of the stream has been simulated; a cold one began with a flush. */
  window(timeNs: number, isCold: boolean): void;
}

export interface FetchWatch {
  /** Execute statement `index` starts, through a hierarchy of this configuration. */
  start(index: number, plan: ExecutePlan, config: TlbConfig): HierarchyWatch;
  end(index: number, timeNs: number): void;
  textPlaced(member: TextMember): void;
  textGone(member: TextMember): void;
}
