/**
 * A process that does the work of a task, with fewer permissions than the task was started with.
 *
 * Both sides of it: the task hands its settings over and passes on what it is told to do; the working process receives
 * them.
 *
 * @module
 */
import { TextLineStream } from "./text_lines.ts";

/**
 * What a working process is told while it works: `"interrupt"` for each Ctrl-C, `"end"` when it should end at once (the
 * task was told to, or is there no more).
 */
export type Order = "interrupt" | "end";

/**
 * Runs a module with these permissions, until it ends by itself or as it is told to; then ends with its exit code, unless
 * that is 0.
 *
 * @param flags Flags of `deno run`, such as permissions.
 * @param settings What the module gets from {@linkcode receiveSettings}: arguments of a process can be read by others.
 */
export async function runWorkingProcess(
  module: string,
  flags: readonly string[],
  settings: unknown,
): Promise<void> {
  const child = new Deno.Command(await permittedDeno(), {
    args: ["run", "--quiet", "--no-prompt", ...flags, module],
    stdin: "piped",
    stdout: "inherit",
    stderr: "inherit",
  }).spawn();
  const writer = child.stdin.getWriter(), encoder = new TextEncoder();
  // What cannot be written goes to a process that has ended, as is seen below.
  const send = (line: string): void => {
    writer.write(encoder.encode(`${line}\n`)).catch(() => {});
  };
  send(JSON.stringify(settings));
  // A terminal sends Ctrl-C to both processes, other programs to this one alone: only what this one gets counts.
  Deno.addSignalListener("SIGINT", () => send("interrupt" satisfies Order));
  if (Deno.build.os !== "windows") {
    for (const signal of ["SIGTERM", "SIGHUP"] as const) {
      Deno.addSignalListener(signal, () => send("end" satisfies Order));
    }
  }
  const { code } = await child.status;
  if (code !== 0) Deno.exit(code);
}

/** The Deno that runs this, or by its name whichever may be run. */
async function permittedDeno(): Promise<string> {
  const command = Deno.execPath();
  const { state } = await Deno.permissions.query({ name: "run", command });
  return state === "granted" ? command : "deno";
}

/**
 * What the task has handed to this working process.
 *
 * @param onOrder Is called with what the process is told afterwards. @default {it ends at once}
 */
export async function receiveSettings<T>(
  onOrder: (order: Order) => void = () => Deno.exit(130),
): Promise<T> {
  const lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream())
    .pipeThrough(new TextLineStream()).getReader();
  const { value: settings = "" } = await lines.read();
  Deno.addSignalListener("SIGINT", () => {}); // the task says so
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", () => onOrder("end"));
  follow(lines, onOrder);
  return JSON.parse(settings);
}

async function follow(
  lines: ReadableStreamDefaultReader<string>,
  onOrder: (order: Order) => void,
): Promise<void> {
  for (;;) {
    const { value } = await lines.read();
    onOrder(value === "interrupt" ? value : "end");
    if (value === undefined) return; // the task is there no more
  }
}
