"""Seconds of scikit-survival and lifelines on a table: name, program, seconds (median of three), value; by tabulators."""

import sys
import time

import numpy as np

times, status, score, *columns = np.loadtxt(sys.argv[1], delimiter=",", skiprows=1, unpack=True)
covariates = np.column_stack(columns)
event = status == 1
order = np.sort(times)
grid = np.array([order[int((0.05 + 0.75 * step / 19) * (len(times) - 1))] for step in range(20)])


def report(name, program, run, repetitions=3):
    try:
        seconds, value = [], float("nan")
        for _ in range(repetitions):
            start = time.process_time()
            value = run()
            seconds.append(time.process_time() - start)
        print(f"{name}\t{program}\t{sorted(seconds)[len(seconds) // 2]}\t{float(value)}", flush=True)
    except Exception as error:
        print(f"{name} by {program}: {error}", file=sys.stderr)


try:
    from sksurv.linear_model import CoxPHSurvivalAnalysis
    from sksurv.metrics import cumulative_dynamic_auc, integrated_brier_score
    from sksurv.nonparametric import kaplan_meier_estimator
    from sksurv.util import Surv

    y = Surv.from_arrays(event, times)
    risks = 1 - np.exp(-np.outer(np.exp(score), grid))

    def kaplan_meier():
        t, s, _ = kaplan_meier_estimator(event, times, conf_type="log-log")
        return s[np.searchsorted(t, grid[10], side="right") - 1]

    report("Kaplan-Meier", "scikit-survival", kaplan_meier)
    report("Cox, 10 covariates", "scikit-survival", lambda: CoxPHSurvivalAnalysis(ties="efron").fit(covariates, y).coef_[0])
    report("AUC at 20 times", "scikit-survival", lambda: cumulative_dynamic_auc(y, y, score, grid)[1])
    report("integrated Brier", "scikit-survival", lambda: integrated_brier_score(y, y, 1 - risks, grid))
except ImportError:
    pass

try:
    from lifelines import KaplanMeierFitter
    from lifelines.utils import concordance_index

    report("Kaplan-Meier", "lifelines", lambda: KaplanMeierFitter().fit(times, event).predict(grid[10]))
    report("Harrell's C", "lifelines", lambda: concordance_index(times, -score, event), 1)
except ImportError:
    pass
