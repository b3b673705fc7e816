/** Layout of generated scenarios: any that the newline rule of the language allows. */
import type { Draws } from './draws.js';

export class GeneratedLayout {
  constructor(private readonly draws: Draws) {}

  /** Blanks where one must stand. */
  get gap(): string {
    return this.draws.pick([' ', ' ', ' ', '  ', '\t', '   ']);
  }

  comma(): string {
    return this.draws.pick([', ', ',', ' , ', ',\n   ', ', # next\n  ']);
  }

  /** End of a line, with comments and blank lines here and there. */
  lineEnd(): string {
    return this.draws.pick([
      '\n',
      '\n',
      '\n',
      '\n\n',
      '\n\n\n',
      ' # note\n',
      '\n# above\n',
      '\n  #\n',
    ]);
  }

  /** A block: several lines, or one line with semicolons. */
  block(lines: readonly string[]): string {
    const { draws } = this;
    if (lines.length === 0) return draws.pick(['{ }', '{}', '{\n}']);
    if (draws.chance(0.3) && !lines.some((line) => line.includes('#'))) {
      return `{ ${lines.join(draws.pick(['; ', ';', ' ; ']))}${draws.pick(['', ';'])} }`;
    }
    const inner = lines.map((line) => `${draws.pick(['  ', '    ', '\t', ''])}${line}`);
    const start = draws.pick(['{\n', '{ # why\n', '{\n\n']);
    return `${start}${inner.map((line) => line + this.lineEnd()).join('')}}`;
  }
}
