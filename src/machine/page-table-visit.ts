/** Visits a whole page table in address order: for dumps, checks and comparisons. Not for hot paths. */
import { LeafLevel } from '../base/units.js';
import {
  ENTRY_LEAF,
  ENTRY_UNIFORM,
  ENTRY_UNIFORM_TABLES,
  ROW_ENTRIES,
  type PteRows,
  type UpperRows,
} from './page-table-rows.js';

/** First page, level, first frame and flags of a leaf. */
export type LeafVisitor = (vpn: number, level: LeafLevel, frame: number, flags: number) => void;

export interface TableTree {
  readonly upper: UpperRows;
  readonly ptes: PteRows;
  /** Row of the top level. */
  readonly root: number;
  readonly levels: 4 | 5;
}

/** Virtual page numbers end here. */
const VPN_END = 2 ** 52;
const PUD_LEVEL = 3;

/** Calls for every leaf. */
export function visitLeaves(tree: TableTree, visit: LeafVisitor): void {
  visitRow(tree, tree.root, tree.levels, 0, visit);
}

/** Table pages, the root included. */
export const countTables = (tree: TableTree): number => countBelow(tree, tree.root, tree.levels);

function visitRow(
  tree: TableTree,
  row: number,
  level: number,
  firstVpn: number,
  visit: LeafVisitor,
): void {
  const { upper } = tree;
  const span = ROW_ENTRIES ** (level - 1);
  // Addresses of the upper half: the bits above the table's reach repeat its highest one.
  const half = (span * ROW_ENTRIES) / 2;
  const extension = level === tree.levels ? VPN_END - half * 2 : 0;
  for (let slot = 0; slot < ROW_ENTRIES; slot += 1) {
    const entry = row * ROW_ENTRIES + slot;
    const child = upper.child[entry] as number;
    const vpn = firstVpn + slot * span + (slot * span >= half ? extension : 0);
    const frame = upper.frame[entry] as number;
    const flags = upper.flags[entry] as number;
    if (child === ENTRY_LEAF) {
      visit(vpn, level === PUD_LEVEL ? LeafLevel.pud1G : LeafLevel.pmd2M, frame, flags);
    } else if (child === ENTRY_UNIFORM || child === ENTRY_UNIFORM_TABLES) {
      const isLarge = child === ENTRY_UNIFORM && level === PUD_LEVEL;
      const step = isLarge ? ROW_ENTRIES : 1;
      const leaf = isLarge ? LeafLevel.pmd2M : LeafLevel.pte4K;
      for (let page = 0; page < span; page += step) visit(vpn + page, leaf, frame + page, flags);
    } else if (child >= 0 && level > LeafLevel.pmd2M) {
      visitRow(tree, child, level - 1, vpn, visit);
    } else if (child >= 0) visitPtes(tree.ptes, child, vpn, visit);
  }
}

function visitPtes(ptes: PteRows, row: number, firstVpn: number, visit: LeafVisitor): void {
  for (let slot = 0; slot < ROW_ENTRIES; slot += 1) {
    const flags = ptes.flagsAt(row, slot);
    if (flags !== 0) visit(firstVpn + slot, 1, ptes.frameAt(row, slot), flags);
  }
}

function countBelow(tree: TableTree, row: number, level: number): number {
  let tables = 1;
  for (let slot = 0; slot < ROW_ENTRIES; slot += 1) {
    const child = tree.upper.child[row * ROW_ENTRIES + slot] as number;
    if (level > LeafLevel.pmd2M) {
      if (child >= 0) tables += countBelow(tree, child, level - 1);
      else if (child === ENTRY_UNIFORM) tables += 1;
      else if (child === ENTRY_UNIFORM_TABLES) tables += 1 + ROW_ENTRIES;
    } else if (child >= 0 || child === ENTRY_UNIFORM) tables += 1;
  }
  return tables;
}
