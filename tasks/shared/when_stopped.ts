/**
 * What a command does before it ends early.
 *
 * @module
 */

/** Does something when the process is told to end, by Ctrl-C or SIGTERM, and then ends it. */
export function whenStopped(leave: () => void): void {
  const signals: Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
  for (const [i, signal] of signals.entries()) {
    Deno.addSignalListener(signal, () => {
      leave();
      Deno.exit(i === 0 ? 130 : 143);
    });
  }
}
