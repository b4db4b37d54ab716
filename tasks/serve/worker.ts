/**
 * The working process of `serve`: opens the storage and answers requests until it is told to end.
 *
 * @module
 */
import { openStorage } from "../../core/storage/open_storage.ts";
import { runWorker } from "../shared/cli.ts";
import { receiveSettings } from "../shared/working_process.ts";
import { makeApp } from "./app.ts";
import type { PageFiles } from "../page/page_files.ts";
import type { ServeSettings } from "./settings.ts";

/** What the process is handed. */
interface Handed extends ServeSettings {
  readonly page: PageFiles;
}

/** Serves until it is told to end. */
async function serve(): Promise<void> {
  const stopped = Promise.withResolvers<void>();
  const settings = await receiveSettings<Handed>(() => stopped.resolve());
  const { host, port, storage } = settings;
  await using app = makeApp({ ...settings, storage: await openStorage(storage) });
  const server = Deno.serve({
    hostname: host,
    port,
    onListen: ({ hostname, port }) => {
      const shown = hostname.includes(":") ? `[${hostname}]` : hostname;
      console.log(`Listening on http://${shown}:${port}/`);
    },
  }, app.fetch);
  await stopped.promise;
  // What is being answered is answered; streams of events would go on for ever.
  const ended = server.shutdown();
  await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 2000))]);
}

await runWorker(serve);
