import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { drawContexts } from "../../../../core/diffusion/training/pretraining_context.ts";
import { Random } from "../../../../core/search/random.ts";
import { SyntheticTask } from "../../../../core/diffusion/training/synthetic_task.ts";
import { viewTask } from "../../../../core/diffusion/training/viewed_task.ts";

const random = Random.of("viewed task");
const tasks = Array.from(
  { length: 40 },
  () =>
    SyntheticTask.draw(random, { dimension: 3, isMixed: false }, {
      surface: { smoothShare: 1, plateauShare: 0 },
      noisyShare: 0,
      failingShare: 0,
    }),
);
const histories = drawContexts(random, tasks, { size: 30 })
  .map((history) => ({ ...history, measured: history.y }));

Deno.test("without local views a task is shown whole", () => {
  tasks.forEach((task, i) => {
    const { history, evaluate } = viewTask(random, task, histories[i], 0);
    const points = random.point(3 * 4);
    assertEquals(history, histories[i]);
    assertEquals(evaluate(points), task.evaluate(points));
  });
});

Deno.test("a local view keeps the best point, and its task gives the responses of its history", () => {
  let smaller = 0;
  tasks.forEach((task, i) => {
    const { history, evaluate } = viewTask(random, task, histories[i], 1);
    const { dimension, size, x, y } = history;
    assertEquals([dimension, x.length, y.length], [3, 3 * size, size]);
    assert(x.every((coordinate) => coordinate >= 0 && coordinate <= 1));
    assertEquals(Math.max(...y), Math.max(...histories[i].y));
    if (size < 30) smaller++;

    const seen = new Set(task.evaluate(histories[i].x));
    const responses = evaluate(x);
    const range = Math.max(...seen) - Math.min(...seen);
    y.forEach((value, k) => {
      if (!seen.has(value)) return; // measured with noise
      assertAlmostEquals(responses[k], value, 1e-6 * range);
    });
  });
  assert(smaller > 30, `${smaller} of 40 are smaller`);
});

Deno.test("a task whose columns have a meaning is shown whole", () => {
  for (let i = 0; i < 20; i++) {
    const task = SyntheticTask.draw(random, { dimension: 6, isMixed: true });
    const [history] = drawContexts(random, [task], { size: 30 });
    const observed = { ...history, measured: task.measure(random, history.y) };
    assertEquals(viewTask(random, task, observed, 1).history, observed);
  }
});
