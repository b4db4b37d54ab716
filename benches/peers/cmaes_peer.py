"""CMA-ES of the package cmaes; CatCMA with margin where there are levels or choices."""
import numpy as np
from cmaes import CMA, CatCMAwM


class CmaesPeer:
    """Starts from the best initial point with a step size of a quarter of the range, as the method's author advises."""

    def __init__(self, space, seed, trials):
        self.space, self.seed = space, seed
        self.strategy, self.asked, self.generation = None, None, []

    def observe(self, points, responses):
        if self.strategy is None:
            self.strategy = self.start(points[int(np.argmax(responses))])
            return
        # what was not asked for cannot be told: it has no use for points of others
        self.generation.append((self.asked, -responses[0]))
        if len(self.generation) == self.strategy.population_size:
            self.strategy.tell(self.generation)
            self.generation = []

    def start(self, best):
        return CMA(mean=np.array(best), sigma=0.25, bounds=np.array([[0.0, 1.0]] * len(self.space)), seed=self.seed)

    def suggest(self):
        self.asked = self.strategy.ask()
        return self.asked


class CatCmaPeer(CmaesPeer):
    """Reals and levels, these as numbers in [0, 1], have a normal distribution; choices begin with equal probabilities."""

    def start(self, best):
        kinds = ("real", "levels", "choice")
        self.places = [[j for j, c in enumerate(self.space) if c["kind"] == kind] for kind in kinds]
        reals, levels, choices = self.places
        steps = {j: self.space[j]["count"] - 1 for j in levels}
        self.grids = {j: [k / steps[j] for k in range(steps[j] + 1)] for j in levels}
        mean = [best[j] for j in reals] + [best[j] / steps[j] for j in levels]
        return CatCMAwM(
            x_space=[[0.0, 1.0]] * len(reals) or None,
            z_space=[self.grids[j] for j in levels] or None,
            c_space=[self.space[j]["count"] for j in choices] or None,
            mean=np.array(mean) if mean else None,
            sigma=0.25 if mean else None,
            cov=np.eye(len(mean)) if mean else None,  # its own is singular for a mean on the border
            seed=self.seed,
        )

    def suggest(self):
        self.asked = self.strategy.ask()
        reals, levels, choices = self.places
        point = [0.0] * len(self.space)
        for k, j in enumerate(reals):
            point[j] = self.asked.x[k]
        for k, j in enumerate(levels):
            point[j] = self.asked.z[k] * (self.space[j]["count"] - 1)
        for k, j in enumerate(choices):
            point[j] = int(np.argmax(self.asked.c[k]))
        return point


def cmaes_peer(space, seed, trials):
    is_real = all(coordinate["kind"] == "real" for coordinate in space)
    return (CmaesPeer if is_real else CatCmaPeer)(space, seed, trials)


peers = {"cmaes": cmaes_peer}
