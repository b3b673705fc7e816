/** What a page about a code holds. Examples are lines of a scenario; a test checks both. */
export interface ExplainPage {
  readonly code: string;
  /** What it means and why it is so, in a few sentences. */
  readonly text: string;
  /** Lines that bring the code up; for a code of a run, lines that bring it up when they run. */
  readonly wrong: string;
  /** The same lines repaired. */
  readonly right: string;
}

export const page = (code: string, text: string, wrong: string, right: string): ExplainPage => ({
  code,
  text,
  wrong,
  right,
});
