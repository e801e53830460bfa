"""One program for each peer, written from the steps of the workload, and how it is run.

Every program reads the same deployments and writes a CSV of the same answers: the row's id, the rules that fired (two
whole numbers of 30 bits), the total risk and the three best mitigations by number. A peer whose language has no
fractions, or in which figures would be beside its purpose, derives the rules that fire; the figures are then numpy's,
and the table says so.
"""

import os
import shutil
import subprocess
import sys

from workload import MITIGATIONS, TOP, Workload

HALF = 30
NODES = 65


def infix(expression, names=str, choose="({0} if {1} else 0.0)", clamp="min(max({0}, {1}), {2})", conditions=None):
    """An expression as most languages write it."""
    words = dict({"and": " and ", "or": " or ", "not": "not {0}"}, **(conditions or {}))
    write = lambda e: infix(e, names, choose, clamp, conditions)
    match expression:
        case ("number", value):
            return repr(float(value))
        case ("name" | "is", name):
            return names(name)
        case ("not", name):
            return words["not"].format(names(name))
        case ("if", condition, value):
            return choose.format(write(value), names(condition))
        case ("clamp", value, low, high):
            return clamp.format(write(value), float(low), float(high))
        case ("and" | "or" as joint, parts):
            return "(" + words[joint].join(f"({write(part)})" for part in parts) + ")"
        case (">" | "<" as sign, metric, threshold):
            return f"{names(metric)} {sign} {threshold!r}"
        case (sign, left, right):
            return f"({write(left)} {sign} {write(right)})"


def bits(name_of_rule, first):
    """The 30 rules from `first`, each with the value of its bit."""
    return [(name_of_rule(f"r{rule:02}"), 1 << (rule - first)) for rule in range(first, first + HALF)]


# Rust: one function for one row, over columns that the program has read; rustc -O.

RUST = """use std::io::{{BufWriter, Read, Write}};

fn main() {{
    let arguments: Vec<String> = std::env::args().collect();
    let mut text = String::new();
    std::fs::File::open(&arguments[1]).unwrap().read_to_string(&mut text).unwrap();
    let mut ids: Vec<&str> = Vec::new();
    let mut metrics: Vec<Vec<f64>> = vec![Vec::new(); 30];
    for line in text.lines().skip(1) {{
        let mut cells = line.split(',');
        ids.push(cells.next().unwrap());
        for (column, cell) in metrics.iter_mut().zip(cells) {{
            column.push(cell.parse().unwrap());
        }}
    }}
    let mut out = BufWriter::new(std::fs::File::create(&arguments[2]).unwrap());
    writeln!(out, "id,low,high,total,first,second,third").unwrap();
    for (row, id) in ids.iter().enumerate() {{
        let (low, high, total, top) = judge(&metrics, row);
        writeln!(out, "{{id}},{{low}},{{high}},{{total}},{{}},{{}},{{}}", top[0].1, top[1].1, top[2].1).unwrap();
    }}
}}

fn judge(metrics: &[Vec<f64>], row: usize) -> (u32, u32, f64, [(f64, usize); 3]) {{
{lines}
    let mut top = [(f64::NEG_INFINITY, 0); 3];
    for (remedy, gain) in [{gains}].into_iter().enumerate() {{
        if gain > top[2].0 {{
            top[2] = (gain, remedy);
            if top[2].0 > top[1].0 {{ top.swap(1, 2); }}
            if top[1].0 > top[0].0 {{ top.swap(0, 1); }}
        }}
    }}
    ({low}, {high}, total, top)
}}
"""


def rust(workload, folder):
    style = dict(choose="(if {1} {{ {0} }} else {{ 0.0 }})", clamp="{0}.clamp({1}, {2})",
                 conditions={"and": " && ", "or": " || ", "not": "!{0}"})
    lines = [f"    let m{metric:02} = metrics[{metric}][row];" for metric in range(30)]
    lines += [f"    let {name} = {infix(expression, **style)};" for name, expression in workload.steps()]
    fired = lambda first: " | ".join(f"(({rule} as u32) << {bit.bit_length() - 1})" for rule, bit in bits(str, first))
    gains = ", ".join(f"gain{place:02}" for place in range(MITIGATIONS))
    source = os.path.join(folder, "judge.rs")
    with open(source, "w") as out:
        out.write(RUST.format(lines="\n".join(lines), gains=gains, low=fired(0), high=fired(HALF)))
    program = os.path.join(folder, "judge")
    subprocess.run(["rustc", "-O", "--edition", "2021", "-A", "warnings", "-o", program, source], check=True)
    return lambda rows, answers: [program, f"{rows}.csv", answers]


# numpy: whole columns, in blocks that stay in the cache.

NUMPY = """import sys
import numpy as np
import pyarrow as pa
import pyarrow.csv

def figures(m, fired):
{figures}
    gains = np.stack([{gains}])
    top = np.argpartition(-gains, 2, axis=0)[:3]
    order = np.argsort(-np.take_along_axis(gains, top, axis=0), axis=0, kind="stable")
    return total, np.take_along_axis(top, order, axis=0)

def rules(m):
{rules}
    return {fired}

def pack(fired):
    bits = lambda first: sum(fired[first + bit].astype(np.int64) << bit for bit in range(30))
    return bits(0), bits(30)

def write(path, parts):
    names = ["id", "low", "high", "total", "first", "second", "third"]
    with pa.csv.CSVWriter(path, pa.schema(list(zip(names, [pa.string()] + [pa.int64()] * 2 + [pa.float64()] + [pa.int64()] * 3)))) as out:
        for ids, fired, (total, top) in parts:
            out.write_table(pa.table([ids, *pack(fired), total, *top], names=names))

def main(source, target, block=4096):
    table = pa.csv.read_csv(source, convert_options=pa.csv.ConvertOptions(column_types={{"id": pa.string()}})).combine_chunks()
    m = [column.to_numpy() for column in table.columns[1:]]
    def parts():
        for start in range(0, len(table), block):
            here = [column[start:start + block] for column in m]
            fired = rules(here)
            yield table["id"].slice(start, block).combine_chunks(), fired, figures(here, fired)
    write(target, parts())

if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
"""


def numpy(workload, folder):
    names = lambda name: f"m[{int(name[1:])}]" if name[0] == "m" else f"fired[{int(name[1:])}]" if name[0] == "r" else name
    style = dict(names=names, choose="np.where({1}, {0}, 0.0)", clamp="np.clip({0}, {1}, {2})",
                 conditions={"and": " & ", "or": " | ", "not": "~{0}"})
    plain = dict(style, names=lambda name: f"m[{int(name[1:])}]" if name[0] == "m" else name)
    steps = workload.steps()
    rules = [f"    {name} = {infix(expression, **plain)}" for name, expression in steps if name[0] in "rf"]
    # `np.full` turns an own evidence that is the same for all rows into a column.
    figures = [f"    {name} = {infix(expression, **style)}" for name, expression in steps if name[0] not in "rf"]
    gains = ", ".join(f"np.broadcast_to(gain{place:02}, total.shape)" for place in range(MITIGATIONS))
    program = os.path.join(folder, "with_numpy.py")
    with open(program, "w") as out:
        fired = "[" + ", ".join(f"r{rule:02}" for rule in range(60)) + "]"
        out.write(NUMPY.format(rules="\n".join(rules), figures="\n".join(figures), gains=gains, fired=fired))
    return lambda rows, answers: [sys.executable, program, f"{rows}.csv", answers]


# DuckDB: one statement; each level of names is a common table expression.

def duckdb(workload, folder):
    import duckdb as _present  # noqa: F401
    style = dict(choose="(CASE WHEN {1} THEN {0} ELSE 0.0 END)", clamp="least(greatest({0}, {1}), {2})",
                 conditions={"and": " AND ", "or": " OR ", "not": "NOT {0}"})
    # A decimal in SQL text is an exact decimal; an exponent makes it a double.
    exact = lambda text: __import__("re").sub(r"(?<![\w.])(\d+\.\d+)(?![\de])", r"\1e0", text)
    levels, level_of = [], {f"m{metric:02}": 0 for metric in range(30)}
    for name, expression in workload.steps():
        level = 1 + max([level_of[read] for read in reads(expression)] or [0])
        level_of[name] = level
        levels += [[] for _ in range(level - len(levels))]
        levels[level - 1].append(f"{exact(infix(expression, **style))} AS {name}")
    ctes = ["l0 AS (SELECT * FROM read_csv($rows, types = {'id': 'VARCHAR'}))"]
    ctes += [f"l{n + 1} AS (SELECT *, {', '.join(lines)} FROM l{n})" for n, lines in enumerate(levels)]
    low, high = (" + ".join(f"{rule}::INT::BIGINT * {bit}" for rule, bit in bits(str, first)) for first in (0, HALF))
    gains = ", ".join(f"{{'gain': gain{place:02}::DOUBLE, 'remedy': {MITIGATIONS - place}}}" for place in range(MITIGATIONS))
    ctes.append(f"ranked AS (SELECT id, {low} AS low, {high} AS high, total, "
                f"list_reverse_sort([{gains}])[1:{TOP}] AS top FROM l{len(levels)})")
    answer = "SELECT id, low, high, total, " + ", ".join(
        f"{MITIGATIONS} - top[{n}].remedy AS {word}" for n, word in enumerate(("first", "second", "third"), 1)) + " FROM ranked"
    statement = f"WITH {', '.join(ctes)} {answer}"
    program = os.path.join(folder, "with_duckdb.py")
    with open(program, "w") as out:
        out.write("import sys\nimport duckdb\n\nSTATEMENT = " + repr(statement) + "\n\n"
                  "rows, answers = sys.argv[1:]\nliteral = lambda text: \"'\" + text.replace(\"'\", \"''\") + \"'\"\n"
                  "duckdb.sql(f\"COPY ({STATEMENT.replace('$rows', literal(rows))}) TO {literal(answers)} (HEADER)\")\n")
    return lambda rows, answers: [sys.executable, program, f"{rows}.csv", answers]


def reads(expression):
    match expression:
        case ("number", _):
            return []
        case ("name" | "is" | "not", name):
            return [name]
        case ("if", condition, value):
            return [condition, *reads(value)]
        case ("clamp", value, _, _):
            return reads(value)
        case ("and" | "or", parts):
            return [name for part in parts for name in reads(part)]
        case (">" | "<", metric, _):
            return [metric]
        case (_, left, right):
            return reads(left) + reads(right)


# SWI-Prolog: one clause with the figures, and if-then-else for each rule.

PROLOG = """:- initialization(main, main).
main([Rows, Answers]) :-
    open(Rows, read, In), open(Answers, write, Out),
    format(Out, "id,low,high,total,first,second,third~n", []),
    read_line_to_string(In, _), lines(In, Out), close(Out).
lines(In, Out) :-
    read_line_to_string(In, Line),
    (   Line == end_of_file -> true
    ;   split_string(Line, ",", "", [Id|Cells]), maplist([Cell, Number]>>number_string(Number, Cell), Cells, Numbers),
        Row =.. [row|Numbers], judge(Row, Low, High, Total, Gains),
        sort(1, @>=, Gains, [_-First, _-Second, _-Third|_]),
        format(Out, "~s,~d,~d,~15g,~d,~d,~d~n", [Id, Low, High, Total, First, Second, Third]),
        lines(In, Out)
    ).
"""


def prolog(workload, folder):
    upper = lambda name: name[0].upper() + name[1:]
    arithmetic = dict(names=upper, clamp="min(max({0}, {1}), {2})")
    condition = dict(names=lambda name: upper(name) if name[0] == "m" else f"{upper(name)} =:= 1",
                     conditions={"and": ", ", "or": " ; ", "not": "\\+ {0}"})
    # A weight is 1 minus the amount where the rule fired; fired rules are 1, others 0.
    choose = dict(arithmetic, choose="({1} * {0})")
    body = []
    for name, expression in workload.steps():
        if name[0] in "rf":
            body.append(f"( {infix(expression, **condition)} -> {upper(name)} = 1 ; {upper(name)} = 0 )")
        else:
            body.append(f"{upper(name)} is {infix(expression, **choose)}")
    total = lambda first: " + ".join(f"{rule} * {bit}" for rule, bit in bits(upper, first))
    body += [f"Low is {total(0)}", f"High is {total(HALF)}"]
    row = ", ".join(f"M{metric:02}" for metric in range(30))
    gains = ", ".join(f"Gain{place:02}-{place}" for place in range(MITIGATIONS))
    program = os.path.join(folder, "judge.pl")
    with open(program, "w") as out:
        out.write(PROLOG + f"judge(row({row}), Low, High, Total, [{gains}]) :-\n    " + ",\n    ".join(body) + ".\n")
    return lambda rows, answers: ["swipl", "-O", program, f"{rows}.csv", answers]


# regorus: a policy, evaluated once for each row.

REGO = """use std::io::{BufRead, BufWriter, Write};

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let mut engine = regorus::Engine::new();
    engine.add_policy_from_file(&arguments[1]).unwrap();
    let answer = "data.judge.answer";
    let policy = engine.compile_with_entrypoint(&answer.into()).unwrap();
    let program = regorus::languages::rego::compiler::Compiler::compile_from_policy(&policy, &[answer]).unwrap();
    let mut machine = regorus::rvm::RegoVM::new();
    machine.load_program(program);
    machine.set_max_instructions(usize::MAX);
    let rows = std::io::BufReader::new(std::fs::File::open(&arguments[2]).unwrap());
    let mut out = BufWriter::new(std::fs::File::create(&arguments[3]).unwrap());
    writeln!(out, "id,low,high,total,first,second,third").unwrap();
    let mut lines = rows.lines().map(|line| line.unwrap());
    let header = lines.next().unwrap();
    let names: Vec<&str> = header.split(',').collect();
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        let fields: Vec<String> = names.iter().zip(&cells).skip(1).map(|(name, cell)| format!("\\"{name}\\": {cell}")).collect();
        machine.set_input(regorus::Value::from_json_str(&format!("{{{}}}", fields.join(", "))).unwrap());
        let answer = machine.execute().unwrap();
        let figures: Vec<String> = answer.as_array().unwrap().iter().map(|figure| figure.to_string()).collect();
        writeln!(out, "{},{}", cells[0], figures.join(",")).unwrap();
    }
}
"""


def regorus(workload, folder):
    names = lambda name: f"input.{name}" if name[0] == "m" else name
    lines = ["package judge", "import rego.v1"]
    bodies = dict(names=names, conditions={"and": "; ", "or": None, "not": "not {0}"})
    for name, expression in workload.steps():
        match expression:
            case ("and", parts):
                lines.append(f"{name} if {{ {'; '.join(infix(part, **bodies) for part in parts)} }}")
            case ("or", parts):
                lines += [f"{name} if {{ {infix(part, **bodies)} }}" for part in parts]
            case ("-", ("number", 1.0), ("if", rule, amount)):
                clamp = "min([max([{0}, {1}]), {2}])"
                lines.append(f"{name} := 1 - {infix(amount, names=names, clamp=clamp)} if {rule}")
                lines.append(f"else := 1")
            case _:
                lines.append(f"{name} := {infix(expression, names=names)}")
    for rule in range(60):
        lines.append(f"b{rule:02} := {1 << (rule % HALF)} if r{rule:02}\nelse := 0")
    total = lambda first: " + ".join(f"b{rule:02}" for rule in range(first, first + HALF))
    gains = ", ".join(f"[0 - gain{place:02}, {place}]" for place in range(MITIGATIONS))
    lines.append(f"top := array.slice(sort([{gains}]), 0, 3)")
    lines.append(f"answer := [{total(0)}, {total(HALF)}, total, top[0][1], top[1][1], top[2][1]]")
    policy = os.path.join(folder, "judge.rego")
    with open(policy, "w") as out:
        out.write("\n".join(lines) + "\n")
    crate = os.path.join(folder, "with_regorus")
    if not os.path.exists(crate):
        subprocess.run(["cargo", "new", "--quiet", "--vcs", "none", crate], check=True)
        subprocess.run(["cargo", "add", "--quiet", "regorus"], cwd=crate, check=True, stderr=subprocess.DEVNULL)
    with open(os.path.join(crate, "src", "main.rs"), "w") as out:
        out.write(REGO)
    subprocess.run(["cargo", "build", "--quiet", "--release"], cwd=crate, check=True)
    program = os.path.join(crate, "target", "release", "with_regorus")
    return lambda rows, answers: [program, policy, f"{rows}.csv", answers]


# clingo and CLIPS: which rules fire; the figures are numpy's.

CLINGO = """import sys
import clingo
import numpy as np
import pyarrow as pa
import pyarrow.csv
from with_numpy import figures, write

RULES = {rules!r}

def main(source, target, block=500):
    table = pa.csv.read_csv(source, convert_options=pa.csv.ConvertOptions(column_types={{"id": pa.string()}})).combine_chunks()
    m = [column.to_numpy() for column in table.columns[1:]]
    def parts():
        for start in range(0, len(table), block):
            here = [column[start:start + block] for column in m]
            rows = range(len(here[0]))
            facts = "".join(f"m({{row}},{{metric}},{{round(here[metric][row] * 100000)}})." for row in rows for metric in range(30))
            control = clingo.Control(["--warn=none"])
            control.add("base", [], RULES + facts)
            control.ground([("base", [])])
            fired = np.zeros((60, len(rows)), dtype=bool)
            with control.solve(yield_=True) as solution:
                for atom in next(iter(solution)).symbols(shown=True):
                    fired[atom.arguments[1].number, atom.arguments[0].number] = True
            yield table["id"].slice(start, block).combine_chunks(), fired, figures(here, fired)
    write(target, parts())

main(sys.argv[1], sys.argv[2])
"""


def clingo(workload, folder):
    import clingo as _present  # noqa: F401
    lines = []
    for place, rule in enumerate(workload.rules):
        body = []
        for condition in rule["when"]:
            match condition:
                case ("finding", finding):
                    body.append(f"f(R,{finding})")
                case ("absent", finding):
                    body.append(f"not f(R,{finding})")
                case (metric, sign, threshold):
                    body.append(f"m(R,{metric},V{metric}), V{metric} {sign} {round(threshold * 100000)}")
        lines.append(f"r(R,{place}) :- {', '.join(body)}.")
        if rule["conclude"] is not None:
            lines.append(f"f(R,{rule['conclude']}) :- r(R,{place}).")
    lines.append("#show r/2.")
    program = os.path.join(folder, "with_clingo.py")
    with open(program, "w") as out:
        out.write(CLINGO.format(rules="\n".join(lines)))
    return lambda rows, answers: [sys.executable, program, f"{rows}.csv", answers]


CLIPS = """import subprocess
import sys
import numpy as np
import pyarrow as pa
import pyarrow.csv
from with_numpy import figures, write

def main(source, target, block=1000):
    table = pa.csv.read_csv(source, convert_options=pa.csv.ConvertOptions(column_types={{"id": pa.string()}})).combine_chunks()
    m = [column.to_numpy() for column in table.columns[1:]]
    def parts():
        for start in range(0, len(table), block):
            here = [column[start:start + block] for column in m]
            cells = np.stack(here, axis=1)
            facts = "\\n".join(f"(case (row {{row}}) " + " ".join(f"(m{{k:02}} {{value}})" for k, value in enumerate(values)) + ")"
                              for row, values in enumerate(cells.tolist()))
            with open(target + ".facts", "w") as out:
                out.write(facts)
            commands = f'(load "{clp}")\\n(reset)\\n(load-facts "{{target}}.facts")\\n(run)\\n(exit)\\n'
            run = subprocess.run(["clips"], input=commands, capture_output=True, text=True, check=True)
            fired = np.zeros((60, len(cells)), dtype=bool)
            for line in run.stdout.splitlines():
                # The first one stands behind the prompt.
                if "fired " in line:
                    rule, row = line.split()[-2:]
                    fired[int(rule), int(row)] = True
            yield table["id"].slice(start, block).combine_chunks(), fired, figures(here, fired)
    write(target, parts())

main(sys.argv[1], sys.argv[2])
"""


def clips(workload, folder):
    slots = " ".join(f"(slot m{metric:02})" for metric in range(30))
    lines = [f"(deftemplate case (slot row) {slots})", "(deftemplate finding (slot row) (slot id))"]
    ends = [30, 50, 60]
    for place, rule in enumerate(workload.rules):
        # Strata by salience: a rule that reads the absence of a finding waits for all that could conclude it.
        salience = 100 - 10 * next(n for n, end in enumerate(ends) if place < end)
        fields, tests, others = [], [], []
        for condition in rule["when"]:
            match condition:
                case ("finding", finding):
                    others.append(f"(finding (row ?r) (id {finding}))")
                case ("absent", finding):
                    others.append(f"(not (finding (row ?r) (id {finding})))")
                case (metric, sign, threshold):
                    fields.append(f"(m{metric:02} ?m{metric}&:({sign} ?m{metric} {threshold:.5f}))")
        conclude = rule["conclude"]
        then = f'(printout t "fired {place} " ?r crlf)'
        if conclude is not None:
            then += f" (assert (finding (row ?r) (id {conclude})))"
        lines.append(f"(defrule r{place:02} (declare (salience {salience})) (case (row ?r) {' '.join(fields)}) "
                     f"{' '.join(others)} => {then})")
    rules = os.path.join(folder, "judge.clp")
    with open(rules, "w") as out:
        out.write("\n".join(lines) + "\n")
    program = os.path.join(folder, "with_clips.py")
    with open(program, "w") as out:
        out.write(CLIPS.format(clp=rules))
    return lambda rows, answers: [sys.executable, program, f"{rows}.csv", answers]


def missing(peer):
    """What is missing for a peer, as a sentence; none if nothing is."""
    program = {"rust": "rustc", "prolog": "swipl", "clips": "clips", "regorus": "cargo"}.get(peer)
    if program and not shutil.which(program):
        package = {"prolog": "swi-prolog-nox", "clips": "clips"}.get(peer)
        return f"`{program}` is not installed" + (f" (package {package})" if package else "")
    return None


PEERS = {
    "rust": (rust, "hand-written Rust, one thread"),
    "numpy": (numpy, "numpy by hand"),
    "duckdb": (duckdb, "DuckDB, one statement"),
    "prolog": (prolog, "SWI-Prolog"),
    "regorus": (regorus, "regorus, bytecode"),
    "clingo": (clingo, "clingo for the rules, numpy for the figures"),
    "clips": (clips, "CLIPS for the rules, numpy for the figures"),
}
