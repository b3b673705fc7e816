/** Typed arrays that grow by doubling: the log of a run is long, and nothing is allocated per event. */

const FIRST_LENGTH = 1024;

export class GrowingFloats {
  length = 0;
  private items = new Float64Array(FIRST_LENGTH);

  push(value: number): void {
    if (this.length === this.items.length) {
      const larger = new Float64Array(this.items.length * 2);
      larger.set(this.items);
      this.items = larger;
    }
    this.items[this.length] = value;
    this.length += 1;
  }

  /** 0 outside. */
  at(index: number): number {
    return this.items[index] ?? 0;
  }

  /** Inside, or at the end. */
  replace(index: number, value: number): void {
    if (index === this.length) this.push(value);
    else this.items[index] = value;
  }
}

/** Whole numbers of 32 bits with sign. */
export class GrowingInts {
  length = 0;
  private items = new Int32Array(FIRST_LENGTH);

  push(value: number): void {
    if (this.length === this.items.length) {
      const larger = new Int32Array(this.items.length * 2);
      larger.set(this.items);
      this.items = larger;
    }
    this.items[this.length] = value;
    this.length += 1;
  }

  /** 0 outside. */
  at(index: number): number {
    return this.items[index] ?? 0;
  }

  /** Inside, or at the end. */
  replace(index: number, value: number): void {
    if (index === this.length) this.push(value);
    else this.items[index] = value;
  }

  /** Anywhere: what lies between is -1. */
  set(index: number, value: number): void {
    while (this.length <= index) this.push(-1);
    this.items[index] = value;
  }
}
