"""Writes mixed_gp.json: kernel, posterior and marginal likelihood of a mixed space, and knowledge gradients.

    python3 tests/baselines/goldens/make_mixed_gp.py        # numpy, scipy

Everything is computed from the definitions: Matern's kernel of nu = 5/2 by Bessel's function, the Hamming distance by
comparison, the posterior by solving the normal equations, the knowledge gradient by quadrature.
"""
import json, pathlib
import numpy as np
from scipy import integrate, special, stats

# a real, three levels, a choice of two, a choice of three that is active with the first value of the choice of two,
# and a real that is active with the second
POSITIONS = [1 / 6, 1 / 2, 5 / 6]
NONE = None


def squared_distances(a, b):
    """Of two configurations, one a hyperparameter."""
    real = lambda u, v: (u - v) ** 2
    inactive_choice = (1 - 1 / 3) / 2  # from a corner of the triangle with sides of length 1 to its centre
    choice = lambda u, v: 0.0 if u == v else (inactive_choice if NONE in (u, v) else 1.0)
    at = lambda u: 0.5 if u is NONE else u
    return np.array([
        real(a[0], b[0]),
        real(POSITIONS[a[1]], POSITIONS[b[1]]),
        float(a[2] != b[2]),
        choice(a[3], b[3]),
        real(at(a[4]), at(b[4])),
    ])


def matern(r):
    if r == 0:
        return 1.0
    s = np.sqrt(5) * r
    return 2 ** (1 - 2.5) / special.gamma(2.5) * s**2.5 * special.kv(2.5, s)


def kernel(a, b, lengthscales, outputscale):
    return outputscale * matern(np.sqrt(np.sum(squared_distances(a, b) / lengthscales**2)))


rng = np.random.default_rng(5)


def draw():
    two = int(rng.integers(2))
    return [
        float(rng.uniform()),
        int(rng.integers(3)),
        two,
        int(rng.integers(3)) if two == 0 else NONE,
        float(rng.uniform()) if two == 1 else NONE,
    ]


lengthscales, outputscale, noise, mean = np.array([0.4, 0.7, 1.5, 1.2, 0.9]), 1.0, 0.05, 0.2
tried, queries = [draw() for _ in range(12)], [draw() for _ in range(5)]
y = rng.normal(size=12)
K = np.array([[kernel(a, b, lengthscales, outputscale) for b in tried] for a in tried])
Ky = K + noise * np.eye(12)
k = np.array([[kernel(a, b, lengthscales, outputscale) for b in tried] for a in queries])
means = mean + k @ np.linalg.solve(Ky, y - mean)
deviations = np.sqrt(outputscale - np.sum(k * np.linalg.solve(Ky, k.T).T, axis=1))
log_likelihood = stats.multivariate_normal(np.full(12, mean), Ky).logpdf(y)

# true values behind pooled measurements: process + roughness, noise / count
counts = [1, 3, 1, 2, 1, 1, 4, 1, 1, 2, 1, 1]
roughness, measurement = 0.03, 0.08
A = K + roughness * np.eye(12)
B = A + np.diag(measurement / np.array(counts))
true_means = mean + A @ np.linalg.solve(B, y - mean)
true_covariances = A - A @ np.linalg.solve(B, A)

gradients = []
for n in (1, 2, 5, 9):
    mu, slopes = rng.normal(size=n), rng.normal(size=n)
    if n == 5:
        slopes[2] = slopes[4]
    cuts = sorted((mu[j] - mu[i]) / (slopes[i] - slopes[j]) for i in range(n) for j in range(i) if slopes[i] != slopes[j])
    edges = [-12.0] + [c for c in cuts if abs(c) < 12] + [12.0]
    f = lambda z: np.max(mu + slopes * z) * stats.norm.pdf(z)
    value = sum(integrate.quad(f, a, b, epsabs=1e-13)[0] for a, b in zip(edges, edges[1:])) - mu.max()
    gradients.append({"means": mu.tolist(), "slopes": slopes.tolist(), "value": value})

golden = {
    "positions": POSITIONS,
    "lengthscales": lengthscales.tolist(), "outputscale": outputscale, "noise": noise, "mean": mean,
    "tried": tried, "y": y.tolist(), "queries": queries,
    "kernel": K.tolist(), "means": means.tolist(), "deviations": deviations.tolist(),
    "logMarginalLikelihood": log_likelihood,
    "counts": counts, "roughness": roughness, "measurementNoise": measurement,
    "trueMeans": true_means.tolist(), "trueCovariances": true_covariances.tolist(),
    "knowledgeGradients": gradients,
}
path = pathlib.Path(__file__).with_name("mixed_gp.json")
path.write_text(json.dumps(golden, indent=1) + "\n")
