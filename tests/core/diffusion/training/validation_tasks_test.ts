import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import {
  searchMaximum,
  validationTasks,
} from "../../../../core/diffusion/training/validation_tasks.ts";
import { Random } from "../../../../core/search/random.ts";

Deno.test("validation tasks have the same values and start points every time, other ones for another seed", () => {
  const options = { dimensions: [2, 3], tasksPerDimension: 2 };
  const point = (dimension: number) => new Float64Array(dimension).fill(0.4);
  const describe = (seed: number) =>
    validationTasks({ ...options, seed }).map(({ name, dimension, startPoints, evaluate }) => ({
      name,
      value: evaluate(point(dimension)),
      starts: startPoints.map(evaluate),
    }));
  const tasks = describe(0);
  assertEquals(tasks.map(({ name }) => name), [
    "d2-smooth-0",
    "d2-rugged-1",
    "d3-smooth-0",
    "d3-rugged-1",
  ]);
  assertEquals(describe(0), tasks);
  const others = describe(1);
  tasks.forEach(({ value }, i) => assertNotEquals(others[i].value, value));
});

Deno.test("validation tasks: half of the uniform points lie above 0, none far above 1", () => {
  const surface = { plateauShare: 0 };
  for (const task of validationTasks({ dimensions: [3], tasksPerDimension: 4, surface })) {
    const random = Random.of("scale", task.name);
    const values = Array.from({ length: 2000 }, () => task.evaluate(random.point(3)));
    assertAlmostEquals(values.filter((value) => value > 0).length / 2000, 0.5, 0.08);
    assert(Math.max(...values) < 1.02);
    assertEquals(task.startPoints.length, 5);
    assert(task.startPoints.flatMap((point) => [...point]).every((x) => x >= 0 && x < 1));
  }
});

Deno.test("no validation task is flat from the median up, which has no scale", () => {
  for (const task of validationTasks({ dimensions: [1], tasksPerDimension: 6 })) {
    assert(task.startPoints.every((point) => Number.isFinite(task.evaluate(point))), task.name);
  }
});

Deno.test("the dense search finds the known optima of Branin and Hartmann-6", () => {
  const found = (dimension: number, value: (x: Float64Array) => number) =>
    searchMaximum(Random.of("dense"), {
      dimension,
      evaluate: (points) =>
        Float64Array.from(
          { length: points.length / dimension },
          (_, i) => value(points.subarray(i * dimension, (i + 1) * dimension)),
        ),
    });
  // Optima as published: Surjanovic & Bingham, Virtual Library of Simulation Experiments.
  assertAlmostEquals(found(2, (x) => -branin(15 * x[0] - 5, 15 * x[1])), -0.397887, 1e-5);
  assertAlmostEquals(found(6, hartmann6), 3.32237, 1e-4);
});

function branin(a: number, b: number): number {
  const valley = b - 5.1 / (4 * Math.PI ** 2) * a ** 2 + 5 / Math.PI * a - 6;
  return valley ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(a) + 10;
}

function hartmann6(x: Float64Array): number {
  const rates = [
    [10, 3, 17, 3.5, 1.7, 8],
    [0.05, 10, 17, 0.1, 8, 14],
    [3, 3.5, 1.7, 10, 17, 8],
    [17, 8, 0.05, 10, 0.1, 14],
  ];
  const centres = [
    [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
    [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
    [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
    [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
  ];
  return [1, 1.2, 3, 3.2].reduce((sum, height, i) => {
    const exponent = rates[i].reduce((e, rate, j) => e + rate * (x[j] - centres[i][j]) ** 2, 0);
    return sum + height * Math.exp(-exponent);
  }, 0);
}
