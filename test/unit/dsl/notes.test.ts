/** Notes: the comments directly above declarations, which reports list. */
import { describe, expect, it } from 'vitest';
import { commentAbove } from '../../../dsl/comment-above.js';
import { compileScenario } from '../../../dsl/compile.js';
import { CATALOG, hostOf } from './lab-double.js';

const TEXT = `xlab 1
# a comment on the file

title "t"
# small programs
#   as tracing tools load them
param n = 4   # behind is no note
# the axis
sweep n over 1, 2

# the old machine
machine { ram 8GiB; cpu skl }
compare module_alloc
# both
pool a, b
# warm-up
phase boot for 1s discard {
  # inside is no note
  repeat n { load bpf size 64B into a }
}

# apart from its declaration

phase steady for 1s { repeat 3 { load bpf size 64B into b }; free all a; free all b }
# nothing may fail
expect no alloc.failed
# many pages are worth a word
warn if direct_map_level2_splits > 4 in steady
`;

const planOf = (text: string) => {
  const { plan, diagnostics } = compileScenario({ text, file: 'a' }, CATALOG, hostOf());
  expect(diagnostics).toEqual([]);
  return plan;
};

describe('notes of a scenario', () => {
  it('are the comments directly above declarations, with what they are about', () => {
    expect(planOf(TEXT)?.notes).toEqual([
      { about: 'param n', line: 7, text: 'small programs\n  as tracing tools load them' },
      { about: 'sweep n', line: 9, text: 'the axis' },
      { about: 'machine', line: 12, text: 'the old machine' },
      { about: 'pool a, b', line: 15, text: 'both' },
      { about: 'phase boot', line: 17, text: 'warm-up' },
      { about: 'expect no alloc.failed', line: 26, text: 'nothing may fail' },
      {
        about: 'warn if direct_map_level2_splits > 4 in steady',
        line: 28,
        text: 'many pages are worth a word',
      },
    ]);
  });

  it('are absent without any, and never part of the hash', () => {
    const bare = TEXT.replace(/^\s*#.*\n/gm, '');
    expect(planOf(bare)?.notes).toBeUndefined();
    expect(planOf(bare)?.scenarioHash).toBe(planOf(TEXT)?.scenarioHash);
  });

  it.each(['\n', '\r\n', '\r'])('are read with %j as line end', (end) => {
    const text = ['first', '', '# a', ' #b', '#', 'phase', ''].join(end);
    expect(commentAbove(text, text.indexOf('phase'))).toBe('a\nb\n');
    expect(commentAbove(text, text.indexOf('# a'))).toBe('');
    expect(commentAbove(text, 0)).toBe('');
  });
});
