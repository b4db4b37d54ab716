/**
 * What the results of a method depend on, as their file records it: whoever continues them must agree.
 *
 * @module
 */
import type { BackendName } from "../../core/diffusion/backend.ts";
import type { Model } from "../../core/diffusion/model.ts";
import { pretrainedModel } from "../../core/diffusion/pretrained.ts";
import { version } from "../../core/version.ts";
import type { JsonValue } from "../../hpob/comparison/results.ts";
import type { MethodName } from "../shared/methods.ts";

/**
 * The settings of a method's results; those of diffusion name the checksum of the model's weights.
 *
 * @param model The model, where it is not the package's.
 */
export async function methodSettings(
  method: MethodName,
  given: { readonly backend: BackendName; readonly [setting: string]: JsonValue },
  model?: Model,
): Promise<Record<string, JsonValue>> {
  const { backend, ...common } = given;
  const settings = { ...common, version };
  if (!method.startsWith("diffusion")) return settings;
  if (method === "diffusion-history") return { ...settings, backend };
  return { ...settings, backend, weights: await (model ?? await pretrainedModel()).checksum() };
}
