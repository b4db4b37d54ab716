import { regretTest } from "../regret.ts";
import { factories } from "./factories.ts";

const { random: _random, dgp, ...gaussianProcesses } = factories;

for (const [name, factory] of Object.entries(gaussianProcesses)) regretTest(name, factory);
regretTest("dgp", dgp, { runs: 5 }); // its training makes a suggestion slow
