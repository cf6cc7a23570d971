"""The standard checks of the bundled models, by SciPy: the numbers that the tests expect of the engine.

Writes library_checks.json. Published or earlier computed numbers stand beside those found here; the tests compare the
engine with the published ones and, more tightly, with these.
"""

import csv
import json
import sys
from math import exp, log, sqrt

import numpy as np
import scipy
from scipy.optimize import brentq, fsolve, minimize_scalar

from library import MODELS, PATIENTS, Adams, DallaMan, simulate

RESULTS = {}


def record(name, value, published=None):
    RESULTS[name] = {"value": value} | ({"published": published} if published is not None else {})
    print(f"{name}: {value} (published {published})")


def case(model, inputs, doses=(), **more):
    return {"model": model, "inputs": inputs, "doses": list(doses)} | more


def course(c, output, times):
    return np.array([row[output] for row in simulate(c, times=[float(t) for t in times])])


# S2: the share of O'Reilly's observations inside the 5-95 % band of 4,000 simulated patients each.
def warfarin_coverage(half_life=True):
    rng = np.random.default_rng(20170210)
    rows = list(csv.DictReader(open("warfarin_pkpd.csv")))
    inside, n = {"cp": 0, "pca": 0}, {"cp": 0, "pca": 0}
    for who in sorted({int(r["id"]) for r in rows}):
        mine = [r for r in rows if int(r["id"]) == who]
        size, amount = float(mine[0]["wt_kg"]) / 70, float(mine[0]["amt_mg"])
        draw = lambda typical, variance: typical * np.exp(rng.normal(0, sqrt(variance), 4000))
        cl, v = draw(0.131, 0.0649) * size**0.75, draw(8.06, 0.0201) * size
        ka, lag = log(2) / draw(0.944, 0.447), draw(1.03, 0.311)
        e0, c50, teq = draw(96.7, 0.00199), draw(1.2, 0.136), draw(12.9, 0.0143)
        ke, k = cl / v, (log(2) if half_life else 1) / teq

        def cp(t):
            s = np.maximum(t - lag, 0)
            return amount * ka / (v * (ka - ke)) * (np.exp(-ke * s) - np.exp(-ka * s))

        observed = [(float(r["time_h"]), r["dvid"], float(r["dv"])) for r in mine if r["evid"] == "0" and r["dv"]]
        pca, now, step = e0.copy(), 0.0, 0.125
        f = lambda t, y: k * (e0 * (1 - cp(t) / (c50 + cp(t))) - y)
        for t, kind, value in sorted(observed):
            while now < t - 1e-9:
                k1 = f(now, pca)
                k2 = f(now + step / 2, pca + step / 2 * k1)
                k3 = f(now + step / 2, pca + step / 2 * k2)
                k4 = f(now + step, pca + step * k3)
                pca, now = pca + step / 6 * (k1 + 2 * k2 + 2 * k3 + k4), now + step
            if kind == "cp":
                y = cp(t) * (1 + rng.normal(0, sqrt(0.00478), 4000)) + rng.normal(0, sqrt(0.135), 4000)
            else:
                y = pca + rng.normal(0, sqrt(13.9), 4000)
            low, high = np.quantile(y, [0.05, 0.95])
            n[kind] += 1
            inside[kind] += low <= value <= high
    return [inside[k] / n[k] for k in ("cp", "pca")] + [sum(inside.values()) / sum(n.values())]


record("S2 coverage of cp, pca, both", warfarin_coverage(), [0.90, 0.90, 0.90])
record("S2 coverage if 12.9 h were a mean time", warfarin_coverage(half_life=False))

# S4: area under the curve, slow over fast.
areas = []
for fast in (0, 1):
    c = case("isoniazid_wilkins_2011", {"WT": 70, "SEXF": 0, "HIV": 0, "fast_acetylator": fast},
             [{"to": "depot", "amount": 300}])  # fmt: skip
    areas.append(300 / (21.6 if fast else 9.70))
record("S4 AUC ratio slow/fast", areas[0] / areas[1], 2.23)


# S5: areas of a dosing interval on days 1 and 14.
def rifampicin_area(dose, day, ffm=45):
    c = case("rifampicin_svensson_2018", {"FFM": ffm}, [{"to": "depot", "amount": dose, "every": 24, "count": 14}])
    times = 24 * (day - 1) + np.linspace(0, 24, 2401)
    return float(scipy.integrate.simpson(course(c, "cp", times), x=times))


record("S5 AUC24 of 600 mg on days 1 and 14, FFM 45 kg", [rifampicin_area(600, 1), rifampicin_area(600, 14)])
record("S5 AUC24 of 1200 mg on days 1 and 14, FFM 45 kg", [rifampicin_area(1200, 1), rifampicin_area(1200, 14)])
record("S5 AUC24 of 2000 mg on day 14, FFM 45 kg (35 mg/kg)", rifampicin_area(2000, 14), 235)

# S6
record("S6 nivolumab, clearance at the end over start", exp(-0.295), 0.745)
for name, arm, published in (("docetaxel", 1, [12.46, 9.44]), ("pembrolizumab", 0, [42.2, 24.9])):
    inputs = {"DOCETAXEL": arm, "DOSTARLIMAB": 0, "DOSTARLIMAB_CHEMO": 0, "PEMBROLIZUMAB_CHEMO": 0, "LESIONS": 3}
    inputs |= {"LDH": 225.5, "PDL1": 15, "ALB": 39.4, "PROTEIN": 71, "NLR": 4.1}
    row = simulate(case("nsclc_struemper_2025", inputs), times=[0.0, 1.0])[1]
    record(f"S6 {name}: time to growth (weeks), median survival (months)", [row["ttg"], row["median_survival"] * 7 / 30.4375], published)  # fmt: skip
row = simulate(case("nsclc_claret_2014", {"ASIAN": 0, "EVER_SMOKER": 1}), times=[0.0, 56.0])
record("S6 MONET1: time to growth (days), week-8 ratio", [row[1]["ttg"], row[1]["size"] / row[0]["size"]], [117, 0.746])

# S7: 135 mg over an hour: lowest count, its day, the count on day 21.
reference = {"SEXF": 0, "ECOG1": 0, "PRIOR_THERAPY": 0, "AAG": 1.34}
for name, model, inputs, published in (
    ("a", "docetaxel_friberg_2002", {}, [1.175, 7.34, 6.05]),
    ("b", "docetaxel_kloft_2006", reference, [0.304, 8.14, 6.61]),
):
    c = case(model, inputs, [{"to": "central", "amount": 135, "duration": 1}])
    times = np.linspace(140, 240, 10001)
    counts = course(c, "circ", times)
    low = int(np.argmin(counts))
    record(f"S7 {name}: nadir, day, day 21", [counts[low], times[low] / 24, course(c, "circ", [0, 504])[1]], published)

# S8
record("S8 dihydroartemisinin, AUC of 200 mg (nmol h/L)", 520264 / 190)
both = [case("lumefantrine_kloprogge_2018", {"WT": 42, "PREGNANT": preg, "LOG10_PARASITES": 4.2, "dose_mg_per_kg": 480 / 42},
             [{"to": "depot", "amount": 480, "times": [0, 8, 24, 36, 48, 60]}]) for preg in (0, 1)]  # fmt: skip
day7 = [course(c, "cp", [0, 168])[1] for c in both]
record("S8 lumefantrine on day 7, pregnant over not, minus 1", day7[1] / day7[0] - 1, -0.202)
record("S8 lumefantrine on day 7, 42 kg (mg/L)", day7[0])
record("S8 piperaquine, AUC of three doses of 554 mg (ng h/mL)", 1000 * 554 * (1 + 1.237 + 1.474) / 55.4)
half = 2.4 * np.exp(0.42 * np.random.default_rng(2015).normal(size=1_000_000))
record("S8 half-life: median, share above 5 h, mutant ratio", [float(np.median(half)), float((half > 5).mean()), 2.0],
       [[1.8, 3.0], [0, 0.10], [1.5, 2.7]])  # fmt: skip

# S9: every patient's derivatives at the start, and glucose after a day at basal insulin.
worst, drift = 0.0, 0.0
for name, row in PATIENTS.items():
    model = DallaMan(dict(row))
    worst = max(worst, float(np.max(np.abs(model.f(0.0, dict(zip(model.states, model.start())))))))
    last = simulate(case("t1d_dallaman_2007", {}, patient=name), times=[0.0, 1440.0])[1]["glucose"]
    drift = max(drift, abs(last / row["Gb"] - 1))
record("S9 largest derivative at the start", worst, 8e-11)
record("S9 largest relative drift of glucose from Gb in 24 h", drift, 0)

# S10: steady states.
adams = Adams({"RTI": 0, "PI": 0})
derivative = lambda u: np.array(adams.f(0.0, dict(zip(adams.states, np.exp(u))))) / np.exp(u)
for name, guess in (
    ("unhealthy", [163573, 5, 11945, 46, 63919, 24]), ("healthy", [967839, 621, 76, 6, 415, 353108])):  # fmt: skip
    root = np.exp(fsolve(derivative, np.log(guess), xtol=1e-14))
    published = {"unhealthy": [163572.75, 5.00, 11944.94, 45.60, 63918.60, 23.54],
                 "healthy": [967838.67, 620.52, 76.01, 6.09, 415.38, 353108.04]}[name]  # fmt: skip
    record(f"S10 {name} steady state", list(root), published)

# S11
rows = simulate(case("diabetes_choy_2016", {}, breaks=[42, 190]), times=[0.0, 469.0])
record("S11 baseline FPG, FSI, HbA1c", [rows[0][k] for k in ("FPG", "FSI", "HbA1c")], [7.461, 18.84, 6.502])
record("S11 weight change at week 67", rows[1]["weight"] - 104, -3.69)

# S14
record("S14 relative risk of 14.8 mmHg", 0.80**1.48, 0.72)

# S16
c = case("glioma_ribba_2012", {}, [{"to": "drug", "amount": 1, "every": 1.5, "count": 6}])
low = minimize_scalar(lambda t: course(c, "diameter", [t])[0], bounds=(25, 36), method="bounded", options={"xatol": 1e-6})
values = [course(c, "diameter", [0, 1])[0], course(c, "diameter", [9])[0], float(low.fun), float(low.x)]
record("S16 diameter at 0, at month 9, nadir, its month", values, [48.33, 40.40, 35.37, 30.5])


# S17: growth without drug is exponential, then linear; a constant concentration above lambda0 / k2 eradicates.
c = case("xenograft_simeoni_2004", {})
weights = course(c, "w", [0, 5, 30, 31])
record("S17 growth rate of the first five days, of day 30", [log(weights[1] / weights[0]) / 5, weights[3] - weights[2]], [0.273, 0.814])  # fmt: skip
record("S17 threshold concentration (ng/mL)", 0.273 / 0.000629, 434)

with open("library_checks.json", "w") as file:
    json.dump({"script": "library_checks.py", "versions": {"python": sys.version.split()[0], "numpy": np.__version__,
               "scipy": scipy.__version__}, "checks": RESULTS}, file, indent=2)  # fmt: skip
    file.write("\n")
