/**
 * Last step of the build: the result that comes with the program, in the form in which it is sent.
 *
 *   node out/main/share-first-run.js out/first-run.json
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { withSharedRuns } from '../app/shared-result.js';

for (const path of process.argv.slice(2)) {
  writeFileSync(path, withSharedRuns(readFileSync(path, 'utf8')));
}
