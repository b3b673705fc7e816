/**
 * The scenarios that windows have opened from bundles, each with its inputs in a folder of its own until
 * the user takes it over. The folders go with the lab, the oldest before that when there are too many.
 */
import { rmSync } from 'node:fs';
import { unpackBundle } from '../app/bundle-folder.js';
import { BundleError, bundledId } from '../contract/bundle-form.js';
import type { BundledScenario } from '../contract/bundle-form.js';
import { LabError } from '../contract/lab-api.js';
import type { ScenarioPlace } from './ports.js';

/** Bundles that stay open; each may have as many bytes as a bundle takes. */
const OPEN_MAX = 8;

export interface BundlePlace extends ScenarioPlace {
  /** Paths of the inputs, relative to the folder. */
  readonly inputs: readonly string[];
}

export class BundleFolders {
  private readonly places = new Map<string, BundlePlace>();
  private count = 0;

  /** Id of the scenario; rejects with a LabError that says what is wrong with the bundle. */
  async open(bundle: BundledScenario): Promise<string> {
    this.count += 1;
    const id = bundledId(this.count, bundle.file);
    try {
      const folder = await unpackBundle(bundle);
      const inputs = bundle.inputs.map(({ path }) => path);
      this.places.set(id, { folder, file: bundle.file, inputs });
    } catch (error) {
      throw error instanceof BundleError ? new LabError(error.message) : error;
    }
    const [oldest] = this.places.keys();
    if (this.places.size > OPEN_MAX && oldest !== undefined) this.forget(oldest);
    return id;
  }

  /** Rejects with a LabError when the bundle is no longer open. */
  locate(id: string): BundlePlace {
    const place = this.places.get(id);
    if (place === undefined)
      throw new LabError('the bundle is no longer open; open its file again');
    return place;
  }

  close(): void {
    for (const id of [...this.places.keys()]) this.forget(id);
  }

  private forget(id: string): void {
    const place = this.places.get(id);
    this.places.delete(id);
    if (place !== undefined) rmSync(place.folder, { recursive: true, force: true });
  }
}
