import { assert, assertEquals, assertRejects } from "@std/assert";
import { InputError } from "../../../core/search/errors.ts";
import { Model } from "../../../core/diffusion/model.ts";
import { Parameters, pretrainedConfig } from "../../../core/diffusion/parameters.ts";
import { decodeModel, pretrainedModel } from "../../../core/diffusion/pretrained.ts";
import { weightsBase64, weightsSha256 } from "../../../core/diffusion/pretrained/weights.ts";
import { factsOf, trainingSettings } from "../../../core/diffusion/training/training_settings.ts";
import { Random } from "../../../core/search/random.ts";

Deno.test({
  name: "the model of the package loads without any permission, and once",
  permissions: "none",
  fn: async () => {
    const model = await pretrainedModel();
    assertEquals(model.parameters.config, pretrainedConfig);
    assert(await pretrainedModel() === model);
  },
});

Deno.test("the model of the package says what it was trained with, as its settings do", async () => {
  const folder = new URL("../../../core/diffusion/pretrained/", import.meta.url);
  const settings = JSON.parse(await Deno.readTextFile(new URL("settings.json", folder)));
  assertEquals(trainingSettings(settings), settings, "a setting is left out");
  const { facts, parameters } = await pretrainedModel();
  assertEquals(facts, factsOf(settings));
  assertEquals(parameters.config, settings.network);
  assertEquals(facts, {
    schedule: "cosine",
    largestContext: 60,
    smallestDimension: 1,
    largestDimension: 40,
  });
});

Deno.test("embedded weights that were changed, cut off or are no weights are refused", async () => {
  const bytes = Uint8Array.fromBase64(weightsBase64);
  bytes[bytes.length - 1] ^= 1;
  await assertRejects(
    () => decodeModel(bytes.toBase64(), weightsSha256),
    InputError,
    `checksum must be ${weightsSha256}`,
  );
  const cut = bytes.subarray(0, 5000).toBase64();
  await assertRejects(() => decodeModel(cut, weightsSha256), InputError, "Cannot read weights");

  const parameters = Parameters.initialize(pretrainedConfig, Random.of(1));
  parameters.values[7] = NaN;
  const broken = new Model(parameters, (await pretrainedModel()).facts);
  await assertRejects(
    async () => decodeModel(broken.toSafetensors().toBase64(), await broken.checksum()),
    InputError,
    "must be finite",
  );
});
