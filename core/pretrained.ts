/**
 * The pre-trained weights that are part of the package.
 *
 * @module
 */
import { InputError } from "./errors.ts";
import { Parameters } from "./parameters.ts";

let loaded: Promise<Parameters> | undefined;

/**
 * The pre-trained weights, see docs/model.md. They are loaded once, from the package itself, without any
 * permission.
 *
 * @throws {InputError} when they do not have their checksum.
 */
export function pretrainedParameters(): Promise<Parameters> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<Parameters> {
  const { weightsBase64, weightsSha256 } = await import("./pretrained/weights.ts");
  const bytes = Uint8Array.fromBase64(weightsBase64);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  if (digest !== weightsSha256) {
    throw new InputError(
      `Cannot load the pre-trained weights as their SHA-256 must be ${weightsSha256}: got ${digest}`,
    );
  }
  return Parameters.fromSafetensors(bytes);
}
