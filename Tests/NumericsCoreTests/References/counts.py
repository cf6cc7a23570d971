"""Regenerates counts.csv with SciPy: python3 counts.py"""

import json
import pathlib

import scipy
from scipy import stats

HERE = pathlib.Path(__file__).parent
P = [1e-12, 0.001, 0.025, 0.3, 0.5, 0.77, 0.975, 0.9999]
BINOMIAL = [(1, 0.3), (7, 0.02), (12, 0.5), (40, 0.93), (1000, 0.001), (5000, 0.31), (10**7, 0.6)]
NEGATIVE = [(0.1, 0.5), (0.8, 20), (1, 3), (4.5, 0.01), (30, 7), (250, 4000), (3, 1e5)]
rows = ["function,argument1,argument2,argument3,value"]

for n, q in BINOMIAL:
    for p in P:
        k = float(stats.binom.ppf(p, n, q))
        assert stats.binom.cdf(k, n, q) >= p > stats.binom.cdf(k - 1, n, q)
        rows.append(f"binomialQuantile,{p!r},{n},{q!r},{k!r}")
        rows.append(f"binomialCDF,{k!r},{n},{q!r},{float(stats.binom.cdf(k, n, q))!r}")
for size, mean in NEGATIVE:
    pi = size / (size + mean)
    for p in P:
        k = float(stats.nbinom.ppf(p, size, pi))
        assert stats.nbinom.cdf(k, size, pi) >= p and (k == 0 or p > stats.nbinom.cdf(k - 1, size, pi))
        rows.append(f"negativeBinomialQuantile,{p!r},{size!r},{mean!r},{k!r}")
        rows.append(f"negativeBinomialCDF,{k!r},{size!r},{mean!r},{float(stats.nbinom.cdf(k, size, pi))!r}")

(HERE / "counts.csv").write_text("\n".join(rows) + "\n")
info = {
    "what": "Distribution functions and quantiles of the binomial (trials, probability) and the negative binomial (size, mean)",
    "method": "SciPy (Boost.Math)",
    "script": "counts.py",
    "versions": {"scipy": scipy.__version__},
    "rows": len(rows) - 1,
    "checks": "each quantile is the smallest count at which SciPy's distribution function reaches p",
}
(HERE / "counts.info.json").write_text(json.dumps(info, indent=2) + "\n")
