"""NGOpt of Nevergrad."""
import nevergrad
import numpy as np
from nevergrad.common.errors import TellNotAskedNotSupportedError


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


peers = {"ngopt": NgoptPeer}
