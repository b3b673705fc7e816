/**
 * Runs the code of a plugin file once, in a context that has the language and nothing else: no
 * modules but `xlab/plugin`, no clock, no random numbers. That keeps runs repeatable; it is no
 * protection against hostile code, which is why a plugin loads only when the user has named it.
 */
import { createContext, Script } from 'node:vm';
import * as publicInterface from '../../mm/design-plugin.js';

/** Milliseconds for the statements of the file; what it declares takes a fraction of one. */
const LOAD_MS_MAX = 2000;
export const PLUGIN_MODULE = 'xlab/plugin';

const WITHOUT_CHANCE = new Script(
  'for (const name of ["Date", "Intl", "WeakRef", "FinalizationRegistry", "Atomics", "console"]) ' +
    'delete globalThis[name]; delete Math["random"];',
);

/** The file asks for a module that plugins do not have. */
class ModuleRefused extends Error {
  override readonly name = 'ModuleRefused';
}

function requireModule(name: unknown): unknown {
  if (name === PLUGIN_MODULE) return publicInterface;
  throw new ModuleRefused(`it imports '${String(name)}', a plugin has only '${PLUGIN_MODULE}'`);
}

/** Text of anything that was thrown; errors of another context are no instances of ours. */
export function thrownText(problem: unknown): string {
  if (typeof problem === 'object' && problem !== null && 'message' in problem) {
    return String(problem.message);
  }
  return String(problem);
}

/** The default export; throws what the file throws. */
export function evaluatePlugin(code: string, fileName: string): unknown {
  const module: { exports: Readonly<Record<string, unknown>> } = { exports: {} };
  const context = createContext(
    { module, exports: module.exports, require: requireModule },
    { codeGeneration: { strings: false, wasm: false } },
  );
  WITHOUT_CHANCE.runInContext(context);
  new Script(code, { filename: fileName }).runInContext(context, { timeout: LOAD_MS_MAX });
  return module.exports['default'];
}
