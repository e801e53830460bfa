#!/bin/sh
# Times etio beside other engines: a fleet of deployments, then recursion.
#
#   benches/compare_engines.sh [ROWS] [FOLDER]
#
# Builds the release programs. FOLDER, outside the repository, keeps a Python environment, the peers' programs and the
# data between runs. Peers that are not installed are skipped with a line that says so; SWI-Prolog and CLIPS come
# from the system's packages (swi-prolog-nox, clips), Soufflé from wherever it is installed, the others by pip and cargo.
# All must give equal answers before a time is printed. Slow peers judge fewer rows, and the table says how many.
set -eu

rows=${1:-100000}
folder=${2:-${TMPDIR:-/tmp}/etiology-engines}
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$folder"

cargo build --quiet --release --manifest-path "$here/../Cargo.toml" --bin etio --example closure
programs="${CARGO_TARGET_DIR:-$here/../target}/release"

if [ ! -x "$folder/venv/bin/python" ]; then
    python3 -m venv "$folder/venv"
    "$folder/venv/bin/pip" install --quiet numpy pyarrow duckdb clingo
fi
python="$folder/venv/bin/python"

"$python" "$here/engines/race.py" "$programs/etio" "$folder/fleet" "$rows" \
    prolog=10000 regorus=10000 clingo=10000 clips=10000
"$python" "$here/engines/recursion.py" "$programs/examples/closure" "$folder/recursion"
