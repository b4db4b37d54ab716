/**
 * What the parts of a study share.
 *
 * @module
 */
import type { Algorithm } from "../search/algorithm.ts";
import type { Confirm } from "../search/confirmation.ts";
import type { Estimator } from "../search/estimator.ts";
import type { SearchSpace } from "../search/search_space.ts";
import type { AshaOptions } from "./asha.ts";
import { Changes } from "./_changes.ts";
import type { Goal } from "./goal.ts";
import { TrialObserver } from "./_observed_trials.ts";
import type { Storage } from "./storage.ts";
import { TrialLog } from "./_trial_log.ts";
import { TrialReader } from "./_trial_reader.ts";

/** An open study, with all options resolved. */
export interface StudyContext {
  readonly name: string;
  /** The study's id in its storage. */
  readonly id: number;
  readonly storage: Storage;
  readonly log: TrialLog;
  readonly space: SearchSpace;
  readonly reader: TrialReader;
  /** What the algorithm sees. */
  readonly observer: TrialObserver;
  readonly goal: Goal;
  /** Undefined: only waiting trials can be asked for. */
  readonly algorithm: Algorithm | undefined;
  readonly seed: number;
  readonly repeats: boolean;
  /** How often a trial whose worker died is tried again. */
  readonly retries: number;
  readonly confirm: Confirm;
  /** Who says what to deploy and what to measure again; undefined: the means of measurements. */
  readonly estimator: Estimator | undefined;
  readonly asha: AshaOptions | undefined;
  readonly outOfSpace: "clip" | "omit";
  readonly warn: (message: string) => void;
  /** Numbers of the trials of which something was said already. */
  readonly warned: Set<number>;
  /** What happens in this process. */
  readonly changes: Changes;
}

/** What a context gets when it is made; a log and changes may be shared. */
type Made = "log" | "reader" | "observer" | "warned" | "changes";

/** The context of these settings. */
export function studyContext(
  settings: Omit<StudyContext, Made> & Partial<Pick<StudyContext, "log" | "changes">>,
): StudyContext {
  const { storage, id, space, goal, outOfSpace } = settings;
  const reader = new TrialReader(space);
  return {
    log: new TrialLog(storage, id),
    changes: new Changes(),
    ...settings,
    reader,
    observer: new TrialObserver({ reader, goal, outOfSpace }),
    warned: new Set(),
  };
}
