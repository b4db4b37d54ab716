/**
 * What all figures can be told.
 *
 * @module
 */

/** What every figure function takes. */
export interface FigureOptions {
  /**
   * Title above the figure.
   * @default {none}
   */
  title?: string;
  /**
   * What the figure shows, below its title: which benchmark, how many runs, what the bands are.
   * @default {none}
   */
  caption?: string;
  /**
   * Whether the figure answers to the pointer (tooltips, methods that can be switched off), for an
   * HTML page rather than a picture.
   * @default {false}
   */
  interactive?: boolean;
}
