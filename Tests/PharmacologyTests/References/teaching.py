"""The teaching models of References/Models in the set-ups of teaching_cases.json, by SciPy.

Writes teaching.csv and teaching.info.json. The equations stand here a second time. Linear compartments are differential
equations here and linCmt() there; delays are closed forms (lifespan) or integrated interval by interval of the delay.
"""

import json
import sys
from math import exp, expm1, log

import numpy as np
import scipy
from scipy.integrate import solve_ivp

import library
from library import Model, simulate


class Linear(Model):
    """Absorption into a central compartment with any number of peripheral ones: `sides` holds (q, volume)."""

    def set(self, ka, cl, v, sides=(), fraction=1.0, lag=0.0):
        self.ka, self.cl, self.v, self.sides, self.fraction, self.later = ka, cl, v, sides, fraction, lag
        self.states = ("depot", "central") + tuple(f"peripheral{i + 1}" for i in range(len(sides)))

    def arriving(self, compartment, amount):
        return amount * self.fraction

    def lag(self, compartment):
        return self.later

    def f(self, t, s):
        c = s["central"] / self.v
        flows = [q * (c - s[f"peripheral{i + 1}"] / v) for i, (q, v) in enumerate(self.sides)]
        return [-self.ka * s["depot"], self.ka * s["depot"] - self.cl * c - sum(flows)] + flows

    def seen(self, t, s):
        return dict(s) | {"cp": s["central"] / self.v}


class One(Linear):
    def prepare(self):
        w = self.p["WT"] / 70
        self.set(1.2, 4 * exp(self.etalcl) * w**0.75, 35 * w, fraction=0.8, lag=0.25)


class Two(Linear):
    def prepare(self):
        self.set(0.9, 5, 50, [(8, 100)])


class Three(Linear):
    def prepare(self):
        self.set(1.5, 6, 20, [(12, 40), (2, 150)])


class Indirect(Model):
    states = ("depot", "central", "response")

    def start(self):
        return [0, 0, 12 / 0.08]

    def f(self, t, s):
        v = 30 * exp(self.etalv)
        c = s["central"] / v
        return [
            -0.7 * s["depot"],
            0.7 * s["depot"] - 2.5 * exp(self.etalcl) * c,
            12 * (1 - 0.9 * c / (0.6 * exp(self.etalic50) + c)) - 0.08 * s["response"],
        ]

    def seen(self, t, s):
        return {"conc": s["central"] / (30 * exp(self.etalv)), "response": s["response"]}


class Target(Model):
    states = ("central", "peripheral", "target", "complex")
    method = "Radau"

    def start(self):
        return [0, 0, 8, 0]

    def f(self, t, s):
        c, r, rc = s["central"] / 3.2, s["target"], s["complex"]
        bound, moved = 12 * c * r - 1.8 * rc, 0.45 * (c - s["peripheral"] / 2.8)
        return [-0.25 * c - moved - 3.2 * bound, moved, 48 - 6 * r - bound, bound - 0.25 * rc]

    def seen(self, t, s):
        c, r = s["complex"], s["target"]
        return {"free": s["central"] / 3.2, "target": r, "complex": c, "occupancy": c / (c + r)}


class Myelosuppression(Model):
    states = ("central", "prol", "a", "b", "c", "circ")

    def start(self):
        return [0] + [4.5] * 5

    def f(self, t, s):
        chain, k, cp = [s[n] for n in self.states[1:]], 0.04, s["central"] / 12
        growth = k * chain[0] * ((1 - 4 * cp) * (4.5 / chain[4]) ** 0.18 - 1)
        return [-30 * cp, growth] + [k * (chain[i] - chain[i + 1]) for i in range(4)]

    def seen(self, t, s):
        return {"cp": s["central"] / 12, "prol": s["prol"], "circ": s["circ"]}


class Event(Model):
    states = ("central", "cumhaz")

    def hazard(self, t, s):
        return 1.4 / 60 * ((t + 1e-8) / 60) ** 0.4 * exp(-0.9 * s["central"] / 20)

    def f(self, t, s):
        return [-0.8 * s["central"], self.hazard(t, s)]

    def seen(self, t, s):
        return {
            "cp": s["central"] / 20, "hazard": self.hazard(t, s), "cumhaz": s["cumhaz"], "survival": exp(-s["cumhaz"])
        }  # fmt: skip


class Lifespan(Model):
    """Concentration in closed form, so the delay is a shift of a known function."""

    states = ("cells",)

    def prepare(self):
        self.given = []

    def start(self):
        return [3 * 48.0]

    def arriving(self, compartment, amount):
        return 0.0

    def cp(self, t):
        total = 0.0
        for time in (0.0, 60.0):
            if t > time:
                s = t - time
                total += 100 * 0.5 / (25 * 0.4) * exp(-0.1 * s) * -expm1(-0.4 * s)
        return total

    def made(self, t):
        c = self.cp(t)
        return 3 * (1 + 4 * c / (1.5 + c))

    def f(self, t, s):
        return [self.made(t) - self.made(t - 48)]

    def seen(self, t, s):
        return {"cp": self.cp(t), "made": self.made(t), "cells": s["cells"]}


def delayed_feedback(times, tolerance):
    """Interval by interval of the delay; what is before time 0 is the initial value."""
    pieces, rows, y = [], {}, np.array([1.0])

    def past(t):
        if t <= 0:
            return 1.0
        return pieces[min(int(t // 12), len(pieces) - 1)](t)[0]

    for index in range(int(max(times) // 12) + 1):
        span = (12.0 * index, 12.0 * (index + 1))
        solution = solve_ivp(lambda t, y: [2 / (1 + (past(t - 12) / 4) ** 6) - 0.2 * y[0]], span, y, "DOP853",
                             rtol=tolerance, atol=tolerance * 1e-2, dense_output=True, max_step=0.05)  # fmt: skip
        pieces.append(solution.sol)
        y = solution.y[:, -1]
    return [{"x": past(t)} for t in times]


library.MODELS |= {
    "one_compartment": One, "two_compartments": Two, "three_compartments": Three, "indirect_response": Indirect,
    "target_mediated": Target, "myelosuppression": Myelosuppression, "time_to_event": Event, "lifespan": Lifespan,
}  # fmt: skip

lines, worst = ["case,time,output,value"], 0.0
for case in json.load(open("teaching_cases.json")):
    if case["model"] == "delayed_feedback":
        exact, other = (delayed_feedback(case["times"], tolerance) for tolerance in (1e-13, 1e-9))
    else:
        if case["model"] == "lifespan":
            # Kinks of what is made, and of what leaves.
            case = case | {"doses": [], "breaks": [48, 60, 108]}
        method = library.MODELS[case["model"]].method
        exact = simulate(case)
        other = simulate(case, "LSODA" if method == "Radau" else "Radau", 1e-10)
    for output in case["outputs"]:
        size = max(abs(row[output]) for row in exact)
        for time, row, second in zip(case["times"], exact, other):
            worst = max(worst, abs(row[output] - second[output]) / size)
            lines.append(f"{case['name']},{time:g},{output},{row[output]:.13g}")
    print(case["name"], f"{worst:.1e}")
assert worst < 1e-8, worst
with open("teaching.csv", "w") as file:
    file.write("\n".join(lines) + "\n")
with open("teaching.info.json", "w") as file:
    json.dump(
        {
            "what": "outputs of the teaching models in the set-ups of teaching_cases.json",
            "method": "scipy.integrate.solve_ivp from event to event, rtol 1e-12 (DOP853; Radau for target_mediated); "
            "delayed_feedback by the method of steps; a row at the time of a dose is taken after it",
            "script": "teaching.py",
            "versions": {"python": sys.version.split()[0], "numpy": np.__version__, "scipy": scipy.__version__},
            "rows": len(lines) - 1,
            "checks": f"a second integrator agrees within {worst:.1e} of each output's largest value (asserted: 1e-8)",
        },
        file,
        indent=2,
    )
    file.write("\n")
