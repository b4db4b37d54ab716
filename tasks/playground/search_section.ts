/**
 * Two optimizers on one landscape.
 *
 * @module
 */
/// <reference lib="dom" />
import { Random } from "../../core/search/random.ts";
import { type SearchStep, searchTask } from "../../core/search/search_loop.ts";
import { drawCurves } from "./curves.ts";
import { element, fillSelect, showProblem } from "./elements.ts";
import {
  DrawnLandscape,
  type Landscape,
  type LandscapeName,
  landscapeNames,
  landscapeOf,
  normalizedRegret,
  tableLandscape,
} from "./landscapes.ts";
import type { MethodName } from "./messages.ts";
import { movesOfKeys, shifted } from "./moves.ts";
import { type MarkStyle, Plane } from "./plane.ts";
import { RemoteAlgorithm, type WorkerClient } from "./worker_client.ts";

/** What a person reads for an optimizer. */
export const methodTexts: Record<MethodName, string> = {
  diffusion: "Diffusion search",
  gp: "Gaussian process",
  tpe: "TPE",
  random: "Random search",
};

/** What has to be said of some tasks. */
const taskNotes: Readonly<Partial<Record<LandscapeName, string>>> = {
  table:
    "Accuracy of XGBoost on the data set pima, as the surrogate of the embedded benchmark has it: to the right the learning rate eta, upwards lambda, both logarithmic. The other hyperparameters are those of the best measured configuration.",
  drawn:
    "Draw with the pointer on either square; with Shift, or the right button, you dig. By keyboard: arrow keys move the brush, Enter raises, Backspace digs.",
};

/** How much of the plane is seen around the unit square, so that marks on its edge are whole. */
const margin = 0.04;
/** Number of points that both optimizers begin with. */
const startPoints = 5;
const sides = ["left", "right"] as const;
type Side = typeof sides[number];

const light: MarkStyle = { shape: "circle", radius: 4, fill: "#fff", stroke: "#000" };
const marks = {
  start: { ...light, shape: "square" },
  trial: light,
  latest: { ...light, shape: "cross", radius: 6, stroke: "#000" },
  best: { ...light, shape: "star", radius: 10, fill: "#ff9500" },
} satisfies Record<string, MarkStyle>;

/** One optimizer's search. */
interface Search {
  readonly method: MethodName;
  readonly points: Float64Array[];
  readonly responses: number[];
  readonly steps: AsyncGenerator<SearchStep>;
}

/** The section with two optimizers side by side. */
export class SearchSection {
  /** Is called when the landscape or the trials have changed. */
  onChange: () => void = () => {};
  /** What is searched. */
  landscape: Landscape = landscapeOf("branin", 1);
  readonly #client: WorkerClient;
  readonly #table: Float32Array;
  readonly #planes: Record<Side, Plane>;
  #searches!: Record<Side, Search>;
  #run = 0;
  #brush: [number, number] = [0.5, 0.5];

  /**
   * Fills the section and starts.
   *
   * @param table See {@linkcode tableLandscape}.
   */
  constructor(client: WorkerClient, table: Float32Array) {
    this.#client = client;
    this.#table = table;
    fillSelect(element("task"), landscapeNames, "branin");
    fillSelect(element("left"), methodTexts, "diffusion");
    fillSelect(element("right"), methodTexts, "gp");
    this.#planes = {
      left: new Plane(element("left-plane"), margin),
      right: new Plane(element("right-plane"), margin),
    };
    for (const id of ["task", "seed"]) {
      element(id).addEventListener("change", () => this.#changeTask());
    }
    for (const side of sides) {
      element(side).addEventListener("change", () => this.restart());
      this.#listenToDrawing(this.#planes[side]);
    }
    element("restart").addEventListener("click", () => this.restart());
    element("step").addEventListener("click", () => this.#advance(1));
    element("run").addEventListener("click", () => this.#toggleRun());
    this.restart();
  }

  /** The trials of the left optimizer. */
  get trials(): readonly Float64Array[] {
    return this.#searches.left.points;
  }

  /** Begins again, with the same start for both. */
  restart(): void {
    this.#endRun();
    const random = Random.of("start", this.#seed);
    const points = Array.from({ length: startPoints }, () => random.point(2));
    const search = (side: Side): Search => {
      const method = element<HTMLSelectElement>(side).value as MethodName;
      const responses = points.map((point) => this.landscape.evaluate(point));
      const algorithm = new RemoteAlgorithm(this.#client, method, this.#seed);
      const steps = searchTask(algorithm, this.landscape, { points, responses });
      return { method, points: [...points], responses, steps };
    };
    this.#searches = { left: search("left"), right: search("right") };
    this.show();
    this.onChange();
  }

  /** Draws everything. */
  show(): void {
    for (const side of sides) this.#showSide(side);
    const { left, right } = this.#searches;
    drawCurves(element("curves"), {
      left: { name: left.method, regrets: this.#regrets(left) },
      right: { name: right.method, regrets: this.#regrets(right) },
    });
  }

  get #seed(): number {
    return Math.max(0, Math.trunc(element<HTMLInputElement>("seed").valueAsNumber) || 0);
  }

  #changeTask(): void {
    const name = element<HTMLSelectElement>("task").value as LandscapeName;
    element("task-note").textContent = taskNotes[name] ?? "";
    if (name === "table") this.landscape = tableLandscape(this.#table);
    else if (name !== "drawn") this.landscape = landscapeOf(name, this.#seed);
    else if (!(this.landscape instanceof DrawnLandscape)) {
      const drawn = new DrawnLandscape();
      drawn.raise([0.3, 0.65], 0.7);
      drawn.raise([0.7, 0.3], 1);
      this.landscape = drawn;
    }
    this.restart();
  }

  /** Regret after the start, and after every step. */
  #regrets({ responses }: Search): number[] {
    let best = Math.max(...responses.slice(0, startPoints));
    const rest = responses.slice(startPoints).map((response) => best = Math.max(best, response));
    const first = Math.max(...responses.slice(0, startPoints));
    return [first, ...rest].map((value) => normalizedRegret(this.landscape, value));
  }

  async #advance(steps: number): Promise<void> {
    const run = ++this.#run;
    this.#showRunning(true);
    try {
      for (let k = 0; k < steps && run === this.#run; k++) {
        const both = sides.map(async (side) => {
          const search = this.#searches[side];
          const { value } = await search.steps.next();
          search.points.push(value.point);
          search.responses.push(value.response);
        });
        await Promise.all(both);
        this.show();
        this.onChange();
      }
    } catch (error) {
      showProblem(error);
    }
    if (run === this.#run) this.#endRun();
  }

  #toggleRun(): void {
    if (element("run").dataset.running) this.#endRun();
    else this.#advance(20);
  }

  #endRun(): void {
    this.#run++;
    this.#showRunning(false);
  }

  #showRunning(isRunning: boolean): void {
    const run = element<HTMLButtonElement>("run");
    if (isRunning) run.dataset.running = "yes";
    else delete run.dataset.running;
    run.textContent = isRunning ? "Pause" : "Run 20 steps";
    element<HTMLButtonElement>("step").disabled = isRunning;
  }

  #showSide(side: Side): void {
    const search = this.#searches[side], plane = this.#planes[side];
    const { points, responses, method } = search;
    const best = responses.indexOf(Math.max(...responses));
    plane.begin(this.landscape);
    points.forEach((point, i) => plane.mark(point, i < startPoints ? marks.start : marks.trial));
    if (points.length > startPoints) plane.mark(points[points.length - 1], marks.latest);
    plane.mark(points[best], marks.best);
    if (this.landscape instanceof DrawnLandscape && document.activeElement === plane.canvas) {
      plane.mark(this.#brush, { ...light, radius: 12, fill: "#ffffff40" });
    }
    const regret = this.#regrets(search).at(-1)!;
    const trials = points.length - startPoints;
    const name = document.createElement("b");
    name.textContent = methodTexts[method];
    const size = regret < 1e-5 ? "below 1e−5" : regret.toExponential(1).replace("-", "−");
    const text = ` ${trials} ${trials === 1 ? "trial" : "trials"}, regret ${size}`;
    const caption = element(`${side}-caption`);
    caption.dataset.regret = String(regret);
    caption.dataset.trials = String(trials);
    caption.replaceChildren(name, text);
    plane.canvas.setAttribute("aria-label", `The landscape with the trials of ${name.textContent}`);
  }

  /** A landscape is drawn by pointer or by keys, on either plane. */
  #listenToDrawing(plane: Plane): void {
    const { canvas } = plane;
    const raise = (height: number): void => {
      if (!(this.landscape instanceof DrawnLandscape)) return;
      this.landscape.raise(this.#brush, height);
      this.restart();
    };
    canvas.addEventListener("contextmenu", (event) => {
      if (this.landscape instanceof DrawnLandscape) event.preventDefault();
    });
    const stroke = (event: PointerEvent): void => {
      if (event.buttons === 0) return;
      this.#brush = plane.pointOf(event);
      raise(event.shiftKey || event.buttons === 2 ? -0.08 : 0.08);
    };
    canvas.addEventListener("touchstart", (event) => {
      if (this.landscape instanceof DrawnLandscape) event.preventDefault(); // no scrolling
    }, { passive: false });
    canvas.addEventListener("pointerdown", stroke);
    canvas.addEventListener("pointermove", stroke);
    canvas.addEventListener("keydown", (event) => {
      if (!(this.landscape instanceof DrawnLandscape)) return;
      const moves = movesOfKeys[event.key];
      if (moves !== undefined) {
        this.#brush = shifted(this.#brush, moves, 0.04);
        this.show();
      } else if (event.key === "Enter") raise(0.2);
      else if (event.key === "Backspace") raise(-0.2);
      else return;
      event.preventDefault();
    });
  }
}
