/** Texts that were typed and not saved. */
import { describe, expect, it } from 'vitest';
import { parseDrafts, withDraft, type Draft } from '../../../renderer/stores/drafts.js';

const draft = (id: string, text = 'xlab 1\n'): Draft => ({ id, text });
const ids = (drafts: readonly Draft[]): readonly string[] => drafts.map(({ id }) => id);

describe('drafts', () => {
  it('are one a scenario, the newest in front, and not any number', () => {
    let list = [draft('a.xlab'), draft('b.xlab')] as readonly Draft[];
    list = withDraft(list, draft('b.xlab', 'newer'));
    expect(list).toEqual([draft('b.xlab', 'newer'), draft('a.xlab')]);
    for (let i = 0; i < 20; i += 1) list = withDraft(list, draft(`${i}.xlab`));
    expect(ids(list)).toEqual(Array.from({ length: 12 }, (_, i) => `${19 - i}.xlab`));
  });

  it('lose the oldest when they are too long together, never the newest', () => {
    const long = 'x'.repeat(900_000);
    let list = withDraft([draft('a.xlab', long), draft('b.xlab', long)], draft('c.xlab', long));
    expect(ids(list)).toEqual(['c.xlab', 'a.xlab']);
    list = withDraft(list, draft('d.xlab', long.repeat(3)));
    expect(ids(list)).toEqual(['d.xlab']);
  });

  it('come back from the storage, and nothing else does', () => {
    expect(parseDrafts(JSON.stringify([draft('a.xlab'), 7, { id: 'b' }, null]))).toEqual([
      draft('a.xlab'),
    ]);
    expect(parseDrafts('{')).toEqual([]);
    expect(parseDrafts('{}')).toEqual([]);
    expect(parseDrafts(null)).toEqual([]);
  });
});
