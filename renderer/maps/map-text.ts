/** Words for maps: sizes, states, ranges for those who do not see the picture. */
import { EXTENT_NUMBERS, PAGE_RUN_NUMBERS, PageStateBit } from '../../src/contract/map-data.js';
import type { MapMoment, MapPlace, MapStepRequest } from '../../src/contract/map-data.js';
import { exactTimeText } from '../charts/time-text.js';
import { kindOfState } from './map-cells.js';
import { CELL_LOOKS, CellKind } from './map-palette.js';

const UNITS: readonly (readonly [string, number])[] = [
  ['GiB', 2 ** 30],
  ['MiB', 2 ** 20],
  ['KiB', 2 ** 10],
  ['B', 1],
];

/** `2 MiB`, `4 KiB`, `1.5 MiB`. */
export function sizeText(bytes: number, digits = 4): string {
  const [suffix, divisor] = UNITS.find(([, size]) => Math.abs(bytes) >= size) ?? ['B', 1];
  return `${String(Number((bytes / divisor).toPrecision(digits)))} ${suffix}`;
}

/** `text, 4K entries, r-x`. */
export function stateText(state: number): string {
  const kind = kindOfState(state);
  const name = CELL_LOOKS[kind]?.name ?? '';
  if (kind === CellKind.free || kind === CellKind.guard || kind === CellKind.lazy) return name;
  const writable = (state & PageStateBit.writable) !== 0 ? 'w' : '-';
  const executable = (state & PageStateBit.executable) !== 0 ? 'x' : '-';
  return `${name}, r${writable}${executable}`;
}

/** `rw nx`, `ro x`, `not present`: attributes as the kernel's developers write them. */
export function attributesText(state: number): string {
  if ((state & PageStateBit.mapped) === 0) return 'not present';
  const writable = (state & PageStateBit.writable) !== 0 ? 'rw' : 'ro';
  return `${writable} ${(state & PageStateBit.executable) !== 0 ? 'x' : 'nx'}`;
}

/** `load bpf #412, 192 B, line 33`. */
export function requestText(request: MapStepRequest): string {
  const object = request.object >= 0 ? ` #${request.object}` : '';
  const size = request.sizeBytes > 0 ? `, ${sizeText(request.sizeBytes)}` : '';
  const line = request.line > 0 ? `, line ${request.line}` : '';
  return `${request.kind}${object}${size}${line}`;
}

/** Address of a byte of the area, `0xffffffffc0001000`. */
export const addressAt = (areaAddress: string, byte: number): string =>
  `0x${(BigInt(areaAddress) + BigInt(byte)).toString(16)}`;

const RANGES_MAX = 100;

/** Ranges with state, as a list: what a screen reader gets of a map. */
export function rangeLines(moment: MapMoment, areaAddress: string): readonly string[] {
  const lines: string[] = [];
  const { pages } = moment;
  for (let i = 0; i < pages.length && lines.length < RANGES_MAX; i += PAGE_RUN_NUMBERS) {
    const from = (pages[i] ?? 0) * 4096;
    const bytes = (pages[i + 1] ?? 0) * 4096;
    lines.push(
      `${addressAt(areaAddress, from)}, ${sizeText(bytes)}: ${stateText(pages[i + 2] ?? 0)}`,
    );
  }
  const count = pages.length / PAGE_RUN_NUMBERS;
  if (count > lines.length) lines.push(`${count - lines.length} more ranges`);
  return lines;
}

/** The live extent at a byte: object and size; null where none is. */
export function extentAt(
  moment: MapMoment,
  byte: number,
): { readonly object: number; readonly byte: number; readonly sizeBytes: number } | null {
  const { extents } = moment;
  for (let i = 0; i < extents.length; i += EXTENT_NUMBERS) {
    const start = extents[i + 1] ?? 0;
    const sizeBytes = extents[i + 2] ?? 0;
    if (byte >= start && byte < start + sizeBytes) {
      return { object: extents[i] ?? -1, byte: start, sizeBytes };
    }
  }
  return null;
}

/** State of the page that holds a byte. */
export function stateAt(moment: Pick<MapMoment, 'pages'>, byte: number): number {
  const page = Math.floor(byte / 4096);
  const { pages } = moment;
  for (let i = 0; i < pages.length; i += PAGE_RUN_NUMBERS) {
    const from = pages[i] ?? 0;
    if (page >= from && page < from + (pages[i + 1] ?? 0)) return pages[i + 2] ?? 0;
  }
  return 0;
}

/** States of a page's history that are told in one line, the newest first. */
const HISTORY_SHOWN = 4;

/** Owner, birth and history of a place in one line: `load bpf #412, born 3.2 s; page text, 4K entries, r-x since 3.2 s, before ...`. */
export function placeText(place: MapPlace): string {
  const { owner, history, keptFromNs } = place;
  const last = history[history.length - 1];
  const born =
    owner === undefined
      ? ''
      : `${requestText(owner.request)}, born ${exactTimeText(owner.bornNs)}; `;
  const unkept = keptFromNs === undefined ? '' : ` since ${exactTimeText(keptFromNs)}`;
  if (last === undefined) return `${born}page never changed${unkept}`;
  const shown = history.slice(-HISTORY_SHOWN).reverse();
  const left = history.length - shown.length;
  const states = shown.map(
    ({ timeNs, state }) => `${stateText(state)} since ${exactTimeText(timeNs)}`,
  );
  const more = left > 0 ? `, ${String(left)} earlier change${left > 1 ? 's' : ''}` : '';
  const before =
    unkept === '' ? '' : `; changes before ${exactTimeText(keptFromNs ?? 0)} are not kept`;
  return `${born}page ${states.join(', before ')}${more}${before}`;
}
