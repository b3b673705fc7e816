/**
 * Tables that the init function of a module takes by vmalloc and keeps until the module goes, sized
 * by the memory of the machine. They are no part of the module's regions and large enough to decide
 * where the next ones fall. Source: the named file of the kernel.
 */
import { pagesFor } from '../base/units.js';

const GIB_PAGES = 262144;

/** fs/jfs/jfs_txnmgr.c, txInit: 65536 locks of 72 bytes from 1 GiB on, a transaction of 176 for every 8. */
function jfsPages(ramPages: number): number {
  const locks = ramPages > GIB_PAGES ? 65536 : Math.floor(ramPages / 4);
  return pagesFor(locks * 72) + pagesFor((locks / 8) * 176);
}

const TABLES: ReadonlyMap<string, (ramPages: number) => number> = new Map([['jfs', jfsPages]]);

/** Pages of the tables of a module on a machine with so many pages of memory; 0 for most. */
export const moduleTablePages = (name: string, ramPages: number): number =>
  TABLES.get(name)?.(ramPages) ?? 0;
