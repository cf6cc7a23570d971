"""Makes diabetes_simglucose.jsonl: the published package simglucose 0.2.11 on its thirty patients.

    pip install simglucose==0.2.11 "numpy<2" "setuptools<81" && python diabetes_simglucose.py > diabetes_simglucose.jsonl

Each run is a day of 288 steps of five minutes from midnight: GuardianRT sensor (seed 1), Insulet pump. Statistics are over the
glucose at the start and the 288 means over five minutes that the package records. Fixed meals: 45 g at 7, 70 g at 12, 10 g at
15, 80 g at 18 o'clock. Random meals: the package's RandomScenario, two runs of each patient; their seeds in the file are not
known, so that a new run gives other means within their standard errors.
"""

import json
import logging
import warnings
from datetime import datetime
from types import SimpleNamespace

import numpy as np
from simglucose.actuator.pump import InsulinPump
from simglucose.controller.base import Action
from simglucose.controller.basal_bolus_ctrller import BBController
from simglucose.controller.pid_ctrller import PIDController
from simglucose.patient.t1dpatient import T1DPatient
from simglucose.sensor.cgm import CGMSensor
from simglucose.simulation.env import T1DSimEnv
from simglucose.simulation.scenario import CustomScenario
from simglucose.simulation.scenario_gen import RandomScenario

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
START = datetime(2018, 1, 1)
NAMES = [f"{group}#{number:03d}" for group in ("adolescent", "adult", "child") for number in range(1, 11)]


class Row(SimpleNamespace):
    """A patient's parameters with plain attributes: the same numbers as in the package's data frame, found faster."""

    @staticmethod
    def of(series):
        row = Row(**series.to_dict())
        row.iloc = series.iloc
        return row


class Constant:
    def __init__(self, rate):
        self.rate = rate

    def policy(self, *_, **__):
        return Action(basal=self.rate, bolus=0)


def basal(name):
    patient = T1DPatient.withName(name)._params
    return Constant(patient.u2ss * patient.BW / 6000)


POLICIES = {
    "basal_only": basal,
    "basal_bolus": lambda _: BBController(),
    "pid": lambda _: PIDController(P=1e-3, I=1e-5, D=1e-3, target=140),
    "constant_0": lambda _: Constant(0),
    "constant_2.5": lambda _: Constant(2.5 / 60),
    "constant_5": lambda _: Constant(5 / 60),
}


def run(name, policy, scenario, seed=1):
    patient = T1DPatient.withName(name)
    patient._params = Row.of(patient._params)
    env = T1DSimEnv(
        patient, CGMSensor.withName("GuardianRT", seed=seed), InsulinPump.withName("Insulet"), scenario)
    observation, reward, done, info = env.reset()
    controller = POLICIES[policy](name)
    steps = 0
    while steps < 288 and not done:
        action = controller.policy(observation, reward, done, **info)
        observation, reward, done, info = env.step(action)
        steps += 1
    glucose = np.array(env.BG_hist)
    f = 1.509 * (np.log(glucose) ** 1.084 - 5.381)
    return {
        "policy": policy, "patient": name, "n": steps, "tir": ((glucose >= 70) & (glucose <= 180)).mean(),
        "hypo": (glucose < 70).mean(), "hyper": (glucose > 180).mean(), "mean": glucose.mean(), "sd": glucose.std(),
        "min": glucose.min(), "max": glucose.max(), "lbgi": (10 * np.minimum(f, 0) ** 2).mean(),
        "hbgi": (10 * np.maximum(f, 0) ** 2).mean(), "final": glucose[-1], "ended_early": bool(done),
    }


def fixed():
    return CustomScenario(start_time=START, scenario=[(7, 45), (12, 70), (15, 10), (18, 80)])


def group_means(meals, policy, group, runs):
    keys = ["tir", "hypo", "hyper", "mean", "sd", "lbgi", "hbgi", "n"]
    record = {"meals": meals, "policy": policy, "group": group, **{key: float(np.mean([r[key] for r in runs])) for key in keys}}
    shares = [r["tir"] for r in runs]
    return {**record, "early": float(np.mean([r["ended_early"] for r in runs])), "runs": len(runs),
            "se_tir": float(np.std(shares, ddof=1) / len(shares) ** 0.5)}


if __name__ == "__main__":
    for policy in ("basal_only", "basal_bolus"):
        for name in NAMES:
            print(json.dumps({"meals": "fixed", **run(name, policy, fixed())}), flush=True)
    for policy in ("pid", "constant_0", "constant_2.5", "constant_5"):
        for group in ("adolescent", "adult", "child"):
            runs = [run(name, policy, fixed()) for name in NAMES if name.startswith(group)]
            print(json.dumps(group_means("fixed", policy, group, runs)), flush=True)
    for group in ("adolescent", "adult", "child"):
        runs = []
        for index, name in enumerate([name for name in NAMES if name.startswith(group)] * 2):
            scenario = RandomScenario(start_time=START, seed=1000 + index)
            runs.append(run(name, "basal_bolus", scenario, index))
        print(json.dumps(group_means("random", "basal_bolus", group, runs)), flush=True)
