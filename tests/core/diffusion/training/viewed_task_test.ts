import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { drawContexts } from "../../../../core/diffusion/training/pretraining_context.ts";
import { ResponseSurface } from "../../../../core/diffusion/prior/response_surface.ts";
import { Random } from "../../../../core/search/random.ts";
import { viewTask } from "../../../../core/diffusion/training/viewed_task.ts";

const random = Random.of("viewed task");
const surfaces = Array.from(
  { length: 40 },
  () => ResponseSurface.draw(random, 3, { smoothShare: 1, plateauShare: 0 }),
);
const histories = drawContexts(random, surfaces, { size: 30 });

Deno.test("without local views a task is shown whole", () => {
  surfaces.forEach((surface, i) => {
    const { history, evaluate } = viewTask(random, surface, histories[i], 0);
    const points = random.point(3 * 4);
    assertEquals(history, histories[i]);
    assertEquals(evaluate(points), surface.evaluate(points));
  });
});

Deno.test("a local view keeps the best point, and its surface gives the responses of its history", () => {
  let smaller = 0;
  surfaces.forEach((surface, i) => {
    const { history, evaluate } = viewTask(random, surface, histories[i], 1);
    const { dimension, size, x, y } = history;
    assertEquals([dimension, x.length, y.length], [3, 3 * size, size]);
    assert(x.every((coordinate) => coordinate >= 0 && coordinate <= 1));
    assertEquals(Math.max(...y), Math.max(...histories[i].y));
    if (size < 30) smaller++;

    const seen = new Set(surface.evaluate(histories[i].x));
    const responses = evaluate(x);
    const range = Math.max(...seen) - Math.min(...seen);
    y.forEach((value, k) => {
      if (!seen.has(value)) return; // measured with noise
      assertAlmostEquals(responses[k], value, 1e-6 * range);
    });
  });
  assert(smaller > 30, `${smaller} of 40 are smaller`);
});
