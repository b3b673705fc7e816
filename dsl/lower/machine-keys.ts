/** The keys of the machine block, in the order of the language page. */
import type { LabCatalog } from '../../src/contract/catalog.js';
import type { FreeMemoryPlan, MachinePlan } from '../../src/contract/scenario-plan.js';
import type { Expr } from '../ast.js';
import { unknownName } from '../diagnostics/names.js';
import { wrongNumber } from '../diagnostics/values.js';
import { argumentsFit } from '../values/arguments.js';
import { evaluate, numberOf } from '../values/evaluate.js';
import type { Scope } from '../values/scope.js';
import { sizeText } from '../values/units.js';
import { choiceText, fixedNumber, lowerChoice } from './values.js';

export type MachineDraft = {
  -readonly [K in Exclude<keyof MachinePlan, 'possibleNodes' | 'tlbModel'>]: MachinePlan[K];
} & { possibleNodes: number | undefined };

export interface KeyInput {
  readonly expr: Expr;
  readonly scope: Scope;
  readonly draft: MachineDraft;
  readonly catalog: LabCatalog;
}

export interface MachineKey {
  readonly name: string;
  readonly help: string;
  readonly required: boolean;
  /** Named in messages that list the keys. */
  readonly listed: boolean;
  readonly apply: (input: KeyInput) => void;
}

const MIB = 1048576;
const PAGE = 4096;
const NODES_MAX = 64;
const CPUS_MAX = 4096;
const RAM_MAX = 64 * 1024 * 1024 * MIB;
const KASLR_PAGES_MAX = 1024;

interface KeyOptions {
  readonly required?: boolean;
  readonly listed?: boolean;
}

const key = (
  name: string,
  help: string,
  apply: (input: KeyInput) => void,
  options: KeyOptions = {},
): MachineKey => ({
  name,
  help,
  apply,
  required: options.required ?? false,
  listed: options.listed ?? true,
});

/** A count within bounds; the lower bound after a report. */
function count(input: KeyInput, what: string, low: number, high: number): number {
  const { expr, scope } = input;
  const value = fixedNumber(expr, { unit: 'count', what, min: low }, scope);
  if (value <= high) return value;
  scope.file.report(wrongNumber(expr.span, `'${what}' is at most ${high}`, 'choose less'));
  return low;
}

function size(input: KeyInput, what: string, low: number, high: number): number {
  const { expr, scope } = input;
  const value = numberOf(expr, scope, 'size', what);
  if (value === undefined) return low;
  if (value >= low && value <= high && value % PAGE === 0) return value;
  const message =
    value % PAGE === 0 ? `'${what}' is out of bounds` : `'${what}' is not whole pages`;
  const help = `write ${sizeText(low)} to ${sizeText(high)}, in steps of 4KiB`;
  scope.file.report(wrongNumber(expr.span, message, help));
  return low;
}

const choice = <T extends string>(input: KeyInput, what: string, allowed: readonly T[], or: T): T =>
  lowerChoice(input.expr, allowed, { what: 'value', where: `of '${what}'` }, input.scope) ?? or;

function cpuProfile(input: KeyInput): void {
  const { expr, scope, catalog, draft } = input;
  // `skylake-sp` reads as a difference of two names.
  const written = scope.file.textOf(expr.span);
  const hyphened = expr.kind === 'binary' && /^\w+(?:-\w+)+$/.test(written);
  const name = hyphened ? written : choiceText(expr, scope);
  if (name === undefined) return;
  const names = catalog.cpuProfiles.flatMap((profile) => [profile.name, ...profile.aliases]);
  draft.cpu = name;
  if (names.includes(name)) return;
  const span = expr.span;
  scope.file.report(
    unknownName({
      span,
      what: 'CPU profile',
      name,
      candidates: names,
      listAs: 'profiles',
      otherwise: 'xlab list profiles shows the names',
      quoted: expr.kind === 'text',
    }),
  );
}

function freeMemory(input: KeyInput): FreeMemoryPlan {
  const { expr, scope } = input;
  const scalar = evaluate(expr, scope);
  if (scalar.kind === 'form' && scalar.call.path.text === 'scattered') {
    argumentsFit(scalar.call, ['share'], scalar.scope);
    const [argument] = scalar.call.args;
    const share =
      argument === undefined ? 1 : numberOf(argument.value, scalar.scope, 'share', 'scattered');
    if (share !== undefined && share > 1) {
      scope.file.report(wrongNumber(expr.span, 'a share is at most 100%', 'choose less'));
    }
    return { kind: 'scattered', share: Math.min(1, share ?? 0) };
  }
  if (scalar.kind === 'broken') return { kind: 'fresh' };
  const at = scalar.kind === 'form' ? scalar.call.path.span : expr.span;
  const word = scalar.kind === 'word' ? scalar.value : scope.file.textOf(at);
  if (word === 'fresh' || word === 'page_cache') return { kind: word };
  const candidates = ['fresh', 'page_cache', 'scattered'];
  const where = "of 'free_memory'";
  scope.file.report(
    unknownName({
      span: at,
      what: 'value',
      name: word,
      where,
      candidates,
      listAs: 'possible',
    }),
  );
  return { kind: 'fresh' };
}

function kernel(input: KeyInput): void {
  const { expr, scope, catalog, draft } = input;
  // `kernel 5.17` without quotes is a number whose text is the release.
  const name =
    expr.kind === 'quantity' ? expr.text : (choiceText(expr, scope) ?? catalog.newestKernel);
  if (catalog.kernelReleases.includes(name)) draft.kernel = name;
  else {
    const candidates = catalog.kernelReleases;
    const span = expr.span;
    const quoted = expr.kind === 'text';
    scope.file.report(
      unknownName({ span, what: 'kernel', name, candidates, listAs: 'kernels', quoted }),
    );
  }
}

function moduleArea(input: KeyInput): void {
  const { expr, scope, draft } = input;
  const value = numberOf(expr, scope, 'size', 'module_area');
  if (value === undefined) return;
  if (value === 1008 * MIB || value === 1520 * MIB) draft.moduleAreaBytes = value;
  else {
    const help = 'write 1008MiB (KASLR built in) or 1520MiB';
    scope.file.report(wrongNumber(expr.span, 'no kernel has a module area of this size', help));
  }
}

function kaslr(input: KeyInput): void {
  const { expr, scope, draft } = input;
  const scalar = evaluate(expr, scope);
  if (scalar.kind === 'number') {
    draft.kaslr = { kind: 'pages', pages: count(input, 'kaslr', 1, KASLR_PAGES_MAX) };
  } else draft.kaslr = { kind: choice(input, 'kaslr', ['off', 'seeded'], 'off') };
}

const onOff = (input: KeyInput, what: string): boolean =>
  choice(input, what, ['off', 'on'], 'off') === 'on';

export const MACHINE_KEYS: readonly MachineKey[] = [
  key(
    'ram',
    'main memory',
    (input) => (input.draft.ramBytes = size(input, 'ram', 64 * MIB, RAM_MAX)),
    { required: true },
  ),
  key('nodes', 'NUMA nodes', (input) => (input.draft.nodes = count(input, 'nodes', 1, NODES_MAX))),
  key('cpus', 'CPUs', (input) => (input.draft.cpus = count(input, 'cpus', 1, CPUS_MAX))),
  key('cpu', 'profile: TLB geometry and walk costs', cpuProfile, { required: true }),
  key('direct_map', 'largest page the direct map boots with', (input) => {
    input.draft.directMap = choice(input, 'direct_map', ['4K', '2M', '1G'], '1G');
  }),
  key('collapse', 'collapse of split large pages', (input) => {
    input.draft.collapse = choice(input, 'collapse', ['design', 'off', 'rox', 'any'], 'design');
  }),
  key('free_memory', 'where free pages lie at the start', (input) => {
    input.draft.freeMemory = freeMemory(input);
  }),
  key('kernel_text', 'size of the core image', (input) => {
    input.draft.kernelTextBytes = size(input, 'kernel_text', 2 * MIB, 512 * MIB);
  }),
  key('module_area', 'size of the module range', moduleArea),
  key('kernel', 'release whose page-table rules apply', kernel),
  key('levels', 'page-table levels', (input) => {
    input.draft.levels = count(input, 'levels', 4, 5) === 5 ? 5 : 4;
  }),
  key('costs', 'charge time for flushes and walks', (input) => {
    input.draft.costs = onOff(input, 'costs');
  }),
  key('kaslr', 'random start of the module range', kaslr, { listed: false }),
  key(
    'init_free_delay',
    'time until init memory returns',
    (input) => {
      const wanted = { unit: 'time', what: 'init_free_delay' } as const;
      input.draft.initFreeDelayNs = fixedNumber(input.expr, wanted, input.scope);
    },
    { listed: false },
  ),
  key(
    'possible_nodes',
    'nodes that firmware announces',
    (input) => (input.draft.possibleNodes = count(input, 'possible_nodes', 1, 1024)),
    { listed: false },
  ),
  key('pti', 'page-table isolation', (input) => (input.draft.pti = onOff(input, 'pti')), {
    listed: false,
  }),
];

/** Keys as messages list them. */
export const LISTED_KEYS: readonly string[] = MACHINE_KEYS.filter((entry) => entry.listed)
  .map((entry) => entry.name)
  .toSpliced(4, 0, 'tlb');
