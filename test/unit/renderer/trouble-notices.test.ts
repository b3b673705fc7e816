/** States of runs and inputs that went wrong, in words, from the engine's own findings. */
import { describe, expect, it } from 'vitest';
import { inputNotices, troubleNotices } from '../../../renderer/charts/trouble-notices.js';
import { lineDiff } from '../../../renderer/editor/line-diff.js';
import { withProbe } from '../../../renderer/editor/with-probe.js';
import { compileScenario } from '../../../src/app/compile-scenario.js';
import { LineAccount } from '../../../src/app/imports/line-account.js';
import type { Diagnostic } from '../../../src/contract/diagnostic.js';
import type { ExperimentResult, RunResult } from '../../../src/contract/run-result.js';
import {
  badPlacement,
  brokenInvariant,
  troubleDiagnostic,
} from '../../../src/engine/run-diagnostics.js';
import { fakeResult } from '../../support/fake-result.js';
import { PlanWriter } from '../../support/point-plan.js';

const TEXT = `xlab 1
phase boot for 20s { wait 1s }
phase rest for 5s { wait 1s }
`;

/** The runs of two designs; the ones of the last design in seed 3 went wrong. */
function troubled(status: RunResult['status'], diagnostic: Diagnostic): ExperimentResult {
  const whole = fakeResult({ seedCount: 3 });
  const designs = [...new Set(whole.runs.map(({ design }) => design))];
  const mine = designs.at(-1);
  const runs = whole.runs.map((run) =>
    run.seed === 3 && run.design === mine
      ? {
          ...run,
          status,
          diagnostics: [diagnostic],
          requestCount: 18_204,
          durationNs: 4_020_000_000,
        }
      : run,
  );
  return { ...whole, runs };
}

const MISBEHAVED = { design: 'mine', timeNs: 4_020_000_000, site: undefined };

describe('a phase that needed more time', () => {
  const w = new PlanWriter();
  const made = w.point([w.phase('boot', [w.wait(1)], { durationNs: 20e9 })]);
  const site = made.phases[0]?.site ?? 0;
  const sites = made.sites.map((entry, i) => (i === site ? { ...entry, line: 2 } : entry));
  const point = { ...made, sites };
  const diagnostic = troubleDiagnostic(
    { kind: 'phase_overran', phase: 0, neededNs: 21.4e9, durationNs: 20e9 },
    point,
  );
  const [notice] = troubleNotices(troubled('overran', diagnostic), TEXT);

  it('says which, by how much and in which seed', () => {
    expect(notice?.text).toBe('Phase boot needed 21.4 s but ends at 20 s, in seed 3.');
  });

  it('leads to the phase and can be given the time it needs', () => {
    expect(notice?.action).toEqual({ kind: 'line', title: 'Go to phase', line: 2 });
    expect(notice?.more?.[0]).toEqual({
      kind: 'edit',
      title: 'Set to 22 s',
      text: TEXT.replace('for 20s', 'for 22s'),
    });
  });

  it('offers no new time where the text has none written out', () => {
    const text = TEXT.replace('for 20s', 'for length');
    const [other] = troubleNotices(troubled('overran', diagnostic), text);
    expect(other?.more?.map(({ title }) => title)).toEqual(['Copy report']);
  });
});

describe('a design that failed', () => {
  it('that threw is named with seed, event and what it said', () => {
    const diagnostic = brokenInvariant('stopped with: free list corrupt', MISBEHAVED);
    const [notice] = troubleNotices(troubled('misbehaved', diagnostic), TEXT);
    expect(notice?.text).toMatch(
      /^\S+ failed in seed 3 at event 18,204: "free list corrupt"\. This design's results are void\. Others finished\.$/,
    );
    expect(notice?.action?.title).toBe('Open state before it');
    expect(notice?.more?.map(({ title }) => title)).toEqual(['Copy report']);
  });

  it('that handed out memory twice shows both owners', () => {
    const diagnostic = badPlacement('objects 7 and 3 share 64 bytes at byte 8192', MISBEHAVED);
    const [notice] = troubleNotices(troubled('misbehaved', diagnostic), TEXT);
    expect(notice?.text).toContain('handed out the same 64 B twice at 4.020000 s, in seed 3.');
    expect(notice?.action).toMatchObject({ kind: 'state', title: 'Show both owners', byte: 8192 });
  });

  it('has details to copy with version, hash, seed and code', () => {
    const diagnostic = brokenInvariant('stopped with: x', MISBEHAVED);
    const [notice] = troubleNotices(troubled('misbehaved', diagnostic), TEXT);
    const copy = notice?.more?.at(-1);
    expect(copy?.kind === 'copy' ? copy.text : '').toMatch(
      /^xlab \S+, model \d+, \S+, scenario [0-9a-f]{12}\n\S+, seed 3, event log .*\nX0902: mine/,
    );
  });
});

describe('an input that cannot be read', () => {
  const importing = (file: string) =>
    `xlab 1\nimport layout from "${file}" format vmallocinfo\nphase p for 1s { wait 1s }\n`;
  const span = (text: string): { start: number; end: number } => {
    const start = text.indexOf('"');
    return { start, end: text.indexOf('"', start + 1) + 1 };
  };

  it('says that a file is gone, and can be pointed elsewhere or taken out', () => {
    const text = 'xlab 1\nmachine from "host/machine.json"\nphase p for 1s { wait 1s }\n';
    const request = { file: 'a.xlab', folder: '/nowhere', text, settings: {}, seeds: '', only: [] };
    const { diagnostics } = compileScenario(request);
    const [notice] = inputNotices(diagnostics, text, false);
    expect(notice?.text).toBe('host/machine.json is not where it was.');
    const { action } = notice ?? {};
    expect(action?.kind).toBe('locate');
    if (action?.kind === 'locate') {
      expect(text.slice(action.start, action.end)).toBe('host/machine.json');
    }
    expect(notice?.more?.[0]).toMatchObject({
      kind: 'edit',
      title: 'Remove',
      text: 'xlab 1\nphase p for 1s { wait 1s }\n',
    });
  });

  it('counts lines that were not understood until the user goes on', () => {
    const text = importing('v.txt');
    const account = new LineAccount();
    for (let line = 1; line <= 4120; line += 1) {
      if (line === 17 || line >= 4084) account.unread(line, 'x');
      else account.use();
    }
    const found = account.findings('v.txt').map((one) => ({ ...one, span: span(text) }));
    const [notice] = inputNotices(found, text, false);
    expect(notice?.text).toBe('38 of 4,120 lines of v.txt were not understood; first: line 17.');
    expect(notice?.action).toEqual({ kind: 'unread', title: 'Show lines', path: 'v.txt' });
    expect(notice?.more?.map(({ title }) => title)).toEqual(['Continue']);
    expect(inputNotices(found, text, true)).toEqual([]);
  });

  it('with hidden pointers gives the command that records it', () => {
    const text = importing('v.txt');
    const diagnostic: Diagnostic = {
      code: 'X0702',
      severity: 'error',
      message: "kernel pointers are hidden in 'v.txt'",
      span: span(text),
    };
    const [notice] = inputNotices([diagnostic], text, false);
    expect(notice?.text).toBe('All addresses in v.txt are 0. Record it as root.');
    expect(notice?.action).toMatchObject({
      kind: 'copy',
      text: "sudo sh -c 'sysctl -w kernel.kptr_restrict=1; cat /proc/vmallocinfo > v.txt'\n",
    });
  });
});

describe('a probe that is added', () => {
  it('is taken as often as the others and stands before the expectations', () => {
    const text = 'phase p for 1s {}\nprobe every 5ms: a\nexpect no alloc.failed\n';
    expect(withProbe(text, 'b')).toBe(
      'phase p for 1s {}\nprobe every 5ms: a\nprobe every 5ms: b\nexpect no alloc.failed\n',
    );
    expect(withProbe('phase p for 1s {}', 'b')).toBe('phase p for 1s {}\nprobe every 100ms: b\n');
  });
});

describe('the difference of two texts', () => {
  const shown = (a: string, b: string): readonly string[] =>
    lineDiff(a, b).map(({ sign, text }) => sign + text);

  it('has changed lines with some around them, and leaves out the rest', () => {
    const before = Array.from({ length: 12 }, (_, i) => `l${String(i)}`);
    const after = before.map((line) => (line === 'l5' ? 'new' : line));
    expect(shown(before.join('\n'), after.join('\n'))).toEqual([
      ' l3',
      ' l4',
      '-l5',
      '+new',
      ' l6',
      ' l7',
      '~',
    ]);
  });

  it('finds lines that moved apart, and nothing in equal texts', () => {
    expect(shown('a\nb\nc', 'a\nx\nb\ny\nc')).toEqual([' a', '+x', ' b', '+y', ' c']);
    expect(shown('a', 'a')).toEqual([]);
  });
});
