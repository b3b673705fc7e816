/**
 * Design plugins: from a file to what a plan carries. A plugin is code, so it loads only when the
 * user has named its file, on the command line or in the window; it lies in the scenario's folder.
 */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { PluginReply } from '../../contract/catalog.js';
import type { ConfinedFolder } from '../confined-folder.js';
import { declaredPlugin } from './declared-plugin.js';
import { evaluatePlugin, thrownText } from './evaluate-plugin.js';
import { transpilePlugin } from './transpile-plugin.js';

const PLUGIN_BYTES_MAX = 1_048_576;
const FILE_NAME = /\.(?:ts|mts|js|mjs)$/;
/** Plugins kept, by path and content: an editor checks after each key. */
const KEPT_MAX = 16;

/** Name of a plugin's design in plans. */
export const pluginDesignName = (path: string): string => `plugin:${path}`;

const kept = new Map<string, PluginReply>();

type Refused = Extract<PluginReply, { kind: 'refused' }>;

const refused = (message: string, help?: string, notes?: readonly string[]): Refused => ({
  kind: 'refused',
  message,
  ...(notes === undefined ? {} : { notes }),
  ...(help === undefined ? {} : { help }),
});

function load(path: string, text: string, sha256: string): PluginReply {
  const name = basename(path);
  const notLoaded = (problem: string): PluginReply =>
    refused(`plugin '${name}' does not load`, 'correct the file', [problem]);
  const transpiled = transpilePlugin(text, name);
  if ('problem' in transpiled) {
    return notLoaded(`${name}:${String(transpiled.line)}: ${transpiled.problem}`);
  }
  const { code } = transpiled;
  try {
    const declared = declaredPlugin(evaluatePlugin(code, name), pluginDesignName(path));
    if ('problem' in declared) return notLoaded(declared.problem);
    return { kind: 'loaded', plugin: { path, sha256, code, info: declared.info } };
  } catch (problem) {
    return notLoaded(thrownText(problem));
  }
}

export interface PluginRequest {
  /** Relative to the scenario's folder. */
  readonly path: string;
  readonly folder: ConfinedFolder;
  /** Real paths of the files that the user has named. */
  readonly named: ReadonlySet<string>;
}

export function readPlugin({ path, folder, named }: PluginRequest): PluginReply {
  const real = folder.locate(path);
  if (real === undefined) {
    const help = 'paths are relative to the scenario and stay in its folder';
    return refused(`there is no plugin '${path}'`, help);
  }
  if (!FILE_NAME.test(path)) {
    return refused(`'${path}' is no plugin`, 'name a .ts or .js file');
  }
  if (!named.has(real)) {
    const notes = ['a plugin is code: it loads only when you name it'];
    const help = `name it on the command line: --plugin ${path}`;
    return {
      kind: 'refused',
      message: `plugin '${path}' is not loaded`,
      notes,
      help,
      plugin: path,
    };
  }
  const file = folder.read(path, PLUGIN_BYTES_MAX);
  if (file.kind !== 'bytes') {
    return refused(
      `cannot read '${path}'`,
      undefined,
      file.kind === 'missing' ? [] : [file.reason],
    );
  }
  const sha256 = createHash('sha256').update(file.bytes).digest('hex');
  const key = `${path} ${sha256}`;
  const reply = kept.get(key) ?? load(path, file.bytes.toString('utf8'), sha256);
  kept.delete(key);
  kept.set(key, reply);
  for (const old of kept.keys()) {
    if (kept.size <= KEPT_MAX) break;
    kept.delete(old);
  }
  return reply;
}
