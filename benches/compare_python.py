"""The same pilot through pandas, scikit-learn, scipy and statsmodels.

    compare_python.py make FOLDER ROWS   writes a deployment folder: pilot.parquet, deployment.yaml, pack/
    compare_python.py run FOLDER         computes the metrics and prints their wall time and values as JSON
    compare_python.py check OURS THEIRS  compares two such outputs
    compare_python.py race ETIO FOLDER   runs both three times, compares the values, prints times and ratio

Definitions are those of `src/metrics/registry/`; where a library has none of that name (expected
calibration error, population stability index), the shortest vectorised numpy form is used. What one
pass can share is shared, as a careful user would write it: one table read, one split, one array for
each column.
"""

import json
import math
import sys
import time

THRESHOLD = 0.2
MEMBERS = [f"member_{k}" for k in range(5)]
NUMERIC = [f"x_{k}" for k in range(5)]
CATEGORICAL = ["c_unit", "c_device", "c_payer"]
GROUPS = ["sex", "site"]

SCALARS = {
    "events": "events()",
    "prevalence": "prevalence()",
    "auroc": "auroc()",
    "auroc_dev": "auroc(table development)",
    "auprc": "auprc()",
    "sensitivity": "sensitivity()",
    "specificity": "specificity()",
    "ppv": "ppv()",
    "npv": "npv()",
    "alert_rate": "alert_rate()",
    "brier": "brier()",
    "ece": "ece()",
    "ece_mass": "ece(binning equal_mass)",
    "slope": "calibration_slope()",
    "in_the_large": "calibration_in_the_large()",
    "observed_expected": "observed_expected()",
    "variance": "underspecification_variance()",
    "disagreement": "member_disagreement()",
    "auroc_range": "member_auroc_range()",
    "score_psi": "psi(of score)",
    "score_ks": "ks(of score)",
    "dsi_mean": "dsi()",
}
ATTRIBUTE = {
    "eo_sum": "equalized_odds()",
    "eo_max": "equalized_odds(form max)",
    "gap_auroc": "performance_gap(of auroc)",
    "gap_sensitivity": "performance_gap(of sensitivity)",
    "ratio": "disparity_ratio()",
}
SUBGROUP = {"g_auroc": "auroc()", "g_sensitivity": "sensitivity()", "g_ppv": "ppv()", "g_ece": "ece()",
            "g_slope": "calibration_slope()"}
FEATURE = {"psi": "psi()", "kl": "kl()", "js": "js()", "ks": "ks()", "ks_p": "ks_p()", "wasserstein": "wasserstein()",
           "dsi": "dsi()", "missing": "missing_rate()"}


# What a definition gives, where that is not a ratio.
COUNTS = {"events", "rows"}
NUMBERS = {"calibration_slope", "calibration_in_the_large", "observed_expected", "underspecification_variance",
           "psi", "kl", "wasserstein", "dsi", "equalized_odds"}


def kind(call):
    name = call.split("(")[0]
    return "count" if name in COUNTS else "number" if name in NUMBERS else "ratio"


def make(folder, rows):
    import os

    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(20260101)
    half = rows // 2
    deploy = np.arange(rows) >= half
    logit = rng.normal(-1.8, 1.2, rows)
    squash = lambda x: 1 / (1 + np.exp(-x))
    columns = {
        "part": np.where(deploy, "deployment", "development"),
        "y": (rng.random(rows) < squash(logit - 0.2 * deploy)).astype("int64"),
        "score": squash(1.15 * logit + rng.normal(0, 0.3, rows)),
        "sex": rng.choice(["F", "M"], rows),
        "site": rng.choice(["east", "north", "south", "west"], rows, p=[0.4, 0.3, 0.2, 0.1]),
        "c_unit": rng.choice(["ED", "ICU", "WARD", "TELE"], rows, p=[0.4, 0.3, 0.2, 0.1]),
        "c_device": rng.choice(list("abcdefgh"), rows),
        "c_payer": rng.choice(["private", "public", "none"], rows),
    }
    for name in MEMBERS:
        columns[name] = squash(1.1 * logit + rng.normal(0, 0.5, rows))
    for k, name in enumerate(NUMERIC):
        values = rng.normal(0.02 * k * deploy, 1 + k / 10, rows)
        if k == 0:
            values = np.exp(values / 2)
        if k == 4:
            values = np.round(values, 1)
            values[rng.random(rows) < 0.03] = np.nan
        columns[name] = values
    os.makedirs(f"{folder}/pack", exist_ok=True)
    pd.DataFrame(columns).to_parquet(f"{folder}/pilot.parquet")
    with open(f"{folder}/deployment.yaml", "w") as out:
        out.write(
            "deployment: {id: speed}\npack: pack\ntables:\n"
            "  development: {file: pilot.parquet, where: {part: development}}\n"
            "  deployment: {file: pilot.parquet, where: {part: deployment}}\n"
            "columns:\n  label: y\n  score: score\n  members: ['member_*']\n"
            "  groups: {sex: sex, site: site}\n  numeric: ['x_*']\n  categorical: ['c_*']\n"
            f"threshold: {THRESHOLD}\n"
        )
    with open(f"{folder}/pack/metrics.etio", "w") as out:
        out.write('pack speed "The metrics of the speed comparison" {\n  version 1.0.0\n  language 1\n}\n\n')
        for name in ("attribute", "subgroup", "feature"):
            out.write(f'index {name} "{name}"\n')
        kinds = [("", SCALARS), ("[attribute]", ATTRIBUTE), ("[subgroup]", SUBGROUP), ("[feature]", FEATURE)]
        for index, metrics in kinds:
            for name, call in metrics.items():
                out.write(f'metric m.{name}{index} "{name}" : {kind(call)} = {call}\n')


def run(folder):
    import warnings

    import numpy as np
    import pandas as pd
    import statsmodels.api as sm
    from fairlearn.metrics import (
        MetricFrame, demographic_parity_ratio, equalized_odds_difference, false_positive_rate, true_positive_rate,
    )
    from scipy import stats
    from scipy.spatial.distance import jensenshannon
    from sklearn.metrics import average_precision_score, brier_score_loss, confusion_matrix, precision_score, roc_auc_score

    warnings.simplefilter("ignore")
    start = time.perf_counter()
    table = pd.read_parquet(f"{folder}/pilot.parquet")
    train = table[table["part"] == "development"]
    deploy = table[table["part"] == "deployment"]
    values = {}

    def ece(y, s, mass=False):
        if mass:
            edges = np.unique(np.percentile(s, np.linspace(0, 100, 11))[1:-1])
        else:
            edges = np.linspace(0, 1, 11)[1:-1]
        k = np.searchsorted(edges, s)
        return np.abs(np.bincount(k, y, 10) - np.bincount(k, s, 10)).sum() / len(y)

    def rates(y, s):
        tn, fp, fn, tp = confusion_matrix(y, s >= THRESHOLD).ravel()
        return {"sensitivity": tp / (tp + fn), "specificity": tn / (tn + fp), "ppv": tp / (tp + fp),
                "npv": tn / (tn + fn), "alert_rate": (tp + fp) / len(y)}

    def slope(y, s):
        x = np.log(s / (1 - s))
        return sm.GLM(y, sm.add_constant(x), family=sm.families.Binomial()).fit().params[1]

    y, s = deploy["y"].to_numpy(), deploy["score"].to_numpy()
    put = lambda name, value, element=None: values.__setitem__(f"{name}[{element}]" if element else name, float(value))
    put("events", y.sum())
    put("prevalence", y.mean())
    put("auroc", roc_auc_score(y, s))
    put("auroc_dev", roc_auc_score(train["y"], train["score"]))
    put("auprc", average_precision_score(y, s))
    found = rates(y, s)
    for name in ("sensitivity", "specificity", "ppv", "npv", "alert_rate"):
        put(name, found[name])
    put("brier", brier_score_loss(y, s))
    put("ece", ece(y, s))
    put("ece_mass", ece(y, s, mass=True))
    put("slope", slope(y, s))
    logit = np.log(s / (1 - s))
    level = sm.GLM(y, np.ones(len(y)), family=sm.families.Binomial(), offset=logit).fit()
    put("in_the_large", level.params[0])
    put("observed_expected", y.sum() / s.sum())

    members = deploy[MEMBERS].to_numpy()
    put("variance", members.var(axis=1).mean())
    flagged = members >= THRESHOLD
    pairs = [(flagged[:, a] != flagged[:, b]).mean() for a in range(5) for b in range(a)]
    put("disagreement", np.mean(pairs))
    areas = [roc_auc_score(y, members[:, k]) for k in range(5)]
    put("auroc_range", max(areas) - min(areas))

    decided = s >= THRESHOLD
    of_decisions = {"sensitivity": true_positive_rate, "fpr": false_positive_rate, "ppv": precision_score}
    for attribute in GROUPS:
        by = deploy[attribute]
        decisions = MetricFrame(metrics=of_decisions, y_true=y, y_pred=decided, sensitive_features=by)
        scores = MetricFrame(
            metrics={"auroc": roc_auc_score, "ece": ece, "slope": slope}, y_true=y, y_pred=s, sensitive_features=by
        )
        for frame, names in ((decisions, ("sensitivity", "ppv")), (scores, ("auroc", "ece", "slope"))):
            for name in names:
                for group, value in frame.by_group[name].items():
                    put(f"g_{name}", value, f"{attribute}={group}")
        put("eo_sum", decisions.difference()["sensitivity"] + decisions.difference()["fpr"], attribute)
        put("eo_max", equalized_odds_difference(y, decided, sensitive_features=by), attribute)
        put("gap_auroc", scores.difference()["auroc"], attribute)
        put("gap_sensitivity", decisions.difference()["sensitivity"], attribute)
        put("ratio", demographic_parity_ratio(y, decided, sensitive_features=by), attribute)

    def binned(a, b):
        edges = np.unique(np.quantile(a, np.linspace(0, 1, 11)[1:-1]))
        count = lambda v: np.bincount(np.searchsorted(edges, v), minlength=len(edges) + 1)
        return count(a), count(b)

    def divergences(a, b):
        p, q = (a + 0.5) / (a + 0.5).sum(), (b + 0.5) / (b + 0.5).sum()
        return {"psi": ((q - p) * np.log(q / p)).sum(), "kl": stats.entropy(p, q), "js": jensenshannon(a, b, base=2)}

    a, b = train["score"].to_numpy(), s
    put("score_psi", divergences(*binned(a, b))["psi"])
    put("score_ks", stats.ks_2samp(a, b, method="asymp").statistic)
    indices = []
    for name in NUMERIC:
        put("missing", deploy[name].isna().mean(), name)
        a, b = train[name].dropna().to_numpy(), deploy[name].dropna().to_numpy()
        for metric, value in divergences(*binned(a, b)).items():
            put(metric, value, name)
        found = stats.ks_2samp(a, b, method="asymp")
        put("ks", found.statistic, name)
        put("ks_p", found.pvalue, name)
        distance = stats.wasserstein_distance(a, b)
        put("wasserstein", distance, name)
        put("dsi", distance / a.std(), name)
        indices.append(distance / a.std())
    for name in CATEGORICAL:
        put("missing", deploy[name].isna().mean(), name)
        a, b = train[name].value_counts(), deploy[name].value_counts()
        union = a.index.union(b.index)
        a, b = a.reindex(union, fill_value=0).to_numpy(), b.reindex(union, fill_value=0).to_numpy()
        for metric, value in divergences(a, b).items():
            put(metric, value, name)
        put("dsi", np.abs(a / a.sum() - b / b.sum()).sum() / 2, name)
        indices.append(values[f"dsi[{name}]"])
    put("dsi_mean", np.mean(indices))
    return {"seconds": time.perf_counter() - start, "values": values}


def ours(document):
    """Values by name from `etio metrics DIR --format json`."""
    found = {}
    for entry in document["measurements"]:
        if entry.get("value") is not None:
            name = entry["metric"].removeprefix("m.")
            found[f"{name}[{entry['element']}]" if entry.get("element") else name] = entry["value"]
    return found


def check(our_file, their_file):
    mine, theirs = ours(json.load(open(our_file))), json.load(open(their_file))["values"]
    wrong = []
    for name, value in theirs.items():
        got = mine.get(name)
        # statsmodels stops its iterations early, and a p value near 1 is a difference of two series.
        limit = 1e-6 if "slope" in name or "large" in name or "ks_p" in name else 1e-9
        if got is None or not math.isclose(got, value, rel_tol=limit, abs_tol=1e-12):
            wrong.append(f"{name}: {got} instead of {value}")
    print(f"{len(theirs) - len(wrong)} of {len(theirs)} values agree")
    print("\n".join(wrong))
    return 1 if wrong else 0


def race(etio, folder):
    import os
    import subprocess

    def timed(command, output):
        """Wall seconds of a process and its peak memory in MB."""
        start = time.perf_counter()
        with open(output, "w") as out:
            process = subprocess.Popen(command, stdout=out)
            _, status, usage = os.wait4(process.pid, 0)
        if status != 0:
            sys.exit(f"{command[0]} ended with status {status}")
        return time.perf_counter() - start, usage.ru_maxrss / 1024

    our_file, their_file = f"{folder}/ours.json", f"{folder}/theirs.json"
    mine = [timed([etio, "metrics", folder, "--format", "json"], our_file) for _ in range(3)]
    theirs, inside = [], []
    # The fastest of three runs, or one where a run takes long.
    while len(theirs) < 3 and sum(seconds for seconds, _ in theirs) < 60:
        theirs.append(timed([sys.executable, __file__, "run", folder], their_file))
        inside.append(json.load(open(their_file))["seconds"])
    status = check(our_file, their_file)
    (seconds, memory), (their_seconds, their_memory) = min(mine), min(theirs)
    print(f"etio metrics, whole process: {seconds:.3f} s, {memory:.0f} MB at the most")
    print(f"Python, without imports:     {min(inside):.3f} s, {min(inside) / seconds:.1f} times as long")
    print(f"Python, whole process:       {their_seconds:.3f} s, {their_seconds / seconds:.1f} times as long, "
          f"{their_memory:.0f} MB, {their_memory / memory:.1f} times as much")
    return status


if __name__ == "__main__":
    command, *rest = sys.argv[1:]
    if command == "make":
        make(rest[0], int(rest[1]))
    elif command == "run":
        print(json.dumps(run(rest[0])))
    elif command == "check":
        sys.exit(check(*rest))
    elif command == "race":
        sys.exit(race(*rest))
