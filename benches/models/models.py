"""Three models on data sets that scikit-learn ships, to be tuned: a configuration gives a loss, or fails.

A training is on half of the data; the loss on one quarter is told, that on the other one is kept for the end. All that is
random has a fixed seed: one configuration always gives one loss. A training takes some hundredths of a second to some
tenths, so that thousands of them fit into an hour.
"""
import warnings

import numpy
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import hinge_loss, log_loss, mean_squared_error
from sklearn.model_selection import train_test_split
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
    """Hinge loss of a support vector machine on digits. Fails where it has not converged after 1000 iterations."""
    values = dict(values)
    scaler = {"standard": StandardScaler(), "range": MinMaxScaler(), "none": "passthrough"}[values.pop("scaler")]
    return make_pipeline(scaler, SVC(max_iter=1000, **values))


def network(values):
    """Squared error of a neural network on diabetes, targets standardized. Fails where the weights grow beyond bounds."""
    values = dict(values)
    layers, units = values.pop("layers"), values.pop("units")
    network = MLPRegressor(hidden_layer_sizes=[units] * layers, random_state=0, n_iter_no_change=1000, **values)
    return make_pipeline(StandardScaler(), network)


def probability_loss(fitted, inputs, targets):
    return log_loss(targets, fitted.predict_proba(inputs), labels=[0, 1])


def margin_loss(fitted, inputs, targets):
    return hinge_loss(targets, fitted.decision_function(inputs))


def squared_error(fitted, inputs, targets):
    return mean_squared_error(targets, fitted.predict(inputs))


def breast_cancer():
    return load_breast_cancer(return_X_y=True)


def digits():
    return load_digits(return_X_y=True)


def diabetes():
    inputs, targets = load_diabetes(return_X_y=True)
    return inputs, (targets - targets.mean()) / targets.std()


# What is trained, the loss and the data.
models = {
    "xgboost": (xgboost, probability_loss, breast_cancer),
    "svm": (svm, margin_loss, digits),
    "network": (network, squared_error, diabetes),
}


class Model:
    """A model with its data: half to train on, a quarter for the loss, a quarter that no optimizer sees."""

    def __init__(self, name):
        self.make, self.loss, load = models[name]
        inputs, targets = load()
        inputs, other_inputs, targets, other_targets = split(inputs, targets)
        self.training = inputs, targets
        told, kept, told_targets, kept_targets = split(other_inputs, other_targets)
        self.parts = [(told, told_targets), (kept, kept_targets)]

    def evaluate(self, values):
        """Gives the loss, and the loss on the data that no optimizer sees. Raises Failure."""
        with warnings.catch_warnings(), numpy.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            if self.make is svm:
                warnings.simplefilter("error", ConvergenceWarning)
            try:
                model = self.make(values).fit(*self.training)
                losses = [float(self.loss(model, *part)) for part in self.parts]
            except (ValueError, ConvergenceWarning) as error:
                raise Failure(f"{type(error).__name__}: {error}"[:200]) from None
        for loss in losses:
            if not loss <= 100:
                raise Failure(f"the loss is {loss}")
        return losses


def split(inputs, targets):
    classes = targets if len(set(targets)) <= 10 else None
    return train_test_split(inputs, targets, test_size=0.5, random_state=0, stratify=classes)
