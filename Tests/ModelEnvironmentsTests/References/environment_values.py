"""Values of policies in environments by a second route.

hiv: SciPy's Radau (and LSODA, for the difference) at 1e-10, 200 decisions of five days.
zhao: constant doses. Given W0 and M0 the course is deterministic and only death is random, so that the value and the share
alive are integrals over the square of starts: a midpoint rule with 1500 x 1500 points.
Writes environment_values.json beside itself.
"""
import json
import pathlib

import numpy as np
import scipy
from scipy.integrate import solve_ivp

K = dict(l1=1e4, l2=31.98, d1=.01, d2=.01, k1=8e-7, k2=1e-4, f=.34, delta=.7, m1=1e-5, m2=1e-5, nt=100, c=13, lE=1, bE=.3,
         Kb=100, dE=.25, Kd=500, deltaE=.1)


def hiv_rates(_, y, e1, e2):
    t1, i1, t2, i2, v, e = y
    k = K
    one, two = (1 - e1) * k["k1"] * v * t1, (1 - k["f"] * e1) * k["k2"] * v * t2
    i = i1 + i2
    return [k["l1"] - k["d1"] * t1 - one, one - k["delta"] * i1 - k["m1"] * e * i1,
            k["l2"] - k["d2"] * t2 - two, two - k["delta"] * i2 - k["m2"] * e * i2,
            (1 - e2) * k["nt"] * k["delta"] * i - k["c"] * v - one - two,
            k["lE"] + k["bE"] * e * i / (i + k["Kb"]) - k["dE"] * e * i / (i + k["Kd"]) - k["deltaE"] * e]


UNHEALTHY = [163573, 11945, 5, 46, 63919, 24]
HEALTHY = [967839, 76, 621, 6, 415, 353108]


def hiv(policy, start, method, r2=2e3, after=False):
    y, value = np.array(start, float), 0.0
    for step in range(200):
        e1, e2 = policy(step, y)
        before = y
        y = solve_ivp(hiv_rates, (0, 5), y, method=method, args=(e1, e2), rtol=1e-10, atol=1e-10).y[:, -1]
        seen = y if after else before
        value += .98 ** step * (-.1 * seen[4] - 2e4 * e1 ** 2 - r2 * e2 ** 2 + 1e3 * seen[5])
    return value


def by_state(_, y):
    on = y[4] > 1000 and y[5] < 1e5
    return (.7, .3) if on else (0, 0)


def zhao(dose, floor=True, double=False, n=1500):
    grid = (np.arange(n) + .5) * 2 / n
    w0, m0 = np.meshgrid(grid, grid)
    w, m, alive, value = w0, m0, np.ones_like(w0), np.zeros_like(w0)
    effect = 1.2 * (dose - .5)
    for _ in range(6):
        nw = w + .1 * np.maximum(m, m0) + effect
        if floor:
            nw = np.maximum(nw, 0)
        nm = np.where(m > 0, np.maximum(m + .15 * np.maximum(w, w0) - effect, 0), 0)
        hazard = (np.exp(-4 + w + m) + np.exp(-4 + nw + nm)) / (1 if double else 2)
        lives = np.exp(-hazard)
        toxicity = np.where(nw - w <= -.5, 5, np.where(nw - w >= .5, -5, 0))
        tumour = np.where(nm <= 0, 15, np.where(nm - m <= -.5, 5, np.where(nm - m >= .5, -5, 0)))
        value += alive * ((1 - lives) * -60 + lives * (toxicity + tumour))
        alive = alive * lives
        w, m = nw, nm
    return dict(value=float(value.mean()), alive=float(alive.mean()))


rows = []
for variant, start, policy, name, options in [
        ("unhealthy", UNHEALTHY, lambda *_: (0, 0), "constant:0,0", {}),
        ("unhealthy", UNHEALTHY, lambda *_: (.7, 0), "constant:0.7,0", {}),
        ("unhealthy", UNHEALTHY, lambda *_: (0, .3), "constant:0,0.3", {}),
        ("unhealthy", UNHEALTHY, lambda *_: (.7, .3), "constant:0.7,0.3", {}),
        ("unhealthy", UNHEALTHY, by_state, "rule:by-state", {}),
        ("healthy", HEALTHY, lambda *_: (0, 0), "constant:0,0", {}),
        ("whynot", UNHEALTHY, lambda *_: (.7, .3), "constant:0.7,0.3", dict(r2=2e4, after=True))]:
    radau, lsoda = (hiv(policy, start, method, **options) for method in ("Radau", "LSODA"))
    rows.append(dict(environment="hiv-treatment", variant=variant, policy=name, value=radau, lsoda=lsoda))
    print(rows[-1])
for variant, options in [("standard", {}), ("double-hazard", dict(double=True)), ("unfloored", dict(floor=False)),
                         ("code", dict(double=True, floor=False))]:
    for tenth in range(1, 11):
        dose = tenth / 10
        rows.append(dict(environment="zhao-chemotherapy", variant=variant, policy=f"constant:{dose:g}", **zhao(dose, **options)))
here = pathlib.Path(__file__).parent
json.dump(rows, open(here / "environment_values.json", "w"), indent=1)
json.dump(dict(method=__doc__, numpy=np.__version__, scipy=scipy.__version__, made_by="environment_values.py"),
          open(here / "environment_values.info.json", "w"), indent=1)
