"""Optuna's own storage and sampler under service_bench.ts, which runs it: service_peer.py create|run URL [SECONDS]

`create` makes the tables and an empty study. `run` asks and tells with random search for so many seconds after its
start, and prints the seconds of each pair as JSON.
"""

import json
import sys
import time

import optuna
from optuna.distributions import FloatDistribution

optuna.logging.set_verbosity(optuna.logging.ERROR)
command, url = sys.argv[1:3]

if command == "create":
    optuna.create_study(storage=url, study_name="bench")
else:
    sampler = optuna.samplers.RandomSampler()
    study = optuna.load_study(storage=url, study_name="bench", sampler=sampler)
    distributions = {f"x{i}": FloatDistribution(0, 1) for i in range(8)}
    times = []
    end = time.perf_counter() + float(sys.argv[3])
    while time.perf_counter() < end:
        start = time.perf_counter()
        trial = study.ask(distributions)
        study.tell(trial, trial.params["x0"])
        times.append(time.perf_counter() - start)
    print(json.dumps(times))
