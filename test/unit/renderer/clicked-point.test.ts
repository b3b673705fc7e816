/** The key for "why" after a click on a chart: causes of that point once, then the request at the cursor. */
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { useViewStore } from '../../../renderer/stores/view.js';
import { useWhyStore } from '../../../renderer/stores/why.js';

const point = (timeNs: number) =>
  ({ kind: 'metric', metric: 'direct_map_level2_splits', timeNs }) as const;

describe('the clicked point of a chart', () => {
  beforeEach(() => {
    vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined });
    setActivePinia(createPinia());
    useViewStore().showRun(1e9);
  });

  it('is explained when the inspector is asked for, and not again when it is in sight', () => {
    const [view, why] = [useViewStore(), useWhyStore()];
    view.moveTo(5e8);
    why.prepare(point(5e8));
    expect(view.leftTab).toBe('editor');
    expect(why.bringClicked()).toBe(true);
    expect([view.leftTab, why.subject]).toEqual(['why', point(5e8)]);
    expect(why.bringClicked()).toBe(false);
    view.editorShown = false;
    expect(why.bringClicked()).toBe(true);
    expect(view.editorShown).toBe(true);
  });

  it('is no longer meant once the handle stands elsewhere', () => {
    const [view, why] = [useViewStore(), useWhyStore()];
    view.moveTo(5e8);
    why.prepare(point(5e8));
    view.moveTo(6e8);
    expect(why.bringClicked()).toBe(false);
    expect(view.leftTab).toBe('editor');
  });
});
