/**
 * `npm run check`: the whole truth about a checkout, cheap stages first, stopping at the first red one.
 * One summary line a stage; the last line adds up all tests: `N passed, N failed, N skipped`.
 *
 *   node test/check.mjs [--fast]     --fast stops before the build
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'xlab-check-'));
const fast = process.argv.includes('--fast');
const bin = (name) => join(root, 'node_modules', '.bin', name);
const counts = { passed: 0, failed: 0, skipped: 0 };
const CHROMIUM_NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
/** Every state in every theme and zoom takes minutes more: `npm run test:states`. */
const WINDOW_SUITES = [
  'troubles',
  'maps',
  'looks',
  'lab-work',
  'lab-files',
  'main-job',
  'files',
  'connection',
  'editor',
  'lab-keys',
  'lab-compare',
  'lab-author',
  'lab-explain',
  'other-results',
  'plugin',
  'first-start',
  'incoming',
];
const E2E_CONFIG = 'test/vitest.e2e.config.ts';
const SMOKE = join('scenarios', 'one-leaf.xlab');

/** Adds up a vitest report; true when it can be read. */
function addReport(path) {
  if (!existsSync(path)) return false;
  const report = JSON.parse(readFileSync(path, 'utf8'));
  counts.passed += report.numPassedTests;
  counts.failed += report.numFailedTests;
  counts.skipped += report.numPendingTests + report.numTodoTests;
  return true;
}

function execute(command, args) {
  const options = { cwd: root, stdio: 'inherit', env: { ...process.env, FORCE_COLOR: '0' } };
  return spawnSync(command, args, options).status === 0;
}

/** A stage that passes or fails as a whole counts as one test. */
function command(name, program, args) {
  return {
    name,
    run() {
      const ok = execute(program, args);
      counts[ok ? 'passed' : 'failed'] += 1;
      return ok;
    },
  };
}

/** The exit code of a command and what it printed. */
function captured(program, args) {
  return new Promise((done) => {
    const child = spawn(program, args, { cwd: root, env: { ...process.env, FORCE_COLOR: '0' } });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (piece) => (text += piece));
    }
    child.once('error', (error) => done({ code: null, text: String(error) }));
    child.once('close', (code) => done({ code, text }));
  });
}

/** Commands of one thread each that need nothing of each other, side by side; each counts as one test. */
function together(name, commands) {
  return {
    name,
    async run() {
      const ends = commands.map(async ([program, ...args]) => {
        const { code, text } = await captured(bin(program), args);
        counts[code === 0 ? 'passed' : 'failed'] += 1;
        process.stdout.write(text);
        return code === 0;
      });
      return (await Promise.all(ends)).every(Boolean);
    },
  };
}

const SECOND_TRIES = '--reporter=./test/support/second-try-reporter.ts';

function vitest(name, config, filters = []) {
  return {
    name,
    run() {
      const report = join(scratch, `${name.replaceAll(/\W+/g, '-')}.json`);
      const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
      if (config === E2E_CONFIG) reporters.push(SECOND_TRIES);
      const ok = execute(bin('vitest'), ['run', '--config', config, ...reporters, ...filters]);
      if (!addReport(report)) counts.failed += 1;
      return ok;
    },
  };
}

const hasChromium = () =>
  [...(process.env.XLAB_CHROMIUM ? [process.env.XLAB_CHROMIUM] : []), ...CHROMIUM_NAMES].some(
    (name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0,
  );

/** Relative names and bytes of all files below a folder, as one text to compare. */
function contentOf(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return files
    .map((file) => `${file.slice(folder.length)}\n${readFileSync(file, 'base64')}`)
    .join();
}

/**
 * The built command line in worker threads: a shipped scenario leaves report, charts and tables, the
 * same bytes twice; a file that is not there is refused.
 */
const smokeRun = {
  name: 'command line',
  run() {
    const cli = join('out', 'main', 'cli.js');
    const folders = ['first', 'second'].map((name) => join(scratch, name));
    const ok =
      folders.every((out) => execute('node', [cli, 'run', SMOKE, '--out', out, '--quiet'])) &&
      ['report.txt', 'result.json', 'charts', 'data'].every((name) =>
        existsSync(join(folders[0], name)),
      ) &&
      readdirSync(join(folders[0], 'charts')).some((name) => name.endsWith('.svg')) &&
      contentOf(folders[0]) === contentOf(folders[1]) &&
      spawnSync('node', [cli, 'run', 'no-such-file.xlab'], { cwd: root }).status === 2;
    counts[ok ? 'passed' : 'failed'] += 1;
    return ok;
  },
};

/** Whether there is a binary beside the package of that name, as `xlab desktop` looks for it. */
const hasElectron = () =>
  Boolean(process.env.ELECTRON_OVERRIDE_DIST_PATH) ||
  existsSync(join(root, 'node_modules', 'electron', 'path.txt'));

/** The suites skip by name what they cannot open; a line for each window that is not here. */
const windowTests = {
  name: 'window',
  run() {
    const missing = [
      ...(hasChromium() ? [] : ['the window in Chromium: no Chromium on this machine']),
      ...(hasElectron() ? [] : ['the window in Electron: no Electron binary on this machine']),
    ];
    const ok = vitest('window', E2E_CONFIG, WINDOW_SUITES).run();
    for (const line of missing) process.stdout.write(`SKIPPED ${line}\n`);
    return ok;
  },
};

const stages = [
  together('format, lint, types', [
    ['eslint', '.', '--max-warnings', '0'],
    ['vue-tsc', '--noEmit', '-p', 'tsconfig.json'],
    ['prettier', '--check', '--log-level', 'warn', '.'],
  ]),
  vitest('tests', 'test/vitest.config.ts'),
  ...(fast
    ? []
    : [
        command('build', 'npm', ['run', '-s', 'build']),
        smokeRun,
        vitest('runs that are killed', E2E_CONFIG, ['killed-run']),
        vitest('built desktop', E2E_CONFIG, ['built-desktop', 'built-commands', 'packed-desktop']),
        windowTests,
      ]),
];

let red = false;
for (const stage of stages) {
  const startedMs = Date.now();
  red = !(await stage.run());
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
  process.stdout.write(`${red ? 'FAIL' : 'ok'}  ${stage.name}  ${seconds} s\n`);
  if (red) break;
}
rmSync(scratch, { recursive: true, force: true });
if (red && counts.failed === 0) counts.failed = 1;
process.stdout.write(
  `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`,
);
process.exitCode = red ? 1 : 0;
