/**
 * What `tune` is told, checked: plain data that is handed from one process to another.
 *
 * @module
 */
import { resolve } from "node:path";
import type { Confirm } from "../../core/search/confirmation.ts";
import type { ChangeableSetting } from "../../core/study/settings.ts";
import { type Flags, oneOf, UsageError } from "../shared/cli.ts";
import { readConfirm } from "../shared/confirm_flag.ts";
import { readSpaceFile } from "../shared/input_files.ts";
import { type MethodName, methodNames } from "../shared/methods.ts";
import { readChange } from "../shared/studies.ts";
import { checkPlaceholders } from "./program_line.ts";

/** Where a trial's response is found. */
export type ResponsePlace =
  | { readonly kind: "line" }
  | { readonly kind: "pattern"; readonly pattern: string }
  | { readonly kind: "file"; readonly file: string; readonly key: string };

/** The whole command line. */
export interface TuneSettings {
  /** The search space as JSON; undefined where the stored one is used. */
  readonly space: unknown;
  readonly storage: string;
  readonly study: string;
  readonly trials: number;
  readonly parallel: number;
  /** Undefined: that of the stored study; large responses are better in a new one. */
  readonly goal: "minimize" | undefined;
  readonly response: ResponsePlace;
  /** Seconds; undefined for no limit. */
  readonly timeout: number | undefined;
  /** Failed trials at which it ends if none has succeeded; 0 for never. */
  readonly giveUp: number;
  /** Seconds without a sign of life after which a trial is tried again. */
  readonly lease: number;
  readonly prune: boolean;
  readonly method: MethodName;
  /** When leaders are measured again. */
  readonly confirm: Confirm;
  readonly seed: number;
  readonly change: readonly ChangeableSetting[];
  /** Programs that may be run. */
  readonly permit: readonly string[];
  readonly out: string;
  /** Folder of this study in it: one a trial, and the page. */
  readonly folder: string;
  /** The program and its arguments, with placeholders. */
  readonly program: readonly string[];
}

/** Reads the flags, and the file of the search space. */
export async function readSettings(flags: Flags): Promise<TuneSettings> {
  const program = flags.rest;
  if (program.length === 0) {
    throw new UsageError("Missing program: give it behind --, as in -- python3 train.py --lr {lr}");
  }
  const permit = flags.list("permit") ?? [program[0]];
  if (!permit.includes(program[0])) {
    throw new UsageError(
      `Cannot run "${program[0]}" as --permit must name it: got ${permit.join(", ")}`,
    );
  }
  const path = flags.text("space");
  const space = path === undefined ? undefined : await readSpaceFile(path);
  if (space !== undefined) checkPlaceholders(program, space.names);
  const study = flags.required("study"), out = flags.required("out");
  return {
    space: space?.toJSON(),
    storage: flags.required("storage"),
    study,
    trials: flags.integer("trials", 1),
    parallel: flags.integer("parallel", 1, 1024),
    goal: flags.on("minimize") ? "minimize" : undefined,
    response: responsePlace(flags),
    timeout: flags.text("timeout") === undefined ? undefined : flags.integer("timeout", 1),
    giveUp: flags.integer("give-up", 0),
    lease: flags.integer("lease", 1),
    prune: flags.on("prune"),
    method: oneOf("--method", flags.required("method"), methodNames),
    confirm: readConfirm(flags),
    seed: flags.integer("seed", 0),
    change: readChange(flags),
    permit,
    out,
    folder: resolve(out, folderName(study)),
    program,
  };
}

/** A name as that of a folder: another one for each name, and never one that leads elsewhere. */
function folderName(name: string): string {
  return encodeURIComponent(name).replace(/^\./, "%2E").replaceAll("*", "%2A");
}

function responsePlace(flags: Flags): ResponsePlace {
  const pattern = flags.text("response"), file = flags.text("response-file");
  if (pattern !== undefined && file !== undefined) {
    throw new UsageError("Flags --response and --response-file must not be given together");
  }
  if (file !== undefined) return { kind: "file", file, key: flags.required("response-key") };
  if (pattern === undefined) return { kind: "line" };
  try {
    if (new RegExp(`${pattern}|`).exec("")!.length < 2) {
      throw new UsageError(
        `Flag --response must have a group, as in 'loss: (.*)': got "${pattern}"`,
      );
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UsageError(`Flag --response must be a regular expression: ${error.message}`);
  }
  return { kind: "pattern", pattern };
}
