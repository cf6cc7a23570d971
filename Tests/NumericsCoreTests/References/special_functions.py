"""Regenerates special_functions.csv and its .info.json with mpmath: python3 special_functions.py

Arguments are written as the shortest decimals that round to the double used, values to 20 significant digits.
"""

import json
import pathlib

import mpmath
import scipy
import scipy.special
import scipy.stats
from mpmath import mp, mpf

mp.dps = 60
HERE = pathlib.Path(__file__).parent
rows = []


def add(function, arguments, value):
    padded = [repr(float(a)) for a in arguments] + [""] * (3 - len(arguments))
    rows.append(",".join([function, *padded, mpmath.nstr(mpf(value), 20, min_fixed=0, max_fixed=0)]))


def normal_cdf(x):
    return mpmath.erfc(-mpf(x) / mpmath.sqrt(2)) / 2


def normal_quantile(log_p):
    """Newton's iteration on ln Phi, in 60 digits."""
    log_p = mpf(log_p)
    if log_p > -0.5:
        p = mpmath.exp(log_p)
        return mpmath.sqrt(2) * mpmath.erfinv(2 * p - 1)
    if log_p > -30:
        x = mpmath.sqrt(2) * mpmath.erfinv(2 * mpmath.exp(log_p) - 1)
    else:
        t = -2 * log_p
        x = -mpmath.sqrt(t - mpmath.log(2 * mpmath.pi * t))
    for _ in range(8):
        cdf = normal_cdf(x)
        x -= (mpmath.log(cdf) - log_p) * cdf / mpmath.npdf(x)
    return x


def beta_series(a, b, x, y):
    """x^a y^b / (a B(a, b)) 2F1(a + b, 1; a + 1; x): every term is positive."""
    term = total = mpf(1)
    n = 0
    while term > total * mpf(10) ** -45:
        term *= x * (a + b + n) / (a + 1 + n)
        total += term
        n += 1
    log_scale = a * mpmath.log(x) + b * mpmath.log(y) + mpmath.loggamma(a + b) - mpmath.loggamma(a) - mpmath.loggamma(b)
    return mpmath.exp(log_scale) / a * total


def beta_i(a, b, x, y=None):
    """I_x(a, b), through the smaller side, so that no digits cancel."""
    a, b, x = mpf(a), mpf(b), mpf(x)
    y = 1 - x if y is None else y
    if y == 0 or x == 0:
        return x
    return 1 - beta_series(b, a, y, x) if x > a / (a + b) else beta_series(a, b, x, y)


for x in [-38, -37.4, -30, -20.3, -14.1, -13.9, -8.2, -5, -3.3, -1.96, -1, -0.5, -0.1, -1e-10, 0, 1e-5, 0.7, 1.2, 2.5, 5.5, 8]:
    add("normalDensity", [x], mpmath.npdf(mpf(x)))
    add("normalCDF", [x], normal_cdf(x))
for x in [-1e8, -1e4, -500, -38.5, -20.3, -14.1, -13.9, -8.2, -3.3, -1, -0.1, 0, 0.5, 1.5, 3, 6, 12, 37]:
    add("normalLogCDF", [x], mpmath.log1p(-normal_cdf(-x)) if x > 0 else mpmath.log(normal_cdf(x)))
for x in [-5, -1, 0, 1, 5, 13.9, 14.1, 40, 1e6]:
    add("normalHazard", [x], mpmath.npdf(mpf(x)) / normal_cdf(-x))
for p in [1e-300, 1e-100, 1e-20, 1e-12, 1e-11, 1e-6, 0.001, 0.025, 0.0749, 0.0751, 0.2, 0.3, 0.499999, 0.6, 0.9249, 0.9251, 0.975, 0.999999, 1 - 2**-53]:
    add("normalQuantile", [p], normal_quantile(mpmath.log(mpf(p))))
for log_p in [-1e10, -1e5, -2000, -701, -699, -300, -50, -10, -2, -0.7, -0.4, -0.01, -1e-10]:
    add("normalQuantileOfLog", [log_p], normal_quantile(log_p))

shapes = [1e-3, 0.1, 0.5, 1, 1.5, 3, 9.5, 10.5, 30, 100, 1234.5, 1e6]
for a in shapes:
    deviation = a**0.5
    points = {a * 1e-3, a * 0.1, a * 0.5, a - deviation / 4, a, a + 0.9, a + 1.1, a + deviation, a + 4 * deviation, a * 2, a * 5 + 3}
    for x in sorted(p for p in points if p > 0):
        if abs(x - a) > 30 * deviation + 100:
            continue
        with mp.workdps(80):
            lower = mpmath.gammainc(mpf(a), 0, mpf(x), regularized=True)
            upper = mpmath.gammainc(mpf(a), mpf(x), mp.inf, regularized=True)
        add("gammaP", [a, x], lower)
        add("gammaQ", [a, x], upper)

# Shapes from a million on, by the power series: every term is positive.
for a in [1e6, 3e7, 1e9]:
    for deviations in [-30, -6, -1, 0, 0.5, 3, 8]:
        x = float(round(a + deviations * a**0.5))
        term = total = mpf(1)
        n = 0
        while term > total * mpf(10) ** -40:
            n += 1
            term *= mpf(x) / (a + n)
            total += term
        lower = mpmath.exp(mpf(a) * mpmath.log(mpf(x)) - x - mpmath.loggamma(mpf(a) + 1)) * total
        add("gammaP", [a, x], lower)
        add("gammaQ", [a, x], 1 - lower)

for a, b in [(0.01, 0.02), (0.5, 0.5), (1, 1), (1, 4), (2.5, 0.3), (3, 7), (12, 30), (0.5, 50), (200, 0.5), (150, 175), (1e4, 3e4)]:
    mean = a / (a + b)
    deviation = (a * b / ((a + b) ** 2 * (a + b + 1))) ** 0.5
    points = [1e-6, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.999, mean, mean - deviation, mean + 2 * deviation]
    for x in sorted(set(points)):
        if not 0 < x < 1 or abs(x - mean) > 25 * deviation:
            continue
        add("betaI", [a, b, x], beta_i(a, b, x))

for t, df in [(0, 3), (1e-8, 4), (0.5, 1), (-2, 1), (-1e6, 1), (2.5, 2), (-3, 4.5), (1.96, 30), (-6, 30), (-40, 12), (2, 1000), (-4, 1e6)]:
    t, df = mpf(t), mpf(df)
    x = df / (df + t * t)
    tail = beta_i(df / 2, mpf(1) / 2, x, t * t / (df + t * t)) / 2
    add("studentCDF", [t, df], tail if t < 0 else 1 - tail)
    add("studentSurvival", [t, df], 1 - tail if t < 0 else tail)
    density = mpmath.gamma((df + 1) / 2) / (mpmath.sqrt(df * mp.pi) * mpmath.gamma(df / 2)) * (1 + t * t / df) ** (-(df + 1) / 2)
    add("studentDensity", [t, df], density)

for x, df in [(0.001, 1), (3.84, 1), (100, 1), (5.99, 2), (7.8, 3), (40, 20), (200, 20), (900, 1000)]:
    add("chiSquaredSurvival", [x, df], mpmath.gammainc(mpf(df) / 2, mpf(x) / 2, mp.inf, regularized=True))
    add("chiSquaredCDF", [x, df], mpmath.gammainc(mpf(df) / 2, 0, mpf(x) / 2, regularized=True))

for f, m, n in [(0.01, 1, 1), (4.2, 1, 10), (3.5, 2, 30), (1.1, 5, 7.5), (2.4, 10, 100), (60, 3, 12), (1e6, 2, 3), (1.05, 400, 600)]:
    f, m, n = mpf(f), mpf(m), mpf(n)
    x, y = m * f / (m * f + n), n / (m * f + n)
    add("fSurvival", [f, m, n], beta_i(n / 2, m / 2, y, x))
    add("fCDF", [f, m, n], beta_i(m / 2, n / 2, x, y))

for order in [0, 1, 2, 3, 5, 10, 40, 100]:
    for x in [1e-5, 0.1, 0.5, 1, 1.4, 2, 3.7, 9.9, 12, 33.3, 300, 1e6, 1e15, -0.25, -2.3, -17.7, -100.25]:
        value = mpmath.psi(order, mpf(x))
        if 1e-290 < abs(value) < 1e290:
            add("polygamma", [order, x], value)

SCIPY = {
    "polygamma": lambda order, x: scipy.special.psi(x) if order == 0 else scipy.special.polygamma(int(order), x),
    "normalCDF": scipy.special.ndtr,
    "normalLogCDF": scipy.special.log_ndtr,
    "normalQuantile": scipy.special.ndtri,
    "gammaP": scipy.special.gammainc,
    "gammaQ": scipy.special.gammaincc,
    "betaI": scipy.special.betainc,
    "studentCDF": lambda t, df: scipy.stats.t.cdf(t, df),
    "studentDensity": lambda t, df: scipy.stats.t.pdf(t, df),
    "chiSquaredSurvival": lambda x, df: scipy.stats.chi2.sf(x, df),
    "fSurvival": lambda f, m, n: scipy.stats.f.sf(f, m, n),
}
for line in rows:
    name, *cells = line.split(",")
    *arguments, expected = [float(cell) for cell in cells if cell]
    # SciPy's incomplete gamma function loses half its digits in the tails of shapes from a million on.
    # Its polygamma function knows no negative arguments from trigamma on.
    if name == "polygamma" and arguments[0] > 0 and arguments[1] < 0:
        continue
    if name in SCIPY and abs(expected) > 1e-290 and arguments[0] < 1e6:
        found = SCIPY[name](*arguments)
        assert abs(found - expected) <= 1e-9 * abs(expected), (line, found)

(HERE / "special_functions.csv").write_text("function,argument1,argument2,argument3,value\n" + "\n".join(rows) + "\n")
info = {
    "what": "Values of special functions and distribution functions at double arguments",
    "method": "mpmath arbitrary precision with 60 to 120 digits; complementary functions each from their own integral",
    "script": "special_functions.py",
    "versions": {"mpmath": mpmath.__version__, "scipy": scipy.__version__},
    "rows": len(rows),
    "checks": "every value that SciPy offers too agrees with it to 1e-9, shapes below a million (asserted by the script)",
}
(HERE / "special_functions.info.json").write_text(json.dumps(info, indent=2) + "\n")
