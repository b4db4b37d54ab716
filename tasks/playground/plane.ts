/**
 * A canvas that shows a part of the plane: a landscape on the unit square, and marks.
 *
 * @module
 */
/// <reference lib="dom" />
import { coloursOf } from "./colours.ts";
import { type Landscape, resolution } from "./landscapes.ts";

/** How a mark looks. */
export interface MarkStyle {
  readonly shape: "circle" | "square" | "star" | "cross";
  /** Radius in CSS pixels. */
  readonly radius: number;
  readonly fill: string;
  readonly stroke: string;
}

/** A canvas and the part of the plane that it shows. */
export class Plane {
  /** Where it is drawn. */
  readonly canvas: HTMLCanvasElement;
  readonly #margin: number;
  readonly #context: CanvasRenderingContext2D;
  #picture: { grid: Float64Array; image: HTMLCanvasElement } | undefined;

  /** @param margin How much of the plane is seen around the unit square, in its units. */
  constructor(canvas: HTMLCanvasElement, margin: number) {
    this.canvas = canvas;
    this.#margin = margin;
    this.#context = canvas.getContext("2d")!;
  }

  /** Side of the canvas in CSS pixels. */
  get side(): number {
    return this.canvas.clientWidth;
  }

  /** Begins a picture: nothing but the landscape, in the given strength. */
  begin(landscape: Landscape, opacity = 1): void {
    const { canvas } = this, scale = globalThis.devicePixelRatio || 1;
    const pixels = Math.round(this.side * scale);
    if (canvas.width !== pixels) canvas.width = canvas.height = pixels;
    const context = this.#context;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, this.side, this.side);
    const [left, bottom] = this.toPixels([0, 0]), [right, top] = this.toPixels([1, 1]);
    context.globalAlpha = opacity;
    context.drawImage(this.#imageOf(landscape), left, top, right - left, bottom - top);
    context.globalAlpha = 1;
    if (this.#margin > 0) {
      context.strokeStyle = getComputedStyle(canvas).color;
      context.lineWidth = 1;
      context.strokeRect(left, top, right - left, bottom - top);
    }
  }

  /** Draws a mark at a point. */
  mark(point: ArrayLike<number>, { shape, radius, fill, stroke }: MarkStyle): void {
    const [x, y] = this.toPixels(point), context = this.#context;
    context.beginPath();
    if (shape === "circle") context.arc(x, y, radius, 0, 2 * Math.PI);
    else if (shape === "square") context.rect(x - radius, y - radius, 2 * radius, 2 * radius);
    else if (shape === "cross") {
      for (const [a, b] of [[-1, -1], [-1, 1]]) {
        context.moveTo(x + a * radius, y + b * radius);
        context.lineTo(x - a * radius, y - b * radius);
      }
    } else {
      for (let k = 0; k < 10; k++) {
        const angle = -Math.PI / 2 + k * Math.PI / 5, length = k % 2 === 0 ? radius : radius * 0.45;
        context.lineTo(x + length * Math.cos(angle), y + length * Math.sin(angle));
      }
      context.closePath();
    }
    context.fillStyle = fill;
    context.strokeStyle = stroke;
    if (shape === "cross") {
      context.lineWidth = 6;
      context.stroke();
      context.strokeStyle = fill;
      context.lineWidth = 3;
    } else {
      context.fill();
      context.lineWidth = 1.5;
    }
    context.stroke();
  }

  /** Draws arrows from points, by vectors of the plane, both [N, 2]: as one line, which is faster. */
  arrows(from: Float32Array, vectors: Float32Array): void {
    const context = this.#context, head = 4;
    context.beginPath();
    for (let i = 0; i < from.length; i += 2) {
      const [x, y] = this.toPixels([from[i], from[i + 1]]);
      const [u, v] = this.toPixels([from[i] + vectors[i], from[i + 1] + vectors[i + 1]]);
      const angle = Math.atan2(v - y, u - x);
      context.moveTo(x, y);
      context.lineTo(u, v);
      for (const turn of [2.6, -2.6]) {
        context.moveTo(u, v);
        context.lineTo(u + head * Math.cos(angle + turn), v + head * Math.sin(angle + turn));
      }
    }
    this.#strokeTwice(1.5);
  }

  /** Draws a line, white within black, so that it is seen on every ground. */
  line(from: ArrayLike<number>, to: ArrayLike<number>, width: number): void {
    const context = this.#context;
    context.beginPath();
    context.moveTo(...this.toPixels(from));
    context.lineTo(...this.toPixels(to));
    this.#strokeTwice(width);
  }

  /** Draws a ring around a point in the same way; the radius is in CSS pixels. */
  ring(point: ArrayLike<number>, radius: number): void {
    const context = this.#context;
    context.beginPath();
    context.arc(...this.toPixels(point), radius, 0, 2 * Math.PI);
    this.#strokeTwice(2);
  }

  /** Writes beside a point. */
  write(point: ArrayLike<number>, text: string): void {
    const context = this.#context, [x, y] = this.toPixels(point);
    context.font = "bold 13px system-ui, sans-serif";
    context.lineWidth = 3;
    context.strokeStyle = "#000";
    context.strokeText(text, x + 9, y - 9);
    context.fillStyle = "#fff";
    context.fillText(text, x + 9, y - 9);
  }

  #strokeTwice(width: number): void {
    const context = this.#context;
    for (const [colour, wide] of [["#000", width + 2], ["#fff", width]] as const) {
      context.strokeStyle = colour;
      context.lineWidth = wide;
      context.stroke();
    }
  }

  /** Where a point is on the canvas, in CSS pixels. */
  toPixels(point: ArrayLike<number>): [number, number] {
    const scale = this.side / (1 + 2 * this.#margin);
    return [(point[0] + this.#margin) * scale, (1 + this.#margin - point[1]) * scale];
  }

  /** The point under the pointer. */
  pointOf({ offsetX, offsetY }: MouseEvent): [number, number] {
    const scale = this.side / (1 + 2 * this.#margin);
    return [offsetX / scale - this.#margin, 1 + this.#margin - offsetY / scale];
  }

  /** The landscape as a picture of one pixel a grid point; it is kept until the landscape changes. */
  #imageOf({ grid }: Landscape): HTMLCanvasElement {
    if (this.#picture?.grid === grid) return this.#picture.image;
    const image = document.createElement("canvas");
    image.width = image.height = resolution;
    const context = image.getContext("2d")!;
    const pixels = context.createImageData(resolution, resolution);
    coloursOf(grid).forEach((colour, k) => {
      const row = resolution - 1 - Math.floor(k / resolution);
      pixels.data.set([...colour, 255], 4 * (row * resolution + k % resolution));
    });
    context.putImageData(pixels, 0, 0);
    this.#picture = { grid, image };
    return image;
  }
}
