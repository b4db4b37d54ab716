"""Optuna's own storage under storage_bench.ts, which runs it: storage_peer.py create|run URL [PAIRS]

`create` makes the tables and an empty study. `run` prints, as JSON, the seconds that loading the study
takes, and those of one pair of ask and tell with random search.
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
    pairs = int(sys.argv[3])
    start = time.perf_counter()
    study = optuna.load_study(
        storage=url, study_name="bench", sampler=optuna.samplers.RandomSampler(seed=0)
    )
    study.get_trials(deepcopy=False)
    loaded = time.perf_counter()
    distributions = {f"x{i}": FloatDistribution(0, 1) for i in range(8)}
    for _ in range(pairs):
        study.tell(study.ask(distributions), 0.5)
    end = time.perf_counter()
    print(json.dumps({"load": loaded - start, "pair": (end - loaded) / pairs}))
