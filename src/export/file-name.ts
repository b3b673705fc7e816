/** Names of exported files: `<scenario>-<hash12>-<what>.<ext>` leads back to the run. */
import type { ExperimentResult } from '../contract/run-result.js';
import { hash12 } from './mail-context.js';

/** Lower-case letters, digits, dots and dashes only; never empty. */
export function fileSlug(text: string): string {
  const slug = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 60);
  return slug === '' ? 'scenario' : slug;
}

/** File name for one export of a result. The scenario's folder and suffix are left out. */
export function exportFileName(result: ExperimentResult, what: string, extension: string): string {
  const base = result.scenario.file.split(/[\\/]/).pop() ?? '';
  const scenario = fileSlug(base.replace(/\.xlab$/i, ''));
  return `${scenario}-${hash12(result)}-${fileSlug(what)}.${extension}`;
}
