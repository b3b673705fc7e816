/**
 * The line to the lab, opened before the application is loaded: hands are shaken and the first result is
 * on its way while scripts are read. Events that come before the application listens wait for it.
 */
import type { FirstRun, LabEvent } from '../../src/contract/lab-api.js';
import type { LabConnection } from './connection.js';

export interface OpenedLab {
  readonly connection: LabConnection;
  /** What the very first start shows, asked for already; null for any other start. */
  readonly firstRun: Promise<FirstRun | null> | null;
  /** As `connection.subscribe`, with the events that came before. */
  listen(listener: (event: LabEvent) => void): () => void;
}

export function openLab(connection: LabConnection, wantsFirstRun: boolean): OpenedLab {
  const early: LabEvent[] = [];
  const endEarly = connection.subscribe((event) => early.push(event));
  const firstRun = wantsFirstRun ? connection.firstRun() : null;
  // Whoever shows it says what went wrong.
  firstRun?.catch(() => undefined);
  return {
    connection,
    firstRun,
    listen: (listener) => {
      endEarly();
      for (const event of early.splice(0)) listener(event);
      return connection.subscribe(listener);
    },
  };
}
