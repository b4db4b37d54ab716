/**
 * How the next suggestion comes about: samples on their way from noise, and what each part of the model does.
 *
 * @module
 */
/// <reference lib="dom" />
import { addNoise } from "../../core/diffusion/noise_adder.ts";
import { diffusionSteps, scheduleOf } from "../../core/diffusion/schedule.ts";
import { Random } from "../../core/search/random.ts";
import { type Attention, attentionInWords, drawAttention } from "./attention.ts";
import { ContextEditor } from "./context_editor.ts";
import { element, latestOnly, showProblem, write } from "./elements.ts";
import type { Landscape } from "./landscapes.ts";
import type { Condition, Denoising } from "./messages.ts";
import { arrowQueries, drawArrows, margin } from "./noise_arrows.ts";
import { type MarkStyle, Plane } from "./plane.ts";
import type { WorkerClient } from "./worker_client.ts";

/** Number of samples that are shown. */
const samples = 200;
/** Denoising steps of the animation. */
const steps = 40;
/** How long the animation takes, in milliseconds. */
const duration = 5000;

const marks = {
  sample: { shape: "circle", radius: 3.2, fill: "#e4002b", stroke: "#fff" },
  context: { shape: "square", radius: 5, fill: "#fff", stroke: "#000" },
  selected: { shape: "square", radius: 8, fill: "#fff", stroke: "#000" },
  best: { shape: "star", radius: 11, fill: "#ff9500", stroke: "#000" },
  watched: { shape: "circle", radius: 6, fill: "#e4002b", stroke: "#fff" },
} satisfies Record<string, MarkStyle>;

/** The section that looks into the model. */
export class ThinkSection {
  readonly #client: WorkerClient;
  readonly #plane = new Plane(element("plane"), margin);
  readonly #context = new ContextEditor(this.#plane, {
    changed: () => {
      this.#isEdited = true;
      this.#think();
    },
    selectionChanged: () => this.show(),
  });
  readonly #schedule = scheduleOf("cosine");
  readonly #isMotionReduced = matchMedia("(prefers-reduced-motion: reduce)");
  #landscape: Landscape;
  #isEdited = false;
  #seed = 1;
  #t = diffusionSteps;
  #denoising: Denoising | undefined;
  /** Predicted noise of the {@linkcode arrowQueries}. */
  #noise: Float32Array | undefined;
  #attention: Attention | undefined;
  #sample = 0;
  /** The order of the context that was tried last. */
  #order: Int32Array | undefined;
  #lastFrame: number | undefined;
  readonly #denoise = latestOnly(() => this.#askForDenoising());
  readonly #point = latestOnly(() => this.#askForArrows());
  readonly #attend = latestOnly(() => this.#askForAttention());

  /** Fills the section. */
  constructor(client: WorkerClient, landscape: Landscape) {
    this.#client = client;
    this.#landscape = landscape;
    const onInput = (id: string, listen: () => void): void =>
      element(id).addEventListener("input", listen);
    const onClick = (id: string, listen: () => void): void =>
      element(id).addEventListener("click", listen);
    onInput("t", () => {
      this.#stop();
      this.#goTo(element<HTMLInputElement>("t").valueAsNumber);
    });
    onInput("w", () => this.#think());
    for (const input of document.querySelectorAll("input[name=flag]")) {
      input.addEventListener("change", () => this.#think());
    }
    for (const input of document.querySelectorAll("input[name=view]")) {
      input.addEventListener("change", () => this.#look());
    }
    onInput("arrows", () => this.#point());
    onInput("attention", () => this.#attend());
    onClick("play", () => this.#play());
    onClick("redraw", () => {
      this.#seed++;
      this.#think();
    });
    onClick("add", () => this.#context.add([0.5, 0.5]));
    onClick("remove", () => this.#context.remove());
    onClick("shuffle", () => this.#shuffle().catch(showProblem));
    this.#listenToSelecting();
  }

  /** Shows what was observed, unless a person has changed the context on the same landscape. */
  follow(landscape: Landscape, trials: readonly Float64Array[]): void {
    if (this.#isEdited && landscape === this.#landscape) return;
    this.take(landscape, trials);
  }

  /** Makes trials the context. */
  take(landscape: Landscape, trials: readonly Float64Array[]): void {
    this.#landscape = landscape;
    this.#context.take(trials);
    this.#isEdited = false;
    this.#think();
  }

  /** Draws the picture of this timestep. */
  show(): void {
    const plane = this.#plane, responses = this.#responses;
    if (responses.length === 0) return;
    const best = responses.indexOf(Math.max(...responses));
    plane.begin(this.#landscape, 0.75);
    if (element<HTMLInputElement>("arrows").checked && this.#noise !== undefined) {
      drawArrows(plane, this.#noise);
    }
    const dots = toUnit(this.#dots);
    for (let i = 0; i < dots.length; i += 2) plane.mark(dots.subarray(i, i + 2), marks.sample);
    const { points, selected } = this.#context, sample = this.#watchedSample;
    // While another answer is on its way, the last one stands, if it is of as many points.
    const isOfContext = this.#attention?.contextSize === points.length;
    const attention = isOfContext ? this.#attention : undefined;
    const watched = sample === undefined ? {} : { sample };
    if (attention !== undefined) drawAttention(plane, attention, { points, dots, ...watched });
    if (sample !== undefined && dots.length > 0) {
      plane.mark(dots.subarray(2 * sample, 2 * sample + 2), marks.watched);
    }
    points.forEach((point, i) => {
      if (i === best) plane.mark(point, marks.best);
      else plane.mark(point, i === selected ? marks.selected : marks.context);
    });
    this.#order?.forEach((i, place) => plane.write(points[i], String(place + 1)));
    write(
      "attention-text",
      attention === undefined ? "" : attentionInWords(attention, { best, ...watched }),
    );
    this.#describe();
  }

  get #responses(): Float64Array {
    return Float64Array.from(this.#context.points, (point) => this.#landscape.evaluate(point));
  }

  get #view(): string {
    return document.querySelector<HTMLInputElement>("input[name=view]:checked")!.value;
  }

  /** What is drawn as dots, on the centred scale. */
  get #dots(): Float32Array {
    if (this.#view !== "forward") return this.#samplesNow();
    const responses = this.#responses;
    return this.#noised(this.#context.points[responses.indexOf(Math.max(...responses))]);
  }

  /** The sample whose attention is shown, where it is one's. */
  get #watchedSample(): number | undefined {
    return element<HTMLSelectElement>("attention").value === "one" ? this.#sample : undefined;
  }

  get #condition(): Condition {
    const flag = document.querySelector<HTMLInputElement>("input[name=flag]:checked")!.value;
    return {
      context: { points: this.#context.points, responses: this.#responses },
      improvementFlag: flag === "1" ? 1 : 0,
      guidance: element<HTMLInputElement>("w").valueAsNumber,
    };
  }

  get #arrowQueries(): { noisy: Float32Array; timestep: number } {
    return { noisy: arrowQueries, timestep: Math.max(1, this.#t) }; // the network knows t >= 1
  }

  #think(): void {
    write("w-value", element<HTMLInputElement>("w").valueAsNumber.toFixed(1));
    write("shuffled", "");
    this.#order = undefined;
    this.show();
    this.#attend();
    this.#denoise();
    this.#point();
  }

  /** Asks for what depends on the timestep and on what is shown. */
  #look(): void {
    if (element<HTMLInputElement>("arrows").checked) this.#point();
    this.#attend();
    this.show();
  }

  async #askForDenoising(): Promise<void> {
    const request = { ...this.#condition, samples, steps, seed: this.#seed };
    this.#denoising = await this.#client.ask({ kind: "denoise", ...request });
    this.#look();
  }

  async #askForAttention(): Promise<void> {
    const noisy = this.#dots, contextSize = this.#context.points.length;
    const isWanted = element<HTMLSelectElement>("attention").value !== "none" && noisy.length > 0;
    const request = { ...this.#condition, noisy, timestep: Math.max(1, this.#t) };
    this.#attention = isWanted
      ? { shares: await this.#client.ask({ kind: "attend", ...request }), contextSize }
      : undefined;
    this.show();
  }

  async #askForArrows(): Promise<void> {
    if (element<HTMLInputElement>("arrows").checked) {
      const request = { ...this.#condition, ...this.#arrowQueries };
      this.#noise = await this.#client.ask({ kind: "predictNoise", ...request });
    }
    this.show();
  }

  async #shuffle(): Promise<void> {
    const order = Random.of("order", this.#seed++).permutation(this.#context.points.length);
    const request = { ...this.#condition, ...this.#arrowQueries, order };
    const difference = await this.#client.ask({ kind: "permute", ...request });
    this.#order = order;
    this.show();
    const points = arrowQueries.length / 2, most = difference.toExponential(1);
    write(
      "shuffled",
      `Given in the order of the numbers, the predicted noise of ${points} points differs by ${most} at most: the context is a set, and what remains is rounding.`,
    );
  }

  /** z_t of all samples at the present t, between the steps that were made. */
  #samplesNow(): Float32Array {
    if (this.#denoising === undefined) return new Float32Array();
    const { timesteps, frames } = this.#denoising;
    const k = Math.max(1, timesteps.findIndex((t) => t <= this.#t));
    const share = (timesteps[k - 1] - this.#t) / (timesteps[k - 1] - timesteps[k]);
    return frames[k - 1].map((z, i) => z + share * (frames[k][i] - z));
  }

  /** Copies of one point, noised up to the present t. */
  #noised(point: Float64Array): Float32Array {
    const random = Random.of("noise adder");
    return addNoise({
      x: Float32Array.from({ length: 2 * samples }, (_, i) => point[i % 2]),
      timestep: new Int32Array(samples).fill(this.#t),
      noise: Float32Array.from({ length: 2 * samples }, () => random.normal()),
      dimension: 2,
    }, this.#schedule);
  }

  #describe(): void {
    const { points, selected } = this.#context;
    const place = Array.from(points[selected], (x) => x.toFixed(2)).join(", ");
    const response = Number(this.#responses[selected].toPrecision(4));
    write(
      "selected",
      `${points.length} points; point ${
        selected + 1
      } is selected: (${place}), response ${response}.`,
    );
    write("t-value", String(this.#t));
    write("plane-caption", this.#caption);
    const { dataset } = element("plane-caption");
    dataset.contextSize = String(points.length);
    if (this.#denoising) dataset.stepsPerSecond = String(steps / this.#denoising.seconds);
  }

  get #caption(): string {
    if (this.#view === "forward") {
      const alphaBar = this.#schedule.alphaBar[this.#t];
      const signal = Math.sqrt(alphaBar).toFixed(2), spread = Math.sqrt(1 - alphaBar).toFixed(2);
      return `z at t = ${this.#t} is ${signal} z0 + ${spread} noise`;
    }
    if (this.#denoising === undefined) return "Denoising …";
    const { seconds } = this.#denoising, rate = Math.round(steps / seconds);
    return `${samples} samples; ${steps} denoising steps took ${
      seconds.toFixed(2)
    } s, ${rate} a second`;
  }

  #goTo(t: number): void {
    this.#t = Math.round(Math.min(Math.max(t, 0), diffusionSteps));
    element<HTMLInputElement>("t").value = String(this.#t);
    this.#look();
  }

  /** Runs from noise to suggestions; with reduced motion, one press is one tenth of the way. */
  #play(): void {
    if (this.#lastFrame !== undefined) return this.#stop();
    if (this.#isMotionReduced.matches) return this.#goTo(this.#t === 0 ? 1000 : this.#t - 100);
    if (this.#t === 0) this.#goTo(diffusionSteps);
    element("play").textContent = "Pause";
    let t = this.#t;
    const frame = (now: number): void => {
      if (this.#lastFrame === undefined) return;
      t -= diffusionSteps * (now - this.#lastFrame) / duration;
      this.#lastFrame = now;
      this.#goTo(t);
      if (t > 0) requestAnimationFrame(frame);
      else this.#stop();
    };
    this.#lastFrame = performance.now();
    requestAnimationFrame(frame);
  }

  #stop(): void {
    this.#lastFrame = undefined;
    element("play").textContent = "Play";
  }

  /** A press near a sample, or the key S, chooses the one whose attention is shown. */
  #listenToSelecting(): void {
    const plane = this.#plane, { canvas } = plane;
    canvas.addEventListener("pointerdown", ({ offsetX, offsetY }) => {
      if (this.#watchedSample === undefined || this.#context.pointAt(offsetX, offsetY) >= 0) return;
      const dots = toUnit(this.#dots);
      const distances = Array.from({ length: dots.length / 2 }, (_, i) => {
        const [x, y] = plane.toPixels(dots.subarray(2 * i, 2 * i + 2));
        return Math.hypot(x - offsetX, y - offsetY);
      });
      this.#sample = Math.max(0, distances.indexOf(Math.min(...distances)));
      this.show();
    });
    canvas.addEventListener("keydown", ({ key }) => {
      if (key !== "s" && key !== "S") return;
      this.#sample = (this.#sample + 1) % samples;
      this.show();
    });
  }
}

/** From the centred scale to the unit square. */
function toUnit(z: Float32Array): Float32Array {
  return z.map((value) => (value + 1) / 2);
}
