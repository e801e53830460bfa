"""Runs the peers on the same deployments, compares their answers and prints one table.

    race.py FOLDER ROWS [PEER=ROWS …]

FOLDER keeps programs, deployments and answers. Each peer judges ROWS deployments, or as many as are given for it; the
time of a slow one is for the rows it judged, never scaled up. Wall and CPU seconds and the most memory are those of
the whole process with its children, start and reading included; building a program is not counted.
"""

import os
import subprocess
import sys

import peers
from workload import Workload, write_rows


def measured(command):
    """Wall seconds, CPU seconds and peak megabytes of a command and its children, and what it printed."""
    # A process of its own collects what its children use.
    script = ("import resource, subprocess, sys, time; start = time.perf_counter(); "
              "status = subprocess.run(sys.argv[1:]).returncode; wall = time.perf_counter() - start; "
              "used = resource.getrusage(resource.RUSAGE_CHILDREN); "
              "print(); print(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024); sys.exit(status)")
    run = subprocess.run([sys.executable, "-c", script, *command], capture_output=True, text=True)
    if run.returncode:
        sys.exit(f"{command[0]} ended with {run.returncode}: {run.stderr[-2000:]}")
    printed, _, figures = run.stdout.rstrip("\n").rpartition("\n")
    wall, cpu, memory = map(float, figures.split())
    return wall, cpu, memory, printed


def answers(path):
    """The answers of a peer: ids, whole numbers, totals; in order of id."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.csv

    table = pa.csv.read_csv(path, convert_options=pa.csv.ConvertOptions(column_types={"id": pa.int64()}))
    table = table.take(np.argsort(table["id"].to_numpy(), kind="stable"))
    whole = np.stack([table[name].to_numpy() for name in ("id", "low", "high", "first", "second", "third")])
    return whole.astype("int64"), table["total"].to_numpy()


def disagreement(ours, theirs):
    """What two answers differ in, as a sentence; none where they agree, totals to the ninth decimal."""
    import numpy as np

    (whole, total), (other, other_total) = ours, theirs
    rows = min(whole.shape[1], other.shape[1])
    if (whole[:, :rows] != other[:, :rows]).any():
        row = int(np.argmax((whole[:, :rows] != other[:, :rows]).any(axis=0)))
        return f"row {row}: {whole[:, row].tolist()} against {other[:, row].tolist()}"
    apart = np.abs(total[:rows] - other_total[:rows]).max()
    return f"totals are {apart} apart" if apart > 0.5e-9 else None


def checksum(path):
    import hashlib

    whole, total = answers(path)
    return hashlib.sha256(whole.tobytes() + (total * 1e6).round().astype("int64").tobytes()).hexdigest()[:12]


def main(folder, rows, limits):
    os.makedirs(folder, exist_ok=True)
    workload = Workload()
    os.makedirs(os.path.join(folder, "pack"), exist_ok=True)
    with open(os.path.join(folder, "pack", "pack.etio"), "w") as out:
        out.write(workload.pack())
    results, reference = [], None
    for peer, (build, title) in peers.PEERS.items():
        reason = peers.missing(peer)
        if reason is None:
            try:
                command = build(workload, folder)
            except (ImportError, subprocess.CalledProcessError) as error:
                reason = str(error)
        if reason:
            print(f"skipped: {title}: {reason}")
            continue
        n = min(rows, limits.get(peer, rows))
        source = os.path.join(folder, f"rows-{n}")
        if not os.path.exists(f"{source}.parquet"):
            write_rows(source, n)
        target = os.path.join(folder, f"answers-{peer}.csv")
        *used, _ = min((measured(command(source, target)) for _ in range(3 if n == rows else 1)), key=lambda used: used[1])
        found = answers(target)
        wrong = None if reference is None else disagreement(reference, found)
        if wrong:
            sys.exit(f"{title} disagrees: {wrong}")
        if reference is None:
            reference = found
        results.append((title, n, *used))
        print(f"ran: {title}", flush=True)
    print()
    print("| | rows | wall s | CPU s | µs of CPU a row | peak MB |")
    print("| --- | --- | --- | --- | --- | --- |")
    for title, n, wall, cpu, memory in results:
        print(f"| {title} | {n} | {wall:.2f} | {cpu:.2f} | {1e6 * cpu / n:.2f} | {memory:.0f} |")
    print("\nAll answers are equal: rules fired, the three best mitigations, totals to the ninth decimal.")


if __name__ == "__main__":
    limits = dict(argument.split("=") for argument in sys.argv[3:])
    main(sys.argv[1], int(sys.argv[2]), {peer: int(n) for peer, n in limits.items()})
