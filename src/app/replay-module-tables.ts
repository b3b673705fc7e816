/**
 * Pages that the init function of a module takes beside slab, by vmalloc or one by one, and keeps until
 * the module goes. They are no part of the module's regions and many enough to decide where the next
 * ones fall. Source: the named file of the kernel.
 */
import { pagesFor } from '../base/units.js';

const GIB_PAGES = 262144;

/** fs/jfs/jfs_txnmgr.c, txInit: 65536 locks of 72 bytes from 1 GiB on, a transaction of 176 for every 8. */
function jfsPages(ramPages: number): number {
  const locks = ramPages > GIB_PAGES ? 65536 : Math.floor(ramPages / 4);
  return pagesFor(locks * 72) + pagesFor((locks / 8) * 176);
}

/** fs/f2fs/compress.c, f2fs_init_compress_mempool: num_compress_pages, for configurations with compression. */
const F2FS_POOL_PAGES = 512;

const TABLES: ReadonlyMap<string, (ramPages: number) => number> = new Map([
  ['jfs', jfsPages],
  ['f2fs', () => F2FS_POOL_PAGES],
]);

/** Such pages of a module on a machine with so many pages of memory; 0 for most. */
export const moduleTablePages = (name: string, ramPages: number): number =>
  TABLES.get(name)?.(ramPages) ?? 0;
