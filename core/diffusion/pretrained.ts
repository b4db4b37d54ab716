/**
 * The pre-trained weights that are part of the package.
 *
 * @module
 */
import { InputError } from "../search/errors.ts";
import { Model } from "./model.ts";

let loaded: Promise<Model> | undefined;

/**
 * The pre-trained model, see docs/model.md. It is loaded once, from the package itself, without any
 * permission.
 *
 * @throws {InputError} when the weights do not have their checksum.
 */
export function pretrainedModel(): Promise<Model> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<Model> {
  const { weightsBase64, weightsSha256 } = await import("./pretrained/weights.ts");
  return await decodeModel(weightsBase64, weightsSha256);
}

/**
 * Decodes a model that was embedded in a module.
 *
 * @param base64 A safetensors file.
 * @param checksum What {@linkcode Model.checksum} must give. Where nothing can be hashed, as in a browser that
 * loaded the page without TLS, it is not compared.
 * @throws {InputError} when the weights do not have the checksum, or the file holds no weights.
 */
export async function decodeModel(base64: string, checksum: string): Promise<Model> {
  const model = Model.fromSafetensors(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)));
  if (crypto.subtle === undefined) return model;
  const digest = await model.checksum();
  if (digest !== checksum) {
    throw new InputError(
      `Cannot load the pre-trained weights as their checksum must be ${checksum}: got ${digest}`,
    );
  }
  return model;
}
