/** Numbers that the page shows of trials. */

/** Where a value of a hyperparameter stands on its axis, from 0 to 1; undefined where it is inactive. */
export function positionOf({ type, min, max, log, values }, value) {
  if (value === undefined) return undefined;
  if (type === "constant") return 0.5;
  if (type === "choice" || type === "ordered") {
    const index = values.indexOf(value);
    return index < 0 ? undefined : (index + 0.5) / values.length;
  }
  const scale = (number) => log ? Math.log(number) : number;
  const range = scale(max) - scale(min);
  return range === 0 ? 0.5 : (scale(value) - scale(min)) / range;
}

/** What stands at a place of a hyperparameter's axis: a number, or one of its values. The inverse of `positionOf`. */
export function valueAt({ type, min, max, log, values }, position) {
  if (type === "choice" || type === "ordered") {
    return values[Math.min(Math.max(Math.floor(position * values.length), 0), values.length - 1)];
  }
  const value = log ? min * (max / min) ** position : min + position * (max - min);
  return type === "integer" ? Math.round(value) : value;
}

/** Whether a trial has a value that counts. */
export function isMeasured({ state, value }) {
  return state === "complete" && Number.isFinite(value);
}

const bins = 6;

/**
 * The share of the values' variance that each hyperparameter explains by itself: the variance between bins of it, over
 * the whole variance, less what as many random groups explain by chance (Kelley's epsilon squared). Of a hyperparameter
 * with conditions, trials count in which it is active.
 */
export function importances(space, trials) {
  const complete = trials.filter(isMeasured);
  const shareOf = ([name, hyperparameter]) => {
    const placeOf = ({ configuration }) => positionOf(hyperparameter, configuration?.[name]);
    const active = complete.filter((trial) => placeOf(trial) !== undefined);
    const mean = average(active.map(({ value }) => value));
    const total = active.reduce((sum, { value }) => sum + (value - mean) ** 2, 0);
    const count = hyperparameter.values?.length ?? bins;
    const binOf = (trial) => Math.min(Math.floor(placeOf(trial) * count), count - 1);
    const groups = Map.groupBy(active, binOf);
    let between = 0;
    for (const group of groups.values()) {
      between += group.length * (average(group.map(({ value }) => value)) - mean) ** 2;
    }
    const n = active.length, k = groups.size;
    const share = total > 0 && n > k ? 1 - (1 - between / total) * (n - 1) / (n - k) : 0;
    return { name, share: Math.max(share, 0) };
  };
  return Object.entries(space).filter(([, { type }]) => type !== "constant").map(shareOf)
    .sort((one, other) => other.share - one.share);
}

function average(values) {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);
}

/** The best value after each trial, in the order in which they ended. */
export function historyOf(trials, goal) {
  const better = goal === "maximize" ? Math.max : Math.min;
  let best = null;
  return trials.filter(({ finishedAt }) => finishedAt !== undefined)
    .toSorted((one, other) => one.finishedAt.localeCompare(other.finishedAt))
    .map((trial, order) => {
      const { number, state, value = null, confirms } = trial;
      if (isMeasured(trial)) best = best === null ? value : better(best, value);
      const mark = confirms !== undefined && isMeasured(trial) ? "measured again" : state;
      return { order: order + 1, number, state, mark, confirms, value, best };
    });
}

/** Which trials ran side by side: each gets the first lane that is free when it begins. */
export function lanesOf(trials, now) {
  const free = [];
  return trials.filter(({ startedAt }) => startedAt !== undefined)
    .map(({ number, state, value = null, startedAt, finishedAt }) => {
      const start = Date.parse(startedAt);
      const end = finishedAt === undefined ? now : Date.parse(finishedAt);
      return { number, state, value, start, end: Math.max(start, end) };
    })
    .sort((one, other) => one.start - other.start)
    .map((bar) => {
      const found = free.findIndex((end) => end <= bar.start);
      const lane = found < 0 ? free.length : found;
      free[lane] = bar.end;
      return { ...bar, lane: lane + 1 };
    });
}
