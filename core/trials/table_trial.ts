/**
 * Trials of a table, and how they are read.
 *
 * @module
 */
import type { Configuration, SearchSpace } from "../search/search_space.ts";
import type { OutsideRule } from "../study/new_trials.ts";
import type { TrialState } from "../study/records.ts";

/** How a table of trials is read. */
export interface ReadTrialsOptions {
  /** The search space; without one each column is a coordinate in [0, 1]. @default {none} */
  readonly space?: SearchSpace;
  /** The column of the response. @default {"y", Optuna's "value", SMAC3's "cost"} */
  readonly response?: string;
  /** The sign between a number and its fraction. @default {"."} */
  readonly decimal?: "." | ",";
  /**
   * Rows with values outside of the space are left out (`"omit"`), moved to the nearest values (`"clip"`; left out
   * where a choice is unknown), or an error. Without a space they are an error. @default {"omit"}
   */
  readonly outside?: OutsideRule;
}

/** One trial of a table. */
export interface TableTrial {
  /** Where it stands: `Row 3`. */
  readonly place: string;
  /** Its configuration, complete and of the space. */
  readonly configuration: Configuration;
  /** `"complete"` with a finite response alone. */
  readonly state: TrialState;
  /** The response; NaN where there is none. That of a pruned trial is what it had when it was stopped. */
  readonly response: number;
}
