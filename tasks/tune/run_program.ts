/**
 * One run of a program, as a group of processes that can be ended together.
 *
 * @module
 */
import { TextLineStream } from "../shared/text_lines.ts";

/** What to run, and what to do with its output. */
export interface ProgramRun {
  /** The program and its arguments. */
  line: readonly string[];
  /** What is added to the environment. */
  environment: Readonly<Record<string, string>>;
  /** Folder that keeps `stdout.txt` and `stderr.txt`. */
  folder: string;
  /** Seconds; undefined for no limit. */
  timeout: number | undefined;
  /** Ends the program. */
  signal: AbortSignal;
  /** Called with each line of stdout; may end the program by the signal. */
  onLine(line: string): Promise<void>;
}

/** How a program ended. */
export interface ProgramEnd {
  /** Everything that it wrote to stdout. */
  output: string;
  /** Why it counts as failed; undefined where it ended well. */
  problem: string | undefined;
}

/** Seconds between the request to end and the end by force. */
const grace = 5;

/** Runs a program to its end. */
export async function runProgram(run: ProgramRun): Promise<ProgramEnd> {
  const [program, ...args] = run.line;
  const child = new Deno.Command(program, {
    args,
    env: run.environment,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    detached: true, // a group of its own: Ctrl-C is not for it, and it ends with all its children
  }).spawn();
  let problem: string | undefined;
  const killer = new GroupKiller(child);
  const end = (): void => killer.end();
  run.signal.addEventListener("abort", end, { once: true });
  if (run.signal.aborted) end();
  const timer = run.timeout === undefined ? undefined : setTimeout(() => {
    problem = `took longer than ${run.timeout} s`;
    killer.end();
  }, 1000 * run.timeout);
  try {
    const errors = child.stderr.pipeTo((await Deno.create(`${run.folder}/stderr.txt`)).writable);
    const output = await keepLines(child.stdout, `${run.folder}/stdout.txt`, run.onLine);
    await errors;
    const { code, signal } = await child.status;
    if (signal !== null) problem ??= `was ended by ${signal}`;
    else if (code !== 0) problem ??= `ended with exit code ${code}`;
    return { output, problem };
  } finally {
    clearTimeout(timer);
    run.signal.removeEventListener("abort", end);
    killer.forget();
  }
}

/** Keeps the output in a file and in memory, and hands out its lines. */
async function keepLines(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  path: string,
  onLine: (line: string) => Promise<void>,
): Promise<string> {
  const [kept, read] = stream.tee();
  const written = kept.pipeTo((await Deno.create(path)).writable);
  const lines: string[] = [];
  for await (
    const line of read.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream())
  ) {
    lines.push(line);
    await onLine(line);
  }
  await written;
  return lines.join("\n");
}

/** Ends a process with all its children: by request first, then by force. */
class GroupKiller {
  readonly #child: Deno.ChildProcess;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ended = false;

  constructor(child: Deno.ChildProcess) {
    this.#child = child;
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#send("TERM");
    this.#timer = setTimeout(() => this.#send("KILL"), 1000 * grace);
  }

  forget(): void {
    clearTimeout(this.#timer);
    if (this.#ended) this.#send("KILL"); // children that outlive their parent
  }

  /** By the program `kill`, as a process may not send signals to others without the permission to run anything. */
  #send(signal: "TERM" | "KILL"): void {
    try {
      new Deno.Command("kill", {
        args: [`-${signal}`, "--", `-${this.#child.pid}`],
        stderr: "null",
      })
        .outputSync();
    } catch {
      try { // without that program, the process alone
        this.#child.kill(`SIG${signal}`);
      } catch {
        // it has ended already
      }
    }
  }
}
