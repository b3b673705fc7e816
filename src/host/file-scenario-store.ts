/**
 * Scenarios on disk. Four places may be read: the shipped folder (ids are paths relative to it), the
 * user's folder and single files that the user opened by hand (ids are absolute paths), and what came
 * in bundles. Nothing else: an id that leads out of these, by `..` or by a link, is refused. Writing goes to a temporary
 * name in the same folder and is renamed, so a reader never meets half a file.
 */
import { constants, existsSync } from 'node:fs';
import { open, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fileTrouble } from '../app/file-trouble.js';
import { makeFolder } from '../app/make-folder.js';
import { isBundledId, type BundledScenario, type TakenOver } from '../contract/bundle-form.js';
import { LabError } from '../contract/lab-api.js';
import type { SavedScenario, ScenarioSummary, ScenarioText } from '../contract/lab-api.js';
import { BundleFolders } from './bundle-folders.js';
import { numberedNames } from './numbered-names.js';
import type { ScenarioPlace, ScenarioStore } from './ports.js';
import { readScenarioHead } from './scenario-head.js';
import { copyBundle } from './take-over.js';

/** Largest scenario that is read or written. */
export const SCENARIO_BYTES_MAX = 1024 * 1024;
/** Most files that a listing shows; folders beyond it are somebody's archive. */
const LIST_FILES_MAX = 500;
const EXTENSION = '.xlab';

export interface FileScenarioStoreOptions {
  readonly shippedFolder: string;
  readonly userFolder: string;
  /** Makes temporary names unique; a counter by default. */
  readonly uniqueName?: () => string;
}

interface Located extends ScenarioPlace {
  readonly path: string;
  readonly shipped: boolean;
}

export class FileScenarioStore implements ScenarioStore {
  private readonly granted = new Set<string>();
  private readonly bundles = new BundleFolders();
  private readonly options: FileScenarioStoreOptions;
  private saveCount = 0;

  constructor(options: FileScenarioStoreOptions) {
    this.options = options;
  }

  /** Allows one file outside both folders: the user named it on the command line or in a dialog. */
  async grant(path: string): Promise<string> {
    const absolute = await realPathOrSelf(resolve(path));
    if (!absolute.endsWith(EXTENSION)) throw new LabError(`${basename(path)} is not a .xlab file`);
    this.granted.add(absolute);
    return absolute;
  }

  async list(): Promise<readonly ScenarioSummary[]> {
    const shipped = await this.listFolder(this.options.shippedFolder, (name) => name);
    const user = await this.listFolder(this.options.userFolder, (name) =>
      join(this.options.userFolder, name),
    );
    return [...shipped, ...user];
  }

  async read(id: string): Promise<ScenarioText> {
    const place = await this.resolveId(id);
    const text = await readBounded(place.path, id);
    return { id, text };
  }

  async write(scenario: SavedScenario): Promise<ScenarioText> {
    const bytes = Buffer.byteLength(scenario.text, 'utf8');
    if (bytes > SCENARIO_BYTES_MAX) {
      throw new LabError(`${scenario.id} has ${String(bytes)} bytes; a scenario may have 1 MiB`);
    }
    if (isBundledId(scenario.id)) {
      throw new LabError('take the scenario over first: its inputs are saved with it');
    }
    const place = await this.resolveId(scenario.id);
    const path = place.shipped ? await this.freePath(place.file, scenario.text) : place.path;
    if (!place.shipped) await refuseOtherText(path, scenario);
    try {
      makeFolder(dirname(path));
    } catch (error) {
      throw new LabError(`cannot make the scenario folder: ${fileTrouble(error)}`);
    }
    await this.writeWhole(path, scenario.text);
    return { id: path, text: scenario.text };
  }

  /**
   * Where a text that is not from the user's folder goes: under its name, or with a number behind it where
   * another text stands already.
   */
  private async freePath(file: string, text: string): Promise<string> {
    for (const name of numberedNames(file, EXTENSION)) {
      const path = join(this.options.userFolder, name);
      if (!existsSync(path)) return path;
      if ((await readBounded(path, name).catch(() => null)) === text) return path;
    }
    throw new LabError(`the scenario folder is full of files called ${file}`);
  }

  async locate(id: string): Promise<ScenarioPlace> {
    const { folder, file } = await this.resolveId(id);
    return { folder, file };
  }

  async openBundle(bundle: BundledScenario): Promise<string> {
    const bytes = Buffer.byteLength(bundle.text, 'utf8');
    if (bytes > SCENARIO_BYTES_MAX) {
      throw new LabError(`the scenario has ${String(bytes)} bytes; it may have 1 MiB`);
    }
    return this.bundles.open(bundle);
  }

  async takeOver(id: string): Promise<TakenOver> {
    const { path, leftAlone } = await copyBundle(this.bundles.locate(id), this.options.userFolder);
    return { id: path, leftAlone };
  }

  /** Removes what came in bundles. */
  close(): void {
    this.bundles.close();
  }

  private async listFolder(
    folder: string,
    idOf: (name: string) => string,
  ): Promise<ScenarioSummary[]> {
    let names: string[];
    try {
      names = await readdir(folder);
    } catch {
      return [];
    }
    const files = names.filter((name) => name.endsWith(EXTENSION) && !name.startsWith('.'));
    files.sort();
    const list: ScenarioSummary[] = [];
    for (const name of files.slice(0, LIST_FILES_MAX)) {
      const head = await readBounded(join(folder, name), name).then(readScenarioHead, () => null);
      if (head !== null) {
        list.push({ id: idOf(name), title: head.title || name, question: head.question });
      }
    }
    return list;
  }

  private async resolveId(id: string): Promise<Located> {
    if (id === '' || id.includes('\0')) throw new LabError('a scenario needs a name');
    if (!id.endsWith(EXTENSION)) throw new LabError(`${id} is not a .xlab file`);
    if (isBundledId(id)) {
      const { folder, file } = this.bundles.locate(id);
      return { path: join(folder, file), folder, file, shipped: false };
    }
    const shipped = !isAbsolute(id);
    const wanted = shipped ? resolve(this.options.shippedFolder, id) : resolve(id);
    const path = await realPathOrSelf(wanted);
    const root = await realPathOrSelf(
      resolve(shipped ? this.options.shippedFolder : this.options.userFolder),
    );
    const allowed = isInside(path, root) || (!shipped && this.granted.has(path));
    if (!allowed) throw new LabError(`${id} is outside the scenario folders`);
    return { path, folder: dirname(path), file: basename(path), shipped };
  }

  private async writeWhole(path: string, text: string): Promise<void> {
    this.saveCount += 1;
    const unique =
      this.options.uniqueName?.() ?? `${String(process.pid)}-${String(this.saveCount)}`;
    const temporary = join(dirname(path), `.${basename(path)}.${unique}.tmp`);
    try {
      const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
      const file = await open(temporary, flags, 0o644);
      try {
        await file.writeFile(text, 'utf8');
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw new LabError(`cannot write ${basename(path)}: ${fileTrouble(error)}`);
    }
  }
}

/** Rejects where neither the text that is replaced nor the new one stands in the file. */
async function refuseOtherText(path: string, { text, replaces }: SavedScenario): Promise<void> {
  if (replaces === undefined || !existsSync(path)) return;
  const standing = await readBounded(path, basename(path)).catch(() => null);
  if (standing === null || standing === replaces || standing === text) return;
  throw new LabError(
    `${basename(path)} was changed elsewhere since it was opened and is left as it is; ` +
      'save once more to write over it, or open it again to see what changed',
  );
}

/** True when `path` is below `root` (not the root itself). */
function isInside(path: string, root: string): boolean {
  const way = relative(root, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** The path with links followed; for a file that does not exist yet, its folder's links. */
async function realPathOrSelf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(await realPathOrSelf(parent), basename(path));
  }
}

async function readBounded(path: string, id: string): Promise<string> {
  try {
    const facts = await stat(path);
    if (!facts.isFile()) throw new LabError(`${id} is not a file`);
    if (facts.size > SCENARIO_BYTES_MAX) {
      throw new LabError(`${id} has ${String(facts.size)} bytes; a scenario may have 1 MiB`);
    }
    const file = await open(path, 'r');
    try {
      return (await file.readFile()).toString('utf8');
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof LabError) throw error;
    throw new LabError(`cannot read ${id}: ${fileTrouble(error)}`);
  }
}
