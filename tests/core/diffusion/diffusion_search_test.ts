import { assert, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { type DiffusionMode, DiffusionSearch } from "../../../core/diffusion/diffusion_search.ts";
import { HistorySearch } from "../../../core/diffusion/history_search.ts";
import { Model } from "../../../core/diffusion/model.ts";
import { historyConfig, Parameters } from "../../../core/diffusion/parameters.ts";
import { pretrainedModel } from "../../../core/diffusion/pretrained.ts";
import { type Coordinate, snap } from "../../../core/search/coordinates.ts";
import { Random } from "../../../core/search/random.ts";
import { WorkerPool } from "../../../tasks/shared/pool.ts";
import { quickSearch, type SearchKind, searchKinds, suggest, type SuggestJob } from "./_suggest.ts";

const urlOf = (path: string): URL => new URL(path, import.meta.url);

function job(
  { kind = "pretrained", seed }: { kind?: SearchKind; seed: number },
  [observations, dimension]: [number, number],
): SuggestJob {
  const random = Random.of("history", observations, dimension);
  const points = Array.from({ length: observations }, () => [...random.point(dimension)]);
  const responses = points.map((point) => -point.reduce((sum, x) => sum + (x - 0.3) ** 2, 0));
  return { kind, options: { seed }, points, responses };
}

for (const kind of searchKinds) {
  Deno.test(`${kind}: equal seeds give bit-equal suggestions, also in a worker and in another process`, async () => {
    const given = job({ seed: 3, kind }, [8, 4]);
    const here = await suggest(given);
    const pool = new WorkerPool<SuggestJob, number[]>(urlOf("./_suggest_worker.ts"), 1);
    const inWorker = await pool.run(given).finally(() => pool.close());
    const program = urlOf("./_suggest_program.ts").href;
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--no-prompt", "--allow-read", program, JSON.stringify(given)],
    }).output();
    assertEquals(inWorker, here);
    assertEquals(JSON.parse(new TextDecoder().decode(stdout)), here);
    assertNotEquals(await suggest(job({ seed: 4, kind }, [8, 4])), here);
  });

  Deno.test(`${kind}: the order of the history changes nothing, to the last bit`, async () => {
    const given = job({ seed: 1, kind }, [9, 3]);
    const order = [...Random.of("order").permutation(9)];
    const shuffled = {
      ...given,
      points: order.map((i) => given.points[i]),
      responses: order.map((i) => given.responses[i]),
    };
    assertEquals(await suggest(shuffled), await suggest(given));
  });

  Deno.test(`${kind}: a history far longer than the contexts of training is accepted`, async () => {
    const given = job({ seed: 2, kind }, [500, 2]);
    const next = await suggest(given);
    assert(next.every((x) => x >= 0 && x <= 1), `${next}`);
  });

  Deno.test(`${kind}: in discrete mode the same pending point is chosen each time`, async () => {
    const { points, responses } = job({ seed: 0 }, [6, 3]);
    const observed = { points, responses };
    const rows = Array.from({ length: 10 }, (_, i) => Random.of("pending", i).point(3));
    const search = quickSearch({ kind, options: { seed: 0 } });
    const index = await search.observeAndChoose(observed, rows);
    assert(Number.isInteger(index) && index >= 0 && index < 10);
    assertEquals(await search.observeAndChoose(observed, rows), index);
    assertEquals(await search.observeAndChoose(observed, [rows[3]]), 0);
  });
}

Deno.test("responses enter by their order of magnitude alone: shift and scale change nothing much", async () => {
  const given = job({ seed: 1 }, [6, 2]);
  const affine = { ...given, responses: given.responses.map((y) => 1e6 + 4096 * y) };
  const [a, b] = [await suggest(given), await suggest(affine)];
  a.forEach((x, j) => assert(Math.abs(x - b[j]) < 1e-3, `${a} and ${b}`));
});

Deno.test("the penalty of a failed run does not hide the others", async () => {
  const penalized = (penalty: number): SuggestJob => {
    const given = job({ seed: 2 }, [8, 3]);
    return { ...given, responses: given.responses.with(0, penalty) };
  };
  const a = await suggest(penalized(-1e6)), b = await suggest(penalized(-1e12));
  a.forEach((x, j) => assert(Math.abs(x - b[j]) < 1e-3, `${a} and ${b}`));
});

/** Suggestions for a plane whose response rises to a border beyond which runs fail, and which have failed there, or are not tried. */
async function beyondBorder(isTold: boolean): Promise<number> {
  const random = Random.of("beyond the border");
  const inside = Array.from(
    { length: 14 },
    () => Float64Array.of(0.6 * random.uniform(), random.uniform()),
  );
  const outside = Array.from(
    { length: 6 },
    () => Float64Array.of(0.62 + 0.35 * random.uniform(), random.uniform()),
  );
  const failed = isTold ? outside : [];
  const observed = {
    points: [...inside, ...failed],
    responses: [...inside.map(([x, y]) => x - (y - 0.5) ** 2), ...failed.map(() => NaN)],
  };
  const search = new DiffusionSearch({ seed: 3, probePeriod: 0 });
  const drawn = await Promise.all(
    Array.from({ length: 24 }, (_, key) => search.observeAndSuggest(observed, { key })),
  );
  return drawn.filter(([x]) => x > 0.61).length;
}

Deno.test("suggestions keep away from where runs failed, however good it looks", async () => {
  const told = await beyondBorder(true), unknown = await beyondBorder(false);
  assert(unknown >= 12, `${unknown} of 24 lie beyond the border`);
  assert(told <= unknown / 3, `${told} against ${unknown} of 24`);
});

Deno.test("a space of reals alone is searched as a cube of which nothing is known, others are not", async () => {
  const search = new DiffusionSearch({ seed: 2, probePeriod: 0 });
  const random = Random.of("cube");
  const points = Array.from({ length: 12 }, (_, i) => [random.uniform(), i % 2]);
  const responses = points.map(([x, y]) => -((x - 0.3) ** 2) - (y - 0.4) ** 2);
  const real = { kind: "real" } as const, choice = { kind: "choice", count: 2 } as const;
  const levels = { kind: "levels", positions: [0, 0.25, 0.5, 0.75, 1] } as const;
  const suggestions = async (coordinates?: readonly Coordinate[]): Promise<Float64Array[]> =>
    await Promise.all(
      [0, 1, 2, 3, 4, 5].map((key) =>
        search.observeAndSuggest({ points, responses }, { key, ...coordinates && { coordinates } })
      ),
    );
  const unknown = await suggestions();
  const snapped = (space: readonly Coordinate[]) => unknown.map((point) => snap(point, space));
  assertEquals(await suggestions([real, real]), unknown);
  for (const other of [levels, choice]) {
    assertNotEquals(await suggestions([real, other]), snapped([real, other]));
  }
});

Deno.test("a batch that knows what is running spreads further than suggestions that do not", async () => {
  const search = new DiffusionSearch({ seed: 5, probePeriod: 0 });
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  /** Mean distance to the nearest other point of a batch on a bowl. */
  const spread = async (bowl: number, isTold: boolean): Promise<number> => {
    const random = Random.of("batch", bowl);
    const centre = random.point(2).map((x) => 0.2 + 0.6 * x);
    const distance = (a: Float64Array, b: Float64Array): number =>
      Math.hypot(...a.map((x, j) => x - b[j]));
    const points = Array.from({ length: 12 }, () => random.point(2));
    const responses = points.map((point) => -(distance(point, centre) ** 2));
    const batch: Float64Array[] = [];
    for (let key = 0; key < 12; key++) {
      const observed = { points, responses, running: isTold ? batch : [] };
      batch.push(await search.observeAndSuggest(observed, { key }));
    }
    return mean(batch.map((a, i) => Math.min(...batch.toSpliced(i, 1).map((b) => distance(a, b)))));
  };
  const bowls = [0, 1, 2, 3, 4, 5];
  const told = mean(await Promise.all(bowls.map((bowl) => spread(bowl, true))));
  const untold = mean(await Promise.all(bowls.map((bowl) => spread(bowl, false))));
  assert(told > 1.2 * untold, `${told} against ${untold}`);
});

Deno.test("weights that are finite but too large fail, and do not suggest NaN", async () => {
  const parameters = Parameters.initialize(historyConfig, Random.of(1));
  parameters.values.fill(3e37);
  const { facts } = await pretrainedModel();
  const search = new DiffusionSearch({ model: new Model(parameters, facts) });
  const observed = { points: [[0.2], [0.6]], responses: [0, 1] };
  await assertRejects(() => search.observeAndSuggest(observed), Error, "must be finite");
  await assertRejects(
    () => search.observeAndChoose(observed, observed.points),
    Error,
    "must be finite",
  );
});

Deno.test("settings and arguments that cannot be used are refused", async () => {
  assertThrows(
    () => new DiffusionSearch({ denoisingSteps: 0 }),
    RangeError,
    "from 1 to 1000: got 0",
  );
  assertThrows(() => new DiffusionSearch({ guidance: -1 }), RangeError, "at least 0: got -1");
  assertThrows(() => new DiffusionSearch({ guidance: Infinity }), RangeError, "got Infinity");
  assertThrows(() => new DiffusionSearch({ seed: NaN }), RangeError, "'seed' must be an integer");
  assertThrows(() => new DiffusionSearch({ localShare: 1.5 }), RangeError, "from 0 to 1: got 1.5");
  assertThrows(
    () => new DiffusionSearch({ refinements: 0.5 }),
    RangeError,
    "'refinements' must be an integer from 0 to 16: got 0.5",
  );
  assertThrows(
    () => new DiffusionSearch({ mode: "history" as DiffusionMode }),
    RangeError,
    `'mode' must be one of pretrained, adapted: got "history"`,
  );
  assertThrows(
    () => new HistorySearch({ trainingSteps: 0 }),
    RangeError,
    "'trainingSteps' must be",
  );
  assertThrows(() => new HistorySearch({ guidance: NaN }), RangeError, "at least 0: got NaN");
  const search = new DiffusionSearch();
  await assertRejects(
    () => search.observeAndSuggest({ points: [[1.5]], responses: [1] }),
    RangeError,
    "must be in [0, 1]: got 1.5",
  );
});
