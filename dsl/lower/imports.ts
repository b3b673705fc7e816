/** Reads imports and `machine from`, once each, and turns their findings into diagnostics. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { ImportedData, LabCatalog, LanguageHost } from '../../src/contract/catalog.js';
import { hasErrors } from '../../src/contract/diagnostic.js';
import type { ScenarioInput } from '../../src/contract/scenario-plan.js';
import type { TlbConfig } from '../../src/contract/tlb-config.js';
import type { Block, ImportDecl, MachineDecl } from '../ast.js';
import { declarationsOf } from '../check-declarations.js';
import { importEmpty, importFinding, machineFile } from '../diagnostics/designs.js';
import { fileMissing, fileOutside, unknownName } from '../diagnostics/names.js';
import type { FileSymbols } from '../names/file-symbols.js';
import { resolvePath } from '../names/load-files.js';
import { withoutNamedElsewhere } from './named-elsewhere.js';
import { machineBlockText } from './machine-json.js';
import { parseScenario } from '../parse.js';

export const sha256Hex = (text: string): string => bytesToHex(sha256(utf8ToBytes(text)));

/** A machine file as a block. */
export interface MachineBlock {
  readonly block: Block;
  /** What the spans of the block refer to. */
  readonly text: string;
  /** A whole TLB hierarchy of the file. */
  readonly tlb?: TlbConfig;
}

export class ImportReader {
  /** Files read so far, for the hash and the list of inputs. */
  readonly inputs = new Map<string, ScenarioInput>();
  private readonly found = new Map<ImportDecl, ImportedData | undefined>();
  private readonly data = new Map<ImportDecl, ImportedData | undefined>();

  constructor(
    private readonly host: LanguageHost,
    private readonly catalog: LabCatalog,
    private readonly main: FileSymbols,
  ) {}

  /** Data of an import; undefined after a report. */
  of(decl: ImportDecl): ImportedData | undefined {
    if (!this.data.has(decl)) {
      const found = this.foundOf(decl);
      this.data.set(decl, found && withoutNamedElsewhere(found, this.others(decl)));
    }
    return this.data.get(decl);
  }

  private foundOf(decl: ImportDecl): ImportedData | undefined {
    if (!this.found.has(decl)) this.found.set(decl, this.read(decl));
    return this.found.get(decl);
  }

  private others(decl: ImportDecl): readonly ImportedData[] {
    const imports = declarationsOf(this.main, 'import').filter((other) => other !== decl);
    return imports.flatMap((other) => this.foundOf(other) ?? []);
  }

  private read(decl: ImportDecl): ImportedData | undefined {
    const { file, format } = decl;
    const { importFormats } = this.catalog;
    const known = importFormats.find((entry) => entry.name === format.text);
    if (known === undefined) {
      const candidates = importFormats.map((entry) => entry.name);
      const { span, text: name } = format;
      this.main.report(unknownName({ span, what: 'format', name, candidates, listAs: 'formats' }));
      return undefined;
    }
    const path = resolvePath('', file.value);
    if (path === undefined) {
      this.main.report(fileOutside(file.value, file.span));
      return undefined;
    }
    const options = optionTexts(decl.block, { file: this.main, known });
    if (options === undefined) return undefined;
    const reply = this.host.readImport({ path: file.value, format: format.text, options });
    for (const found of reply.diagnostics) this.main.report(importFinding(found, file.span));
    const { data } = reply;
    if (data === undefined) {
      if (!hasErrors(reply.diagnostics)) this.main.report(importEmpty(file.span, file.value));
      return undefined;
    }
    this.inputs.set(file.value, { path: file.value, sha256: data.sha256 });
    const name = decl.name.text;
    // Expectations and reports know the data under the name of the import.
    return {
      ...data,
      ...(data.layout === undefined ? {} : { layout: { ...data.layout, name } }),
      ...(data.stream === undefined ? {} : { stream: { ...data.stream, name } }),
    };
  }

  /** Text of a data file (`empirical`); undefined when it cannot be read. */
  text(path: string, from: FileSymbols): string | undefined {
    const resolved = resolvePath(from.folder, path);
    if (resolved === undefined) return undefined;
    const text = resolved.startsWith('std/')
      ? this.host.readStd(resolved)
      : this.host.readText(resolved);
    if (text !== undefined) this.inputs.set(resolved, { path: resolved, sha256: sha256Hex(text) });
    return text;
  }

  /** The block that the JSON file of `machine from` amounts to, with its own text. */
  machineBlock(decl: MachineDecl): MachineBlock | undefined {
    const { file } = decl;
    if (file === undefined) return undefined;
    if (resolvePath('', file.value) === undefined) {
      this.main.report(fileOutside(file.value, file.span));
      return undefined;
    }
    const json = this.text(file.value, this.main);
    if (json === undefined) {
      this.main.report(fileMissing(file.value, file.span));
      return undefined;
    }
    const found = machineBlockText(json);
    if (found.problem !== undefined) {
      this.main.report(machineFile(file.span, file.value, found.problem));
      return undefined;
    }
    const parsed = parseScenario(found.text);
    const [machine] = parsed.tree.declarations;
    if (
      machine?.kind !== 'machine' ||
      machine.block === undefined ||
      parsed.diagnostics.length > 0
    ) {
      this.main.report(machineFile(file.span, file.value, 'holds a value that cannot be read'));
      return undefined;
    }
    const { text, tlb } = found;
    return { block: machine.block, text, ...(tlb === undefined ? {} : { tlb }) };
  }
}

/**
 * Options of an import block: values as texts, by key; each line of a repeated key adds to it. Undefined
 * after a key that the format does not have was reported.
 */
function optionTexts(
  block: Block | undefined,
  at: { readonly file: FileSymbols; readonly known: LabCatalog['importFormats'][number] },
): Readonly<Record<string, readonly string[]>> | undefined {
  const { file, known } = at;
  const options: Record<string, string[]> = {};
  let wrong = false;
  for (const { path, groups } of block?.props ?? []) {
    if (known.options.includes(path.text)) {
      (options[path.text] ??= []).push(...groups.map((group) => file.textOf(group.span)));
      continue;
    }
    wrong = true;
    const where = `in '${known.name}'`;
    const { span, text: name } = path;
    const { options: candidates } = known;
    file.report(unknownName({ span, what: 'key', name, where, candidates, listAs: 'keys' }));
  }
  return wrong ? undefined : options;
}
