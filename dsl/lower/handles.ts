/**
 * Names given by `let`, block by block, and what is known about their release. A block that runs for
 * certain and in order shares that knowledge with the block around it; one that may run never, later
 * or beside others (`mix`, `every`, `at`, `parallel`) keeps it to itself.
 */
import type { Diagnostic, Span } from '../../src/contract/diagnostic.js';
import type { CreateNode } from '../ast.js';
import { neverReleased } from '../diagnostics/handles.js';

export interface Handle {
  readonly name: string;
  /** Slot of the plan. */
  readonly slot: number;
  readonly what: CreateNode['what'];
  readonly span: Span;
  readonly hasLifetime: boolean;
  readonly intoPool: boolean;
}

/** Shared by all blocks of one phase or workload call. */
interface Family {
  /** Names of blocks that have ended, with the place of their `let`. */
  readonly former: Map<string, Span>;
  readonly mentioned: Set<Handle>;
  /** `free all` stands somewhere, which releases everything. */
  readonly freeAll: boolean;
}

export class HandleScope {
  private readonly names = new Map<string, Handle>();

  private constructor(
    private readonly parent: HandleScope | undefined,
    private readonly released: Map<Handle, Span>,
    private readonly family: Family,
  ) {}

  static root(freeAll: boolean): HandleScope {
    return new HandleScope(undefined, new Map(), {
      former: new Map(),
      mentioned: new Set(),
      freeAll,
    });
  }

  child(flow: 'shared' | 'maybe'): HandleScope {
    const released = flow === 'shared' ? this.released : new Map(this.released);
    return new HandleScope(this, released, this.family);
  }

  get freeAll(): boolean {
    return this.family.freeAll;
  }

  add(handle: Handle): void {
    this.names.set(handle.name, handle);
  }

  ownName(name: string): Handle | undefined {
    return this.names.get(name);
  }

  find(name: string): Handle | undefined {
    return this.names.get(name) ?? this.parent?.find(name);
  }

  /** Where a name was given whose block has ended. */
  formerName(name: string): Span | undefined {
    return this.family.former.get(name);
  }

  get allNames(): string[] {
    return [...this.names.keys(), ...(this.parent?.allNames ?? [])];
  }

  /** Every handle of this block or one around it that is known to be released, with the place. */
  get allReleased(): readonly (readonly [handle: Handle, span: Span])[] {
    return [...this.released].filter(([handle]) => this.find(handle.name) === handle);
  }

  releasedAt(handle: Handle): Span | undefined {
    return this.released.get(handle);
  }

  markReleased(handle: Handle, span: Span): void {
    this.released.set(handle, span);
    this.family.mentioned.add(handle);
  }

  /** The block ends: its names go, and what nothing released is reported. */
  close(report: (diagnostic: Diagnostic) => void): void {
    for (const handle of this.names.values()) {
      this.family.former.set(handle.name, handle.span);
      const kept = handle.hasLifetime || handle.intoPool || this.family.freeAll;
      if (!kept && !this.family.mentioned.has(handle)) {
        report(neverReleased(handle.span, handle.what));
      }
    }
  }
}
