#!/bin/sh
# Times `etio metrics` against pandas, scikit-learn, scipy, statsmodels and fairlearn on one pilot.
#
#   benches/compare_python.sh ETIO [ROWS] [FOLDER]
#
# ETIO is the program (target/release/etio). FOLDER, outside the repository, keeps the Python
# environment and the pilot between runs. Both sides read the same Parquet file; their values are
# compared before a ratio is printed. Each side is run three times and the fastest run counts; the
# Python side once where that takes a minute.
set -eu

etio=${1:?"usage: compare_python.sh ETIO [ROWS] [FOLDER]"}
rows=${2:-1000000}
folder=${3:-${TMPDIR:-/tmp}/etiology-compare}
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$folder"

if [ ! -x "$folder/venv/bin/python" ]; then
    python3 -m venv "$folder/venv"
    "$folder/venv/bin/pip" install --quiet numpy pandas pyarrow scikit-learn scipy statsmodels fairlearn
fi
python="$folder/venv/bin/python"
pilot="$folder/pilot-$rows"
[ -f "$pilot/pilot.parquet" ] || "$python" "$here/compare_python.py" make "$pilot" "$rows"

"$python" "$here/compare_python.py" race "$etio" "$pilot"
