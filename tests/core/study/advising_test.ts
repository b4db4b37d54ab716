import { assertEquals, assertRejects } from "@std/assert";
import { RandomSearch } from "../../../baselines/random_search.ts";
import type { Algorithm } from "../../../core/search/algorithm.ts";
import { SearchSpace } from "../../../core/search/search_space.ts";
import type { Observed } from "../../../core/search/task.ts";
import { type AdviceOptions, ADVISED_BY, adviseStudy } from "../../../core/study/advising.ts";
import { MemoryStorage } from "../../../core/study/memory_storage.ts";
import type { NewTrial, TrialRecord } from "../../../core/study/records.ts";
import { START } from "../../../core/study/storage.ts";
import { StudyError } from "../../../core/study/study_error.ts";

const real = (low: number, high: number) =>
  JSON.stringify({
    name: "FloatDistribution",
    attributes: { step: null, low, high, log: false },
  });
const kinds = JSON.stringify({
  name: "CategoricalDistribution",
  attributes: { choices: ["a", "b"] },
});
const lists = JSON.stringify({
  name: "CategoricalDistribution",
  attributes: { choices: [[1], [2]] },
});

/** A trial that some worker completed. */
function completed(values: Readonly<Record<string, readonly [number, string]>>): NewTrial {
  const parameters = Object.entries(values).map(([name, [value, distribution]]) => ({
    name,
    value,
    distribution,
  }));
  return { state: "complete", parameters, values: [1] };
}

/** Remembers what it was shown. */
class Shown extends RandomSearch {
  readonly observed: Observed[] = [];

  override observeAndSuggest(
    ...[observed, options]: Parameters<RandomSearch["observeAndSuggest"]>
  ) {
    this.observed.push(observed);
    return super.observeAndSuggest(observed, options);
  }
}

/** An adviser of a study with these trials; `until` ends it, and sees the trials at each look. */
async function advise(
  trials: readonly NewTrial[],
  until: (trials: readonly TrialRecord[], storage: MemoryStorage) => boolean | Promise<boolean>,
  options: Partial<AdviceOptions> = {},
) {
  const storage = new MemoryStorage();
  const study = (await storage.createStudy({ name: "theirs", directions: ["minimize"] }))!;
  for (const trial of trials) await storage.createTrial(study.id, trial);
  const algorithm = new Shown({ seed: 1 });
  const stop = new AbortController();
  const spaces: SearchSpace[] = [];
  const read = async () => (await storage.changedTrials(study.id, START)).trials;
  let last: readonly TrialRecord[] = [];
  const advising = adviseStudy({
    storage,
    study,
    algorithm,
    interval: 0.001,
    signal: stop.signal,
    onSpace: (space) => spaces.push(space),
    ...options,
  });
  for (let look = 0; look < 1000; look++) {
    last = await read();
    if (await until(last, storage)) break;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  stop.abort();
  await advising;
  return { before: last, trials: await read(), spaces, observed: algorithm.observed };
}

const isWaiting = ({ state }: TrialRecord) => state === "waiting";

Deno.test("nothing is advised before a trial shows the search space", async () => {
  let looks = 0;
  const { trials } = await advise([{ state: "running" }], () => ++looks === 20);
  assertEquals(trials.map(({ state }) => state), ["running"]);
});

Deno.test("what is advised is what all trials have, fixed as Optuna's enqueue_trial does", async () => {
  const { before, spaces } = await advise([
    completed({ x: [0.5, real(0, 1)], kind: [0, kinds], odd: [0, lists], y: [1, real(0, 2)] }),
    completed({ x: [0.5, real(0, 1)], kind: [1, kinds], odd: [1, lists] }),
  ], (trials) => trials.some(isWaiting));
  assertEquals(spaces.map(({ names }) => names), [["x", "kind"]]);
  const { systemAttributes, userAttributes, parameters } = before.find(isWaiting)!;
  assertEquals(Object.keys(systemAttributes.fixed_params as object), ["x", "kind"]);
  assertEquals(userAttributes, { [ADVISED_BY]: "random" });
  assertEquals(parameters, []);
});

Deno.test("a real without a fraction is stored, as Python would read an integer of the fixed values", async () => {
  const algorithm: Algorithm = {
    name: "corner",
    observeAndSuggest: (_, { dimension } = {}) =>
      Promise.resolve(new Float64Array(dimension!).fill(1)),
    observeAndChoose: () => Promise.resolve(0),
  };
  const trial = completed({ x: [0.5, real(0, 1)], y: [0.5, real(0, 1.5)] });
  const { before } = await advise([trial], (trials) => trials.some(isWaiting), { algorithm });
  const { parameters, systemAttributes } = before.find(isWaiting)!;
  assertEquals(systemAttributes.fixed_params, { x: 1, y: 1.5 });
  assertEquals(parameters.map(({ name, value }) => [name, value]), [["x", 1]]);
});

Deno.test("the space follows the trials", async () => {
  let added = false;
  const { spaces } = await advise(
    [completed({ x: [0.5, real(0, 1)], y: [1, real(0, 2)] })],
    async (trials, storage) => {
      if (!added && trials.some(isWaiting)) {
        added = true;
        await storage.createTrial(1, completed({ x: [3, real(0, 4)] }));
        await storage.claimTrial(1);
      }
      return added &&
        trials.filter(({ userAttributes }) => ADVISED_BY in userAttributes).length > 1;
    },
  );
  assertEquals(spaces.map(({ hyperparameters }) => hyperparameters), [
    { x: { type: "real", min: 0, max: 1 }, y: { type: "real", min: 0, max: 2 } },
    { x: { type: "real", min: 0, max: 4 } },
  ]);
});

Deno.test("as many suggestions wait as trials run, each made with the others in view, and few at most", async () => {
  const seen = completed({ x: [0.5, real(0, 1)] });
  const running: NewTrial = { ...seen, state: "running", values: [] };
  let looks = 0;
  const trials = [seen, running, running, running, running, running];
  const { before, observed } = await advise(trials, (trials) => {
    if (trials.filter(isWaiting).length >= 3) looks++;
    return looks === 20;
  }, { waiting: 3 });
  assertEquals(before.filter(isWaiting).length, 3);
  assertEquals(observed.map(({ running }) => running!.length), [5, 6, 7]);
  const one = await advise([seen], (trials) => {
    if (trials.some(isWaiting)) looks++;
    return looks === 40;
  });
  assertEquals(one.before.filter(isWaiting).length, 1);
});

Deno.test("suggestions that nobody took are withdrawn in the end, and are not taken for failures", async () => {
  const seen = completed({ x: [0.5, real(0, 1)] });
  const { trials } = await advise([seen], (trials) => trials.some(isWaiting));
  assertEquals(trials.map(({ state }) => state), ["complete", "fail"]);
  const again = await advise(trials, (trials) => trials.some(isWaiting));
  assertEquals(again.observed[0].points.length, 1);
});

Deno.test("a described space keeps its conditions, and needs no trial", async () => {
  const space = new SearchSpace({
    kind: { type: "choice", values: ["a", "b"] },
    x: { type: "real", min: 0, max: 1, when: { kind: "b" } },
  });
  const advised: Record<string, unknown>[] = [];
  await advise([], async (trials, storage) => {
    if (trials.some(isWaiting)) await storage.claimTrial(1);
    return advised.length >= 8;
  }, { space: space as unknown as SearchSpace, onAdvice: (_, one) => advised.push(one) });
  for (const one of advised) assertEquals("x" in one, one.kind === "b");
});

Deno.test("it ends when every configuration was tried", async () => {
  const whole = completed({ kind: [0, kinds] });
  const other = completed({ kind: [1, kinds] });
  const { trials } = await advise([whole, other], () => true, {
    signal: new AbortController().signal,
  });
  assertEquals(trials.length, 2);
});

Deno.test("a study of several objectives is refused", async () => {
  const storage = new MemoryStorage();
  const directions = ["minimize", "maximize"] as const;
  const study = (await storage.createStudy({ name: "two", directions }))!;
  const { signal } = new AbortController();
  await assertRejects(
    () => adviseStudy({ storage, study, algorithm: new RandomSearch(), signal }),
    StudyError,
    "one objective",
  );
});
