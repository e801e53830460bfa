"""Shift of many columns beside evidently, and MMD beside alibi-detect.

    compare_drift.py evidently ETIO FOLDER ROWS   ROWS in each table, 20 columns, five metrics a column
    compare_drift.py alibi     ETIO FOLDER ROWS   ROWS in each table, 10 columns, MMD with 100 permutations

Each side is a whole process that reads the same two Parquet files; a peer's time is also given without that of its
imports. The fastest of three runs counts, but slow peers are run once.
"""

import json
import os
import subprocess
import sys
import time

ERRAND = {"evidently": ("columns", 20), "alibi": ("mmd", 10)}
# The names of evidently's methods, and ours. Its bins differ, so only distances between distributions are compared.
METHODS = {"wasserstein": "wasserstein(standardised yes)", "ks": "ks_p()", "psi": "psi()", "kl_div": "kl()",
           "jensenshannon": "js()"}
NUMBERS = ("psi", "kl", "wasserstein")


def make(folder, rows, columns, metrics):
    """Writes two tables of correlated columns, some of them shifted, and a pack that asks for the metrics."""
    import numpy as np
    import pandas as pd

    if os.path.exists(f"{folder}/deployment.yaml"):
        return
    os.makedirs(f"{folder}/pack", exist_ok=True)
    rng = np.random.default_rng(20261125)
    for table, moved in (("development", 0.0), ("deployment", 1.0)):
        common = rng.normal(size=rows)
        frame = {}
        for k in range(columns):
            values = 0.5 * common + rng.normal(0.01 * k * moved, 1 + 0.02 * k, rows)
            frame[f"x_{k}"] = np.exp(values) if k % 5 == 4 else values
        pd.DataFrame(frame).to_parquet(f"{folder}/{table}.parquet")
    with open(f"{folder}/pack/metrics.etio", "w") as out:
        out.write('pack drift "The metrics of the comparison" {\n  version 1.0.0\n  language 1\n}\n\n')
        out.write('index feature "feature"\n')
        for name, (call, index) in metrics.items():
            kind = "number" if call.split("(")[0] in (*NUMBERS, "mmd") else "ratio"
            out.write(f'metric m.{name}{index} "{name}" : {kind} = {call}\n')
    with open(f"{folder}/deployment.yaml", "w") as out:
        out.write(
            "deployment: {id: drift}\npack: pack\ntables:\n  development: {file: development.parquet}\n"
            "  deployment: {file: deployment.parquet}\ncolumns:\n  numeric: ['x_*']\n"
        )


def timed(command, runs):
    """Returns the fastest wall time of some runs and what the last one printed."""
    best, out = float("inf"), ""
    for _ in range(runs):
        start = time.perf_counter()
        out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        best = min(best, time.perf_counter() - start)
    return best, out


def ours(etio, folder):
    wall, out = timed([etio, "metrics", folder, "--format", "json"], 3)
    values = {}
    for found in json.loads(out)["measurements"]:
        values[(found["metric"].removeprefix("m."), found["element"])] = found["value"]
    return wall, values


def peer(name, folder):
    """Runs in a process of its own: prints the seconds after the imports, and the values."""
    import warnings

    warnings.simplefilter("ignore")
    import pandas as pd

    if name == "evidently":
        from evidently import Report
        from evidently.metrics import ValueDrift

        start = time.perf_counter()
        reference = pd.read_parquet(f"{folder}/development.parquet")
        current = pd.read_parquet(f"{folder}/deployment.parquet")
        asked = [(method, column) for column in reference.columns for method in METHODS]
        found = Report([ValueDrift(column=column, method=method) for method, column in asked]).run(current, reference)
        values = [[*ask, float(metric["value"])] for ask, metric in zip(asked, found.dict()["metrics"])]
    else:
        from alibi_detect.cd import MMDDrift

        start = time.perf_counter()
        scale = pd.read_parquet(f"{folder}/development.parquet").to_numpy("float32")
        reference, current = scale, pd.read_parquet(f"{folder}/deployment.parquet").to_numpy("float32")
        detector = MMDDrift(reference, backend="pytorch", n_permutations=100, device="cpu")
        data = detector.predict(current)["data"]
        values = [["distance", None, float(data["distance"])], ["p", None, float(data["p_val"])]]
    print(json.dumps({"seconds": time.perf_counter() - start, "values": values}))


def race(name, etio, folder, rows):
    table, columns = ERRAND[name]
    if name == "evidently":
        metrics = {method: (call, "[feature]") for method, call in METHODS.items()}
    else:
        # Raw columns, as the peer takes them.
        metrics = {"distance": (f"mmd(standardised no, rows {rows}, permutations 100)", ""),
                   "p": (f"mmd_p(standardised no, rows {rows}, permutations 100)", "")}
    make(folder, int(rows), columns, metrics)
    wall, found = ours(etio, folder)
    theirs, out = timed([sys.executable, __file__, "peer", name, folder], 1)
    said = json.loads(out)
    if name == "evidently":
        for method, column, value in said["values"]:
            if method == "wasserstein":
                own = found[(method, column)]
                assert abs(own - value) <= 1e-6 * max(1.0, abs(value)), (method, column, own, value)
        print(f"Wasserstein distances are equal in all {columns} columns; other metrics have other bins there.")
    else:
        peers = {method: value for method, _, value in said["values"]}
        print(f"etio: mmd {found[('distance', None)]:.6f}, p {found[('p', None)]:.3f}; "
              f"{name}: mmd {peers['distance']:.6f}, p {peers['p']:.3f} (its bandwidth is 0.7 of the median distance)")
    print(f"{table}, {rows} rows a table: etio {wall:.3f} s; {name} {theirs:.3f} s as a process ({theirs / wall:.1f} x), "
          f"{said['seconds']:.3f} s after its imports ({said['seconds'] / wall:.1f} x)")


if __name__ == "__main__":
    if sys.argv[1] == "peer":
        peer(*sys.argv[2:])
    else:
        race(*sys.argv[1:])
