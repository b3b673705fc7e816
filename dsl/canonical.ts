/**
 * The canonical text of a scenario, which its hash covers: declarations without titles, comments,
 * layout and help texts; units in base units; kinds in a fixed order and named declarations by name.
 * Phases, sweeps, probes and expectations keep their order, which the results show.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { ScenarioInput } from '../src/contract/scenario-plan.js';
import type { Declaration, SyntaxTree } from './ast.js';
import { quantityParts, quantityValue } from './values/units.js';

const KIND_ORDER: readonly Declaration['kind'][] = [
  'use',
  'param',
  'dist',
  'module',
  'machine',
  'allocator',
  'compare',
  'sweep',
  'seeds',
  'pool',
  'workload',
  'import',
  'phase',
  'probe',
  'expect',
  'warn',
  'limit',
];

/** Kinds whose order among themselves means nothing. */
const SORTED: ReadonlySet<string> = new Set([
  'use',
  'param',
  'dist',
  'module',
  'allocator',
  'pool',
  'workload',
  'import',
  'limit',
]);

/** Fields that say where something stands, not what it is. */
const PLACES: ReadonlySet<string> = new Set(['span', 'keyword', 'keySpan']);

function write(value: unknown, out: string[]): void {
  if (Array.isArray(value)) {
    out.push('[');
    for (const item of value) {
      write(item, out);
      out.push(',');
    }
    out.push(']');
  } else if (typeof value === 'object' && value !== null) writeNode(value, out);
  else out.push(value === undefined ? 'null' : JSON.stringify(value));
}

function writeNode(node: object, out: string[]): void {
  const fields = node as Readonly<Record<string, unknown>>;
  if (fields['kind'] === 'quantity' && typeof fields['text'] === 'string') {
    const parts = quantityParts(fields['text']);
    const value = quantityValue(parts);
    out.push(value === undefined ? JSON.stringify(parts) : `${value.kind}:${value.value}`);
    return;
  }
  // A path is its text; its single names add nothing.
  if (Array.isArray(fields['names']) && typeof fields['text'] === 'string') {
    out.push(`path:${fields['text']}`);
    return;
  }
  out.push('{');
  for (const key of Object.keys(fields).sort()) {
    const value = fields[key];
    if (PLACES.has(key) || value === undefined) continue;
    out.push(key, ':');
    if (key === 'tilde') out.push('drawn');
    else write(value, out);
    out.push(';');
  }
  out.push('}');
}

function declarationText(declaration: Declaration): string {
  const out: string[] = [];
  if (declaration.kind === 'param') {
    const { help: _, ...rest } = declaration;
    write(rest, out);
  } else write(declaration, out);
  return out.join('');
}

/** One line per declaration. */
export function canonicalTree(tree: SyntaxTree): string {
  const lines: string[] = [];
  for (const kind of KIND_ORDER) {
    const texts = tree.declarations
      .filter((declaration) => declaration.kind === kind)
      .flatMap((declaration) =>
        declaration.kind === 'pool'
          ? declaration.names.map((name) => `{kind:"pool";name:${JSON.stringify(name.text)}}`)
          : [declarationText(declaration)],
      );
    lines.push(...(SORTED.has(kind) ? texts.sort() : texts));
  }
  return lines.join('\n');
}

export interface HashParts {
  readonly tree: SyntaxTree;
  /** Used and imported files. */
  readonly inputs: readonly ScenarioInput[];
  readonly settings: readonly { readonly name: string; readonly text: string }[];
  readonly seeds: readonly number[];
  readonly modelVersion: number;
}

/** The text that is hashed. */
export function canonicalText(parts: HashParts): string {
  const byPath = [...parts.inputs].sort((a, b) => (a.path < b.path ? -1 : 1));
  const byName = [...parts.settings].sort((a, b) => (a.name < b.name ? -1 : 1));
  return [
    'xlab 1',
    canonicalTree(parts.tree),
    ...byPath.map((input) => `input ${JSON.stringify(input.path)} ${input.sha256}`),
    ...byName.map((setting) => `set ${setting.name} ${JSON.stringify(setting.text)}`),
    `seeds ${parts.seeds.join(',')}`,
    `model ${parts.modelVersion}`,
    '',
  ].join('\n');
}

/** SHA-256 of the canonical text, hex. */
export const scenarioHash = (parts: HashParts): string =>
  bytesToHex(sha256(utf8ToBytes(canonicalText(parts))));
