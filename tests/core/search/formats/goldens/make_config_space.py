"""Writes config_space_<version>.json: one space as ConfigSpace of this version writes it.

Versions 0.7.1 (with numpy < 2) and 1.2.2 were used: python make_config_space.py
"""
import importlib.metadata
import json
import pathlib

import ConfigSpace as CS

version = importlib.metadata.version("ConfigSpace")
is_old = version.startswith("0.")
space = CS.ConfigurationSpace(name="network", seed=1)
rate = CS.UniformFloatHyperparameter("rate", 1e-4, 1.0, log=True, default_value=0.01)
depth = CS.UniformIntegerHyperparameter("depth", 1, 8, default_value=3)
optimizer = CS.CategoricalHyperparameter("optimizer", ["sgd", "adam", "lbfgs"], default_value="adam")
size = CS.OrdinalHyperparameter("size", ["s", "m", "l"], default_value="m")
workers = CS.Constant("workers", 4)
momentum = CS.UniformFloatHyperparameter("momentum", 0.0, 1.0)
decay = CS.UniformFloatHyperparameter("decay", 0.0, 1.0)
skip = CS.CategoricalHyperparameter("skip", ["yes", "no"])
warm = CS.UniformIntegerHyperparameter("warm", 1, 1024, log=True)
hyperparameters = [rate, depth, optimizer, size, workers, momentum, decay, skip, warm]
conditions = [
    CS.EqualsCondition(momentum, optimizer, "sgd"),
    CS.InCondition(decay, optimizer, ["sgd", "adam"]),
    CS.AndConjunction(CS.NotEqualsCondition(skip, optimizer, "lbfgs"), CS.GreaterThanCondition(skip, depth, 5)),
    CS.LessThanCondition(warm, size, "l"),
]
if is_old:
    from ConfigSpace.read_and_write import json as writer

    space.add_hyperparameters(hyperparameters)
    space.add_conditions(conditions)
    text = writer.write(space)
else:
    space.add(hyperparameters)
    space.add(conditions)
    text = json.dumps(space.to_serialized_dict())
here = pathlib.Path(__file__).parent
(here / f"config_space_{version}.json").write_text(json.dumps(json.loads(text), indent=1) + "\n")
