/**
 * `bpftool prog show -j`: the programs that were loaded, one each, in the order of the list. Sizes are
 * machine code (`bytes_jited`); a program that was never compiled takes no executable memory and is
 * dropped with a count.
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
  name: v.optional(v.pipe(v.string(), v.maxLength(4096))),
  bytes_jited: v.optional(
    v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(PROGRAM_BYTES_MAX)),
  ),
});
const ListSchema = v.pipe(v.array(ProgramSchema), v.maxLength(PROGRAMS_MAX));

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
  for (const { id, name, type, bytes_jited: bytes } of list.output) {
    if (bytes === undefined || bytes === 0) continue;
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
  return { data: { sha256, account, layout: { name: path, objects } }, diagnostics: findings };
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
