"""CMA-ES of the package cmaes."""
import numpy as np
from cmaes import CMA


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


peers = {"cmaes": CmaesPeer}
