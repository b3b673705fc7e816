/**
 * A bundle: scenario, inputs, settings, result, view and report choice in one file, as gzipped JSON.
 * Bundles come from mails: the size is bounded before and while it is unpacked, every field is checked, and
 * inputs and result are checked again by the lab. No path above the scenario, host or user name is written.
 */
import {
  BUNDLE_BYTES_MAX,
  BundleError,
  bundleFields,
  parseBundleForm,
  type BundleForm,
} from '../../src/contract/bundle-form.js';
import { parseKeptReport, type KeptReport } from './kept-report.js';
import { parseShownView } from './view-link.js';
import type { ShownView } from './view-link.js';

export interface Bundle extends Omit<BundleForm, 'view' | 'report'> {
  readonly view: ShownView;
  readonly report: KeptReport;
}

/** Throws BundleError for a bundle that no lab would open. */
export async function packBundle(bundle: Bundle): Promise<Blob> {
  const json = JSON.stringify(bundleFields(bundle));
  // A letter has a byte at least: most of what is too long need not be encoded to know it.
  if (json.length > BUNDLE_BYTES_MAX) throw tooLong(json.length);
  const bytes = new Blob([json]);
  if (bytes.size > BUNDLE_BYTES_MAX) throw tooLong(bytes.size);
  const packed = bytes.stream().pipeThrough(new CompressionStream('gzip'));
  return new Response(packed).blob();
}

const tooLong = (bytes: number): BundleError =>
  new BundleError(
    `the bundle would have ${String(Math.ceil(bytes / 1024 ** 2))} MiB, at most 60 are opened`,
  );

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
  const form = parseBundleForm(value);
  return { ...form, view: parseShownView(form.view), report: parseKeptReport(form.report) };
}
