/** Data that goes to one source or another, by what it is for. */
import { assert } from '../../../base/assert.js';
import type { DataSource, DataUse, Piece } from './piece.js';

export class RoutedData implements DataSource {
  /** Source of each piece, by its first byte. */
  private readonly owners = new Map<number, DataSource>();
  /** Owners by first page, for calls that name pages. */
  private readonly ownerOfPage = new Map<number, DataSource>();

  constructor(
    private readonly first: DataSource,
    private readonly second: DataSource,
    private readonly goesFirst: (use: DataUse) => boolean,
  ) {}

  alloc(use: DataUse, sizeBytes: number): Piece | undefined {
    const source = this.goesFirst(use) ? this.first : this.second;
    const piece = source.alloc(use, sizeBytes);
    if (piece) {
      this.owners.set(piece.byte, source);
      this.ownerOfPage.set(Math.floor(piece.byte / 4096), source);
    }
    return piece;
  }

  setRo(page: number, pages: number): void {
    (this.ownerOfPage.get(page) ?? this.second).setRo(page, pages);
  }

  free(piece: Piece): void {
    const source = this.owners.get(piece.byte);
    assert(source !== undefined, () => `no data starts at byte ${piece.byte}`);
    this.owners.delete(piece.byte);
    this.ownerOfPage.delete(Math.floor(piece.byte / 4096));
    source.free(piece);
  }

  verify(): void {
    this.first.verify();
    this.second.verify();
  }
}
