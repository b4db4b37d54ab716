"""SMAC3 with a random forest, its facade for hyperparameter optimization."""
import tempfile

from ConfigSpace import Categorical, Configuration, ConfigurationSpace, Float, Integer
from smac import HyperparameterOptimizationFacade as Facade
from smac import Scenario
from smac.runhistory import TrialInfo, TrialValue


def hyperparameter(name, coordinate):
    if coordinate["kind"] == "real":
        return Float(name, (0.0, 1.0))
    if coordinate["kind"] == "levels":
        return Integer(name, (0, coordinate["count"] - 1))
    return Categorical(name, list(range(coordinate["count"])))


class SmacPeer:
    """Without an initial design of its own: the initial points are told to it. It does not measure leaders again."""

    def __init__(self, space, seed, trials):
        self.space = ConfigurationSpace(seed=seed)
        self.names = [f"x{j:02d}" for j in range(len(space))]
        self.space.add([hyperparameter(name, coordinate) for name, coordinate in zip(self.names, space)])
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
