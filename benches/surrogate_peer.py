"""Compares surrogate_bench.ts with XGBoost's own batch prediction on one thread.

Run by hand from the project's root, with the Python package xgboost installed:

    python3 benches/surrogate_peer.py

Prints predictions per second, best of several rounds that alternate between the two, so that other
work on the machine slows both.
"""

import json
import subprocess
import time

import numpy as np
import xgboost

POINTS = 10_000
ROUNDS = 3
DATASETS = ["spambase", "vehicle", "sonar", "pima", "vowel", "glass"]


def xgboost_seconds(dataset: str) -> float:
    booster = xgboost.Booster({"nthread": 1})
    booster.load_model(f"hpob/mini/saved-surrogates/surrogate-mini-xgboost-{dataset}.json")
    booster.set_param({"nthread": 1})
    points = np.random.default_rng(0).random((POINTS, booster.num_features()))
    best = float("inf")
    for _ in range(20):
        matrix = xgboost.DMatrix(points, nthread=1)  # a new one, as its predictions are cached
        start = time.perf_counter()
        booster.predict(matrix)
        best = min(best, time.perf_counter() - start)
    return best


def our_seconds() -> dict[tuple[str, str], float]:
    command = ["deno", "bench", "--json", "--allow-read=hpob", "benches/surrogate_bench.ts"]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return {
        (bench["group"], bench["name"].split(" points ")[1]): bench["results"][0]["ok"]["min"] / 1e9
        for bench in json.loads(output)["benches"]
    }


best: dict[tuple[str, str], float] = {}
for _ in range(ROUNDS):
    times = our_seconds() | {(name, "xgboost"): xgboost_seconds(name) for name in DATASETS}
    for key, seconds in times.items():
        best[key] = min(seconds, best.get(key, float("inf")))

print("predictions/s   one by one    at once    XGBoost  at once / XGBoost")
for name in DATASETS:
    single, batch, peer = (POINTS / best[name, kind] for kind in ("one by one", "at once", "xgboost"))
    print(f"{name:12} {single:13,.0f} {batch:10,.0f} {peer:10,.0f} {batch / peer:10.2f}")
