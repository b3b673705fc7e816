/**
 * Numbers by id, for ids that only rise while old ones go: objects, tickets. Open addressing over typed
 * arrays with linear probing; removal moves later entries back, so nothing is left behind. At most half
 * of the places are used.
 */

const NONE = -1;
const START_PLACES = 64;
/** 2^32 over the golden ratio: neighbouring ids land apart. */
const SPREAD = 0x9e3779b1;

export class IdMap {
  /** Id by place, -1 for an empty one. */
  private ids = new Int32Array(START_PLACES).fill(NONE);
  private values = new Int32Array(START_PLACES);
  private mask = START_PLACES - 1;
  private shift = 26;
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** The number of `id`, -1 without one. Ids are 0 to 2^31 - 1. */
  get(id: number): number {
    const { ids, mask } = this;
    let place = Math.imul(id, SPREAD) >>> this.shift;
    for (;;) {
      const found = ids[place] ?? NONE;
      if (found === id) return this.values[place] ?? NONE;
      if (found === NONE) return NONE;
      place = (place + 1) & mask;
    }
  }

  /** Sets the number of `id`, 0 to 2^31 - 1. */
  set(id: number, value: number): void {
    const place = this.placeOf(id);
    if (this.ids[place] === NONE) {
      this.count += 1;
      this.ids[place] = id;
    }
    this.values[place] = value;
    if (this.count * 2 > this.mask) this.grow();
  }

  /** Removes `id`; returns its number, -1 without one. */
  take(id: number): number {
    const { ids, values, mask } = this;
    let hole = this.placeOf(id);
    if (ids[hole] === NONE) return NONE;
    const value = values[hole] ?? NONE;
    for (let place = (hole + 1) & mask; ; place = (place + 1) & mask) {
      const other = ids[place] ?? NONE;
      if (other === NONE) break;
      const home = Math.imul(other, SPREAD) >>> this.shift;
      // An entry may move back as far as its home.
      if (((place - home) & mask) < ((place - hole) & mask)) continue;
      ids[hole] = other;
      values[hole] = values[place] ?? 0;
      hole = place;
    }
    ids[hole] = NONE;
    this.count -= 1;
    return value;
  }

  /** Place of `id`, or the empty one where it belongs. */
  private placeOf(id: number): number {
    const { ids, mask } = this;
    let place = Math.imul(id, SPREAD) >>> this.shift;
    while (ids[place] !== id && ids[place] !== NONE) place = (place + 1) & mask;
    return place;
  }

  private grow(): void {
    const { ids, values } = this;
    this.ids = new Int32Array(ids.length * 2).fill(NONE);
    this.values = new Int32Array(ids.length * 2);
    this.mask = this.ids.length - 1;
    this.shift -= 1;
    for (let place = 0; place < ids.length; place += 1) {
      const id = ids[place] ?? NONE;
      if (id === NONE) continue;
      const to = this.placeOf(id);
      this.ids[to] = id;
      this.values[to] = values[place] ?? 0;
    }
  }
}
