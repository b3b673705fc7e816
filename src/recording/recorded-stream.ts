/**
 * A recording as a design-independent request stream and a layout of what stood at its start, so
 * that every design can serve it. Every line of events.jsonl is accounted for.
 */
import type {
  LayoutPlan,
  RecordedCreate,
  RecordedEvent,
  RecordedStreamPlan,
} from '../contract/scenario-plan.js';
import { EventStepsReader, guessSections, type EventSteps } from './event-steps.js';
import { layoutModule, moduleLayoutRule } from './module-layout.js';
import type { Recording } from './recording.js';

const NS_PER_MS = 1000000;
/** A pack hands out 64-byte chunks; a program needs 8 bytes of header and 16 of room. */
const CHUNK_BYTES = 64;
const CHUNK_OVERHEAD_BYTES = 24;

/** Code bytes of one program that takes exactly `chunks` chunks. */
const programBytesOfChunks = (chunks: number): number =>
  chunks * CHUNK_BYTES - CHUNK_OVERHEAD_BYTES;

/** What the machine held when the recording started: modules, then the programs of the boot. */
export function layoutOfRecording(recording: Recording): LayoutPlan {
  const rule = moduleLayoutRule(recording.meta.release);
  const objects: RecordedCreate[] = [];
  for (const loaded of recording.snapshots[0]?.modules ?? []) {
    const file = recording.modules.get(loaded.name);
    const layout = file ? layoutModule(file, rule) : guessSections(loaded.sizeBytes);
    if (layout) objects.push({ kind: 'module', name: loaded.name, sections: layout.sections });
  }
  if (recording.meta.bpfBootChunks > 0) {
    objects.push({
      kind: 'bpf',
      name: 'boot_programs',
      sizeBytes: programBytesOfChunks(recording.meta.bpfBootChunks),
    });
  }
  return { name: recording.meta.name, objects };
}

class Account {
  used = 0;
  dropped = 0;
  guessed = 0;
  private readonly reasons = new Map<string, number>();

  add(result: EventSteps): void {
    if (result.account === 'used') this.used += 1;
    else if (result.account === 'guessed') this.guessed += 1;
    else this.dropped += 1;
    if (result.reason !== '') this.addReason(result.reason, 1);
  }

  addDropped(reason: string, count: number): void {
    this.dropped += count;
    this.addReason(reason, count);
  }

  finish(records: number): RecordedStreamPlan['account'] {
    const { used, dropped, guessed } = this;
    return {
      records,
      used,
      dropped,
      guessed,
      reasons: [...this.reasons].map(([reason, count]) => ({ reason, count })),
    };
  }

  private addReason(reason: string, count: number): void {
    this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + count);
  }
}

export function streamOfRecording(
  recording: Recording,
  source: { readonly lines: number; readonly dropped: ReadonlyMap<string, number> },
): RecordedStreamPlan {
  const { meta, modules, snapshots } = recording;
  const reader = new EventStepsReader({
    modules,
    layout: moduleLayoutRule(meta.release),
    release: meta.release,
  });
  const account = new Account();
  for (const [reason, count] of source.dropped) account.addDropped(reason, count);
  for (const loaded of snapshots[0]?.modules ?? []) reader.adopt(`module:${loaded.name}`);
  const events: RecordedEvent[] = [];
  const startMs = recording.events[0]?.timeMs ?? 0;
  let timeNs = 0;
  for (const event of recording.events) {
    timeNs = Math.max(timeNs, (event.timeMs - startMs) * NS_PER_MS);
    const result = reader.stepsOf(event);
    account.add(result);
    for (const step of result.steps) {
      if (step.kind === 'release') {
        events.push({ kind: 'release', timeNs, key: step.key });
        continue;
      }
      events.push({ kind: 'create', timeNs, key: step.key, create: step.create });
      if (step.undone) events.push({ kind: 'release', timeNs, key: step.key });
    }
  }
  const taken = account.used + account.dropped + account.guessed;
  if (source.lines > taken) account.addDropped('blank line', source.lines - taken);
  return { name: meta.name, events, account: account.finish(source.lines) };
}

/** Counters of the machine over time, base units (bytes, counts), by metric name. */
export function seriesOfRecording(
  recording: Recording,
): Readonly<
  Record<string, { readonly timesNs: readonly number[]; readonly values: readonly number[] }>
> {
  const startMs = recording.events[0]?.timeMs ?? 0;
  const series: Record<string, { timesNs: number[]; values: number[] }> = {};
  const add = (name: string, timeMs: number, value: number | undefined): void => {
    if (value === undefined) return;
    const list = (series[name] ??= { timesNs: [], values: [] });
    list.timesNs.push(Math.max(0, timeMs - startMs) * NS_PER_MS);
    list.values.push(value);
  };
  for (const { timeMs, observed } of recording.events) {
    const kb = observed.directMapKb;
    add('DirectMap4k', timeMs, kb && kb[0] * 1024);
    add('DirectMap2M', timeMs, kb && kb[1] * 1024);
    add('DirectMap1G', timeMs, kb && kb[2] * 1024);
    add('direct_map_level2_splits', timeMs, observed.level2Splits);
    add('direct_map_level3_splits', timeMs, observed.level3Splits);
  }
  return series;
}
