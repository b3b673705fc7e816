/**
 * A bundle: scenario, settings, result and view in one file, as gzipped JSON. Bundles come from mails:
 * the size is bounded before and while it is unpacked, every field is checked, and the result itself
 * is checked by the lab. No path, host or user name is written.
 */
import { parseShownView } from './view-link.js';
import type { ShownView } from './view-link.js';

export const BUNDLE_EXTENSION = '.xlabrun';
/** Longest unpacked bundle, bytes. */
export const BUNDLE_BYTES_MAX = 60 * 1024 * 1024;
const FORMAT = 'xlabrun';
const VERSION = 1;

export interface Bundle {
  /** File name without folders. */
  readonly file: string;
  readonly text: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly seeds: string;
  readonly view: ShownView;
  /** Unchecked: the lab reads it. */
  readonly result: unknown;
}

export class BundleError extends Error {
  override readonly name = 'BundleError';
}

export async function packBundle(bundle: Bundle): Promise<Blob> {
  const json = JSON.stringify({ format: FORMAT, version: VERSION, ...bundle });
  const packed = new Blob([json]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Response(packed).blob();
}

/** Unpacks and checks; throws BundleError with the reason. */
export async function unpackBundle(file: Blob): Promise<Bundle> {
  const text = await unzip(file);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BundleError('the file is not a bundle: no JSON in it');
  }
  return parseBundle(value);
}

async function unzip(file: Blob): Promise<string> {
  if (file.size > BUNDLE_BYTES_MAX) throw new BundleError('the file is too large for a bundle');
  const reader = file.stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for (;;) {
    let step: ReadableStreamReadResult<Uint8Array>;
    try {
      step = await reader.read();
    } catch {
      throw new BundleError('the file is not a bundle: it cannot be unpacked');
    }
    if (step.done) return text + decoder.decode();
    bytes += step.value.byteLength;
    if (bytes > BUNDLE_BYTES_MAX) {
      await reader.cancel();
      throw new BundleError('the bundle unpacks to more than 60 MiB');
    }
    text += decoder.decode(step.value, { stream: true });
  }
}

export function parseBundle(value: unknown): Bundle {
  if (!isRecord(value) || value['format'] !== FORMAT) {
    throw new BundleError('the file is not a bundle of this lab');
  }
  if (value['version'] !== VERSION) {
    throw new BundleError(`the bundle has version ${String(value['version'])}, this lab reads 1`);
  }
  const { file, text, settings, seeds, view, result } = value;
  if (typeof file !== 'string' || typeof text !== 'string' || typeof seeds !== 'string') {
    throw new BundleError('the bundle has no scenario');
  }
  if (!isRecord(settings) || !Object.values(settings).every((entry) => typeof entry === 'string')) {
    throw new BundleError('the settings of the bundle cannot be read');
  }
  const name = file.split(/[\\/]/).at(-1) ?? '';
  return {
    file: /^[\w][\w.-]*\.xlab$/.test(name) ? name : 'bundle.xlab',
    text,
    settings: settings as Readonly<Record<string, string>>,
    seeds,
    view: parseShownView(isRecord(view) ? view : {}),
    result,
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
