"""Reference values for the numerics of baselines/, from mpmath, SciPy and scikit-learn.

    python3 make_numerics.py    (numpy 1.24.2, scipy 1.10.1, scikit-learn 1.2.1, mpmath 1.2.1)

writes normal.json, sobol.json, gaussian_process.json and box_minima.json beside this file.
"""
import json
import pathlib

import mpmath
import numpy as np
from scipy.optimize import minimize, rosen, rosen_der
from scipy.stats import qmc
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel

HERE = pathlib.Path(__file__).parent


def write(name, value):
    (HERE / name).write_text(json.dumps(value) + "\n")


def normal():
    mpmath.mp.dps = 400  # erfc(x) exp(x^2) and 1 - t m(t) cancel hundreds of digits in the far tail
    erfcx = lambda x: mpmath.exp(x * x) * mpmath.erfc(x)
    xs = [0, 1e-8, 0.1, 0.3, 0.46875, 0.4687500001, 0.5, 0.9, 1, 2, 3, 3.9999, 4, 4.0001, 5, 10, 25]
    density = lambda z: mpmath.exp(-z * z / 2) / mpmath.sqrt(2 * mpmath.pi)
    cdf = lambda z: mpmath.erfc(-z / mpmath.sqrt(2)) / 2
    h = lambda z: density(z) + z * cdf(z)
    zs = [-1e8, -1e6, -1e4, -1000, -300, -38, -20, -12, -10.0001, -10, -9.9999, -8, -6, -4, -3, -2, -1.5, -1.0001,
          -1, -0.9999, -0.8, -0.5, -0.1, 0, 0.1, 0.5, 0.9, 1, 2, 3, 5, 8, 20, 40]

    def log_h(z):
        t = -mpmath.mpf(z)
        if t <= 30:
            v = h(mpmath.mpf(z))
            return mpmath.log(v), cdf(mpmath.mpf(z)) / v, density(mpmath.mpf(z)) / v
        # 1 - t m(t) by the continued fraction of the Mills ratio, m(t) = 1 / (t + 1 / (t + 2 / (t + ...)))
        tail = t
        for k in range(400, 0, -1):
            tail = t + k / tail
        mills = 1 / tail
        g = 1 - t * mills
        return -t * t / 2 - mpmath.log(2 * mpmath.pi) / 2 + mpmath.log(g), mills / g, 1 / g

    write("normal.json", {
        "erfcx": [[x, float(erfcx(mpmath.mpf(x)))] for x in xs],
        "cdf": [[z, float(cdf(mpmath.mpf(z)))] for z in zs if z >= -38],
        "logH": [[z, *map(float, log_h(z))] for z in zs],
    })


def sobol():
    points = qmc.Sobol(21, scramble=False).random(2048)
    write("sobol.json", {
        "first": points[:16].tolist(),
        "at1500": points[1500].tolist(),
        "columnSumsOf2048": points.sum(0).tolist(),
    })


def gaussian_process():
    rng = np.random.RandomState(0)
    cases = []
    for n, d, outputscale, noise in ((1, 1, 1.0, 1e-2), (6, 2, 1.7, 1e-4), (12, 3, 0.6, 1e-3), (55, 16, 1.0, 3e-2)):
        x, queries = rng.rand(n, d), rng.rand(5, d)
        y = np.sin(3 * x.sum(1)) + 0.1 * rng.randn(n)
        lengthscales = np.exp(rng.uniform(-1.5, 1, d)) * np.sqrt(d)
        mean = 0.3
        kernel = ConstantKernel(outputscale) * Matern(lengthscales, nu=2.5) + WhiteKernel(noise)
        gp = GaussianProcessRegressor(kernel, alpha=0, optimizer=None).fit(x, y - mean)
        mu, covariance = gp.predict(queries, return_cov=True)
        # the deviation of the noise-free response, at queries far enough from the data not to cancel
        sd = np.sqrt(np.diag(covariance) - noise)
        value, gradient = gp.log_marginal_likelihood(gp.kernel_.theta, eval_gradient=True)
        cases.append(dict(
            x=x.tolist(), y=y.tolist(), lengthscales=lengthscales.tolist(), outputscale=outputscale, noise=noise,
            mean=mean, queries=queries.tolist(), means=(mu + mean).tolist(), deviations=sd.tolist(),
            logMarginalLikelihood=value,
            # theta = log (outputscale, lengthscales..., noise)
            gradient=gradient.tolist()))
    write("gaussian_process.json", cases)


def box_minima():
    """Problems that box_lbfgs tests solve too, with SciPy's L-BFGS-B minimum."""
    quartic = lambda x: float(np.sum((x - np.linspace(-0.5, 1.5, x.size)) ** 4 + 0.1 * np.sum(x) ** 2))
    problems = [
        ("rosenbrock", rosen, rosen_der, [-1.2, 1.0], [-2, -2], [2, 2]),
        ("rosenbrock", rosen, rosen_der, [-1.2, 1.0], [-2, -2], [0.5, 2]),
        ("rosenbrock", rosen, rosen_der, [0.9] * 8, [-2] * 8, [2] * 3 + [0.8] * 5),
        ("quartic", quartic, None, [0.5] * 6, [0] * 6, [1] * 6),
    ]
    out = []
    for name, f, g, start, lower, upper in problems:
        r = minimize(f, np.array(start, float), jac=g, method="L-BFGS-B", bounds=list(zip(lower, upper)),
                     options=dict(ftol=1e-15, gtol=1e-10, maxiter=10000, maxfun=10**6))
        out.append(dict(problem=name, start=start, lower=lower, upper=upper, x=r.x.tolist(), value=float(r.fun)))
    write("box_minima.json", out)


if __name__ == "__main__":
    normal(), sobol(), gaussian_process(), box_minima()
