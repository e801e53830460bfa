#!/bin/sh
# Times the shift metrics of `etio metrics` beside evidently (20 columns) and its MMD beside alibi-detect.
#
#   benches/compare_drift.sh ETIO [ROWS] [FOLDER]
#
# ETIO is the program (target/release/etio). FOLDER, outside the repository, keeps the Python environments and the
# tables between runs. What both call by one name and define alike is compared before a time is printed. The two
# peers cannot live in one environment; one that cannot be installed is skipped with a line that says so.
set -eu

etio=${1:?"usage: compare_drift.sh ETIO [ROWS] [FOLDER]"}
rows=${2:-1000000}
folder=${3:-${TMPDIR:-/tmp}/etiology-drift}
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$folder"

environment() {
    name=$1
    shift
    [ -x "$folder/$name/bin/python" ] && return 0
    python3 -m venv "$folder/$name"
    "$folder/$name/bin/pip" install --quiet "$@" || { rm -rf "${folder:?}/$name"; return 1; }
}

# A plain install of evidently resolves to a pandas that it cannot be imported with.
if environment evidently evidently 'pandas<3' pyarrow; then
    "$folder/evidently/bin/python" "$here/compare_drift.py" evidently "$etio" "$folder/columns-$rows" "$rows"
else
    echo 'skipped: evidently cannot be installed here'
fi
if environment alibi alibi-detect 'numpy<2' torch 'pyarrow<21'; then
    "$folder/alibi/bin/python" "$here/compare_drift.py" alibi "$etio" "$folder/mmd-5000" 5000
else
    echo 'skipped: alibi-detect cannot be installed here'
fi
