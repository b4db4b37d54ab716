import { assert, assertAlmostEquals } from "@std/assert";
import { minimizeInBox, type Objective } from "../../../baselines/numerics/lbfgsb.ts";
import golden from "../goldens/box_minima.json" with { type: "json" };

// Minima of SciPy's L-BFGS-B, goldens/make_numerics.py.

const rosenbrock: Objective = (x, gradient) => {
  gradient.fill(0);
  let value = 0;
  for (let j = 0; j + 1 < x.length; j++) {
    const valley = x[j + 1] - x[j] ** 2;
    value += 100 * valley ** 2 + (1 - x[j]) ** 2;
    gradient[j] += -400 * x[j] * valley - 2 * (1 - x[j]);
    gradient[j + 1] += 200 * valley;
  }
  return value;
};

const quartic: Objective = (x, gradient) => {
  const sum = x.reduce((s, v) => s + v, 0), n = x.length;
  let value = 0.1 * n * sum ** 2;
  x.forEach((v, j) => {
    const offset = v - (-0.5 + 2 * j / (n - 1));
    value += offset ** 4;
    gradient[j] = 4 * offset ** 3 + 0.2 * n * sum;
  });
  return value;
};

const problems: Record<string, Objective> = { rosenbrock, quartic };

for (const { problem, start, lower, upper, x, value } of golden) {
  Deno.test(`${problem} in ${x.length} variables below ${Math.min(...upper)} has SciPy's minimum`, () => {
    const minimum = minimizeInBox(problems[problem], Float64Array.from(start), {
      lower: Float64Array.from(lower),
      upper: Float64Array.from(upper),
      maxIterations: 1000,
      gradientTolerance: 1e-8,
      valueTolerance: 0,
    });
    assertAlmostEquals(minimum.value, value, 1e-8);
    minimum.x.forEach((v, j) => assertAlmostEquals(v, x[j], 2e-3));
    assert(minimum.evaluations < 300, `${minimum.evaluations} evaluations`);
  });
}

Deno.test("a start outside the box is moved into it, and every trial stays inside", () => {
  const seen: number[] = [];
  const bounds = { lower: Float64Array.of(-1), upper: Float64Array.of(1) };
  const minimum = minimizeInBox(
    (x, gradient) => {
      seen.push(x[0]);
      gradient[0] = 2 * (x[0] - 3);
      return (x[0] - 3) ** 2;
    },
    Float64Array.of(-7),
    bounds,
  );
  assertAlmostEquals(minimum.x[0], 1);
  assert(seen.every((v) => v >= -1 && v <= 1), `tried ${seen}`);
});

Deno.test("the search walks back from where the function is not defined", () => {
  const minimum = minimizeInBox(
    (x, gradient) => {
      gradient[0] = 1 - 1 / x[0];
      return x[0] > 0 ? x[0] - Math.log(x[0]) : Infinity;
    },
    Float64Array.of(0.01),
    { lower: Float64Array.of(-100), upper: Float64Array.of(100) },
  );
  assertAlmostEquals(minimum.x[0], 1, 1e-4);
});
