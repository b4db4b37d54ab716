/** Weights of an independent implementation in PyTorch, whose outputs are the goldens. */
import { Model } from "../../../core/diffusion/model.ts";

export const prototype: Model = Model.fromSafetensors(
  await Deno.readFile(new URL("./goldens/prototype.safetensors", import.meta.url)),
);
