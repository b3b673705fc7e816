/** Arguments of forms with few parameters: an unknown name, one given twice, one too many. */
import type { Argument, Name } from '../ast.js';
import { givenTwice, unknownName } from '../diagnostics/names.js';
import { noValueHere } from '../diagnostics/values.js';
import type { CallExpr, Scope } from './scope.js';

/** Reports a parameter that is given twice by its name. */
export function namedTwice(args: readonly Argument[], scope: Scope): boolean {
  const seen = new Map<string, Name>();
  for (const { name } of args) {
    if (name === undefined) continue;
    const first = seen.get(name.text);
    if (first !== undefined) {
      scope.file.report(givenTwice(name.text, name.span, first.span));
      return true;
    }
    seen.set(name.text, name);
  }
  return false;
}

/** Do the arguments of `call` fit its parameters, in order or by name? False after a report. */
export function argumentsFit(call: CallExpr, parameters: readonly string[], scope: Scope): boolean {
  if (namedTwice(call.args, scope)) return false;
  const form = call.path.text;
  for (const [index, argument] of call.args.entries()) {
    const { name } = argument;
    if (name !== undefined && !parameters.includes(name.text)) {
      const where = `of '${form}'`;
      const { span, text } = name;
      scope.file.report(
        unknownName({ span, what: 'parameter', name: text, where, candidates: parameters }),
      );
      return false;
    }
    if (index >= parameters.length) {
      scope.file.report(noValueHere(argument.span, `argument ${String(index + 1)} of '${form}'`));
      return false;
    }
  }
  return true;
}
