/**
 * Conditional hyperparameters.
 *
 * @module
 */
import { chance } from "../../search/draw.ts";
import { switchThreshold } from "./input_transform.ts";
import type { Random } from "../../search/random.ts";

/**
 * A binary hyperparameter that decides whether others have any effect, as the booster of XGBoost does:
 * while the gate is closed a random subset of the inputs is replaced by one half, and the level of the
 * response is shifted.
 */
export class Gate {
  /** The input that opens and closes the gate. */
  readonly input: number;
  /** Added to the standardised response while the gate is closed, in standard deviations. */
  readonly shift: number;
  /** The inputs without effect while the gate is closed. */
  readonly controlled: Int32Array;
  readonly #threshold: number;
  readonly #closedAbove: boolean;

  private constructor(
    input: number,
    shift: number,
    threshold: number,
    closedAbove: boolean,
    controlled: Int32Array,
  ) {
    this.input = input;
    this.shift = shift;
    this.#threshold = threshold;
    this.#closedAbove = closedAbove;
    this.controlled = controlled;
  }

  /** Draws a gate over d inputs; it controls 30 to 90 % of them. */
  static draw(random: Random, dimension: number): Gate {
    const share = 0.3 + 0.6 * random.uniform();
    return new Gate(
      random.integer(dimension),
      0.7 * random.normal(),
      switchThreshold(random, 0.7),
      chance(random, 0.5),
      Int32Array.from({ length: dimension }, (_, j) => j).filter(() => chance(random, share)),
    );
  }

  /** Whether the gate is closed at `point`, given in the coordinates of the unit cube. */
  isClosed(point: Float64Array): boolean {
    return (point[this.input] > this.#threshold) === this.#closedAbove;
  }

  /** Removes the effect of the controlled inputs from a transformed point. */
  close(transformed: Float64Array): void {
    const controlled = this.controlled;
    for (let i = 0; i < controlled.length; i++) transformed[controlled[i]] = 0.5;
  }
}
