/** What the TLB view draws: cells of an array by set and way, and the account of each owner. */
import {
  TLB_MISS_NUMBERS,
  TLB_SIZE_NAMES,
  TLB_SLOT_NUMBERS,
  type TlbViewArray,
  type TlbViewInfo,
  type TlbViewMoment,
} from '../../src/contract/tlb-view-data.js';
import type { ChartTheme } from '../../src/export/chart-palette.js';

export interface TlbCell {
  /** Index into the owners; -1 for an empty way. */
  readonly owner: number;
  readonly sizeClass: number;
  /** First 4 KiB page number. */
  readonly page: number;
}

export interface OwnerAccount {
  readonly owner: number;
  readonly name: string;
  readonly level1: number;
  readonly level2: number;
  /** First-level misses of the window that the second level served. */
  readonly stlbHits: number;
  readonly walks: number;
  /** Entries pushed out of the second level, and who did most of it. */
  readonly pushedOut: number;
  readonly pushedMostBy: string;
}

/** Columns and rows of an array: sets across, ways down; a single set lies flat. */
export const arrayShape = (array: TlbViewArray): { columns: number; rows: number } =>
  array.sets === 1 ? { columns: array.ways, rows: 1 } : { columns: array.sets, rows: array.ways };

/** Slot of the array at a column and row. */
export const slotAt = (array: TlbViewArray, column: number, row: number): number =>
  array.firstSlot + (array.sets === 1 ? column : column * array.ways + row);

export function cellAt(moment: TlbViewMoment, slot: number): TlbCell {
  const at = slot * TLB_SLOT_NUMBERS;
  return {
    owner: moment.slots[at] ?? -1,
    sizeClass: moment.slots[at + 1] ?? 0,
    page: moment.slots[at + 2] ?? 0,
  };
}

/** Owners that hold, miss or lose anything, in the order of the view. */
export function ownerAccounts(info: TlbViewInfo, moment: TlbViewMoment): readonly OwnerAccount[] {
  const { owners, arrays } = info;
  const held = [new Array<number>(owners.length).fill(0), new Array<number>(owners.length).fill(0)];
  for (const array of arrays) {
    const counts = held[array.level - 1] ?? [];
    const end = array.firstSlot + array.sets * array.ways;
    for (let slot = array.firstSlot; slot < end; slot += 1) {
      const { owner } = cellAt(moment, slot);
      if (owner >= 0) counts[owner] = (counts[owner] ?? 0) + 1;
    }
  }
  return owners
    .map((name, owner): OwnerAccount => {
      const by = owners.map((_, pusher) => moment.pushed[pusher * owners.length + owner] ?? 0);
      const most = by.indexOf(Math.max(...by));
      const pushedOut = by.reduce((sum, count) => sum + count, 0);
      return {
        owner,
        name,
        level1: held[0]?.[owner] ?? 0,
        level2: held[1]?.[owner] ?? 0,
        stlbHits: moment.misses[owner * TLB_MISS_NUMBERS] ?? 0,
        walks: moment.misses[owner * TLB_MISS_NUMBERS + 1] ?? 0,
        pushedOut,
        pushedMostBy: pushedOut === 0 ? '' : (owners[most] ?? ''),
      };
    })
    .filter((account) => account.level1 + account.level2 + account.stlbHits + account.walks > 0);
}

/** `L1, 4K: 16 sets x 8 ways`. */
export function arrayTitle(array: TlbViewArray): string {
  const { level, sizes, sets, ways } = array;
  const shape = `${sets} ${sets === 1 ? 'set' : 'sets'} x ${ways} ways`;
  return `L${level} ${sizes.join('+')}: ${shape}`;
}

/** `set 3, way 1: progs, 4K at 0xffffffffc0012000`. */
export function cellText(
  info: TlbViewInfo,
  moment: TlbViewMoment,
  place: { readonly array: TlbViewArray; readonly slot: number },
): string {
  const { array, slot } = place;
  const inArray = slot - array.firstSlot;
  const where = `set ${Math.floor(inArray / array.ways)}, way ${inArray % array.ways}`;
  const { owner, sizeClass, page } = cellAt(moment, slot);
  if (owner < 0) return `${where}: empty`;
  const address = (BigInt(page) * 4096n).toString(16).padStart(16, '0');
  return `${where}: ${info.owners[owner] ?? ''}, ${TLB_SIZE_NAMES[sizeClass] ?? ''} at 0x${address}`;
}

const MACHINE_LIGHT = ['#6B737C', '#B98A1E', '#D9C48A', '#16191D', '#D3D8DE'];
const MACHINE_DARK = ['#A9B1BA', '#D9A93A', '#7A6A3F', '#FFFFFF', '#3A424C'];
const POOL_LIGHT = ['#0B6E99', '#C2407E', '#3BA39B', '#7A4FD0', '#A33B12', '#4C7A1E', '#8AB6F9'];
const POOL_DARK = ['#4DB8E8', '#F07FB4', '#5FD3C8', '#B79CFF', '#FF9067', '#9BD05A', '#3D6FC4'];

/** Colour of an owner; the list beside the grid names it, hovering names each cell. */
export function ownerColor(owner: number, theme: ChartTheme): string {
  const machine = theme === 'light' ? MACHINE_LIGHT : MACHINE_DARK;
  const pools = theme === 'light' ? POOL_LIGHT : POOL_DARK;
  return machine[owner] ?? pools[(owner - machine.length) % pools.length] ?? '#808080';
}
