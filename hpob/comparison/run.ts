/**
 * What tells a run from the other runs of a method.
 *
 * @module
 */

/** Which run: one data set, from one initialization. */
export interface RunIdentity {
  /** The search space, e.g. `"5971"`. */
  readonly searchSpaceId: string;
  /** A data set of the search space. */
  readonly datasetId: string;
  /** Which initial points: `"test0"` ... `"test4"` in HPO-B. */
  readonly seed: string;
}

/** A key of the run: equal for equal runs alone, whatever their names are. */
export function runKey({ searchSpaceId, datasetId, seed }: RunIdentity): string {
  return JSON.stringify([searchSpaceId, datasetId, seed]);
}

/** How messages call a run. */
export function runName({ searchSpaceId, datasetId, seed }: RunIdentity): string {
  return `${searchSpaceId} > ${datasetId} > ${seed}`;
}
