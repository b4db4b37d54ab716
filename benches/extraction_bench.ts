/**
 * Memory and speed of unpacking a large table, by hand:
 *
 *     deno task bench:extraction [--size 1.2e9] [--folder /tmp/genhpo-extraction]
 *
 * Makes archives in HPO-B's layout whose meta-test-dataset.json has the given size (kept in the folder
 * for the next time), runs `tasks/fetch.ts` on them in a process of its own, for one search space and
 * for all, and `unzip` beside it as a yardstick, and loads a search space from the cache.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import * as zip from "@zip.js/zip.js";
import { Random } from "../core/search/random.ts";
import { sha256OfFile } from "../hpob/data/checksum.ts";
import { HpobHandler } from "../hpob/handler.ts";

const args = parseArgs(Deno.args, {
  string: ["size", "folder"],
  default: { size: "1.2e9", folder: "/tmp/genhpo-extraction" },
});
const size = Number(args.size);
const folder = args.folder;
const spaces = Array.from({ length: 16 }, (_, i) => String(5960 + i));
const datasets = ["1", "2", "3", "4", "5", "6"];
const dimension = 16;

/** The table's text, piece by piece: rows drawn from a stock that is larger than deflate's window. */
function* tableText(): Generator<string> {
  const random = Random.of("extraction bench");
  const stock = Array.from(
    { length: 3000 },
    () => JSON.stringify(Array.from({ length: dimension }, () => random.uniform())),
  );
  const rowBytes = stock[0].length + 26;
  const rows = Math.ceil(size / spaces.length / datasets.length / rowBytes);
  const list = function* (entry: () => string) {
    for (let done = 0; done < rows; done += 1000) {
      const count = Math.min(1000, rows - done);
      yield (done > 0 ? ", " : "") + Array.from({ length: count }, entry).join(", ");
    }
  };
  for (const [s, space] of spaces.entries()) {
    yield `${s > 0 ? ", " : "{"}"${space}": {`;
    for (const [d, dataset] of datasets.entries()) {
      yield `${d > 0 ? ", " : ""}"${dataset}": {"X": [`;
      yield* list(() => stock[random.integer(stock.length)]);
      yield `], "y": [`;
      yield* list(() => `[${random.uniform()}]`);
      yield "]}";
    }
    yield "}";
  }
  yield "}";
}

async function makeArchive(name: string, files: Record<string, Iterable<string>>): Promise<void> {
  const path = `${folder}/${name}`;
  if (await Deno.stat(path).catch(() => undefined)) return;
  console.log(`making ${path}`);
  const file = await Deno.open(`${path}.new`, { create: true, truncate: true, write: true });
  const writer = new zip.ZipWriter(file.writable, { useWebWorkers: false });
  for (const [entry, text] of Object.entries(files)) {
    await writer.add(entry, ReadableStream.from(text).pipeThrough(new TextEncoderStream()));
  }
  await writer.close();
  await Deno.rename(`${path}.new`, path);
}

await Deno.mkdir(folder, { recursive: true });
const rows = Object.fromEntries(
  datasets.map((dataset) => [dataset, { test0: [0, 1, 2, 3, 4] }]),
);
await makeArchive("hpob-data.zip", {
  "hpob-data/meta-test-dataset.json": tableText(),
  "hpob-data/bo-initializations.json": [
    JSON.stringify(Object.fromEntries(spaces.map((space) => [space, rows]))),
  ],
});
await makeArchive("saved-surrogates.zip", { "saved-surrogates/summary-stats.json": ["{}"] });
const sha256 = await Promise.all(
  ["hpob-data.zip", "saved-surrogates.zip"].map(async (name) =>
    `${name}=${await sha256OfFile(`${folder}/${name}`)}`
  ),
);

/** Runs a program to its end; what it used is sampled from /proc, so on Linux only. */
async function measure(
  program: string,
  args: readonly string[],
): Promise<{ wall: number; cpu: number; resident: number }> {
  const begin = performance.now();
  const child = new Deno.Command(program, {
    args: [...args],
    stdout: "null",
    stderr: "inherit",
  }).spawn();
  let [cpu, resident] = [NaN, NaN];
  const timer = setInterval(() => {
    try {
      const status = readProcess(child.pid, "status");
      const peak = /VmHWM:\s*(\d+)/.exec(status)?.[1];
      if (peak === undefined) return; // it has ended, and is still listed
      resident = Number(peak) / 1e3;
      const fields = readProcess(child.pid, "stat").split(") ")[1].split(" ");
      cpu = (Number(fields[11]) + Number(fields[12])) / 100; // utime, stime, in ticks of 10 ms
    } catch {
      // Not Linux, or the process has just ended.
    }
  }, 50);
  const { success } = await child.status;
  clearInterval(timer);
  if (!success) throw new Error(`${program} failed`);
  return { wall: (performance.now() - begin) / 1e3, cpu, resident };
}

/** A file of /proc, by a program, as Deno reads /proc itself with all permissions alone. */
function readProcess(pid: number, name: string): string {
  const { stdout } = new Deno.Command("cat", { args: [`/proc/${pid}/${name}`], stderr: "null" })
    .outputSync();
  return new TextDecoder().decode(stdout);
}

function report(what: string, used: { wall: number; cpu: number; resident: number }): void {
  const rate = (seconds: number) => `${(size / 1e6 / seconds).toFixed(0)} MB/s`;
  console.log(
    `${what}: ${used.wall.toFixed(1)} s (${rate(used.wall)}), of processor time ` +
      `${used.cpu.toFixed(1)} s (${rate(used.cpu)}), at most ${
        used.resident.toFixed(0)
      } MB resident`,
  );
}

const cache = `${folder}/cache`;
for (const space of [spaces[0], "all"]) {
  await Deno.remove(cache, { recursive: true }).catch(() => {});
  const used = await measure(Deno.execPath(), [
    ...["run", "--allow-read", "--allow-write", "--allow-env", "tasks/fetch.ts"],
    ...["--cache", cache, "--from", folder],
    ...["--sha256", sha256.join(","), "--space", space],
  ]);
  report(`fetch --space ${space}`, used);
}
report("unzip -p, unpacking alone", await measure("unzip", ["-p", `${folder}/hpob-data.zip`]));

const handler = await HpobHandler.open(cache);
const begin = performance.now();
let count = 0;
for (const dataset of datasets) count += (await handler.table(spaces[0], dataset)).y.length;
const seconds = (performance.now() - begin) / 1e3;
console.log(`a search space of ${count} rows is loaded in ${seconds.toFixed(2)} s`);
