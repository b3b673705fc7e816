/** From the text of a scenario to a plan that can run, with everything the lab knows by name. */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { elaborate } from '../../dsl/elaborate.js';
import { hasErrors, type Diagnostic } from '../contract/diagnostic.js';
import type { CompileReply, CompileRequest } from '../contract/lab-engine.js';
import { labCatalog } from './catalog.js';
import { createLanguageHost } from './language-host.js';

const NOTHING_TO_RUN: Diagnostic = {
  code: 'X0007',
  severity: 'error',
  message: 'this file has no phase, nothing can run',
  help: 'use it from a scenario: use "FILE" as NAME',
};

/** Checks and compiles. Never throws on any text. `onRead` hears of every file beside the scenario. */
export function compileScenario(
  request: CompileRequest,
  onRead?: (path: string, bytes: Buffer) => void,
): CompileReply {
  const { folder, text, file, settings, seeds, only } = request;
  const host = createLanguageHost(folder, request.plugins, onRead);
  const input = { text, file, settings, seeds, only };
  const { plan, diagnostics, sources, params } = elaborate(input, labCatalog(), host);
  if (plan === undefined) {
    const findings = hasErrors(diagnostics) ? diagnostics : [...diagnostics, NOTHING_TO_RUN];
    return { diagnostics: findings, sources, params };
  }
  const sha256 = createHash('sha256').update(text).digest('hex');
  const inputs = [{ path: basename(file), sha256 }, ...plan.inputs];
  return { plan: { ...plan, inputs }, diagnostics, sources, params };
}
