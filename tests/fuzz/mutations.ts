/**
 * Damaging files: what happens to them on disks, on their way, and in editors.
 *
 * @module
 */
import type { Random } from "../../core/search/random.ts";

/** One damaged copy of some bytes. */
type Mutation<T> = (value: T, random: Random) => T;

function pick<T>(values: readonly T[], random: Random): T {
  return values[random.integer(values.length)];
}

function splice(bytes: Uint8Array, start: number, removed: number, inserted: Uint8Array) {
  const result = new Uint8Array(bytes.length - removed + inserted.length);
  result.set(bytes.subarray(0, start));
  result.set(inserted, start);
  result.set(bytes.subarray(start + removed), start + inserted.length);
  return result;
}

/** A part of at most `longest` bytes. */
function part(bytes: Uint8Array, longest: number, random: Random): [start: number, end: number] {
  const start = random.integer(bytes.length + 1);
  return [start, Math.min(bytes.length, start + random.integer(longest + 1))];
}

/** Bytes that mean something in JSON, UBJSON, CSV, zip and numbers. */
const tellingBytes = [
  0,
  1,
  0x7f,
  0x80,
  0xff,
  ...new TextEncoder().encode('{}[]",:\\-0eN$#iUlLdDSTFZ\n;P'),
];

const byteMutations: readonly Mutation<Uint8Array>[] = [
  (bytes) => bytes.slice(), // as it is
  (bytes, random) => bytes.slice(0, random.integer(bytes.length + 1)),
  (bytes, random) => {
    const result = bytes.slice();
    if (result.length > 0) result[random.integer(result.length)] ^= 1 << random.integer(8);
    return result;
  },
  (bytes, random) => {
    const result = bytes.slice();
    if (result.length > 0) result[random.integer(result.length)] = pick(tellingBytes, random);
    return result;
  },
  (bytes, random) => {
    const [start, end] = part(bytes, 40, random);
    return splice(bytes, start, end - start, new Uint8Array());
  },
  (bytes, random) => {
    const [start, end] = part(bytes, 200, random);
    return splice(bytes, random.integer(bytes.length + 1), 0, bytes.slice(start, end));
  },
  (bytes, random) => {
    const inserted = Uint8Array.from(
      { length: 1 + random.integer(8) },
      () => pick(tellingBytes, random),
    );
    return splice(bytes, random.integer(bytes.length + 1), 0, inserted);
  },
  (bytes, random) => {
    // A length or an offset that is far too large, of 4 or 8 bytes and in either order.
    const number = new Uint8Array(pick([4, 8], random)).fill(pick([0, 0x7f, 0xff], random));
    number[pick([0, number.length - 1], random)] = pick(tellingBytes, random);
    const start = random.integer(bytes.length + 1);
    return splice(bytes, start, Math.min(number.length, bytes.length - start), number);
  },
];

/** Damages bytes once. */
export function mutateBytes(bytes: Uint8Array, random: Random): Uint8Array {
  return pick(byteMutations, random)(bytes, random);
}

/** Text that stands in JSON as it is. */
class Raw {
  constructor(readonly text: string) {}
}

const deep = 50_000;

/** Numbers, texts and JSON that readers do not expect. */
const oddNumbers = [0, -1, 1, 0.5, 1e308, -1e308, 5e-324, 2 ** 31, 2 ** 53];
const oddTexts = [
  "",
  "0",
  "1",
  "-1",
  "NaN",
  "5E-1",
  "[5E-1]",
  "1e999",
  "4294967296",
  "9".repeat(20),
]
  .concat(["__proto__", "\u0000", "ä\u{1f600}\ud800", "../../x", "x".repeat(10_000)]);
const oddJson = ["NaN", "Infinity", "-Infinity", "1e999", "-0", "01", "1e-400", "[]", "{}", "[[]]"]
  .concat(["[0]", "[null]", '{"":0}', "[".repeat(deep) + "]".repeat(deep)])
  .concat(['{"a":'.repeat(deep) + "0" + "}".repeat(deep)]);
const oddValues: readonly unknown[] = [
  ...[null, true, false],
  ...oddNumbers,
  ...oddTexts,
  ...oddJson.map((text) => new Raw(text)),
];

type Container = Record<string, unknown>;

/** A place in parsed JSON: its container and key. */
interface Place {
  container: Container;
  key: string;
}

/** All places in parsed JSON. */
function placesIn(root: unknown): Place[] {
  const places: Place[] = [];
  const pending = [root];
  while (pending.length > 0) {
    const container = pending.pop();
    if (typeof container !== "object" || container === null || container instanceof Raw) continue;
    for (const key of Object.keys(container)) {
      places.push({ container: container as Container, key });
      pending.push((container as Container)[key]);
    }
  }
  return places;
}

/** A place that is reached from the root by chance: what is rare but near the root is met as often as the many leaves. */
function placeOnTheWay(root: Container, random: Random): Place | undefined {
  let place: Place | undefined;
  for (let container: unknown = root;;) {
    if (typeof container !== "object" || container === null || container instanceof Raw) {
      return place;
    }
    const keys = Object.keys(container);
    if (keys.length === 0) return place;
    place = { container: container as Container, key: pick(keys, random) };
    if (random.uniform() < 0.2) return place;
    container = place.container[place.key];
  }
}

/** A key that is written a second time in its object. */
const repeated = "\u0001again";

function set(container: Container, key: string, value: unknown): void {
  Object.defineProperty(container, key, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

const placeMutations:
  readonly ((place: Place, random: Random, places: readonly Place[]) => void)[] = [
    ({ container, key }, random) => set(container, key, pick(oddValues, random)),
    ({ container, key }) => {
      if (Array.isArray(container)) container.splice(Number(key), 1);
      else delete container[key];
    },
    ({ container, key }, random) => {
      if (Array.isArray(container)) container.splice(Number(key), 0, container[Number(key)]);
      else set(container, key + repeated, pick([container[key], ...oddValues], random));
    },
    ({ container, key }, random, places) => {
      const other = pick(places, random);
      set(container, key, new Raw(print(other.container[other.key])));
    },
    ({ container, key }, random) => {
      const value = container[key];
      const change = pick([1, -1, 1e-9, 0.5, 1e6], random);
      if (typeof value === "number") set(container, key, value + change);
      else if (typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value))) {
        set(container, key, pick([Number(value), String(Number(value) + change)], random));
      } else set(container, key, [value]);
    },
    ({ container, key }, random) => {
      const value = container[key];
      if (!Array.isArray(container)) {
        delete container[key];
        set(
          container,
          pick(["", "__proto__", "constructor", `${key} `, key.toUpperCase()], random),
          value,
        );
      } else set(container, key, typeof value === "number" ? `${value}` : { ...[value] });
    },
  ];

/** Prints JSON, with the raw parts as they are and the repeated keys twice. */
function print(value: unknown): string {
  if (value instanceof Raw) return value.text;
  if (Array.isArray(value)) return `[${value.map(print).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).map(([key, entry]) =>
    `${JSON.stringify(key.replaceAll(repeated, ""))}:${print(entry)}`
  );
  return `{${entries.join(",")}}`;
}

/** Damages the values of JSON up to three times. */
export function mutateJson(text: string, random: Random): string {
  const root = { root: JSON.parse(text) };
  for (let left = 1 + random.integer(3); left > 0; left--) {
    const places = placesIn(root);
    if (places.length === 0) break;
    const near = random.uniform() < 0.5 ? placeOnTheWay(root, random) : undefined;
    const place = near ?? pick(places, random);
    if (place.container === root && random.uniform() < 0.9) continue; // seldom the whole
    pick(placeMutations, random)(place, random, places);
  }
  return "root" in root ? print(root.root) : "";
}
