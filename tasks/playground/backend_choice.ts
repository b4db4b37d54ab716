/**
 * Where the page computes: on WebGPU where there is a graphics processor, on WebAssembly otherwise.
 *
 * @module
 */
/// <reference lib="dom" />
import { element, fillSelect } from "./elements.ts";
import type { PageBackend } from "./messages.ts";

const backendTexts: Record<PageBackend, string> = {
  webgpu: "WebGPU",
  wasm: "WebAssembly",
};

/** What may compute, the wanted one first; a person chooses by the end of the address, ?backend=wasm. */
export async function backendsToTry(): Promise<PageBackend[]> {
  const chosen = new URLSearchParams(location.search).get("backend");
  const isGpuWanted = chosen === "webgpu" || (chosen !== "wasm" && await hasGpu());
  return isGpuWanted ? ["webgpu", "wasm"] : ["wasm"];
}

/** Whether there is WebGPU that is not made by software, which is slower than WebAssembly. */
async function hasGpu(): Promise<boolean> {
  const { gpu } = navigator as Partial<Pick<Navigator, "gpu">>;
  const adapter = await gpu?.requestAdapter().catch(() => null);
  return !!adapter && !adapter.info.isFallbackAdapter;
}

/** Shows what computes, and lets a person choose, which opens the page again. */
export function showBackend(running: PageBackend): void {
  const select = element<HTMLSelectElement>("backend");
  fillSelect(select, backendTexts, running);
  select.disabled = false;
  select.addEventListener("change", () => location.search = `?backend=${select.value}`);
  if (new URLSearchParams(location.search).get("backend") === "webgpu" && running === "wasm") {
    element("backend-note").textContent = "WebGPU does not work here: WebAssembly computes.";
  }
}
