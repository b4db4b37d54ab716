"""Small models of real XGBoost, and what it predicts with them.

For every version of XGBoost (installed with numpy in an environment of its own):

    python make_boosters.py make boosters/xgboost-VERSION.json

XGBoost 1.0 to 1.3 adds the base score at another place than later versions, which is another sum in 32
bits; later versions predict all files alike. So the predictions with files of 1.0 to 1.3 are filled in by
a later version, which reads them (here 1.7.6):

    python make_boosters.py predict boosters/xgboost-VERSION.json

The goldens are of 1.0.2, 1.1.1, 1.2.1, 1.3.3, 1.4.2, 1.5.2, 1.6.2, 1.7.6, 2.0.3, 2.1.4, 3.0.5, 3.1.3,
3.2.0, 3.3.0 and 3.4.1 from PyPI, on Linux x64 with glibc 2.36.
"""
import base64
import json
import os
import sys
import tempfile

import numpy as np
import xgboost as xgb

version = tuple(int(part) for part in xgb.__version__.split(".")[:2])
random = np.random.RandomState(0)
X = random.random_sample((120, 3)).astype(np.float32)
y = (0.2 + 0.5 * X[:, 0] * (X[:, 1] > 0.4) + 0.1 * random.random_sample(120)).astype(np.float32)
points = random.random_sample((9, 3)).astype(np.float32)
points[0] = np.nan
points[1, 0] = np.nan
points[2, 1:] = np.nan
points = np.concatenate([points, X[:2]])

tree = {"max_depth": 2, "eta": 0.7, "seed": 3}
stump = {"max_depth": 1, "eta": 0.7, "seed": 3, "base_score": 0.3}
drop = {"rate_drop": 0.7, "one_drop": 1}
# name: (parameters, rounds, first version)
kinds = {
    "gbtree": (tree, 2, (1, 0)),
    "dart": ({**stump, **drop, "booster": "dart"}, 4, (1, 0)),
    "forest": ({**stump, "num_parallel_tree": 2, "subsample": 0.6}, 2, (1, 0)),
    "logistic": ({**stump, "objective": "reg:logistic"}, 1, (1, 0)),
    "no trees": (stump, 0, (1, 0)),
    "ubjson": (tree, 1, (1, 6)),
    "ubjson dart": ({**stump, **drop, "booster": "dart"}, 2, (1, 6)),
}
thorough = [(1, 7), (3, 4)]
objectives = [
    "reg:squaredlogerror", "reg:pseudohubererror", "reg:absoluteerror", "reg:quantileerror",
    "reg:expectileerror", "binary:logistic", "binary:logitraw", "binary:hinge", "count:poisson",
    "reg:gamma", "reg:tweedie", "rank:pairwise", "rank:ndcg", "rank:map", "survival:cox",
    "survival:aft",
]
# What is refused, made in the thorough versions.
refused = ["gblinear", "categorical", "classes", "targets", "vector leaves", "quantiles"]


def data(label, **options):
    return xgb.DMatrix(X, label=label, **options)


def train(name, parameters, rounds):
    objective = parameters.get("objective", "")
    label = y
    if objective.startswith(("binary", "rank", "multi")):
        label = (y > 0.45).astype(np.float32)
    matrix = data(label)
    if objective.startswith("rank"):
        matrix.set_group([60, 60])
    if objective == "survival:aft":
        matrix.set_float_info("label_lower_bound", y)
        matrix.set_float_info("label_upper_bound", y)
    if name == "best iteration":
        return xgb.train(parameters, matrix, rounds, evals=[(data(1 - y), "test")],
                         early_stopping_rounds=3, verbose_eval=False)
    return xgb.train(parameters, matrix, rounds)


def train_refused(name):
    if name == "gblinear":
        return xgb.train({"booster": "gblinear"}, data(y), 2)
    if name == "categorical":
        codes = np.concatenate([np.floor(X[:, :1] * 4), X[:, 1:]], axis=1)
        matrix = xgb.DMatrix(codes, label=(codes[:, 0] % 2), feature_types=["c", "q", "q"],
                             enable_categorical=True)
        return xgb.train({**stump, "tree_method": "hist"}, matrix, 1)
    if name == "classes":
        return xgb.train({**stump, "objective": "multi:softprob", "num_class": 3},
                         data(np.floor(X[:, 0] * 3)), 1)
    if name == "targets":
        return xgb.train(stump, data(X[:, :2]), 1)
    if name == "vector leaves":
        return xgb.train({**stump, "multi_strategy": "multi_output_tree", "tree_method": "hist"},
                         data(X[:, :2]), 1)
    return xgb.train({**stump, "objective": "reg:quantileerror",
                      "quantile_alpha": np.array([0.2, 0.8])}, data(y), 1)


def entry(model, name):
    suffix = ".ubj" if name.startswith("ubjson") else ".json"
    path = os.path.join(tempfile.mkdtemp(), "model" + suffix)
    model.save_model(path)
    if suffix == ".json":
        result = {"json": open(path).read()}
    else:
        result = {"ubjson": base64.b64encode(open(path, "rb").read()).decode()}
    return result


def predictions(model):
    return [float(value) for value in model.predict(xgb.DMatrix(points)).ravel()]


def make():
    result = {}
    cases = {name: kind[:2] for name, kind in kinds.items() if version >= kind[2]}
    if version in thorough:
        cases["best iteration"] = (stump, 6)
        for objective in objectives:
            cases[objective] = ({**stump, "objective": objective}, 1)
        cases["reg:quantileerror"][0]["quantile_alpha"] = 0.3
        cases["reg:expectileerror"][0]["expectile_alpha"] = 0.3
    for name, (parameters, rounds) in cases.items():
        try:
            model = train(name, parameters, rounds)
            result[name] = entry(model, name)
        except xgb.core.XGBoostError as error:
            print(xgb.__version__, "has no", name, str(error).split("\n")[0][:80], file=sys.stderr)
            continue
        if version >= (1, 4):
            result[name]["predictions"] = predictions(model)
    if version in thorough:
        for name in refused:
            try:
                result["refused: " + name] = entry(train_refused(name), name)
            except (xgb.core.XGBoostError, ValueError, TypeError) as error:
                print(xgb.__version__, "has no", name, str(error).split("\n")[0][:80], file=sys.stderr)
    return {"points": [[None if np.isnan(value) else float(value) for value in point]
                       for point in points], "models": result}


def predict(goldens):
    for case in goldens["models"].values():
        path = os.path.join(tempfile.mkdtemp(), "model.json")
        with open(path, "w") as file:
            file.write(case["json"])
        model = xgb.Booster()
        model.load_model(path)
        case["predictions"] = predictions(model)
    return goldens


action, path = sys.argv[1:]
goldens = make() if action == "make" else predict(json.load(open(path)))
with open(path, "w") as file:
    json.dump(goldens, file, separators=(",", ":"))
    file.write("\n")
