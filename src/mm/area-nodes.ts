/**
 * Node storage of FreeAreaTree: a textbook (CLRS) red-black tree of disjoint half-open areas with
 * subtree maxima and an address-ordered list of the same nodes. Deleting a node with two children
 * moves its successor node into its place with the colour copied; this keeps the tree's shape equal
 * to the kernel's, which the aligned search depends on.
 */
import { assert } from '../base/assert.js';

const NIL = 0;
const INITIAL_ROWS = 64;

const grownFloat = (old: Float64Array, rows: number): Float64Array<ArrayBuffer> => {
  const wider = new Float64Array(rows);
  wider.set(old);
  return wider;
};

const grownInt = (old: Int32Array, rows: number): Int32Array<ArrayBuffer> => {
  const wider = new Int32Array(rows);
  wider.set(old);
  return wider;
};

export class AreaNodes {
  root = NIL;
  /** Live nodes. */
  count = 0;
  private start = new Float64Array(INITIAL_ROWS);
  private end = new Float64Array(INITIAL_ROWS);
  /** Largest area size in the subtree, the node itself included; 0 for nil. */
  private max = new Float64Array(INITIAL_ROWS);
  private left = new Int32Array(INITIAL_ROWS);
  private right = new Int32Array(INITIAL_ROWS);
  private parent = new Int32Array(INITIAL_ROWS);
  /** 1 red, 0 black. */
  private red = new Uint8Array(INITIAL_ROWS);
  /** Address-ordered ring through nil. */
  private after = new Int32Array(INITIAL_ROWS);
  private before = new Int32Array(INITIAL_ROWS);
  private usedRows = 1;
  /** Freed rows, chained through `after`. */
  private freeRow = NIL;

  startOf(node: number): number {
    return this.start[node] as number;
  }
  endOf(node: number): number {
    return this.end[node] as number;
  }
  maxOf(node: number): number {
    return this.max[node] as number;
  }
  leftOf(node: number): number {
    return this.left[node] as number;
  }
  rightOf(node: number): number {
    return this.right[node] as number;
  }
  parentOf(node: number): number {
    return this.parent[node] as number;
  }
  first(): number {
    return this.after[NIL] as number;
  }
  last(): number {
    return this.before[NIL] as number;
  }
  next(node: number): number {
    return this.after[node] as number;
  }
  previous(node: number): number {
    return this.before[node] as number;
  }

  /** Moves the low end; order among neighbours must stay. */
  setStart(node: number, value: number): void {
    this.start[node] = value;
    this.propagate(node);
  }

  setEnd(node: number, value: number): void {
    this.end[node] = value;
    this.propagate(node);
  }

  /** The last area that starts below `bound`, or nil. */
  lastStartingBelow(bound: number): number {
    let found = NIL;
    let node = this.root;
    while (node !== NIL) {
      if (this.startOf(node) < bound) {
        found = node;
        node = this.rightOf(node);
      } else {
        node = this.leftOf(node);
      }
    }
    return found;
  }

  /** The nearest lower area of at least `length`, or nil. */
  previousOfLength(from: number, length: number): number {
    let node = from;
    if (this.maxOf(this.leftOf(node)) >= length) {
      return this.rightmostOfLength(this.leftOf(node), length);
    }
    for (;;) {
      const up = this.parentOf(node);
      if (up === NIL) return NIL;
      if (this.rightOf(up) === node) {
        if (this.sizeOf(up) >= length) return up;
        if (this.maxOf(this.leftOf(up)) >= length) {
          return this.rightmostOfLength(this.leftOf(up), length);
        }
      }
      node = up;
    }
  }

  largestIn(low: number, high: number): number {
    return this.largestBelow(this.root, low, high, -Infinity, Infinity);
  }

  insert(start: number, end: number): void {
    const node = this.takeRow();
    this.start[node] = start;
    this.end[node] = end;
    this.max[node] = end - start;
    this.left[node] = NIL;
    this.right[node] = NIL;
    this.red[node] = 1;
    let up = NIL;
    let at = this.root;
    let asLeft = false;
    while (at !== NIL) {
      up = at;
      asLeft = start < this.startOf(at);
      at = asLeft ? this.leftOf(at) : this.rightOf(at);
    }
    this.parent[node] = up;
    if (up === NIL) this.root = node;
    else if (asLeft) this.left[up] = node;
    else this.right[up] = node;
    const below = up === NIL ? NIL : asLeft ? this.previous(up) : up;
    const above = this.next(below);
    this.after[below] = node;
    this.before[node] = below;
    this.after[node] = above;
    this.before[above] = node;
    this.count += 1;
    this.propagate(node);
    this.insertFixup(node);
  }

  remove(node: number): void {
    const below = this.previous(node);
    const above = this.next(node);
    this.after[below] = above;
    this.before[above] = below;
    this.count -= 1;
    this.removeFromTree(node);
    this.after[node] = this.freeRow;
    this.freeRow = node;
  }

  verify(): void {
    let seen = 0;
    let end = -Infinity;
    for (let node = this.first(); node !== NIL; node = this.next(node)) {
      assert(this.startOf(node) > end, () => `free areas touch or overlap at ${end}`);
      assert(this.endOf(node) > this.startOf(node), 'a free area is not empty');
      end = this.endOf(node);
      seen += 1;
    }
    assert(seen === this.count, () => `${seen} listed free areas, ${this.count} counted`);
    assert(this.red[this.root] === 0 || this.root === NIL, 'the root is black');
    assert(this.maxOf(NIL) === 0, 'nil has no size');
    this.verifySubtree(this.root);
  }

  private sizeOf(node: number): number {
    return this.endOf(node) - this.startOf(node);
  }

  private rightmostOfLength(subtree: number, length: number): number {
    let node = subtree;
    for (;;) {
      if (this.maxOf(this.rightOf(node)) >= length) node = this.rightOf(node);
      else if (this.sizeOf(node) >= length) return node;
      else node = this.leftOf(node);
    }
  }

  /** `above` and `below` bound the subtree: the ends of the neighbours outside of it. */
  private largestBelow(
    node: number,
    low: number,
    high: number,
    below: number,
    above: number,
  ): number {
    if (node === NIL) return 0;
    if (below >= low && above <= high) return this.maxOf(node);
    const start = this.startOf(node);
    const end = this.endOf(node);
    let best = Math.max(0, Math.min(end, high) - Math.max(start, low));
    if (start > low) {
      best = Math.max(best, this.largestBelow(this.leftOf(node), low, high, below, start));
    }
    if (end < high) {
      best = Math.max(best, this.largestBelow(this.rightOf(node), low, high, end, above));
    }
    return best;
  }

  private takeRow(): number {
    const recycled = this.freeRow;
    if (recycled !== NIL) {
      this.freeRow = this.next(recycled);
      return recycled;
    }
    if (this.usedRows === this.start.length) this.grow();
    this.usedRows += 1;
    return this.usedRows - 1;
  }

  private grow(): void {
    const rows = this.start.length * 2;
    this.start = grownFloat(this.start, rows);
    this.end = grownFloat(this.end, rows);
    this.max = grownFloat(this.max, rows);
    this.left = grownInt(this.left, rows);
    this.right = grownInt(this.right, rows);
    this.parent = grownInt(this.parent, rows);
    this.after = grownInt(this.after, rows);
    this.before = grownInt(this.before, rows);
    const red = new Uint8Array(rows);
    red.set(this.red);
    this.red = red;
  }

  private recompute(node: number): void {
    const size = this.sizeOf(node);
    const leftMax = this.maxOf(this.leftOf(node));
    const rightMax = this.maxOf(this.rightOf(node));
    const below = leftMax > rightMax ? leftMax : rightMax;
    this.max[node] = size > below ? size : below;
  }

  /** Recomputes maxima from `node` up until one does not change. */
  private propagate(from: number): void {
    this.recompute(from);
    let node = this.parentOf(from);
    while (node !== NIL) {
      const old = this.maxOf(node);
      this.recompute(node);
      if (this.maxOf(node) === old) return;
      node = this.parentOf(node);
    }
  }

  private rotateLeft(x: number): void {
    const y = this.rightOf(x);
    const inner = this.leftOf(y);
    this.right[x] = inner;
    if (inner !== NIL) this.parent[inner] = x;
    this.replaceChild(x, y);
    this.left[y] = x;
    this.parent[x] = y;
    this.max[y] = this.maxOf(x);
    this.recompute(x);
  }

  private rotateRight(x: number): void {
    const y = this.leftOf(x);
    const inner = this.rightOf(y);
    this.left[x] = inner;
    if (inner !== NIL) this.parent[inner] = x;
    this.replaceChild(x, y);
    this.right[y] = x;
    this.parent[x] = y;
    this.max[y] = this.maxOf(x);
    this.recompute(x);
  }

  /** Puts `child` where `node` hangs. Nil's parent is set too: deletion starts its fix-up there. */
  private replaceChild(node: number, child: number): void {
    const up = this.parentOf(node);
    if (up === NIL) this.root = child;
    else if (this.leftOf(up) === node) this.left[up] = child;
    else this.right[up] = child;
    this.parent[child] = up;
  }

  private insertFixup(inserted: number): void {
    let z = inserted;
    while (this.red[this.parentOf(z)] === 1) {
      let up = this.parentOf(z);
      const grand = this.parentOf(up);
      const upIsLeft = up === this.leftOf(grand);
      const uncle = upIsLeft ? this.rightOf(grand) : this.leftOf(grand);
      if (this.red[uncle] === 1) {
        this.red[up] = 0;
        this.red[uncle] = 0;
        this.red[grand] = 1;
        z = grand;
        continue;
      }
      if (upIsLeft ? z === this.rightOf(up) : z === this.leftOf(up)) {
        z = up;
        if (upIsLeft) this.rotateLeft(z);
        else this.rotateRight(z);
        up = this.parentOf(z);
      }
      this.red[up] = 0;
      this.red[grand] = 1;
      if (upIsLeft) this.rotateRight(grand);
      else this.rotateLeft(grand);
    }
    this.red[this.root] = 0;
  }

  private removeFromTree(z: number): void {
    let removedBlack = this.red[z] === 0;
    let x: number;
    if (this.leftOf(z) === NIL) {
      x = this.rightOf(z);
      this.replaceChild(z, x);
    } else if (this.rightOf(z) === NIL) {
      x = this.leftOf(z);
      this.replaceChild(z, x);
    } else {
      let y = this.rightOf(z);
      while (this.leftOf(y) !== NIL) y = this.leftOf(y);
      removedBlack = this.red[y] === 0;
      x = this.rightOf(y);
      if (this.parentOf(y) === z) {
        this.parent[x] = y;
      } else {
        this.replaceChild(y, x);
        this.right[y] = this.rightOf(z);
        this.parent[this.rightOf(y)] = y;
      }
      this.replaceChild(z, y);
      this.left[y] = this.leftOf(z);
      this.parent[this.leftOf(y)] = y;
      this.red[y] = this.red[z] as number;
    }
    for (let node = this.parentOf(x); node !== NIL; node = this.parentOf(node)) {
      this.recompute(node);
    }
    if (removedBlack) this.removeFixup(x);
    this.parent[NIL] = NIL;
  }

  private removeFixup(from: number): void {
    let x = from;
    while (x !== this.root && this.red[x] === 0) {
      const up = this.parentOf(x);
      const xIsLeft = x === this.leftOf(up);
      let w = xIsLeft ? this.rightOf(up) : this.leftOf(up);
      if (this.red[w] === 1) {
        this.red[w] = 0;
        this.red[up] = 1;
        if (xIsLeft) this.rotateLeft(up);
        else this.rotateRight(up);
        w = xIsLeft ? this.rightOf(up) : this.leftOf(up);
      }
      const near = xIsLeft ? this.leftOf(w) : this.rightOf(w);
      let far = xIsLeft ? this.rightOf(w) : this.leftOf(w);
      if (this.red[near] === 0 && this.red[far] === 0) {
        this.red[w] = 1;
        x = up;
        continue;
      }
      if (this.red[far] === 0) {
        this.red[near] = 0;
        this.red[w] = 1;
        if (xIsLeft) this.rotateRight(w);
        else this.rotateLeft(w);
        w = xIsLeft ? this.rightOf(up) : this.leftOf(up);
        far = xIsLeft ? this.rightOf(w) : this.leftOf(w);
      }
      this.red[w] = this.red[up] as number;
      this.red[up] = 0;
      this.red[far] = 0;
      if (xIsLeft) this.rotateLeft(up);
      else this.rotateRight(up);
      x = this.root;
    }
    this.red[x] = 0;
  }

  /** Black height of the subtree. */
  private verifySubtree(node: number): number {
    if (node === NIL) return 1;
    const left = this.leftOf(node);
    const right = this.rightOf(node);
    assert(left === NIL || this.parentOf(left) === node, 'left child knows its parent');
    assert(right === NIL || this.parentOf(right) === node, 'right child knows its parent');
    assert(left === NIL || this.startOf(left) < this.startOf(node), 'left child lies lower');
    assert(right === NIL || this.startOf(right) > this.startOf(node), 'right child lies higher');
    const red = this.red[node] === 1;
    assert(
      !red || (this.red[left] === 0 && this.red[right] === 0),
      'red nodes have black children',
    );
    const expected = Math.max(this.sizeOf(node), this.maxOf(left), this.maxOf(right));
    assert(this.maxOf(node) === expected, () => `maximum of area ${this.startOf(node)} is stale`);
    const height = this.verifySubtree(left);
    assert(height === this.verifySubtree(right), 'black heights agree');
    return height + (red ? 0 : 1);
  }
}
