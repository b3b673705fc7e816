/** How long a run of a scenario took here, to say before the next start how long it will take. */

const KEY = 'xlab.speed';
const SCENARIOS_MAX = 50;
/** Longer than any run; what is stored may be of anybody. */
const MS_MAX = 1e9;

/** Milliseconds of one run by scenario, newest last. */
function stored(): readonly (readonly [string, number])[] {
  try {
    const list: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    if (!Array.isArray(list)) return [];
    return list.flatMap((entry: unknown) => {
      if (!Array.isArray(entry)) return [];
      const [id, ms] = entry as readonly unknown[];
      return typeof id === 'string' && typeof ms === 'number' && ms > 0 && ms < MS_MAX
        ? [[id, ms] as const]
        : [];
    });
  } catch {
    return [];
  }
}

export function rememberSpeed(id: string, msPerRun: number): void {
  try {
    const others = stored().filter(([known]) => known !== id);
    localStorage.setItem(KEY, JSON.stringify([...others.slice(1 - SCENARIOS_MAX), [id, msPerRun]]));
  } catch {
    // A window without storage works, it only estimates nothing.
  }
}

/** Milliseconds that so many runs of a scenario will take; null when it never ran here. */
export function expectedMs(id: string, runs: number): number | null {
  const found = stored().find(([known]) => known === id);
  return found === undefined ? null : found[1] * runs;
}
