/**
 * Progress on stderr: one line that is redrawn on a terminal, a plain line now and then elsewhere.
 *
 * @module
 */

/** Seconds between two lines when stderr is no terminal. */
const plainInterval = 15;
/** Seconds between two redraws on a terminal. */
const redrawInterval = 0.1;

/** How far a job of known size is, how fast it goes and when it should end. */
export class Progress {
  readonly #total: number;
  readonly #describe: (done: number, elapsed: number) => string;
  readonly #terminal = Deno.stderr.isTerminal();
  readonly #start = performance.now();
  #lastPrinted = -Infinity;
  #lineLength = 0;
  #initial: number | undefined;

  /**
   * @param total Size of the whole job, in any unit.
   * @param describe The text for the work done so far and the seconds elapsed.
   */
  constructor(total: number, describe: (done: number, elapsed: number) => string) {
    this.#total = total;
    this.#describe = describe;
  }

  /**
   * Shows the new state, unless something was shown just before.
   * @param done How much is done.
   * @param left Seconds that are left. @default {by the rate so far}
   */
  update(done: number, left?: number): void {
    this.#initial ??= done;
    const now = performance.now() / 1000;
    const interval = this.#terminal ? redrawInterval : plainInterval;
    if (now - this.#lastPrinted < interval && done < this.#total) return;
    this.#lastPrinted = now;
    const elapsed = now - this.#start / 1000;
    const rate = (done - this.#initial) / elapsed;
    left ??= rate > 0 ? (this.#total - done) / rate : undefined;
    const remaining = left === undefined ? "" : `, ${formatDuration(left)} left`;
    this.#print(this.#describe(done, elapsed) + (done < this.#total ? remaining : ""));
  }

  /** Prints a line that stays, above the progress line. */
  log(line: string): void {
    if (this.#terminal) this.#clear();
    console.error(line);
  }

  /** Ends the progress line. */
  finish(): void {
    if (this.#terminal && this.#lineLength > 0) console.error();
    this.#lineLength = 0;
  }

  #print(line: string): void {
    if (!this.#terminal) return console.error(line);
    const columns = Deno.consoleSize().columns;
    const text = line.slice(0, columns - 1);
    this.#write("\r" + text.padEnd(this.#lineLength));
    this.#lineLength = text.length;
  }

  #clear(): void {
    this.#write("\r" + " ".repeat(this.#lineLength) + "\r");
  }

  #write(text: string): void {
    Deno.stderr.writeSync(new TextEncoder().encode(text));
  }
}

/** `45 s`, `3 min 20 s`, `2 h 5 min`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
