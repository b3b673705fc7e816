/** Every code of the catalogue has cases, and every case says exactly what its file says. */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../../src/contract/diagnostic.js';
import { CODES } from '../../../dsl/diagnostics/catalogue.js';
import { RENDER_WIDTH } from '../../../dsl/render-diagnostic.js';
import { caseText, casesOf, checkCase, renderCase } from './message-cases.js';

const staticCodes = CODES.filter((info) => !info.atRunTime);
const files = readdirSync(new URL('messages', import.meta.url));

/** Text after all edits of a fix. */
function applyFix(text: string, diagnostic: Diagnostic): string {
  const edits = [...(diagnostic.fix?.edits ?? [])].sort((a, b) => b.span.start - a.span.start);
  return edits.reduce(
    (now, { span, newText }) => now.slice(0, span.start) + newText + now.slice(span.end),
    text,
  );
}

describe('messages', () => {
  it('has a file of cases for every code that a text can have, and for no other', () => {
    expect(files.sort()).toEqual(staticCodes.map(({ code }) => `${code}.txt`).sort());
  });

  it('has no two codes alike', () => {
    expect(new Set(CODES.map((info) => info.code)).size).toBe(CODES.length);
    expect(new Set(CODES.map((info) => info.title)).size).toBe(CODES.length);
  });

  for (const { code, severity } of staticCodes) {
    const cases = casesOf(code);

    it(`finds ${code} with its severity in each of its cases`, () => {
      expect(cases.length).toBeGreaterThan(0);
      for (const { name, lines } of cases) {
        const own = checkCase(caseText(lines)).diagnostics.filter((found) => found.code === code);
        expect(own.length, name).toBeGreaterThan(0);
        expect(new Set(own.map((found) => found.severity)), name).toEqual(new Set([severity]));
      }
    });

    for (const { name, lines, expected } of cases) {
      it(`says exactly what is wrong with ${name}`, () => {
        expect(renderCase(lines)).toBe(expected);
      });
    }

    it(`keeps the messages of ${code} in form, with a place, and repaired by their fixes`, () => {
      for (const { name, lines } of cases) {
        const text = caseText(lines);
        for (const diagnostic of checkCase(text).diagnostics) {
          expect(diagnostic.message, name).toMatch(/^[a-z'0-9"]/);
          expect(diagnostic.message, name).not.toMatch(/\.$/);
          const { span } = diagnostic;
          expect(span, name).toBeDefined();
          if (span === undefined) continue;
          expect(span.start).toBeGreaterThanOrEqual(0);
          expect(span.end).toBeGreaterThanOrEqual(span.start);
          expect(span.end).toBeLessThanOrEqual(text.length);
          if (diagnostic.fix === undefined) continue;
          const after = checkCase(applyFix(text, diagnostic)).diagnostics;
          const left = after.filter(({ message }) => message === diagnostic.message);
          const before = checkCase(text).diagnostics.filter(
            ({ message }) => message === diagnostic.message,
          );
          expect(left.length, `fix of ${name}`).toBeLessThan(before.length);
        }
      }
    });
  }

  it('keeps messages, notes and help within 72 columns', () => {
    for (const { code } of staticCodes) {
      for (const { name, expected } of casesOf(code)) {
        for (const line of expected.split('\n')) {
          if (line.startsWith(' -->')) continue;
          expect(line.length, `${code} ${name}: ${line}`).toBeLessThanOrEqual(RENDER_WIDTH);
        }
      }
    }
  });
});
