"""An unchanged worker of Optuna. Usage: optuna_worker.py create URL NAME, or optuna_worker.py URL NAME TRIALS SECONDS SEED"""

import math
import sys
import time
import warnings

import optuna

warnings.filterwarnings("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)


def objective(trial, seconds):
    rate = trial.suggest_float("rate", 1e-5, 1.0, log=True)
    layers = trial.suggest_int("layers", 1, 8)
    kind = trial.suggest_categorical("kind", ["sgd", "adam"])
    assert isinstance(rate, float) and isinstance(layers, int)
    value = (math.log10(rate) + 2) ** 2 + (layers - 3) ** 2 / 4
    if kind == "sgd":  # a hyperparameter that not every trial has
        value += trial.suggest_float("momentum", 0.0, 1.0)
    time.sleep(seconds)
    return value


if sys.argv[1] == "create":
    optuna.create_study(storage=sys.argv[2], study_name=sys.argv[3])
else:
    url, name, trials, seconds, seed = sys.argv[1:]
    sampler = optuna.samplers.TPESampler(seed=int(seed))
    study = optuna.load_study(storage=url, study_name=name, sampler=sampler)
    study.optimize(lambda trial: objective(trial, float(seconds)), n_trials=int(trials))
