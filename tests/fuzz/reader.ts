/**
 * What is fuzzed: a reader of files that people hand in.
 *
 * @module
 */
import type { Random } from "../../core/search/random.ts";

/** A reader of files, and files that it reads. */
export interface FuzzedReader {
  /** Its name on the command line and in the table. */
  readonly name: string;
  /** Files that it reads without complaint. */
  corpus(): Promise<Uint8Array[]>;
  /**
   * Reads a file as people's commands do, and uses what it found.
   *
   * @throws {InputError} when the file cannot be used.
   */
  read(file: Uint8Array): unknown;
  /** Damages the structure of a file; left out where it has none that can be told from its bytes. */
  mutate?(file: Uint8Array, random: Random): Uint8Array;
}

const encoder = new TextEncoder();

/** A file that is JSON of a value. */
export function jsonFile(value: unknown): Uint8Array {
  return encoder.encode(JSON.stringify(value));
}

/** The text of a file. */
export function textOf(file: Uint8Array): string {
  return new TextDecoder().decode(file);
}
