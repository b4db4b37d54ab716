/**
 * The playground's page.
 *
 * @module
 */
/// <reference lib="dom" />
import { backendsToTry, showBackend } from "./backend_choice.ts";
import { element } from "./elements.ts";
import { IndexedDbStorage } from "./indexed_db_storage.ts";
import { OwnSection } from "./own_section.ts";
import { SearchSection } from "./search_section.ts";
import { ThinkSection } from "./think_section.ts";
import { WorkerClient } from "./worker_client.ts";

/** What the build has packed into the page. */
async function unpack(id: string, type: string): Promise<Blob> {
  const packed = Uint8Array.from(atob(element(id).textContent!), (char) => char.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Blob([await new Response(stream).arrayBuffer()], { type });
}

function dataUrl(blob: Blob): Promise<string> {
  const reader = new FileReader();
  reader.readAsDataURL(blob);
  return new Promise((resolve) => reader.onload = () => resolve(reader.result as string));
}

async function start(): Promise<void> {
  const [program, wasm, table] = await Promise.all([
    unpack("worker-data", "text/javascript"),
    unpack("wasm-data", "application/wasm"),
    unpack("table-data", ""),
  ]);
  const client = await WorkerClient.start(program, await dataUrl(wasm), await backendsToTry());
  showBackend(client.backend);
  const search = new SearchSection(client, new Float32Array(await table.arrayBuffer()));
  const think = new ThinkSection(client, search.landscape);
  search.onChange = () => think.follow(search.landscape, search.trials);
  search.onChange();
  element("take").addEventListener("click", () => think.take(search.landscape, search.trials));
  const show = (): void => {
    search.show();
    think.show();
  };
  addEventListener("resize", show);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
  try {
    await OwnSection.start(client, await IndexedDbStorage.open("genhpo"));
  } catch (error) { // some browsers keep nothing, in private windows say
    element("own-status").textContent = `Studies cannot be kept here: ${(error as Error).message}`;
  }
  element("status").textContent = "Ready.";
}

start().catch((error) => element("status").textContent = `This page cannot run: ${error.message}`);
