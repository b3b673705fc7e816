/**
 * Maps for the lab service, from worker threads of their own: recording takes as long as the run, and
 * the runs' own workers are not held up by it. TLB views have a second thread, so that scrubbing a map
 * does not wait while a fetch stream is simulated.
 */
import type { MapEngine, RunKey } from '../../contract/lab-engine.js';
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
import { MapWorkerLine } from './map-worker-line.js';

export class MapService implements MapEngine {
  private readonly maps = new MapWorkerLine();
  private readonly tlbs = new MapWorkerLine();
  private mapCount = 0;

  open(plan: ScenarioPlan, run: RunKey): Promise<MapInfo> {
    const mapId = this.newId('map');
    return this.maps.ask({ call: 'open', mapId, plan, run }) as Promise<MapInfo>;
  }

  at(mapId: string, target: MapTarget): Promise<MapMoment> {
    return this.maps.ask({ call: 'at', mapId, target }) as Promise<MapMoment>;
  }

  place(mapId: string, step: number, byte: number): Promise<MapPlace> {
    return this.maps.ask({ call: 'place', mapId, step, byte }) as Promise<MapPlace>;
  }

  records(request: MapRecordsRequest): Promise<MapRecords> {
    const { mapId } = request;
    return this.maps.ask({ call: 'records', mapId, request }) as Promise<MapRecords>;
  }

  openTlb(plan: ScenarioPlan, run: RunKey): Promise<TlbViewInfo> {
    const mapId = this.newId('tlb');
    return this.tlbs.ask({ call: 'openTlb', mapId, plan, run }) as Promise<TlbViewInfo>;
  }

  tlbAt(viewId: string, timeNs: number): Promise<TlbViewMoment> {
    return this.tlbs.ask({ call: 'tlbAt', mapId: viewId, timeNs }) as Promise<TlbViewMoment>;
  }

  pool(mapId: string, pool: string): Promise<MapPool> {
    return this.maps.ask({ call: 'pool', mapId, pool }) as Promise<MapPool>;
  }

  executed(viewId: string, byte: number, timeNs: number): Promise<TlbExecuted> {
    const call = { call: 'executed', mapId: viewId, byte, timeNs } as const;
    return this.tlbs.ask(call) as Promise<TlbExecuted>;
  }

  /** Ends the workers. */
  async close(): Promise<void> {
    await Promise.all([this.maps.close(), this.tlbs.close()]);
  }

  private newId(kind: string): string {
    this.mapCount += 1;
    return `${kind}-${String(this.mapCount)}`;
  }
}
