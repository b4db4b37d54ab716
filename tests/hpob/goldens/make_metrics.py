"""Makes metrics.json: random results of four methods, and HPO-B's metrics of them.

    python3 tests/hpob/goldens/make_metrics.py

Computes as HPO-B's benchmark_plot.py does, with numpy 1.24 and scipy 1.10: ranks of regrets rounded
to 8 decimals, mean over runs, band of 0.5 * 1.96 * std / sqrt(n). "macro" and the 95 % interval are
computed by the formulas given in hpob/comparison/metrics.ts.
"""

import json
import pathlib

import numpy as np
from scipy.stats import rankdata

METHODS = ["a", "b", "c", "d"]
TRIALS = 6
SPACES = {"100": {"1": 5, "2": 5}, "200": {"3": 2}}  # numbers of seeds

random = np.random.default_rng(0)
results = {method: {} for method in METHODS}
regrets = {}  # space -> [runs, methods, trials + 1]
for space, datasets in SPACES.items():
    regrets[space] = []
    for dataset, seeds in datasets.items():
        for seed in range(seeds):
            start = random.random() * 0.5
            # Two decimals make ties; some incumbents differ by less than the rounding of ranks.
            gains = np.round(random.random((len(METHODS), TRIALS)) * 0.08, 2)
            traces = np.minimum(start + np.concatenate([np.zeros((4, 1)), gains.cumsum(1)], 1), 1)
            traces[1, 1:] += 1e-10
            for method, trace in zip(METHODS, traces):
                runs = results[method].setdefault(space, {}).setdefault(dataset, {})
                runs[f"test{seed}"] = trace.tolist()
            regrets[space].append(1 - traces)
    regrets[space] = np.array(regrets[space])

ranks = {
    space: np.apply_along_axis(rankdata, 1, values.round(8)) for space, values in regrets.items()
}


def micro(values):
    """values: space -> [runs, methods, trials + 1]."""
    joined = np.concatenate(list(values.values()))
    n = len(joined)
    mean = joined.mean(0)
    return {
        "values": mean.tolist(),
        "official": (0.5 * 1.96 * joined.std(0) / np.sqrt(n)).tolist(),
        "95%": (1.96 * joined.std(0, ddof=1) / np.sqrt(n)).tolist(),
    }


def macro(values):
    spaces = list(values.values())
    squared = [joined.std(0) ** 2 / len(joined) for joined in spaces]
    squared1 = [joined.std(0, ddof=1) ** 2 / len(joined) for joined in spaces]
    return {
        "values": np.mean([joined.mean(0) for joined in spaces], 0).tolist(),
        "official": (0.5 * 1.96 * np.sqrt(np.sum(squared, 0)) / len(spaces)).tolist(),
        "95%": (1.96 * np.sqrt(np.sum(squared1, 0)) / len(spaces)).tolist(),
    }


golden = {
    "results": results,
    "meanRegret": {"micro": micro(regrets), "macro": macro(regrets)},
    "averageRank": {"micro": micro(ranks), "macro": macro(ranks)},
    "medianRegret": {
        "micro": np.median(np.concatenate(list(regrets.values())), 0).tolist(),
        "macro": np.mean([np.median(values, 0) for values in regrets.values()], 0).tolist(),
    },
}
path = pathlib.Path(__file__).with_name("metrics.json")
path.write_text(json.dumps(golden) + "\n")
