/** Answers of the lab that come when the window has moved on, and a line that comes back. */
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it } from 'vitest';
import { nextTick } from 'vue';
import { LINE_GONE } from '../../../renderer/bridge/connection.js';
import type { LabConnection, LineState } from '../../../renderer/bridge/connection.js';
import { useExperimentStore } from '../../../renderer/stores/experiment.js';
import { useLabStore } from '../../../renderer/stores/lab.js';
import { useScenarioStore } from '../../../renderer/stores/scenario.js';
import type { SavedScenario } from '../../../src/contract/lab-api.js';
import { LabError } from '../../../src/contract/lab-api.js';

/** A lab that answers runs and saves when it is told to, behind a line that can be lost. */
class LateLab {
  readonly stopped: string[] = [];
  readonly saves: SavedScenario[] = [];
  checks = 0;
  line: LineState = 'open';
  /** What stands in every file; null: what the window saves. */
  standing: string | null = null;
  start: () => void = () => undefined;
  saved: () => void = () => undefined;
  private tell: (state: LineState) => void = () => undefined;

  readonly connection = {
    onLine: (listener: (state: LineState) => void) => {
      this.tell = listener;
      listener(this.line);
      return () => undefined;
    },
    describe: () => Promise.reject(new LabError('not asked here')),
    openScenario: (id: string) =>
      Promise.resolve({ id, text: this.standing ?? this.saves.at(-1)?.text ?? `# ${id}\n` }),
    listScenarios: () => Promise.resolve([]),
    language: () => Promise.reject(new LabError(LINE_GONE)),
    check: () => {
      this.checks += 1;
      return this.line === 'open'
        ? Promise.resolve({ diagnostics: [] })
        : Promise.reject(new LabError(LINE_GONE));
    },
    run: () =>
      new Promise((done) => {
        this.start = () => {
          done({ kind: 'started', runId: 'run-1', total: 4, phase: '' });
        };
      }),
    cancel: (runId: string) => {
      if (this.line !== 'open') return Promise.reject(new LabError(LINE_GONE));
      this.stopped.push(runId);
      return Promise.resolve(true);
    },
    saveScenario: (scenario: SavedScenario) => {
      this.saves.push(scenario);
      if (this.standing !== null && this.standing !== scenario.replaces) {
        return Promise.reject(new LabError('changed elsewhere'));
      }
      return new Promise((done) => {
        this.saved = () => {
          done({ id: `/mine/${scenario.id}`, text: scenario.text });
        };
      });
    },
  } as unknown as LabConnection;

  async lose(): Promise<void> {
    this.line = 'lost';
    this.tell('lost');
    await nextTick();
  }

  async mend(): Promise<void> {
    this.line = 'open';
    this.tell('open');
    await nextTick();
    await nextTick();
  }
}

const turns = async (): Promise<void> => {
  for (let i = 0; i < 10; i += 1) await nextTick();
};

let lab: LateLab;
beforeEach(() => {
  setActivePinia(createPinia());
  lab = new LateLab();
  useLabStore().connect(lab.connection);
});

describe('a run that starts when another scenario is on screen', () => {
  it('is stopped, and nothing of it is shown', async () => {
    const [scenario, experiment] = [useScenarioStore(), useExperimentStore()];
    await scenario.open('a.xlab');
    const running = experiment.run();
    experiment.clear();
    await scenario.open('b.xlab');
    lab.start();
    await running;
    expect(experiment).toMatchObject({ state: 'idle', runId: '', request: null });
    expect(lab.stopped).toEqual(['run-1']);
  });

  it('is stopped when the line is back, where it was left while the line was lost', async () => {
    const [scenario, experiment] = [useScenarioStore(), useExperimentStore()];
    await scenario.open('a.xlab');
    const running = experiment.run();
    lab.start();
    await running;
    expect(experiment.state).toBe('running');
    await lab.lose();
    experiment.clear();
    scenario.replace('b.xlab', '# b\n');
    await turns();
    expect(experiment).toMatchObject({ state: 'idle', message: '' });
    expect(lab.stopped).toEqual([]);
    await lab.mend();
    expect(lab.stopped).toEqual(['run-1']);
    await lab.lose();
    await lab.mend();
    expect(lab.stopped).toEqual(['run-1']);
  });
});

describe('a line that comes back', () => {
  it('brings the check of what was typed meanwhile, and what was said of the line goes', async () => {
    const [scenario, experiment] = [useScenarioStore(), useExperimentStore()];
    await scenario.open('a.xlab');
    const before = lab.checks;
    await lab.lose();
    scenario.edit('# typed\n');
    await scenario.check();
    experiment.message = LINE_GONE;
    expect(scenario).toMatchObject({ checked: false, problem: LINE_GONE });
    await lab.mend();
    await turns();
    expect(lab.checks).toBe(before + 2);
    expect(scenario).toMatchObject({ checked: true, problem: '' });
    expect(experiment.message).toBe('');
  });
});

describe('a save that is answered when another scenario is open', () => {
  it('leaves name and text of the other one alone', async () => {
    const scenario = useScenarioStore();
    await scenario.open('a.xlab');
    scenario.edit('# a, changed\n');
    const saving = scenario.save();
    await turns();
    await scenario.open('b.xlab');
    scenario.edit('# b, changed\n');
    lab.saved();
    await saving;
    expect(scenario).toMatchObject({ id: 'b.xlab', text: '# b, changed\n', changed: true });
  });
});

describe('a file that was changed elsewhere', () => {
  it('is replaced by the second save, which knows what it replaces', async () => {
    const scenario = useScenarioStore();
    await scenario.open('a.xlab');
    scenario.edit('# mine\n');
    lab.standing = '# theirs\n';
    await scenario.save();
    expect(scenario).toMatchObject({ problem: 'changed elsewhere', changed: true });
    const saving = scenario.save();
    await turns();
    lab.saved();
    await saving;
    expect(lab.saves.map(({ replaces }) => replaces)).toEqual(['# a.xlab\n', '# theirs\n']);
    expect(scenario).toMatchObject({ problem: '', changed: false });
  });
});
