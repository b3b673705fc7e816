/**
 * The open scenario: its text, what the language says about it, and the settings that the bar
 * changes. Checks run in the host while typing; only the answer to the newest text counts.
 */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import { isBundledId } from '../../src/contract/bundle-form.js';
import { hasErrors } from '../../src/contract/diagnostic.js';
import type { Diagnostic } from '../../src/contract/diagnostic.js';
import type { CheckReply } from '../../src/contract/lab-api.js';
import type {
  LanguageAnswer,
  LanguageQuestion,
  TextEdit,
} from '../../src/contract/language-data.js';
import { useDraftsStore } from './drafts.js';
import { useLabStore } from './lab.js';
import { useRecentStore } from './recent.js';
import { useScenarioSizesStore } from './scenario-sizes.js';
import { expectedTime, rememberSpeed, type RunSize } from './run-speed.js';

type Summary = NonNullable<CheckReply['summary']>;

/** Pause after the last key press before the text is checked. */
const CHECK_DELAY_MS = 40;

export const useScenarioStore = defineStore('scenario', () => {
  const lab = useLabStore();
  const recent = useRecentStore();
  const drafts = useDraftsStore();
  const sizes = useScenarioSizesStore();
  const id = ref('');
  const text = ref('');
  const savedText = ref('');
  const settings = ref<Readonly<Record<string, string>>>({});
  const seeds = ref('');
  const diagnostics = shallowRef<readonly Diagnostic[]>([]);
  /** Of the last text without errors: the controls stay while a mistake is being typed. */
  const summary = shallowRef<Summary | null>(null);
  const checked = ref(false);
  const problem = ref('');
  /** File of the scenario whose text did not come with the result on screen; empty: it is there. */
  const missingText = ref('');
  /** Expected requests by line, of the last text without errors. */
  const counts = shallowRef<readonly { readonly line: number; readonly requests: number }[]>([]);
  /** Rises when the text was changed, not replaced, from outside the editor. */
  const formatRequest = ref(0);
  /** Rises whenever the text is replaced from outside the editor. */
  const revision = ref(0);
  /** Counts what is opened: the last one asked for stays, whichever is read first. */
  let opening = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let newest = 0;

  const isOpen = computed(() => id.value !== '');
  /** It came in a bundle with its inputs and was not taken over. */
  const bundled = computed(() => isBundledId(id.value));
  const changed = computed(() => text.value !== savedText.value);
  /** How long the next run will take; null while nothing is known of it. */
  const expected = computed(() => {
    if (summary.value === null) return null;
    const { runs, runSize: size } = summary.value;
    return expectedTime(id.value, { runs, size, workers: lab.workers });
  });
  /** A run of the scenario took so long. */
  function remember(msPerRun: number, size: RunSize | null): void {
    rememberSpeed(id.value, msPerRun, { size, workers: lab.workers });
  }
  const errors = computed(() => hasErrors(diagnostics.value));

  /** Opens a scenario of the lab; false when it cannot be read or another text was opened meanwhile. */
  async function open(wanted: string): Promise<boolean> {
    opening += 1;
    const own = opening;
    try {
      const read = await lab.api().openScenario(wanted);
      if (own !== opening) return false;
      replace(read.id, read.text);
      const opened = opening;
      savedText.value = read.text;
      if (!isBundledId(read.id)) recent.add(read.id);
      await check();
      return opening === opened;
    } catch (error) {
      if (own !== opening) return false;
      problem.value = error instanceof Error ? error.message : String(error);
      recent.remove(wanted);
      return false;
    }
  }

  /** The text of a scenario that was typed and not saved, over the one that is saved. */
  async function openDraft(wanted: string): Promise<void> {
    const draft = drafts.textOf(wanted);
    const isSaved = lab.scenarios.some((known) => known.id === wanted);
    if (draft === undefined || (isSaved && !(await open(wanted)))) return;
    if (isSaved) rewrite(draft);
    else replace(wanted, draft);
    await check();
  }

  /** Puts a text into the editor under a name, as unsaved. */
  function replace(name: string, newText: string): void {
    opening += 1;
    id.value = name;
    text.value = newText;
    savedText.value = '';
    settings.value = {};
    seeds.value = '';
    summary.value = null;
    diagnostics.value = [];
    checked.value = false;
    problem.value = '';
    missingText.value = '';
    revision.value += 1;
  }

  /** The same text under the name that it has been written to. */
  function moveTo(name: string): void {
    id.value = name;
    recent.add(name);
  }

  function edit(newText: string): void {
    if (newText === text.value) return;
    text.value = newText;
    keepDraft();
    checkSoon();
  }

  /** What is typed outlives the window; the saved text itself is no draft. */
  function keepDraft(): void {
    if (changed.value) drafts.keep(id.value, text.value);
    else drafts.drop(id.value);
  }

  /** Another text, as if it had been typed: caret and history of the editor stay. */
  function rewrite(newText: string): void {
    formatRequest.value += 1;
    edit(newText);
  }

  function set(name: string, value: string): void {
    const others = Object.entries(settings.value).filter(([key]) => key !== name);
    settings.value = Object.fromEntries(value === '' ? others : [...others, [name, value]]);
    checkSoon();
  }

  function checkSoon(): void {
    checked.value = false;
    clearTimeout(timer);
    timer = setTimeout(() => void check(), CHECK_DELAY_MS);
  }

  async function check(): Promise<void> {
    newest += 1;
    const own = newest;
    const request = {
      id: id.value,
      text: text.value,
      settings: { ...settings.value },
      seeds: seeds.value,
    };
    try {
      const reply = await lab.api().check(request);
      if (own !== newest) return;
      diagnostics.value = reply.diagnostics;
      if (reply.summary !== undefined) summary.value = reply.summary;
      checked.value = true;
      problem.value = '';
      if (reply.summary !== undefined) void count(request.text);
    } catch (error) {
      if (own === newest) problem.value = error instanceof Error ? error.message : String(error);
    }
  }

  /** What was typed while the line was lost has not been checked. */
  watch(
    () => lab.line,
    (line, before) => {
      if (line === 'open' && before === 'lost' && isOpen.value && !checked.value) void check();
    },
  );

  /** Asks the language service; null when the lab does not answer. */
  async function ask(own: string, question: LanguageQuestion): Promise<LanguageAnswer | null> {
    if (id.value === '') return null;
    try {
      return await lab.api().language({ id: id.value, text: own, question });
    } catch {
      return null;
    }
  }

  async function count(own: string): Promise<void> {
    const answer = await ask(own, { kind: 'counts' });
    if (answer?.kind === 'counts' && own === text.value) counts.value = answer.lines;
  }

  /** The user agreed that a plugin loads. */
  async function namePlugin(path: string): Promise<void> {
    try {
      await lab.api().namePlugin({ id: id.value, path });
      await check();
    } catch (error) {
      problem.value = error instanceof Error ? error.message : String(error);
    }
  }

  /** Changes the text from outside the editor; the caret and the history stay. */
  function applyEdits(edits: readonly TextEdit[]): void {
    text.value = withEdits(text.value, edits);
    formatRequest.value += 1;
    keepDraft();
    checkSoon();
  }

  async function save(): Promise<void> {
    if (bundled.value) {
      problem.value = 'Take the scenario over first: its files are saved with it.';
      return;
    }
    const before = text.value;
    const formatted = await ask(before, { kind: 'format' });
    if (formatted?.kind === 'edits' && before === text.value && formatted.edits.length > 0) {
      formatRequest.value += 1;
      text.value = withEdits(before, formatted.edits);
    }
    const own = text.value;
    const saved = opening;
    try {
      const edited = id.value;
      const replaces = savedText.value;
      const written = await lab.api().saveScenario({ id: edited, text: own, replaces });
      const draft = drafts.textOf(edited);
      // What was typed while the text was on its way is newer than the file.
      if (draft === before || draft === own) drafts.drop(edited);
      recent.add(written.id);
      sizes.forget(written.id);
      // Another scenario that was opened meanwhile keeps its name.
      if (saved === opening) {
        id.value = written.id;
        savedText.value = own;
        problem.value = '';
      }
      await lab.refresh();
    } catch (error) {
      problem.value = error instanceof Error ? error.message : String(error);
      if (saved === opening) await readSaved();
    }
  }

  /** What stands in the file now: the next save replaces it knowingly. */
  async function readSaved(): Promise<void> {
    const wanted = id.value;
    const read = await lab
      .api()
      .openScenario(wanted)
      .catch(() => null);
    if (read !== null && wanted === id.value) savedText.value = read.text;
  }

  return {
    id,
    text,
    savedText,
    settings,
    seeds,
    diagnostics,
    summary,
    checked,
    problem,
    missingText,
    revision,
    counts,
    formatRequest,
    isOpen,
    bundled,
    changed,
    errors,
    expected,
    remember,
    open,
    openDraft,
    replace,
    moveTo,
    edit,
    rewrite,
    set,
    check,
    ask,
    applyEdits,
    save,
    namePlugin,
  };
});

function withEdits(text: string, edits: readonly TextEdit[]): string {
  return [...edits]
    .sort((a, b) => b.span.start - a.span.start)
    .reduce(
      (sum, { span, newText }) => sum.slice(0, span.start) + newText + sum.slice(span.end),
      text,
    );
}
