/**
 * Cuts chosen values out of a JSON object that is too large to parse.
 *
 * HPO-B's tables are single JSON objects of up to more than a gigabyte, past the longest string that
 * V8 can hold. The slicer looks at the bytes as they stream by, follows nothing but strings and
 * braces, and hands over the wanted values byte for byte. Its memory does not depend on the size of
 * the object or of its values.
 *
 * @module
 */
import { InputError } from "../../core/search/errors.ts";

/** What becomes of the values; called in the order of the bytes. */
export interface SliceReceiver {
  /**
   * Whether the value at this path of keys is wanted. Above the last level, what is wanted are the
   * values inside it.
   */
  wants(path: readonly string[]): boolean;
  /** The next bytes of a wanted value; valid only during the call. */
  bytes(chunk: Uint8Array): void;
  /** The wanted value is complete; `position` is that of the byte behind it. */
  end(position: number): void;
}

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** The longest key that is accepted, in bytes; HPO-B's are a dozen. */
const longestKey = 1024;

/** Where the slicer is. */
type State =
  | "start"
  | "first key"
  | "key"
  | "in key"
  | "colon"
  | "value"
  | "nested"
  | "comma"
  | "end";

/**
 * Takes the bytes of `levels` nested levels of objects, e.g. search space -> data set -> object, and
 * gives a {@linkcode SliceReceiver} the objects of the last level that it wants.
 */
export class JsonSlicer {
  readonly #label: string;
  readonly #levels: number;
  readonly #receiver: SliceReceiver;
  #state: State = "start";
  /** Bytes of earlier chunks. */
  #offset = 0;
  /** Keys of the open levels, and what keys each of them had. */
  readonly #path: string[] = [];
  readonly #seen: Set<string>[] = [];
  /** Bytes of the key being read. */
  #key: number[] = [];
  /** Inside a value: whether it is wanted, its open braces, and what the last bytes left open. */
  #wanted = false;
  #depth = 0;
  #inString = false;
  #escaped = false;

  /**
   * @param label What errors call the object, e.g. the file's name.
   * @param levels Number of levels of keys, at least 1.
   * @param receiver Is asked about every key and gets the wanted values.
   */
  constructor(label: string, levels: number, receiver: SliceReceiver) {
    this.#label = label;
    this.#levels = levels;
    this.#receiver = receiver;
  }

  /**
   * Takes the next bytes, cut anywhere.
   * @throws {InputError} when they are not objects within objects, or when a key is repeated.
   */
  push(chunk: Uint8Array): void {
    let i = 0;
    while (i < chunk.length) {
      if (this.#state === "nested") i = this.#pushNested(chunk, i);
      else if (this.#state === "in key") this.#pushKey(chunk[i], i++);
      else this.#pushBetween(chunk[i], i++);
    }
    this.#offset += chunk.length;
  }

  /**
   * Ends the object.
   * @throws {InputError} when it is incomplete.
   */
  finish(): void {
    if (this.#state === "end") return;
    throw new InputError(
      `Cannot read ${this.#label} as it ends in the middle, after ${this.#offset} bytes`,
    );
  }

  /** Runs through a value of the last level; returns the position behind what it took. */
  #pushNested(chunk: Uint8Array, start: number): number {
    // Only quotes and braces matter, and they are rare: leaping from one to the next is several
    // times faster than looking at every byte. Arrays need not be followed.
    const next = (byte: number, from: number) => {
      const found = chunk.indexOf(byte, from);
      return found < 0 ? chunk.length : found;
    };
    let i = start;
    let [quoteAt, openAt, closeAt] = [-1, -1, -1];
    while (i < chunk.length && this.#depth > 0) {
      if (this.#inString) {
        i = this.#skipString(chunk, i);
        continue;
      }
      if (quoteAt < i) quoteAt = next(quote, i);
      if (openAt < i) openAt = next(openBrace, i);
      if (closeAt < i) closeAt = next(closeBrace, i);
      i = Math.min(quoteAt, openAt, closeAt);
      if (i === chunk.length) break;
      if (i === quoteAt) this.#inString = true;
      else this.#depth += i === openAt ? 1 : -1;
      i++;
    }
    if (this.#wanted) this.#receiver.bytes(chunk.subarray(start, i));
    if (this.#depth === 0) {
      if (this.#wanted) this.#receiver.end(this.#offset + i);
      this.#state = "comma";
    }
    return i;
  }

  #skipString(chunk: Uint8Array, start: number): number {
    for (let i = start; i < chunk.length; i++) {
      if (this.#escaped) this.#escaped = false;
      else if (chunk[i] === backslash) this.#escaped = true;
      else if (chunk[i] === quote) {
        this.#inString = false;
        return i + 1;
      }
    }
    return chunk.length;
  }

  #pushKey(byte: number, position: number): void {
    if (byte === quote && !this.#escaped) {
      this.#acceptKey(position);
      return;
    }
    this.#escaped = byte === backslash && !this.#escaped;
    this.#key.push(byte);
    if (this.#key.length > longestKey) {
      this.#fail(position, `keys of at most ${longestKey} bytes`, "a longer one");
    }
  }

  #acceptKey(position: number): void {
    const text = `"${new TextDecoder().decode(new Uint8Array(this.#key))}"`;
    let key: string;
    try {
      key = JSON.parse(text);
    } catch {
      this.#fail(position, "a JSON string as key", text);
    }
    const seen = this.#seen.at(-1)!;
    if (seen.has(key)) this.#fail(position, "every key once", `${text} again`);
    seen.add(key);
    this.#path.push(key);
    this.#wanted = this.#receiver.wants([...this.#path]);
    this.#state = "colon";
  }

  /** A byte that belongs neither to a key nor to a value of the last level. */
  #pushBetween(byte: number, position: number): void {
    if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) return;
    switch (this.#state) {
      case "start":
        if (byte !== openBrace) this.#unexpected(byte, position, "an object");
        this.#openLevel();
        return;
      case "first key":
      case "key":
        if (byte === closeBrace && this.#state === "first key") {
          this.#closeLevel();
          return;
        }
        if (byte !== quote) this.#unexpected(byte, position, "a key");
        [this.#key, this.#state] = [[], "in key"];
        return;
      case "colon":
        if (byte !== colon) this.#unexpected(byte, position, `":"`);
        this.#state = "value";
        return;
      case "value":
        if (byte !== openBrace) this.#unexpected(byte, position, "an object as value");
        if (this.#wanted && this.#path.length < this.#levels) this.#openLevel();
        else this.#openValue();
        return;
      case "comma":
        this.#path.pop();
        if (byte === closeBrace) this.#closeLevel();
        else if (byte === comma) this.#state = "key";
        else this.#unexpected(byte, position, `"," or "}"`);
        return;
      default:
        this.#unexpected(byte, position, "nothing behind the object");
    }
  }

  #openLevel(): void {
    this.#seen.push(new Set());
    this.#state = "first key";
  }

  #closeLevel(): void {
    this.#seen.pop();
    this.#state = this.#seen.length === 0 ? "end" : "comma";
  }

  #openValue(): void {
    this.#wanted &&= this.#path.length === this.#levels;
    if (this.#wanted) this.#receiver.bytes(Uint8Array.of(openBrace));
    [this.#depth, this.#state] = [1, "nested"];
  }

  #unexpected(byte: number, position: number, expected: string): never {
    const shown = byte > 0x20 && byte < 0x7f ? `"${String.fromCharCode(byte)}"` : `byte ${byte}`;
    this.#fail(position, expected, shown);
  }

  #fail(position: number, expected: string, given: string): never {
    throw new InputError(
      `Cannot read ${this.#label} as it must have ${expected} at byte ${
        this.#offset + position
      }: got ${given}`,
    );
  }
}
