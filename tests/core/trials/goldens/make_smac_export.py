"""Writes runhistory.json as SMAC3 does.

Needs SMAC3 (2.4.1 was used): python make_smac_export.py
"""
import pathlib
import tempfile

from ConfigSpace import Categorical, ConfigurationSpace, EqualsCondition, Float, Integer
from smac import HyperparameterOptimizationFacade, Scenario
from smac.runhistory import StatusType, TrialValue

space = ConfigurationSpace(seed=1)
optimizer = Categorical("optimizer", ["sgd", "adam"])
momentum = Float("momentum", (0, 1))
space.add(Float("lr", (1e-4, 1.0), log=True), optimizer, momentum, Integer("depth", (1, 15)))
space.add(EqualsCondition(momentum, optimizer, "sgd"))
with tempfile.TemporaryDirectory() as folder:
    scenario = Scenario(space, n_trials=10, deterministic=True, output_directory=folder, seed=1)
    facade = HyperparameterOptimizationFacade(scenario, lambda config, seed=0: 1.0, logging_level=50)
    for i in range(4):
        status = StatusType.CRASHED if i == 2 else StatusType.SUCCESS
        facade.tell(facade.ask(), TrialValue(cost=0.5 - i / 10, time=1.0, status=status))
    facade.runhistory.save(pathlib.Path(__file__).parent / "runhistory.json")
