/**
 * Studies in a database: one SQLite file, or PostgreSQL for many machines. Both are kept in Optuna's
 * relational schema, so that Optuna and its dashboard open our studies, and we theirs.
 *
 * @example
 * ```ts
 * import { openStorage } from "@genhpo/genhpo/storage";
 *
 * await using storage = await openStorage("memory:");
 * console.log(await storage.studies());
 * ```
 *
 * @module
 */
export { openStorage, type StorageOptions } from "./open_storage.ts";
export { InputError } from "../search/errors.ts";
export type {
  Attributes,
  AttributeValue,
  Direction,
  IntermediateValue,
  NewStudy,
  NewTrial,
  ParameterRecord,
  StudyRecord,
  TrialChange,
  TrialRecord,
  TrialState,
} from "../study/records.ts";
export type { Expiry, Storage, TrialCursor } from "../study/storage.ts";
