/** `std/record/record.sh`: what it records of this machine is what the imports read. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileScenario } from '../../src/app/compile-scenario.js';
import { createLanguageHost } from '../../src/app/language-host.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const script = resolve('scenarios/std/record/record.sh');
const root = temporaryFolder();

describe.skipIf(!existsSync('/proc/vmstat'))('the script that records a host', () => {
  it('writes logs and a machine that a scenario reads', () => {
    const folder = join(root, 'host');
    execFileSync('sh', [script, folder, '1', 'skl'], { stdio: 'ignore' });
    const host = createLanguageHost(folder);
    for (const [format, path, name] of [
      ['meminfo_log', 'meminfo.log', 'MemTotal'],
      ['vmstat_log', 'vmstat.log', 'nr_free_pages'],
    ] as const) {
      const { data, diagnostics } = host.readImport({ format, path, options: {} });
      expect(diagnostics).toEqual([]);
      const times = data?.series?.[name]?.timesNs ?? [];
      expect(times).toHaveLength(2);
      expect(times[0]).toBe(0);
      expect(times[1]).toBeGreaterThan(0);
    }
    const text =
      'xlab 1\nmachine from "machine.json"\ncompare module_alloc\n' +
      'phase p for 1s { load bpf size 64B lifetime 1ms }\n';
    const request = { file: 'a.xlab', folder, text, settings: {}, seeds: '', only: [] };
    const { plan, diagnostics } = compileScenario(request);
    expect(diagnostics).toEqual([]);
    const total = /MemTotal:\s+(\d+) kB/.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1];
    const pages = Math.floor(Number(total) / 4);
    expect(plan?.points[0]?.machine).toMatchObject({ cpu: 'skl', ramBytes: pages * 4096 });
  });

  it('says how it is used when it is called without arguments', () => {
    expect(() => execFileSync('sh', [script], { stdio: 'pipe' })).toThrow('usage: sh record.sh');
  });
});
