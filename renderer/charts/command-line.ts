/** The command that repeats outside the window what is in it. */
import { shellWord } from '../../src/export/mail-tail.js';

export interface RepeatedRun {
  /** Path or name of the scenario. */
  readonly id: string;
  readonly settings: Readonly<Record<string, string>>;
  /** Empty for the scenario's own. */
  readonly seeds: string;
  /** The command refuses to run anything of another hash; empty: it runs whatever the file says. */
  readonly hash: string;
}

/** `xlab run fleet.xlab --set churn=60/s --seeds 1..30 --expect-hash 9f3c21d07ab4`. */
export function commandLine({ id, settings, seeds, hash }: RepeatedRun): string {
  const parts = ['xlab', 'run', shellWord(id)];
  for (const [name, value] of Object.entries(settings)) {
    parts.push('--set', shellWord(`${name}=${value}`));
  }
  if (seeds !== '') parts.push('--seeds', shellWord(seeds));
  if (hash !== '') parts.push('--expect-hash', hash.slice(0, 12));
  return parts.join(' ');
}
