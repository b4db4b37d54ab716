"""CMA-ES of the package cmaes, and NGOpt of Nevergrad."""
import nevergrad
import numpy as np
from cmaes import CMA
from nevergrad.common.errors import TellNotAskedNotSupportedError


class CmaesPeer:
    """Starts from the best initial point with a step size of a quarter of the range, as the method's author advises."""

    def __init__(self, dimension, seed, trials):
        self.dimension, self.seed = dimension, seed
        self.strategy, self.asked, self.generation = None, None, []

    def observe(self, points, responses):
        if self.strategy is None:
            self.strategy = CMA(
                mean=np.array(points[int(np.argmax(responses))]),
                sigma=0.25,
                bounds=np.array([[0.0, 1.0]] * self.dimension),
                seed=self.seed,
            )
            return
        self.generation.append((self.asked, -responses[-1]))
        if len(self.generation) == self.strategy.population_size:
            self.strategy.tell(self.generation)
            self.generation = []

    def suggest(self):
        self.asked = self.strategy.ask()
        return self.asked


class NgoptPeer:
    """Knows the number of trials, as NGOpt chooses its method by it."""

    def __init__(self, dimension, seed, trials):
        parametrization = nevergrad.p.Array(init=np.full(dimension, 0.5)).set_bounds(0.0, 1.0)
        parametrization.random_state.seed(seed)
        self.optimizer = nevergrad.optimizers.NGOpt(parametrization, budget=trials)
        self.asked = None

    def observe(self, points, responses):
        for point, response in zip(points, responses):
            if self.asked is not None:
                self.optimizer.tell(self.asked, -response)
                self.asked = None
                continue
            candidate = self.optimizer.parametrization.spawn_child(new_value=np.array(point))
            try:
                self.optimizer.tell(candidate, -response)
            except TellNotAskedNotSupportedError:
                pass  # the method that NGOpt chose has no use for points of others

    def suggest(self):
        self.asked = self.optimizer.ask()
        return self.asked.value


peers = {"cmaes": CmaesPeer, "ngopt": NgoptPeer}
