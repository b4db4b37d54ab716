/**
 * What a study refuses to do, told apart by a code.
 *
 * @module
 */
import { InputError } from "../search/errors.ts";

/** Which rule of a study was broken. */
export type StudyErrorCode =
  | "unknown-study"
  | "study-exists"
  | "other-settings"
  | "unsupported-study"
  | "closed-study"
  | "unknown-trial"
  | "waiting-trial"
  | "finished-trial"
  | "foreign-trial"
  | "failures";

/** A study cannot do what it was asked for; nothing that is stored has changed. */
export class StudyError extends InputError {
  /** Which rule was broken, for programs. */
  readonly code: StudyErrorCode;

  /** Names the rule beside the message. */
  constructor(code: StudyErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
