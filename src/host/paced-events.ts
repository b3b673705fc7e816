/**
 * Events of runs on a line that may be slower than they come. A partial result holds all runs so far, so the
 * newest one replaces those that wait: never more than one of a run is on its way. Invariant: what ends a
 * run is delivered at once, behind the last result that came before it.
 */
import type { LabEvent } from '../contract/lab-api.js';

/** Puts an event on the line; `sent` is called once when it has left, or will never leave. */
export type DeliverEvent = (event: LabEvent, sent: () => void) => void;

const isPartial = (event: LabEvent): boolean => event.kind === 'result' && !event.result.complete;

export class PacedEvents {
  private readonly deliver: DeliverEvent;
  /** The newest partial result of each run that waits. */
  private readonly waiting = new Map<string, LabEvent>();
  private isBusy = false;

  constructor(deliver: DeliverEvent) {
    this.deliver = deliver;
  }

  offer(event: LabEvent): void {
    const { runId, kind } = event;
    if (isPartial(event)) {
      this.waiting.set(runId, event);
      this.next();
      return;
    }
    const last = this.waiting.get(runId);
    if (kind !== 'progress') this.waiting.delete(runId);
    // A whole result says all that the partial one says.
    if (last !== undefined && (kind === 'cancelled' || kind === 'failed')) {
      this.deliver(last, () => undefined);
    }
    this.deliver(event, () => undefined);
  }

  private next(): void {
    const [first] = this.waiting;
    if (this.isBusy || first === undefined) return;
    const [runId, event] = first;
    this.waiting.delete(runId);
    this.isBusy = true;
    this.deliver(event, () => {
      this.isBusy = false;
      this.next();
    });
  }
}
