/**
 * Models in files.
 *
 * @module
 */
import { Model } from "../../core/diffusion/model.ts";
import { InputError } from "../../core/search/errors.ts";

/** Reads a model. @throws {InputError} when the file does not exist or holds none. */
export async function readModel(path: string): Promise<Model> {
  try {
    return Model.fromSafetensors(await Deno.readFile(path));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new InputError(`Cannot read ${path} as the file must exist`);
  }
}
