/** What is copied: it is said to be copied only when it is, and a command carries its hash. */
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { commandLine } from '../../../renderer/charts/command-line.js';
import { useClipboard } from '../../../renderer/composables/use-clipboard.js';
import { useExperimentStore } from '../../../renderer/stores/experiment.js';
import { useFocusStore } from '../../../renderer/stores/focus.js';

let allowed = true;
let written = '';

beforeEach(() => {
  setActivePinia(createPinia());
  const writeText = (text: string): Promise<void> => {
    if (!allowed) return Promise.reject(new Error('Write permission denied.'));
    written = text;
    return Promise.resolve();
  };
  vi.stubGlobal('navigator', { platform: 'Linux x86_64', clipboard: { writeText } });
});
afterEach(() => vi.unstubAllGlobals());

describe('the clipboard', () => {
  it('that refuses is told of with what to do, and nothing is said to be copied', async () => {
    const [experiment, focus] = [useExperimentStore(), useFocusStore()];
    const copy = useClipboard();
    allowed = false;
    expect(await copy('text', 'Mail report')).toBe(false);
    expect(experiment.message).toMatch(/^Mail report not copied: .*Allow it .*files instead\.$/);
    expect(focus.announcement).toBe('');
    allowed = true;
    expect(await copy('text', 'Mail report')).toBe(true);
    expect([written, experiment.message]).toEqual(['text', '']);
    expect(focus.announcement).toBe('Mail report copied');
  });
});

describe('a copied command', () => {
  it('has settings, seeds and the hash, in words that a shell and a mail leave as they are', () => {
    const hash = '9f3c21d07ab4'.padEnd(64, '0');
    expect(commandLine({ id: 'a.xlab', settings: {}, seeds: '', hash: '' })).toBe(
      'xlab run a.xlab',
    );
    expect(commandLine({ id: 'my flëet.xlab', settings: { n: "it's" }, seeds: '1..3', hash })).toBe(
      "xlab run $'my fl\\xc3\\xabet.xlab' --set 'n=it'\\''s' --seeds 1..3 --expect-hash 9f3c21d07ab4",
    );
  });
});
