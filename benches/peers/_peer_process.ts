/**
 * Optimizers of Python packages as algorithms: `peer.py` is asked over standard input and output.
 *
 * @module
 */
import type { Algorithm } from "../../core/search/algorithm.ts";
import {
  type Coordinate,
  readValues,
  valuesOf,
  writeValues,
} from "../../core/search/coordinates.ts";
import { InputError } from "../../core/search/errors.ts";
import { TextLineStream } from "../../tasks/shared/text_lines.ts";

/** The peers by name, with the packages that each needs: the one that it is of, and others. */
export const peers = {
  "optuna-tpe": ["optuna"],
  "optuna-tpe-univariate": ["optuna"],
  "optuna-gp": ["optuna", "torch"],
  "smac": ["smac"],
  "botorch": ["botorch"],
  "turbo": ["botorch"],
  "ax": ["ax-platform"],
  "cmaes": ["cmaes"],
  "ngopt": ["nevergrad"],
} as const;

/** The name of a peer. */
export type PeerName = keyof typeof peers;

/** All names. */
export const peerNames = Object.keys(peers) as PeerName[];

/**
 * The package of a peer and its version.
 *
 * @param packages Versions of what is installed.
 * @throws {InputError} when a package that it needs is not.
 */
export function packageOf(method: PeerName, packages: ReadonlyMap<string, string>): string {
  const lacking = peers[method].find((name) => !packages.has(name));
  if (lacking !== undefined) {
    throw new InputError(`Cannot run '${method}' as ${lacking} must be installed`);
  }
  const [name] = peers[method];
  return `${name} ${packages.get(name)}`;
}

/** How much of what a peer complains about is kept for an error message, in characters. */
const keptComplaint = 2000;

/** A process that suggests by one peer, for one run after another. */
export class PeerProcess {
  readonly method: PeerName;
  readonly #process: Deno.ChildProcess;
  readonly #answers: ReadableStreamDefaultReader<string>;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #complaining: Promise<void>;
  #complaint = "";
  #seconds = 0;

  /** Starts it. @param python The interpreter of the environment that has the packages. */
  constructor(method: PeerName, python: string) {
    this.method = method;
    this.#process = new Deno.Command(python, {
      args: [new URL("peer.py", import.meta.url).pathname, method],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#writer = this.#process.stdin.getWriter();
    this.#answers = this.#process.stdout.pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream()).getReader();
    this.#complaining = this.#listen(this.#process.stderr);
  }

  /**
   * The algorithm of one run; the process forgets the run before.
   *
   * @throws {InputError} for a space with conditions, which peers are not told.
   */
  async start(run: {
    coordinates: readonly Coordinate[];
    seed: number;
    trials: number;
  }): Promise<Algorithm> {
    const { coordinates, seed, trials } = run;
    await this.#ask({ start: { space: coordinates.map(described), seed, trials } });
    this.#seconds = 0;
    let told = 0;
    const refuse = (): never => {
      throw new InputError(`Cannot run '${this.method}' on a table as it must suggest points`);
    };
    return {
      name: this.method,
      observeAndSuggest: async ({ points, responses }) => {
        const { point, seconds } = await this.#ask({
          points: points.slice(told).map((point) => Array.from(readValues(point, coordinates))),
          responses: Array.from(responses).slice(told),
        });
        told = points.length;
        this.#seconds += seconds!;
        return writeValues(point!, coordinates);
      },
      observeAndChoose: () => new Promise(refuse),
    };
  }

  /** Processor time of this run's suggestions, in seconds. */
  get seconds(): number {
    return this.#seconds;
  }

  /** Ends the process. */
  async close(): Promise<void> {
    await this.#writer.close().catch(() => {}); // it may have ended by itself
    await this.#answers.cancel();
    await this.#complaining;
    await this.#process.status;
  }

  async #ask(message: unknown): Promise<{ point?: number[]; seconds?: number }> {
    await this.#writer.write(new TextEncoder().encode(`${JSON.stringify(message)}\n`))
      .catch(() => {}); // why it does not listen is said below
    const { value, done } = await this.#answers.read();
    if (!done) return JSON.parse(value);
    await this.#complaining;
    throw new InputError(
      `Cannot run '${this.method}' as its process must answer: it ended with\n${this.#complaint}`,
    );
  }

  async #listen(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      this.#complaint = (this.#complaint + text).slice(-keptComplaint);
    }
  }
}

/** A hyperparameter as `peer.py` is told it. */
function described(coordinate: Coordinate): Record<string, unknown> {
  const { kind, when } = coordinate;
  if (when !== undefined) {
    throw new InputError("Cannot run peers as the search space must have no conditions: got one");
  }
  return kind === "real" ? { kind } : { kind, count: valuesOf(coordinate) };
}
