/** Reads a bundle from disk within bounds; its view and report are left to the window. */
import { readFileSync, statSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import {
  BUNDLE_BYTES_MAX,
  BUNDLE_EXTENSION,
  BundleError,
  parseBundleForm,
  type BundleForm,
} from '../contract/bundle-form.js';

export const isBundlePath = (path: string): boolean => path.endsWith(BUNDLE_EXTENSION);

/** Throws BundleError for what is no bundle, and what the file system throws. */
export function readBundle(path: string): BundleForm {
  const status = statSync(path);
  if (!status.isFile()) throw new BundleError('it is not a file');
  if (status.size > BUNDLE_BYTES_MAX) throw new BundleError('the file is too large for a bundle');
  return parseBundleForm(parsed(unzipped(readFileSync(path))));
}

function unzipped(bytes: Buffer): string {
  try {
    return gunzipSync(bytes, { maxOutputLength: BUNDLE_BYTES_MAX }).toString('utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    throw new BundleError(
      code === 'ERR_BUFFER_TOO_LARGE'
        ? 'the bundle unpacks to more than 60 MiB'
        : 'the file is not a bundle: it cannot be unpacked',
    );
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new BundleError('the file is not a bundle: no JSON in it');
  }
}
