/**
 * The service under load: 64 clients that ask and tell as fast as they can, on SQLite and PostgreSQL, beside Optuna's
 * own storage and sampler in as many processes as the machine has cores.
 *
 *     deno task bench:service [SECONDS [REPETITIONS]]
 *
 * Random search on both sides, so that what is measured is the service and the storage. Every value that a client was
 * thanked for is looked up afterwards.
 *
 * @module
 */
import { openStorage } from "../core/storage/mod.ts";
import { START } from "../core/study/storage.ts";
import { startService } from "./serving.ts";
import { hasPostgres, TestPostgres } from "../tests/postgres.ts";

const clients = 64;
const [seconds, repetitions] = [Number(Deno.args[0] ?? 60), Number(Deno.args[1] ?? 1)];
const processes = navigator.hardwareConcurrency;
const python = Deno.env.get("GENHPO_OPTUNA_PYTHON") ?? ".cache/optuna/bin/python";

/** What asking and telling for so long gave. */
interface Load {
  /** Pairs of ask and tell in a second. */
  readonly rate: number;
  /** Seconds of a pair: half of them take less, and 99 of 100. */
  readonly median: number;
  readonly p99: number;
}

function loadOf(times: number[], duration: number): Load {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))];
  return { rate: times.length / duration, median: at(0.5), p99: at(0.99) };
}

/** Clients of our service; what they were thanked for must be in the storage. */
async function ours(url: string): Promise<Load> {
  await using service = await startService(
    ...["--storage", url, "--method", "random", "--max-rate", "1000000"],
  );
  const send = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(service.origin + path, {
      method,
      ...(body !== undefined && {
        body: JSON.stringify(body),
        headers: { "Content-Type": "application/json" },
      }),
    });
    if (!response.ok) throw new Error(await response.text());
    return await response.json();
  };
  const space = Object.fromEntries(
    Array.from({ length: 8 }, (_, i) => [`x${i}`, { type: "real", min: 0, max: 1 }]),
  );
  await send("POST", "/studies", { name: "bench", goal: "minimize", space });
  const told = new Map<number, number>(), times: number[] = [];
  const start = performance.now(), end = start + seconds * 1000;
  const client = async () => {
    while (performance.now() < end) {
      const began = performance.now();
      const { number, configuration } = await send("POST", "/studies/bench/trials");
      await send("PATCH", `/studies/bench/trials/${number}`, { value: configuration.x0 });
      told.set(number, configuration.x0);
      times.push((performance.now() - began) / 1000);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  const duration = (performance.now() - start) / 1000;
  await using storage = await openStorage(url);
  const { id } = (await storage.findStudy("bench"))!;
  const { trials } = await storage.changedTrials(id, START);
  const lost = [...told].filter(([number, value]) => trials[number]?.values[0] !== value);
  if (lost.length > 0 || told.size !== times.length) {
    throw new Error(
      `${lost.length} values are lost, and ${times.length - told.size} numbers double`,
    );
  }
  return loadOf(times, duration);
}

/** Optuna's workers: processes that ask and tell. */
async function optunas(url: string): Promise<Load> {
  const theirUrl = url.replace("sqlite:", "sqlite:///")
    .replace("postgres:", "postgresql+psycopg2:");
  const run = async (...args: string[]) => {
    const { success, stdout, stderr } = await new Deno.Command(python, {
      args: ["benches/service_peer.py", ...args],
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    return new TextDecoder().decode(stdout);
  };
  await run("create", theirUrl);
  const printed = await Promise.all(
    Array.from({ length: processes }, () => run("run", theirUrl, String(seconds))),
  );
  return loadOf(printed.flatMap((text) => JSON.parse(text)), seconds);
}

/** A load in words. */
function describe({ rate, median, p99 }: Load): string {
  const milliseconds = (time: number) => `${(1000 * time).toFixed(0)} ms`;
  return `${rate.toFixed(1)} pairs of ask and tell a second, median ${milliseconds(median)}, ` +
    `p99 ${milliseconds(p99)}`;
}

const folder = await Deno.makeTempDir();
const server = hasPostgres() ? await TestPostgres.start() : undefined;
try {
  for (const kind of ["SQLite", "PostgreSQL"]) {
    if (kind === "PostgreSQL" && server === undefined) continue;
    const newUrl = async (name: string) =>
      kind === "SQLite" ? `sqlite:${folder}/${name}.db` : await server!.database();
    const ratios: number[] = [];
    for (let repetition = 0; repetition < repetitions; repetition++) {
      const mine = await ours(await newUrl(`ours-${repetition}`));
      const theirs = await optunas(await newUrl(`optuna-${repetition}`));
      console.log(`${kind}, ${clients} clients of the service: ${describe(mine)}; nothing lost`);
      console.log(`${kind}, ${processes} processes of Optuna: ${describe(theirs)}`);
      ratios.push(mine.rate / theirs.rate);
    }
    const [load] = Deno.loadavg();
    console.log(
      `${kind}: ${ratios.map((ratio) => ratio.toFixed(1)).join(", ")} times Optuna's rate ` +
        `(load average of the machine: ${load.toFixed(1)} on ${processes} cores)`,
    );
  }
} finally {
  await server?.stop();
  await Deno.remove(folder, { recursive: true });
}
