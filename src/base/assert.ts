/**
 * Assertions name a broken invariant of this program. They stay on in release builds; a wrong
 * scenario is a Diagnostic and a simulated failure is a value, neither comes here.
 */

export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** Throws InvariantError when `condition` does not hold. `message` names the invariant and values. */
export function assert(condition: boolean, message: string | (() => string)): asserts condition {
  if (!condition) throw new InvariantError(typeof message === 'string' ? message : message());
}

/** Marks a place that an exhaustive switch cannot reach. */
export function unreachable(value: never): never {
  throw new InvariantError(`unreachable case ${JSON.stringify(value)}`);
}

/** The element at `index`, which the caller knows to exist. */
export function at<T>(list: readonly T[], index: number): T {
  const value = list[index];
  assert(
    value !== undefined,
    () => `index ${String(index)} outside list of ${String(list.length)}`,
  );
  return value;
}
