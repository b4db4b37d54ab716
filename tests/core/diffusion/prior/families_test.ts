import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { CurvedValley } from "../../../../core/diffusion/prior/curved_valley.ts";
import { FailureCliff } from "../../../../core/diffusion/prior/failure_cliff.ts";
import { FourierProcess } from "../../../../core/diffusion/prior/fourier_process.ts";
import { Gate } from "../../../../core/diffusion/prior/gate.ts";
import { GaussianBumps } from "../../../../core/diffusion/prior/gaussian_bumps.ts";
import { InputTransform } from "../../../../core/diffusion/prior/input_transform.ts";
import { MainEffects } from "../../../../core/diffusion/prior/main_effects.ts";
import { ObliviousTrees } from "../../../../core/diffusion/prior/oblivious_trees.ts";
import { OutputLink } from "../../../../core/diffusion/prior/output_link.ts";
import { QuadraticBowl } from "../../../../core/diffusion/prior/quadratic_bowl.ts";
import { drawRelevance, type Relevance } from "../../../../core/diffusion/prior/relevance.ts";
import { SaturatingCurves } from "../../../../core/diffusion/prior/saturating_curves.ts";
import type { SurfaceTerm } from "../../../../core/diffusion/prior/surface_term.ts";
import { Random } from "../../../../core/search/random.ts";

const seeds = fc.integer();
const dimensions = fc.integer({ min: 1, max: 20 });

const allRelevant = (dimension: number): Relevance => ({
  amplitudes: new Float64Array(dimension).fill(1),
  relevantCount: dimension,
});

const families: Record<string, (random: Random, relevance: Relevance) => SurfaceTerm> = {
  "Fourier process": (random, relevance) => FourierProcess.draw(random, relevance),
  "main effects": MainEffects.draw,
  "oblivious trees": (random, { amplitudes }) =>
    ObliviousTrees.draw(random, amplitudes, { trees: 24, depth: 3, magnitudeSpread: 0.5 }),
  "quadratic bowl": QuadraticBowl.draw,
  "curved valley": CurvedValley.draw,
  "Gaussian bumps": GaussianBumps.draw,
  "saturating curves": SaturatingCurves.draw,
};

for (const [name, draw] of Object.entries(families)) {
  Deno.test(`${name}: finite, equal for equal streams, blind to inputs without relevance`, () => {
    fc.assert(
      fc.property(seeds, dimensions, (seed, dimension) => {
        const relevance = drawRelevance(Random.of(seed), dimension);
        const term = draw(Random.of(seed, "term"), relevance);
        const same = draw(Random.of(seed, "term"), relevance);
        const random = Random.of(seed, "points");
        for (let i = 0; i < 10; i++) {
          const point = random.point(dimension);
          const value = term.value(point);
          assert(Number.isFinite(value));
          assertEquals(same.value(point), value);
          relevance.amplitudes.forEach((amplitude, j) => {
            if (amplitude === 0) point[j] = random.uniform();
          });
          assertEquals(term.value(point), value);
        }
      }),
      { seed: 1 },
    );
  });

  Deno.test(`${name}: every relevant input has an effect, alike for first and last`, () => {
    const dimension = 4, draws = 400;
    const random = Random.of("exchangeable", name);
    const effect = new Float64Array(dimension);
    for (let i = 0; i < draws; i++) {
      const term = draw(random, allRelevant(dimension));
      const point = random.point(dimension);
      const before = term.value(point);
      const changes = Array.from({ length: dimension }, (_, j) => {
        const moved = point.slice();
        moved[j] = random.uniform();
        return Math.abs(term.value(moved) - before);
      });
      const total = changes.reduce((sum, change) => sum + change, 0);
      if (total > 0) changes.forEach((change, j) => effect[j] += change / total / draws);
    }
    // The share's standard deviation is below .35, so that .07 is four standard errors.
    for (const share of effect) assertAlmostEquals(share, 0.25, 0.07);
  });
}

Deno.test("relevance: exactly k inputs are relevant, one value for the others, k about log-uniform", () => {
  const dimension = 16, draws = 4000;
  const random = Random.of("relevance");
  let single = 0, many = 0;
  for (let i = 0; i < draws; i++) {
    const { amplitudes, relevantCount } = drawRelevance(random, dimension);
    const others = [...amplitudes].filter((amplitude) => amplitude !== 1);
    assertEquals(others.length, dimension - relevantCount);
    assert(new Set(others).size <= 1 && others.every((other) => other >= 0 && other <= 0.2));
    if (relevantCount <= 2) single++;
    if (relevantCount > 8) many++;
  }
  // P(ceil(16^U V) <= 2) = .260 and P(.. > 8) = .240 for V uniform in [.6, 1.4], by quadrature.
  assertAlmostEquals(single / draws, 0.26, 0.03);
  assertAlmostEquals(many / draws, 0.24, 0.03);
});

Deno.test("Fourier process: over draws, mean 0, variance 1 and the RBF covariance", () => {
  const draws = 4000, distance = 0.3, medianLengthscale = 0.4;
  const random = Random.of("covariance");
  const options = { medianLengthscale, lengthscaleSpread: 0, maternShare: 0 };
  let sum = 0, squares = 0, products = 0;
  for (let i = 0; i < draws; i++) {
    const process = FourierProcess.draw(random, allRelevant(1), options);
    const a = process.value(Float64Array.of(0.2));
    const b = process.value(Float64Array.of(0.2 + distance));
    sum += a, squares += a * a, products += a * b;
  }
  // E exp(-distance^2 / (2 l^2)) over l = .4 exp(.4 z), z standard normal, by quadrature: .7129.
  assertAlmostEquals(sum / draws, 0, 0.07);
  assertAlmostEquals(squares / draws, 1, 0.1);
  assertAlmostEquals(products / draws, 0.7129, 0.08);
});

Deno.test("oblivious trees: piecewise constant with variance 1 over draws", () => {
  const draws = 2000;
  const random = Random.of("trees");
  const weights = Float64Array.of(1, 0, 1);
  let squares = 0, unchanged = 0;
  for (let i = 0; i < draws; i++) {
    const trees = ObliviousTrees.draw(random, weights, { trees: 10, depth: 4 });
    const point = random.point(3);
    const value = trees.value(point);
    squares += value * value;
    point[0] += 1e-4;
    if (trees.value(point) === value) unchanged++;
  }
  assertAlmostEquals(squares / draws, 1, 0.15);
  assert(unchanged > 0.98 * draws);
});

Deno.test("quadratic bowl: concave, and never above its optimum", () => {
  fc.assert(
    fc.property(seeds, dimensions, (seed, dimension) => {
      const random = Random.of(seed);
      const bowl = QuadraticBowl.draw(random, allRelevant(dimension));
      const a = random.point(dimension), b = random.point(dimension);
      const middle = a.map((x, j) => (x + b[j]) / 2);
      const chord = (bowl.value(a) + bowl.value(b)) / 2;
      assert(bowl.value(a) <= 0);
      assert(bowl.value(middle) >= chord - 1e-9 * Math.abs(chord));
    }),
    { seed: 1 },
  );
});

Deno.test("curved valley: the optimum lies inside the square and nothing is above it", () => {
  for (let seed = 0; seed < 10; seed++) {
    const valley = CurvedValley.draw(Random.of("valley", seed), allRelevant(2));
    let highest = -Infinity;
    const cells = 200;
    for (let i = 0; i <= cells; i++) {
      for (let j = 0; j <= cells; j++) {
        highest = Math.max(highest, valley.value(Float64Array.of(i / cells, j / cells)));
      }
    }
    // 0, or -log(.1) on the log scale; the grid misses it by at most its steepest curvature.
    assert(highest <= -Math.log(0.1) + 1e-12);
    assert(highest > -0.02);
  }
});

Deno.test("Gaussian bumps: bounded by the sum of the heights, flat far away", () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const bumps = GaussianBumps.draw(Random.of(seed), allRelevant(3));
      assertAlmostEquals(bumps.value(Float64Array.of(100, 100, 100)), 0, 1e-9);
    }),
    { seed: 1 },
  );
});

Deno.test("output link: increasing and finite from -20 to 20", () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const link = OutputLink.draw(Random.of(seed));
      let before = -Infinity;
      for (let latent = -20; latent <= 20; latent += 0.25) {
        const value = link.apply(latent);
        assert(Number.isFinite(value) && value >= before);
        before = value;
      }
      assert(link.apply(1) > link.apply(-1));
    }),
    { seed: 1 },
  );
});

Deno.test("input transform: increasing in each input, binary or on at most 50 levels if not continuous", () => {
  const kinds = { binary: 0, levels: 0, continuous: 0 };
  for (let seed = 0; seed < 300; seed++) {
    const transform = InputTransform.draw(Random.of("transform", seed), 1);
    const point = new Float64Array(1), transformed = new Float64Array(1);
    const values: number[] = [];
    for (let i = 0; i <= 1000; i++) {
      point[0] = i / 1000;
      transform.apply(point, transformed);
      assert(i === 0 || transformed[0] >= values[i - 1]);
      assert(transformed[0] >= -0.17 && transformed[0] <= 1.17);
      values.push(transformed[0]);
    }
    const distinct = new Set(values);
    if ([...distinct].every((value) => value === 0 || value === 1)) kinds.binary++;
    else if (distinct.size <= 50) kinds.levels++;
    else kinds.continuous++;
  }
  // binary: .6 x .25 = .15; levels: .48 of the others; 4 standard errors are .09 and .12
  assertAlmostEquals(kinds.binary / 300, 0.15, 0.09);
  assertAlmostEquals(kinds.levels / 300, 0.85 * 0.48, 0.12);
});

Deno.test("gate: closed on one side of its input, and then blind to what it controls", () => {
  fc.assert(
    fc.property(seeds, dimensions, (seed, dimension) => {
      const random = Random.of(seed);
      const gate = Gate.draw(random, dimension);
      const low = random.point(dimension), high = low.slice();
      low[gate.input] = 0;
      high[gate.input] = 1;
      assertNotEquals(gate.isClosed(low), gate.isClosed(high));
      gate.close(low);
      for (const j of gate.controlled) assertEquals(low[j], 0.5);
    }),
    { seed: 1 },
  );
});

Deno.test("failure cliff: at most a quarter of one input loses at least half a unit", () => {
  fc.assert(
    fc.property(seeds, dimensions, (seed, dimension) => {
      const cliff = FailureCliff.draw(Random.of(seed), dimension);
      const centre = new Float64Array(dimension).fill(0.5);
      assertEquals(cliff.loss(centre), 0);
      const lost = [...centre.keys()].flatMap((j) =>
        [0.001, 0.999].map((x) => cliff.loss(centre.with(j, x)))
      ).filter((loss) => loss > 0);
      assert(lost.length <= 1 && lost.every((loss) => loss >= 0.5 && loss <= 5));
    }),
    { seed: 1 },
  );
});
