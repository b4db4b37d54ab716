/**
 * Studies whose hyperparameters are known at run time alone.
 *
 * @module
 */
import type { Study } from "../../core/study/study.ts";

/** A study of any search space. */
// deno-lint-ignore no-explicit-any
export type AnyStudy = Study<any>;
