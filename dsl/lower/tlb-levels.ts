/**
 * A whole TLB hierarchy in the block `tlb` of a machine, key by key the JSON form of `xlab tlb --config`:
 *
 *   tlb {
 *     l1 { sizes 4K; sets 16; ways 8; policy plru }
 *     l1 { sizes 2M; sets 1; ways 8 }
 *     l1_as 1G 2M
 *     l2 { sizes 4K, 2M; sets 128; ways 12; policy mru3plru4; index xor7; ways_for 2M 0..5 }
 *     pwc { pml4 4; pdpt 4; pd 32 }
 *   }
 *
 * A block that names single structures is an override and read elsewhere. Ways are numbered from 0, both
 * ends of `ways_for` included.
 */
import { readTlbConfig, TlbConfigError, type TlbConfig } from '../../src/contract/tlb-config.js';
import type { Prop, Value } from '../ast.js';
import { unknownName } from '../diagnostics/names.js';
import { missingPart } from '../diagnostics/syntax.js';
import { wrongNumber } from '../diagnostics/values.js';
import type { Scope } from '../values/scope.js';
import { fixedNumber } from './values.js';

export const TLB_LEVEL_KEYS = ['l1', 'l1_as', 'l2', 'l2_as', 'coalesce', 'pwc'] as const;
export const TLB_ARRAY_KEYS = ['sizes', 'sets', 'ways', 'policy', 'index', 'ways_for'] as const;
const CACHE_KEYS = ['pml4', 'pdpt', 'pd'] as const;

/** Does the block give whole levels? */
export const givesLevels = (tlb: Prop): boolean =>
  tlb.block?.props.some(({ path }) => path.text === 'l1' || path.text === 'l2') ?? false;

type Json = Record<string, unknown>;

class LevelReader {
  /** True after a report. */
  failed = false;

  constructor(private readonly scope: Scope) {}

  config(tlb: Prop): Json {
    const config: Json = {};
    for (const prop of tlb.block?.props ?? []) {
      switch (this.key(prop, TLB_LEVEL_KEYS, "in 'tlb'")) {
        case 'l1':
        case 'l2': {
          const level = (config[prop.path.text] ??= []) as Json[];
          level.push(this.array(prop));
          break;
        }
        case 'l1_as':
        case 'l2_as': {
          const [from = '', to = ''] = this.values(prop).map((value) => this.word(value));
          config[prop.path.text] = { ...(config[prop.path.text] as object), [from]: to };
          break;
        }
        case 'coalesce':
          config['coalesce'] = this.onOff(prop);
          break;
        case 'pwc':
          config['pwc'] = this.caches(prop);
          break;
        default:
      }
    }
    return config;
  }

  private array(prop: Prop): Json {
    const array: Json = {};
    if (prop.block === undefined) this.missing(prop, '{ sizes 4K; sets 16; ways 8 }');
    for (const entry of prop.block?.props ?? []) {
      const key = this.key(entry, TLB_ARRAY_KEYS, `in '${prop.path.text}'`);
      const [first, second] = this.values(entry);
      if (key === undefined) continue;
      if (first === undefined) this.missing(entry, key === 'sizes' ? '4K, 2M' : '...');
      else if (key === 'sizes')
        array['sizes'] = this.values(entry).map((value) => this.word(value));
      else if (key === 'sets' || key === 'ways') array[key] = this.count(first, key);
      else if (key === 'ways_for') {
        array[key] = { ...(array[key] as object), [this.word(first)]: this.ways(entry, second) };
      } else array[key] = this.word(first);
    }
    return array;
  }

  /** Half-open, as the configuration has it. */
  private ways(prop: Prop, value: Value | undefined): readonly number[] {
    if (value?.expr.kind !== 'range') {
      this.missing(prop, '2M 0..7');
      return [];
    }
    const { low, high } = value.expr;
    const wanted = { unit: 'count', what: 'ways_for', min: 0 } as const;
    return [fixedNumber(low, wanted, this.scope), fixedNumber(high, wanted, this.scope) + 1];
  }

  private caches(prop: Prop): Json {
    if (prop.block === undefined) this.missing(prop, '{ pml4 4; pdpt 4; pd 32 }');
    const caches: Json = {};
    for (const entry of prop.block?.props ?? []) {
      const key = this.key(entry, CACHE_KEYS, "in 'pwc'");
      const [value] = this.values(entry);
      if (key !== undefined && value !== undefined) caches[key] = this.count(value, key);
    }
    return caches;
  }

  private onOff(prop: Prop): boolean {
    const [value] = this.values(prop);
    const word = value === undefined ? '' : this.word(value);
    if (word !== 'on' && word !== 'off') this.missing(prop, 'on');
    return word === 'on';
  }

  private values(prop: Prop): readonly Value[] {
    return prop.groups.flatMap(({ values }) => values);
  }

  /** As it is written; the formatter's `16KiB` is the page size 16K. */
  private word({ expr }: Value): string {
    const text = this.scope.file.textOf(expr.span);
    return text === '16KiB' ? '16K' : text;
  }

  private count({ expr }: Value, what: string): number {
    return fixedNumber(expr, { unit: 'count', what, min: 0 }, this.scope);
  }

  private key<K extends string>(prop: Prop, keys: readonly K[], where: string): K | undefined {
    const { span, text: name } = prop.path;
    const found = keys.find((key) => key === name);
    if (found !== undefined) return found;
    this.failed = true;
    const candidates = keys;
    this.scope.file.report(
      unknownName({ span, what: 'key', name, where, candidates, listAs: 'keys' }),
    );
    return undefined;
  }

  private missing({ path }: Prop, example: string): void {
    this.failed = true;
    const help = `write '${path.text} ${example}'`;
    this.scope.file.report(missingPart(path.span, `'${path.text}' needs a value`, help));
  }
}

/** Undefined after a report. */
export function lowerTlbLevels(tlb: Prop, scope: Scope): TlbConfig | undefined {
  const reader = new LevelReader(scope);
  const config = reader.config(tlb);
  if (reader.failed) return undefined;
  try {
    return readTlbConfig(config);
  } catch (error) {
    if (!(error instanceof TlbConfigError)) throw error;
    const help = 'xlab tlb --cpu NAME --print-config shows a whole hierarchy';
    scope.file.report(wrongNumber(tlb.path.span, `wrong hierarchy: ${error.message}`, help));
    return undefined;
  }
}
