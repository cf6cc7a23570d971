"""Logged episodes in HDF5, between Trialist and h5py.

Run as `TRIALIST=trialist pytest Tests/python`. Backed by h5py as a second reader and writer, and by the same episodes in CSV.
"""

import json
import os
import subprocess

import h5py
import numpy
import pandas
import pytest

TRIALIST = os.environ.get("TRIALIST", "trialist")
FIXED = ["episode", "step", "action", "reward", "terminated", "truncated", "probability"]


def trialist(*arguments):
    return subprocess.run([TRIALIST, "regime", *map(str, arguments)], check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def logs(tmp_path_factory):
    """The same 300 episodes by the same seed, in both formats."""
    folder = tmp_path_factory.mktemp("logs")
    for name in ["log.h5", "log.csv"]:
        trialist(
            "log", "oberst-sepsis", "--policy", "rule:by-vital", "--epsilon", 0.5, "--episodes", 300, "--seed", 7,
            "--out", folder / name)
    return folder


@pytest.fixture(scope="module")
def rows(logs):
    """The CSV; actions are names such as 011."""
    return pandas.read_csv(logs / "log.csv", dtype={"action": str})


@pytest.fixture(scope="module")
def decisions(rows):
    """The rows of decisions; others hold what was observed in the end."""
    return rows[rows["reward"].notna()]


def observations(rows):
    return rows[[name for name in rows.columns if name not in FIXED and not name.startswith(("allowed_", "group_"))]]


def finals(rows):
    """What was observed after the last decision of each episode, NaN where nothing was."""
    last = rows[rows["reward"].isna()].set_index("episode")
    return observations(last).reindex(range(rows["episode"].max() + 1)).to_numpy(float)


def test_a_log_has_d3rlpys_arrays(logs, rows, decisions):
    with h5py.File(logs / "log.h5") as file:
        arrays = {name: file[name][()] for name in file}
        variables = list(file["observations"].attrs["names"])
        names = list(file["actions"].attrs["names"])
        assert file.attrs["discount"] == 1
    assert variables == list(observations(rows).columns)
    numpy.testing.assert_array_equal(arrays["observations"], observations(decisions).to_numpy(float))
    assert numpy.issubdtype(arrays["actions"].dtype, numpy.integer)
    assert [names[action] for action in arrays["actions"]] == list(decisions["action"])
    for name, column in [
        ("rewards", "reward"), ("terminals", "terminated"), ("timeouts", "truncated"), ("propensities", "probability"),
    ]:
        numpy.testing.assert_array_equal(arrays[name], decisions[column].to_numpy(float))
    # Every episode ends by an event or by a cut, and never by both.
    assert (arrays["terminals"] + arrays["timeouts"]).sum() == 300
    assert set(arrays["terminals"] + arrays["timeouts"]) == {0, 1}
    numpy.testing.assert_array_equal(arrays["final_observations"], finals(rows))


def write_d3rlpy(path, rows, decisions, number):
    """One decision after the other, with widths and truths as d3rlpy and D4RL have them."""
    with h5py.File(path, "w") as file:
        file.create_dataset("observations", data=observations(decisions).to_numpy("f4"), compression="gzip")
        file["actions"] = decisions["action"].map(number).to_numpy("i8")
        file["rewards"] = decisions["reward"].to_numpy("f4")
        file["terminals"] = decisions["terminated"].to_numpy(bool)
        file["timeouts"] = decisions["truncated"].to_numpy(bool)
        file["final_observations"] = finals(rows)
        file["propensities"] = decisions["probability"].to_numpy()


def write_minari(path, rows, decisions, number):
    """A group for each episode, with one observation more than decisions."""
    last = finals(rows)
    with h5py.File(path, "w") as file:
        for episode, part in decisions.groupby("episode"):
            group = file.create_group(f"episode_{episode}")
            group["observations"] = numpy.vstack([observations(part).to_numpy(float), last[episode]])
            group["actions"] = part["action"].map(number).to_numpy("i8")
            group["rewards"] = part["reward"].to_numpy(float)
            group["terminations"] = part["terminated"].to_numpy(bool)
            group["truncations"] = part["truncated"].to_numpy(bool)


def estimates(path):
    printed = trialist(
        "ope", path, "--policy", "random", "--folds", 2, "--resamples", 50, "--time", "stages", "--json")
    return {row["estimator"]: row for row in json.loads(printed)["estimates"]}


@pytest.mark.parametrize("write", [write_d3rlpy, write_minari])
def test_estimates_are_those_of_the_csv(rows, decisions, tmp_path, write):
    number = {name: place for place, name in enumerate(sorted(set(decisions["action"])))}
    write(tmp_path / "log.h5", rows, decisions, number)
    # Minari keeps no probabilities, so the other file must not either.
    written = rows.drop(columns=["probability"] if write is write_minari else [])
    written.to_csv(tmp_path / "log.csv", index=False)
    ours, theirs = estimates(tmp_path / "log.csv"), estimates(tmp_path / "log.h5")
    assert list(theirs) == list(ours) and "magic" in ours
    for name, row in ours.items():
        for key in ["value", "se", "lower", "upper", "effective_sample_size"]:
            assert theirs[name][key] == pytest.approx(row[key], rel=1e-9, abs=1e-12), f"{name}: {key}"
        assert (theirs[name]["flag"], theirs[name]["reason"]) == (row["flag"], row["reason"])
