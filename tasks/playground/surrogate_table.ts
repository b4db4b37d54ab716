/**
 * A rugged landscape for the playground: a surrogate of the embedded benchmark in two of its hyperparameters.
 *
 * @module
 */
import { embeddedFiles } from "../../hpob/mini/embedded.ts";
import { XgboostSurrogate } from "../../hpob/surrogate.ts";

/** Number of points along each side: enough that steps of the trees stay steps. */
const side = 256;
const space = "mini-xgboost", dataset = "pima";
/** Columns of the two hyperparameters: eta to the right, lambda upwards. */
const columns = [0, 10] as const;

/** Accuracies at ((i + 1/2) / r, (j + 1/2) / r), [r, r], the vertical coordinate first. */
export async function surrogateTable(): Promise<Float32Array<ArrayBuffer>> {
  const table = await embeddedFiles.value("hpob-data/meta-test-dataset.json", space, dataset);
  const { X, y } = table as { X: number[][]; y: [number][] };
  const best = X[y.reduce((most, [response], i) => (response > y[most][0] ? i : most), 0)];
  const file = `saved-surrogates/surrogate-${space}-${dataset}.json`;
  const surrogate = XgboostSurrogate.fromJson(await embeddedFiles.value(file) as object);
  const points = Array.from({ length: side ** 2 }, (_, k) => {
    const point = Float64Array.from(best);
    point[columns[0]] = (k % side + 0.5) / side;
    point[columns[1]] = (Math.floor(k / side) + 0.5) / side;
    return point;
  });
  return Float32Array.from(surrogate.predict(points));
}
