import { describe, expect, it } from 'vitest';
import { wholeResult, withSharedRuns } from '../../../src/app/shared-result.js';
import { renderJson } from '../../../src/export/result-json.js';
import { FAKE_DESIGNS, fakeResult } from '../../support/fake-result.js';

const text = renderJson(fakeResult({ seedCount: 6, designs: FAKE_DESIGNS }));

describe('a result whose runs share equal parts', () => {
  it('is shorter, keeps the lines of its other entries, and comes back whole', () => {
    const shared = withSharedRuns(text);
    expect(shared.length).toBeLessThan(text.length);
    const others = text.split('\n').filter((line) => /^"(?!runs)/.test(line));
    expect(others.length).toBeGreaterThan(5);
    expect(shared.split('\n')).toEqual(expect.arrayContaining(others));
    expect(JSON.parse(wholeResult(shared))).toEqual(JSON.parse(text));
  });

  it('is a result of the usual form where nothing is shared', () => {
    expect(wholeResult(text)).toBe(text);
    const none = renderJson({ ...fakeResult({ seedCount: 1, designs: FAKE_DESIGNS }), runs: [] });
    expect(withSharedRuns(none)).toBe(none);
  });
});
