"""Writes models-scipy.json: maximum likelihood of Royston-Parmar models and of delayed entry by SciPy.

The likelihoods are written out from the textbook and maximised by SciPy's BFGS, then by Newton steps whose Hessian comes
from central differences of the score.
Run in this folder: python models.py   (numpy, scipy)
"""
import json

import numpy as np
import scipy
from scipy import optimize, special, stats

COLUMNS = {"veteran": ["trt", "karno", "age"], "lung": ["age", "female", "ecog"], "pbc": ["age", "edema", "logbili"],
           "gbsg2": ["age", "nodes", "logpgr", "hormon"]}


def read(name):
    with open(f"{name}.csv") as f:
        head = [h.strip('"') for h in f.readline().strip().split(",")]
        rows = np.array([[float(v) for v in line.strip().split(",")] for line in f])
    return {h: rows[:, j] for j, h in enumerate(head)}


# log f and log S with their derivatives by z
LAWS = {
    "hazard": (lambda z: z - np.exp(z), lambda z: 1 - np.exp(z), lambda z: -np.exp(z), lambda z: -np.exp(z)),
    "odds": (lambda z: z - 2 * np.logaddexp(0, z), lambda z: 1 - 2 * special.expit(z), lambda z: -np.logaddexp(0, z),
             lambda z: -special.expit(z)),
    "probit": (stats.norm.logpdf, lambda z: -z, stats.norm.logsf, lambda z: -np.exp(stats.norm.logpdf(z) - stats.norm.logsf(z))),
}


def spline(u, knots):
    first, last = knots[0], knots[-1]
    p = lambda k: np.maximum(0, u - k)
    v, d = [np.ones_like(u), u], [np.zeros_like(u), np.ones_like(u)]
    for k in knots[1:-1]:
        share = (last - k) / (last - first)
        v.append(p(k) ** 3 - share * p(first) ** 3 - (1 - share) * p(last) ** 3)
        d.append(3 * p(k) ** 2 - 3 * share * p(first) ** 2 - 3 * (1 - share) * p(last) ** 2)
    return np.array(v).T, np.array(d).T


def maximise(value, score, start):
    """BFGS, then Newton steps with a Hessian by central differences of the score."""
    x = optimize.minimize(lambda t: -value(t), start, jac=lambda t: -score(t), method="BFGS",
                          options={"gtol": 1e-6, "maxiter": 5000}).x
    for _ in range(8):
        h = hessian(score, x)
        step = np.linalg.solve(-h, score(x))
        x = x + step
    return x, np.linalg.inv(-hessian(score, x)), float(value(x))


def hessian(score, x):
    columns = []
    for j in range(len(x)):
        e = np.zeros(len(x))
        e[j] = 1e-4 * max(1, abs(x[j])) ** 0.5
        columns.append((8 * (score(x + e) - score(x - e)) - (score(x + 2 * e) - score(x - 2 * e))) / (12 * e[j]))
    h = np.array(columns)
    return (h + h.T) / 2


def flexible(d, columns, scale, inner, entry=None):
    event = d["status"] == 1
    u = np.log(d["time"])
    knots = np.quantile(u[event], np.linspace(0, 1, inner + 2))
    x = np.array([d[c] for c in columns]).T
    mean, sd = x.mean(0), x.std(0)
    b, db = spline(u, knots)
    # An orthonormal basis for the search: the columns of Q in b[:, 1:] − mean = Q R.
    centre = b[:, 1:].mean(0)
    _, r = np.linalg.qr(b[:, 1:] - centre)
    ri = np.linalg.inv(r) * np.sqrt(len(u))
    q = lambda m: np.hstack([np.ones((len(m), 1)), (m[:, 1:] - centre) @ ri])
    w = np.hstack([q(b), (x - mean) / sd])
    dw = np.hstack([np.zeros((len(u), 1)), db[:, 1:] @ ri, 0 * x])
    if entry is not None:
        late = entry > 0
        we = np.hstack([q(spline(np.log(np.where(late, entry, 1)), knots)[0]), (x - mean) / sd])[late]
    logf, dlogf, logs, dlogs = LAWS[scale]

    def value(t):
        z, s = w @ t, dw @ t
        if np.any(s[event] <= 0):
            return -1e10
        out = np.sum(logf(z[event]) + np.log(s[event]) - u[event]) + np.sum(logs(z[~event]))
        return out - (np.sum(logs(we @ t)) if entry is not None else 0)

    def score(t):
        z, s = w @ t, dw @ t
        g = w[event].T @ dlogf(z[event]) + dw[event].T @ (1 / s[event]) + w[~event].T @ dlogs(z[~event])
        return g - (we.T @ dlogs(we @ t) if entry is not None else 0)

    m = inner + 1
    start = np.zeros(1 + m + len(columns))
    start[1] = 1 if (b[:, 1] - centre[0]) @ w[:, 1] > 0 else -1
    t, cov, loglik = maximise(value, score, start)
    a = np.zeros((len(t), len(t)))
    a[0, 0] = 1
    a[1:m + 1, 1:m + 1] = ri
    a[0, 1:m + 1] = -centre @ ri
    for j in range(len(columns)):
        a[m + 1 + j, m + 1 + j] = 1 / sd[j]
        a[0, m + 1 + j] = -mean[j] / sd[j]
    theta, cov = a @ t, a @ cov @ a.T
    # Predictions at the covariates' means, half-way through follow-up and over it, by quadrature of scipy's own.
    time = float(np.median(d["time"]))
    z = lambda tt, th: th[0] + spline(np.log(np.atleast_1d(tt)), knots)[0][:, 1:] @ th[1:m + 1] + mean @ th[m + 1:]
    surv = lambda tt, th: np.exp(logs(z(tt, th)))

    def hazard(th):
        zz = z(time, th)
        ds = spline(np.log(np.array([time])), knots)[1][:, 1:] @ th[1:m + 1]
        return float(np.exp(logf(zz) - logs(zz))[0] * ds[0] / time)

    inside = [float(np.exp(k)) for k in knots if np.exp(k) < 2 * time]
    borders = [0] + inside + [2 * time]

    def rmst(th):
        # t = low + width·v⁴ takes the root at 0 out of the first panel.
        total = 0
        for low, high in zip(borders, borders[1:]):
            f = lambda v: float(surv(low + (high - low) * v ** 4, th)[0]) * 4 * v ** 3 * (high - low) if low + v > 0 else 0
            total += panel(f)
        return total

    nodes, weights = np.polynomial.legendre.leggauss(200)
    panel = lambda f: sum(wt * f(0.5 * (n + 1)) for n, wt in zip(nodes, weights)) / 2

    def error(f):
        g = np.zeros(len(theta))
        for j in range(len(theta)):
            e = np.zeros(len(theta))
            e[j] = 0.02 * np.sqrt(cov[j, j]) * 1e-2
            g[j] = (8 * (f(theta + e) - f(theta - e)) - (f(theta + 2 * e) - f(theta - 2 * e))) / (12 * e[j])
        return float(np.sqrt(g @ cov @ g))

    s = lambda th: float(surv(time, th)[0])
    return {"coef": list(theta), "se": list(np.sqrt(np.diag(cov))), "loglik": loglik, "time": time, "means": list(mean),
            "survival": [s(theta), error(s)], "hazard": [hazard(theta), error(lambda th: np.log(hazard(th)))],
            "restrictedMean": [2 * time, rmst(theta), error(rmst)], "knots": list(np.exp(knots))}


def delayed(d, columns, scale):
    """log T = b0 + b x + s error with delayed entry time·(row mod 5)/10."""
    entry = d["time"] * ((np.arange(len(d["time"])) + 1) % 5 / 10)
    event, late = d["status"] == 1, entry > 0
    y = np.log(d["time"])
    ye = np.log(np.where(late, entry, 1))
    x = np.array([d[c] for c in columns]).T
    mean, sd = x.mean(0), x.std(0)
    w = np.hstack([np.ones((len(y), 1)), (x - mean) / sd])
    logf, dlogf, logs, dlogs = LAWS[scale]

    def value(t):
        eta, s = w @ t[:-1], np.exp(t[-1])
        z, ze = (y - eta) / s, (ye - eta) / s
        return np.sum(logf(z[event]) - t[-1] - y[event]) + np.sum(logs(z[~event])) - np.sum(logs(ze[late]))

    def score(t):
        eta, s = w @ t[:-1], np.exp(t[-1])
        z, ze = (y - eta) / s, (ye - eta) / s
        g = np.where(event, dlogf(z), dlogs(z))
        ge = np.where(late, dlogs(ze), 0)
        return np.append(-w.T @ (g - ge) / s, -np.sum(g * z) + np.sum(ge * ze) - np.sum(event))

    t, cov, loglik = maximise(value, score, np.append([y.mean()] + [0] * len(columns), 0.0))
    a = np.eye(len(t))
    for j in range(len(columns)):
        a[1 + j, 1 + j] = 1 / sd[j]
        a[0, 1 + j] = -mean[j] / sd[j]
    return {"coef": list(a @ t), "se": list(np.sqrt(np.diag(a @ cov @ a.T))), "loglik": loglik}


def one(name):
    d, columns = read(name), COLUMNS[name]
    entry = d["time"] * ((np.arange(len(d["time"])) + 1) % 5 / 10)
    out = {"covariates": columns, "flexible": {}, "delayed": {}}
    for scale in LAWS:
        for inner in (0, 1, 3):
            out["flexible"][f"{scale}{inner}"] = flexible(d, columns, scale, inner)
        out["flexible"][f"{scale}2delayed"] = flexible(d, columns, scale, 2, entry)
        out["delayed"][scale] = delayed(d, columns, scale)
    return out


with open("models-scipy.json", "w") as f:
    json.dump({"versions": {"numpy": np.__version__, "scipy": scipy.__version__}, "sets": {n: one(n) for n in COLUMNS}}, f)
