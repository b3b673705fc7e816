/**
 * What differs between kernel releases in who asks for executable memory and how, as data. The
 * rules of address search and page attributes are in ../../kernel-rules.ts.
 */

export interface LinuxGeneration {
  /** Release in kernelRules, e.g. `6.12`. */
  readonly release: string;
  readonly summary: string;
  readonly idea: readonly string[];
  /** To 6.3 a module has a core and an init area; from 6.4 up to seven regions. */
  readonly moduleAreas: 'core_init' | 'regions';
  /** Modules: read-only and executable in one call, rodata first (6.9). */
  readonly roxInOneCall: boolean;
  /** Who takes memory from the ROX cache: modules in 6.15, kprobes and ftrace in 6.17, BPF in 7.3. */
  readonly cacheUsers: ReadonlySet<ExecUser>;
  /** 6.17: freed cache memory is refilled through a writable window instead of text_poke. */
  readonly cacheFreesThroughRw: boolean;
  /** 6.17: without an order-9 page the cache takes just the pages asked for. */
  readonly cacheFallsBackToSize: boolean;
  /** One area a program (5.17), packs of a page (5.18), packs of 2 MiB a possible node (6.0). */
  readonly bpf: 'areas' | 'page_packs' | 'packs';
  /** 5.19: freed program memory is overwritten with traps. */
  readonly bpfPokesOnFree: boolean;
  /** BPF trampolines: a page that stays writable, a read-only page (6.1), part of a pack (6.8). */
  readonly bpfTrampoline: 'writable_page' | 'page' | 'pack';
  /** Memory to measure a trampoline in: none, executable (6.8), module data (7.3). */
  readonly trampolineScratch: 'none' | 'executable' | 'data';
  /** Clean and dirty packs (7.2 and stable 6.12), active with predictor flushing. */
  readonly cleanPacks: boolean;
}

/** Types of execmem; before 6.10 all of them are module_alloc(). */
export type ExecUser = 'module_text' | 'kprobes' | 'ftrace' | 'bpf' | 'module_data';
