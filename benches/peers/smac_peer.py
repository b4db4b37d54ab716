"""SMAC3 with a random forest, its facade for hyperparameter optimization."""
import tempfile

from ConfigSpace import Configuration, ConfigurationSpace, Float
from smac import HyperparameterOptimizationFacade as Facade
from smac import Scenario
from smac.runhistory import TrialInfo, TrialValue


class SmacPeer:
    """Without an initial design of its own: the initial points are told to it."""

    def __init__(self, dimension, seed, trials):
        self.space = ConfigurationSpace(seed=seed)
        self.names = [f"x{j:02d}" for j in range(dimension)]
        self.space.add([Float(name, (0.0, 1.0)) for name in self.names])
        self.folder = tempfile.TemporaryDirectory()
        scenario = Scenario(
            self.space,
            n_trials=trials + 100,  # more than it is asked for, whatever counts
            deterministic=True,
            seed=seed,
            output_directory=self.folder.name,
        )
        self.facade = Facade(
            scenario,
            lambda configuration, seed: 0.0,  # never called: asked and told from outside
            initial_design=Facade.get_initial_design(scenario, n_configs=0, max_ratio=1.0),
            logging_level=False,
            overwrite=True,
        )
        self.asked = None

    def observe(self, points, responses):
        for point, response in zip(points, responses):
            if self.asked is None:
                configuration = Configuration(self.space, values=dict(zip(self.names, point)))
                info = TrialInfo(config=configuration, seed=0)
            else:
                info, self.asked = self.asked, None
            self.facade.tell(info, TrialValue(cost=-response), save=False)

    def suggest(self):
        self.asked = self.facade.ask()
        return [self.asked.config[name] for name in self.names]


peers = {"smac": SmacPeer}
