import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { RandomSearch } from "../../../baselines/random_search.ts";
import { SearchSpace } from "../../../core/search/search_space.ts";
import { MemoryStorage } from "../../../core/study/memory_storage.ts";
import { Study } from "../../../core/study/study.ts";
import { readTrials } from "../../../core/trials/trial_table.ts";
import { assertProblem, Client, space } from "./_client.ts";

Deno.test("a study is created, searched, and read", async () => {
  await using client = new Client();
  await client.create();
  const asked = await client.send("POST", "/studies/s/trials");
  assertEquals([asked.status, asked.body.number], [201, 0]);
  assertEquals(Object.keys(asked.body.configuration), ["x", "kind"]);
  const told = await client.send("PATCH", "/studies/s/trials/0", { value: 0.5 });
  assertEquals([told.status, told.body], [200, { number: 0, state: "complete" }]);
  await client.evaluate(0.75);
  const { body: best } = await client.send("GET", "/studies/s/best");
  assertEquals([best.number, best.value, best.state], [1, 0.75, "complete"]);
  const { body: trial } = await client.send("GET", "/studies/s/trials/0");
  assertEquals([trial.configuration, trial.value], [asked.body.configuration, 0.5]);
  const { body: { estimate, confidence } } = await client.send("GET", "/studies/s/recommendation");
  assert(Number.isFinite(estimate) && confidence.standardDeviation >= 0);
  const { body: study } = await client.send("GET", "/studies/s");
  assertEquals(study.trials, { waiting: 0, running: 0, complete: 2, pruned: 0, fail: 0 });
  assertEquals([study.method, study.goal, study.space], ["random", "maximize", space]);
  const { body: { studies } } = await client.send("GET", "/studies");
  assertEquals(studies, [{ name: "s", directions: ["maximize"] }]);
});

Deno.test("a study is opened again with the same settings alone", async () => {
  await using client = new Client();
  await client.create({ seed: 3 });
  const again = { name: "s", space, goal: "maximize" };
  assertEquals((await client.send("POST", "/studies", again)).status, 200);
  for (
    const other of [
      { goal: "minimize" },
      { seed: 4 },
      { prune: true },
      { space: { x: { type: "real", min: 0, max: 2 } } },
    ]
  ) {
    const answer = await client.send("POST", "/studies", { ...again, ...other });
    assertProblem(answer, 409, "other-settings");
  }
});

Deno.test("a trial fails with its reason, by null, and by the NaN that Python writes", async () => {
  await using client = new Client();
  await client.create();
  for (
    const body of ['{"state": "fail", "reason": "no memory"}', '{"value": null}', '{"value": NaN}']
  ) {
    const { body: { number } } = await client.send("POST", "/studies/s/trials");
    const { body: { state } } = await client.send("PATCH", `/studies/s/trials/${number}`, body);
    assertEquals(state, "fail");
  }
  const { body: { reason } } = await client.send("GET", "/studies/s/trials/0");
  assertEquals(reason, "no memory");
});

Deno.test("reports say when to stop, and a stopped trial keeps its last value", async () => {
  await using client = new Client();
  await client.create({ prune: true });
  const step = async (number: number, value: number) =>
    (await client.send("PATCH", `/studies/s/trials/${number}`, { report: { step: 1, value } }))
      .body;
  for (let k = 0; k < 2; k++) await client.send("POST", "/studies/s/trials");
  assertEquals(await step(0, 1), { number: 0, state: "running", shouldPrune: false });
  assertEquals(await step(1, 0), { number: 1, state: "running", shouldPrune: true });
  await client.send("PATCH", "/studies/s/trials/1", { state: "pruned" });
  const { body: { state, value } } = await client.send("GET", "/studies/s/trials/1");
  assertEquals([state, value], ["pruned", 0]);
});

Deno.test("a trial goes to another worker when its lease is over, and the first is told so", async () => {
  await using client = new Client();
  await client.create();
  await client.send("POST", "/studies/s/trials", { lease: 60 });
  const alive = await client.send("PATCH", "/studies/s/trials/0", { heartbeat: true });
  assertEquals(alive.body, { number: 0, state: "running" });
  await client.send("POST", "/studies/s/trials", { lease: 1e-6 });
  await new Promise((resolve) => setTimeout(resolve, 5));
  const { body: taken } = await client.send("POST", "/studies/s/trials");
  const { body: { state, configuration } } = await client.send("GET", "/studies/s/trials/1");
  assertEquals([state, configuration], ["fail", taken.configuration]);
  for (const body of [{ heartbeat: true }, { report: { step: 1, value: 0 } }, { value: 1 }]) {
    assertProblem(await client.send("PATCH", "/studies/s/trials/1", body), 409, "finished-trial");
  }
});

Deno.test("a service that is begun again goes on with its studies and running trials", async () => {
  const storage = new MemoryStorage();
  storage[Symbol.asyncDispose] = () => Promise.resolve(); // outlives the first service
  {
    await using client = new Client({ storage });
    await client.create({ method: "tpe", seed: 3, prune: true });
    await client.send("POST", "/studies/s/trials", { lease: 60 });
  }
  await using client = new Client({ storage });
  const { body: { method } } = await client.send("GET", "/studies/s");
  assertEquals(method, "tpe");
  const { body } = await client.send("PATCH", "/studies/s/trials/0", {
    report: { step: 1, value: 1 },
  });
  assertEquals(body, { number: 0, state: "running", shouldPrune: false });
  const told = await client.send("PATCH", "/studies/s/trials/0", { value: 1 });
  assertEquals(told.status, 200);
});

Deno.test("a request that is repeated to a service that was begun again gets the first one's trial", async () => {
  const storage = new MemoryStorage();
  storage[Symbol.asyncDispose] = () => Promise.resolve(); // outlives the services
  const key = (text: string) => ({ "Idempotency-Key": text });
  const queued = { configuration: { x: 0.5, kind: "a" } };
  const send = async (client: Client) => {
    const enqueued = await client.send("POST", "/studies/s/queue", queued, key("one"));
    const asked = [];
    for (const text of ["one", "two"]) {
      asked.push((await client.send("POST", "/studies/s/trials", {}, key(text))).body);
    }
    const body = { value: 1 };
    const told = await client.send("PATCH", "/studies/s/trials/1", body, key("one"));
    return [enqueued.body, asked, told.body];
  };
  const answers = [];
  for (let service = 0; service < 3; service++) {
    await using client = new Client({ storage });
    if (service === 0) await client.create({ repeats: true });
    answers.push(await send(client));
  }
  assertEquals(answers[0][1].map(({ number }: { number: number }) => number), [0, 1]);
  assertEquals(answers[1], answers[0]);
  assertEquals(answers[2], answers[0]);
  await using one = new Client({ storage });
  await using other = new Client({ storage });
  const both = await Promise.all(
    [one, other].map((client) => client.send("POST", "/studies/s/trials", {}, key("three"))),
  );
  assertEquals(both.map(({ body }) => body.number), [2, 2]);
  assertEquals(both[0].body, both[1].body);
});

Deno.test("a study that another program has begun is served with its own method", async () => {
  const storage = new MemoryStorage();
  const opened = await Study.open({
    ...{ storage, name: "s", keepStorage: true, seed: 2 },
    space: new SearchSpace({ x: { type: "real", min: 0, max: 1 } }),
    algorithm: new RandomSearch({ seed: 7 }),
  });
  await opened.close();
  await using client = new Client({ storage, method: "gp" });
  assertEquals((await client.send("POST", "/studies/s/trials")).status, 201);
});

Deno.test("a configuration is tried first that was enqueued, and notes stay with a trial", async () => {
  await using client = new Client();
  await client.create();
  const wanted = { x: 0.125, kind: "b" };
  const { body } = await client.send("POST", "/studies/s/queue", { configuration: wanted });
  assertEquals(body, { number: 0 });
  const asked = await client.send("POST", "/studies/s/trials");
  assertEquals(asked.body, { number: 0, configuration: wanted });
  await client.send("PATCH", "/studies/s/trials/0", { attributes: { host: "one" } });
  const trial = await client.send("GET", "/studies/s/trials/0");
  assertEquals(trial.body.attributes, { host: "one" });
  const outside = { configuration: { x: 5 } };
  assertProblem(await client.send("POST", "/studies/s/queue", outside), 422, "invalid");
});

Deno.test("trials are listed in pages, found, and sorted with what is missing last", async () => {
  await using client = new Client();
  await client.create();
  for (const value of [3, 1, 2]) await client.evaluate(value);
  await client.send("POST", "/studies/s/trials");
  const numbers = async (query: string) => {
    const { body } = await client.send("GET", `/studies/s/trials?${query}`);
    return [body.total, body.trials.map(({ number }: { number: number }) => number)];
  };
  assertEquals(await numbers("sort=value"), [4, [1, 2, 0, 3]]);
  assertEquals(await numbers("sort=value&order=descending"), [4, [0, 2, 1, 3]]);
  assertEquals(await numbers("offset=1&limit=2"), [4, [1, 2]]);
  assertEquals(await numbers("state=running"), [1, [3]]);
  assertEquals(await numbers("search=RUNNING"), [1, [3]]);
});

Deno.test("an export is what the readers of tables read", async () => {
  await using client = new Client();
  await client.create();
  for (const value of [3, 1]) await client.evaluate(value);
  for (const format of ["csv", "json"]) {
    const response = await client.fetch("GET", `/studies/s/export?format=${format}`);
    const { trials } = readTrials(await response.text(), {
      space: SearchSpace.fromJSON(space),
    });
    assertEquals(trials.map(({ response }) => response), [3, 1]);
  }
});

Deno.test("what cannot be done is said by status, code and message", async () => {
  await using client = new Client();
  assertProblem(await client.send("GET", "/studies/none"), 404, "unknown-study");
  assertProblem(await client.send("GET", "/nothing"), 404, "unknown-path");
  const bad = { name: "s", goal: "maximize", space: { x: { type: "rael", min: 0, max: 1 } } };
  const answer = await client.send("POST", "/studies", bad);
  assertProblem(answer, 422, "invalid");
  assertStringIncludes(answer.body.detail, "x");
  await client.create({ space: { kind: { type: "choice", values: ["a", "b"] } } });
  assertProblem(await client.send("GET", "/studies/s/best"), 404, "none-complete");
  assertProblem(await client.send("GET", "/studies/s/recommendation"), 404, "none-complete");
  assertProblem(
    await client.send("PATCH", "/studies/s/trials/0", { value: 1 }),
    404,
    "unknown-trial",
  );
  for (let k = 0; k < 2; k++) await client.evaluate(k);
  assertProblem(await client.send("POST", "/studies/s/trials"), 409, "exhausted");
  assertEquals((await client.send("PATCH", "/studies/s/trials/0", { value: 0 })).status, 200);
  assertProblem(
    await client.send("PATCH", "/studies/s/trials/0", { value: 9 }),
    409,
    "finished-trial",
  );
  for (const body of [{}, { value: "1" }, { value: 1, heartbeat: true }, { state: "complete" }]) {
    assertProblem(await client.send("PATCH", "/studies/s/trials/0", body), 422, "invalid");
  }
});
