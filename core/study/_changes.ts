/**
 * Waiting for something to happen.
 *
 * @module
 */

/** Tells those who wait in this process that something has changed; those in others look now and then. */
export class Changes {
  #count = 0;
  readonly #waiting = new Set<() => void>();

  /** Number of changes so far. */
  get count(): number {
    return this.#count;
  }

  /** Something has changed. */
  readonly happened = (): void => {
    this.#count++;
    for (const wake of [...this.#waiting]) wake();
  };

  /** Until there are more changes than `count`, the time is over or the signal is aborted. */
  async next(count: number, seconds: number, signal?: AbortSignal): Promise<void> {
    if (this.#count > count || signal?.aborted) return;
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      const timer = setTimeout(wake, seconds * 1000);
      this.#waiting.add(wake);
      signal?.addEventListener("abort", wake);
    });
  }
}
