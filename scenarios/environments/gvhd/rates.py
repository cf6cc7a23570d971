"""The rates of environment.yaml from bmt_gvhd.csv (Copelan 1991, as in KMsurv): events over days at risk.

Relapse and non-relapse death by period and, for relapse, by disease; the effects of graft-versus-host disease are those of
time-dependent Cox models (2.10 and 0.67 for acute, 0.90 for chronic), whose risk the days are weighted with.
    python rates.py bmt_gvhd.csv
"""
import csv
import math
import sys

rows = list(csv.DictReader(open(sys.argv[1])))
periods = [(0, 100), (100, 365), (365, 1095), (1095, 1e9)]
events = {c: [0] * 4 for c in ("relapse", "death")}
days = {c: [0.0] * 4 for c in events}
group = {g: [0, 0.0] for g in ("ALL", "AML_low_risk", "AML_high_risk")}
for r in rows:
    end, acute, chronic = float(r["time_dfs_days"]), float(r["time_agvhd_days"]), float(r["time_cgvhd_days"])
    a = acute if r["agvhd"] == "1" else math.inf
    c = chronic if r["cgvhd"] == "1" else math.inf
    for i, (lo, hi) in enumerate(periods):
        for day in range(int(lo), int(min(hi, end))):
            days["death"][i] += 2.10 if day >= a else 1
            weight = (0.67 if day >= a else 1) * (0.90 if day >= c else 1)
            days["relapse"][i] += weight
            group[r["disease_group"]][1] += weight
        if lo < end <= hi and r["dfs_event"] == "1":
            cause = "relapse" if r["relapse"] == "1" else "death"
            events[cause][i] += 1
            if cause == "relapse":
                group[r["disease_group"]][0] += 1
for cause in events:
    print(cause, [f"{e}/{d:.0f} = {e / d:.3g} per day" for e, d in zip(events[cause], days[cause])])
mean = sum(e for e, _ in group.values()) / sum(d for _, d in group.values())
print({g: f"x {e / d / mean:.2f}, {sum(r['disease_group'] == g for r in rows)}" for g, (e, d) in group.items()})
acute_days = sum(min(float(r["time_agvhd_days"]), float(r["time_dfs_days"]), 100) for r in rows)
print("acute", sum(r["agvhd"] == "1" and float(r["time_agvhd_days"]) <= 100 for r in rows) / acute_days)
