/** Another metric in the probes of a scenario. */

const PROBE = /^[ \t]*probe\s+every\s+([\w.]+)\s*:/m;
const FIRST_EXPECTATION = /^[ \t]*(?:expect|warn)\b/m;
/** Where the scenario probes nothing at an interval. */
const INTERVAL = '100ms';

/** The text with a probe of the metric, as often as the others, before the expectations. */
export function withProbe(text: string, metric: string): string {
  const statement = `probe every ${PROBE.exec(text)?.[1] ?? INTERVAL}: ${metric}\n`;
  const at = FIRST_EXPECTATION.exec(text)?.index;
  if (at !== undefined) return `${text.slice(0, at)}${statement}${text.slice(at)}`;
  return `${text}${text.endsWith('\n') || text === '' ? '' : '\n'}${statement}`;
}
