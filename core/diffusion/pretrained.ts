/**
 * The pre-trained weights that are part of the package.
 *
 * @module
 */
import { InputError } from "../search/errors.ts";
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
  return await decodeWeights(weightsBase64, weightsSha256);
}

/**
 * Decodes weights that were embedded in a module.
 *
 * @param base64 A safetensors file.
 * @param sha256 The file's checksum, in hexadecimal.
 * @throws {InputError} when the file does not have the checksum, or holds no weights.
 */
export async function decodeWeights(base64: string, sha256: string): Promise<Parameters> {
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const digest = Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (digest !== sha256) {
    throw new InputError(
      `Cannot load the pre-trained weights as their SHA-256 must be ${sha256}: got ${digest}`,
    );
  }
  return Parameters.fromSafetensors(bytes);
}
