"""Tunes models: a client of the service, or of Optuna, for `deno task bench:models`, which runs it.

    python worker.py ORIGIN < runs

reads one JSON object a line, {"model", "space", "method", "seed", "trials", "initial": [configurations]}, makes that run
(the initial configurations first, then as many trials), and answers with one line, {"trials": [...]}. Of each trial it
says the configuration, the value (null: it failed), the test value or the reason, the elapsed seconds of the suggestion,
and the seconds of processor time of the evaluation.
"""
import json
import os
import sys
import time
import urllib.parse
import urllib.request

# One thread, as other work goes on beside.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"


class ServiceStudy:
    """A study of the service, over HTTP."""

    def __init__(self, origin, run):
        self.path = origin + "/studies"
        name = f"{run['model']}-{run['method']}-{run['seed']}"
        wanted = {"name": name, "goal": "minimize"}
        self.send("POST", {**wanted, **{key: run[key] for key in ("space", "method", "seed")}})
        self.path += f"/{urllib.parse.quote(name)}"
        for configuration in run["initial"]:
            self.send("POST", {"configuration": configuration}, "/queue")

    def send(self, method, body=None, path=""):
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        with urllib.request.urlopen(urllib.request.Request(self.path + path, data, headers, method=method)) as answer:
            return json.load(answer)

    def ask(self):
        trial = self.send("POST", {}, "/trials")
        return trial["number"], trial["configuration"]

    def tell(self, number, value, reason):
        end = {"state": "fail", "reason": reason} if value is None else {"value": value}
        self.send("PATCH", end, f"/trials/{number}")


class OptunaStudy:
    """A study in memory, with the hyperparameters asked for one by one, and the active ones alone."""

    def __init__(self, run):
        import optuna

        optuna.logging.set_verbosity(optuna.logging.ERROR)
        samplers = {"optuna-tpe": optuna.samplers.TPESampler, "optuna-gp": optuna.samplers.GPSampler}
        self.study = optuna.create_study(direction="minimize", sampler=samplers[run["method"]](seed=run["seed"]))
        self.space, self.failed = run["space"], optuna.trial.TrialState.FAIL
        for configuration in run["initial"]:
            self.study.enqueue_trial(configuration)

    def ask(self):
        trial, values = self.study.ask(), {}
        for name, kind in self.space.items():
            conditions = kind.get("when", {}).items()
            if all(values.get(parent) in (of if isinstance(of, list) else [of]) for parent, of in conditions):
                values[name] = suggest(trial, name, kind)
        return trial, values

    def tell(self, trial, value, reason):
        if value is None:
            self.study.tell(trial, state=self.failed)
        else:
            self.study.tell(trial, value)


def suggest(trial, name, kind):
    if kind["type"] == "choice":
        return trial.suggest_categorical(name, kind["values"])
    of_kind = trial.suggest_int if kind["type"] == "integer" else trial.suggest_float
    return of_kind(name, kind["min"], kind["max"], log=kind.get("log", False))


def make_run(study, model, count, failure):
    trials = []
    for _ in range(count):
        started = time.perf_counter()
        key, configuration = study.ask()
        suggested, used = time.perf_counter(), time.process_time()
        try:
            value, test = model.evaluate(configuration)
            outcome, reason = {"value": value, "test": test}, None
        except failure as error:
            value, reason = None, str(error)
            outcome = {"value": None, "reason": reason}
        used = time.process_time() - used
        study.tell(key, value, reason)
        seconds = {"suggestion": round(suggested - started, 4), "evaluation": round(used, 4)}
        trials.append({"configuration": configuration, **outcome, "seconds": seconds})
    return trials


def main():
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what packages print does not mix with the answers
    from models import Failure, Model

    loaded = {}
    for line in sys.stdin:
        run = json.loads(line)
        name = run["model"]
        if name not in loaded:
            loaded[name] = Model(name)
        study = OptunaStudy(run) if run["method"].startswith("optuna-") else ServiceStudy(sys.argv[1], run)
        trials = make_run(study, loaded[name], len(run["initial"]) + run["trials"], Failure)
        answers.write(json.dumps({"trials": trials}) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
