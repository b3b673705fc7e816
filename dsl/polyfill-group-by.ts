/**
 * `Object.groupBy` for runtimes below Node 21, which chevrotain's grammar analysis calls. Import it
 * before chevrotain. It defines the standard function and nothing else.
 */
interface GroupByHost {
  groupBy?: (
    items: Iterable<unknown>,
    keyOf: (item: unknown, index: number) => PropertyKey,
  ) => Record<PropertyKey, unknown[]>;
}

const host = Object as unknown as GroupByHost;

host.groupBy ??= (items, keyOf) => {
  const groups = Object.create(null) as Record<PropertyKey, unknown[]>;
  let index = 0;
  for (const item of items) {
    const key = keyOf(item, index);
    (groups[key] ??= []).push(item);
    index += 1;
  }
  return groups;
};
