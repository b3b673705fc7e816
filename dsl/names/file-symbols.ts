/**
 * The names of one file: what it declares, by kind, and the files it uses. Declarations that
 * something refers to are remembered, so that unused ones can be reported.
 */
import type { PluginReply } from '../../src/contract/catalog.js';
import type { Diagnostic, Span } from '../../src/contract/diagnostic.js';
import type {
  AllocatorDecl,
  DistDecl,
  ImportDecl,
  ModuleDecl,
  Name,
  ParamDecl,
  PhaseDecl,
  SyntaxTree,
  UseDecl,
  WorkloadDecl,
} from '../ast.js';
import { LineIndex } from '../source-map.js';

export interface PoolSymbol {
  readonly kind: 'pool';
  readonly name: Name;
}

export interface UseSymbol {
  readonly kind: 'use';
  readonly decl: UseDecl;
  readonly name: Name;
  /** Absent when the file could not be read. */
  readonly file?: FileSymbols;
}

/** Everything that a name of a file can stand for. */
export type FileSymbol =
  | ParamDecl
  | DistDecl
  | ModuleDecl
  | AllocatorDecl
  | WorkloadDecl
  | ImportDecl
  | PhaseDecl
  | PoolSymbol
  | UseSymbol;

export type SymbolKind = FileSymbol['kind'];

/** Kinds that a used file shows to the file that uses it. */
export const VISIBLE_KINDS: ReadonlySet<SymbolKind> = new Set([
  'param',
  'dist',
  'module',
  'allocator',
  'workload',
  'pool',
]);

export class FileSymbols {
  readonly names = new Map<string, FileSymbol>();
  readonly used = new Set<FileSymbol>();
  readonly lines: LineIndex;

  constructor(
    /** Absent for the scenario itself; else the name under which messages show the file. */
    readonly source: string | undefined,
    readonly text: string,
    readonly tree: SyntaxTree,
    private readonly sink: (diagnostic: Diagnostic) => void,
    /** Folder of the file relative to the scenario's, or `std`, without a slash at its end. */
    readonly folder: string,
    /** Loads the plugin that the file names; undefined for a path that leaves the folder. */
    readonly pluginOf: (path: string) => PluginReply | undefined = () => undefined,
  ) {
    this.lines = new LineIndex(text);
  }

  readonly report = (diagnostic: Diagnostic): void => {
    this.sink(this.source === undefined ? diagnostic : { ...diagnostic, source: this.source });
  };

  /** Names of a kind, for suggestions. */
  namesOf(kinds: readonly SymbolKind[]): string[] {
    return [...this.names]
      .filter(([, symbol]) => kinds.includes(symbol.kind))
      .map(([name]) => name);
  }

  /** The text of a span on one line, blanks folded. */
  textOf(span: Span): string {
    return this.text
      .slice(span.start, span.end)
      .replace(/#[^\r\n]*/g, ' ')
      .replace(/\s+/g, ' ')
      .trim();
  }
}
