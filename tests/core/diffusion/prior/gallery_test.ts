import { assert, assertEquals } from "@std/assert";
import { surfaceGallery } from "../../../../core/diffusion/prior/gallery.ts";

Deno.test("the gallery has all kinds in every dimension, scaled to 0..1 in each slice", () => {
  const slices = surfaceGallery({ dimensions: [1, 4], surfacesPerKind: 1, resolution: 12 });
  assertEquals(slices.map(({ title }) => title), [
    "smooth, d = 1",
    "smooth, d = 4",
    "rugged, d = 1",
    "rugged, d = 4",
    "surrogate, d = 1",
    "surrogate, d = 4",
  ]);
  for (const { dimension, axes, values } of slices) {
    assertEquals(values.length, 144);
    assertEquals([Math.min(...values), Math.max(...values)], [0, 1]);
    assert(axes.every((axis) => axis >= 0 && axis < dimension));
    assert(dimension === 1 || axes[0] !== axes[1]);
  }
});

Deno.test("the gallery of a seed is always the same", () => {
  const options = { dimensions: [3], surfacesPerKind: 1, resolution: 6 };
  assertEquals(surfaceGallery(options), surfaceGallery(options));
});
