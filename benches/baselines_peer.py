"""The peer of baselines_bench.ts: one GP suggestion with scikit-learn at 55 observations in 16 dimensions.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python3 benches/baselines_peer.py

Settings of `gp-candidates`: Matern-5/2 ARD with noise, hyperparameters by L-BFGS-B from two starts (of the likelihood
alone, as scikit-learn has no priors), expected improvement over 4096 scrambled Sobol points.
"""
import time
import warnings

import numpy as np
from scipy.stats import norm, qmc
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import Matern, WhiteKernel

N, D = 55, 16
scattered = np.sin(12.9898 * np.arange(1, N + 1)[:, None] + 78.233 * np.arange(1, D + 1)) * 43758.5453
x = scattered - np.floor(scattered)
y = np.sin(5 * x[:, 0]) + x[:, 1] * x[:, 2] - 3 * (x[:, 3] - 0.4) ** 2 + 0.1 * x[:, 4]


def suggest():
    kernel = Matern(np.full(D, 2.0), (0.025, 400), nu=2.5) + WhiteKernel(0.007, (1e-4, 2.7))
    gp = GaussianProcessRegressor(kernel, alpha=0, n_restarts_optimizer=1, random_state=0)
    gp.fit(x, (y - y.mean()) / y.std())
    candidates = qmc.Sobol(D, seed=0).random(4096)
    mean, deviation = gp.predict(candidates, return_std=True)
    improvement = mean - ((y - y.mean()) / y.std()).max()
    z = improvement / deviation
    return candidates[np.argmax(improvement * norm.cdf(z) + deviation * norm.pdf(z))]


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    suggest()
    times = []
    for _ in range(10):
        start = time.perf_counter()
        suggest()
        times.append(time.perf_counter() - start)
    print(f"scikit-learn: {1e3 * np.median(times):.0f} ms a suggestion (median of 10)")
