"""Warfarin and INR after Hamberg et al. 2007, 5 mg a day for 28 days, by SciPy.

Writes warfarin_hamberg.csv and warfarin_hamberg.info.json. The equations are written here from the paper's structure,
independently of the model file that the tests read. Each day is integrated for itself, from dose to dose, by DOP853 at
a relative tolerance of 1e-12; Radau at 1e-10 has to agree.
"""

import json
import sys

import numpy as np
import scipy
from scipy.integrate import solve_ivp

KA, V1, V2, Q = 2.0, 13.8, 6.59, 0.131
GAMMA, MTT1, MTT2, LAMBDA = 0.424, 11.6, 120.0, 3.61
REDUCTION = {"*1/*1": 0.0, "*1/*3": 0.453, "*2/*3": 0.690}
EC50 = {"G/G": 4.61, "A/G": 3.02, "A/A": 2.20}
PATIENTS = [(71, "*1/*1", "G/G"), (71, "*1/*1", "A/A"), (50, "*1/*3", "A/G"), (84, "*2/*3", "A/A")]
DOSE, DAYS, EVERY = 5.0, 28, 6.0


def right_hand_side(age, cyp2c9, vkorc1):
    clearance = 0.314 * (1 - 0.0091 * (age - 71)) * (1 - REDUCTION[cyp2c9])
    ec50 = EC50[vkorc1]

    def f(t, y):
        gut, c1, c2 = y[:3]
        cs = max(c1 / V1, 0.0)
        effect = 1 - cs**GAMMA / (ec50**GAMMA + cs**GAMMA)
        chain = np.concatenate([[effect], y[3:9]])
        return np.concatenate(
            [
                [-KA * gut, KA * gut - (clearance + Q) * c1 / V1 + Q * c2 / V2, Q * c1 / V1 - Q * c2 / V2],
                6 / MTT1 * (chain[:6] - chain[1:7]),
                [(effect - y[9]) / MTT2],
            ]
        )

    return f


def simulate(patient, method, tolerance):
    f = right_hand_side(*patient)
    y = np.array([0.0] * 3 + [1.0] * 7)
    rows = []
    for day in range(DAYS):
        y = y.copy()
        y[0] += DOSE / 2  # S-warfarin is half of the racemate
        times = 24.0 * day + np.arange(0, 24 + EVERY, EVERY)
        rows.append((times[0], y))
        solution = solve_ivp(
            f, (times[0], times[-1]), y, method, t_eval=times[1:], rtol=tolerance, atol=tolerance * 1e-2, max_step=2.0
        )
        assert solution.success, solution.message
        rows += list(zip(solution.t[:-1], solution.y.T[:-1]))
        y = solution.y[:, -1]
    rows.append((24.0 * DAYS, y))
    return rows


def observed(y):
    return y[1] / V1, y[2], y[8], y[9], 1 + 20 * max(1 - y[8] * y[9], 0) ** LAMBDA


lines = ["age,cyp2c9,vkorc1,time,cs,peripheral,a6,a7,INR"]
worst = 0.0
for patient in PATIENTS:
    exact = simulate(patient, "DOP853", 1e-12)
    other = simulate(patient, "Radau", 1e-10)
    for (time, y), (_, z) in zip(exact, other):
        values = observed(y)
        worst = max(worst, max(abs(a - b) / max(abs(a), 1e-3) for a, b in zip(values, observed(z))))
        lines.append(",".join([str(patient[0]), patient[1], patient[2], f"{time:g}"] + [f"{v:.13g}" for v in values]))
assert worst < 2e-8, worst
with open("warfarin_hamberg.csv", "w") as file:
    file.write("\n".join(lines) + "\n")
with open("warfarin_hamberg.info.json", "w") as file:
    json.dump(
        {
            "what": "S-warfarin concentration, the ends of both chains and INR, 5 mg/day for 28 days, four typical patients",
            "source": "Hamberg AK et al., Clin Pharmacol Ther 2007;81:529-538, doi:10.1038/sj.clpt.6100084",
            "method": "scipy.integrate.solve_ivp, DOP853, rtol 1e-12, atol 1e-14, restarted at each dose; a row at the time "
            "of a dose is taken after it",
            "script": "warfarin_hamberg.py",
            "versions": {"python": sys.version.split()[0], "numpy": np.__version__, "scipy": scipy.__version__},
            "rows": len(lines) - 1,
            "checks": f"Radau at rtol 1e-10 agrees within {worst:.1e} relative (asserted: 2e-8)",
        },
        file,
        indent=2,
        ensure_ascii=False,
    )
    file.write("\n")
