"""What the real Optuna does with a study. Usage: with_optuna.py COMMAND URL NAME [TRIALS]

make      creates a study with every distribution, state and kind of attribute
dump      prints the study as Optuna reads it, as JSON (with bare NaN and Infinity)
draw      draws every visualization, and prints their names
optimize  runs so many trials by ask and tell, and prints their numbers
"""

import json
import math
import sys
import warnings

import optuna
from optuna.distributions import distribution_to_json
from optuna.trial import TrialState

warnings.filterwarnings("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)


def objective(trial):
    value = trial.suggest_float("plain", -1.0, 1.0)
    value += math.log10(trial.suggest_float("log", 1e-5, 1e-1, log=True))
    value += trial.suggest_float("step", 0.0, 0.9, step=0.3)
    value += trial.suggest_int("integer", -3, 9)
    value += trial.suggest_int("integer_log", 1, 1024, log=True)
    value += trial.suggest_int("integer_step", 8, 256, step=8)
    kind = trial.suggest_categorical("kind", ["sgd", None, True, 3, 2.5])
    return value + (1 if kind == "sgd" else 0)


def make(url, name):
    study = optuna.create_study(
        storage=url,
        study_name=name,
        direction="maximize",
        sampler=optuna.samplers.RandomSampler(seed=1),
    )
    study.set_user_attr("note", "made by Optuna")
    study.set_user_attr("odd", [math.nan, math.inf, -math.inf])
    for _ in range(4):
        trial = study.ask()
        value = objective(trial)
        for step, intermediate in enumerate([0.5, math.nan, math.inf, -math.inf]):
            trial.report(intermediate, step)
        trial.set_user_attr("odd", {"a": math.nan})
        study.tell(trial, value)
    study.tell(study.ask(), state=TrialState.FAIL)
    pruned = study.ask()
    objective(pruned)
    pruned.report(0.25, 3)
    study.tell(pruned, state=TrialState.PRUNED)
    infinite = study.ask()
    objective(infinite)
    study.tell(infinite, -math.inf)
    study.ask()  # left running
    study.enqueue_trial({"plain": 0.5, "kind": None})


def dump(url, name):
    study = optuna.load_study(storage=url, study_name=name)
    trials = [
        {
            "number": trial.number,
            "state": trial.state.name.lower(),
            "values": trial.values or [],
            "params": trial.params,
            "distributions": {
                key: json.loads(distribution_to_json(one))
                for key, one in trial.distributions.items()
            },
            "intermediate": sorted(trial.intermediate_values.items()),
            "user": trial.user_attrs,
            "started": seconds(trial.datetime_start),
            "finished": seconds(trial.datetime_complete),
        }
        for trial in study.get_trials(deepcopy=False)
    ]
    print(
        json.dumps(
            {
                "directions": [one.name.lower() for one in study.directions],
                "user": study.user_attrs,
                "trials": trials,
            }
        )
    )


def seconds(time):
    return None if time is None else time.timestamp()


def draw(url, name):
    study = optuna.load_study(storage=url, study_name=name)
    names = [
        "plot_contour",
        "plot_edf",
        "plot_intermediate_values",
        "plot_optimization_history",
        "plot_parallel_coordinate",
        "plot_param_importances",
        "plot_rank",
        "plot_slice",
        "plot_timeline",
    ]
    drawn = []
    for one in names:
        figure = getattr(optuna.visualization, one)(study)
        if len(figure.to_plotly_json()["data"]) > 0:
            drawn.append(one)
    print(json.dumps(drawn))


def optimize(url, name, trials):
    study = optuna.load_study(storage=url, study_name=name)
    numbers = []
    for _ in range(int(trials)):
        trial = study.ask()
        study.tell(trial, objective(trial))
        numbers.append(trial.number)
    print(json.dumps(numbers))


{"make": make, "dump": dump, "draw": draw, "optimize": optimize}[sys.argv[1]](*sys.argv[2:])
