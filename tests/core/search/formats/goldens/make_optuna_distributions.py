"""Writes optuna_distributions.json: distributions as Optuna writes and reads them.

Needs Optuna (5.0.0 was used): python make_optuna_distributions.py
"""
import json
import pathlib
import warnings

import optuna
from optuna.distributions import (
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
    _convert_old_distribution_to_new_distribution,
    distribution_to_json,
    json_to_distribution,
)

warnings.simplefilter("ignore")

CURRENT = [
    FloatDistribution(0, 1),
    FloatDistribution(1e-5, 1e-1, log=True),
    FloatDistribution(-0.5, 1.0, step=0.25),
    FloatDistribution(0, 1, step=0.3),
    IntDistribution(-3, 9),
    IntDistribution(1, 1024, log=True),
    IntDistribution(8, 256, step=8),
    IntDistribution(0, 10, step=4),
    CategoricalDistribution(["sgd", None, True, 3, 2.5]),
    CategoricalDistribution(["only"]),
]

OLD = [
    {"name": "UniformDistribution", "attributes": {"low": 0.0, "high": 1.0}},
    {"name": "LogUniformDistribution", "attributes": {"low": 0.001, "high": 1.0}},
    {"name": "DiscreteUniformDistribution", "attributes": {"low": 0.0, "high": 1.0, "q": 0.25}},
    {"name": "IntUniformDistribution", "attributes": {"low": 1, "high": 9, "step": 2}},
    {"name": "IntLogUniformDistribution", "attributes": {"low": 1, "high": 9, "step": 1}},
    {"type": "float", "low": 0.0, "high": 1.0},
    {"type": "float", "low": 0.1, "high": 1.0, "log": True},
    {"type": "int", "low": 1, "high": 9, "step": 2},
    {"type": "categorical", "choices": ["a", "b"]},
]


def current(text):
    """The distribution of today that Optuna takes an old one for."""
    return _convert_old_distribution_to_new_distribution(json_to_distribution(text))


here = pathlib.Path(__file__).parent
(here / "optuna_distributions.json").write_text(
    json.dumps(
        {
            "optuna": optuna.__version__,
            "current": [distribution_to_json(one) for one in CURRENT],
            "old": [
                {"text": json.dumps(one), "current": distribution_to_json(current(json.dumps(one)))}
                for one in OLD
            ],
        },
        indent=1,
    )
    + "\n"
)
