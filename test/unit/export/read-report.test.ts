/** A report from a mail is recognised, quoted or not, by what the lab itself prints. */
import { describe, expect, it } from 'vitest';
import { factsOfReport } from '../../../src/export/read-report.js';
import { renderMailReport } from '../../../src/export/report-mail.js';
import { renderShortReport } from '../../../src/export/report-short.js';
import { fakeResult } from '../../support/fake-result.js';

const base = fakeResult({ seedCount: 6 });
const RESULT = {
  ...base,
  scenario: {
    ...base.scenario,
    settings: [
      { name: 'churn', text: '40/s' },
      { name: 'machine.free_memory', text: 'scattered(35%)' },
    ],
  },
};

describe('a mail report that comes back', () => {
  it.each([0, 1, 4])('is read through %d levels of quoting', (levels) => {
    const quoted = renderMailReport(RESULT)
      .split('\n')
      .map((line) => '> '.repeat(levels) + line)
      .join('\n');
    const facts = factsOfReport(`On Monday somebody wrote:\n${quoted}\n\nLooks odd to me.\n`);
    expect(facts).toMatchObject({
      scenarioHash: '9f3c21d07ab4',
      model: 1,
      seedsText: '1..6',
      file: 'fleet-churn.xlab',
      machine: RESULT.scenario.machine,
      load: RESULT.scenario.load,
      settings: RESULT.scenario.settings,
    });
  });

  it('is read in its short form too', () => {
    expect(factsOfReport(renderShortReport(RESULT))).toMatchObject({
      scenarioHash: '9f3c21d07ab4',
      model: 1,
      seedsText: '1..6',
      settings: RESULT.scenario.settings,
    });
  });

  it.each(['', 'hello', 'scenario of the crime', 'commit 9f3c21d07ab4', '# xlab'])(
    'is not seen in %j',
    (text) => {
      expect(factsOfReport(text)).toBeUndefined();
    },
  );
});
