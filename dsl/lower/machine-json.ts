/**
 * `machine from "file.json"`: an object with the keys of the machine block. It is rewritten as a
 * machine block and read like one, so that both forms have the same checks.
 */
const KEY = /^[a-z][a-z0-9_]*$/;
/** Values that may stand in the block as they are: quantities, words, forms such as scattered(35%). */
const PLAIN = /^[A-Za-z0-9_.%/+-]+(?:\([A-Za-z0-9_.%=, ]*\))?$/;

export type MachineText =
  | { readonly text: string; readonly problem?: undefined }
  | { readonly text?: undefined; readonly problem: string };

export function machineBlockText(json: string): MachineText {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return { problem: 'is not JSON' };
  }
  if (hasWholeLevels(value)) {
    return { problem: 'gives whole TLB levels; name structures: {"stlb": {"entries": 64}}' };
  }
  const lines = objectLines(value);
  return lines === undefined
    ? { problem: 'is not an object of machine keys' }
    : { text: ['xlab 1', 'machine {', ...lines, '}', ''].join('\n') };
}

/** A `tlb` in the form of a hierarchy's own configuration file, which a plan cannot hold. */
function hasWholeLevels(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('tlb' in value)) return false;
  const { tlb } = value;
  return typeof tlb === 'object' && tlb !== null && ('l1' in tlb || 'l2' in tlb);
}

function objectLines(value: unknown): readonly string[] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const lines: string[] = [];
  for (const [key, entry] of Object.entries(value)) {
    if (!KEY.test(key)) return undefined;
    const line = key === 'tlb' ? tlbLines(entry) : valueText(key, entry);
    if (line === undefined) return undefined;
    lines.push(key === 'tlb' ? line : `${key} ${line}`);
  }
  return lines;
}

function valueText(key: string, value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return String(value);
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value !== 'string' || value.length > 200) return undefined;
  if (key === 'kernel') return `"${value.replace(/[^0-9.]/g, '')}"`;
  return PLAIN.test(value) ? value : undefined;
}

/** `{"stlb": {"entries": 1024, "ways": 8}}` */
function tlbLines(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const rows: string[] = [];
  for (const [structure, figures] of Object.entries(value) as [string, unknown][]) {
    if (!KEY.test(structure) || typeof figures !== 'object' || figures === null) return undefined;
    const parts = Object.entries(figures).map(([name, figure]: [string, unknown]) =>
      KEY.test(name) && typeof figure === 'number' ? `${name}(${figure})` : '?',
    );
    rows.push(`${structure} ${parts.join(', ')}`);
  }
  return `tlb {\n${rows.join('\n')}\n}`;
}
