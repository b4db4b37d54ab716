/**
 * A process that does the work of a task, with fewer permissions than the task was started with.
 *
 * @module
 */

/**
 * Runs a module with these permissions, until it ends by itself or by Ctrl-C; then ends with its exit code, unless that
 * is 0.
 *
 * @param flags Flags of `deno run`, such as permissions.
 * @param settings What the module reads from stdin, as JSON: arguments of a process can be read by others.
 */
export async function runWorkingProcess(
  module: string,
  flags: readonly string[],
  settings: unknown,
): Promise<void> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", ...flags, module],
    stdin: "piped",
    stdout: "inherit",
    stderr: "inherit",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(JSON.stringify(settings)));
  await writer.close();
  // Ctrl-C reaches both processes; the other one knows what to do, and this one waits for it.
  Deno.addSignalListener("SIGINT", () => {});
  if (Deno.build.os !== "windows") {
    Deno.addSignalListener("SIGTERM", () => child.kill("SIGTERM"));
  }
  const { code } = await child.status;
  if (code !== 0) Deno.exit(code);
}
