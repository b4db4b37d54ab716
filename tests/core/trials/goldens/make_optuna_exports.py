"""Writes optuna.csv and optuna.json, as `trials_dataframe` and `optuna trials -f json` write them.

Needs Optuna (5.0.0 was used) and pandas: python make_optuna_exports.py
"""
import pathlib
import subprocess
import sys
import tempfile

import optuna

here = pathlib.Path(__file__).parent
optuna.logging.set_verbosity(optuna.logging.ERROR)


def objective(trial):
    trial.suggest_float("lr", 1e-4, 1, log=True)
    trial.suggest_int("depth", 1, 15)
    if trial.suggest_categorical("optimizer", ["sgd", None, True]) == "sgd":
        trial.suggest_float("momentum", 0, 1)
    trial.set_user_attr("note", "x,y")
    trial.report(0.1, 1)
    if trial.number == 1:
        raise optuna.TrialPruned()
    if trial.number == 2:
        raise ValueError("no")
    return 0.5 + trial.number / 10


with tempfile.TemporaryDirectory() as folder:
    storage = f"sqlite:///{folder}/o.db"
    sampler = optuna.samplers.RandomSampler(seed=1)
    study = optuna.create_study(storage=storage, study_name="s", direction="maximize", sampler=sampler)
    study.optimize(objective, n_trials=5, catch=(ValueError,))
    study.ask()  # runs, without a value of any hyperparameter yet
    study.enqueue_trial({"lr": 0.01, "depth": 3})
    study.trials_dataframe().to_csv(here / "optuna.csv", index=False)
    command = [pathlib.Path(sys.executable).parent / "optuna", "trials", "--storage", storage, "--study-name", "s"]
    text = subprocess.run([*command, "-f", "json"], check=True, capture_output=True, text=True).stdout
    (here / "optuna.json").write_text(text)
