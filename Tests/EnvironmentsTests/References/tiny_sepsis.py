"""Write a problem of two patients' states in the layout of the package icu_sepsis, and arrays of several types.

    python3 tiny_sepsis.py      (numpy 1.24 or later)

The problem is our own; TablesTests.swift has its values in closed form.
"""
import io
import pathlib
import zipfile

import numpy as np

here = pathlib.Path(__file__).parent
STATES, ACTIONS = 5, 4  # states: two of patients, death, survival, and one behind the ends
DEATH, SURVIVAL, BEHIND = 2, 3, 4

moves = np.zeros((STATES, ACTIONS, STATES))
moves[0, 0, [DEATH, SURVIVAL]] = 0.5
moves[0, 1, [0, 1]] = 0.5
moves[0, 2:] = (moves[0, 0] + moves[0, 1]) / 2
moves[1, :, DEATH], moves[1, :, SURVIVAL] = 0.25, 0.75
moves[2:, :, BEHIND] = 1
rewards = np.zeros_like(moves)
rewards[:2, :, SURVIVAL] = 1
expert = np.zeros((STATES, ACTIONS))
expert[0, :2] = 0.2, 0.8
expert[1, 2] = 1
packed = io.BytesIO()
np.savez_compressed(
    packed, tx_mat=moves, r_mat=rewards, d_0=np.array([1.0, 0, 0, 0, 0]), expert_policy=expert,
    sofa_scores=np.array([3.0, 12.0, 0, 0, 0]))
with zipfile.ZipFile(here / "tiny_sepsis.whl", "w", zipfile.ZIP_DEFLATED) as wheel:
    wheel.writestr("icu_sepsis/envs/assets/dynamics.npz", packed.getvalue())
    wheel.writestr("icu_sepsis/envs/assets/admissible_actions.txt", "2 1 4 4 4 \n0 1 \n2 \n" + "0 1 2 3 \n" * 3)
counts = np.arange(6).reshape(2, 3)
np.savez(
    here / "arrays.npz", doubles=counts / 4, floats=(counts / 4).astype("f4"), columns=np.asfortranarray(counts / 4),
    longs=counts - 3, integers=(counts - 3).astype("i4"), bytes=(counts - 3).astype("i1"), truth=counts > 2,
    texts=np.array(["a", "b"]))
