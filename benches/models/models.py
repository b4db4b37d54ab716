"""Three models on data sets that scikit-learn ships, to be tuned: a configuration gives a loss, or fails.

What is told is the mean loss of three folds of three quarters of the data. `test` is that of the last quarter, after
training on all of the first three, which no optimizer sees. Everything random has a fixed seed: one configuration
always gives one loss.
"""
import warnings

import numpy
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import log_loss, mean_squared_error, zero_one_loss
from sklearn.model_selection import KFold, StratifiedKFold, train_test_split
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from sklearn.svm import SVC


class Failure(Exception):
    """The model could not be trained: the message says why."""


def xgboost(values):
    """Log loss of boosted trees or boosted linear models on breast cancer."""
    from xgboost import XGBClassifier

    linear = {"updater": "coord_descent"} if values["booster"] == "gblinear" else {"tree_method": "hist"}
    return XGBClassifier(n_jobs=1, random_state=0, verbosity=0, **linear, **values)


def svm(values):
    """Share of errors of a support vector machine on digits. Fails where it has not converged after 300 iterations."""
    values = dict(values)
    scaler = {"standard": StandardScaler(), "range": MinMaxScaler(), "none": "passthrough"}[values.pop("scaler")]
    return make_pipeline(scaler, SVC(max_iter=300, **values))


def network(values):
    """Squared error of a neural network on diabetes, targets standardized. Fails where the weights grow beyond bounds."""
    values = dict(values)
    layers, units = values.pop("layers"), values.pop("units")
    network = MLPRegressor(hidden_layer_sizes=[units] * layers, random_state=0, n_iter_no_change=1000, **values)
    return make_pipeline(StandardScaler(), network)


def probability_loss(fitted, inputs, targets):
    return log_loss(targets, fitted.predict_proba(inputs), labels=[0, 1])


def error_rate(fitted, inputs, targets):
    return zero_one_loss(targets, fitted.predict(inputs))


def squared_error(fitted, inputs, targets):
    return mean_squared_error(targets, fitted.predict(inputs))


def breast_cancer():
    return load_breast_cancer(return_X_y=True)


def digits():
    inputs, targets = load_digits(return_X_y=True)
    return inputs[:900], targets[:900]  # half of them, so that a training takes a tenth of a second


def diabetes():
    inputs, targets = load_diabetes(return_X_y=True)
    return inputs, (targets - targets.mean()) / targets.std()


# What is trained, the loss and the data.
models = {
    "xgboost": (xgboost, probability_loss, breast_cancer),
    "svm": (svm, error_rate, digits),
    "network": (network, squared_error, diabetes),
}


class Model:
    """A model with its data: `evaluate` trains it."""

    def __init__(self, name):
        self.make, self.loss, load = models[name]
        inputs, targets = load()
        labels = None if self.loss is squared_error else targets
        self.train, self.held_out, self.targets, self.held_out_targets = train_test_split(
            inputs, targets, test_size=0.25, random_state=0, stratify=labels
        )
        folds = KFold if labels is None else StratifiedKFold
        self.folds = list(folds(3, shuffle=True, random_state=0).split(self.train, self.targets))

    def evaluate(self, values):
        """Gives the loss and the loss on the data that are held out. Raises Failure."""
        losses = [self.fitted(values, fit, score) for fit, score in self.folds]
        return float(numpy.mean(losses)), self.fitted(values, None, None)

    def fitted(self, values, fit, score):
        """The loss after training on some rows, on others; without rows, that of the data that are held out."""
        pipeline = self.make(values)
        with warnings.catch_warnings(), numpy.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            warnings.simplefilter("error" if self.make is svm else "ignore", ConvergenceWarning)
            try:
                if fit is None:
                    pipeline.fit(self.train, self.targets)
                    loss = self.loss(pipeline, self.held_out, self.held_out_targets)
                else:
                    pipeline.fit(self.train[fit], self.targets[fit])
                    loss = self.loss(pipeline, self.train[score], self.targets[score])
            except (ValueError, ConvergenceWarning) as error:
                raise Failure(f"{type(error).__name__}: {error}"[:200]) from None
        if not numpy.isfinite(loss) or loss > 100:
            raise Failure(f"the loss is {loss}")
        return float(loss)
