/**
 * The fuzzer: damaged files end in a value or in an error that a person can use.
 *
 * @module
 */
import { InputError } from "../../core/search/errors.ts";
import { Random } from "../../core/search/random.ts";
import { mutateBytes } from "./mutations.ts";
import type { FuzzedReader } from "./reader.ts";

/** What became of the damaged files of one reader. */
export interface FuzzReport {
  readonly reader: string;
  /** Files tried. */
  readonly tried: number;
  /** Files that were read. */
  accepted: number;
  /** Files that were refused with an {@linkcode InputError}. */
  refused: number;
  /** Files that ended otherwise: their number, and what happened. */
  readonly crashes: { readonly file: number; readonly problem: string }[];
  /** The longest time that a file took, in seconds. */
  slowest: number;
}

/** A file that takes longer has crashed its reader, in seconds. */
const longest = 5;

/** A message is shown to a person: it is not longer. */
const longestMessage = 4000;

/** A damaged copy of one of a reader's files, given by seed and number alone. */
export async function damagedFile(
  reader: FuzzedReader,
  seed: number,
  file: number,
): Promise<Uint8Array> {
  const random = Random.of("fuzz", reader.name, seed, file);
  const corpus = await reader.corpus();
  let bytes = corpus[random.integer(corpus.length)];
  if (reader.mutate && random.uniform() < 0.6) bytes = reader.mutate(bytes, random);
  else for (let left = 1 + random.integer(3); left > 0; left--) bytes = mutateBytes(bytes, random);
  return bytes;
}

/** Tries the damaged files `0`, `1`, ..., `count - 1` on a reader. */
export async function fuzz(
  reader: FuzzedReader,
  { count, seed, onFile = () => {} }: {
    count: number;
    seed: number;
    onFile?: (done: number) => void;
  },
): Promise<FuzzReport> {
  const corpus = Promise.resolve(await reader.corpus());
  const remembered = { ...reader, corpus: () => corpus };
  const report: FuzzReport = {
    reader: reader.name,
    tried: count,
    accepted: 0,
    refused: 0,
    crashes: [],
    slowest: 0,
  };
  for (let file = 0; file < count; file++) {
    const bytes = await damagedFile(remembered, seed, file);
    const started = performance.now();
    const problem = await problemOf(reader, bytes, report);
    const seconds = (performance.now() - started) / 1000;
    report.slowest = Math.max(report.slowest, seconds);
    if (problem !== undefined) report.crashes.push({ file, problem });
    else if (seconds > longest) report.crashes.push({ file, problem: `takes ${seconds} s` });
    onFile(file + 1);
  }
  return report;
}

async function problemOf(
  reader: FuzzedReader,
  bytes: Uint8Array,
  report: FuzzReport,
): Promise<string | undefined> {
  try {
    await reader.read(bytes);
    report.accepted++;
  } catch (error) {
    if (!(error instanceof InputError)) {
      return error instanceof Error ? error.stack ?? `${error}` : `${error}`;
    }
    const { message } = error;
    if (message.length > longestMessage) return `an error of ${message.length} characters`;
    if (!/^Cannot |: /.test(message)) return `an error without a place: ${message}`;
    if (message.includes("[object ")) return `an error that shows no value: ${message}`;
    report.refused++;
  }
  return undefined;
}
