"""Makes diabetes_glucose.json: the equations of Dalla Man et al. (2007) solved to 1e-10, and the sensor's published errors.

    pip install scipy pandas simglucose==0.2.11 && python diabetes_glucose.py > diabetes_glucose.json

Written from the paper and from the documentation of simglucose's patients, apart from the program under test: eight patients, among them
those whose stomach empties most abruptly, for a day, minute by minute, by DOP853 at a relative and absolute tolerance of 1e-12 within each minute, so that the discontinuities of
meals and insulin lie at the ends. 45 g at 7, 70 g at 12, 10 g at 15, 80 g at 18 o'clock, eaten at 5 g/min; basal insulin, and grams
over carbohydrate ratio in U over the five minutes that begin five minutes after a meal. `states` are the thirteen states at the
end of each fourth hour; `dopri5` is the largest error in mg/dL of scipy's dopri5 at its default tolerances, as the package
integrates.
"""

import json
import os

import numpy as np
import pandas as pd
import simglucose
from scipy.integrate import ode, solve_ivp
from simglucose.sensor.cgm import CGMSensor

PARAMETERS = pd.read_csv(os.path.join(os.path.dirname(simglucose.__file__), "params", "vpatient_params.csv"))
QUEST = pd.read_csv(os.path.join(os.path.dirname(simglucose.__file__), "params", "Quest.csv")).set_index("Name")
NAMES = ["adolescent#001", "adolescent#005", "adult#001", "adult#006", "child#001", "child#004", "child#007", "child#009"]
MEALS = {420: 45.0, 720: 70.0, 900: 10.0, 1080: 80.0}


def slope(_, x, p, carbohydrate, insulin, meal):
    solid, liquid, gut, gp, gt, ip, action, delayed, on_liver, liver, skin1, skin2, sensor = x
    stomach = solid + liquid
    emptying = p["kmax"]
    if meal > 0:
        a, c = 5 / (2 * meal * (1 - p["b"])), 5 / (2 * meal * p["d"])
        shape = np.tanh(a * (stomach - p["b"] * meal)) - np.tanh(c * (stomach - p["d"] * meal)) + 2
        emptying = p["kmin"] + (p["kmax"] - p["kmin"]) / 2 * shape
    appearance = p["f"] * p["kabs"] * gut / p["BW"]
    production = max(p["kp1"] - p["kp2"] * gp - p["kp3"] * on_liver, 0.0)
    excretion = p["ke1"] * max(gp - p["ke2"], 0.0)
    use = (p["Vm0"] + p["Vmx"] * action) * gt / (p["Km0"] + gt)
    concentration = ip / p["Vi"]
    return [
        -p["kmax"] * solid + 1000 * carbohydrate, p["kmax"] * solid - emptying * liquid, emptying * liquid - p["kabs"] * gut,
        production + appearance - p["Fsnc"] - excretion - p["k1"] * gp + p["k2"] * gt, -use + p["k1"] * gp - p["k2"] * gt,
        -(p["m2"] + p["m4"]) * ip + p["m1"] * liver + p["ka1"] * skin1 + p["ka2"] * skin2,
        -p["p2u"] * action + p["p2u"] * (concentration - p["Ib"]), -p["ki"] * (delayed - concentration),
        -p["ki"] * (on_liver - delayed), -(p["m1"] + p["m30"]) * liver + p["m2"] * ip,
        6000 * insulin / p["BW"] - (p["ka1"] + p["kd"]) * skin1, p["kd"] * skin1 - p["ka2"] * skin2,
        -p["ksc"] * sensor + p["ksc"] * gp,
    ]


def day(row, method):
    p = {name: float(row[name]) for name in PARAMETERS.columns[15:-1] if name != "patient_history"}
    x = row.iloc[2:15].to_numpy(float)
    basal = p["u2ss"] * p["BW"] / 6000
    planned, before, eaten, was_eating, bolus = 0.0, 0.0, 0.0, False, 0.0
    minutes = [x]
    solver = ode(slope).set_integrator("dopri5").set_initial_value(x, 0)
    for minute in range(1440):
        planned += MEALS.get(minute, 0)
        bite = min(5.0, planned)
        planned -= bite
        if bite > 0 and not was_eating:
            before, eaten = x[0] + x[1], 0.0
        eaten += bite
        was_eating = bite > 0
        if minute % 5 == 0:
            bolus = MEALS.get(minute - 5, 0) / QUEST.loc[row["Name"], "CR"] / 5
        arguments = (p, bite, basal + bolus, before + 1000 * eaten)
        if method == "dopri5":
            x = solver.set_f_params(*arguments).integrate(minute + 1)
        else:
            x = solve_ivp(slope, (0, 1), x, "DOP853", args=arguments, rtol=1e-12, atol=1e-12).y[:, -1]
        minutes.append(x)
    return np.array(minutes), p["Vg"]


def errors(make, count):
    """The errors that a sensor of seed 1 adds, one after the other."""
    generator = CGMSensor.withName(make, seed=1)._noise_generator
    return [float(next(generator)) for _ in range(count)]


if __name__ == "__main__":
    patients = []
    for _, row in PARAMETERS[PARAMETERS.Name.isin(NAMES)].iterrows():
        exact, volume = day(row, "DOP853")
        published, _ = day(row, "dopri5")
        patients.append({
            "name": row["Name"], "glucose": (exact[60::60, 12] / volume).tolist(), "states": exact[240::240].tolist(),
            "dopri5": float(np.abs(exact - published)[:, 12].max() / volume)})
    sensors = {"guardian": errors("GuardianRT", 290), "dexcom": errors("Dexcom", 120), "navigator": errors("Navigator", 320)}
    print(json.dumps({"patients": patients, "sensors": sensors}))
