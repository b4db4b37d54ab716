import { assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../../../core/search/errors.ts";
import { SearchSpace } from "../../../core/search/search_space.ts";
import { readTrials } from "../../../core/trials/trial_table.ts";
import { space } from "./_space.ts";

const golden = (name: string): string =>
  Deno.readTextFileSync(new URL(`goldens/${name}`, import.meta.url));
const network = SearchSpace.fromJSON({
  lr: { type: "real", min: 0.0001, max: 1, log: true },
  depth: { type: "integer", min: 1, max: 15 },
  optimizer: { type: "choice", values: ["sgd", null, true] },
  momentum: { type: "real", min: 0, max: 1, when: { optimizer: "sgd" } },
});

Deno.test("Optuna's data frame and its JSON are read alike, with their states", () => {
  const [csv, json] = ["optuna.csv", "optuna.json"].map((name) =>
    readTrials(golden(name), { space: network })
  );
  assertEquals(csv.trials, json.trials);
  assertEquals(csv.trials.map(({ state, response }) => [state, response]), [
    ["complete", 0.5],
    ["pruned", 0.1],
    ["fail", NaN],
    ["complete", 0.8],
    ["complete", 0.9],
  ]);
  assertEquals(csv.trials[3].configuration, {
    lr: 0.04806954824961596,
    depth: 7,
    optimizer: "sgd",
    momentum: 0.8007445686755367,
  });
  assertEquals(csv.trials[0].configuration.optimizer, null);
  assertEquals(csv.notes, [
    "Passed over the columns number, datetime_start, datetime_complete, duration, user_attrs_note, " +
    "system_attrs_fixed_params",
    "Left out 2 unfinished or failed trials without all values: Row 6; Row 7",
  ]);
});

Deno.test("hyperparameters may be called by their prefixed names in the space, too", () => {
  const text =
    "number,value,params_depth,params_lr,state\n0,0.61,8,0.01,COMPLETE\n1,,3,0.5,FAIL\n" +
    "2,0.20,2,0.9,PRUNED\n3,,5,0.02,RUNNING\n4,0.74,3,0.1,COMPLETE\n";
  const prefixed = SearchSpace.fromJSON({
    params_lr: space.hyperparameters.lr,
    params_depth: space.hyperparameters.depth,
  });
  const [one, other] = [space, prefixed].map((space) => readTrials(text, { space }));
  assertEquals(
    one.trials.map(({ configuration }) => Object.values(configuration)),
    other.trials.map(({ configuration }) => Object.values(configuration)),
  );
  assertEquals(one.trials.map(({ state }) => state), [
    "complete",
    "fail",
    "pruned",
    "running",
    "complete",
  ]);
});

Deno.test("W&B's table is read with its states", () => {
  const text = '"Name","State","Created","Runtime","lr","depth","val_acc"\n' +
    '"run-1","finished","2031-01-01T10:00:00.000Z","60","0.01","8","0.61"\n' +
    '"run-2","crashed","2031-01-01T10:10:00.000Z","5","0.5","3",""\n' +
    '"run-3","finished","2031-01-01T10:20:00.000Z","61","0.1","3","0.74"\n';
  const { trials, notes } = readTrials(text, { space, response: "val_acc" });
  assertEquals(trials.map(({ state }) => state), ["complete", "fail", "complete"]);
  assertEquals(notes, ["Passed over the columns Name, Created, Runtime"]);
});

Deno.test("MLflow's table is read, whose values are texts", () => {
  const text =
    "run_id,experiment_id,status,artifact_uri,start_time,metrics.loss,metrics.accuracy,params.lr," +
    "params.depth,tags.mlflow.user\n" +
    "e4fc,7543,RUNNING,file:///r/e4fc,2031-01-01 21:00:45.099+00:00,,,0.02,5,me\n" +
    "6ff1,7543,FAILED,file:///r/6ff1,2031-01-01 21:00:45.054+00:00,,,0.5,2,me\n" +
    "8f49,7543,FINISHED,file:///r/8f49,2031-01-01 21:00:44.987+00:00,0.26,0.74,0.1,3,me\n";
  const { trials } = readTrials(text, { space, response: "accuracy" });
  assertEquals(trials.map(({ state, response }) => [state, response]), [
    ["running", NaN],
    ["fail", NaN],
    ["complete", 0.74],
  ]);
});

Deno.test("of Ray's iterations the last one of each trial counts, and one that is not done runs", () => {
  const line = (trial: string, iteration: number, done: boolean, accuracy: number, lr: number) =>
    JSON.stringify({
      accuracy,
      training_iteration: iteration,
      trial_id: trial,
      done,
      config: { lr, depth: 3, model: { width: 8 } },
      date: "2031-01-01_10-00-00",
    });
  const text = [
    line("a", 1, false, 0.2, 0.01),
    line("b", 1, false, 0.3, 0.1),
    line("a", 2, true, 0.6, 0.01),
    line("b", 2, false, 0.4, 0.1),
  ].join("\n");
  const nested = SearchSpace.fromJSON({
    ...space.hyperparameters,
    "model/width": { type: "integer", min: 1, max: 16 },
  });
  const { trials, notes } = readTrials(text, { space: nested, response: "accuracy" });
  assertEquals(
    trials.map(({ configuration, state, response }) => [configuration.lr, state, response]),
    [
      [0.01, "complete", 0.6],
      [0.1, "running", NaN],
    ],
  );
  assertEquals(trials[0].configuration["model/width"], 8);
  assertEquals(notes[0], "Took the last of the iterations of each of 2 trials (4 rows)");
  const csv =
    "accuracy,training_iteration,trial_id,done,config/lr,config/depth\n0.6,2,a,True,0.01,3\n";
  assertEquals(readTrials(csv, { space, response: "accuracy" }).trials[0].response, 0.6);
});

Deno.test("Ray's progress.csv, which does not say the configuration, is refused with what is missing", () => {
  const text = "accuracy,training_iteration,trial_id,done\n0.6,2,a,True\n";
  assertThrows(
    () => readTrials(text, { space, response: "accuracy" }),
    InputError,
    "Hyperparameter 'lr' must have a column: got training_iteration, trial_id, done",
  );
});

Deno.test("SMAC3's run history is read, of today and of older versions, as costs", () => {
  const smac = SearchSpace.fromJSON({
    ...space.hyperparameters,
    optimizer: { type: "choice", values: ["sgd", "adam"] },
    momentum: { type: "real", min: 0, max: 1, when: { optimizer: "sgd" } },
  });
  const { trials, notes } = readTrials(golden("runhistory.json"), { space: smac });
  assertEquals(trials.map(({ state, response }) => [state, response]), [
    ["complete", 0.5],
    ["complete", 0.4],
    ["fail", NaN],
    ["complete", 0.2],
  ]);
  assertEquals(notes.at(-1), "Costs of SMAC3 are to be minimized (--minimize)");
  const configs = '"configs": {"1": {"lr": 0.1, "depth": 3}}';
  for (
    const entry of [
      "[1, null, 0, null, 0.4, 1.0, 0.0, 1, 0.0, 0.0, {}]",
      '[[1, null, 0, 0.0], [0.4, 1.0, {"__enum__": "StatusType.SUCCESS"}, 0.0, 0.0, {}]]',
    ]
  ) {
    const [trial] = readTrials(`{"data": [${entry}], ${configs}}`, { space }).trials;
    assertEquals([trial.configuration, trial.response], [{ lr: 0.1, depth: 3 }, 0.4]);
  }
});
