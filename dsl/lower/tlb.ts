/** `tlb { itlb_l1_4k entries(64), ways(8) }`: overrides of single TLB structures. */
import type { Span } from '../../src/contract/diagnostic.js';
import type { TlbOverridePlan } from '../../src/contract/scenario-plan.js';
import type { Prop } from '../ast.js';
import { unknownName } from '../diagnostics/names.js';
import { missingPart } from '../diagnostics/syntax.js';
import { wrongNumber } from '../diagnostics/values.js';
import { evaluate } from '../values/evaluate.js';
import type { Scope } from '../values/scope.js';
import { fixedNumber } from './values.js';

const STRUCTURES = ['itlb_l1_4k', 'itlb_l1_2m', 'stlb'] as const;
const ENTRIES_MAX = 65_536;

/** Sets are picked by address bits, so there is a power of two of them. */
const isPowerOfTwo = (value: number): boolean => {
  let power = 1;
  while (power < value) power *= 2;
  return power === value;
};

export interface PlacedOverride {
  readonly plan: TlbOverridePlan;
  readonly span: Span;
}

export function lowerTlb(tlb: Prop, scope: Scope): readonly PlacedOverride[] {
  if (tlb.block === undefined) {
    const help = "write 'tlb { stlb entries(1024), ways(8) }'";
    scope.file.report(missingPart(tlb.path.span, "'tlb' needs a block", help));
    return [];
  }
  return tlb.block.props.flatMap((prop) => {
    const name = prop.path.text;
    const structure = STRUCTURES.find((entry) => entry === name);
    if (structure === undefined) {
      const { span } = prop.path;
      const where = "in 'tlb'";
      const candidates = STRUCTURES;
      scope.file.report(
        unknownName({ span, what: 'structure', name, where, candidates, listAs: 'structures' }),
      );
      return [];
    }
    const plan = override(structure, prop, scope);
    return plan === undefined ? [] : [{ plan, span: prop.span }];
  });
}

function override(
  structure: TlbOverridePlan['structure'],
  prop: Prop,
  scope: Scope,
): TlbOverridePlan | undefined {
  const numbers = new Map<string, number>();
  for (const value of prop.groups.flatMap((group) => group.values)) {
    const scalar = evaluate(value.expr, scope);
    const form = scalar.kind === 'form' ? scalar.call : undefined;
    const [argument] = form?.args ?? [];
    const name = form?.path.text ?? scope.file.textOf(value.span);
    if (argument === undefined || (name !== 'entries' && name !== 'ways')) {
      const candidates = ['entries', 'ways'];
      const span = form?.path.span ?? value.span;
      const where = `of '${structure}'`;
      scope.file.report(
        unknownName({ span, what: 'figure', name, where, candidates, listAs: 'possible' }),
      );
      return undefined;
    }
    const wanted = { unit: 'count', what: name, min: 1 } as const;
    numbers.set(name, fixedNumber(argument.value, wanted, scope));
  }
  const entries = numbers.get('entries');
  const ways = numbers.get('ways');
  if (entries === undefined) {
    const help = `write '${structure} entries(64)'`;
    scope.file.report(missingPart(prop.path.span, `'${structure}' needs its entries`, help));
    return undefined;
  }
  const sets = ways === undefined ? 1 : entries / ways;
  if (entries > ENTRIES_MAX || !isPowerOfTwo(sets)) {
    const message =
      ways === undefined || Number.isInteger(sets)
        ? `${entries} entries cannot be a TLB structure`
        : `${entries} entries do not make whole sets`;
    const help = 'entries / ways must be a power of two, entries at most 65536';
    scope.file.report(wrongNumber(prop.span, message, help));
    return undefined;
  }
  return ways === undefined ? { structure, entries } : { structure, entries, ways };
}
