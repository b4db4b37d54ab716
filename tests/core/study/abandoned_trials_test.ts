import { assert, assertEquals, assertRejects } from "@std/assert";
import { MemoryStorage } from "../../../core/study/memory_storage.ts";
import { Study } from "../../../core/study/study.ts";
import { assertRefuses, grid, shared, watchedSearch } from "./_studies.ts";

// A lease of no time has run out at once: that is how a dead worker looks.
const dead = { lease: 0 };

Deno.test("a trial whose worker died fails, and the next who asks tries its configuration again", async () => {
  await using study = await Study.open(shared());
  const lost = await study.ask(dead);
  await lost.note({ host: "node7" });
  const again = await study.ask();
  assertEquals(again.number, 1);
  assertEquals(again.configuration, lost.configuration);
  const [first, second] = await study.trials();
  assertEquals(first.state, "fail");
  assertEquals(first.reason, "its worker was not heard of in time; it is tried again");
  assertEquals([second.state, second.attributes], ["running", { host: "node7" }]);
});

Deno.test("a trial is tried again as often as the study says, then it stays failed", async () => {
  for (const retries of [0, 1, 3]) {
    await using study = await Study.open({ ...shared(), retries });
    const first = await study.ask(dead);
    for (let retry = 0; retry < retries; retry++) {
      assertEquals((await study.ask(dead)).configuration, first.configuration);
    }
    const next = await study.ask();
    assertEquals(next.number, retries + 1);
    assert(next.configuration.x !== first.configuration.x);
    assertEquals((await study.trials())[retries].reason, "its worker was not heard of in time");
  }
});

Deno.test("a late value of a trial that was given to another is refused, and says why", async () => {
  await using study = await Study.open(shared());
  await study.ask(dead);
  const again = await study.ask();
  await assertRefuses(
    "finished-trial",
    () => study.tell(0, 0.5),
    "it is fail already (its worker was not heard of in time; it is tried again), and 0.5 was told",
  );
  await study.tell(again, 0.5);
});

Deno.test("a heartbeat and a report keep a trial with its worker", async () => {
  await using study = await Study.open(shared());
  const hour = { lease: 3600 };
  const beating = await study.ask(hour), reporting = await study.ask(hour);
  assert(await beating.heartbeat());
  await reporting.report(1, 0.5);
  assertEquals((await study.ask()).number, 2);
  assert(!beating.signal.aborted);
});

Deno.test("a trial without a lease is its worker's until it is told", async () => {
  await using study = await Study.open(shared());
  const trial = await study.ask();
  for (let other = 0; other < 3; other++) await study.tell(await study.ask(), other);
  await study.tell(trial, 9);
  assertEquals((await study.best())?.number, 0);
});

Deno.test("trials that are tried again count once, and are shown to the algorithm once", async () => {
  const seen: number[] = [];
  const algorithm = watchedSearch(({ points, running = [] }) =>
    seen.push(points.length + running.length)
  );
  await using study = await Study.open({ ...shared(), algorithm });
  for (let trial = 0; trial < 2; trial++) await study.ask(dead);
  await study.optimize(() => 1, { trials: 4 });
  const trials = await study.trials();
  // The second loss is not tried again: it is one of the four.
  assertEquals(trials.map(({ state }) => state), ["fail", "fail", ...Array(3).fill("complete")]);
  assertEquals(seen, [0, 1, 2, 3]);
});

Deno.test("an optimization waits for the trials of other workers, and takes over what they lose", async () => {
  const options = shared();
  await using study = await Study.open(options);
  await using other = await Study.open(options);
  const kept = await other.ask({ lease: 3600 }), lost = await other.ask({ lease: 3600 });
  const tried: number[] = [];
  const optimization = study.optimize(({ number }) => {
    tried.push(number);
    return 1;
  }, { trials: 3 });
  while (tried.length === 0) await new Promise((resolve) => setTimeout(resolve));
  await options.storage.changeTrial(lost.number + 1, { lease: 0 }); // ids are numbers + 1 here
  await other.tell(kept, 2);
  await optimization;
  const trials = await study.trials();
  assertEquals(trials.map(({ state }) => state), ["complete", "fail", "complete", "complete"]);
  assertEquals(trials[3].configuration, lost.configuration);
});

Deno.test("a worker that died before it had chosen leaves a trial that another fills", async () => {
  const options = shared();
  await using study = await Study.open(options);
  await options.storage.createTrial(1, { state: "running", lease: 0 });
  const trial = await study.ask();
  assertEquals(trial.number, 1);
  assert(study.space.contains(trial.configuration));
});

Deno.test("where others are faster each time, a worker claims its number first and chooses then", async () => {
  const options = shared();
  await using other = await Study.open(options);
  let races = 0;
  const algorithm = watchedSearch(async () => {
    if (races++ < 10) await other.tell(await other.ask(), 1);
  });
  await using study = await Study.open({ ...options, algorithm });
  const trial = await study.ask();
  assertEquals([trial.number, races], [3, 4]);
  assert(study.space.contains(trial.configuration));
});

Deno.test("in a finite space a worker chooses anew until it is the next", async () => {
  const options = { ...shared(), space: grid };
  await using other = await Study.open(options);
  let races = 0;
  const algorithm = watchedSearch(async () => {
    if (races++ < 6) await other.tell(await other.ask(), 1);
  });
  await using study = await Study.open({ ...options, algorithm });
  assertEquals((await study.ask()).number, 6);
  const configurations = (await study.trials()).map((trial) => JSON.stringify(trial.configuration));
  assertEquals(new Set(configurations).size, 7);
});

Deno.test("an algorithm that throws leaves no trial behind that nobody evaluates", async () => {
  let isBroken = true;
  const algorithm = watchedSearch(() => {
    if (isBroken) throw new Error("no memory");
  });
  await using study = await Study.open({ ...shared(), algorithm });
  await study.enqueue({ x: 0.5 }); // the rest is the algorithm's
  await assertRejects(() => study.ask(), Error, "no memory");
  assertEquals((await study.trials()).map(({ state }) => state), ["fail", "waiting"]);
  isBroken = false;
  assertEquals((await study.ask()).configuration.x, 0.5);
});

Deno.test("a trial that was taken from its worker while it ran is no failure of the objective", async () => {
  const options = shared();
  await using study = await Study.open(options);
  await study.optimize(async ({ number, report }) => {
    if (number === 0) await options.storage.changeTrial(1, { state: "fail" });
    await report(1, 0.5);
    return 1;
  }, { trials: 2, maxConsecutiveFailures: 1 });
  assertEquals((await study.trials()).map(({ state }) => state), ["fail", "complete"]);
});

/** Another worker claims the waiting trial between a worker's look and its claim, once. */
class OvertakingStorage extends MemoryStorage {
  #isOvertaken = false;
  override async claimTrial(study: number, options?: { readonly lease?: number }) {
    if (!this.#isOvertaken) await super.claimTrial(study);
    this.#isOvertaken = true;
    return await super.claimTrial(study, options);
  }
}

Deno.test("a trial that another worker took in the meantime counts towards the total", async () => {
  await using study = await Study.open(shared(new OvertakingStorage()));
  await study.enqueue({ x: 0.25, kind: "plain" });
  await study.optimize(() => 1, { trials: 1 });
  assertEquals((await study.trials()).map(({ state }) => state), ["running"]);
});
