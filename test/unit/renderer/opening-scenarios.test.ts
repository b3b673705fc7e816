/** Scenarios that are asked for while another one is still read. */
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it } from 'vitest';
import type { LabConnection } from '../../../renderer/bridge/connection.js';
import { useLabStore } from '../../../renderer/stores/lab.js';
import { useScenarioStore } from '../../../renderer/stores/scenario.js';

interface Reading {
  answer(): void;
  fail(): void;
}

/** A lab that reads scenarios when it is told to. */
class SlowLab {
  readonly readings = new Map<string, Reading>();

  readonly connection = {
    onLine: () => undefined,
    check: () => Promise.resolve({ diagnostics: [] }),
    openScenario: (id: string) =>
      new Promise((done, fail) => {
        this.readings.set(id, {
          answer: () => {
            done({ id, text: `# ${id}\n` });
          },
          fail: () => {
            fail(new Error('gone'));
          },
        });
      }),
  } as unknown as LabConnection;
}

describe('opening scenarios', () => {
  let lab: SlowLab;
  beforeEach(() => {
    setActivePinia(createPinia());
    lab = new SlowLab();
    useLabStore().connect(lab.connection);
  });

  it('shows the one asked for last, whichever is read first', async () => {
    const scenario = useScenarioStore();
    const first = scenario.open('a.xlab');
    const second = scenario.open('b.xlab');
    lab.readings.get('b.xlab')?.answer();
    expect(await second).toBe(true);
    lab.readings.get('a.xlab')?.answer();
    expect(await first).toBe(false);
    expect(scenario.id).toBe('b.xlab');
  });

  it('does not put a scenario that is still read over a file that was dropped meanwhile', async () => {
    const scenario = useScenarioStore();
    const opening = scenario.open('a.xlab');
    scenario.replace('dropped.xlab', '# dropped\n');
    lab.readings.get('a.xlab')?.answer();
    expect(await opening).toBe(false);
    expect(scenario.text).toBe('# dropped\n');
  });

  it('tells nothing of a scenario that cannot be read once another is open', async () => {
    const scenario = useScenarioStore();
    const opening = scenario.open('a.xlab');
    scenario.replace('dropped.xlab', '# dropped\n');
    lab.readings.get('a.xlab')?.fail();
    expect(await opening).toBe(false);
    expect(scenario.problem).toBe('');
  });
});
