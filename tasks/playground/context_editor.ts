/**
 * The context on a plane, changed by pointer, touch or keys.
 *
 * @module
 */
/// <reference lib="dom" />
import { movesOfKeys, shifted } from "./moves.ts";
import type { Plane } from "./plane.ts";

/** How near the pointer has to be to a point, in CSS pixels. */
const reach = 16;

/** The points of a context, one of which is selected. */
export class ContextEditor {
  /** The points, of the unit square. */
  points: Float64Array[] = [];
  /** Which one is selected. */
  selected = 0;
  readonly #plane: Plane;
  readonly #changed: () => void;
  readonly #selectionChanged: () => void;

  /** Listens on the plane's canvas. */
  constructor(plane: Plane, listeners: { changed: () => void; selectionChanged: () => void }) {
    this.#plane = plane;
    this.#changed = listeners.changed;
    this.#selectionChanged = listeners.selectionChanged;
    this.#listenToPointer();
    this.#listenToKeys();
  }

  /** Another context; nobody is told. */
  take(points: readonly Float64Array[]): void {
    this.points = points.map((point) => point.slice());
    this.selected = 0;
  }

  /** Adds a point and selects it. */
  add(point: readonly [number, number]): void {
    this.points.push(Float64Array.from(point));
    this.selected = this.points.length - 1;
    this.#changed();
  }

  /** Removes the selected point, unless it is the only one: then there is nothing to be better than. */
  remove(): void {
    if (this.points.length === 1) return;
    this.points.splice(this.selected, 1);
    this.selected = Math.max(0, this.selected - 1);
    this.#changed();
  }

  /** The point at a place of the canvas, in CSS pixels; -1 where there is none. */
  pointAt(x: number, y: number): number {
    return this.points.findIndex((point) => {
      const [u, v] = this.#plane.toPixels(point);
      return Math.hypot(u - x, v - y) < reach;
    });
  }

  #move(point: readonly [number, number]): void {
    this.points[this.selected] = Float64Array.from(point);
    this.#changed();
  }

  #listenToPointer(): void {
    const plane = this.#plane, { canvas } = plane;
    let isDragging = false;
    canvas.addEventListener("pointerdown", (event) => {
      const near = this.pointAt(event.offsetX, event.offsetY);
      if (near < 0) return;
      this.selected = near;
      isDragging = true;
      canvas.setPointerCapture(event.pointerId);
      this.#selectionChanged();
    });
    // A finger on a point drags it; elsewhere it scrolls the page.
    canvas.addEventListener("touchstart", (event) => {
      const { left, top } = canvas.getBoundingClientRect();
      const { clientX, clientY } = event.touches[0];
      if (this.pointAt(clientX - left, clientY - top) >= 0) event.preventDefault();
    }, { passive: false });
    canvas.addEventListener("pointermove", (event) => {
      if (isDragging) this.#move(shifted(plane.pointOf(event), [0, 0], 0));
    });
    canvas.addEventListener("lostpointercapture", () => isDragging = false);
    canvas.addEventListener("dblclick", (event) => {
      this.add(shifted(plane.pointOf(event), [0, 0], 0));
    });
  }

  #listenToKeys(): void {
    this.#plane.canvas.addEventListener("keydown", (event) => {
      const move = movesOfKeys[event.key];
      if (move !== undefined) this.#move(shifted(this.points[this.selected], move, 0.02));
      else if (event.key === "n" || event.key === "N") {
        this.selected = (this.selected + 1) % this.points.length;
        this.#selectionChanged();
      } else if (event.key === "a" || event.key === "A") this.add([0.5, 0.5]);
      else if (event.key === "Delete" || event.key === "Backspace") this.remove();
      else return;
      event.preventDefault();
    });
  }
}
