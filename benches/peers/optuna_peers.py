"""Samplers of Optuna, in a study in memory."""
import optuna
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

optuna.logging.set_verbosity(optuna.logging.ERROR)


def distribution(coordinate):
    if coordinate["kind"] == "real":
        return FloatDistribution(0, 1)
    if coordinate["kind"] == "levels":
        return IntDistribution(0, coordinate["count"] - 1)
    return CategoricalDistribution(range(coordinate["count"]))


class OptunaPeer:
    def __init__(self, sampler, space):
        self.study = optuna.create_study(direction="maximize", sampler=sampler)
        self.space = {f"x{j}": distribution(coordinate) for j, coordinate in enumerate(space)}
        self.trial = None

    def observe(self, points, responses):
        for point, response in zip(points, responses):
            if self.trial is not None:
                self.study.tell(self.trial, response)
                self.trial = None
            else:  # an initial point
                params = dict(zip(self.space, point))
                trial = optuna.trial.create_trial(params=params, distributions=self.space, value=response)
                self.study.add_trial(trial)

    def suggest(self):
        self.trial = self.study.ask(self.space)
        return [self.trial.params[name] for name in self.space]


def optuna_peer(sampler_of):
    return lambda space, seed, trials: OptunaPeer(sampler_of(seed), space)


# Optuna's AutoSampler (of OptunaHub, which no registry carries) chooses GPSampler for fewer than 250 trials of a space
# without conditions or choices: in HPO-B's protocol it is optuna-gp. Its GPSampler infers the noise by default.
peers = {
    "optuna-tpe": optuna_peer(lambda seed: optuna.samplers.TPESampler(seed=seed)),
    "optuna-tpe-univariate": optuna_peer(lambda seed: optuna.samplers.TPESampler(seed=seed, multivariate=False)),
    "optuna-gp": optuna_peer(lambda seed: optuna.samplers.GPSampler(seed=seed)),
}
