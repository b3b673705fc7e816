/** Findings of the language in the editor, whose texts have one letter for each end of a line. */
import { describe, expect, it } from 'vitest';
import { editorMarks, editorPlaces } from '../../../renderer/editor/editor-diagnostics.js';
import type { Diagnostic } from '../../../src/contract/diagnostic.js';

const TEXT = 'xlab 1\ncompare a\nphase load {\n  repeat nn {}\n}\n';

const findingIn = (text: string): Diagnostic => {
  const start = text.indexOf('nn');
  const span = { start, end: start + 2 };
  return { code: 'X0201', severity: 'error', message: 'unknown name', span };
};
const marked = (text: string): readonly string[] =>
  editorMarks([findingIn(text)], text).map(({ from, to }) => TEXT.slice(from, to));

describe('marks in the editor', () => {
  it('stand at the same words whichever ends of lines the file has', () => {
    expect(marked(TEXT)).toEqual(['nn']);
    expect(marked(TEXT.replaceAll('\n', '\r\n'))).toEqual(['nn']);
  });

  it('stay inside the text', () => {
    const span = { start: 900, end: 950 };
    const [mark] = editorMarks([{ ...findingIn(TEXT), span }], TEXT);
    expect(mark).toMatchObject({ from: TEXT.length, to: TEXT.length });
  });

  it('agree with the text that the editor makes of it, letter by letter', () => {
    const text = 'a\r\nb\nc\r\n\r\nd';
    const place = editorPlaces(text);
    for (let offset = 0; offset <= text.length; offset += 1) {
      if (text[offset] === '\n' && text[offset - 1] === '\r') continue;
      expect(place(offset)).toBe(text.slice(0, offset).replaceAll('\r\n', '\n').length);
    }
  });
});
