/**
 * The loss log of a training: a CSV file with one row every so many steps.
 *
 * @module
 */
import { type LossValue, timestepRanges } from "../../core/diffusion/loss.ts";

/** Means of the losses over the batches that were added since the last row. */
export class LossMeter {
  #batches = 0;
  #loss = 0;
  #epsLoss = 0;
  #headLoss = 0;
  readonly #sum = new Float64Array(timestepRanges);
  readonly #count = new Int32Array(timestepRanges);

  /** Adds the losses of a batch. */
  add(value: LossValue): void {
    this.#batches++;
    this.#loss += value.loss;
    this.#epsLoss += value.epsLoss;
    this.#headLoss += value.headLoss;
    value.byTimestep.sum.forEach((sum, i) => this.#sum[i] += sum);
    value.byTimestep.count.forEach((count, i) => this.#count[i] += count);
  }

  /** Mean of Eq. 2 so far. */
  get epsLoss(): number {
    return this.#epsLoss / this.#batches;
  }

  /** The means as columns of the log: loss, eps, head, eps by range of t. */
  columns(): string[] {
    const means = [this.#loss, this.#epsLoss, this.#headLoss].map((sum) => sum / this.#batches);
    const byTimestep = Array.from(this.#sum, (sum, i) => sum / this.#count[i]);
    return [...means, ...byTimestep].map((value) => value.toFixed(5));
  }
}

/** Names of the columns. `eps_k` is Eq. 2 for t in the k-th tenth of 1..T. */
export const logHeader = [
  "step",
  "seconds",
  "learning_rate",
  "gradient_norm",
  "loss",
  "eps",
  "head",
  ...Array.from({ length: timestepRanges }, (_, i) => `eps_${i + 1}`),
  "held_out_loss",
  "held_out_eps",
  "held_out_head",
].join(",");

/** The log's text up to a step: what is kept when a training continues from a checkpoint. */
export function logUntil(text: string, step: number): string {
  const lines = text.split("\n").slice(1).filter((line) => line !== "");
  const kept = lines.filter((line) => Number(line.split(",")[0]) <= step);
  return [logHeader, ...kept, ""].join("\n");
}
