/**
 * The figures of what was measured.
 *
 * @module
 */
import type { Figure } from "../../hpob/figures/render.ts";
import { scaleFigure, type ScalePanel, type ScalePoint } from "../../hpob/figures/scale_figure.ts";
import { type Family, familyNames } from "./functions.ts";
import { meanWithError, type RegretPlace, regretsAt } from "./regrets.ts";
import type { ScalePlan, ScaleResults } from "./results.ts";

/** The families, for readers. */
export const familyTitles: Record<Family, string> = {
  ellipsoid: "Rotated ellipsoid",
  sparse: "Four bumpy columns, others idle",
  mixed: "Mixed spaces",
};

/** Regrets below this are drawn as this. */
const smallestRegret = 1e-3;

const columnsAxis = { xTitle: "Columns", log: false };

/** The figures for which something was measured, by the names of their files. */
export function scaleFigures(results: ScaleResults, plan: ScalePlan): Record<string, Figure> {
  const panels = {
    "scale-time": timePanels(results, plan),
    "scale-regret": regretPanels(results, plan),
  };
  const options = {
    "scale-time": {
      title: "What a suggestion costs",
      caption: "Median processor time, on one core of the machine that made the page.",
      yTitle: "Seconds per suggestion",
    },
    "scale-regret": {
      title: "How much is left to the optimum",
      caption: `Normalized regret, 0 at the optimum and 1 for the median of random points: mean ` +
        `and one standard error over functions. Above after ${plan.evaluations} evaluations. ` +
        `What is below ${smallestRegret} is drawn there.`,
      yTitle: "Normalized regret",
      bottom: smallestRegret,
    },
  };
  return Object.fromEntries(
    (Object.keys(panels) as (keyof typeof panels)[]).flatMap((name) => {
      const drawn = panels[name].filter(({ points }) => points.length > 0);
      return drawn.length === 0 ? [] : [[name, scaleFigure(drawn, options[name])]];
    }),
  );
}

function timePanels({ times }: ScaleResults, plan: ScalePlan): ScalePanel[] {
  return [
    {
      ...columnsAxis,
      heading: `${plan.observations} observations`,
      points: times.filter(({ observations }) => observations === plan.observations)
        .map(({ method, dimension, seconds }) => ({ method, x: dimension, value: seconds })),
    },
    ...plan.timedAt.map((dimension) => ({
      heading: `${dimension} columns`,
      xTitle: "Observations",
      log: true,
      points: times.filter((time) => time.dimension === dimension)
        .map(({ method, observations, seconds }) => ({ method, x: observations, value: seconds })),
    })),
  ];
}

function regretPanels(results: ScaleResults, plan: ScalePlan): ScalePanel[] {
  const pointsAt = (x: number, place: RegretPlace): ScalePoint[] =>
    [...regretsAt(results, place)].flatMap(([method, regrets]) =>
      regrets.length === 0 ? [] : [{ method, x, ...meanWithError(regrets) }]
    );
  return [
    ...familyNames.map((family) => ({
      ...columnsAxis,
      heading: familyTitles[family],
      points: plan.dimensions.flatMap((dimension) =>
        pointsAt(dimension, {
          dimension,
          families: [family],
          evaluations: [plan.evaluations],
          after: plan.evaluations,
        })
      ),
    })),
    ...plan.searchedAt.map((dimension) => ({
      heading: `${dimension} columns, all functions`,
      xTitle: "Evaluations",
      log: true,
      points: plan.searchedAfter.flatMap((after) =>
        pointsAt(after, {
          dimension,
          families: familyNames,
          evaluations: plan.searchedAfter,
          after,
        })
      ),
    })),
  ];
}
