/**
 * Figures in HPO-B's format as pure functions from data to Vega-Lite specifications, and their rendering
 * as SVG, PNG and an interactive page.
 *
 * @example
 * ```ts
 * import { mainFigure, renderSvg } from "@genhpo/genhpo/figures";
 *
 * const curve = { method: "random", values: [0.5, 0.3], lower: [0.4, 0.2], upper: [0.6, 0.4] };
 * const svg = await renderSvg(mainFigure({ averageRank: [curve], averageRegret: [curve] }));
 * console.log(svg.startsWith("<svg")); // true
 * ```
 *
 * @module
 */

export { type Ablation, ablationFigure } from "./ablation_figure.ts";
export { type CaptionedFigure, comparisonFigures, describeRuns } from "./comparison_figures.ts";
export { costFigure, type MethodCost } from "./cost_figure.ts";
export {
  criticalDifferenceDiagram,
  type CriticalDifferenceOptions,
} from "./critical_difference.ts";
export { type DenoisingData, denoisingFigure } from "./denoising_figure.ts";
export type { FigureOptions } from "./figure_options.ts";
export { lossFigure, type LossRow } from "./loss_figure.ts";
export { mainFigure, type MainFigureData } from "./main_figure.ts";
export { type MethodStyle, methodStyles } from "./method_style.ts";
export { type MeasuredValue, noiseFigure } from "./noise_figure.ts";
export { observationsFigure, type SuggestionCost } from "./observations_figure.ts";
export { regretGrid, type RegretGridOptions, type RegretPanel } from "./regret_grid.ts";
export {
  scaleFigure,
  type ScaleFigureOptions,
  type ScalePanel,
  type ScalePoint,
} from "./scale_figure.ts";
export {
  surfaceGalleryFigure,
  type SurfaceGalleryOptions,
  type SurfaceHeatMap,
} from "./surface_gallery.ts";
export { type PageContents, type PageSection, renderHtml } from "./html_page.ts";
export { type Figure, type PngOptions, renderPng, renderSvg } from "./render.ts";
export type { BandCurve, BandOptions, Curve } from "../comparison/metrics.ts";
export type { Comparison } from "../comparison/aligned_results.ts";
export type { RankComparison } from "../comparison/rank_comparison.ts";
