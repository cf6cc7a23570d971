"""Weighted support vector machines by libsvm (scikit-learn) on svm.csv: writes svm.json beside this script.

(1/n) sum w hinge + lambda |f|^2 is libsvm's problem with C_i = w_i/(2 n lambda).
"""
import json
import numpy as np, pandas as pd, sklearn
from sklearn.svm import SVC

d = pd.read_csv("svm.csv")
n = len(d)
x = ((d[["x", "w"]] - d[["x", "w"]].mean()) / d[["x", "w"]].std(ddof=1)).to_numpy()
out = {"scikit-learn": sklearn.__version__}
for name, kernel, sigma, lam in [("linear", "linear", 0, 0.01), ("gaussian", "rbf", 0.5, 0.01)]:
    k = x @ x.T if kernel == "linear" else np.exp(-sigma * ((x[:, None] - x[None]) ** 2).sum(-1))
    m = SVC(C=1.0, kernel="precomputed", tol=1e-9, max_iter=-1).fit(k, d.label, sample_weight=d.weight / (2 * n * lam))
    alpha = np.zeros(n)
    alpha[m.support_] = m.dual_coef_[0]
    f = k @ alpha + m.intercept_[0]
    norm = alpha @ k @ alpha
    out[name] = {"objective": float(np.mean(d.weight * np.maximum(0, 1 - d.label * f)) + lam * norm),
                 "share": float(np.mean(f > 0)), "intercept": float(m.intercept_[0])}
    if kernel == "linear":
        out[name]["beta"] = (x.T @ alpha).tolist()
json.dump(out, open("svm.json", "w"), indent=1)
