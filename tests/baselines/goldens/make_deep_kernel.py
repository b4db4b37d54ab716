"""Reference values for baselines/_deep_kernel.ts: loss, gradient and training of a deep-kernel GP in plain NumPy.

    python3 make_deep_kernel.py    (numpy 1.24.2, scikit-learn 1.2.1)

The likelihood is scikit-learn's, every gradient a central difference, Adam written from its paper; nothing is
shared with the implementation under test. Writes deep_kernel.json beside this file.
"""
import json
import pathlib

import numpy as np
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel

SIZES = [3, 32, 32, 32, 32]
N = 6
COUNT = sum(b * (a + 1) for a, b in zip(SIZES, SIZES[1:]))
x = 0.5 + 0.5 * np.sin(1.7 * np.arange(N * 3)).reshape(N, 3)
y = np.cos(2.3 * np.arange(N))
parameters = np.concatenate([0.25 * np.sin(0.7 + 1.3 * np.arange(COUNT)), [-0.2, 0.4, -1.5, 0.1]])


def softplus(v):
    return np.logaddexp(0, v)


def features(p):
    h, offset = x, 0
    for layer, (a, b) in enumerate(zip(SIZES, SIZES[1:])):
        weights, biases = p[offset:offset + a * b].reshape(b, a), p[offset + a * b:offset + b * (a + 1)]
        h = h @ weights.T + biases
        if layer < len(SIZES) - 2:
            h = np.maximum(h, 0)
        offset += b * (a + 1)
    return h


def loss(p):
    lengthscale, outputscale, noise = softplus(p[-4:-1]) + np.array([0, 0, 1e-4])
    kernel = ConstantKernel(outputscale) * Matern(lengthscale, nu=2.5) + WhiteKernel(noise)
    gp = GaussianProcessRegressor(kernel, alpha=0, optimizer=None).fit(features(p), y - p[-1])
    return -gp.log_marginal_likelihood_value_ / N


def gradient(p):
    g = np.zeros_like(p)
    for i in range(p.size):
        step = np.zeros_like(p)
        step[i] = 1e-5
        g[i] = (loss(p + step) - loss(p - step)) / 2e-5
    return g


def main():
    p, m, v = parameters.copy(), 0.0, 0.0
    losses, first = [], None
    for t in range(1, 9):
        losses.append(loss(p))
        g = gradient(p)
        first = g if first is None else first
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        p = p - 0.01 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    picks = [*range(0, COUNT, 151), *range(COUNT, COUNT + 4)]
    out = dict(losses=losses, gradient=[[i, first[i]] for i in picks])
    (pathlib.Path(__file__).parent / "deep_kernel.json").write_text(json.dumps(out) + "\n")


if __name__ == "__main__":
    main()
