export type { Algorithm } from "./core/algorithm.ts";
