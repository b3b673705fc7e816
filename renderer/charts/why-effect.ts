/**
 * One effect of one request in words: what changed, by which request and call path, how often the same
 * happened in the phase, and what the other designs did there.
 */
import { designLetter, orderedDesigns } from '../../src/analysis/run-index.js';
import type { MapEffect, MapMoment, MapRecordsRequest } from '../../src/contract/map-data.js';
import type { ExperimentResult, RunResult } from '../../src/contract/run-result.js';
import { addressAt, attributesText, requestText, sizeText } from '../maps/map-text.js';

export interface EffectExplanation {
  readonly effect: string;
  readonly title: string;
  readonly rows: readonly (readonly [name: string, text: string])[];
  /** What the records of the same cause have in common, and how many there are in the run. */
  readonly cause: CauseKey;
  readonly sameCount: number;
}

/** Effects of one kind by one call path from one line in one phase. */
export type CauseKey = Omit<MapRecordsRequest, 'mapId'>;

export interface EffectContext {
  readonly result: ExperimentResult;
  readonly point: number;
  readonly seed: number;
  readonly design: string;
  readonly moment: MapMoment;
  readonly areaAddress: string;
}

const PAGE_BYTES = 4096;
const PMD_PAGES = 512;
const PUD_PAGES = 262_144;

interface EffectWords {
  readonly title: string;
  /** Pages of the region, in pfns of the direct map or pages of the module area. */
  readonly region?: readonly ['pfn' | 'page', number];
  readonly after?: string;
}

const WORDS: Readonly<Record<string, EffectWords>> = {
  'direct_map.split_2m': {
    title: 'level-2 split of the direct map',
    region: ['pfn', PMD_PAGES],
    after: '1 x 2M becomes 512 x 4K; DirectMap4k +2048 KiB',
  },
  'direct_map.split_1g': {
    title: 'level-3 split of the direct map',
    region: ['pfn', PUD_PAGES],
    after: '1 x 1G becomes 512 x 2M',
  },
  'direct_map.collapse_2m': {
    title: 'collapse in the direct map',
    region: ['pfn', PMD_PAGES],
    after: '512 x 4K become 1 x 2M; DirectMap4k -2048 KiB',
  },
  'direct_map.collapse_1g': {
    title: 'collapse in the direct map',
    region: ['pfn', PUD_PAGES],
    after: '512 x 2M become 1 x 1G',
  },
  'text.split_2m': {
    title: 'split of a text leaf',
    region: ['page', PMD_PAGES],
    after: '1 x 2M becomes 512 x 4K',
  },
  'text.collapse_2m': {
    title: 'collapse of text pages',
    region: ['page', PMD_PAGES],
    after: '512 x 4K become 1 x 2M',
  },
  'tlb.flush_all': { title: 'every CPU drops everything' },
  'tlb.flush_range': { title: 'every CPU drops some pages' },
  'tlb.flush_local': { title: 'one CPU drops its private mapping' },
  'cpa.call': { title: 'change of page attributes' },
  'text.poke': { title: 'text written in place' },
  'vmap.alloc': { title: 'area of the module area taken' },
  'vmap.free': { title: 'area of the module area freed' },
  'vmap.purge': { title: 'lazy areas purged' },
  'alloc.failed': { title: 'request that could not be served' },
  'alloc.fallback': { title: '2M wanted, 4K pages used' },
  'order9.alloc': { title: 'order-9 block taken' },
  'order9.failed': { title: 'no order-9 block' },
  'pgtable.alloc': { title: 'page table added' },
  'pgtable.free': { title: 'page table freed' },
  'boundary.collision': { title: 'text and data met at the boundary' },
};

/** Effects of the request that a map stands at, the telling ones first. */
export function effectExplanations(context: EffectContext): readonly EffectExplanation[] {
  const order = Object.keys(WORDS);
  const distinct = new Map<string, { effect: MapEffect; count: number; amount: number }>();
  for (const effect of context.moment.effects) {
    const key = `${effect.effect} ${effect.path}`;
    const known = distinct.get(key);
    if (known === undefined) distinct.set(key, { effect, count: 1, amount: effect.amount });
    else {
      known.count += 1;
      known.amount += effect.amount;
    }
  }
  return [...distinct.values()]
    .sort((a, b) => order.indexOf(a.effect.effect) - order.indexOf(b.effect.effect))
    .map(({ effect, count, amount }) => explain(context, effect, count, amount));
}

function explain(
  context: EffectContext,
  effect: MapEffect,
  count: number,
  amount: number,
): EffectExplanation {
  const words = WORDS[effect.effect] ?? { title: effect.effect };
  const times = count > 1 ? `, ${count} times` : '';
  const rows: (readonly [string, string])[] = [];
  const place = placeText(context, effect, words);
  const before = leafBeforeText(effect, words);
  if (place !== '') rows.push(['address', place + before]);
  rows.push(['by', byText(context)]);
  if (effect.path !== '') rows.push(['path', effect.path]);
  const because = becauseText(context, effect, words);
  if (because !== '') rows.push(['because', because]);
  if (words.after !== undefined) rows.push(['after', words.after]);
  else if (amount > 0) rows.push(['amount', amountText(effect.effect, amount)]);
  rows.push(['same cause', sameCauseText(context, effect, count)]);
  const { moment, design } = context;
  const { line } = moment.request;
  return {
    effect: effect.effect,
    title: words.title + times,
    rows,
    cause: { effect: effect.effect, phase: moment.phase, line, path: effect.path },
    sameCount: causedIn(context, design, effect, true),
  };
}

/** `free #412, 192 B, fleet-churn.xlab:38`. */
function byText({ moment, result }: EffectContext): string {
  const { line } = moment.request;
  const request = requestText({ ...moment.request, line: 0 });
  return line > 0 ? `${request}, ${result.scenario.file}:${line}` : request;
}

function placeText(context: EffectContext, effect: MapEffect, words: EffectWords): string {
  const [space, pages] = words.region ?? [];
  if (space === 'pfn') {
    const last = effect.page + (pages ?? 1) - 1;
    const size = sizeText((pages ?? 1) * PAGE_BYTES);
    return `pfn 0x${effect.page.toString(16)}..0x${last.toString(16)}, ${size}`;
  }
  const isArea =
    space === 'page' || /^(?:vmap\.(?:alloc|free)|cpa\.call|text\.poke)$/.test(effect.effect);
  if (!isArea || effect.page < 0) return '';
  const size = pages === undefined ? '' : `, ${sizeText(pages * PAGE_BYTES)}`;
  return addressAt(context.areaAddress, effect.page * PAGE_BYTES) + size;
}

/** `, was 2M rw nx`. */
function leafBeforeText({ change }: MapEffect, { region }: EffectWords): string {
  if (change === undefined || region === undefined) return '';
  return `, was ${region[1] === PUD_PAGES ? '1G' : '2M'} ${attributesText(change.before)}`;
}

/** Why the request had this effect, where more is known than the call path tells. */
function becauseText(context: EffectContext, effect: MapEffect, words: EffectWords): string {
  const { change } = effect;
  if (change !== undefined && words.region !== undefined) {
    const [space, regionPages] = words.region;
    const pageText = (page: number): string =>
      space === 'pfn'
        ? `0x${page.toString(16)}`
        : addressAt(context.areaAddress, page * PAGE_BYTES);
    const first = pageText(change.page);
    const what =
      change.pages === 1
        ? `page ${first} becomes`
        : `${change.pages} pages from ${first} on become`;
    const size = sizeText(regionPages * PAGE_BYTES);
    const after = attributesText(change.after);
    return `${what} ${after}, the rest of its ${size} stays ${attributesText(change.before)}`;
  }
  const has = (name: string): boolean =>
    context.moment.effects.some((other) => other.effect === name);
  if (effect.effect === 'alloc.fallback' && has('order9.failed')) {
    return 'no order-9 block was free';
  }
  return '';
}

const amountText = (effect: string, amount: number): string =>
  effect === 'text.poke' ? sizeText(amount) : `${amount} page${amount === 1 ? '' : 's'}`;

function sameCauseText(context: EffectContext, effect: MapEffect, count: number): string {
  const { result, design, moment } = context;
  const own = causedIn(context, design, effect, true);
  const more = Math.max(0, own - count);
  const phase = moment.phase === '' ? 'the run' : `phase ${moment.phase}`;
  const others = orderedDesigns(result)
    .map((name, place) => ({ name, letter: designLetter(place) }))
    .filter(({ name }) => name !== design)
    .map(({ name, letter }) => {
      const caused = causedIn(context, name, effect, false);
      return `in ${letter}: ${caused === 0 ? 'none' : caused}`;
    });
  return [`${more === 0 ? 'none' : more} more in ${phase}`, ...others].join('; ');
}

/** Effects of this kind from the same line in the same phase of the same seed. */
function causedIn(
  context: EffectContext,
  design: string,
  effect: MapEffect,
  samePath: boolean,
): number {
  const { result, point, seed, moment } = context;
  const run: RunResult | undefined = result.runs.find(
    (candidate) =>
      candidate.design === design && candidate.seed === seed && candidate.point === point,
  );
  let sum = 0;
  for (const cause of run?.causes ?? []) {
    if (cause.effect !== effect.effect || cause.phase !== moment.phase) continue;
    if (cause.line !== moment.request.line) continue;
    if (!samePath || cause.path === effect.path) sum += cause.count;
  }
  return sum;
}

/** An explanation as text for a mail. */
export function explanationText(explanation: EffectExplanation, where: string): string {
  const width = Math.max(...explanation.rows.map(([name]) => name.length));
  return [
    `${explanation.title} ${where}`,
    ...explanation.rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`),
  ].join('\n');
}
