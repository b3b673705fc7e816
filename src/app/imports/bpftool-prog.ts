/**
 * `bpftool prog show -j`: the programs that were loaded, one each, in the order in which they were
 * loaded (`loaded_at`, whole seconds; then by id, which the kernel counts up). Sizes are machine code
 * (`bytes_jited`); a program that was never compiled takes no executable memory and is dropped with a
 * count.
 */
import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { Diagnostic } from '../../contract/diagnostic.js';
import type { RecordedCreate } from '../../contract/scenario-plan.js';
import { importFailure, importText, type ImportFormat, type ImportReply } from './import-format.js';

const PROGRAMS_MAX = 1_000_000;
const PROGRAM_BYTES_MAX = 67_108_864;
const REMEDY = 'record it as root: bpftool prog show -j > bpf.json';

const ProgramSchema = v.looseObject({
  id: v.pipe(v.number(), v.integer(), v.minValue(0)),
  type: v.optional(v.pipe(v.string(), v.maxLength(4096))),
  loaded_at: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  name: v.optional(v.pipe(v.string(), v.maxLength(4096))),
  bytes_jited: v.optional(
    v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(PROGRAM_BYTES_MAX)),
  ),
});
const ListSchema = v.pipe(v.array(ProgramSchema), v.maxLength(PROGRAMS_MAX));

type Program = v.InferOutput<typeof ProgramSchema>;

/** In order of loading; by id alone where a program has no time. */
function inOrder(programs: readonly Program[]): readonly Program[] {
  const timed = programs.every(({ loaded_at: at }) => at !== undefined);
  const time = ({ loaded_at: at = 0 }: Program): number => (timed ? at : 0);
  return programs.toSorted((a, b) => time(a) - time(b) || a.id - b.id);
}

const largest = (values: readonly number[]): number =>
  values.reduce((most, value) => Math.max(most, value), -Infinity);

/** `cgroup_skb: 6 programs, 2,012 bytes`, the most first. */
function factsOf(programs: readonly Program[]): readonly string[] {
  const types = new Map<string, { count: number; bytes: number }>();
  for (const { type = 'unknown type', bytes_jited: bytes = 0 } of programs) {
    const row = types.get(type) ?? { count: 0, bytes: 0 };
    types.set(type, { count: row.count + 1, bytes: row.bytes + bytes });
  }
  const times = programs.flatMap(({ loaded_at: at }) => (at === undefined ? [] : [at]));
  const seconds = times.length === 0 ? 0 : largest(times) + largest(times.map((at) => -at));
  return [
    ...[...types]
      .sort((a, b) => b[1].count - a[1].count || (a[0] < b[0] ? -1 : 1))
      .map(([type, { count, bytes }]) => {
        const plural = count === 1 ? 'program' : 'programs';
        return `${type}: ${String(count)} ${plural}, ${String(bytes)} bytes`;
      }),
    ...(times.length === 0 ? [] : [`loaded within ${String(seconds)} s`]),
  ];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function listReply(path: string, text: string, sha256: string): ImportReply {
  const list = v.safeParse(ListSchema, parsed(text));
  if (!list.success) {
    const start = text.trimStart().split('\n')[0]?.slice(0, 60) ?? '';
    return importFailure(`line 1 of '${path}' is not a bpftool program list`, {
      notes: [`found '${start}'`],
      help: REMEDY,
    });
  }
  const objects: RecordedCreate[] = [];
  const compiled = list.output.filter(({ bytes_jited: bytes }) => bytes !== undefined && bytes > 0);
  for (const { id, name, type, bytes_jited: bytes = 0 } of inOrder(compiled)) {
    objects.push({
      kind: 'bpf',
      name: name ?? `${type ?? 'prog'}_${String(id)}`,
      sizeBytes: bytes,
    });
  }
  const dropped = list.output.length - objects.length;
  const findings: Diagnostic[] =
    dropped === 0
      ? []
      : [
          {
            code: 'X0702',
            severity: 'warning',
            message: `${String(dropped)} of ${String(list.output.length)} programs of '${path}' have no machine code`,
            help: REMEDY,
          },
        ];
  if (objects.length === 0)
    return importFailure(`'${path}' has no compiled program`, { help: REMEDY });
  const account = {
    records: list.output.length,
    used: objects.length,
    dropped,
    guessed: 0,
    reasons: dropped === 0 ? [] : [{ reason: 'not compiled to machine code', count: dropped }],
  };
  const layout = { name: path, objects };
  const data = { sha256, account, layout, facts: factsOf(compiled) };
  return { data, diagnostics: findings };
}

export const bpftoolProg: ImportFormat = {
  name: 'bpftool_prog',
  summary: 'programs of `bpftool prog show -j`: a layout',
  options: [],
  read: (request) => {
    const file = importText(request);
    if (file.reply) return file.reply;
    const sha256 = createHash('sha256').update(file.bytes).digest('hex');
    return listReply(request.path, file.text, sha256);
  },
};
