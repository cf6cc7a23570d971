"""Writes calibration-python.json: scikit-survival's Brier scores and D-calibration by numpy from its definition.

Run in this folder after calibration.R: python calibration.py   (scikit-survival==0.28.0 pandas scipy)
"""

import json

import numpy
import pandas
import scipy.stats
import sksurv
from sksurv.metrics import brier_score, integrated_brier_score
from sksurv.util import Surv

scores = json.load(open("survival-R.json"))["sets"]
from_r = json.load(open("calibration-R.json"))["sets"]


def d_calibration(survival, status, bins):
    """Haider et al. 2020, section 3.5: a censored patient is spread over [0, S(c)]."""
    edges = numpy.linspace(0, 1, bins + 1)
    mass = numpy.zeros(bins)
    for s, event in zip(survival, status):
        for k in range(bins):
            low, high = edges[k], edges[k + 1]
            inside = low < s <= high or (s == 0 and k == 0)
            if event:
                mass[k] += inside
            elif s == 0:
                mass[k] += inside
            else:
                mass[k] += (min(s, high) - min(s, low)) / s
    expected = len(survival) / bins
    statistic = ((mass - expected) ** 2 / expected).sum()
    return {"mass": mass.tolist(), "statistic": statistic, "p": scipy.stats.chi2.sf(statistic, bins - 1)}


def reference(name):
    data = pandas.read_csv(f"{name}.csv")
    r = from_r[name]
    lp = numpy.array(scores[name]["lp"])
    relative = numpy.exp((lp - lp.mean()) / 2)
    status = data.status.astype(bool).to_numpy()
    time = data.time.to_numpy(dtype=float)
    y = Surv.from_arrays(status, time)
    survival = numpy.exp(-numpy.outer(relative, r["hazard"]))
    brier = brier_score(y, y, survival, r["times"])[1]
    # The Nelson-Aalen hazard at each patient's own time.
    grid = numpy.unique(time)
    steps = [(status & (time == u)).sum() / (time >= u).sum() for u in grid]
    own = numpy.exp(-numpy.cumsum(steps)[numpy.searchsorted(grid, time)] * relative)
    return {
        "brier": brier.tolist(),
        "integrated": integrated_brier_score(y, y, survival, r["times"]),
        "dCalibration": d_calibration(own, status, 10),
    }


json.dump(
    {"sksurv": sksurv.__version__, "numpy": numpy.__version__, "sets": {name: reference(name) for name in from_r}},
    open("calibration-python.json", "w"))
