/**
 * The machine of a sweep point: `machine { ... }` or `machine from "file.json"`, defaults for the
 * rest, then what `--set machine.key=...` and sweeps put in their place.
 */
import type { LabCatalog } from '../../src/contract/catalog.js';
import type { MachinePlan } from '../../src/contract/scenario-plan.js';
import type { TlbConfig } from '../../src/contract/tlb-config.js';
import type { Block, Expr, MachineDecl, Path, Prop, Value } from '../ast.js';
import { givenTwice, unknownName } from '../diagnostics/names.js';
import { missingPart } from '../diagnostics/syntax.js';
import { wrongNumber } from '../diagnostics/values.js';
import type { Binding, Scope } from '../values/scope.js';
import { LISTED_KEYS, MACHINE_KEYS, type MachineDraft } from './machine-keys.js';
import { singleValue } from './module-shape.js';
import { givesLevels, lowerTlbLevels } from './tlb-levels.js';
import { lowerTlb, type PlacedOverride } from './tlb.js';

const MIB = 1048576;

export interface MachineInput {
  readonly decl: MachineDecl | undefined;
  /** The block, or what a JSON file amounts to. */
  readonly block: Block | undefined;
  /** A whole TLB hierarchy that the file gives. */
  readonly tlbModel?: TlbConfig;
  readonly scope: Scope;
  readonly catalog: LabCatalog;
  /** Values of `machine.key` from outside the block. */
  readonly overrides: ReadonlyMap<string, Binding>;
  /** Mistakes made the tree incomplete: do not ask for what may be there. */
  readonly quiet: boolean;
}

const ALL_KEYS = MACHINE_KEYS.map((key) => key.name);

function unknownKey(path: Path, scope: Scope): void {
  const { span, text: name } = path;
  const candidates = LISTED_KEYS;
  const where = "in 'machine'";
  scope.file.report(unknownName({ span, what: 'key', name, where, candidates, listAs: 'keys' }));
}

function propsByKey(block: Block, scope: Scope): ReadonlyMap<string, Prop> {
  const props = new Map<string, Prop>();
  for (const prop of block.props) {
    const key = prop.path.text;
    const first = props.get(key);
    if (key !== 'tlb' && !ALL_KEYS.includes(key)) unknownKey(prop.path, scope);
    else if (first === undefined) props.set(key, prop);
    else scope.file.report(givenTwice(key, prop.path.span, first.path.span));
  }
  return props;
}

export function lowerMachine(input: MachineInput): MachinePlan {
  const { scope, catalog, block } = input;
  const draft: MachineDraft = defaults(catalog);
  const props = block === undefined ? new Map<string, Prop>() : propsByKey(block, scope);
  for (const key of MACHINE_KEYS) {
    const override = input.overrides.get(key.name);
    const bound = override === undefined ? fromProp(props.get(key.name), scope) : asExpr(override);
    if (bound === undefined) {
      if (key.required && !props.has(key.name)) requireKey(key.name, input);
    } else key.apply({ ...bound, draft, catalog });
  }
  const tlb = props.get('tlb');
  const whole = tlb !== undefined && givesLevels(tlb);
  const overrides = tlb === undefined || whole ? [] : lowerTlb(tlb, scope);
  draft.tlb = overrides.map(({ plan }) => plan);
  const { possibleNodes, ...rest } = draft;
  checkPossibleNodes(draft, props, input);
  const tlbModel = whole ? lowerTlbLevels(tlb, scope) : input.tlbModel;
  const machine: MachinePlan = {
    ...rest,
    possibleNodes: Math.max(possibleNodes ?? rest.nodes, rest.nodes),
    ...(tlbModel === undefined ? {} : { tlbModel }),
  };
  checkTlb(machine, overrides, input);
  return machine;
}

/** Every node is a possible one. */
function checkPossibleNodes(
  { nodes, possibleNodes }: MachineDraft,
  props: ReadonlyMap<string, Prop>,
  { scope, overrides }: MachineInput,
): void {
  if (possibleNodes === undefined || possibleNodes >= nodes) return;
  const help = `write at least the ${String(nodes)} of 'nodes'`;
  const message = "'possible_nodes' is less than 'nodes'";
  const override = overrides.get('possible_nodes') ?? overrides.get('nodes');
  const bound = override === undefined ? undefined : asExpr(override);
  const span = bound?.expr.span ?? props.get('possible_nodes')?.path.span;
  if (span !== undefined) (bound?.scope ?? scope).file.report(wrongNumber(span, message, help));
}

/** Reports the first override that makes no structure of the profile's. */
function checkTlb(
  machine: MachinePlan,
  overrides: readonly PlacedOverride[],
  { scope, catalog }: MachineInput,
): void {
  const wrong = overrides.findIndex((_, index) => {
    const tlb = machine.tlb.slice(0, index + 1);
    return catalog.tlbProblem({ ...machine, tlb }) !== undefined;
  });
  const found = overrides[wrong];
  if (found === undefined) return;
  const { structure, entries } = found.plan;
  const problem = catalog.tlbProblem({ ...machine, tlb: machine.tlb.slice(0, wrong + 1) }) ?? '';
  const message = `${entries} entries do not fit the ways of '${machine.cpu}'`;
  const why = problem.replace(`tlb ${structure}: `, '');
  const example = `${structure} entries(${entries}), ways(${entries % 8 === 0 ? 8 : entries})`;
  const help = `${why}; name the ways too, such as ${example}`;
  scope.file.report(wrongNumber(found.span, message, help));
}

const defaults = (catalog: LabCatalog): MachineDraft => ({
  ramBytes: 8 * 1024 * MIB,
  nodes: 1,
  possibleNodes: undefined,
  cpus: 8,
  cpu: catalog.cpuProfiles[0]?.name ?? '',
  tlb: [],
  directMap: '1G',
  collapse: 'design',
  freeMemory: { kind: 'fresh' },
  kernelTextBytes: 24 * MIB,
  moduleAreaBytes: 1008 * MIB,
  kernel: catalog.newestKernel,
  levels: 4,
  kaslr: { kind: 'off' },
  pti: false,
  initFreeDelayNs: 0,
  costs: false,
});

interface BoundExpr {
  readonly expr: Expr;
  readonly scope: Scope;
}

function fromProp(prop: Prop | undefined, scope: Scope): BoundExpr | undefined {
  if (prop === undefined) return undefined;
  const value: Value | undefined = singleValue(prop, scope);
  if (value?.tilde !== undefined) {
    const message = `'${prop.path.text}' takes a fixed value`;
    scope.file.report(missingPart(value.tilde, message, "remove the '~'"));
  }
  return value === undefined ? undefined : { expr: value.expr, scope };
}

const asExpr = (binding: Binding): BoundExpr | undefined =>
  binding.kind === 'expr' ? binding : undefined;

function requireKey(key: string, input: MachineInput): void {
  const { decl, scope, quiet } = input;
  if (quiet || decl === undefined) return;
  const example = key === 'ram' ? 'ram 8GiB' : 'cpu skl';
  scope.file.report(missingPart(decl.keyword, `the machine needs '${key}'`, `add '${example}'`));
}
