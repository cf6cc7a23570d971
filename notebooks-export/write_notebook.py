"""Writes study.ipynb from the cells below: `python3 notebooks-export/write_notebook.py`.

A notebook is hard to review as JSON, so its text lives here. Needs nothing but Python. A check compares the two.
"""

import json
import pathlib

CELLS = [
    (
        "markdown",
        """
# A Trialist study

The curves, intervals and tables of one results file, from the file alone: nothing here knows the study. Set the environment
variable `TRIALIST_RESULTS` to the file, or put `warfarin-coag.h5` (what `make demo` writes) beside the notebook.

Each group of the file is a data set of its own: `xarray.open_dataset(PATH, group="strata")`.
""",
    ),
    (
        "code",
        """
import os

import h5py
import matplotlib.pyplot as plt
import numpy
import pandas
import xarray

PATH = os.environ.get("TRIALIST_RESULTS", "warfarin-coag.h5")
with h5py.File(PATH) as file:
    GROUPS = set(file)
    TITLE = file.attrs.get("title", os.path.basename(PATH))


def group(name):
    \"\"\"A group of the file in memory, or an empty data set where the file has none of that name.\"\"\"
    return xarray.load_dataset(PATH, group=name) if name in GROUPS else xarray.Dataset()


strata, survival, trial = group("strata"), group("survival"), group("operating_characteristics")
ARMS = [str(arm) for arm in strata.get("arm", survival.get("arm", xarray.DataArray([]))).values]
REFERENCE = strata.attrs.get("reference_arm", survival.attrs.get("reference_arm", ""))
# Colours that stay apart for colour-blind readers, with a marker for each, as in the HTML report.
COLOURS = ["#388ffd", "#7a3408", "#14564c", "#a8189f", "#b98514", "#8a8f9f"]
MARKERS = ["o", "s", "^", "D", "v", "P"]
STYLE = {arm: {"color": COLOURS[i % 6], "marker": MARKERS[i % 6]} for i, arm in enumerate(ARMS)}
print(TITLE)
print(f"groups: {', '.join(sorted(GROUPS))}")
""",
    ),
    (
        "markdown",
        """
## The strata table

The endpoint is the trial's, or the first continuous one. Levels are means, or for a time to event the cumulative incidence in
percent; ± is half of the 95 % interval. A group that is too small has no number, and `level_reason` says why.
""",
    ),
    (
        "code",
        """
def primary_endpoint():
    if "endpoint" in trial.attrs:
        return trial.attrs["endpoint"]
    continuous = strata.endpoint[(strata.endpoint_scale != "time to event").values]
    return str((continuous if continuous.size else strata.endpoint).values[0])


def with_half_width(data, name):
    \"\"\"Texts such as '58.1 ± 0.6'.\"\"\"
    half = (data[name + "_upper"] - data[name + "_lower"]) / 2
    text = [
        "–" if numpy.isnan(v) else f"{v:.1f}" if numpy.isnan(h) else f"{v:.1f} ± {h:.1f}"
        for v, h in zip(data[name].values.ravel(), half.values.ravel())
    ]
    return data[name].copy(data=numpy.reshape(numpy.array(text, dtype=object), data[name].shape))


if strata:
    ENDPOINT = primary_endpoint()
    chosen = strata.sel(endpoint=ENDPOINT)
    print(f"{chosen.endpoint_title.item()} ({chosen.endpoint_unit.item()})")
    table = with_half_width(chosen, "level").to_pandas().T
    table.insert(0, "patients", chosen.level_count.isel(arm=0).values)
    display(table)
""",
    ),
    (
        "markdown",
        """
How far the groups are apart in each arm, and whether that is more than chance (Cochran's Q):
""",
    ),
    (
        "code",
        """
if strata:
    names = {"level_gap": "gap", "level_gap_largest": "largest", "level_gap_smallest": "smallest", "level_interaction_p": "p alike"}
    gaps = chosen[list(names)].to_dataframe()[list(names)].rename(columns=names)
    gaps["p alike"] = gaps["p alike"].map(lambda p: "<0.001" if p < 0.001 else f"{p:.3f}")
    display(gaps.round({"gap": 1}))
""",
    ),
    (
        "markdown",
        """
All endpoints for all patients, benefit beside harm:
""",
    ),
    (
        "code",
        """
if strata:
    everyone = strata.isel(stratum=0)
    display(with_half_width(everyone, "level").to_pandas())
    display(everyone.level_events.to_pandas().dropna(axis=1).astype(int).add_suffix(", events"))
""",
    ),
    (
        "markdown",
        """
## Kaplan–Meier curves

Drawn as the percent that has had the event, so that the axis starts at zero; bands reach 1.96 Greenwood standard errors.
""",
    ),
    (
        "code",
        """
if "survival" in survival:
    events = survival.event.values
    figure, axes = plt.subplots(1, len(events), figsize=(5 * len(events), 4), squeeze=False, layout="constrained")
    for axis, event in zip(axes[0], events):
        for arm in ARMS:
            curve = survival.sel(event=event, arm=arm)
            incidence, reach = 100 * (1 - curve.survival), 196 * curve.survival_standard_error
            colour = STYLE[arm]["color"]
            axis.step(curve.day, incidence, where="post", color=colour, label=arm)
            axis.fill_between(
                curve.day, (incidence - reach).clip(0, 100), (incidence + reach).clip(0, 100), step="post", color=colour, alpha=0.1,
                linewidth=0)
        axis.set(title=str(event).replace("_", " "), xlabel="day", ylabel="% with the event")
        axis.set_ylim(bottom=0)
    figure.legend(*axes[0][0].get_legend_handles_labels(), loc="outside lower center", ncols=6, frameon=False)
    plt.show()
    days = survival.day[:: max(1, len(survival.day) // 6)]
    for event in events:
        print(f"at risk: {event}")
        display(survival.at_risk.sel(event=event, day=days).to_pandas())
""",
    ),
    (
        "markdown",
        """
## AUC(t) of the baseline score

Cumulative/dynamic AUC(t): the chance that a patient with the event by day t has a higher score than one without. 0.5 is no
better than a coin.
""",
    ),
    (
        "code",
        """
if "auc" in survival:
    figure, axis = plt.subplots(figsize=(8, 4), layout="constrained")
    gap = numpy.diff(survival.auc_day).min() if survival.sizes["auc_day"] > 1 else 1
    for position, arm in enumerate(ARMS):
        auc = survival.sel(arm=arm)
        days = auc.auc_day + (position - (len(ARMS) - 1) / 2) * gap * 0.8 / len(ARMS)
        below, above = auc.auc - auc.auc_lower, auc.auc_upper - auc.auc
        axis.errorbar(days, auc.auc, yerr=[below, above], linestyle="none", label=arm, **STYLE[arm])
    axis.axhline(0.5, color="grey", linestyle=":")
    axis.set(title=f"{survival.score.item()} for {survival.score_event.item()}", xlabel="day", ylabel="AUC(t)")
    figure.legend(loc="outside lower center", ncols=6, frameon=False)
    plt.show()
    overall = survival.isel(stratum=0)
    display(pandas.DataFrame({"integrated AUC": overall.integrated_auc, "Harrell's C": overall.harrell_c}, index=ARMS).round(3))
""",
    ),
    (
        "markdown",
        """
## Forest plots

The effect of each arm against the reference arm in every group: each patient is compared with the same patient in the other
arm. Beside each name stands the number of patients.
""",
    ),
    (
        "code",
        """
if strata:
    others = [arm for arm in ARMS if arm != REFERENCE]
    labels = [str(label) for label in strata.stratum.values]
    rows = numpy.arange(len(labels))[::-1]
    height = 0.34 * len(labels) + 1.2
    figure, axes = plt.subplots(
        1, len(others), figsize=(3.2 * len(others) + 2, height), sharey=True, squeeze=False, layout="constrained")
    for axis, arm in zip(axes[0], others):
        effect = chosen.sel(arm=arm)
        below, above = effect.effect - effect.effect_lower, effect.effect_upper - effect.effect
        axis.errorbar(effect.effect, rows, xerr=[below, above], linestyle="none", **STYLE[arm])
        axis.axvline(0, color="grey", linestyle=":")
        tests = [f"{name}: alike p {p:.3f}" for name, p in zip(strata.stratifier.values, effect.effect_interaction_p.values)]
        axis.set_title(f"{arm} − {REFERENCE}")
        axis.set_xlabel("difference\\n" + "\\n".join(tests), fontsize="small")
    counts = chosen.effect_count.sel(arm=others[0]).values
    axes[0][0].set_yticks(rows, [f"{label}  (n = {count})" for label, count in zip(labels, counts)])
    plt.show()
""",
    ),
    (
        "markdown",
        """
## The randomised trial

Share rejected is the power as designed, and the type I error with equal arms. The true effect is known from the twins.
""",
    ),
    (
        "code",
        """
if trial:
    columns = ["replicates", "rejected", "rejected_mc_error", "mean_estimate", "true_effect", "bias", "coverage"]
    table = trial[columns].to_dataframe()[columns]
    # The file has one true effect for each group: that of the trial as designed.
    table.loc[table.index.get_level_values("hypothesis") == "equal arms", "true_effect"] = 0
    display(table.round(3))
""",
    ),
    (
        "markdown",
        """
## Published against simulated
""",
    ),
    (
        "code",
        """
published = group("published")
if published:
    table = published.to_dataframe()
    table["sign"] = numpy.where(table.sign_agrees == 1, "agrees", "differs")
    display(table[["treated", "control", "endpoint", "stratum", "published", "simulated", "sign", "source"]].round(2))
""",
    ),
    (
        "markdown",
        """
## Where it comes from
""",
    ),
    (
        "code",
        """
provenance = group("provenance")
for name in ["scenario_file", "overrides", "seed", "input_sha256", "trialist_version", "started"]:
    if name in provenance and str(provenance[name].item()):
        print(f"{name}: {provenance[name].item()}")
""",
    ),
]


def notebook():
    """The notebook as a JSON object of format 4.5, without outputs."""
    cells = []
    for number, (kind, text) in enumerate(CELLS):
        lines = text.strip("\n").split("\n")
        cell = {
            "cell_type": kind,
            "id": f"cell-{number:02}",
            "metadata": {},
            "source": [line + "\n" for line in lines[:-1]] + lines[-1:],
        }
        if kind == "code":
            cell |= {"execution_count": None, "outputs": []}
        cells.append(cell)
    return {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def text():
    return json.dumps(notebook(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    pathlib.Path(__file__).with_name("study.ipynb").write_text(text(), encoding="utf-8")
