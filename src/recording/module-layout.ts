/**
 * Region sizes of a module from its section headers and symbol counts, exactly as the loader lays
 * them out. Follows kernel/module/main.c (layout_sections, __layout_sections) and
 * kernel/module/kallsyms.c (layout_symtab) of 6.1, 6.12 and 7.2.
 */
import { roundUp } from '../base/units.js';
import { MODULE_SECTIONS, type ModuleSection } from '../contract/scenario-plan.js';
import type { ModuleFileSection, RecordedModuleFile } from './recording.js';

export interface ModuleLayoutRule {
  /** To 6.3 one core and one init area; from 6.4 seven regions, each an area of its own. */
  readonly areas: 'core_init' | 'regions';
  /** `.static_call_sites` is read-only after init (about 6.17). */
  readonly staticCallsReadOnly: boolean;
}

/** [major, minor] of a release that starts with two numbers. */
function versionOf(release: string): readonly [number, number] {
  const match = /^(\d{1,3})\.(\d{1,3})/.exec(release);
  return [Number(match?.[1] ?? 0), Number(match?.[2] ?? 0)];
}

/** True when `release` is `major.minor` or newer. */
export function isAtLeast(release: string, major: number, minor: number): boolean {
  const [first, second] = versionOf(release);
  return first > major || (first === major && second >= minor);
}

export const moduleLayoutRule = (release: string): ModuleLayoutRule => ({
  areas: isAtLeast(release, 6, 4) ? 'regions' : 'core_init',
  staticCallsReadOnly: isAtLeast(release, 6, 17),
});

/** sizeof(Elf64_Sym) and sizeof(struct mod_kallsyms), and their alignment. */
const ELF_SYMBOL_BYTES = 24;
const MOD_KALLSYMS_BYTES = 32;
const SYMBOL_ALIGN_BYTES = 8;
const PAGE_BYTES = 4096;

/** Sections that lose SHF_ALLOC before layout: read while loading, or placed elsewhere. */
const isPlaced = (name: string): boolean =>
  name !== '.modinfo' &&
  name !== '__versions' &&
  !name.startsWith('__version_ext_') &&
  name !== '.data..percpu';

/** Region of a section, or undefined when the loader does not place it. */
export function regionOfSection(
  section: Pick<ModuleFileSection, 'name' | 'writable' | 'executable'>,
  rule: ModuleLayoutRule,
): ModuleSection | undefined {
  const { name } = section;
  if (!isPlaced(name)) return undefined;
  const init = name.startsWith('.init');
  if (section.executable) return init ? 'init.text' : 'text';
  if (!section.writable) return init ? 'init.rodata' : 'rodata';
  const readOnlyAfterInit =
    name === '.data..ro_after_init' ||
    name === '__jump_table' ||
    (rule.staticCallsReadOnly && name === '.static_call_sites');
  if (init) return 'init.data';
  return readOnlyAfterInit ? 'ro_after_init' : 'data';
}

export interface ModuleLayout {
  /** Bytes by region before page rounding, symbols included, order of MODULE_SECTIONS. */
  readonly sections: readonly number[];
  /** False when the file's symbol counts are unknown: two regions are then too small. */
  readonly exact: boolean;
}

const REGION_INDEX = new Map<ModuleSection, number>(
  MODULE_SECTIONS.map((name, index) => [name, index]),
);
const DATA = MODULE_SECTIONS.indexOf('data');
const INIT_DATA = MODULE_SECTIONS.indexOf('init.data');

/**
 * Bytes of the seven regions. Under `core_init` the regions are the page-rounded parts of the two
 * areas: the sum of their page counts, core and init, is the size of the two allocations.
 */
export function layoutModule(file: RecordedModuleFile, rule: ModuleLayoutRule): ModuleLayout {
  const sizes = MODULE_SECTIONS.map(() => 0);
  for (const section of file.sections) {
    const region = regionOfSection(section, rule);
    const index = region === undefined ? undefined : REGION_INDEX.get(region);
    if (index === undefined) continue;
    // An empty section still aligns the running size.
    sizes[index] = roundUp(sizes[index] ?? 0, section.alignBytes) + section.sizeBytes;
  }
  const { symbols } = file;
  if (!symbols) return { sections: sizes, exact: false };
  const startAlign = rule.areas === 'core_init' ? PAGE_BYTES : SYMBOL_ALIGN_BYTES;
  sizes[DATA] =
    roundUp(sizes[DATA] ?? 0, startAlign) +
    ELF_SYMBOL_BYTES * symbols.keptCount +
    symbols.keptNameBytes +
    symbols.keptCount;
  sizes[INIT_DATA] =
    roundUp(
      roundUp(sizes[INIT_DATA] ?? 0, startAlign) +
        ELF_SYMBOL_BYTES * symbols.count +
        symbols.stringBytes,
      SYMBOL_ALIGN_BYTES,
    ) +
    MOD_KALLSYMS_BYTES +
    symbols.count;
  return { sections: sizes, exact: true };
}
