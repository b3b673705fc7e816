/** `xlab tlb`: the trace reader, the result, and the command. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { formatTlbRun, runTlb, type TlbRunResult } from '../../../src/app/tlb-run.js';
import { registerTlb } from '../../../src/cli/commands/tlb.js';
import { profileTlbConfig } from '../../../src/machine/cpu-profile.js';
import { cpuProfiles } from '../../../src/machine/profiles/index.js';
import { readTlbConfig } from '../../../src/contract/tlb-config.js';

const SMALL = readTlbConfig({
  l1: [{ sizes: ['4K', '2M', '1G'], sets: 1, ways: 4 }],
  l2: [{ sizes: ['4K', '2M'], sets: 1, ways: 8 }],
});

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const runText = (text: string): Promise<TlbRunResult> => runTlb(SMALL, [bytes(text)]);

describe('a trace', () => {
  it('is counted by page size, sizes that occur only', async () => {
    const text = 'F ffffffffc0000000 4K g\nF ffffffffc0000fff 4K g\nF ffffffff81000000 2M g\n';
    expect(await runText(text)).toEqual({
      '4K': { fetch: 2, l1_hit: 1, stlb_hit: 0, walk: 1 },
      '2M': { fetch: 1, l1_hit: 0, stlb_hit: 0, walk: 1 },
    });
  });

  it('tells walk loads when walk caches are set', async () => {
    const config = profileTlbConfig(cpuProfiles.get('skl'));
    expect(await runTlb(config, [bytes('F 0 4K\nF 1000 4K\n')])).toHaveProperty('walk_loads', 5);
  });

  it.each([
    ['an entry of another space does not serve', 'F 1000 4K\nA 1\nF 1000 4K\n', 2],
    ['an entry survives A', 'F 1000 4K\nA 1\nA 0\nF 1000 4K\n', 1],
    ['C drops its own space', 'F 1000 4K\nA 1\nC 0\nF 1000 4K\n', 2],
    ['a global entry survives C and X', 'F 1000 4K g\nC 0\nX\nF 1000 4K g\n', 1],
    ['X drops what is not global', 'F 1000 4K\nX\nF 1000 4K\n', 2],
    ['G drops all', 'F 1000 4K g\nG\nF 1000 4K g\n', 2],
    ['I drops the page it names', 'F 1000 4K g\nI 1abc\nF 1000 4K g\n', 2],
    ['I leaves other pages', 'F 1000 4K g\nI 2000\nF 1000 4K g\n', 1],
    ['spaces are hexadecimal', 'A a\nF 1000 4K\nA 10\nA a\nF 1000 4K\n', 1],
    ['a last line needs no line feed', 'F 1000 4K\nF 1000 4K', 1],
  ])('%s', async (_name, text, walks) => {
    expect((await runText(text))['4K']?.walk).toBe(walks);
  });

  it('is the same in one chunk and cut at every byte', async () => {
    const text = 'F ffffffffc0000000 4K gc\nA 1\nI ffffffffc0000000\nF 1000 2M\nG\nX\nF 1000 1G\n';
    const pieces = [...bytes(text)].map((byte) => Uint8Array.of(byte));
    expect(await runTlb(SMALL, pieces)).toEqual(await runText(text));
  });

  it.each([
    ['', 'expected an operation'],
    ['f 1000 4K', 'expected an operation'],
    ['F 0x1000 4K', 'lower-case hexadecimal'],
    ['F FFFF 4K', 'lower-case hexadecimal'],
    ['F 1000', 'expected F <va> <size>'],
    ['F 1000 16K', 'expected F <va> <size>'],
    ['F 1000 4K cg', 'expected flags'],
    ['F 1000 4K ', 'expected flags'],
    ['F 1000 2M c', 'flag c belongs to 4K pages'],
    ['F 11111111111111111 4K', '1 to 16 hexadecimal digits'],
    ['F  4K', '1 to 16 hexadecimal digits'],
    ['I', '1 to 16 hexadecimal digits'],
    ['A', '1 to 8 hexadecimal digits'],
    ['A 1 2', 'lower-case hexadecimal'],
    ['X 1', 'X and G stand alone'],
    ['F 1000 4K\r', 'expected flags'],
    ['F'.repeat(5000), 'at most 64 characters, found 5000'],
  ])('line %j is refused with its number', async (line, reason) => {
    const text = `F 1000 4K\n${line}\nG\n`;
    await expect(runText(text)).rejects.toThrow(reason);
    await expect(runText(text)).rejects.toThrow(/^line 2: /);
  });

  it('of a cycle longer than both levels walks for every page', async () => {
    let text = '';
    for (let i = 0; i < 2000; i += 1) text += `F ${(i * 4096).toString(16)} 4K\n`;
    const chunk = bytes(text);
    const result = await runTlb(
      SMALL,
      Array.from({ length: 20 }, () => chunk),
    );
    expect(result['4K']).toEqual({ fetch: 40_000, l1_hit: 0, stlb_hit: 0, walk: 40_000 });
  });

  it('prints as a table', async () => {
    expect(formatTlbRun(await runText('F 1000 4K\nF 1000 4K\n'))).toBe(
      '           fetch        l1_hit      stlb_hit          walk\n' +
        '4K             2             1             0             1\n',
    );
  });
});

describe('xlab tlb', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'xlab-tlb-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };

  /** Runs the command; what it wrote and its exit code. */
  async function call(
    ...words: readonly string[]
  ): Promise<{ code: unknown; out: string; err: string }> {
    const texts = { out: '', err: '' };
    const spies = (
      [
        ['stdout', 'out'],
        ['stderr', 'err'],
      ] as const
    ).map(([stream, key]) =>
      vi.spyOn(process[stream], 'write').mockImplementation((chunk: string | Uint8Array) => {
        texts[key] += String(chunk);
        return true;
      }),
    );
    const before = process.exitCode;
    const program = new Command().exitOverride();
    registerTlb(program);
    try {
      await program.parseAsync(['tlb', ...words], { from: 'user' });
      return { code: process.exitCode, ...texts };
    } finally {
      process.exitCode = before;
      for (const spy of spies) spy.mockRestore();
    }
  }

  it('prints counts of a file as JSON', async () => {
    const refs = file('a.txt', 'F ffffffffc0000000 4K g\nF ffffffffc0000000 4K g\n');
    const { code, out } = await call('--cpu', 'sapphire_rapids', '--refs', refs, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      '4K': { fetch: 2, l1_hit: 1, stlb_hit: 0, walk: 1 },
      walk_loads: 4,
    });
  });

  it('gives the same counts by profile and by the printed configuration', async () => {
    const refs = file('b.txt', 'F 1000 4K\nF 200000 2M g\nF 40000000 1G\n');
    const config = file('c.json', (await call('--cpu', 'icl', '--print-config')).out);
    const byFile = await call('--config', config, '--refs', refs, '--json');
    expect(byFile.code).toBe(0);
    expect(byFile.out).toBe((await call('--cpu', 'icl', '--refs', refs, '--json')).out);
  });

  it.each<[string, (refs: string) => readonly string[], string]>([
    ['no hierarchy', (refs) => ['--refs', refs], '--cpu PROFILE or by --config FILE'],
    ['an unknown profile', (refs) => ['--cpu', 'zen33', '--refs', refs], "did you mean 'zen3'"],
    ['no stream', () => ['--cpu', 'zen3'], '--refs FILE'],
    ['a missing stream', () => ['--cpu', 'zen3', '--refs', '/no/such'], 'ENOENT'],
    ['a missing configuration', (refs) => ['--config', '/no/x', '--refs', refs], 'ENOENT'],
    ['a configuration that is not one', (refs) => ['--config', refs, '--refs', refs], 'not JSON'],
    ['both from standard input', () => ['--config', '-', '--refs', '-'], 'standard input'],
  ])('exits with 2 and says why: %s', async (_name, words, text) => {
    const { code, out, err } = await call(...words(file('d.txt', 'F 1000 4K\n')));
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toContain(text);
  });

  it('counts nothing of a stream with a malformed line', async () => {
    const refs = file('e.txt', 'F 1000 4K\nnonsense\n');
    const { code, out, err } = await call('--cpu', 'zen3', '--refs', refs);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toContain('line 2: expected an operation');
  });
});
