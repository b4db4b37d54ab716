import { assertEquals, assertRejects } from "@std/assert";
import { InputError } from "../../../core/search/errors.ts";
import { Parameters, pretrainedConfig } from "../../../core/diffusion/parameters.ts";
import { decodeWeights, pretrainedParameters } from "../../../core/diffusion/pretrained.ts";
import { weightsBase64, weightsSha256 } from "../../../core/diffusion/pretrained/weights.ts";
import { Random } from "../../../core/search/random.ts";

Deno.test({
  name: "the weights of the package load without any permission, and once",
  permissions: "none",
  fn: async () => {
    const parameters = await pretrainedParameters();
    assertEquals(parameters.config, pretrainedConfig);
    assertEquals(await pretrainedParameters(), parameters);
  },
});

Deno.test("embedded weights that were changed, cut off or are no weights are refused", async () => {
  const bytes = Uint8Array.fromBase64(weightsBase64);
  bytes[bytes.length - 1] ^= 1;
  const changed = bytes.toBase64();
  await assertRejects(() => decodeWeights(changed, weightsSha256), InputError, weightsSha256);
  const cut = bytes.subarray(0, 5000).toBase64();
  await assertRejects(() => decodeWeights(cut, weightsSha256), InputError, "SHA-256");

  const parameters = Parameters.initialize(pretrainedConfig, Random.of(1));
  parameters.values[7] = NaN;
  const broken = parameters.toSafetensors();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", broken)).toHex();
  await assertRejects(() => decodeWeights(broken.toBase64(), digest), InputError, "must be finite");
});
