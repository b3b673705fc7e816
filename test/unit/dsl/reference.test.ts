/**
 * The language reference is generated and current. XLAB_WRITE_REFERENCE=1 writes the page and its
 * diagrams before they are compared.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { labCatalog } from '../../../src/app/catalog.js';
import { DECLARATIONS } from '../../../dsl/declarations/index.js';
import { CODES } from '../../../dsl/diagnostics/catalogue.js';
import { ebnfOf, grammarRules, type Shape } from '../../../dsl/reference/grammar-shapes.js';
import {
  DIAGRAM_FOLDER,
  languageReference,
  referenceDiagrams,
} from '../../../dsl/reference/index.js';
import { STATEMENTS } from '../../../dsl/statements/index.js';
import { CATALOG } from './lab-double.js';

const root = new URL('../../../dsl/', import.meta.url);
const page = new URL('REFERENCE.md', root);
const folder = new URL(`${DIAGRAM_FOLDER}/`, root);

if (process.env['XLAB_WRITE_REFERENCE'] === '1') {
  writeFileSync(page, languageReference(labCatalog()));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const { file, svg } of referenceDiagrams()) writeFileSync(new URL(file, folder), svg);
}

const HOW = 'run XLAB_WRITE_REFERENCE=1 npx vitest run --config test/vitest.config.ts reference';

describe('the language reference', () => {
  it('is current', () => {
    expect(readFileSync(page, 'utf8'), HOW).toBe(languageReference(labCatalog()));
  });

  it('has current diagrams, and no others', () => {
    const diagrams = referenceDiagrams();
    expect(readdirSync(folder).sort()).toEqual(diagrams.map(({ file }) => file).sort());
    for (const { file, svg } of diagrams) {
      expect(readFileSync(new URL(file, folder), 'utf8'), `${file}: ${HOW}`).toBe(svg);
    }
  });

  it('names every declaration, statement, metric, design, option, profile, format and code', () => {
    const text = languageReference(CATALOG);
    const names = [
      ...DECLARATIONS.names,
      ...STATEMENTS.names,
      ...CATALOG.metrics.map((metric) => metric.name),
      ...CATALOG.designs.flatMap(({ name, options }) => [
        name,
        ...options.map((option) => option.name),
      ]),
      ...CATALOG.cpuProfiles.flatMap(({ name, aliases }) => [name, ...aliases]),
      ...CATALOG.importFormats.map((format) => format.name),
      ...CATALOG.kernelReleases,
      ...CODES.map(({ code }) => code),
    ];
    for (const name of names) expect(text, name).toContain(name);
  });

  it('links each of its diagrams once', () => {
    const links = [...languageReference(CATALOG).matchAll(/\]\(reference\/diagrams\/(.*?)\)/g)];
    const files = links.map((match) => match[1]);
    expect(new Set(files).size).toBe(files.length);
    expect([...files].sort()).toEqual(
      referenceDiagrams()
        .map(({ file }) => file)
        .sort(),
    );
  });
});

describe('the grammar as shapes', () => {
  it('refers to rules that exist only', () => {
    const rules = grammarRules();
    const names = new Set(rules.map(({ name }) => name));
    const check = (shape: Shape): void => {
      if (shape.kind === 'rule') expect(names).toContain(shape.name);
      else if (shape.kind === 'sequence' || shape.kind === 'choice') shape.items.forEach(check);
      else if (shape.kind !== 'token') check(shape.item);
    };
    for (const { shape } of rules) check(shape);
  });

  it.each([
    ['phase', '"phase" NAME [ "for" expr ] [ "discard" ] body'],
    ['sweep', '"sweep" ( path | "(" path { "," path } ")" ) "over" expr { "," expr }'],
    ['replay', '"replay" path [ "speed" expr ] [ "from" expr "to" expr ]'],
    ['file', '"xlab" "1" NL { declaration [ NL ] }'],
  ])('spells %s as the language page does', (name, expected) => {
    const rule = grammarRules().find((entry) => entry.name === name);
    expect(rule && ebnfOf(rule.shape)).toBe(expected);
  });
});

describe('railroad diagrams', () => {
  it('are well-formed and draw every word of their rule', () => {
    const words = (shape: Shape): string[] => {
      if (shape.kind === 'token') return [shape.text.replace(/^'(.*)'$/, '$1')];
      if (shape.kind === 'rule') return [shape.name];
      if (shape.kind === 'sequence' || shape.kind === 'choice') return shape.items.flatMap(words);
      return words(shape.item);
    };
    const unescaped = (text: string): string =>
      text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
    for (const [index, { svg }] of referenceDiagrams().entries()) {
      const rule = grammarRules()[index];
      const drawn = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) =>
        unescaped(match[1] ?? ''),
      );
      expect(drawn).toEqual(rule === undefined ? [] : words(rule.shape));
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
      const open = svg.match(/<(svg|title|style|text)\b/g)?.length;
      expect(svg.match(/<\/(svg|title|style|text)>/g)?.length).toBe(open);
    }
  });
});
