# Makes evaluate-python.json again: the concordance index of Uno as scikit-survival 0.28 has it, weights 1/G(T)^2 and events
# before the end, for the scores of evaluate.R.
#   python evaluate.py > evaluate-python.json      (in this folder)
import json
import numpy as np
import pandas as pd
from sksurv.metrics import concordance_index_ipcw

folder = "../../OutcomesTests/References/"
scores = {
    "veteran": lambda d: (100 - d.karno) / 100, "lung": lambda d: d.age / 100,
    "pbc": lambda d: d.age / 100, "gbsg2": lambda d: d.nodes / 60,
}
ends = {"veteran": 182, "lung": 428, "pbc": 2503, "gbsg2": 1343}
sets = {}
for name, score in scores.items():
    table = pd.read_csv(f"{folder}{name}.csv")
    y = np.array(list(zip(table.status == 1, table.time)), dtype=[("event", bool), ("time", float)])
    s = score(table).to_numpy(float)
    ask = lambda tau: concordance_index_ipcw(y, y, s, tau=tau, tied_tol=0)[0]
    sets[name] = {"all": None, "upTo": ask(ends[name])}
    try:
        sets[name]["all"] = ask(None)
    except ValueError as error:
        sets[name]["reason"] = str(error)
print(json.dumps({"sets": sets}, indent=2))
