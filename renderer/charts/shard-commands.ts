/** Command lines that run shares of the scenario on other machines. */
import { lastPart } from '../../src/base/last-part.js';
import { commandLine } from './command-line.js';

export const SHARD_COUNT_MAX = 64;

export interface ShardRequest {
  readonly id: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly seeds: string;
  readonly hash: string;
  /** Machines, 2..SHARD_COUNT_MAX. */
  readonly count: number;
}

/** One command for each machine; each refuses to run anything but this scenario. */
export function shardCommands(request: ShardRequest): readonly string[] {
  const { id, settings, seeds, hash } = request;
  const count = Math.min(SHARD_COUNT_MAX, Math.max(2, Math.round(request.count)));
  // Folders of this machine mean nothing to another one.
  const base = commandLine({ id: lastPart(id), settings, seeds, hash });
  return Array.from({ length: count }, (_, i) => {
    const shard = `${String(i + 1)}/${String(count)}`;
    return `${base} --shard ${shard} --out shard-${String(i + 1)}`;
  });
}
