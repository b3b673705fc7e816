/** `xlab import` and `xlab record`: what would be used and dropped, what a recording reveals. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROC_MODULES, TRACE } from '../../support/host-texts.js';
import { importFormats } from '../../../src/app/imports/index.js';
import {
  RECORD_COMMANDS,
  RECORDED_FILES,
  recordCommandOf,
} from '../../../src/contract/record-commands.js';
import { runCli } from '../../support/run-cli.js';
import { temporaryFolder, writeInto } from '../../support/temporary-folder.js';

const root = temporaryFolder();

describe('xlab import', () => {
  it('counts what an import would use, guess and drop, with the reasons', async () => {
    const path = writeInto(root, 'trace.txt', TRACE);
    const { code, out } = await runCli('import', 'ftrace', path);
    expect(code).toBe(0);
    expect(out.split('\n').slice(1)).toEqual([
      'requests: 10 (creates 6 module, 1 alloc)',
      'records: 24: 21 used, 1 guessed, 0 dropped, 2 of other memory',
      '       1  area outside of the module range',
      '       1  purge_vmap_area_lazy: no request',
      '       1  area of an asker that is not told: taken as text',
      '',
    ]);
  });

  it('takes lines of the block', async () => {
    const path = writeInto(root, 'trace.txt', TRACE);
    const { out } = await runCli('import', 'ftrace', path, '--with', 'event module_free', '--json');
    expect(JSON.parse(out)).toMatchObject({ requests: 3, account: { used: 3 } });
    const wrong = await runCli('import', 'ftrace', path, '--with', 'events module_free');
    expect(wrong).toMatchObject({ code: 2, out: '' });
    expect(wrong.err).toContain("'ftrace' has no key 'events'");
  });

  it('shows what is wrong with a file, and the format that was meant', async () => {
    const zeros = PROC_MODULES.replaceAll(/0x[0-9a-f]{16}/g, '0x0000000000000000');
    const path = writeInto(root, 'modules.txt', zeros);
    const hidden = await runCli('import', 'proc_modules', path);
    expect(hidden.code).toBe(2);
    expect(hidden.err).toContain('kernel pointers are hidden');
    expect(hidden.err).toMatch(/cat\s+\/proc\/modules > modules\.txt/);
    const misspelt = await runCli('import', 'proc_module', path);
    expect(misspelt.err).toContain("did you mean 'proc_modules'?");
  });
});

describe('xlab record', () => {
  it('prints what is read and what each file reveals, and records nothing', async () => {
    const folder = join(root, 'host');
    const { code, out } = await runCli('record', folder, '--cpu', 'skl', '--seconds', '30');
    expect(code).toBe(0);
    for (const file of ['vmallocinfo.txt', 'bpf.json', 'trace.txt', 'trace.json', 'meminfo.log']) {
      expect(out).toMatch(
        new RegExp(`^${file}\n  made with  .+\n  read by    .+\n  reveals    .+$`, 'm'),
      );
    }
    expect(out).toContain(`xlab record ${folder} --run --seconds 30 --cpu skl`);
    expect(existsSync(folder)).toBe(false);
  });

  it('names every file that the script writes', async () => {
    const { out } = await runCli('record', '--json');
    const { steps } = JSON.parse(out) as { steps: { file: string }[] };
    const script = readFileSync('scenarios/std/record/record.sh', 'utf8');
    const written = [...script.matchAll(/\$folder\/([a-z-]+(?:\.(?:txt|json|log))?)/g)].map(
      ([, name = '']) => name,
    );
    const files = steps.map(({ file }) => file.replace(/\/$/, ''));
    // Raw data and messages of tools are removed again, and `trace` is the tracing instance's file.
    const kept = new Set(written.filter((name) => name !== 'perf' && name !== 'trace'));
    expect([...kept].sort()).toEqual([...files].sort());
  });

  it('has one command a file that makes it, and names formats that there are', () => {
    const formats = RECORDED_FILES.flatMap(({ format }) => format ?? []);
    expect(formats.filter((name) => importFormats.find(name) === undefined)).toEqual([]);
    for (const { file, command } of RECORD_COMMANDS.slice(1)) {
      expect(command.endsWith(` > ${file}`), command).toBe(true);
    }
    expect(recordCommandOf('proc_modules')?.command).toBe('cat /proc/modules > host/modules.txt');
    expect(recordCommandOf('csv')).toBeUndefined();
  });

  it('writes the scripts into a folder once', async () => {
    const folder = join(root, 'scripts');
    expect(await runCli('record', folder, '--write')).toMatchObject({ code: 0 });
    for (const name of ['record.sh', 'text.bt']) {
      const shipped = readFileSync(join('scenarios/std/record', name), 'utf8');
      expect(readFileSync(join(folder, name), 'utf8')).toBe(shipped);
    }
    const again = await runCli('record', folder, '--write');
    expect(again.code).toBe(2);
    expect(again.err).toContain('is there already');
  });

  it('refuses to record with a profile that is not there, or for no time', async () => {
    const folder = join(root, 'never');
    const wrong = await runCli('record', folder, '--run', '--cpu', 'zen5x');
    expect(wrong.code).toBe(2);
    expect(wrong.err).toContain("there is no CPU profile 'zen5x'");
    const none = await runCli('record', folder, '--run', '--seconds', '0', '--cpu', 'skl');
    expect(none.code).toBe(2);
    expect(existsSync(folder)).toBe(false);
  });
});
