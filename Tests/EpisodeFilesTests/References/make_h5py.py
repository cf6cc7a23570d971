"""Logged episodes as h5py writes them: d3rlpy.h5 and minari.h5 beside this file. Run: python make_h5py.py

Three episodes of 2, 1 and 3 decisions, the last one cut off, with the number types and truths of d3rlpy 2 and Minari 0.5.
"""
import pathlib

import h5py
import numpy

HERE = pathlib.Path(__file__).parent
LENGTHS = [2, 1, 3]
ROWS = sum(LENGTHS)
STARTS = numpy.cumsum([0] + LENGTHS)
OBSERVATIONS = numpy.array([[row, row / 4] for row in range(ROWS)])
FINAL = numpy.array([[10.0, 0.5], [11.0, 0.25], [12.0, 0.125]])
ACTIONS = numpy.array([0, 2, 1, 1, 0, 2])
REWARDS = numpy.array([0.5, -1.0, 2.0, 0.25, 0.0, 4.0])
TERMINALS = numpy.array([False, True, True, False, False, False])
TIMEOUTS = numpy.array([False, False, False, False, False, True])

with h5py.File(HERE / "d3rlpy.h5", "w") as file:
    file.create_dataset("observations", data=OBSERVATIONS.astype("f4"), compression="gzip")
    file["actions"] = ACTIONS.reshape(-1, 1).astype("i4")
    file["rewards"] = REWARDS.reshape(-1, 1).astype("f4")
    file["terminals"] = TERMINALS
    file["timeouts"] = TIMEOUTS

with h5py.File(HERE / "minari.h5", "w") as file:
    for episode, (first, last) in enumerate(zip(STARTS, STARTS[1:])):
        group = file.create_group(f"episode_{episode}")
        group["observations"] = numpy.vstack([OBSERVATIONS[first:last], FINAL[episode]])
        group["actions"] = ACTIONS[first:last].astype("i8")
        group["rewards"] = REWARDS[first:last]
        group["terminations"] = TERMINALS[first:last]
        group["truncations"] = TIMEOUTS[first:last]
        group.attrs["seed"] = episode
