/** Messages between the map service and its workers. Structured-clone safe. */
import type { RunKey } from '../../contract/lab-engine.js';
import type {
  MapInfo,
  MapMoment,
  MapPlace,
  MapPool,
  MapRecords,
  MapRecordsRequest,
  MapTarget,
} from '../../contract/map-data.js';
import type { ScenarioPlan } from '../../contract/scenario-plan.js';
import type { TlbExecuted, TlbViewInfo, TlbViewMoment } from '../../contract/tlb-view-data.js';

export type MapCall =
  | {
      readonly call: 'open';
      readonly mapId: string;
      readonly plan: ScenarioPlan;
      readonly run: RunKey;
    }
  | { readonly call: 'at'; readonly mapId: string; readonly target: MapTarget }
  | {
      readonly call: 'place';
      readonly mapId: string;
      readonly step: number;
      readonly byte: number;
    }
  | { readonly call: 'records'; readonly mapId: string; readonly request: MapRecordsRequest }
  | {
      readonly call: 'openTlb';
      readonly mapId: string;
      readonly plan: ScenarioPlan;
      readonly run: RunKey;
    }
  | { readonly call: 'tlbAt'; readonly mapId: string; readonly timeNs: number }
  | { readonly call: 'pool'; readonly mapId: string; readonly pool: string }
  | {
      readonly call: 'executed';
      readonly mapId: string;
      readonly byte: number;
      readonly timeNs: number;
    };

export type MapReply =
  MapInfo | MapMoment | MapPlace | MapPool | MapRecords | TlbExecuted | TlbViewInfo | TlbViewMoment;

export interface MapQuestion {
  readonly id: number;
  readonly question: MapCall;
}

export type MapAnswer =
  | { readonly id: number; readonly answer: MapReply }
  /** `forUser`: said to the user as it stands; otherwise a defect. */
  | { readonly id: number; readonly problem: string; readonly forUser: boolean };
