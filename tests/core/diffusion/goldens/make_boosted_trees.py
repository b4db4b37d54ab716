"""Reference predictions of boosted trees, from scikit-learn 1.9: python3 make_boosted_trees.py > boosted_trees.json"""
import json
import numpy as np
from sklearn.ensemble import GradientBoostingRegressor

generator = np.random.default_rng(5)


def case(dimension, depth, trees):
    # float32, as scikit-learn splits on
    x = generator.random((60, dimension)).astype(np.float32).astype(float)
    y = np.sin(6 * x[:, 0]) + x[:, -1] ** 2 + 0.1 * generator.standard_normal(60)
    queries = generator.random((12, dimension)).astype(np.float32).astype(float)
    model = GradientBoostingRegressor(
        n_estimators=trees, max_depth=depth, learning_rate=0.3, random_state=0
    ).fit(x, y)
    return {
        "dimension": dimension,
        "options": {"trees": trees, "depth": depth, "learningRate": 0.3},
        "x": x.ravel().tolist(),
        "y": y.tolist(),
        "queries": queries.ravel().tolist(),
        "predictions": model.predict(queries).tolist(),
    }


# Deep trees of one input and shallow trees of three: two inputs may split a few rows equally well.
print(json.dumps([case(1, 5, 20), case(3, 2, 6)]))
