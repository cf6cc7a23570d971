"""Writes survival-python.json: numbers of scikit-survival and lifelines for the data sets beside this file.

Run in this folder after survival.R, whose scores and times it takes: python survival.py
Needs: scikit-survival==0.28.0 lifelines==0.30.3 pandas
"""

import json
import warnings

import lifelines
import numpy
import pandas
import sksurv
from lifelines.statistics import multivariate_logrank_test
from lifelines.utils import restricted_mean_survival_time
from sksurv.metrics import concordance_index_censored, cumulative_dynamic_auc
from sksurv.nonparametric import kaplan_meier_estimator
from sksurv.util import Surv

warnings.simplefilter("ignore")
from_r = json.load(open("survival-R.json"))["sets"]


def reference(name):
    data = pandas.read_csv(f"{name}.csv")
    r = from_r[name]
    times, lp = numpy.array(r["times"], dtype=float), numpy.array(r["lp"])
    status = data.status.astype(bool).to_numpy()
    y = Surv.from_arrays(status, data.time.astype(float))
    auc, mean = cumulative_dynamic_auc(y, y, lp, times)
    harrell = concordance_index_censored(status, data.time, lp)
    km_times, survival = kaplan_meier_estimator(status, data.time.astype(float))
    fit = lifelines.KaplanMeierFitter().fit(data.time, status)
    covariates = [c for c in data.columns if c not in ("time", "status", "event", "group", "strat")]
    cox = lifelines.CoxPHFitter().fit(
        data[["time", "status"] + covariates], "time", "status", fit_options={"precision": 1e-12})
    return {
        "auc": auc.tolist(),
        "meanAUC": float(mean),
        "harrell": float(harrell[0]),
        "kmTime": km_times.tolist(),
        "kmSurvival": survival.tolist(),
        "median": float(fit.median_survival_time_),
        "restrictedMean": float(restricted_mean_survival_time(fit, t=r["horizon"])),
        "logrankManyGroups": float(multivariate_logrank_test(data.time, data.strat, status).test_statistic),
        "coxEfron": cox.params_.tolist(),
        "coxEfronSE": cox.standard_errors_.tolist(),
    }


out = {
    "versions": {"scikit-survival": sksurv.__version__, "lifelines": lifelines.__version__},
    "sets": {name: reference(name) for name in ("veteran", "lung", "pbc", "gbsg2")},
}
json.dump(out, open("survival-python.json", "w"))
