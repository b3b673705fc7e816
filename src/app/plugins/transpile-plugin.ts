/** A plugin's TypeScript as JavaScript. The compiler is large: it is loaded with the first plugin. */
import { createRequire } from 'node:module';
import type TypeScript from 'typescript';

export type Transpiled =
  { readonly code: string } | { readonly problem: string; readonly line: number };

let compiler: typeof TypeScript | undefined;

function loadCompiler(): typeof TypeScript {
  compiler ??= createRequire(import.meta.url)('typescript') as typeof TypeScript;
  return compiler;
}

/** CommonJS without types, or the first mistake of grammar with its line (from 1). */
export function transpilePlugin(text: string, fileName: string): Transpiled {
  const ts = loadCompiler();
  const { outputText, diagnostics = [] } = ts.transpileModule(text, {
    fileName,
    reportDiagnostics: true,
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      newLine: ts.NewLineKind.LineFeed,
    },
  });
  const mistake = diagnostics.find(({ category }) => category === ts.DiagnosticCategory.Error);
  if (mistake === undefined) return { code: outputText };
  const problem = ts.flattenDiagnosticMessageText(mistake.messageText, ' ');
  const at = mistake.file?.getLineAndCharacterOfPosition(mistake.start ?? 0);
  return { problem: problem.replace(/\.$/, ''), line: (at?.line ?? 0) + 1 };
}
