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
 * Whoever writes another storage finds the rules that all share here, as functions of plain records, and in `./testing`
 * the tests that each has to pass.
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
export {
  checkAttributeNames,
  checkChange,
  checkNewStudy,
  checkNewTrial,
} from "../study/record_checks.ts";
export {
  changedTrialRecord,
  isExpired,
  newStudyRecord,
  newTrialRecord,
  type WithAttributes,
  withChangedAttributes,
} from "../study/record_changes.ts";
export {
  type Expiry,
  nextCursor,
  START,
  type Storage,
  type TrialCursor,
} from "../study/storage.ts";
