/** Many processes on one study, while things go wrong. */
import type { Entry } from "./_objective.ts";
import { verify } from "./_verify.ts";

/** Options of {@linkcode runSoak}. */
export interface SoakOptions {
  /** The storage, which has no study yet. */
  readonly url: string;
  /** Number of processes. */
  readonly workers: number;
  /** Number of trials that are to be complete in the end. */
  readonly trials: number;
  /** Kills a worker hard every so many seconds, and starts another. @default {never} */
  readonly killEvery?: number;
  /** Restarts the database when half of the trials are told. @default {never} */
  readonly restart?: () => Promise<void>;
  /** Lets the clocks of workers be right, an hour late, and an hour early. @default {false} */
  readonly skewClocks?: boolean;
}

/** What happened. */
export interface SoakResult {
  /** Seconds from the first worker's first trial to the last one's end. */
  readonly seconds: number;
  /** Number of trials that were given out. */
  readonly given: number;
  /** Number of workers that were killed. */
  readonly killed: number;
}

/** Seconds after which a trial of a worker that was killed is tried again. */
const LEASE = 3;

/** Runs a soak. @throws {AssertionError} when anything was lost or doubled. */
export async function runSoak(options: SoakOptions): Promise<SoakResult> {
  const folder = await Deno.makeTempDir();
  const crew = new Crew(options, folder);
  try {
    const seconds = await crew.work();
    const given = await verify(options.url, options.trials, await crew.entries());
    return { seconds, given, killed: crew.killed };
  } finally {
    await crew.end();
    await Deno.remove(folder, { recursive: true });
  }
}

/** The processes. */
class Crew {
  killed = 0;
  readonly #options: SoakOptions;
  readonly #folder: string;
  readonly #members = new Set<Deno.ChildProcess>();
  #hired = 0;
  readonly #failures: string[] = [];

  constructor(options: SoakOptions, folder: string) {
    this.#options = options;
    this.#folder = folder;
  }

  /** Lets them work until all trials are told; gives the seconds that it took. */
  async work(): Promise<number> {
    const { workers, killEvery, restart, trials } = this.#options;
    for (let i = 0; i < workers; i++) this.#hire();
    await this.#until(1);
    const start = performance.now();
    const timer = killEvery && setInterval(() => this.#kill(), killEvery * 1000);
    try {
      if (restart !== undefined) {
        await this.#until(trials / 2);
        await restart();
      }
      while (this.#members.size > 0) await pause();
    } finally {
      clearInterval(timer);
    }
    if (this.#failures.length > 0) throw new Error(`workers failed: ${this.#failures.join("\n")}`);
    return (performance.now() - start) / 1000;
  }

  /** All that they wrote down; the last line of one that was killed may be torn. */
  async entries(): Promise<Entry[]> {
    const entries: Entry[] = [];
    for await (const { name } of Deno.readDir(this.#folder)) {
      const lines = (await Deno.readTextFile(`${this.#folder}/${name}`)).split("\n");
      entries.push(...lines.slice(0, -1).map((line) => JSON.parse(line)));
    }
    return entries;
  }

  /** Ends those who are still there. */
  async end(): Promise<void> {
    const members = [...this.#members];
    for (const member of members) member.kill("SIGKILL");
    await Promise.all(members.map(({ status }) => status));
  }

  async #until(told: number): Promise<void> {
    const count = async () => (await this.entries()).filter(({ kind }) => kind === "told").length;
    while (this.#members.size > 0 && await count() < told) await pause();
  }

  #hire(): void {
    const { url, trials, skewClocks = false } = this.#options;
    const number = this.#hired++;
    const clock = skewClocks ? (number % 3 - 1) * 3600 : 0;
    const ledger = `${this.#folder}/${number}.jsonl`;
    const worker = new URL("./_worker.ts", import.meta.url).pathname;
    const permissions = ["--allow-read", "--allow-write", "--allow-env", "--allow-net=127.0.0.1"];
    const args = ["run", "--no-prompt", ...permissions, worker, url, trials, LEASE, clock, ledger];
    const member = new Deno.Command(Deno.execPath(), {
      args: args.map(String),
      env: { NO_COLOR: "1" },
      stdin: "piped",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    this.#members.add(member);
    const stderr = new Response(member.stderr).text();
    member.status.then(async ({ success, signal }) => {
      if (!success && signal !== "SIGKILL") this.#failures.push(await stderr);
      await member.stdin.close().catch(() => {}); // the other end is gone
      this.#members.delete(member);
    });
  }

  /** Kills the one that has worked longest and hires another. */
  #kill(): void {
    const [oldest] = this.#members;
    if (oldest === undefined) return;
    oldest.kill("SIGKILL");
    this.killed++;
    this.#hire();
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 100));
}
