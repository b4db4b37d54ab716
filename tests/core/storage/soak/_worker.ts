/** A worker of a soak: `_worker.ts URL TRIALS LEASE CLOCK LEDGER`. */
import { RandomSearch } from "../../../../baselines/random_search.ts";
import { openStorage } from "../../../../core/storage/mod.ts";
import { Study } from "../../../../core/study/study.ts";
import { type Entry, space, STUDY, valueOf } from "./_objective.ts";

const [url, trials, lease, clock, ledger] = Deno.args;

// A clock that is wrong by so many seconds.
const RightDate = Date;
globalThis.Date = class extends RightDate {
  constructor(...time: [] | [number]) {
    super(time.length === 0 ? Date.now() : time[0]);
  }
  static override now = () => performance.timeOrigin + performance.now() + Number(clock) * 1000;
} as DateConstructor;

/** Written at once, before anything else happens: the worker may be killed at any moment. */
function note(entry: Entry): void {
  Deno.writeTextFileSync(ledger, `${JSON.stringify(entry)}\n`, { append: true });
}

// Whoever started it holds its input open; when that ends, it ends, too.
Deno.stdin.readable.pipeTo(new WritableStream()).then(() => Deno.exit(1));

const study = await Study.open({
  storage: await openStorage(url),
  name: STUDY,
  space,
  algorithm: new RandomSearch({ seed: 1 }),
  retries: 1000,
});
await study.optimize(async ({ number, configuration }) => {
  note({ kind: "given", number });
  await new Promise((resolve) => setTimeout(resolve, 1));
  return valueOf(configuration);
}, {
  trials: Number(trials),
  lease: Number(lease),
  callbacks: [({ number, value }) => note({ kind: "told", number, value: value! })],
});
await study.close();
Deno.exit();
