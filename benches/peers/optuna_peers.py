"""Samplers of Optuna, in a study in memory."""
import optuna
from optuna.distributions import FloatDistribution

optuna.logging.set_verbosity(optuna.logging.ERROR)


class OptunaPeer:
    def __init__(self, sampler, dimension):
        self.study = optuna.create_study(direction="maximize", sampler=sampler)
        self.space = {f"x{j}": FloatDistribution(0, 1) for j in range(dimension)}
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
    return lambda dimension, seed, trials: OptunaPeer(sampler_of(seed), dimension)


# Optuna's AutoSampler (of OptunaHub, which no registry carries) chooses GPSampler for fewer than 250 trials of a space
# without conditions or choices: in HPO-B's protocol it is optuna-gp.
peers = {
    "optuna-tpe": optuna_peer(lambda seed: optuna.samplers.TPESampler(seed=seed)),
    "optuna-tpe-univariate": optuna_peer(lambda seed: optuna.samplers.TPESampler(seed=seed, multivariate=False)),
    "optuna-gp": optuna_peer(lambda seed: optuna.samplers.GPSampler(seed=seed)),
}
