/**
 * `machine from "file.json"`: an object with the keys of the machine block. It is rewritten as a
 * machine block and read like one, so that both forms have the same checks; a `tlb` that gives whole
 * levels is a hierarchy in the form of `xlab tlb --config` and stays data.
 */
import { readTlbConfig, TlbConfigError, type TlbConfig } from '../../src/contract/tlb-config.js';

const KEY = /^[a-z][a-z0-9_]*$/;
/** Values that may stand in the block as they are: quantities, words, forms such as scattered(35%). */
const PLAIN = /^[A-Za-z0-9_.%/+-]+(?:\([A-Za-z0-9_.%=, ]*\))?$/;

export type MachineText =
  | { readonly text: string; readonly tlb?: TlbConfig; readonly problem?: undefined }
  | { readonly text?: undefined; readonly problem: string };

export function machineBlockText(json: string): MachineText {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return { problem: 'is not JSON' };
  }
  const { whole, keys } = wholeLevels(value);
  const lines = objectLines(keys);
  if (lines === undefined) return { problem: 'is not an object of machine keys' };
  const text = ['xlab 1', 'machine {', ...lines, '}', ''].join('\n');
  if (whole === undefined) return { text };
  try {
    return { text, tlb: readTlbConfig(whole) };
  } catch (error) {
    if (!(error instanceof TlbConfigError)) throw error;
    return { problem: `has a wrong tlb: ${error.message}` };
  }
}

/** Parts the `tlb` of a machine that gives whole levels from its other keys. */
function wholeLevels(value: unknown): { readonly whole?: object; readonly keys: unknown } {
  if (typeof value !== 'object' || value === null || !('tlb' in value)) return { keys: value };
  const { tlb, ...keys } = value;
  const isWhole = typeof tlb === 'object' && tlb !== null && ('l1' in tlb || 'l2' in tlb);
  return isWhole ? { whole: tlb, keys } : { keys: value };
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
