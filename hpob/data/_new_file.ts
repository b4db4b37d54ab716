/**
 * A file that is written piece by piece, and its checksum.
 *
 * @module
 */
import type { Hash } from "node:crypto";
import { startSha256 } from "./checksum.ts";
import { writeError } from "./_transfer.ts";
import type { FileRecord } from "./cache_manifest.ts";

/** Bytes of the beginning that are kept. */
const headSize = 2 ** 14;

/** Writes a file. What is not ended with {@linkcode NewFile.end} is removed when it is disposed. */
export class NewFile implements Disposable {
  readonly path: string;
  readonly #file: Deno.FsFile;
  readonly #hash: Hash = startSha256();
  #head = "";
  #bytes = 0;
  #open = true;

  /** Creates the file, and its folder; replaces what is there. */
  constructor(path: string) {
    this.path = path;
    Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    this.#file = Deno.openSync(path, { create: true, truncate: true, write: true });
  }

  /** The first bytes of the file, as text. */
  get head(): string {
    return this.#head;
  }

  /**
   * Appends bytes.
   * @throws {InputError} when the disk is full.
   */
  write(chunk: Uint8Array): void {
    try {
      for (let written = 0; written < chunk.length;) {
        written += this.#file.writeSync(chunk.subarray(written));
      }
    } catch (error) {
      throw writeError(error, this.path);
    }
    this.#hash.update(chunk);
    this.#bytes += chunk.length;
    if (this.#head.length < headSize) {
      this.#head += String.fromCharCode(...chunk.subarray(0, headSize - this.#head.length));
    }
  }

  /** Completes the file. */
  end(): FileRecord {
    this.#file.close();
    this.#open = false;
    return { bytes: this.#bytes, sha256: this.#hash.digest("hex") };
  }

  [Symbol.dispose](): void {
    if (!this.#open) return;
    this.#open = false;
    this.#file.close();
    Deno.removeSync(this.path);
  }
}
