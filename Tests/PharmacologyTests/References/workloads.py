"""Three pharmacometric workloads for eight fixed subjects each, by SciPy.

* w1: two-compartment oral model, 100 mg every 12 h (linear: by matrix exponentials)
* w2: oral one-compartment model with an indirect response (inhibition of kin), 100 mg a day for 28 days
* w4: two-compartment infusions every three weeks with Friberg's myelosuppression chain

The parameters are typical values times exp(eta), the etas eight fixed patterns in units of their standard deviations.
A row at the time of a dose is taken after it. Writes w1.csv, w2.csv, w4.csv and workloads.info.json.
"""

import json
import math
import sys

import numpy as np
import scipy
from scipy.integrate import solve_ivp
from scipy.linalg import expm

PATTERNS = [[0], [1], [-1], [1.5, -1.5], [-1.5, 1.5], [2, 0, -2], [-2, 2, 0], [0.25, -0.75, 1.25]]


def subjects(typical, variances):
    for pattern in PATTERNS:
        etas = [pattern[j % len(pattern)] * math.sqrt(v) for j, v in enumerate(variances)]
        yield {name: value * math.exp(eta) for (name, value), eta in zip(typical.items(), etas)}


def pieces(doses, end, infusion=0.0):
    """Stops of the integration: dose times, ends of infusions, the end."""
    stops = {0.0, float(end)} | set(doses) | ({d + infusion for d in doses} if infusion else set())
    return sorted(s for s in stops if s <= end)


def integrate(f, y, doses, amount, place, grid, infusion=0.0, method="DOP853", tolerance=1e-13):
    """Rows (time, state) on the grid; `f(t, y, rate)`; boluses of `amount` into `place`, or infusions."""
    rows, stops = [], pieces(doses, grid[-1], infusion)
    y = np.array(y, float)
    for left, right in zip(stops, stops[1:] + [None]):
        rate = 0.0
        if infusion:
            rate = amount / infusion if any(d <= left < d + infusion for d in doses) else 0.0
        elif left in doses:
            y = y.copy()
            y[place] += amount
        inner = grid[(grid >= left) & (grid < (right if right is not None else math.inf))]
        if right is None:
            rows += [(t, y) for t in inner]
            break
        times = np.unique(np.append(inner, right))
        solution = solve_ivp(
            lambda t, y: f(t, y, rate), (left, right), y, method, t_eval=times, rtol=tolerance, atol=tolerance * 1e-3
        )
        assert solution.success, solution.message
        rows += [(t, solution.y[:, i]) for i, t in enumerate(solution.t) if t in inner]
        y = solution.y[:, -1]
    return rows


def w1(p, method, tolerance):
    q, v3 = 8.0, 100.0
    matrix = np.array(
        [[-p["KA"], 0, 0], [p["KA"], -(p["CL"] + q) / p["V2"], q / v3], [0, q / p["V2"], -q / v3]]
    )
    doses, hours = [12.0 * i for i in range(14)], np.arange(0.0, 169)
    grid = hours[np.isin(hours % 12, [0, 1, 3, 6])]
    if method != "exact":
        return integrate(lambda t, y, r: matrix @ y, [0, 0, 0], doses, 100, 0, grid, 0.0, method, tolerance)
    one_hour, y, rows = expm(matrix), np.zeros(3), []
    for t in hours:
        y = y.copy()
        if t in doses:
            y[0] += 100
        if t in grid:
            rows.append((t, y))
        y = one_hour @ y
    return rows


def w2(p, method, tolerance):
    def f(t, y, rate):
        c = y[1] / p["V"]
        response = 10 * (1 - 0.9 * c / (p["IC50"] + c)) - p["KOUT"] * y[2]
        return [-p["KA"] * y[0], p["KA"] * y[0] - p["CL"] * c, response]

    doses = [24.0 * i for i in range(28)]
    return integrate(f, [0, 0, 10 / p["KOUT"]], doses, 100, 0, np.arange(0.0, 673, 6), 0.0, method, tolerance)


def w4(p, method, tolerance):
    q, v2, gamma, ktr = 15.0, 200.0, 0.161, 4 / p["MTT"]

    def f(t, y, rate):
        c = y[0] / p["V1"]
        growth = ktr * y[2] * (1 - p["SLOPE"] * c * 1.2377) * (p["CIRC0"] / y[6]) ** gamma
        chain = [ktr * (y[i - 1] - y[i]) for i in range(3, 7)]
        exchange = q * c - q * y[1] / v2
        return [rate - p["CL"] * c - exchange, exchange, growth - ktr * y[2], *chain]

    doses = [504.0 * i for i in range(4)]
    return integrate(f, [0, 0] + [p["CIRC0"]] * 5, doses, 140, 0, np.arange(0.0, 2017, 24), 1.0, method, tolerance)


WORKLOADS = {
    "w1": (w1, dict(CL=5.0, V2=50.0, KA=1.0), [0.09, 0.09, 0.16], "GUT,CENT,PERI", "exact"),
    "w2": (
        w2,
        dict(CL=3.0, V=40.0, KA=1.2, KOUT=0.1, IC50=0.5),
        [0.09, 0.04, 0.16, 0.04, 0.16],
        "GUT,CENT,RESP",
        "DOP853",
    ),
    "w4": (
        w4,
        dict(CL=40.0, V1=10.0, CIRC0=5.05, MTT=88.7, SLOPE=8.58),
        [0.16, 0.09, 0.10, 0.04, 0.18],
        "CENT,PERI,PROL,T1,T2,T3,CIRC",
        "DOP853",
    ),
}

checks, rows = [], 0
for name, (solve, typical, variances, states, method) in WORKLOADS.items():
    lines, worst = ["ID," + ",".join(typical) + ",time," + states], 0.0
    for number, p in enumerate(subjects(typical, variances), 1):
        exact, other = solve(p, method, 1e-13), solve(p, "Radau", 1e-9)
        largest = np.max([np.abs(y) for _, y in exact], axis=0)
        for (t, y), (u, z) in zip(exact, other, strict=True):
            assert t == u
            worst = max(worst, float(np.max(np.abs(y - z) / largest)))
            values = [repr(v) for v in p.values()] + [f"{t:g}"] + [f"{v:.13g}" for v in y]
            lines.append(",".join([str(number)] + values))
    assert worst < 1e-7, (name, worst)
    checks.append(f"{name}: Radau at rtol 1e-9 agrees within {worst:.1e} of each column's largest value")
    rows += len(lines) - 1
    with open(name + ".csv", "w") as file:
        file.write("\n".join(lines) + "\n")

with open("workloads.info.json", "w") as file:
    json.dump(
        {
            "what": "States of eight fixed subjects under three dosing workloads: w1 two-compartment oral, w2 indirect "
            "response, w4 Friberg myelosuppression; times in h, amounts in mg, cells in 1e9/L",
            "source": "w4: Friberg LE et al., J Clin Oncol 2002;20:4713-4721 (structure)",
            "method": "w1 matrix exponentials; w2 and w4 scipy.integrate.solve_ivp, DOP853, rtol 1e-13, restarted at each "
            "dose and end of infusion; a row at the time of a dose is taken after it",
            "script": "workloads.py",
            "versions": {"python": sys.version.split()[0], "numpy": np.__version__, "scipy": scipy.__version__},
            "rows": rows,
            "checks": checks,
        },
        file,
        indent=2,
    )
    file.write("\n")
