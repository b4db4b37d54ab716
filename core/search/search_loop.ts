/**
 * The loop of every optimization: ask, evaluate, tell.
 *
 * @module
 */
import type { Algorithm } from "./algorithm.ts";
import { describe } from "./errors.ts";
import type { Observed, Task } from "./task.ts";

/** One trial of {@linkcode searchTask}. */
export interface SearchStep {
  /** The point that was evaluated. */
  readonly point: Float64Array;
  /** Its response. */
  readonly response: number;
  /** How long the algorithm took for its suggestion, in seconds. */
  readonly seconds: number;
}

/**
 * Optimizes a task, trial by trial, for as long as the consumer goes on.
 *
 * @param start What is observed already.
 * @throws {TypeError} {RangeError} when the algorithm suggests something that is not a point of [0,1]^d.
 */
export async function* searchTask(
  algorithm: Algorithm,
  task: Task,
  start: Observed,
): AsyncGenerator<SearchStep> {
  const points = [...start.points], responses = Array.from(start.responses);
  for (let trial = 1;; trial++) {
    const started = performance.now();
    const suggestion = await algorithm.observeAndSuggest(
      { points: [...points], responses: Float64Array.from(responses) },
      { dimension: task.dimension },
    );
    const seconds = (performance.now() - started) / 1000;
    checkSuggestion(suggestion, task.dimension, algorithm.name, trial);
    const point = suggestion.slice(); // the algorithm may use its array again
    const response = await task.evaluate(point);
    points.push(point);
    responses.push(response);
    yield { point, response, seconds };
  }
}

/** @param trial Number of the trial, from 1, for the message. */
function checkSuggestion(point: unknown, dimension: number, name: string, trial: number): void {
  const problem = `Cannot evaluate '${name}' as its suggestion of trial ${trial} must`;
  if (!(point instanceof Float64Array)) {
    throw new TypeError(`${problem} be a Float64Array: got ${describe(point)}`);
  }
  if (point.length !== dimension) {
    throw new TypeError(`${problem} have ${dimension} coordinates: got ${point.length}`);
  }
  const wrong = point.findIndex((value) => !(value >= 0 && value <= 1));
  if (wrong >= 0) {
    throw new RangeError(`${problem} be in [0, 1]: coordinate ${wrong} is ${point[wrong]}`);
  }
}
