import { regretTest } from "../regret.ts";
import { factories } from "./factories.ts";

const { random: _random, dgp, tpe, "tpe-univariate": univariate, ...gaussianProcesses } = factories;

for (const [name, factory] of Object.entries(gaussianProcesses)) regretTest(name, factory);
regretTest("dgp", dgp, { runs: 5 }); // its training makes a suggestion slow
// Ten random suggestions first, and a local model: it takes more trials until one sees it.
regretTest("tpe", tpe, { trials: 60, runs: 12 });
regretTest("tpe-univariate", univariate, { trials: 80, runs: 24 });
