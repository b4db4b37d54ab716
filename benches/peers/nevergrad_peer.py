"""NGOpt of Nevergrad."""
import nevergrad
import numpy as np
from nevergrad.common.errors import TellNotAskedNotSupportedError


def parameter(coordinate):
    if coordinate["kind"] == "real":
        return nevergrad.p.Scalar(init=0.5, lower=0.0, upper=1.0)
    if coordinate["kind"] == "levels":
        last = coordinate["count"] - 1
        return nevergrad.p.Scalar(init=last // 2, lower=0, upper=last).set_integer_casting()
    return nevergrad.p.Choice(list(range(coordinate["count"])))


class NgoptPeer:
    """Knows the number of trials, as NGOpt chooses its method by it."""

    def __init__(self, space, seed, trials):
        self.is_real = all(coordinate["kind"] == "real" for coordinate in space)
        if self.is_real:
            parametrization = nevergrad.p.Array(init=np.full(len(space), 0.5)).set_bounds(0.0, 1.0)
        else:
            parametrization = nevergrad.p.Tuple(*map(parameter, space))
        parametrization.random_state.seed(seed)
        self.optimizer = nevergrad.optimizers.NGOpt(parametrization, budget=trials)
        self.asked = None

    def observe(self, points, responses):
        for point, response in zip(points, responses):
            if self.asked is not None:
                self.optimizer.tell(self.asked, -response)
                self.asked = None
                continue
            value = np.array(point) if self.is_real else tuple(point)
            candidate = self.optimizer.parametrization.spawn_child(new_value=value)
            try:
                self.optimizer.tell(candidate, -response)
            except TellNotAskedNotSupportedError:
                pass  # the method that NGOpt chose has no use for points of others

    def suggest(self):
        self.asked = self.optimizer.ask()
        return self.asked.value


peers = {"ngopt": NgoptPeer}
