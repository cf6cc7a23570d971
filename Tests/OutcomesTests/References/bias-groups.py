# Writes bias-groups-python.json: fairness of decisions by fairlearn, the least worst-group loss by scipy's SLSQP.
# Run in this folder: python bias-groups.py   (fairlearn 0.15.0, scipy, numpy, pandas)
import json
import numpy as np
import pandas as pd
import fairlearn, scipy
from fairlearn.metrics import (MetricFrame, demographic_parity_difference, demographic_parity_ratio,
                               equalized_odds_difference, equalized_odds_ratio, false_positive_rate,
                               selection_rate, true_positive_rate)
from scipy.optimize import minimize

reference = json.load(open("survival-R.json"))["sets"]
covariates = {"veteran": ["karno", "age"], "lung": ["age", "ecog"], "pbc": ["age", "logbili"], "gbsg2": ["age", "nodes"]}


def scaled(d, names):
    x = d[names].to_numpy(float)
    return (x - x.mean(0)) / x.std(0)


def logistic(y, x, rows):
    def loss(b):
        eta = b[0] + x[rows] @ b[1:]
        return np.mean(np.logaddexp(0, eta) - y[rows] * eta)
    return loss


def efron(time, status, x, rows):
    """Mean negative log partial likelihood per event within the rows, Efron's ties."""
    times = np.unique(time[rows][status[rows] == 1])
    def loss(b):
        eta = x[rows] @ b
        t, s, total = time[rows], status[rows], 0.0
        for u in times:
            died = (t == u) & (s == 1)
            risk, own, m = np.exp(eta[t >= u]).sum(), np.exp(eta[died]).sum(), died.sum()
            total += eta[died].sum() - np.log(risk - np.arange(m) / m * own).sum()
        return -total / s.sum()
    return loss


def minimax(losses, width):
    """Minimise z with every loss at most z."""
    start = minimize(lambda b: np.mean([f(b) for f in losses]), np.zeros(width), tol=1e-12).x
    v = np.append(start, max(f(start) for f in losses))
    for _ in range(4):
        fit = minimize(lambda v: v[-1], v, method="SLSQP", options={"ftol": 1e-15, "maxiter": 500},
                       constraints=[{"type": "ineq", "fun": (lambda v, f=f: v[-1] - f(v[:-1]))} for f in losses])
        v = np.append(fit.x[:-1], max(f(fit.x[:-1]) for f in losses))
    return float(v[-1])


def one(name):
    d = pd.read_csv(f"{name}.csv")
    y, g, lp = d.status.to_numpy(), d.group.to_numpy(), np.array(reference[name]["lp"])
    cut = float(np.median(lp))
    chosen = (lp >= cut).astype(int)
    frame = MetricFrame(metrics={"tpr": true_positive_rate, "fpr": false_positive_rate, "rate": selection_rate},
                        y_true=y, y_pred=chosen, sensitive_features=g)
    x = scaled(d, covariates[name])
    keys = sorted(set(g))
    return {
        "cut": cut,
        "tpr": [float(v) for v in frame.by_group["tpr"]], "fpr": [float(v) for v in frame.by_group["fpr"]],
        "selection": [float(v) for v in frame.by_group["rate"]],
        "oddsDifference": float(equalized_odds_difference(y, chosen, sensitive_features=g)),
        "oddsRatio": float(equalized_odds_ratio(y, chosen, sensitive_features=g)),
        "parityDifference": float(demographic_parity_difference(y, chosen, sensitive_features=g)),
        "parityRatio": float(demographic_parity_ratio(y, chosen, sensitive_features=g)),
        "covariates": covariates[name],
        "worstLogistic": minimax([logistic(y, x, g == k) for k in keys], x.shape[1] + 1),
        "worstCox": minimax([efron(d.time.to_numpy(), y, x, g == k) for k in keys], x.shape[1]),
    }


json.dump({"fairlearn": fairlearn.__version__, "scipy": scipy.__version__, "sets": {n: one(n) for n in covariates}},
          open("bias-groups-python.json", "w"), indent=1)
