/** `xlab explain CODE`: what a diagnostic means, with an example that is wrong and one that is right. */
import type { Command } from 'commander';
import { EXPLAIN_PAGES, explainCode } from '../../../dsl/explain/index.js';
import { ExitCode } from '../exit-codes.js';
import { printError } from '../terminal.js';

interface ExplainArguments {
  readonly json?: boolean;
}

function explain(given: string, args: ExplainArguments): number {
  const code = given.trim().toUpperCase();
  const page = explainCode(code);
  if (page === undefined) {
    printError(`there is no code '${given}'`, `codes: ${EXPLAIN_PAGES.names.join(' ')}`);
    return ExitCode.wrongInput;
  }
  const text = page.endsWith('\n') ? page : `${page}\n`;
  process.stdout.write(args.json === true ? `${JSON.stringify({ code, page }, null, 2)}\n` : text);
  return ExitCode.ok;
}

export function registerExplain(program: Command): void {
  program
    .command('explain')
    .argument('<code>', 'code of a diagnostic, e.g. X0103')
    .description('explain a diagnostic')
    .option('--json', 'as JSON')
    .action((code: string, args: ExplainArguments) => {
      process.exitCode = explain(code, args);
    });
}
