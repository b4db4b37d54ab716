"""Reference values for the tree-structured Parzen estimator, from Optuna and SciPy.

    python3 make_tpe.py    (optuna 5.0.0, numpy 2.4.6, scipy 1.17.1)

writes tpe.json and truncated_normal.json beside this file. Levels are Optuna's integers 0, 1, ...; Optuna's streams of
uniform numbers are written down, so that whole suggestions can be made again from them.
"""
import json
import pathlib
import warnings

import numpy as np
import optuna
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.samplers._tpe.parzen_estimator import _ParzenEstimator, _ParzenEstimatorParameters
from optuna.samplers._tpe.sampler import default_gamma, default_weights
from optuna.trial import TrialState, create_trial
from scipy.special import log_ndtr, ndtri_exp
from scipy.stats import truncnorm
from scipy.stats._continuous_distns import _log_gauss_mass

HERE = pathlib.Path(__file__).parent
warnings.filterwarnings("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)

# Which of several equal values gets which bandwidth is left to NumPy's sort, which differs from processor to processor:
# a stable one decides here.
argsort = np.argsort
np.argsort = lambda a, axis=-1, kind=None: argsort(a, axis, "stable")


def write(name, value):
    (HERE / name).write_text(json.dumps(value) + "\n")


def truncated_normal():
    zs = [-1e4, -300, -40, -20, -8, -3, -1, -0.1, 0, 1e-3, 0.5, 1, 3, 6, 8, 20]
    ys = [-1e4, -100, -20, -5, -4.9, -1, -0.7, -0.69, -0.1, -1e-2, -9.9e-3, -1e-5, -1e-10]
    bounds = [(-1, 2), (-0.01, 0.01), (-30, 40), (-9, -8.5), (-40, -39), (0, 1), (0.5, 30), (7, 7.1), (30, 31), (-1e-6, 5)]
    qs = [0, 1e-9, 0.01, 0.3, 0.5, 0.8, 0.999, 1]
    write("truncated_normal.json", {
        "logCdf": [[z, float(log_ndtr(z))] for z in zs],
        "inverseLogCdf": [[y, float(ndtri_exp(y))] for y in ys],
        "logMass": [[a, b, float(_log_gauss_mass(a, b)[()])] for a, b in bounds],
        "quantile": [[q, a, b, float(truncnorm.ppf(q, a, b))] for a, b in bounds for q in qs],
    })


def distribution_of(coordinate):
    if coordinate["kind"] == "real":
        return FloatDistribution(0, 1)
    if coordinate["kind"] == "levels":
        return IntDistribution(0, len(coordinate["positions"]) - 1)
    return CategoricalDistribution(list(range(coordinate["count"])))


real = {"kind": "real"}
levels = lambda k: {"kind": "levels", "positions": [(i + 0.5) / k for i in range(k)]}
choice = lambda k: {"kind": "choice", "count": k}
spaces = {
    "one real": [real],
    "four reals": [real] * 4,
    "levels": [levels(2), levels(7), levels(150)],
    "choices": [choice(2), choice(5)],
    "mixed": [real, choice(3), levels(6), real, choice(2), levels(40)],
}


def draw(rng, coordinate):
    """A value, more often at the ends than a uniform one: duplicates and ends are what bandwidths trip over."""
    if coordinate["kind"] == "real":
        return float(np.clip(rng.normal(0.4, 0.4), 0, 1))
    return int(rng.integers(len(coordinate["positions"]) if coordinate["kind"] == "levels" else coordinate["count"]))


def is_active(coordinate, row):
    return all(row[when["parent"]] in when["values"] for when in coordinate.get("when", []))


def names(space):
    return [f"x{j:02d}" for j in range(len(space))]


def parzen():
    """Estimators of n observations: mixture, bandwidths, log densities, and draws from written-down uniform numbers."""
    parameters = _ParzenEstimatorParameters(1.0, True, False, default_weights, True)
    cases = []
    for title, space in spaces.items():
        for n in (0, 1, 2, 14, 60) if title in ("one real", "mixed") else (3, 30):
            rng = np.random.default_rng([n, len(space)])
            rows = sorted([draw(rng, c) for c in space] for _ in range(n))
            search_space = {name: distribution_of(c) for name, c in zip(names(space), space)}
            observations = {name: np.array([row[j] for row in rows]) for j, name in enumerate(search_space)}
            estimator = _ParzenEstimator(observations, search_space, parameters)
            mixture = estimator._mixture_distribution
            queries = [[draw(rng, c) for c in space] for _ in range(10)]
            log_density = estimator.log_pdf({name: np.array([q[j] for q in queries]) for j, name in enumerate(search_space)})
            uniforms = np.random.RandomState(n).random_sample(24 * (1 + len(space)))
            sampled = estimator.sample(np.random.RandomState(n), 24)
            cases.append({
                "title": f"{title}, n = {n}", "coordinates": space, "rows": rows,
                "weights": mixture.weights.tolist(),
                "bandwidths": [
                    None if c["kind"] == "choice" else {"means": d.mu.tolist(), "deviations": d.sigma.tolist()}
                    for c, d in zip(space, mixture.distributions)
                ],
                "queries": queries, "logDensity": log_density.tolist(),
                "uniforms": uniforms.tolist(),
                "sampled": np.array([sampled[name] for name in search_space]).T.tolist(),
            })
    return cases


def columns(coordinate, value):
    """The columns of a point, as core/search/coordinates.ts lays them out."""
    if coordinate["kind"] == "choice" and coordinate["count"] > 2:
        own = [float(k == value) for k in range(coordinate["count"])]
    elif value is None:
        own = [0.0]
    else:
        own = [coordinate["positions"][value] if coordinate["kind"] == "levels" else float(value)]
    return own + ([float(value is None)] if "when" in coordinate else [])


def suggestions():
    """What TPESampler suggests after a history, and the uniform numbers that it used for it."""
    cases = []
    conditional = [choice(3), {**real, "when": [{"parent": 0, "values": [1, 2]}]}, real,
                   {**levels(9), "when": [{"parent": 0, "values": [0]}]}]
    for title, space in {**spaces, "conditional": conditional}.items():
        for n, running in ((10, 0), (24, 5), (60, 0), (260, 3)) if title in ("mixed", "conditional") else ((14, 2),):
            for multivariate in (True, False):
                seed = n + running
                rng = np.random.default_rng([seed, len(space)])
                rows = []
                for _ in range(n + running):
                    row = []
                    for c in space:
                        row.append(draw(rng, c) if is_active(c, row) else None)
                    rows.append(row)
                # Optuna's components are in the order of time, ours in that of points: here both are the same.
                order = lambda row: sum((columns(c, value) for c, value in zip(space, row)), [])
                rows = sorted(rows[:n], key=order) + sorted(rows[n:], key=order)
                responses = rng.normal(size=n).tolist()
                sampler = optuna.samplers.TPESampler(seed=seed, multivariate=multivariate)
                study = optuna.create_study(direction="maximize", sampler=sampler)
                keys = names(space)
                for i, row in enumerate(rows):
                    active = [(key, c, value) for key, c, value in zip(keys, space, row) if value is not None]
                    study.add_trial(create_trial(
                        params={key: value for key, _, value in active},
                        distributions={key: distribution_of(c) for key, c, _ in active},
                        **({"value": responses[i]} if i < n else {"state": TrialState.RUNNING}),
                    ))
                trial = study.ask()
                suggested = []
                for key, c in zip(keys, space):
                    value = trial._suggest(key, distribution_of(c)) if is_active(c, suggested) else None
                    suggested.append(value)
                cases.append({
                    "title": f"{title}, n = {n}, {running} running, {'together' if multivariate else 'each alone'}",
                    "coordinates": space, "multivariate": multivariate,
                    "rows": rows[:n], "responses": responses, "running": rows[n:],
                    "uniforms": np.random.RandomState(seed).random_sample(24 * (1 + len(space)) if multivariate and title != "conditional" else 48 * len(space)).tolist(),
                    "suggested": suggested,
                })
    return cases


if __name__ == "__main__":
    truncated_normal()
    write("tpe.json", {
        "gamma": [[n, default_gamma(n)] for n in (0, 1, 9, 10, 11, 20, 21, 100, 249, 250, 251, 5000)],
        "weights": [[n, default_weights(n).tolist()] for n in (0, 1, 24, 25, 26, 27, 40)],
        "parzen": parzen(),
        "suggestions": suggestions(),
    })
