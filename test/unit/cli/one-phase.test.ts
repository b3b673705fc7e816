/** `xlab run --phase` and `--only`: the command that a report prints gives the same report. */
import { describe, expect, it } from 'vitest';
import { runCli } from '../../support/run-cli.js';
import { temporaryFolder, writeInto } from '../../support/temporary-folder.js';

const TEXT = `xlab 1
machine { ram 8GiB; cpus 4; cpu skl; kernel "6.12" }
compare linux_6_1, linux_6_12, linux_7_2 baseline linux_6_1
pool progs
phase load for 2s { repeat 10 { load bpf size 168B into progs } }
phase drop for 1s { free all progs }
probe every 100ms: DirectMap4k
`;
const FILE = writeInto(temporaryFolder(), 'phases.xlab', TEXT);

/** The words of the command that a report ends with. */
const commandOf = (report: string): readonly string[] =>
  /^ {2}xlab (run (?:.*\\\n)*.*)$/m.exec(report)?.[1]?.replace(/\\\n/g, ' ').trim().split(/\s+/) ??
  [];

describe('a run of one phase and some designs', () => {
  it('prints the command that repeats it, hash included', async () => {
    const first = await runCli('run', FILE, '--phase', 'drop', '--only', 'linux_6_1,linux_7_2');
    expect(first.code).toBe(0);
    expect(first.out).toContain('(only phase drop)');
    const words = commandOf(first.out);
    expect(words).toContain('--phase');
    expect(words).toContain('linux_6_1,linux_7_2');
    expect(words).toContain('--expect-hash');
    const [run = '', file, ...options] = words;
    expect(file).toMatch(/phases\.xlab$/);
    const again = await runCli(run, FILE, ...options);
    expect([again.code, again.out]).toEqual([0, first.out]);
    const whole = await runCli(
      run,
      FILE,
      ...options.filter((word) => !/^(--phase|drop)$/.test(word)),
    );
    expect(whole.code).toBe(5);
  });

  it('of no phase names those that there are', async () => {
    const { code, err } = await runCli('run', FILE, '--phase', 'dorp');
    expect(code).toBe(2);
    expect(err).toContain('--phase dorp: there is no such phase');
    expect(err).toContain('one of load drop');
  });
});
