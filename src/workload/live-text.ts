/**
 * Who can be executed: the live text of each pool in order of creation, so that a member that goes
 * leaves its rank to the next one, and how many live texts each page of the module area carries.
 */
import { PAGE_SIZE_BYTES } from '../base/units.js';

/** One executable object: its pages as indexes of the module area, extent after extent. */
export interface TextMember {
  readonly object: number;
  readonly pool: number;
  readonly pages: readonly number[];
}

export class LiveText {
  private readonly byObject = new Map<number, TextMember>();
  private readonly byPool = new Map<number, Map<number, TextMember>>();
  private readonly ranked = new Map<number, readonly TextMember[]>();
  private readonly pageTexts = new Map<number, number>();
  /** Appearances and departures so far. */
  changeCount = 0;

  get count(): number {
    return this.byObject.size;
  }

  /** Live members of a pool in order of creation; index is rank. */
  members(pool: number): readonly TextMember[] {
    const known = this.ranked.get(pool);
    if (known !== undefined) return known;
    const list = [...(this.byPool.get(pool)?.values() ?? [])];
    this.ranked.set(pool, list);
    return list;
  }

  /** Live texts of executed pools on a page. */
  textsOn(page: number): number {
    return this.pageTexts.get(page) ?? 0;
  }

  /** Text of `object` at these bytes; a second call adds an extent. */
  place(object: number, pool: number, byte: number, sizeBytes: number): TextMember {
    const first = Math.floor(byte / PAGE_SIZE_BYTES);
    const last = Math.floor((byte + Math.max(1, sizeBytes) - 1) / PAGE_SIZE_BYTES);
    const pages: number[] = [...(this.byObject.get(object)?.pages ?? [])];
    for (let page = first; page <= last; page += 1) {
      pages.push(page);
      this.pageTexts.set(page, this.textsOn(page) + 1);
    }
    const member = { object, pool, pages };
    this.byObject.set(object, member);
    let members = this.byPool.get(pool);
    if (members === undefined) {
      members = new Map();
      this.byPool.set(pool, members);
    }
    members.set(object, member);
    this.ranked.delete(pool);
    this.changeCount += 1;
    return member;
  }

  /** The object's text is gone; returns what it was. */
  remove(object: number): TextMember | undefined {
    const member = this.byObject.get(object);
    if (member === undefined) return undefined;
    this.byObject.delete(object);
    this.byPool.get(member.pool)?.delete(object);
    this.ranked.delete(member.pool);
    for (const page of member.pages) {
      const left = this.textsOn(page) - 1;
      if (left > 0) this.pageTexts.set(page, left);
      else this.pageTexts.delete(page);
    }
    this.changeCount += 1;
    return member;
  }
}
