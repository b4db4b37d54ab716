/**
 * Differential evolution.
 *
 * @module
 */
import type { Random } from "../../core/search/random.ts";
import { indexOfLargest } from "../../core/numerics/arrays.ts";

/** Options of {@linkcode maximizeByEvolution}. */
export interface EvolutionOptions {
  /** The first generation, flat [m, dimension] with m >= 4. */
  population: Float64Array;
  /** Number of coordinates. */
  dimension: number;
  /** Number of generations after the first. */
  generations: number;
}

const CROSSOVER = 0.7;

/**
 * Maximizes over [0,1]^d by differential evolution, strategy best/1/bin with a mutation factor drawn
 * from [0.5, 1) for each generation (Storn & Price 1997; the defaults of SciPy). A whole generation
 * is evaluated at once. Coordinates that leave the cube are drawn anew.
 *
 * @returns the best point.
 */
export function maximizeByEvolution(
  evaluate: (points: Float64Array) => Float64Array,
  options: EvolutionOptions,
  random: Random,
): Float64Array {
  const { dimension: d, generations } = options;
  const population = options.population.slice(), values = evaluate(population);
  const size = values.length, trials = new Float64Array(population.length);
  let best = indexOfLargest(values);
  for (let generation = 0; generation < generations; generation++) {
    const factor = 0.5 + 0.5 * random.uniform();
    for (let i = 0; i < size; i++) {
      let a: number, b: number;
      do a = random.integer(size); while (a === i);
      do b = random.integer(size); while (b === i || b === a);
      const kept = random.integer(d); // one coordinate always comes from the mutant
      for (let j = 0; j < d; j++) {
        const crosses = j === kept || random.uniform() < CROSSOVER;
        let value = population[i * d + j];
        if (crosses) {
          value = population[best * d + j] +
            factor * (population[a * d + j] - population[b * d + j]);
          if (!(value >= 0 && value <= 1)) value = random.uniform();
        }
        trials[i * d + j] = value;
      }
    }
    const trialValues = evaluate(trials);
    for (let i = 0; i < size; i++) {
      if (!(trialValues[i] >= values[i])) continue;
      values[i] = trialValues[i];
      for (let j = 0; j < d; j++) population[i * d + j] = trials[i * d + j];
      if (values[i] > values[best]) best = i;
    }
  }
  return population.slice(best * d, (best + 1) * d);
}
