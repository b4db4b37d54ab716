import { assertEquals, assertNotEquals } from "@std/assert";
import { columnKindFeatures, columnKinds } from "../../../core/diffusion/column_kinds.ts";
import type { Coordinate } from "../../../core/search/coordinates.ts";

Deno.test("an integer of more values than any in training is shown as a real", () => {
  const levels = (count: number): Coordinate => ({
    kind: "levels",
    positions: Array.from({ length: count }, (_, k) => k / (count - 1)),
  });
  assertEquals(columnKinds([levels(61)]), columnKinds([{ kind: "real" }]));
  assertNotEquals(columnKinds([levels(60)]), columnKinds([{ kind: "real" }]));
});

Deno.test("every column says what kind of hyperparameter it belongs to, and of how many values", () => {
  const kinds = columnKinds([
    { kind: "real" },
    { kind: "levels", positions: [0, 0.5, 1] },
    { kind: "choice", count: 2 },
    { kind: "choice", count: 3, when: [{ parent: 2, values: [1] }] },
  ]);
  const rows = Array.from(
    { length: kinds.length / columnKindFeatures },
    (_, i) => [...kinds.subarray(i * columnKindFeatures, (i + 1) * columnKindFeatures)],
  );
  const three = Math.fround(Math.log(3) / 4), two = Math.fround(Math.log(2) / 4);
  assertEquals(rows, [
    [1, 0, 0, 0, 0, 0],
    [0, 1, 0, 0, 0, three],
    [0, 0, 1, 0, 0, two],
    [0, 0, 0, 1, 0, three],
    [0, 0, 0, 1, 0, three],
    [0, 0, 0, 1, 0, three],
    [0, 0, 0, 0, 1, two],
  ]);
});
