"""Reference values for hpob/comparison/statistics.ts and core/numerics/tails.ts, written to statistics.json.

Made with SciPy 1.10.1 and NumPy 1.24.2: python3 tests/hpob/goldens/make_statistics.py
"""
import itertools
import json
import pathlib

import numpy as np
from scipy import stats

random = np.random.default_rng(7)


def tails():
    return {
        "normal": [[z, stats.norm.sf(z)] for z in [-5, -1.2, -0.01, 0, 0.3, 1.96, 4, 8, 20]],
        "chiSquared": [[x, k, stats.chi2.sf(x, k)]
                       for k in [1, 2, 3, 7, 40] for x in [0, 0.01, 0.8, 3.84, 12, 55, 200]],
        "f": [[x, a, b, stats.f.sf(x, a, b)]
              for a, b in [(1, 5), (3, 87), (2, 10), (6, 300)] for x in [0, 0.02, 0.9, 2.7, 15, 400]],
        "binomial": [[k, n, stats.binom.sf(k - 1, n, 0.5)]
                     for k, n in [(0, 3), (3, 3), (21, 30), (22, 30), (9, 30), (40, 60), (180, 200)]],
    }


def friedman():
    cases = []
    for m, n, decimals in [(3, 6, 3), (4, 30, 1), (4, 30, 4), (7, 12, 1)]:
        samples = np.round(random.random((m, n)) + 0.08 * np.arange(m)[:, None], decimals)
        statistic, p = stats.friedmanchisquare(*samples)
        f = (n - 1) * statistic / (n * (m - 1) - statistic)
        cases.append({"samples": samples.tolist(), "statistic": statistic, "pValue": p, "fStatistic": f,
                      "fPValue": stats.f.sf(f, m - 1, (m - 1) * (n - 1)),
                      "averageRanks": stats.rankdata(samples, axis=0).mean(axis=1).tolist()})
    return cases


def wilcoxon():
    """Without ties and zeros: SciPy's exact distribution up to 50 runs, its normal one with Pratt's zeros
    beyond. With them: counted over all sign patterns here, because SciPy's exact mode ignores ties."""
    cases = []
    for n, alternative in itertools.product([5, 12, 30, 50], ["two-sided", "less", "greater"]):
        a, b = random.random(n), random.random(n) + 0.1
        p = stats.wilcoxon(a, b, alternative=alternative, mode="exact").pvalue
        cases.append(case(a, b, alternative, p))
    for n, alternative in itertools.product([60, 90], ["two-sided", "less", "greater"]):
        a, b = np.round(random.random(n), 3), np.round(random.random(n), 3)
        p = stats.wilcoxon(a, b, zero_method="pratt", alternative=alternative, mode="approx").pvalue
        cases.append(case(a, b, alternative, p))
    for n, alternative in itertools.product([6, 10, 13], ["two-sided", "less", "greater"]):
        a, b = random.integers(0, 5, n) / 4, random.integers(0, 5, n) / 4
        cases.append(case(a, b, alternative, enumerate_signs(a - b, alternative)))
    return cases


def case(a, b, alternative, p):
    d = a - b
    ranks = stats.rankdata(np.abs(d))
    return {"first": a.tolist(), "second": b.tolist(), "alternative": alternative,
            "statistic": ranks[d > 0].sum(), "pValue": p}


def enumerate_signs(d, alternative):
    ranks = stats.rankdata(np.abs(d))
    observed = ranks[d > 0].sum()
    ranks = ranks[d != 0]
    sums = np.array(list(itertools.product([0, 1], repeat=len(ranks)))) @ ranks
    less, greater = (sums <= observed).mean(), (sums >= observed).mean()
    return {"less": less, "greater": greater, "two-sided": min(1, 2 * min(less, greater))}[alternative]


def sign():
    return [[wins, losses, stats.binomtest(wins, wins + losses).pvalue]
            for wins, losses in [(21, 9), (20, 10), (15, 15), (3, 0), (0, 6), (55, 45)]]


def nemenyi():
    """SciPy's studentized range with infinitely many degrees of freedom."""
    return [[m, n, alpha, stats.studentized_range.ppf(1 - alpha, m, np.inf) / np.sqrt(2)
             * np.sqrt(m * (m + 1) / (6 * n))]
            for m, n, alpha in [(2, 10, 0.05), (4, 30, 0.05), (4, 6, 0.1), (10, 16, 0.05)]]


values = {"tails": tails(), "friedman": friedman(), "wilcoxon": wilcoxon(), "sign": sign(),
          "nemenyi": nemenyi()}
path = pathlib.Path(__file__).with_name("statistics.json")
path.write_text(json.dumps(values, indent=None) + "\n")
