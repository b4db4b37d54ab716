/**
 * Reading UBJSON (Universal Binary JSON, draft 12), the format in which XGBoost saves models by default
 * since version 2.1.
 *
 * Source: https://ubjson.org.
 *
 * @module
 */

/** Objects and arrays within each other; XGBoost's models have seven levels. */
const deepest = 64;

/** Bytes of a number of each type. */
const sizes: Readonly<Record<string, number>> = {
  i: 1,
  U: 1,
  I: 2,
  l: 4,
  L: 8,
  d: 4,
  D: 8,
};

/**
 * Whether bytes are an object in UBJSON and not in JSON: behind the brace stands the type of the first
 * key's length, or how many keys there are.
 */
export function isUbjson(bytes: Uint8Array): boolean {
  return bytes[0] === 0x7b && bytes.length > 1 && "iUIlL$#".includes(String.fromCharCode(bytes[1]));
}

/**
 * The value that UBJSON says: objects, arrays, numbers, strings, booleans and null.
 *
 * @throws {SyntaxError} when it is not UBJSON, with the position of the byte.
 */
export function parseUbjson(bytes: Uint8Array): unknown {
  const parser = new Parser(bytes);
  const value = parser.value(parser.marker(), 0);
  parser.end();
  return value;
}

class Parser {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #text = new TextDecoder();
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The next marker. `N` is for padding. */
  marker(): string {
    for (;;) {
      const marker = String.fromCharCode(this.#bytes[this.#take(1)]);
      if (marker !== "N") return marker;
    }
  }

  end(): void {
    if (this.#at < this.#bytes.length) this.#fail("more bytes behind the end");
  }

  value(type: string, depth: number): unknown {
    if (sizes[type] !== undefined) return this.#number(type);
    switch (type) {
      case "{":
        return this.#object(depth);
      case "[":
        return this.#array(depth);
      case "S":
        return this.#string(this.#length(this.marker()));
      case "C":
        return String.fromCharCode(this.#bytes[this.#take(1)]);
      case "T":
        return true;
      case "F":
        return false;
      case "Z":
        return null;
      default:
        this.#fail(`${describe(type)} where a type is expected`);
    }
  }

  #array(depth: number): unknown[] {
    const { type, count } = this.#header(depth);
    const values: unknown[] = [];
    if (count !== undefined) {
      while (values.length < count) values.push(this.value(type ?? this.marker(), depth + 1));
      return values;
    }
    for (let next = this.marker(); next !== "]"; next = this.marker()) {
      values.push(this.value(next, depth + 1));
    }
    return values;
  }

  #object(depth: number): object {
    const { type, count } = this.#header(depth);
    const entries: [string, unknown][] = [];
    const add = (lengthType: string) => {
      const key = this.#string(this.#length(lengthType));
      entries.push([key, this.value(type ?? this.marker(), depth + 1)]);
    };
    if (count !== undefined) { while (entries.length < count) add(this.marker()); }
    else for (let next = this.marker(); next !== "}"; next = this.marker()) add(next);
    return Object.fromEntries(entries);
  }

  /** What an array or object may begin with: the type of its values, and how many there are. */
  #header(depth: number): { type: string | undefined; count: number | undefined } {
    if (depth >= deepest) this.#fail(`more than ${deepest} levels`);
    const peek = () => String.fromCharCode(this.#bytes[this.#at]);
    let type: string | undefined;
    if (peek() === "$") {
      this.#at++;
      type = this.marker();
      if (peek() !== "#") this.#fail("a type of values without their number");
      // Values without bytes would let a short file ask for any amount of memory.
      if ("TFZ".includes(type)) this.#fail(`${describe(type)} as type of all values`);
    }
    if (peek() !== "#") return { type, count: undefined };
    this.#at++;
    const count = this.#length(this.marker());
    const least = count * (sizes[type ?? ""] ?? 1);
    if (least > this.#bytes.length - this.#at) this.#fail(`${count} values in too few bytes`);
    return { type, count };
  }

  #length(type: string): number {
    if (!"iUIlL".includes(type)) this.#fail(`${describe(type)} where a length is expected`);
    const length = this.#number(type);
    if (length < 0) this.#fail(`a length of ${length}`);
    return length;
  }

  #string(length: number): string {
    const start = this.#take(length);
    return this.#text.decode(this.#bytes.subarray(start, start + length));
  }

  #number(type: string): number {
    const at = this.#take(sizes[type]);
    switch (type) {
      case "i":
        return this.#view.getInt8(at);
      case "U":
        return this.#view.getUint8(at);
      case "I":
        return this.#view.getInt16(at);
      case "l":
        return this.#view.getInt32(at);
      case "L":
        return Number(this.#view.getBigInt64(at));
      case "d":
        return this.#view.getFloat32(at);
      default:
        return this.#view.getFloat64(at);
    }
  }

  /** Takes so many bytes; returns the position of the first. */
  #take(count: number): number {
    const start = this.#at;
    if (count > this.#bytes.length - start) this.#fail("the end of the file");
    this.#at += count;
    return start;
  }

  #fail(found: string): never {
    throw new SyntaxError(`unexpected at byte ${this.#at}: ${found}`);
  }
}

function describe(marker: string): string {
  return marker > " " && marker < "\u007f" ? `"${marker}"` : `byte ${marker.charCodeAt(0)}`;
}
