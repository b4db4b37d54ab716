"""A support vector machine on the diabetes data that scikit-learn ships: prints R^2, larger is better."""

import argparse

from sklearn.datasets import load_diabetes
from sklearn.model_selection import cross_val_score, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVR

parser = argparse.ArgumentParser()
parser.add_argument("--kernel", choices=["rbf", "poly"], default="rbf")
parser.add_argument("--C", type=float, default=1.0)
parser.add_argument("--epsilon", type=float, default=0.1)
parser.add_argument("--gamma", type=float, default=0.1)
parser.add_argument("--degree", type=int, default=3)
arguments = vars(parser.parse_args())

X, y = load_diabetes(return_X_y=True)
X, held_out_X, y, held_out_y = train_test_split(X, y, test_size=0.25, random_state=0)
model = make_pipeline(StandardScaler(), SVR(**arguments))
score = cross_val_score(model, X, y, cv=5).mean()
print(f"On a quarter that was held out: R^2 = {model.fit(X, y).score(held_out_X, held_out_y):.4f}")
print(score)
