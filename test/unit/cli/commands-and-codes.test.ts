/** What scripts rely on: commands with their options, as the help lists them, and exit codes. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../../support/run-cli.js';
import { temporaryFolder, writeInto } from '../../support/temporary-folder.js';

const root = temporaryFolder();

/** Commands of the language page, with their operands and options. */
const COMMANDS: readonly (readonly [name: string, operands: string, options: readonly string[]])[] =
  [
    ['check', '<file>', []],
    ['fmt', '<files...>', ['--check']],
    [
      'run',
      '<file>',
      [
        '--set <name=value>',
        '--seeds <seeds>',
        '--only <designs>',
        '--shard <k/n>',
        '--out <dir>',
        '--junit <file>',
        '--ktap',
        '--report <form>',
        '--expect-hash <hash>',
        '--quiet',
        '--json',
        '--unicode',
      ],
    ],
    ['merge', '<dirs...>', []],
    ['diff', '<a> <b>', []],
    ['report', '<dir>', ['--format <form>', '--lint']],
    ['import', '<format> <file>', []],
    ['explain', '<code>', []],
    ['lsp', '', []],
    ['designs', '[name]', []],
  ];

describe('the help', () => {
  it('lists every command', async () => {
    const { code, out } = await runCli('--help');
    expect(code).toBe(0);
    for (const [name] of COMMANDS) expect(out).toMatch(new RegExp(`^  ${name} `, 'm'));
  });

  it.each(COMMANDS)(
    'of %s lists its operands %s and its options',
    async (name, operands, options) => {
      const { code, out } = await runCli(name, '--help');
      expect(code).toBe(0);
      expect(out.split('\n')[0]).toBe(`Usage: xlab ${name} [options] ${operands}`.trimEnd());
      for (const option of options) expect(out).toContain(`  ${option} `);
    },
  );

  it('of run and report names the forms of a report', async () => {
    for (const command of ['run', 'report']) {
      const { out } = await runCli(command, '--help');
      expect(out).toContain('csv, json, mail, md');
    }
  });
});

const GOOD = `xlab 1
machine { ram 4GiB; cpu zen4 }
compare module_alloc
pool progs
phase load for 1s { repeat 3 { load bpf size 100B into progs } }
probe at end: text.pte_4k
expect no alloc.failed
`;

const churn = (more: string): string => `${GOOD}phase full for 60s {
  churn progs {
    arrive   poisson(20/s)
    lifetime 30s
    live     at_most 5
    item     load bpf size 100B
${more}  }
}
`;

const run = (name: string, text: string, ...words: readonly string[]) =>
  runCli('run', writeInto(root, name, text), '--quiet', ...words);

describe('exit codes of run', () => {
  it.each([
    ['0 when all expectations hold', 0, GOOD],
    ['1 when an expectation fails', 1, `${GOOD}expect text.pte_4k == 0\n`],
    ['0 when only a warning is due', 0, `${GOOD}warn if text.pte_4k > 0\n`],
    ['2 when the scenario is wrong', 2, GOOD.replace('4GiB', '4GB')],
    ['3 when a phase overruns', 3, GOOD.replace('repeat 3 {', 'repeat 3 { wait ~ exp(mean=20s);')],
    ['3 when arrivals are held back', 3, churn('')],
    ['0 when they may be held back', 0, churn('    hold_back allow\n')],
    ['3 when a limit is reached', 3, `${GOOD}limit time 500ms\n`],
  ])('%s', async (name, expected, text) => {
    const { code, err } = await run(`${name}.xlab`, text);
    expect(code, err).toBe(expected);
    expect(err.includes('error')).toBe(expected > 1);
  });

  it('4 when a design misbehaves, the others being run', async () => {
    const buddy = readFileSync(resolve('scenarios/plugins/buddy-text.ts'), 'utf8');
    const plugin = join(root, 'overlapping.ts');
    writeInto(root, 'overlapping.ts', buddy.replace('this.free[node] = 0;', ''));
    const text = GOOD.replace(
      'compare module_alloc',
      'allocator mine = plugin "./overlapping.ts"\ncompare module_alloc, mine',
    );
    const { code, err } = await run('misbehaves.xlab', text, '--plugin', plugin);
    expect(code).toBe(4);
    expect(err).toContain('error[X0901]: mine:');
    expect((await run('alone.xlab', text, '--plugin', plugin, '--only', 'module_alloc')).code).toBe(
      0,
    );
  });

  it('5 when the hash is another one, 0 when its first digits are as expected', async () => {
    const path = writeInto(root, 'hashed.xlab', GOOD);
    const check = await runCli('check', path);
    const hash = /hash ([0-9a-f]{12})/.exec(check.out)?.[1] ?? '';
    expect((await runCli('run', path, '--quiet', '--expect-hash', hash)).code).toBe(0);
    const other = hash.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
    const { code, err, simulated } = await runCli('run', path, '--expect-hash', other);
    expect([code, simulated]).toEqual([5, 0]);
    expect(err).toContain(`hash ${hash}, not ${other}`);
  });
});
