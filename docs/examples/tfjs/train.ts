/**
 * A small network that tells two spirals apart: prints the loss on points it has not seen, smaller is better.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";

/** The hyperparameters of space.json. */
interface Configuration {
  optimizer: "sgd" | "adam";
  learningRate: number;
  /** Of `sgd` alone. */
  momentum?: number;
  layers: number;
  width: number;
  activation: "relu" | "tanh";
}

const epochs = 40;

/** `count` points, every other one on the second spiral. */
function spirals(count: number, offset: number): { xs: tf.Tensor2D; ys: tf.Tensor2D } {
  const points = Array.from({ length: count }, (_, i) => {
    const along = (i + offset) / count;
    const [angle, sign] = [2 * Math.PI * along, i % 2 === 0 ? 1 : -1];
    return [sign * along * Math.cos(angle), sign * along * Math.sin(angle)];
  });
  return {
    xs: tf.tensor2d(points),
    ys: tf.tensor2d(points.map((_, i) => [i % 2])),
  };
}

const { optimizer, learningRate, momentum, layers, width, activation }: Configuration = JSON.parse(
  await Deno.readTextFile(Deno.args[0]),
);
await tf.setBackend("cpu");
const model = tf.sequential();
for (let layer = 0; layer < layers; layer++) {
  model.add(tf.layers.dense({
    units: width,
    activation,
    kernelInitializer: tf.initializers.glorotUniform({ seed: layer }),
    ...(layer === 0 && { inputShape: [2] }),
  }));
}
model.add(tf.layers.dense({
  units: 1,
  activation: "sigmoid",
  kernelInitializer: tf.initializers.glorotUniform({ seed: layers }),
}));
model.compile({
  optimizer: optimizer === "adam"
    ? tf.train.adam(learningRate)
    : tf.train.momentum(learningRate, momentum!),
  loss: "binaryCrossentropy",
});
const train = spirals(256, 0), validation = spirals(128, 0.5);
for (let step = 1; step <= epochs; step++) {
  await model.fit(train.xs, train.ys, { batchSize: 32, shuffle: false, verbose: 0 });
  const loss = (model.evaluate(validation.xs, validation.ys) as tf.Scalar).dataSync()[0];
  console.log(`step=${step} loss=${loss}`);
  if (step === epochs) console.log(loss);
}
