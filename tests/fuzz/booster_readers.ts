/**
 * Readers of XGBoost's models.
 *
 * @module
 */
import { parseJson } from "../../core/search/json.ts";
import { XgboostSurrogate } from "../../hpob/surrogate.ts";
import { mutateJson } from "./mutations.ts";
import { type FuzzedReader, jsonFile, textOf } from "./reader.ts";

const versions = ["1.0.2", "1.7.6", "3.4.1"];

/** The models of some versions of XGBoost that have a format. */
function models(format: "json" | "ubjson"): string[] {
  return versions.flatMap((version) => {
    const place = `../hpob/goldens/boosters/xgboost-${version}.json`;
    const golden = JSON.parse(Deno.readTextFileSync(new URL(place, import.meta.url)));
    const found = Object.entries<Record<string, string>>(golden.models);
    return found.filter(([name, model]) =>
      model[format] !== undefined && !name.startsWith("refused")
    )
      .map(([, model]) => model[format]);
  });
}

/** Predicts at some points, with missing values. */
function predict(surrogate: XgboostSurrogate): Float32Array {
  const points = [0, 0.5, 1, NaN].map((value) => new Float64Array(surrogate.features).fill(value));
  return surrogate.predict(points);
}

export const boosterReaders: readonly FuzzedReader[] = [
  {
    name: "booster-json",
    corpus: () => Promise.resolve(models("json").map((text) => jsonFile(parseJson(text)))),
    read: (file) => predict(XgboostSurrogate.fromJson(textOf(file))),
    mutate: (file, random) => new TextEncoder().encode(mutateJson(textOf(file), random)),
  },
  {
    name: "booster-ubjson",
    corpus: () =>
      Promise.resolve(
        models("ubjson").map((text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0))),
      ),
    read: (file) => predict(XgboostSurrogate.fromUbjson(file)),
  },
];
