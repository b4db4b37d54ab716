/**
 * The service as a person starts it, for measurements.
 *
 * @module
 */

import { whenStopped } from "../tasks/shared/when_stopped.ts";

/** A service that runs. */
export interface RunningService extends AsyncDisposable {
  /** Where it listens, without a slash at the end. */
  readonly origin: string;
}

/** Starts `serve` at a free port, with more flags. */
export async function startService(...flags: string[]): Promise<RunningService> {
  const service = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-prompt", "--allow-read", "--allow-run"],
      ...["--allow-env=GENHPO_TOKEN", "tasks/serve.ts", "--port", "0", ...flags],
    ],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let runs = true;
  whenStopped(() => runs && service.kill("SIGTERM"));
  const stop = async () => {
    runs = false;
    service.kill("SIGTERM");
    await service.status;
    await service.stdout.cancel();
  };
  try {
    return { origin: await addressOf(service), [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Where the service says that it listens. */
async function addressOf(service: Deno.ChildProcess): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of service.stdout.values({ preventCancel: true })) {
    text += decoder.decode(chunk);
    const [origin] = /http:\/\/[^/\s]+/.exec(text) ?? [];
    if (origin !== undefined) return origin;
  }
  throw new Error("The service did not start");
}
