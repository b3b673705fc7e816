/** Strips of the module area at instants that probes ask for; thinned when they become too many. */

export const SNAPSHOTS_MAX = 512;

interface Snapshot {
  readonly timeNs: number;
  readonly strip: string;
}

export class SnapshotList {
  private kept: Snapshot[] = [];
  private stride = 1;
  private seen = 0;

  add(timeNs: number, strip: string): void {
    const taken = this.seen % this.stride === 0;
    this.seen += 1;
    if (!taken) return;
    this.kept.push({ timeNs, strip });
    if (this.kept.length < SNAPSHOTS_MAX) return;
    this.kept = this.kept.filter((_, index) => index % 2 === 0);
    this.stride *= 2;
  }

  list(): readonly Snapshot[] {
    return this.kept;
  }
}
