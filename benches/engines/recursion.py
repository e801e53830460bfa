"""Transitive closure and same generation: about a million facts that follow from a few thousand.

    recursion.py CLOSURE FOLDER

CLOSURE is the program `closure` (target/release/examples/closure), which opens a deployment and counts its
findings. Every engine gets the same facts in its own language and says how many facts it derived; the numbers must be
equal. Times and memory are those of the whole process, start and reading included.
"""

import os
import random
import shutil
import sys

from race import measured

NODES, LINKS = 1_100, 3_600
WIDTH, GENERATIONS = 10, 3


def closure_facts(seed=11):
    """A random graph, most of whose nodes reach each other."""
    rng = random.Random(seed)
    links = set()
    while len(links) < LINKS:
        links.add((rng.randrange(NODES), rng.randrange(NODES)))
    return NODES, sorted(links)


def generation_facts():
    """A tree in which everybody has ten children: (child, parent)."""
    pairs, parents, count = [], [0], 1
    for _ in range(GENERATIONS):
        children = range(count, count + WIDTH * len(parents))
        pairs += [(child, parents[place // WIDTH]) for place, child in enumerate(children)]
        count, parents = children.stop, list(children)
    return count, pairs


def etio_program(name):
    rules = {
        "closure": ("link(from: node, to: node)", [
            ("a, b", "link(a, b)", "path(a, b)"), ("a, b, c", "link(a, b) and path(b, c)", "path(a, c)")]),
        "generation": ("link(child: node, parent: node)", [
            ("a, b, p", "link(a, p) and link(b, p)", "same(a, b)"),
            ("a, b, p, q", "link(a, p) and same(p, q) and link(b, q)", "same(a, b)")]),
    }[name]
    text = 'pack recursion "Recursion" {\n  version 1.0.0\n  language 1\n}\nentity node "Node"\n'
    text += f'relation {rules[0]} "Link"\n'
    for place, (variables, when, then) in enumerate(rules[1]):
        text += f'rule r{place} "R" {{\n  for each {variables} in node\n  when {when}\n  then conclude {then}\n}}\n'
    return text


ASP = {
    "closure": "path(A,B) :- link(A,B). path(A,C) :- link(A,B), path(B,C). #show path/2.",
    "generation": "same(A,B) :- link(A,P), link(B,P). same(A,B) :- link(A,P), same(P,Q), link(B,Q). #show same/2.",
}
CLP = {
    "closure": "(defrule direct (link ?a ?b) => (assert (path ?a ?b)))\n"
               "(defrule step (link ?a ?b) (path ?b ?c) => (assert (path ?a ?c)))\n",
    "generation": "(defrule direct (link ?a ?p) (link ?b ?p) => (assert (same ?a ?b)))\n"
                  "(defrule step (link ?a ?p) (same ?p ?q) (link ?b ?q) => (assert (same ?a ?b)))\n",
}
PL = {
    "closure": ":- table path/2.\npath(A,B) :- link(A,B).\npath(A,C) :- link(A,B), path(B,C).\ncounted(A,B) :- path(A,B).\n",
    "generation": ":- table same/2.\nsame(A,B) :- link(A,P), link(B,P).\n"
                  "same(A,B) :- link(A,P), same(P,Q), link(B,Q).\ncounted(A,B) :- same(A,B).\n",
}
SQL = {
    "closure": "SELECT a, b FROM link UNION SELECT link.a, f.b FROM f JOIN link ON link.b = f.a",
    "generation": "SELECT x.a, y.a FROM link x JOIN link y ON x.b = y.b UNION "
                  "SELECT x.a, y.a FROM f JOIN link x ON x.b = f.a JOIN link y ON y.b = f.b",
}
DL = {
    "closure": ".decl f(a:number, b:number)\nf(a,b) :- link(a,b).\nf(a,c) :- link(a,b), f(b,c).\n",
    "generation": ".decl f(a:number, b:number)\nf(a,b) :- link(a,p), link(b,p).\nf(a,b) :- link(a,p), f(p,q), link(b,q).\n",
}


def commands(name, nodes, links, folder, closure):
    """For each engine: its title, and the command, or what is missing."""
    def write(file, text):
        path = os.path.join(folder, file)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as out:
            out.write(text)
        return path

    write(f"{name}/pack.etio", etio_program(name))
    write(f"{name}/deployment.yaml", "deployment: {id: recursion}\npack: pack.etio\nentities:\n  node: ["
          + ", ".join(f"n{node}" for node in range(nodes)) + "]\nrelations:\n  link:\n"
          + "".join(f"    - [n{a}, n{b}]\n" for a, b in links))
    yield "etio", [closure, os.path.join(folder, name)]

    asp = write(f"{name}.lp", ASP[name] + "".join(f"link({a},{b})." for a, b in links))
    counting = write(f"{name}_clingo.py", "import sys\nimport clingo\ncontrol = clingo.Control()\ncontrol.load(sys.argv[1])\n"
                     "control.ground()\nwith control.solve(yield_=True) as solution:\n"
                     "    print(len(next(iter(solution)).symbols(shown=True)))\n")
    yield "clingo", [sys.executable, counting, asp] if installed("clingo") else "`clingo` is not installed (pip install clingo)"

    database = write(f"{name}_duckdb.py", "import sys\nimport duckdb\n"
                     "duckdb.sql(\"CREATE TABLE link AS SELECT * FROM read_csv(\" + repr(sys.argv[1]) + \", names = ['a', 'b'])\")\n"
                     f"print(duckdb.sql(\"WITH RECURSIVE f(a, b) AS ({SQL[name]}) SELECT count(*) FROM f\").fetchall()[0][0])\n")
    rows = write(f"{name}.csv", "".join(f"{a},{b}\n" for a, b in links))
    yield "DuckDB", [sys.executable, database, rows] if installed("duckdb") else "`duckdb` is not installed (pip install duckdb)"

    prolog = write(f"{name}.pl", PL[name] + "".join(f"link({a},{b}).\n" for a, b in links)
                   + ":- initialization((aggregate_all(count, counted(_,_), N), writeln(N), halt)).\n")
    yield "SWI-Prolog, tabled", ["swipl", "--stack-limit=8g", "--table-space=8g", prolog] if shutil.which("swipl") else (
        "`swipl` is not installed (package swi-prolog-nox)")

    facts = "(deffacts links " + " ".join(f"(link {a} {b})" for a, b in links) + ")\n"
    kind = "path" if name == "closure" else "same"
    count = (f"(defrule count (declare (salience -1)) => (bind ?n 0) "
             f"(do-for-all-facts ((?f {kind})) TRUE (bind ?n (+ ?n 1))) (printout t ?n crlf))\n")
    clips = write(f"{name}.clp", CLP[name] + facts + count + "(reset)\n(run)\n(exit)\n")
    yield "CLIPS", ["clips", "-f2", clips] if shutil.which("clips") else "`clips` is not installed (package clips)"

    datalog = write(f"{name}.dl", ".decl link(a:number, b:number)\n.input link(IO=file, filename=\"" + rows
                    + "\", delimiter=\",\")\n" + DL[name] + ".printsize f\n")
    yield "Soufflé, interpreted", ["souffle", datalog] if shutil.which("souffle") else "`souffle` is not installed"


def installed(module):
    import importlib.util
    return importlib.util.find_spec(module) is not None


def main(closure, folder):
    os.makedirs(folder, exist_ok=True)
    for name, (nodes, links) in {"closure": closure_facts(), "generation": generation_facts()}.items():
        rows, expected = [], None
        for title, command in commands(name, nodes, links, folder, closure):
            if isinstance(command, str):
                print(f"skipped: {title}: {command}")
                continue
            wall, cpu, memory, printed = measured(command)
            derived = int(printed.split()[-1])
            expected = expected or derived
            if derived != expected:
                sys.exit(f"{title} derives {derived} facts, not {expected}")
            rows.append((title, wall, cpu, memory))
            print(f"ran: {title}", flush=True)
        what = {"closure": "Transitive closure", "generation": "Same generation"}[name]
        print(f"\n{what}: {expected} facts from {len(links)}, by every engine.\n")
        print("| | wall s | CPU s | peak MB |\n| --- | --- | --- | --- |")
        for title, wall, cpu, memory in rows:
            print(f"| {title} | {wall:.2f} | {cpu:.2f} | {memory:.0f} |")
        print()


if __name__ == "__main__":
    main(*sys.argv[1:3])
