"""The models of Outside in the set-ups of outside_cases.json, by SciPy.

Writes outside.csv and outside.info.json. Equations, doses and covariates stand here a second time, as plain numbers: no
code reads a model or an event table. Linear systems are matrix exponentials, one delay is an integral; all else is
integrated from event to event at rtol 1e-13 (Radau: 1e-12). A row at the time of a dose is taken after it.
"""

import csv
import json
import sys
from pathlib import Path

import numpy as np
import scipy
from numpy import cos, exp, log, pi, sqrt
from scipy.integrate import quad, solve_ivp
from scipy.linalg import expm
from scipy.optimize import fsolve
from scipy.special import gammaln

CASES = {}


def case(name):
    return lambda function: CASES.setdefault(name, function)


def grid(first, last, step):
    return [first + i * step for i in range(int(round((last - first) / step)) + 1)]


def advance(rates, start, end, y, method="DOP853", atol=1e-15):
    if end <= start:
        return np.array(y, float)
    rtol = 1e-13 if method == "DOP853" else 1e-12
    return solve_ivp(rates, (start, end), y, method=method, rtol=rtol, atol=atol).y[:, -1]


def course(rates, y, times, doses=(), infusions=(), breaks=(), **how):
    """The states at `times`; `rates(t, y, since)` may depend on the last break. Doses: (time, state, amount)."""
    y = np.array(y, float)
    cuts = set(times) | set(breaks) | {d[0] for d in doses} | {x for i in infusions for x in i[:2]}
    now, found = min(cuts), []
    for cut in sorted(cuts):
        def total(t, y, since=now, end=cut):
            d = np.array(rates(t, y, since), float)
            for begin, stop, state, rate in infusions:
                if begin <= since and stop >= end:
                    d[state] += rate
            return d
        y = advance(total, now, cut, y, **how)
        now = cut
        for time, state, amount in doses:
            if time == cut:
                y[state] += amount
        if cut in times:
            found.append(y.copy())
    return np.array(found)


@case("parallel absorption")
def parallel_absorption():
    times = grid(0, 48, 2)
    weight = lambda t: 80 if t < 24 else 90

    def rates(t, y, since):
        w = weight(since) / 70
        c = y[1] / (15 * w)
        return [-exp(0.1) * y[0], exp(0.1) * y[0] - 8 * w**0.75 * c / (1.5 + c)]

    y = course(rates, [0, 0], times, [(0, 0, 80), (24, 0, 80)], [(0, 4, 1, 30), (24, 28, 1, 30)])
    return {(1, "Cc"): (times, [s[1] / (15 * weight(t) / 70) for t, s in zip(times, y)])}


@case("binding to a receptor")
def receptor_binding():
    times = grid(0, 28, 1)

    def rates(t, y, since):
        ligand, outer, receptor, bound = y
        b = 1.2 * ligand * receptor - 0.05 * bound
        return [-0.25 / 3.1 * ligand - b - 0.3 * ligand + 0.2 * outer, 0.3 * ligand - 0.2 * outer,
                0.9 * 4 - 0.9 * receptor - b, b - 0.6 * bound]

    y = course(rates, [0, 0, 4, 0], times, infusions=[(d, d + 0.1, 0, 500) for d in (0, 7, 14)], method="Radau")
    return {(7, "L"): (times, y[:, 0]), (7, "R"): (times, y[:, 2]), (7, "occ"): (times, y[:, 3] / (y[:, 3] + y[:, 2]))}


@case("transit input of order 4.3")
def transit_input():
    times, rate = grid(0, 48, 2), 5.3 / 3

    def rates(t, y, since):
        s = t - (24 if since >= 24 else 0)
        arriving = 80 * exp(log(rate) + 4.3 * log(rate * s) - rate * s - gammaln(5.3)) if s > 0 else 0
        return [arriving - 0.9 * y[0], 0.9 * y[0] - 2 / 12 * y[1]]

    return {(1, "cp"): (times, course(rates, [0, 0], times, breaks=[0, 24])[:, 1] / 12)}


@case("recirculation")
def recirculation():
    times = grid(0.5, 40.5, 1)

    def rates(t, y, since):
        gall = 2.1 if 6 <= since < 7.5 else 1.05 if 30 <= since < 31 else 0
        return [-y[0] + gall * y[2], y[0] - (3 / 25 + 0.3) * y[1], 0.3 * y[1] - gall * y[2]]

    y = course(rates, [0, 0, 0], times, [(0, 0, 100)], breaks=[6, 7.5, 30, 31])
    return {(1, "cp"): (times, y[:, 1] / 25)}


@case("four indirect responses")
def four_responses():
    times, ka, cl, v = grid(0, 72, 3), 0.8 * exp(0.2), 2 * exp(-0.3), 30 * exp(0.1)

    def rates(t, y, since):
        c = max(y[1] / v, 0)
        fall, rise = 1 - 0.85 * c**1.4 / (0.7**1.4 + c**1.4), 1 + 2 * c / (0.7 + c)
        return [-ka * y[0], ka * y[0] - cl / v * y[1], 12 * fall - 0.15 * y[2], 12 - 0.15 * fall * y[3],
                12 * rise - 0.15 * y[4], 12 - 0.15 * rise * y[5]]

    y = course(rates, [0, 0, 80, 80, 80, 80], times, [(0, 0, 100), (12, 0, 100), (24, 0, 100), (36, 0, 50)])
    return {(1, f"r{i}"): (times, y[:, 1 + i]) for i in (1, 2, 3, 4)} | {(1, "cp"): (times, y[:, 1] / v)}


@case("dying tumour cells")
def tumour_chain():
    times = grid(0, 60, 2)

    def rates(t, y, since):
        c, x1, x2, x3, x4 = y
        growth = 0.3 / (1 + (0.3 / 0.8 * (x1 + x2 + x3 + x4)) ** 20) ** (1 / 20)
        kill = 0.02 * c / 2 * x1
        return [-0.5 * c, growth * x1 - kill, kill - 0.9 * x2, 0.9 * (x2 - x3), 0.9 * (x3 - x4)]

    y = course(rates, [0, 0.05, 0, 0, 0], times, [(9, 0, 45), (13, 0, 45), (17, 0, 45)])
    return {(1, "wt"): (times, y[:, 1:].sum(1))}


@case("occasions and resets")
def parent_metabolite():
    times, found, y, now = grid(0, 72, 3), [], np.zeros(4), 0
    for t in times:
        cl = 8 * exp(0.2 + (0.1 if now < 24 else -0.3 if now < 48 else 0.25))
        y = advance(lambda t, y: [-0.8 * y[0], 0.8 * 0.8 * y[0] - cl / 50 * y[1],
                                  0.2 * 0.8 * y[0] + 0.35 * cl / 50 * y[1] - 4 / 30 * y[2], 0.65 * cl / 50 * y[1]],
                    now, t, y)
        now = t
        y = {0: np.array([100.0, 0, 0, 0]), 24: np.array([100.0, 0, 0, 0]), 48: np.array([0, 50.0, 0, 0])}.get(t, y)
        found.append(y.copy())
    y = np.array(found)
    return {(1, "cp"): (times, y[:, 1] / 50), (1, "cm"): (times, y[:, 2] / 30), (1, "ur"): (times, y[:, 3])}


@case("viral load on a logarithm")
def infection():
    times, s, d, b, loss, p, c = grid(0, 60, 4), 2.6e4, 0.0026, 2.25e-7, 0.28, 29.0, 6.0
    cells = c * loss / (p * b)
    infected = (s - d * cells) / loss

    def rates(t, y, since):
        effect = 0.95 if since >= 14 else 0
        return [s - d * y[0] - b * y[2] * y[0], b * y[2] * y[0] - loss * y[1], (1 - effect) * p * y[1] - c * y[2]]

    y = course(rates, [cells, infected, p * infected / c], times, breaks=[14], atol=1e-18)
    return {(1, "lV"): (times, np.log10(y[:, 2])), (1, "V"): (times, y[:, 2]), (1, "Tc"): (times, y[:, 0])}


def circadian(between):
    rows = {0: 0, 6: 10, 13.5: 4, 20: 12, 30: 3, 48: 5}
    times = sorted(set(grid(0, 48, 1.5)) | set(rows))

    def exposure(t, since):
        last = max(r for r in rows if r <= since)
        following = [r for r in rows if r > since]
        if between == "last" or not following:
            return rows[last]
        if between == "next":
            return rows[following[0]]
        return rows[last] + (rows[following[0]] - rows[last]) * (t - last) / (following[0] - last)

    def rates(t, y, since):
        return [3 * (1 + 0.4 * cos(2 * pi * (t - 8) / 24)) * (1 - 0.02 * exposure(t, since)) - 0.3 * y[0]]

    r = course(rates, [10], times)[:, 0]
    hour = np.array(times) % 24
    return {(1, "R"): (times, r), (1, "hr"): (times, hour), (1, "day"): (times, np.array(times) // 24),
            (1, "awake"): (times, (hour > 7) & (hour < 23)), (1, "sg"): (times, np.sign(r - 10)),
            (1, "mm"): (times, np.maximum(r, 9) - np.minimum(r, 9.5)), (1, "l1"): (times, np.log1p(0.1 * r) - 0.1 * r)}


CASES["circadian rhythm, last value forward"] = lambda: circadian("last")
CASES["circadian rhythm, next value backward"] = lambda: circadian("next")
CASES["circadian rhythm, straight lines"] = lambda: circadian("line")


@case("declared courses of covariates")
def declared_courses():
    times, weight, creatinine, input_, diet = [0, 6, 12, 20], [70, 80, 60, 60], [1, 2, 0.5, 0.5], [0, 6, 0, 4], [3, 1, 2, 2]

    def rates(t, y, since):
        i = times.index(since)
        line = lambda v: v[i] + (v[i + 1] - v[i]) * (t - since) / (times[i + 1] - since)
        # expit(logit(0.3)) between 0 and 2 is 0.6.
        return [line(input_) + diet[i + 1] - 2 * (weight[i] / 70) ** 0.75 * line(creatinine) * 0.6 / 10 * y[0]]

    a = course(rates, [0], times)[:, 0]
    return {(1, "a"): (times, a), (1, "w"): (times, weight), (1, "cr"): (times, creatinine), (1, "di"): (times, diet)}


@case("classes from a table")
def classes():
    return {(1, "cp"): ([5], [10 * exp(-2.0)]), (2, "cp"): ([5], [100 / 30 * exp(-5 / 30)])}


@case("the most probable class")
def most_probable():
    return {(1, "cp"): ([5], [100 / 30 * exp(-5 / 30)])}


@case("Weibull input and hazard")
def weibull_input():
    times = grid(0, 36, 1.5)

    def rates(t, y, since):
        if since < 1:
            return [-0.3 * y[0]]
        begin, amount = (1, 100) if since < 13 else (13, 60)
        s = max(t - begin, 0) / 3
        return [amount * 1.7 / 3 * s**0.7 * exp(-(s**1.7)) - 0.3 * y[0]]

    y = course(rates, [0], times, breaks=[1, 13] + grid(1, 36, 0.125))
    return {(1, "cp"): (times, y[:, 0] / 10), (1, "sur"): (times, exp(-((np.array(times) / 40) ** 0.7)))}


@case("lifespan by a delay")
def lifespan_pool():
    times, doses = grid(0, 30, 1.5), (3, 10)

    def production(t, since):
        c = sum(5 * exp(-0.4 * (t - d)) for d in doses if since >= d)
        return 2 * (1 - 0.8 * c / (1 + c))

    cuts, pool, now, found = sorted(set(times) | {3, 10, 9, 16}), 12.0, 0, []
    for cut in cuts:
        middle = (now + cut) / 2
        if cut > now:
            for lag, sign in ((0, 1), (6, -1)):
                area = quad(lambda t: production(t - lag, middle - lag), now, cut, epsabs=1e-14, epsrel=1e-13)[0]
                pool += sign * area
        now = cut
        if cut in times:
            found.append(pool)
    return {(1, "E"): (times, found)}


@case("sixteen organs")
def whole_body():
    times = [0, 0.083, 0.25, 0.5, 1, 2, 4, 8, 12, 24, 36, 48]
    volumes = dict(lung=0.5, brain=1.4, heart=0.3, muscle=29, skin=3.3, fat=18, bone=10, kidney=0.3, spleen=0.15,
                   gut=1.2, pancreas=0.1, liver=1.8, rest=5)
    affinity = dict(lung=0.9, brain=1.8, heart=1.5, muscle=2.1, skin=1.9, fat=8, bone=1.2, kidney=3, spleen=2, gut=2.5,
                    pancreas=2.2, liver=3.4, rest=1.7)
    share = dict(brain=0.12, heart=0.04, muscle=0.17, skin=0.05, fat=0.05, bone=0.05, kidney=0.19, spleen=0.03,
                 gut=0.15, pancreas=0.01, rest=0.06)
    flow = {organ: 390 * part for organ, part in share.items()}
    place = {name: i for i, name in enumerate(["lumen", *volumes, "arteries", "veins"])}
    portal = ("spleen", "gut", "pancreas")
    hepatic = 390 * 0.08 + sum(flow[o] for o in portal)

    def rates(t, y, since):
        leaving = {o: y[place[o]] / volumes[o] * 1.1 / affinity[o] for o in volumes}
        arterial, venous = y[place["arteries"]] / 1.7, y[place["veins"]] / 3.9
        d = np.zeros(16)
        for organ in flow:
            d[place[organ]] = flow[organ] * (arterial - leaving[organ])
        d[place["lumen"]] = -0.9 * y[0]
        d[place["gut"]] += 0.9 * y[0]
        d[place["kidney"]] -= 4 * 0.1 * leaving["kidney"] / 1.1
        d[place["lung"]] = 390 * (venous - leaving["lung"])
        d[place["arteries"]] = 390 * (leaving["lung"] - arterial)
        free = 0.1 * leaving["liver"] / 1.1
        d[place["liver"]] = (390 * 0.08 * arterial + sum(flow[o] * leaving[o] for o in portal)
                             - hepatic * leaving["liver"] - 60 * free / (1 + free / 5))
        back = sum(flow[o] * leaving[o] for o in flow if o not in portal)
        d[place["veins"]] = back + hepatic * leaving["liver"] - 390 * venous
        return d

    y = course(rates, np.zeros(16), times, [(0, 0, 80)], [(12, 12.5, place["veins"], 60)], method="Radau", atol=1e-13)
    return {(1, "Cp"): (times, y[:, place["veins"]] / 3.9 / 1.1), (1, "Aliver"): (times, y[:, place["liver"]])}


@case("absorption that switches after each dose")
def absorption_switch():
    times, doses = grid(0, 40, 1.25), [0, 8, 16, 24]

    def rates(t, y, since):
        ka = 1.4 if since - max(d for d in doses if d <= since) >= 2 else 0.3
        return [-ka * y[0], ka * y[0] - 1.5 / 9 * y[1]]

    y = course(rates, [0, 0], times, [(d, 0, 100) for d in doses] + [(10, 1, 30)], breaks=[d + 2 for d in doses])
    return {(1, "cp"): (times, y[:, 1] / 9), (1, "dn"): (times, y[:, 1] / 900)}


@case("saturable elimination at steady state, with lag")
def steady_chain():
    times = grid(0, 24, 1.5)

    def rates(t, y, since=0):
        c = y[4] / 25
        return [-1.1 * y[0], 1.1 * (y[0] - y[1]), 1.1 * (y[1] - y[2]), 1.1 * (y[2] - y[3]), 1.1 * y[3] - 20 * c / (3 + c)]

    def after(y, span):
        return advance(rates, 0, span, np.array(y) + [120, 0, 0, 0, 0], atol=1e-13)

    trough = np.array([0, 0, 0, 0, 60.0])
    for _ in range(200):
        trough = after(trough, 12)
    trough = fsolve(lambda y: after(y, 12) - y, trough, xtol=1e-14)
    y = course(rates, after(trough, 11.6), times, [(0.4, 0, 120), (12.4, 0, 120)])
    return {(1, "cp"): (times, y[:, 4] / 25)}


@case("resistant bacteria")
def bacteria():
    times = grid(0, 48, 2)

    def rates(t, y, since):
        drug = max(y[0], 0)
        kill, room = 4.5 * drug**1.8 / (0.6**1.8 + drug**1.8), 1 - (y[1] + y[2]) / 1e9
        return [-0.25 * y[0], (1.2 * room - 0.1 - kill) * y[1], (1.2 * room - 0.1 - 0.05 * kill) * y[2]]

    y = course(rates, [0, 10**5.8, 10**-0.2], times, [(2 + 12 * i, 0, 8) for i in range(3)], atol=1e-20)
    return {(1, "lcfu"): (times, np.log10(y[:, 1] + y[:, 2] + 1)), (1, "Rr"): (times, y[:, 2])}


@case("score and count")
def score():
    times = np.array(grid(0, 24, 4))
    lp = 0.08 * 5 * (times // 8) + 0.3
    p0, p01 = 1 / (1 + exp(1 + lp)), 1 / (1 + exp(-1.2 + lp))
    return {(1, "p1"): (times, p01 - p0), (1, "p2"): (times, 1 - p01), (1, "rate0"): (times, exp(0.4) * (1 + 0.1 * times))}


# One depot and one central compartment, ka 1, k 0.2: matrix exponentials.
K = np.array([[-1.0, 0], [1.0, -0.2]])
EACH = grid(0, 60, 1.25)


def records(changes, infusions=(), times=EACH, before=False):
    """The states at `times`; changes: (time, function of the state)."""
    cuts = sorted(set(times) | {c[0] for c in changes} | {x for i in infusions for x in i[:2]})
    y, now, found = np.zeros(2), cuts[0], []
    for cut in cuts:
        m = np.zeros((3, 3))
        m[:2, :2] = K
        for begin, stop, state, rate in infusions:
            m[state, 2] += rate if begin <= now and stop >= cut else 0
        y = (expm(m * (cut - now)) @ np.append(y, 1))[:2]
        now = cut
        if before and cut in times:
            found.append(y)
        for time, change in changes:
            y = change(y) if time == cut else y
        if not before and cut in times:
            found.append(y)
    return np.array(found)


def give(state, amount):
    return lambda y: y + amount * np.eye(2)[state]


def steady(amount, interval):
    """The state right after a dose into the depot that has been repeated for ever."""
    return np.linalg.solve(np.eye(2) - expm(K * interval), [amount, 0])


def seen(y):
    return {(1, "cp"): (EACH, y[:, 1] / 10), (1, "depot"): (EACH, y[:, 0])}


@case("records of every kind, out of order")
def every_kind():
    empty, half = (lambda y: 0 * y), (lambda y: y * [1, 0.5])
    return seen(records([(0.5, give(0, 70)), (12.5, give(0, 70)), (24.5, give(0, 70)), (10.25, give(1, 36)),
                         (31, lambda y: np.array([y[0], 33])), (36, half), (40, empty), (40.25, give(1, 18)),
                         (50, empty), (50.5, give(0, 7))]))


@case("modelled rates and durations")
def modelled():
    return seen(records([], [(0.5, 3.5, 0, 70 / 3), (24.5, 27.5, 0, 70 / 3), (5.25, 14.25, 1, 9), (30.25, 34.75, 1, 10),
                             (41.25, 45.25, 1, 27 / 4)]))


@case("steady state on top of another")
def added():
    return seen(records([(0, lambda y: steady(100, 24)), (6, lambda y: y + steady(50, 24))]))


def infused(span, length, rate):
    """What an infusion into the central compartment has brought `span` after its start."""
    m = np.zeros((3, 3))
    m[:2, :2], m[1, 2] = K, rate
    return expm(K * max(span - length, 0)) @ (expm(m * min(span, length)) @ [0, 0, 1])[:2]


@case("infusions longer than the interval at steady state")
def overlapping():
    start = sum(infused(8 * n, 20, 5) for n in range(1, 200))
    return seen(records([(0, lambda y: start)], [(0, 20, 1, 5), (0, 12, 1, 5), (0, 4, 1, 5)]))


@case("steady state with lag and bioavailability")
def lagged():
    return seen(records([(0, lambda y: expm(K * 11.5) @ steady(70, 12)), (0.5, give(0, 70)), (12.5, give(0, 70))]))


@case("steady state again later")
def again():
    later = np.linalg.solve(np.eye(2) - expm(K * 8), expm(K * 6) @ infused(2, 2, 25))
    return seen(records([(0, lambda y: steady(100, 12)), (12, give(0, 100)), (24, give(0, 100)), (40, lambda y: later)],
                        [(40, 42, 1, 25)]))


@case("samples before doses, subjects by name")
def named():
    a = records([(0, give(1, 100)), (10, give(1, 50))], times=[5, 10, 12], before=True)
    b = records([(1, give(0, 10))], times=[2, 3])
    return {("A-1", "cp"): ([5, 10, 12], a[:, 1] / 10), ("B", "cp"): ([2, 3], b[:, 1] / 10)}


def main():
    here = Path(__file__).parent
    names = [c["name"] for c in json.loads((here / "outside_cases.json").read_text())]
    assert sorted(names) == sorted(CASES), set(names) ^ set(CASES)
    count = 0
    with open(here / "outside.csv", "w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["case", "id", "time", "variable", "value"])
        for name in names:
            for (subject, variable), (times, values) in CASES[name]().items():
                for time, value in zip(times, values):
                    table.writerow([name.replace(",", ";"), subject, f"{float(time)!r}", variable, f"{float(value)!r}"])
                    count += 1
    info = {
        "what": "outputs of the models of Outside in the set-ups of outside_cases.json",
        "source": "the equations, written a second time in Python by the author of the models; no data of others",
        "method": "matrix exponentials, an integral, or scipy.integrate.solve_ivp from event to event at rtol 1e-13 "
                  "(DOP853) or 1e-12 (Radau); a row at the time of a dose is taken after it unless the case says before",
        "script": "outside.py",
        "versions": {"python": sys.version.split()[0], "numpy": np.__version__, "scipy": scipy.__version__},
        "rows": count,
    }
    (here / "outside.info.json").write_text(json.dumps(info, indent=2) + "\n")


if __name__ == "__main__":
    main()
