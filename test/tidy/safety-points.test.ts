/**
 * Scenarios, recordings, bundles and plugins come from mails: what the program promises about them, and the
 * test that shows each promise. A test that is renamed or taken out is missed here.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const TESTS = fileURLToPath(new URL('..', import.meta.url));

/** Promise, file under `test`, words of the test's name. */
const POINTS: readonly (readonly [promise: string, file: string, words: string])[] = [
  [
    'events are bounded before anything runs',
    'unit/cli/wrong-input.test.ts',
    'with 10^9 events is refused',
  ],
  ['runs are bounded', 'unit/cli/wrong-input.test.ts', 'with more runs than allowed'],
  ['recursion of texts is bounded', 'unit/dsl/hostile-text.test.ts', '2,000 nested blocks'],
  ['work of a text is bounded', 'unit/dsl/hostile-text.test.ts', 'workloads that double'],
  ['long lines are refused', 'unit/cli/wrong-input.test.ts', 'with a line of 10 MB'],
  [
    'files are bounded in size',
    'unit/app/confined-folder.test.ts',
    'refuses a file larger than the bound',
  ],
  [
    'scenarios are bounded in size',
    'unit/host/file-scenario-store.test.ts',
    'a file above the size limit',
  ],
  ['bundles are bounded while they are unpacked', 'e2e/files.e2e.ts', 'more than 60 MiB'],
  ['results are bounded', 'unit/app/result-file.test.ts', 'with a run that is too long'],
  ['memory of a map is bounded', 'unit/app/map/long-map-reader.test.ts', 'are thinned evenly'],
  ['no text breaks the language', 'unit/dsl/hostile-text.test.ts', 'survives noise of bytes'],
  [
    'no partial scenario is left',
    'unit/host/file-scenario-store.test.ts',
    'leaves no temporary file behind',
  ],
  ['no partial result is left', 'unit/app/run-folder.test.ts', 'in the middle of writing loses'],
  ['imports stay in the folder', 'unit/app/confined-folder.test.ts', 'a link to a place outside'],
  [
    'scenarios stay in the folder',
    'unit/host/file-scenario-store.test.ts',
    'refuses a link that leads out',
  ],
  [
    'a plugin loads only when it was named',
    'unit/app/plugins.test.ts',
    'does not load before the user has named it',
  ],
  [
    'a plugin loads only when it was confirmed',
    'e2e/plugin.e2e.ts',
    'stays unloaded when the user says no',
  ],
  ['a plugin is loaded in limited time', 'unit/app/plugins.test.ts', 'statements that do not end'],
  [
    'a plugin runs in limited time',
    'unit/app/run-pool.test.ts',
    'ends a plugin that does not come back',
  ],
  [
    'a plugin is mapped in limited time',
    'unit/app/map/map-worker-line.test.ts',
    'when a design does not come back',
  ],
  ['placements of plugins are checked', 'unit/app/plugins.test.ts', 'ends with X0901'],
  ['W^X of plugins is checked', 'unit/app/plugins.test.ts', 'writable and executable'],
  ['overlaps are found', 'e2e/troubles.e2e.ts', "'overlaps'"],
  [
    'context isolation, sandbox, no Node',
    'e2e/built-desktop.e2e.ts',
    'isolated, sandboxed, without Node',
  ],
  ['a strict content policy', 'e2e/built-desktop.e2e.ts', 'without inline or evaluated script'],
  [
    'a scheme instead of file addresses',
    'unit/electron/protocol.test.ts',
    'without privileges that bypass',
  ],
  [
    'navigation and new windows are denied',
    'e2e/built-desktop.e2e.ts',
    'denies navigation, redirects',
  ],
  ['permissions are denied', 'e2e/built-desktop.e2e.ts', 'denies every permission'],
  ['senders are validated', 'unit/electron/ipc.test.ts', 'is refused before the engine sees it'],
  [
    'arguments are validated',
    'unit/host/hostile-messages.test.ts',
    'refuses everything else before it reaches',
  ],
  ['fuses are set', 'unit/electron/packaging.test.ts', 'every fuse is set the safe way'],
  [
    'the host listens on loopback only',
    'unit/host/browser-host.test.ts',
    'listens on loopback only',
  ],
  [
    'names that are not loopback are refused',
    'unit/host/browser-host.test.ts',
    'refuses a Host header',
  ],
  ['the token is needed', 'unit/host/browser-host.test.ts', 'wrong token'],
  ['the token leaves the address', 'e2e/connection.e2e.ts', 'keeps the token out of the address'],
  ['origins are checked', 'unit/host/browser-host.test.ts', 'foreign origin'],
  ['markup of strangers is text', 'e2e/lab-files.e2e.ts', 'runs nothing of it'],
];

describe('what is promised about hostile input', () => {
  it.each(POINTS)('%s: %s', (_promise, file, words) => {
    expect(readFileSync(`${TESTS}/${file}`, 'utf8')).toContain(words);
  });
});
