/** At most one call per interval, the last value always delivered by `flush`. */

export interface Throttled<T> {
  /** Delivers at once when the interval has passed, otherwise keeps the value for later. */
  offer(value: T): void;
  /** Delivers a kept value. */
  flush(): void;
  /** Forgets a kept value and delivers nothing any more. */
  stop(): void;
}

export interface ThrottleOptions<T> {
  readonly intervalMs: number;
  readonly deliver: (value: T) => void;
  readonly now: () => number;
}

/** Time moves only with `offer`: no timer is left behind when the caller ends. */
export function throttle<T>(options: ThrottleOptions<T>): Throttled<T> {
  let lastMs = -Infinity;
  let kept: { readonly value: T } | null = null;
  let stopped = false;
  const send = (value: T): void => {
    kept = null;
    lastMs = options.now();
    options.deliver(value);
  };
  return {
    offer: (value) => {
      if (stopped) return;
      if (options.now() - lastMs >= options.intervalMs) send(value);
      else kept = { value };
    },
    flush: () => {
      if (!stopped && kept !== null) send(kept.value);
    },
    stop: () => {
      stopped = true;
      kept = null;
    },
  };
}
