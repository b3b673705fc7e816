/** Where a mistake is, in words and as a way there: the text, the bar, another file. */
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it } from 'vitest';
import { firstError, problemPlace } from '../../../renderer/charts/problem-place.js';
import { errorText } from '../../../renderer/charts/spoken-text.js';
import { pageTitle } from '../../../renderer/composables/use-page-title.js';
import { useFocusStore } from '../../../renderer/stores/focus.js';
import type { Diagnostic } from '../../../src/contract/diagnostic.js';

const TEXT = 'xlab 1\nparam n = 60\nrepeat n {}\n';
const error = (message: string, more: Partial<Diagnostic>): Diagnostic => ({
  ...{ code: 'X0201', severity: 'error', message },
  ...more,
});
const inText = error('used wrongly', { span: { start: TEXT.indexOf('repeat'), end: 30 } });
const inBar = error('outside the range', { source: '--set n', span: { start: 0, end: 4 } });
const inFile = error('no such size', { source: 'std/sizes.xlab', span: { start: 9, end: 12 } });

beforeEach(() => setActivePinia(createPinia()));

describe('the place of a mistake', () => {
  it('is a line of the text, a parameter of the bar or another file', () => {
    expect(problemPlace(inText, TEXT)).toEqual({ words: 'line 3', line: 3, param: null });
    expect(problemPlace(inBar, TEXT)).toEqual({ words: 'the parameter n', line: null, param: 'n' });
    expect(problemPlace(inFile, TEXT)).toEqual({
      words: 'std/sizes.xlab',
      line: null,
      param: null,
    });
  });

  it('is that of a wrong value in the bar before those that follow from it', () => {
    expect(firstError([inText, inBar])).toBe(inBar);
    expect(firstError([{ ...inBar, severity: 'warning' }, inText])).toBe(inText);
    expect(errorText([inText, inBar], TEXT)).toBe('Error in the parameter n: outside the range');
  });

  it('is where the way to it leads', () => {
    const focus = useFocusStore();
    focus.goToProblem(problemPlace(inBar, TEXT));
    expect([focus.paramRequest?.name, focus.lineRequest]).toEqual(['n', null]);
    focus.goToProblem(problemPlace(inText, TEXT));
    expect(focus.lineRequest?.line).toBe(3);
  });
});

describe('the title of the page', () => {
  it('tells scenario, unsaved changes and progress, and no folder', () => {
    expect(pageTitle({ id: '', changed: false, progress: null })).toBe('xlab');
    const id = '/srv/lab/fleet.xlab';
    expect(pageTitle({ id, changed: true, progress: null })).toBe('fleet.xlab * - xlab');
    expect(pageTitle({ id, changed: false, progress: { done: 12, total: 90 } })).toBe(
      '12/90 fleet.xlab - xlab',
    );
  });
});
