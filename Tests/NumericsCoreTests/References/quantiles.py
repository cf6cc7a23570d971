"""Regenerates quantiles.csv with SciPy: python3 quantiles.py"""

import json
import pathlib

import scipy
from scipy import special, stats

HERE = pathlib.Path(__file__).parent
LOW = [1e-300, 1e-30, 1e-8, 0.001, 0.025, 0.2, 0.4999, 0.5]
HIGH = [0.7, 0.9, 0.975, 0.9999, 1 - 1e-12]
rows = ["function,argument1,argument2,argument3,value"]
refused = []


def add(function, p, *parameters, value, cdf):
    # A beta quantile within 1e-5 of 1 has lost the digits that would lead back to p.
    if not 1e-290 < abs(value) < 1e290 or (function == "betaQuantile" and value > 1 - 1e-5):
        return
    # The reference has to pass a check of its own: the distribution function leads back to p.
    if abs(cdf(value) - p) > 1e-11 * p:
        refused.append((function, float(p), *parameters))
        return
    cells = [repr(float(p)), *[repr(float(x)) for x in parameters]]
    rows.append(",".join([function, *cells, *[""] * (3 - len(cells)), repr(float(value))]))


for p in LOW + HIGH:
    for a in [0.05, 0.5, 1, 2.5, 20, 1000]:
        add("gammaQuantile", p, a, value=special.gammaincinv(a, p), cdf=lambda x: special.gammainc(a, x))
    for a, b in [(0.1, 0.3), (0.5, 0.5), (1, 3), (4, 2), (30, 50), (2000, 10)]:
        add("betaQuantile", p, a, b, value=special.betaincinv(a, b, p), cdf=lambda x: special.betainc(a, b, x))
    for df in [1, 2, 3.5, 10, 200, 1e6]:
        value = stats.t.ppf(p, df)
        if p != 0.5:
            add("studentQuantile", p, df, value=value, cdf=lambda x: stats.t.cdf(x, df))
    for df in [1, 4, 100]:
        add("chiSquaredQuantile", p, df, value=stats.chi2.ppf(p, df), cdf=lambda x: stats.chi2.cdf(x, df))
    if 1e-30 < p < 1 - 1e-10:
        for mean in [0.3, 5, 9.99, 10, 120, 1e5]:
            value = float(stats.poisson.ppf(p, mean))
            rows.append(f"poissonQuantile,{p!r},{float(mean)!r},,{value!r}")

(HERE / "quantiles.csv").write_text("\n".join(rows) + "\n")
info = {
    "what": "Quantiles of the gamma, beta, Student t, chi-squared and Poisson distributions",
    "method": "SciPy (Boost.Math)",
    "script": "quantiles.py",
    "versions": {"scipy": scipy.__version__},
    "rows": len(rows) - 1,
    "checks": "SciPy's distribution function at each quantile returns p to 1e-11; others are left out",
    "left out": refused,
}
(HERE / "quantiles.info.json").write_text(json.dumps(info, indent=2) + "\n")
