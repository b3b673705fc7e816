/**
 * Reads a scenario and the files that it uses, and files their names. Paths are relative to the file
 * that names them, may not leave the scenario's folder, and `std/...` means the shipped library.
 */
import type { LanguageHost, PluginReply } from '../../src/contract/catalog.js';
import type { Diagnostic, Span } from '../../src/contract/diagnostic.js';
import type { Declaration, Name, UseDecl } from '../ast.js';
import {
  declaredTwice,
  fileMissing,
  fileOutside,
  tooManyFiles,
  useCycle,
} from '../diagnostics/names.js';
import { shortName } from '../diagnostics/make.js';
import { parseScenario, type ParseResult } from '../parse.js';
import { FileSymbols, type FileSymbol } from './file-symbols.js';

/** Files that one scenario may use, its own included. */
export const FILES_MAX = 64;

export interface LoadedFile {
  readonly path: string;
  readonly text: string;
}

/** Joins a path to a folder; undefined when it leaves the root. `std/...` starts anew. */
export function resolvePath(folder: string, path: string): string | undefined {
  if (path.startsWith('/') || path.includes('\\') || /^[A-Za-z]:/.test(path)) return undefined;
  const start = path === 'std' || path.startsWith('std/') ? '' : folder;
  const parts = start === '' ? [] : start.split('/');
  const floor = folder === 'std' || folder.startsWith('std/') ? 1 : 0;
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length <= (start === '' ? 0 : floor)) return undefined;
    else parts.pop();
  }
  return parts.join('/');
}

export const isStd = (path: string): boolean => path.startsWith('std/');

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

const baseName = (path: string): string =>
  path.slice(path.lastIndexOf('/') + 1).replace(/\..*$/, '');

export class FileLoader {
  /** Used files by path, in order of reading. */
  readonly files = new Map<string, LoadedFile>();
  private readonly loaded = new Map<string, FileSymbols | undefined>();
  private readonly loading = new Set<string>();
  /** Design plugins by path, loaded once. */
  readonly plugins = new Map<string, PluginReply>();

  constructor(
    private readonly host: LanguageHost,
    private readonly sink: (diagnostic: Diagnostic) => void,
  ) {}

  /** The scenario itself, already parsed. */
  main(text: string, parsed: ParseResult, path: string): FileSymbols {
    this.loading.add(path.slice(path.lastIndexOf('/') + 1));
    const pluginOf = this.pluginsFrom('');
    return this.fill(new FileSymbols(undefined, text, parsed.tree, this.sink, '', pluginOf), true);
  }

  private pluginsFrom(folder: string) {
    return (written: string): PluginReply | undefined => {
      const path = resolvePath(folder, written);
      if (path === undefined) return undefined;
      const known = this.plugins.get(path) ?? this.readPlugin(path);
      this.plugins.set(path, known);
      return known;
    };
  }

  private readPlugin(path: string): PluginReply {
    const { host } = this;
    if (host.readPlugin !== undefined && !isStd(path)) return host.readPlugin(path);
    const message = `'${shortName(path)}' cannot be loaded here`;
    return { kind: 'refused', message, help: 'put the plugin beside the scenario' };
  }

  private fill(file: FileSymbols, withStd: boolean): FileSymbols {
    for (const declaration of file.tree.declarations) {
      for (const [name, symbol] of this.symbolsOf(declaration, file)) {
        const first = file.names.get(name.text);
        if (first === undefined) file.names.set(name.text, symbol);
        else file.report(declaredTwice(name.text, name.span, nameSpan(first)));
      }
    }
    if (withStd && !file.names.has('std')) this.addStd(file);
    return file;
  }

  private symbolsOf(declaration: Declaration, file: FileSymbols): [Name, FileSymbol][] {
    switch (declaration.kind) {
      case 'param':
      case 'dist':
      case 'module':
      case 'allocator':
      case 'workload':
      case 'import':
      case 'phase':
        return [[declaration.name, declaration]];
      case 'pool':
        return declaration.names.map((name) => [name, { kind: 'pool', name }]);
      case 'use':
        return this.useSymbol(declaration, file);
      default:
        return [];
    }
  }

  private useSymbol(decl: UseDecl, file: FileSymbols): [Name, FileSymbol][] {
    const path = resolvePath(file.folder, decl.file.value);
    const name = decl.alias ?? { text: baseName(decl.file.value), span: decl.file.span };
    const used = path === undefined ? undefined : this.use(path, decl.file.span, file);
    if (path === undefined) file.report(fileOutside(decl.file.value, decl.file.span));
    const symbol = { kind: 'use', decl, name } as const;
    return [[name, used === undefined ? symbol : { ...symbol, file: used }]];
  }

  private use(path: string, span: Span, from: FileSymbols): FileSymbols | undefined {
    if (this.loading.has(path)) {
      from.report(useCycle(path, span));
      return undefined;
    }
    if (this.loaded.has(path)) return this.loaded.get(path);
    const text = isStd(path) ? this.host.readStd(path) : this.host.readText(path);
    if (text === undefined) {
      from.report(fileMissing(path, span));
      return undefined;
    }
    if (this.files.size >= FILES_MAX - 1) {
      from.report(tooManyFiles(span, FILES_MAX));
      return undefined;
    }
    return this.read(path, text);
  }

  private read(path: string, text: string): FileSymbols {
    this.files.set(path, { path, text });
    const parsed = parseScenario(text);
    const folder = folderOf(path);
    const pluginOf = this.pluginsFrom(folder);
    const file = new FileSymbols(path, text, parsed.tree, this.sink, folder, pluginOf);
    parsed.diagnostics.forEach(file.report);
    this.loading.add(path);
    this.fill(file, false);
    this.loading.delete(path);
    this.loaded.set(path, file);
    return file;
  }

  /** `std.sizes.x` without `use`: reads those files of the library that the text mentions. */
  private addStd(file: FileSymbols): void {
    const library = new FileSymbols('std', '', emptyTree, this.sink, 'std');
    for (const match of file.text.matchAll(/\bstd\.([A-Za-z_]\w*)\./g)) {
      const base = match[1] ?? '';
      const path = `std/${base}.xlab`;
      if (library.names.has(base)) continue;
      const known = this.loaded.get(path);
      const text = known === undefined ? this.host.readStd(path) : known.text;
      if (text === undefined) continue;
      const span = { start: 0, end: 0 };
      library.names.set(base, {
        kind: 'use',
        decl: { kind: 'use', keyword: span, span, file: { value: path, span } },
        name: { text: base, span },
        file: known ?? this.read(path, text),
      });
    }
    const span = { start: 0, end: 0 };
    file.names.set('std', {
      kind: 'use',
      decl: { kind: 'use', keyword: span, span, file: { value: 'std', span } },
      name: { text: 'std', span },
      file: library,
    });
  }
}

const emptyTree = { declarations: [], brokenNames: new Set<string>(), span: { start: 0, end: 0 } };

const nameSpan = (symbol: FileSymbol): Span => symbol.name.span;
