/** Lines of imports that were not understood, as the window asks for them. */
import { describe, expect, it } from 'vitest';
import { answerLanguage } from '../../../src/app/answer-language.js';
import { UNREAD_LINES_MAX } from '../../../src/app/imports/line-account.js';
import type { UnreadLines } from '../../../src/contract/language-data.js';
import { temporaryFolder, writeInto } from '../../support/temporary-folder.js';
import { TROUBLE_FILES } from '../../support/trouble-scenarios.js';

const [READ = ''] = (TROUBLE_FILES['ksymbol.txt'] ?? '').split('\n');

describe('lines of an import that were not understood', () => {
  const folder = temporaryFolder();
  const text = TROUBLE_FILES['partial.xlab'] ?? '';

  function unreadIn(lines: readonly string[], path = 'ksymbol.txt'): UnreadLines {
    writeInto(folder, 'ksymbol.txt', `${lines.join('\n')}\n`);
    // A comment makes it another text: files are read anew.
    const own = `${text}# ${String(lines.length)} ${lines[1] ?? ''}\n`;
    const answer = answerLanguage({ text: own, file: 'a.xlab', folder }, { kind: 'unread', path });
    if (answer.kind !== 'unread') throw new Error(answer.kind);
    return answer;
  }

  it('are all told, with their numbers', () => {
    const { total, lines } = unreadIn([READ, 'what', '', READ, '  is this  ', 'x'.repeat(90)]);
    expect(total).toBe(3);
    expect(lines).toEqual([
      { line: 2, text: 'what' },
      { line: 5, text: 'is this' },
      { line: 6, text: `${'x'.repeat(57)}...` },
    ]);
  });

  it('are counted beyond those that are kept', () => {
    const many = Array.from({ length: UNREAD_LINES_MAX + 5 }, (_, i) => `odd ${String(i)}`);
    const { total, lines } = unreadIn([READ, ...many]);
    expect(total).toBe(UNREAD_LINES_MAX + 5);
    expect(lines).toHaveLength(UNREAD_LINES_MAX);
    expect(lines.at(-1)?.line).toBe(UNREAD_LINES_MAX + 1);
  });

  it('are none where the file was understood, or is no import of the scenario', () => {
    expect(unreadIn([READ, READ.replace('c0201000', 'c0202000')])).toMatchObject({ total: 0 });
    expect(unreadIn([READ, 'what'], '../../etc/passwd')).toMatchObject({ total: 0, lines: [] });
  });
});
