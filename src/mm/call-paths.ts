/**
 * Call paths as a tree of names, so that entering and leaving a function builds no text: each path's
 * text (`free_module -> vfree -> set_direct_map_invalid_noflush`) is joined once and kept.
 */
import { at } from '../base/assert.js';

const SEPARATOR = ' -> ';

interface PathNode {
  readonly id: number;
  readonly text: string;
  readonly below: Map<string, PathNode>;
  /** Child entered last, most often the next one too. */
  lastName: string;
  lastChild: PathNode | undefined;
}

const newNode = (id: number, text: string): PathNode => ({
  id,
  text,
  below: new Map(),
  lastName: '',
  lastChild: undefined,
});

export class CallPaths {
  private readonly nodes: PathNode[] = [newNode(0, '')];
  private current: PathNode = at(this.nodes, 0);

  /** Text of the current path; empty outside of any function. */
  get text(): string {
    return this.current.text;
  }

  /** Goes one function deeper; gives what `leave` wants. */
  enter(name: string): number {
    const from = this.current;
    this.current =
      from.lastName === name && from.lastChild ? from.lastChild : this.child(from, name);
    return from.id;
  }

  /** Back to the path that `enter` left. */
  leave(previous: number): void {
    this.current = at(this.nodes, previous);
  }

  private child(from: PathNode, name: string): PathNode {
    let node = from.below.get(name);
    if (node === undefined) {
      const text = from.text === '' ? name : from.text + SEPARATOR + name;
      node = newNode(this.nodes.length, text);
      this.nodes.push(node);
      from.below.set(name, node);
    }
    from.lastName = name;
    from.lastChild = node;
    return node;
  }
}
