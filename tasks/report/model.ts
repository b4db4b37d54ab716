/**
 * The numbers of the model card.
 *
 * @module
 */
import { pretrainedModel } from "../../core/diffusion/pretrained.ts";
import type { ReportInputs } from "./inputs.ts";
import { markdownTable } from "../shared/summary.ts";

/** What the shipped weights are and how they were made, as a table. */
export async function modelFacts(inputs: ReportInputs): Promise<string> {
  const { log, settings } = inputs;
  const model = await pretrainedModel();
  const { parameters: { config, values }, facts } = model;
  const rows: [string, string][] = [
    ["parameters", `${values.length.toLocaleString("en")} (float32)`],
    [
      "network",
      `width ${config.width}, ${config.heads} heads, ${config.encoderBlocks} blocks of the ` +
      `Transformer, ${config.decoderBlocks} of the Network, ${config.headBins} bins of the head`,
    ],
    ["checksum (SHA-256 of the weights)", `\`${await model.checksum()}\``],
    ["noise schedule", `${facts.schedule}, T = ${model.schedule.steps}`],
    [
      "trained with",
      `${facts.smallestDimension} to ${facts.largestDimension} hyperparameters, up to ` +
      `${facts.largestContext} observations`,
    ],
  ];
  if (settings !== undefined) {
    const { shards, seed, start, headWeight, optimizer, ownHistories } = settings;
    const { learningRate, muonScale } = optimizer;
    rows.push(
      ...(start === null ? [] : [["trained further from", `\`${start}\``] as [string, string]]),
      ["seed", String(seed)],
      ["steps", `${optimizer.steps}; ${shards} batches a step`],
      [
        "own histories",
        `after steps ${ownHistories.afterSteps.join(", ")}, ${ownHistories.batches} batches of ` +
        "searches each time",
      ],
      [
        "learning rate",
        `${learningRate} at the peak, AdamW` +
        (muonScale > 0 ? `, and Muon for matrices (scale ${muonScale})` : ""),
      ],
      ["loss", `Eq. 2 weighted by 1 / ᾱ_t, plus ${headWeight} times the head's cross-entropy`],
    );
  }
  const last = log.at(-1);
  if (last === undefined) {
    rows.push(["training log", "not there: `deno task train --ship` makes it"]);
  } else {
    const heldOut = log.findLast((row) => row.heldOutEpsLoss !== undefined)?.heldOutEpsLoss;
    rows.push(
      ["compute", `${(last.seconds / 60).toFixed(0)} minutes`],
      ["Eq. 2 at the end", `${last.epsLoss.toFixed(4)} in training`],
      ...(heldOut === undefined
        ? []
        : [["Eq. 2, held out", heldOut.toFixed(4)] satisfies [string, string]]),
    );
  }
  return markdownTable([["", "value"], ...rows]);
}
