/** Folding by braces: a line that ends in `{` folds to its closing brace. */
import { foldService } from '@codemirror/language';

/** Lines looked through for the closing brace. */
const LINES_MAX = 5000;

export const braceFold = foldService.of((state, lineStart) => {
  const line = state.doc.lineAt(lineStart);
  if (!/\{\s*(#.*)?$/.test(line.text)) return null;
  const open = line.from + line.text.lastIndexOf('{');
  let depth = 1;
  const last = Math.min(state.doc.lines, line.number + LINES_MAX);
  for (let number = line.number + 1; number <= last; number += 1) {
    const next = state.doc.line(number);
    const code = next.text.replace(/"(?:[^"\\]|\\.)*"|#.*$/g, (part) => ' '.repeat(part.length));
    for (let i = 0; i < code.length; i += 1) {
      if (code[i] === '{') depth += 1;
      else if (code[i] === '}') depth -= 1;
      if (depth === 0) return { from: open + 1, to: next.from + i };
    }
  }
  return null;
});
