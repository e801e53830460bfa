"""The fleet workload: a random rule pack, and deployments to judge by it.

A pack is drawn once from a fixed seed: 30 metrics; 60 rules in three strata, whose later ones read the findings of
earlier ones and their negations; 25 failure modes and 40 causal factors in a graph; 45 mitigations. For each
deployment the answer is: which rules fired, the total risk, and the three mitigations that remove most.

`Workload.pack()` writes it in the rule language. `Workload.steps()` gives the same as assignments in order, from which
peers.py writes a program for each peer: what a careful programmer would write by hand, in which a mitigation
computes again only what lies downstream of what it addresses.
"""

import random

METRICS, RULES, FINDINGS, MODES, FACTORS, MITIGATIONS = 30, (30, 20, 10), (25, 15), 25, 40, 45
TOP = 3


def share(rng, low=0.05, high=0.95):
    return round(rng.uniform(low, high), 2)


class Workload:
    def __init__(self, seed=20260301):
        rng = random.Random(seed)
        # Nodes are numbered causes first; the modes are the last of them.
        nodes = FACTORS + MODES
        self.nodes = [f"factor_{n:02}" if n < FACTORS else f"mode_{n - FACTORS:02}" for n in range(nodes)]
        self.base = [round(rng.uniform(0.01, 0.1), 2) for _ in range(nodes)]
        self.severity = [rng.randint(1, 10) for _ in range(nodes)]
        self.detectability = [rng.randint(1, 10) for _ in range(nodes)]
        self.links = {}
        for cause in range(FACTORS):
            for effect in rng.sample(range(FACTORS, nodes), rng.randint(1, 2)):
                self.links[cause, effect] = share(rng, 0.1, 0.8)
            if cause < FACTORS - 1 and rng.random() < 0.3:
                self.links[cause, rng.randint(cause + 1, FACTORS - 1)] = share(rng, 0.1, 0.8)
        self.rules = []
        first_finding = 0
        for stratum, count in enumerate(RULES):
            concluded = range(first_finding, first_finding + FINDINGS[stratum]) if stratum < 2 else []
            for place in range(count):
                self.rules.append(self.rule(rng, stratum, first_finding, list(concluded), place))
            first_finding += len(concluded)
        self.mitigations = []
        for _ in range(MITIGATIONS):
            addressed = [(node, None) for node in rng.sample(range(nodes), rng.randint(1, 2))]
            if rng.random() < 0.3:
                addressed[-1] = rng.choice(sorted(self.links))
            self.mitigations.append([(node, link, share(rng, 0.2, 0.9)) for node, link in addressed])

    def rule(self, rng, stratum, earlier, concluded, place):
        """A rule: conditions on metrics and, after the first stratum, on an earlier finding and the absence of another."""
        # Metrics have four decimals and thresholds five, so that nothing hangs on an equal sign.
        threshold = lambda low, high: round(rng.uniform(low, high), 3) + 0.00005
        conditions = []
        for metric in rng.sample(range(METRICS), 2 if stratum == 0 else 1):
            sign = rng.choice("<>")
            conditions.append((metric, sign, threshold(0.3, 0.6) if sign == ">" else threshold(0.4, 0.7)))
        if stratum > 0:
            there, absent = rng.sample(range(earlier), 2)
            conditions += [("finding", there), ("absent", absent)]
        metric = conditions[0][0]
        if rng.random() < 0.33:
            low = round(rng.uniform(0.1, 0.4), 2)
            amount = ("ramp", metric, low, round(low + 0.5, 2), share(rng, 0.1, 0.4), share(rng, 0.5, 0.9))
        else:
            amount = share(rng)
        # Every finding is concluded by at least one rule.
        finding = None if not concluded else concluded[place % len(concluded)]
        return {
            "when": conditions,
            "conclude": finding,
            "node": rng.randrange(FACTORS + MODES),
            "against": rng.random() < 0.15,
            "amount": amount,
        }

    def pack(self, telling=False):
        """The pack in the rule language; `telling` makes every rule that fires leave a remark with its name."""
        out = ['pack fleet_speed "The workload of the speed comparison" {\n  version 1.0.0\n  language 1\n}\n',
               'category some "Some"\n']
        causes = lambda node: "".join(
            f"\n  causes {self.nodes[effect]} strength {strength}"
            for (cause, effect), strength in sorted(self.links.items()) if cause == node)
        for node, name in enumerate(self.nodes):
            if node < FACTORS:
                out.append(f'factor {name} "{name}" {{\n  base_rate {self.base[node]}{causes(node)}\n}}\n')
            else:
                out.append(f'mode {name} "{name}" {{\n  category some\n  dimension model\n'
                           f"  severity {self.severity[node]}\n  detectability {self.detectability[node]}\n"
                           f"  base_rate {self.base[node]}\n}}\n")
        for place, addresses in enumerate(self.mitigations):
            lines = "".join(
                f"\n  addresses {self.nodes[node]}{'' if link is None else ' -> ' + self.nodes[link]} effect {effect}"
                for node, link, effect in addresses)
            out.append(f'mitigation remedy_{place:02} "Remedy {place}" {{{lines}\n  effort low\n}}\n')
        out += [f'metric m{metric:02} "Metric {metric}" : ratio\n' for metric in range(METRICS)]
        for place, rule in enumerate(self.rules):
            words = {"finding": "f{:02}", "absent": "not f{:02}"}
            when = [words[c[0]].format(c[1]) if c[0] in words else f"m{c[0]:02} {c[1]} {c[2]:.5f}" for c in rule["when"]]
            amount = rule["amount"]
            if isinstance(amount, tuple):
                _, metric, x1, x2, y1, y2 = amount
                amount = f"ramp(m{metric:02}, {x1} -> {y1}, {x2} -> {y2})"
            node = self.nodes[rule["node"]]
            then = f"exonerate {node} by {amount}" if rule["against"] else f"suspect {node} likelihood {amount}"
            conclude = "" if rule["conclude"] is None else f"\n       conclude f{rule['conclude']:02}"
            remark = f'\n       flag info "{place}"' if telling else ""
            out.append(f'rule r{place:02} "Rule {place}" {{\n  when {" and ".join(when)}\n'
                       f"  then {then}{conclude}{remark}\n}}\n")
        return "\n".join(out)

    def steps(self):
        """The answer as assignments: (name, expression), each reading metrics and earlier names alone.

        Expressions are tuples: ("number", x), ("name", n), ("if", condition, expression) which is 0 otherwise,
        ("clamp", expression, low, high), and ("+" | "-" | "*", left, right). Conditions, the expressions of rules and
        findings: ("and" | "or", parts), ("not", name), ("is", name), (">" | "<", metric, number).
        """
        number = lambda x: ("number", x)
        name = lambda n: ("name", n)
        left = lambda expression: ("-", number(1.0), expression)
        times = lambda parts: chain("*", parts)
        steps = []
        for place, rule in enumerate(self.rules):
            parts = []
            for condition in rule["when"]:
                match condition:
                    case ("finding", finding):
                        parts.append(("is", f"f{finding:02}"))
                    case ("absent", finding):
                        parts.append(("not", f"f{finding:02}"))
                    case (metric, sign, threshold):
                        parts.append((sign, f"m{metric:02}", round(threshold, 5)))
            steps.append((f"r{place:02}", ("and", parts)))
            if place + 1 in (RULES[0], RULES[0] + RULES[1]):
                done = {r["conclude"] for r in self.rules[:place + 1]} - {None}
                for finding in sorted(done - {int(s[1:]) for s, _ in steps if s[0] == "f"}):
                    rules = [f"r{p:02}" for p, r in enumerate(self.rules) if r["conclude"] == finding]
                    steps.append((f"f{finding:02}", ("or", [("is", r) for r in rules])))
        for place, rule in enumerate(self.rules):
            amount = rule["amount"]
            if isinstance(amount, tuple):
                _, metric, x1, x2, y1, y2 = amount
                slope = (y2 - y1) / (x2 - x1)
                along = ("-", ("clamp", name(f"m{metric:02}"), x1, x2), number(x1))
                amount = ("+", number(y1), ("*", along, number(slope)))
            else:
                amount = number(amount)
            steps.append((f"w{place:02}", left(("if", f"r{place:02}", amount))))
        # What neither base rate nor own evidence brings.
        for node in range(len(self.nodes)):
            on_node = [(f"w{p:02}", r["against"]) for p, r in enumerate(self.rules) if r["node"] == node]
            suspected = [name(w) for w, against in on_node if not against]
            exonerated = [name(w) for w, against in on_node if against]
            absent = number(1.0 - self.base[node])
            if suspected:
                absent = ("*", absent, left(times([left(times(suspected)), *exonerated])))
            steps.append((f"q{node:02}", absent))
        likelihood = lambda node, treated, effects: ("*", left(times([name(f"q{node:02}")] + [
            left(("*", number(strength * effects.get((cause, node), 1.0)), name(treated.get(cause, f"l{cause:02}"))))
            for (cause, effect), strength in sorted(self.links.items()) if effect == node])), number(effects.get(node, 1.0)))
        plain = lambda node: likelihood(node, {}, {})[1]
        steps += [(f"l{node:02}", plain(node)) for node in range(len(self.nodes))]
        worth = lambda node: number(float(self.severity[node] * self.detectability[node]))
        modes = range(FACTORS, FACTORS + MODES)
        steps.append(("total", chain("+", [("*", name(f"l{mode:02}"), worth(mode)) for mode in modes])))
        for place, addresses in enumerate(self.mitigations):
            effects = {}
            touched = set()
            for node, link, effect in addresses:
                key = node if link is None else (node, link)
                effects[key] = effects.get(key, 1.0) * (1.0 - effect)
                touched.add(node if link is None else link)
            treated = {}
            for node in range(len(self.nodes)):
                if node in touched or any(effect == node and cause in treated for cause, effect in self.links):
                    expression = likelihood(node, treated, effects)
                    treated[node] = f"x{place:02}_{node:02}"
                    steps.append((treated[node], expression if node in effects else expression[1]))
            gains = [("*", ("-", name(f"l{mode:02}"), name(treated[mode])), worth(mode)) for mode in modes if mode in treated]
            steps.append((f"gain{place:02}", chain("+", gains) if gains else number(0.0)))
        return steps


def chain(sign, parts):
    """The parts joined from left to right; the neutral number where there are none."""
    if not parts:
        return ("number", 1.0 if sign == "*" else 0.0)
    joined = parts[0]
    for part in parts[1:]:
        joined = (sign, joined, part)
    return joined


def write_rows(path, rows, seed=7):
    """Deployments, one a line, with all metrics known; uniform, four decimals."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet

    names = ["id"] + [f"m{metric:02}" for metric in range(METRICS)]
    rng = np.random.default_rng(seed)
    with open(f"{path}.csv", "wb") as text, pyarrow.parquet.ParquetWriter(
        f"{path}.parquet", pa.schema([("id", pa.string())] + [(n, pa.float64()) for n in names[1:]])
    ) as columns:
        text.write((",".join(names) + "\n").encode())
        for start in range(0, rows, 100_000):
            block = rng.integers(0, 10_001, (min(100_000, rows - start), METRICS)) / 10_000
            ids = pa.array([str(start + row) for row in range(len(block))])
            table = pa.table([ids, *(pa.array(block[:, metric]) for metric in range(METRICS))], names=names)
            columns.write_table(table)
            options = pyarrow.csv.WriteOptions(include_header=False, quoting_style="none")
            pyarrow.csv.write_csv(table, text, options)
