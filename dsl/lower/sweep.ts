/** Axes of `sweep`, settings of the command line, and the sweep points that they make. */
import type { LabCatalog } from '../../src/contract/catalog.js';
import type { Expr, SweepDecl } from '../ast.js';
import { givenTwice } from '../diagnostics/names.js';
import { wrongTuple } from '../diagnostics/values.js';
import { FileSymbols } from '../names/file-symbols.js';
import { parseExpression } from '../parse.js';
import type { Diagnostic, Span } from '../../src/contract/diagnostic.js';
import { findTarget, type Target } from './targets.js';

/** A target and its value, with the file whose text the value stands in. */
export interface Assignment {
  readonly target: Target;
  readonly expr: Expr;
  readonly file: FileSymbols;
  readonly text: string;
}

export interface Axis {
  readonly names: readonly string[];
  /** One list of assignments per value of the axis. */
  readonly values: readonly (readonly Assignment[])[];
  readonly span: Span;
}

const EMPTY_TREE = { declarations: [], brokenNames: new Set<string>(), span: { start: 0, end: 0 } };

/** A text that is not a file: names of the scenario are visible in it. */
export function pseudoFile(
  source: string,
  text: string,
  main: FileSymbols,
  sink: (diagnostic: Diagnostic) => void,
): FileSymbols {
  const file = new FileSymbols(source, text, EMPTY_TREE, sink, '');
  for (const [name, symbol] of main.names) file.names.set(name, symbol);
  return file;
}

/** `--set name=value` as assignments; each is a source of its own in messages. */
export function readSettings(
  settings: Readonly<Record<string, string>>,
  main: FileSymbols,
  catalog: LabCatalog,
  at: { readonly sink: (diagnostic: Diagnostic) => void; readonly texts: Map<string, string> },
): Assignment[] {
  const list: Assignment[] = [];
  for (const [name, text] of Object.entries(settings)) {
    const source = `--set ${name}`;
    const file = pseudoFile(source, text, main, at.sink);
    at.texts.set(source, text);
    const whole = { start: 0, end: text.length };
    const target = findTarget({ text: name, span: whole }, main, file, catalog);
    const { expr, diagnostics } = parseExpression(text);
    diagnostics.forEach(file.report);
    if (target === undefined || expr === undefined) continue;
    list.push({ target, expr, file, text: text.trim() });
  }
  return list;
}

/** Axes of the scenario; those whose targets the command line sets are left out. */
export function readAxes(
  declarations: readonly SweepDecl[],
  main: FileSymbols,
  catalog: LabCatalog,
  settings: readonly Assignment[],
): Axis[] {
  const axes: Axis[] = [];
  const seen = new Map<string, Span>();
  const set = new Set(settings.map((setting) => setting.target.name));
  for (const decl of declarations) {
    const targets: Target[] = [];
    for (const path of decl.targets) {
      const first = seen.get(path.text);
      if (first !== undefined) main.report(givenTwice(path.text, path.span, first));
      seen.set(path.text, path.span);
      const target = findTarget(path, main, main, catalog);
      if (target !== undefined) targets.push(target);
    }
    if (targets.length !== decl.targets.length) continue;
    if (targets.every((target) => set.has(target.name))) continue;
    reportRepeated(decl, main);
    const values = decl.values.flatMap((value) => {
      const assignments = assignmentsOf(decl, targets, value, main);
      return assignments === undefined
        ? []
        : [assignments.filter(({ target }) => !set.has(target.name))];
    });
    // Without a value the scenario is still checked, with the values of its params.
    if (values.length > 0)
      axes.push({ names: targets.map((target) => target.name), values, span: decl.keyword });
  }
  return axes;
}

/** Two points with the same values would be the same runs under the same name. */
function reportRepeated(decl: SweepDecl, file: FileSymbols): void {
  const seen = new Map<string, Span>();
  for (const { span } of decl.values) {
    const text = file.textOf(span).replace(/\s+/g, ' ');
    const first = seen.get(text);
    if (first === undefined) seen.set(text, span);
    else file.report(givenTwice(text, span, first));
  }
}

function assignmentsOf(
  decl: SweepDecl,
  targets: readonly Target[],
  value: Expr,
  file: FileSymbols,
): readonly Assignment[] | undefined {
  const items = decl.tuple && value.kind === 'tuple' ? value.items : [value];
  if (items.length !== targets.length) {
    file.report(wrongTuple(value.span, targets.length, items.length));
    return undefined;
  }
  return items.flatMap((expr, index) => {
    const target = targets[index];
    return target === undefined ? [] : [{ target, expr, file, text: file.textOf(expr.span) }];
  });
}

/** The product of the axes, first axis slowest; one empty point without axes. */
export function pointsOf(axes: readonly Axis[]): readonly (readonly Assignment[])[] {
  return axes.reduce<readonly (readonly Assignment[])[]>(
    (points, axis) => points.flatMap((point) => axis.values.map((value) => [...point, ...value])),
    [[]],
  );
}

export const labelOf = (point: readonly Assignment[]): string =>
  point.map(({ target, text }) => `${target.name}=${text}`).join(', ');
