/** Comparison of two numbers as an expectation writes it. */

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

export function compare(left: number, cmp: Comparison, right: number): boolean {
  switch (cmp) {
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
  }
}
