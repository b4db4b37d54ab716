/**
 * The trials that a client asks for.
 *
 * @module
 */
import type { z } from "@hono/zod-openapi";
import { isRecord } from "../../core/search/space_checks.ts";
import type { TrialSummary } from "../../core/study/trial_summary.ts";
import { type TrialJson, trialJson } from "../page/trial_json.ts";
import type { pageSchema } from "./schemas.ts";

/** The trials of a page, and the number of those that match. */
export function pageOf(
  trials: readonly TrialSummary<unknown>[],
  { offset, limit, state, search, sort, order }: z.output<typeof pageSchema>,
): { total: number; trials: TrialJson[] } {
  const wanted = search?.toLowerCase();
  const found = trials.filter((trial) =>
    (state === undefined || trial.state === state) &&
    (wanted === undefined || textOf(trial).includes(wanted))
  );
  const sign = order === "ascending" ? 1 : -1;
  const keyed = found.map((trial) => ({ trial, key: keyOf(trial, sort) }));
  keyed.sort((one, other) =>
    compare(one.key, other.key, sign) || one.trial.number - other.trial.number
  );
  return {
    total: found.length,
    trials: keyed.slice(offset, offset + limit).map(({ trial }) => trialJson(trial)),
  };
}

function textOf({ number, state, configuration, reason = "", attributes }: TrialSummary<unknown>) {
  const notes = JSON.stringify([configuration ?? {}, attributes]);
  return `${number} ${state} ${reason} ${notes}`.toLowerCase();
}

function keyOf(trial: TrialSummary<unknown>, sort: string): unknown {
  switch (sort) {
    case "number":
      return trial.number;
    case "value":
      return trial.value;
    case "state":
      return trial.state;
    case "seconds":
      return trial.startedAt && trial.finishedAt &&
        trial.finishedAt.getTime() - trial.startedAt.getTime();
  }
  const { configuration } = trial;
  return isRecord(configuration) && Object.hasOwn(configuration, sort)
    ? configuration[sort]
    : undefined;
}

/** Numbers before texts; what is missing stands last in either order. */
function compare(one: unknown, other: unknown, sign: number): number {
  const [first, second] = [rankOf(one), rankOf(other)];
  if (first !== second) return first - second;
  if (typeof one === "number" && typeof other === "number") return sign * (one - other);
  const [text, otherText] = [String(one), String(other)];
  return text === otherText ? 0 : text < otherText ? -sign : sign;
}

function rankOf(value: unknown): number {
  if (value === undefined || Number.isNaN(value)) return 2;
  return typeof value === "number" ? 0 : 1;
}
