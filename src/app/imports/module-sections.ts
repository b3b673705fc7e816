/**
 * Region sizes of a loaded module from the addresses of its sections, as /sys/module/NAME/sections
 * shows them. To 6.3 all core regions lie in one area, each on pages of its own; later each region is
 * an area. Sizes are whole pages: the end of a region's last section is not shown, so pages that the
 * total of /proc/modules leaves over belong to data, where the symbol table stands.
 */
import type { ConfinedFolder } from '../confined-folder.js';

const PAGE_BYTES = 4096;
const ADDRESS_FILE_BYTES_MAX = 64;
const REGIONS = 7;
const TEXT = 0;
const DATA = 1;
const RODATA = 2;
const RO_AFTER_INIT = 3;

/** Sections that are read while loading, or placed outside of the module. */
const ELSEWHERE = /^(?:\.modinfo|__versions|__version_ext_\w+|\.data\.\.percpu)$/;
const EXECUTABLE =
  /^\.(?:text|exit\.text|noinstr\.text|ref\.text|static_call\.text|altinstr_replacement|altinstr_aux|fixup|plt)\b/;
const WRITABLE =
  /^(?:\.data|\.bss|\.exit\.data|\.ref\.data|\.gnu\.linkonce\.this_module|\.static_call_sites|__bug_table|__patchable_function_entries|__bpf_raw_tp_map|__tracepoints|__dyndbg|_ftrace_events|_ftrace_eval_map|\.symtab|\.strtab)\b(?!_)/;

/** Region of a core section; undefined for init sections, which are gone, and for those elsewhere. */
export function regionOfName(name: string): number | undefined {
  if (name.startsWith('.init') || ELSEWHERE.test(name)) return undefined;
  if (EXECUTABLE.test(name)) return TEXT;
  if (name === '.data..ro_after_init' || name === '__jump_table') return RO_AFTER_INIT;
  return WRITABLE.test(name) ? DATA : RODATA;
}

export type SectionAddresses =
  | {
      readonly kind: 'read';
      readonly addresses: ReadonlyMap<string, bigint>;
      readonly text: string;
    }
  | { readonly kind: 'hidden' }
  | { readonly kind: 'missing' };

/** Reads one address a file. */
export function readSections(folder: ConfinedFolder, path: string): SectionAddresses {
  const names = folder.list(path);
  if (names === undefined) return { kind: 'missing' };
  const addresses = new Map<string, bigint>();
  const texts: string[] = [];
  let hidden = false;
  for (const name of names) {
    const file = folder.read(`${path}/${name}`, ADDRESS_FILE_BYTES_MAX);
    if (file.kind !== 'bytes') continue;
    const text = file.bytes.toString('utf8').trim();
    if (!/^0x[0-9a-f]{1,16}$/.test(text)) continue;
    texts.push(`${name} ${text}`);
    const address = BigInt(text);
    if (address === 0n) hidden ||= !/^\.data\.\.percpu$/.test(name);
    else addresses.set(name, address);
  }
  if (addresses.size === 0) return hidden ? { kind: 'hidden' } : { kind: 'missing' };
  return { kind: 'read', addresses, text: texts.join('\n') };
}

/**
 * Bytes by region in whole pages, init regions 0; undefined when no section lies in the module's core.
 * `coreBytes` is the size in /proc/modules.
 */
export function sectionSizes(
  addresses: ReadonlyMap<string, bigint>,
  coreBytes: number,
): readonly number[] | undefined {
  const spans = new Map<number, { first: number; last: number }>();
  for (const [name, address] of addresses) {
    const region = regionOfName(name);
    if (region === undefined) continue;
    const page = Number(address >> 12n);
    const span = spans.get(region);
    if (span === undefined) spans.set(region, { first: page, last: page });
    else {
      span.first = Math.min(span.first, page);
      span.last = Math.max(span.last, page);
    }
  }
  if (spans.size === 0) return undefined;
  const total = Math.ceil(coreBytes / PAGE_BYTES);
  const firsts = [...spans.values()].map(({ first }) => first);
  const base = Math.min(...firsts);
  const lasts = [...spans.values()].map(({ last }) => last);
  const oneArea = Math.max(...lasts) < base + total;
  const sections = new Array<number>(REGIONS).fill(0);
  let left = total;
  for (const [region, { first, last }] of spans) {
    // In one area a region goes on to where the next one starts.
    const next = oneArea ? Math.min(base + total, ...firsts.filter((page) => page > first)) : 0;
    const pages = Math.max(last + 1, next) - first;
    sections[region] = pages * PAGE_BYTES;
    left -= pages;
  }
  if (left > 0) sections[DATA] = (sections[DATA] ?? 0) + left * PAGE_BYTES;
  return sections;
}
