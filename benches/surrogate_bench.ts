// Time of one prediction, for each surrogate of the embedded benchmark: every iteration predicts
// `points` random points, one by one or at once.
//
//   deno bench --allow-read=hpob benches/surrogate_bench.ts

import { Random } from "../core/search/random.ts";
import { XgboostSurrogate } from "../hpob/surrogate.ts";

const points = 10_000;

for (const dataset of ["spambase", "vehicle", "sonar", "pima", "vowel", "glass"]) {
  const file = new URL(
    `../hpob/mini/saved-surrogates/surrogate-mini-xgboost-${dataset}.json`,
    import.meta.url,
  );
  const surrogate = XgboostSurrogate.fromJson(Deno.readTextFileSync(file));
  const random = Random.of("surrogate bench");
  const inputs = Array.from({ length: points }, () => random.point(surrogate.features));

  Deno.bench(`${points} points one by one`, { group: dataset }, () => {
    for (const input of inputs) surrogate.predict([input]);
  });

  Deno.bench(`${points} points at once`, { group: dataset, baseline: true }, () => {
    surrogate.predict(inputs);
  });
}
