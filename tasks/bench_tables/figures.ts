/**
 * Regret over trials on tables, by family.
 *
 * @module
 */
import type { CaptionedFigure } from "../../hpob/figures/comparison_figures.ts";
import { regretGrid, type RegretPanel } from "../../hpob/figures/regret_grid.ts";
import { type Choice, familiesOf, regretCurve, type Series } from "./summary.ts";

const bands = "Mean over tables, bands: 95% intervals of the runs.";

/** What each choice is. */
const choices: Record<Choice, { title: string; caption: string }> = {
  recommended: { title: "Regret of the recommended cell", caption: bands },
  measured: {
    title: "Regret of the cell with the best measurement",
    caption: `What a person gets who trusts the luckiest measurement. ${bands}`,
  },
  visited: {
    title: "Regret of the best cell that was evaluated",
    caption: `What a perfect choice would give. ${bands}`,
  },
};

/** A figure for each choice, and one of methods that confirm beside the same that do not. */
export function tablesFigures(series: readonly Series[]): CaptionedFigure[] {
  const searching = series.filter(({ confirms }) => !confirms);
  const figures: CaptionedFigure[] = [];
  if (searching.length > 0) {
    for (const choice of Object.keys(choices) as Choice[]) {
      figures.push({
        name: `tables-${choice}`,
        ...choices[choice],
        draw: (options) => regretGrid(panels(searching, choice), { ...options, columns: 2 }),
      });
    }
  }
  const confirming = series.filter(({ method }) =>
    series.some((other) => other.method === method && other.confirms)
  );
  if (confirming.length > 0) {
    figures.push({
      name: "tables-confirm",
      title: "Regret of the recommended cell, leaders measured again or not",
      caption: bands,
      draw: (options) => regretGrid(panels(confirming, "recommended"), { ...options, columns: 2 }),
    });
  }
  return figures;
}

/** All tables, then each family. */
function panels(series: readonly Series[], choice: Choice): RegretPanel[] {
  const families = familiesOf(series);
  return [undefined, ...families.length > 1 ? families : []].map((family) => ({
    name: family ?? (families.length > 1 ? "All tables" : families[0]),
    averageRegret: series.map((one) => regretCurve(one, choice, family)),
  }));
}
