// @ts-types="./types.d.ts"
export * from "deno-std/assert/mod.js";
