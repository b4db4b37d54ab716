/**
 * `deno task report`: writes the report, its figures, the README's results and the model card's numbers.
 *
 * @module
 */
import { defaultGuidance } from "../core/diffusion/guidance.ts";
import { pretrainedModel } from "../core/diffusion/pretrained.ts";
import { defaultCacheDirectory } from "../hpob/data/cache_directory.ts";
import { alignResults, type Comparison } from "../hpob/comparison/aligned_results.ts";
import { type CaptionedFigure, describeRuns } from "../hpob/figures/comparison_figures.ts";
import { renderHtml } from "../hpob/figures/html_page.ts";
import { renderSvg } from "../hpob/figures/render.ts";
import { readIfExists, writeAtomically } from "../hpob/files/atomic.ts";
import { type Command, type Flags, runCommand } from "./shared/cli.ts";
import * as experiments from "./report/experiments.ts";
import { candidateCount } from "./report/model_samples.ts";
import { historySize, observedTasks, shownDataset } from "./report/observed_tasks.ts";
import { checkPermutations } from "./report/permutations.ts";
import {
  ablationCommand,
  ablationOf,
  historyFigure,
  mainFigures,
  pretrainingFigure,
  priorFigure,
  trajectoryFigure,
} from "./report/figures.ts";
import { noisyTablesText, readNoisyTables, writeNoisyTables } from "./report/noisy_tables.ts";
import { type Field, fieldFigures, fieldOf, fieldPage, fieldText } from "./report/field.ts";
import {
  type TunedModels,
  tunedModelsFigures,
  tunedModelsOf,
  tunedModelsSentence,
} from "./report/models.ts";
import { readInputs, type ReportInputs } from "./report/inputs.ts";
import { modelFacts } from "./report/model.ts";
import { printPdf, renderPage } from "./report/page.ts";
import { checkDenoiser, checkNoiseAdder } from "./report/processes.ts";
import * as tables from "./report/tables.ts";
import { fillTemplate, replaceRegion, wrapParagraph } from "./report/template.ts";
import { replicatesText } from "./report/replicates.ts";
import { secondTrainingText } from "./report/second_training.ts";
import * as text from "./report/text.ts";

/** The command line. */
export const command: Command = {
  name: "report",
  summary: "Writes the report with its figures, the README's results and the model card's numbers.",
  flags: {
    results: {
      value: "DIR",
      description: "Folder with hpob-mini/, ablation/, 5971/ (result files) and speed.json",
      default: "docs/results",
    },
    training: {
      value: "DIR",
      description: "Folder with the log and the settings of the pre-training",
      default: "core/diffusion/pretrained",
    },
    cache: { value: "DIR", description: "What genhpo fetch filled (default: its default)" },
    readme: { value: "FILE", description: "Where the results go, too", default: "README.md" },
    out: { value: "DIR", description: "Folder of report, model card, figures", default: "docs" },
    pdf: { description: "Print report.html as report.pdf, too: deno task report:pdf" },
  },
  examples: [text.mainCommand, ablationCommand, "genhpo report"],
};

/** What it does. */
export async function run(flags: Flags): Promise<void> {
  const out = flags.required("out");
  const inputs = await readInputs({
    results: flags.required("results"),
    training: flags.required("training"),
    cache: flags.text("cache") ?? defaultCache(),
  });
  await Deno.mkdir(`${out}/figures`, { recursive: true });
  const field = fieldOf(inputs), tuned = tunedModelsOf(inputs);
  const noisy = await readNoisyTables(`${flags.required("results")}/tables`);
  const { values, figures } = await makeReport(inputs, { field, tuned });
  const drawn = new Map<string, string>();
  for (const { name, title, caption, draw } of figures) {
    const svg = await renderSvg(draw({ title, caption }));
    drawn.set(`figures/${name}.svg`, svg);
    await writeAtomically(`${out}/figures/${name}.svg`, svg);
  }
  await writeAtomically(`${out}/figures/index.html`, await interactivePage(inputs, figures));
  const template = new URL("./report/template.md", import.meta.url);
  const markdown = fillTemplate(await Deno.readTextFile(template), values);
  await writeAtomically(`${out}/report.md`, markdown);
  if (noisy !== undefined) await writeNoisyTables(out, noisy);
  if (field !== undefined) {
    const tables = noisyTablesText(noisy);
    await writeAtomically(`${out}/field.md`, await fieldPage(field, { tuned, tables }));
  }
  const title = "Hyperparameter optimization by diffusion";
  await writeAtomically(
    `${out}/report.html`,
    await renderPage(markdown, { title, figures: drawn }),
  );
  await writeRegion(flags.required("readme"), "results", readmeResults(inputs));
  await writeRegion(`${out}/model.md`, "facts", await modelFacts(inputs));
  console.log(`${out}/report.md\n${out}/report.html\n${out}/figures/index.html`);
  if (flags.on("pdf")) {
    const pages = await printPdf(`${out}/report.html`, `${out}/report.pdf`);
    console.log(`${out}/report.pdf: ${pages} pages`);
  }
}

/** The default cache, if this task may know where it is. */
function defaultCache(): string | undefined {
  try {
    return defaultCacheDirectory();
  } catch {
    return undefined; // no permission to read the environment, or nothing in it
  }
}

/** Does the experiments, and puts everything into words and figures. */
async function makeReport(
  inputs: ReportInputs,
  { field, tuned }: { field: Field | undefined; tuned: TunedModels | undefined },
): Promise<{ values: Record<string, string>; figures: CaptionedFigure[] }> {
  const tasks = await observedTasks();
  const shown = tasks.find(({ datasetId }) => datasetId === shownDataset)!;
  const noise = (await checkNoiseAdder(shown.datasetId, [0, 500, 1000]))
    .filter(({ schedule, t }) => t > 0 || schedule === "cosine"); // nothing is noised at t = 0
  const losses = await experiments.historyLoss(tasks, 120);
  const permutation = await checkPermutations(shown, 20);
  const trajectory = await experiments.traceDenoising(shown, [1000, 500, 250, 0]);
  const ablation = inputs.main.filter(({ method }) => method === text.subject)
    .concat(inputs.ablation.filter(({ method }) => method !== text.subject));
  const ablated = ablation.length > 1 && ablation[0].method === text.subject;
  const comparison = mainComparison(inputs);

  const figures = [
    ...(comparison === undefined ? [] : mainFigures(comparison)),
    ...(field === undefined ? [] : fieldFigures(field)),
    ...(tuned === undefined ? [] : tunedModelsFigures(tuned)),
    ...(ablated ? [ablationOf(ablation)].filter((figure) => figure !== undefined) : []),
    ...(inputs.log.length > 0 ? [pretrainingFigure(inputs.log)] : []),
    historyFigure(losses),
    await trajectoryFigure(shown, trajectory),
    priorFigure(),
  ];
  const picture = (name: string): string => {
    const figure = figures.find((candidate) => candidate.name === name);
    return figure === undefined ? "" : `![${figure.title}](figures/${name}.svg)`;
  };
  const rejected = noise.filter(({ t, normalityPValue }) => t === 1000 && normalityPValue < 0.05);
  const values = {
    ...mainValues(inputs),
    ablation: ablated
      ? text.ablationText(ablation)
      : `There are no results of other settings yet: \`${ablationCommand}\` makes them.`,
    published: text.publishedText(inputs),
    field: fieldText(field) + tunedModelsSentence(tuned),
    training: text.trainingText(inputs.log),
    "own-histories": text.ownHistoriesText(inputs),
    "history-loss": text.historyText(losses),
    guidance: String(defaultGuidance),
    parameters: (await pretrainedModel()).parameters.values.length.toLocaleString("en"),
    "noise-values": noise[0].values.toLocaleString("en"),
    "noise-verdict": rejected.length === 0 ? "is not rejected" : "is rejected at level 0.05",
    "noise-table": tables.noiseTable(noise),
    reversal: text.reversalText(checkDenoiser()),
    "conditioning-table": tables.conditioningTable(await experiments.checkConditioning(tasks)),
    candidates: String(candidateCount),
    history: String(historySize),
    permutations: String(permutation.permutations),
    "change-set": tables.powerOfTen(permutation.set),
    "moved-set": tables.powerOfTen(permutation.movedSet),
    "change-sequence": permutation.sequence.toPrecision(2),
    "moved-sequence": permutation.movedSequence.toPrecision(2),
    "change-columns": tables.powerOfTen(permutation.columns),
    speed: text.speedText(inputs.speed),
    "second-training": secondTrainingText(inputs.log, inputs.second),
    "main-command": text.mainCommand,
    ...Object.fromEntries(
      [
        "rank-and-regret",
        "ranking",
        "ablation",
        "denoising",
        "pretraining-loss",
        "history-loss",
      ].map((name) => [`figure-${name}`, picture(name)]),
    ),
  };
  return { values, figures };
}

/** Diffusion search and others on the same runs, if there are results of them. */
function mainComparison({ main }: ReportInputs): Comparison | undefined {
  const methods = main.map(({ method }) => method);
  return methods.includes(text.subject) && methods.length > 1 ? alignResults(main) : undefined;
}

/** What depends on the main comparison. */
function mainValues(inputs: ReportInputs): Record<string, string> {
  const comparison = mainComparison(inputs);
  if (comparison === undefined) {
    return {
      headline: text.noResults,
      runs: "",
      "regret-table": "",
      "dataset-table": "",
      "duel-table": "",
      interpretation: "",
      "common-start": "",
    };
  }
  return {
    headline: text.headline(comparison),
    runs: describeRuns(comparison),
    "regret-table": tables.regretTable(comparison),
    "dataset-table": tables.datasetTable(comparison),
    "duel-table": tables.duelTable(text.finalDuels(comparison)),
    interpretation: text.interpretation(comparison, inputs),
    "common-start": text.commonStart(comparison),
  };
}

/** The results as the README shows them. */
function readmeResults(inputs: ReportInputs): string {
  const comparison = mainComparison(inputs);
  if (comparison === undefined) return wrapParagraph(text.noResults);
  return [
    wrapParagraph(`${describeRuns(comparison, "hpob-mini")} ${text.headline(comparison)}`),
    tables.regretTable(comparison),
    wrapParagraph(
      "Normalized regret, lower is better. [The report](docs/report.md) has the statistics, the " +
        "figures of each data set and the ablations; [another page](docs/field.md) has the optimizers of " +
        "other packages on the same runs.",
    ),
    wrapParagraph(replicatesText(inputs.main, inputs.replicates, text.subject)),
  ].filter((part) => part !== "").join("\n\n");
}

/** All figures on one interactive page. */
function interactivePage(
  { main }: ReportInputs,
  figures: readonly CaptionedFigure[],
): Promise<string> {
  return renderHtml({
    title: "Hyperparameter optimization by diffusion: figures",
    introduction: "All figures of the report. Buttons switch methods on and off.",
    methods: main.map(({ method }) => method),
    sections: figures.map(({ title, caption, draw }) => ({
      heading: title,
      text: caption,
      figure: draw({ interactive: true }),
    })),
  });
}

/** Replaces a region of a file that has one. */
async function writeRegion(path: string, name: string, content: string): Promise<void> {
  const bytes = await readIfExists(path);
  if (bytes === undefined) return;
  const before = new TextDecoder().decode(bytes);
  const after = replaceRegion(before, { name, content, source: path });
  if (after !== before) await writeAtomically(path, after);
}

if (import.meta.main) await runCommand(command, run);
