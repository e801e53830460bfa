"""Runs the peers on the same deployments, compares their answers and prints one table.

    race.py ETIO FOLDER ROWS [PEER=ROWS …]

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


def etio_command(etio, pack, source, target):
    """Point values, as the peers compute; the fastest run of three may not find the output of the last one."""
    if os.path.exists(target):
        os.remove(target)
    return [etio, "fleet", "assess", source, "--pack", pack, "--point", "--top", "3", "--output", target]


def from_etio(path):
    """What etio wrote, in the form of the peers' answers. Rules are the remarks that they left, where they do."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.compute as pc

    names = ["id", "flags", "total_risk", *(f"recommendation_{rank}.mitigation" for rank in (1, 2, 3))]
    types = dict(zip(names, [pa.int64(), pa.string(), pa.float64()] + [pa.string()] * 3))
    table = pa.csv.read_csv(path, convert_options=pa.csv.ConvertOptions(include_columns=names, column_types=types))
    bits = np.zeros((2, len(table)), dtype=np.int64)
    for row, flags in enumerate(table["flags"].to_pylist()):
        for flag in flags.split("; ") if flags else []:
            rule = int(flag[1:])
            bits[rule // peers.HALF, row] |= 1 << (rule % peers.HALF)
    remedies = [pc.cast(pc.utf8_slice_codeunits(table[name], len("remedy_")), pa.int64()).to_numpy() for name in names[3:]]
    return np.stack([table["id"].to_numpy(), *bits, *remedies]), table["total_risk"].to_numpy()


def race_etio(etio, folder, workload, source, n, reference):
    """Times etio on the CSV and on the same rows in Parquet. On a pack whose rules leave remarks the rules that
    fired are compared as well, in a run of its own; the timed runs leave none."""
    for telling in (False, True):
        pack = os.path.join(folder, "pack-telling" if telling else "pack")
        os.makedirs(pack, exist_ok=True)
        with open(os.path.join(pack, "pack.etio"), "w") as out:
            out.write(workload.pack(telling))
    target = os.path.join(folder, "answers-etio.csv")
    measured(etio_command(etio, os.path.join(folder, "pack-telling"), f"{source}.csv", target))
    wrong = disagreement(reference, from_etio(target))
    results = []
    for ending in ("csv", "parquet"):
        run = lambda: measured(etio_command(etio, os.path.join(folder, "pack"), f"{source}.{ending}", target))
        *used, _ = min((run() for _ in range(3)), key=lambda used: used[1])
        whole, total = from_etio(target)
        # Without remarks the rules are taken from the run above.
        whole[1:3] = reference[0][1:3, :whole.shape[1]]
        wrong = wrong or disagreement(reference, (whole, total))
        results.append((f"etio, from {ending}", n, *used))
    if wrong:
        sys.exit(f"etio disagrees: {wrong}")
    return results


def main(etio, folder, rows, limits):
    os.makedirs(folder, exist_ok=True)
    workload = Workload()
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
        runs = 3 if n == rows else 1
        *used, _ = min((measured(command(source, target)) for _ in range(runs)), key=lambda used: used[1])
        found = answers(target)
        wrong = None if reference is None else disagreement(reference, found)
        if wrong:
            sys.exit(f"{title} disagrees: {wrong}")
        print(f"ran: {title}", flush=True)
        if reference is None:
            reference = found
            results += race_etio(etio, folder, workload, source, n, reference)
            print("ran: etio", flush=True)
        results.append((title, n, *used))
    print("\n| | rows | wall s | CPU s | µs of CPU a row | peak MB |\n| --- | --- | --- | --- | --- | --- |")
    for title, n, wall, cpu, memory in results:
        print(f"| {title} | {n} | {wall:.2f} | {cpu:.2f} | {1e6 * cpu / n:.1f} | {memory:.0f} |")
    print("\nAll answers are equal: rules fired, the three best mitigations, totals to the ninth decimal.\n")


if __name__ == "__main__":
    limits = dict(argument.split("=") for argument in sys.argv[4:])
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), {peer: int(n) for peer, n in limits.items()})
