import { assertEquals } from "@std/assert";
import { type Configuration, SearchSpace } from "../../../core/search/search_space.ts";

/** Compiles only if both types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true
  : false;
function assertType<_Expected extends true>(): void {}

const space = new SearchSpace({
  rate: { type: "real", min: 1e-4, max: 1, log: true },
  batch: { type: "ordered", values: [16, 32, 64] },
  optimizer: { type: "choice", values: ["sgd", "adam", null] },
  momentum: { type: "real", min: 0, max: 1, when: { optimizer: "sgd" } },
  amsgrad: { type: "choice", values: [true, false], when: { optimizer: ["adam"] } },
  workers: { type: "constant", value: 4 },
});

Deno.test("the type of a configuration follows from the space: unions of values, conditional ones optional", () => {
  assertType<
    Same<Configuration<typeof space>, {
      rate: number;
      batch: 16 | 32 | 64;
      optimizer: "sgd" | "adam" | null;
      workers: 4;
      momentum?: number;
      amsgrad?: boolean;
    }>
  >();
  const decoded = space.decode(new Float64Array(space.dimension));
  assertType<Same<typeof decoded, Configuration<typeof space>>>();
  assertEquals(decoded.workers, 4);

  // @ts-expect-error: no value of the choice
  const wrong: Configuration<typeof space> = { rate: 1, batch: 16, optimizer: "lbfgs", workers: 4 };
  // @ts-expect-error: the rate is missing
  const missing: Configuration<typeof space> = { batch: 16, optimizer: null, workers: 4 };
  assertEquals([wrong, missing].map((one) => space.contains(one)), [false, false]);
});

Deno.test("a space that is known at run time only has configurations of any values", () => {
  assertType<Same<Configuration, Record<string, string | number | boolean | null>>>();
  const any: SearchSpace = space; // a typed space is a space
  assertType<Same<ReturnType<typeof any.decode>, Configuration>>();
  assertEquals(any.difference(space), []);
});
