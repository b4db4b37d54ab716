/**
 * How the next suggestion comes about: samples on their way from noise, and what each part of the model does.
 *
 * @module
 */
/// <reference lib="dom" />
import { addNoise } from "../../core/diffusion/noise_adder.ts";
import { diffusionSteps, scheduleOf } from "../../core/diffusion/schedule.ts";
import { Random } from "../../core/search/random.ts";
import { element, latestOnly } from "./elements.ts";
import type { Landscape } from "./landscapes.ts";
import type { Condition, Denoising } from "./messages.ts";
import { type MarkStyle, Plane } from "./plane.ts";
import { movesOfKeys, shifted } from "./search_section.ts";
import type { WorkerClient } from "./worker_client.ts";

/** Number of samples that are shown. */
const samples = 200;
/** Denoising steps of the animation. */
const steps = 40;
/** Arrows along each side. */
const arrowsAcross = 17;
/** How much of the plane is seen around the search space. */
const margin = 0.45;
/** How long the animation takes, in milliseconds. */
const duration = 5000;

const marks = {
  sample: { shape: "circle", radius: 3.2, fill: "#e4002b", stroke: "#fff" },
  context: { shape: "square", radius: 5, fill: "#fff", stroke: "#000" },
  selected: { shape: "square", radius: 8, fill: "#fff", stroke: "#000" },
  best: { shape: "star", radius: 11, fill: "#ff9500", stroke: "#000" },
} satisfies Record<string, MarkStyle>;

/** The section that looks into the model. */
export class ThinkSection {
  readonly #client: WorkerClient;
  readonly #plane = new Plane(element("plane"), margin);
  readonly #schedule = scheduleOf("cosine");
  readonly #isMotionReduced = matchMedia("(prefers-reduced-motion: reduce)");
  #landscape: Landscape;
  #context: Float64Array[] = [];
  #selected = 0;
  #isEdited = false;
  #seed = 1;
  #t = diffusionSteps;
  #denoising: Denoising | undefined;
  #arrows: { noisy: Float32Array; noise: Float32Array } | undefined;
  #lastFrame: number | undefined;
  readonly #denoise = latestOnly(() => this.#askForDenoising());
  readonly #point = latestOnly(() => this.#askForArrows());

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
      input.addEventListener("change", () => this.show());
    }
    onInput("arrows", () => this.#point());
    onClick("play", () => this.#play());
    onClick("redraw", () => {
      this.#seed++;
      this.#think();
    });
    onClick("add", () => this.#add([0.5, 0.5]));
    onClick("remove", () => this.#remove());
    onClick("shuffle", () => this.#shuffle());
    this.#listenToEditing();
  }

  /** Shows what was observed, unless a person has changed the context on the same landscape. */
  follow(landscape: Landscape, trials: readonly Float64Array[]): void {
    if (this.#isEdited && landscape === this.#landscape) return;
    this.take(landscape, trials);
  }

  /** Makes trials the context. */
  take(landscape: Landscape, trials: readonly Float64Array[]): void {
    this.#landscape = landscape;
    this.#context = trials.map((point) => point.slice());
    this.#selected = 0;
    this.#isEdited = false;
    this.#think();
  }

  /** Draws the picture of this timestep. */
  show(): void {
    const plane = this.#plane, responses = this.#responses;
    if (responses.length === 0) return;
    const best = responses.indexOf(Math.max(...responses));
    plane.begin(this.#landscape, 0.75);
    if (element<HTMLInputElement>("arrows").checked) this.#drawArrows();
    this.#context.forEach((point, i) => {
      if (i === best) plane.mark(point, marks.best);
      else plane.mark(point, i === this.#selected ? marks.selected : marks.context);
    });
    const view = document.querySelector<HTMLInputElement>("input[name=view]:checked")!.value;
    const dots = view === "forward" ? this.#noised(this.#context[best]) : this.#samplesNow();
    for (let i = 0; i < dots.length; i += 2) {
      plane.mark([(dots[i] + 1) / 2, (dots[i + 1] + 1) / 2], marks.sample);
    }
    this.#describe(view);
  }

  get #responses(): Float64Array {
    return Float64Array.from(this.#context, (point) => this.#landscape.evaluate(point));
  }

  get #condition(): Condition {
    const flag = document.querySelector<HTMLInputElement>("input[name=flag]:checked")!.value;
    return {
      context: { points: this.#context, responses: this.#responses },
      improvementFlag: flag === "1" ? 1 : 0,
      guidance: element<HTMLInputElement>("w").valueAsNumber,
    };
  }

  #think(): void {
    element("w-value").textContent = element<HTMLInputElement>("w").valueAsNumber.toFixed(1);
    element("shuffled").textContent = "";
    this.show();
    this.#denoise();
    this.#point();
  }

  async #askForDenoising(): Promise<void> {
    const request = { ...this.#condition, samples, steps, seed: this.#seed };
    this.#denoising = await this.#client.ask({ kind: "denoise", ...request });
    this.show();
  }

  async #askForArrows(): Promise<void> {
    if (element<HTMLInputElement>("arrows").checked) {
      const request = { ...this.#condition, ...arrowQueries(this.#t) };
      const noise = await this.#client.ask({ kind: "predictNoise", ...request });
      this.#arrows = { noisy: request.noisy, noise };
    }
    this.show();
  }

  async #shuffle(): Promise<void> {
    const request = { ...this.#condition, ...arrowQueries(this.#t), seed: this.#seed++ };
    const difference = await this.#client.ask({ kind: "permute", ...request });
    element("shuffled").textContent = `In another order, the predicted noise of ${
      arrowsAcross ** 2
    } points differs by ${
      difference.toExponential(1)
    } at most: the context is a set, and what remains is rounding.`;
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

  /** Arrows point to where a step leads: against the predicted noise. */
  #drawArrows(): void {
    if (this.#arrows === undefined) return;
    const { noisy, noise } = this.#arrows;
    const unit = (1 + 2 * margin) / arrowsAcross;
    for (let i = 0; i < noise.length; i += 2) {
      const length = Math.hypot(noise[i], noise[i + 1]);
      const size = unit * 0.85 * Math.min(1, length / 2) / Math.max(length, 1e-9);
      const from = [(noisy[i] + 1) / 2, (noisy[i + 1] + 1) / 2];
      const colour = getComputedStyle(this.#plane.canvas).color;
      this.#plane.arrow(from, [-size * noise[i], -size * noise[i + 1]], colour);
    }
  }

  #describe(view: string): void {
    const alphaBar = this.#schedule.alphaBar[this.#t];
    const caption = element("plane-caption");
    caption.dataset.contextSize = String(this.#context.length);
    element("t-value").textContent = String(this.#t);
    if (view === "forward") {
      const signal = Math.sqrt(alphaBar).toFixed(2), spread = Math.sqrt(1 - alphaBar).toFixed(2);
      caption.textContent = `z at t = ${this.#t} is ${signal} z0 + ${spread} noise`;
    } else if (this.#denoising === undefined) caption.textContent = "Denoising …";
    else {
      const { seconds } = this.#denoising, rate = Math.round(steps / seconds);
      caption.dataset.stepsPerSecond = String(steps / seconds);
      caption.textContent = `${samples} samples; ${steps} denoising steps took ${
        seconds.toFixed(2)
      } s, ${rate} a second`;
    }
  }

  #goTo(t: number): void {
    this.#t = Math.round(Math.min(Math.max(t, 0), diffusionSteps));
    element<HTMLInputElement>("t").value = String(this.#t);
    if (element<HTMLInputElement>("arrows").checked) this.#point();
    this.show();
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

  #add(point: [number, number]): void {
    this.#context.push(Float64Array.from(point));
    this.#selected = this.#context.length - 1;
    this.#changed();
  }

  #remove(): void {
    if (this.#context.length === 1) return; // without any point there is nothing to be better than
    this.#context.splice(this.#selected, 1);
    this.#selected = Math.max(0, this.#selected - 1);
    this.#changed();
  }

  #move(point: [number, number]): void {
    this.#context[this.#selected] = Float64Array.from(point);
    this.#changed();
  }

  #changed(): void {
    this.#isEdited = true;
    this.#think();
  }

  #listenToEditing(): void {
    const plane = this.#plane, { canvas } = plane;
    let isDragging = false;
    const pointAt = (x: number, y: number): number =>
      this.#context.findIndex((point) => {
        const [u, v] = plane.toPixels(point);
        return Math.hypot(u - x, v - y) < 16;
      });
    canvas.addEventListener("pointerdown", (event) => {
      const near = pointAt(event.offsetX, event.offsetY);
      if (near < 0) return;
      this.#selected = near;
      isDragging = true;
      canvas.setPointerCapture(event.pointerId);
      this.show();
    });
    // A finger on a point drags it; elsewhere it scrolls the page.
    canvas.addEventListener("touchstart", (event) => {
      const { left, top } = canvas.getBoundingClientRect();
      const { clientX, clientY } = event.touches[0];
      if (pointAt(clientX - left, clientY - top) >= 0) event.preventDefault();
    }, { passive: false });
    canvas.addEventListener("pointermove", (event) => {
      if (isDragging) this.#move(shifted(plane.pointOf(event), [0, 0], 0));
    });
    canvas.addEventListener("lostpointercapture", () => isDragging = false);
    canvas.addEventListener("dblclick", (event) => {
      this.#add(shifted(plane.pointOf(event), [0, 0], 0));
    });
    canvas.addEventListener("keydown", (event) => {
      const move = movesOfKeys[event.key];
      if (move !== undefined) this.#move(shifted(this.#context[this.#selected], move, 0.02));
      else if (event.key === "n" || event.key === "N") {
        this.#selected = (this.#selected + 1) % this.#context.length;
        this.show();
      } else if (event.key === "a" || event.key === "A") this.#add([0.5, 0.5]);
      else if (event.key === "Delete") this.#remove();
      else return;
      event.preventDefault();
    });
  }
}

/** A grid over what is seen of the plane, on the centred scale; the network knows t >= 1. */
function arrowQueries(t: number): { noisy: Float32Array; timestep: number } {
  const place = (k: number): number =>
    2 * ((k + 0.5) / arrowsAcross * (1 + 2 * margin) - margin) - 1;
  const noisy = Float32Array.from({ length: 2 * arrowsAcross ** 2 }, (_, i) => {
    const cell = i >> 1;
    return place(i % 2 === 0 ? cell % arrowsAcross : Math.floor(cell / arrowsAcross));
  });
  return { noisy, timestep: Math.max(1, t) };
}
