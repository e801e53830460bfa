//! A Datalog program as a pack of this language, and as clingo reads it.

use super::datalog::{Argument, Atom, Literal, Predicate, Program, Rule};
use std::fmt::Write as _;

const MEMBERS: [&str; 2] = ["a", "b"];

/// Returns the program as a pack, without its header.
pub fn as_pack(program: &Program) -> String {
    declarations(program).concat()
}

/// Returns the declarations of the program as a pack.
pub fn declarations(program: &Program) -> Vec<String> {
    let mut all = Vec::new();
    for set in 0..2 {
        all.push(format!("entity e{set} \"E\"\n"));
        all.push(format!("input w{set}[e{set}] \"W\" : number\n"));
        all.push(format!("input y{set}[e{set}] \"Y\" : yes_no\n"));
    }
    for (relation, sets) in program.relations.iter().enumerate() {
        let roles: Vec<String> = sets.iter().enumerate().map(|(place, set)| format!("p{place}: e{set}")).collect();
        all.push(format!("relation t{relation}({}) \"T\"\n", roles.join(", ")));
    }
    for (number, rule) in program.rules.iter().enumerate() {
        let mut text = format!("rule r{number:02} \"R\" {{\n");
        if !rule.variables.is_empty() {
            let bound = rule.variables.iter().enumerate().map(|(place, set)| format!("v{place} in e{set}"));
            let _ = writeln!(text, "  for each {}", bound.collect::<Vec<_>>().join(", "));
        }
        if !rule.body.is_empty() {
            let body: Vec<String> = rule.body.iter().map(|literal| format!("({})", condition(literal))).collect();
            let _ = writeln!(text, "  when {}", body.join(" and "));
        }
        let head = listed(&rule.arguments, &pack_argument);
        let _ = writeln!(text, "  then conclude f{}{head}\n}}", rule.finding);
        all.push(text);
    }
    all
}

fn listed(arguments: &[Argument], shown: &dyn Fn(&Argument) -> String) -> String {
    let arguments: Vec<String> = arguments.iter().map(shown).collect();
    if arguments.is_empty() { String::new() } else { format!("({})", arguments.join(", ")) }
}

fn pack_argument(argument: &Argument) -> String {
    match argument {
        Argument::Variable(place) => format!("v{place}"),
        Argument::Member(set, member) => format!("\"{}{member}\"", MEMBERS[*set]),
        Argument::Inner => "x".to_owned(),
    }
}

fn pack_atom(atom: &Atom) -> String {
    let arguments = listed(&atom.arguments, &pack_argument);
    let plain = match atom.predicate {
        Predicate::Relation(relation) => format!("t{relation}{arguments}"),
        Predicate::Finding(finding) => format!("f{finding}{arguments}"),
        Predicate::Answer(set) => {
            let bracketed = arguments.replace('(', "[").replace(')', "]");
            return format!("y{set}{bracketed} = {}", if atom.negated { "no" } else { "yes" });
        }
    };
    if atom.negated { format!("not {plain}") } else { plain }
}

fn condition(literal: &Literal) -> String {
    let inner = |atoms: &[Atom]| format!("({})", atoms.iter().map(pack_atom).collect::<Vec<_>>().join(" and "));
    match literal {
        Literal::Atom(atom) => pack_atom(atom),
        Literal::Any { set, atoms } => format!("any x in e{set} where {}", inner(atoms)),
        Literal::None { set, atoms } => format!("not any x in e{set} where {}", inner(atoms)),
        Literal::All { set, atoms } => format!("all x in e{set} where {}", inner(atoms)),
        Literal::Count { set, atoms, threshold } => {
            format!("(count x in e{set} where {}) >= {threshold}", inner(atoms))
        }
        // The least of none is not defined, so there must be one.
        Literal::Figure { aggregate, set, atoms, threshold } => {
            let atoms = inner(atoms);
            format!(
                "any x in e{set} where {atoms} and ({aggregate} x in e{set} where {atoms} of w{set}[x]) > {threshold}"
            )
        }
    }
}

/// Returns the program with its facts as clingo reads it; it shows the findings alone.
pub fn as_clingo(program: &Program) -> String {
    let mut out = String::new();
    for (set, prefix) in MEMBERS.iter().enumerate() {
        for member in 0..program.sizes[set] {
            let name = format!("{prefix}{member}");
            let _ = writeln!(out, "e{set}({name}). w{set}({name},{}).", program.numbers[set][member]);
            if program.answers[set][member] {
                let _ = writeln!(out, "y{set}({name}).");
            }
        }
    }
    for (relation, tuples) in program.tuples.iter().enumerate() {
        for members in tuples {
            let named = program.relations[relation].iter().zip(members);
            let named: Vec<String> = named.map(|(set, member)| format!("{}{member}", MEMBERS[*set])).collect();
            let _ = writeln!(out, "t{relation}({}).", named.join(","));
        }
    }
    for rule in &program.rules {
        let _ = writeln!(out, "f{}{}{}.", rule.finding, listed(&rule.arguments, &clingo_argument), body(rule));
    }
    for (finding, sets) in program.findings.iter().enumerate() {
        let _ = writeln!(out, "#show f{finding}/{}.", sets.len());
    }
    out
}

fn clingo_argument(argument: &Argument) -> String {
    match argument {
        Argument::Variable(place) => format!("V{place}"),
        Argument::Member(set, member) => format!("{}{member}", MEMBERS[*set]),
        Argument::Inner => "X".to_owned(),
    }
}

fn clingo_atom(atom: &Atom, negated: bool) -> String {
    let arguments = listed(&atom.arguments, &clingo_argument);
    let name = match atom.predicate {
        Predicate::Relation(relation) => format!("t{relation}"),
        Predicate::Finding(finding) => format!("f{finding}"),
        Predicate::Answer(set) => format!("y{set}"),
    };
    format!("{}{name}{arguments}", if negated { "not " } else { "" })
}

fn body(rule: &Rule) -> String {
    let bound = rule.variables.iter().enumerate().map(|(place, set)| format!("e{set}(V{place})"));
    let parts: Vec<String> = bound.chain(rule.body.iter().map(goal)).collect();
    if parts.is_empty() { String::new() } else { format!(" :- {}", parts.join(", ")) }
}

fn goal(literal: &Literal) -> String {
    let inner = |atoms: &[Atom]| atoms.iter().map(|atom| clingo_atom(atom, atom.negated)).collect::<Vec<_>>().join(",");
    let some = |set: &usize, atoms: &[Atom]| format!("#count{{X : e{set}(X), {}}}", inner(atoms));
    match literal {
        Literal::Atom(atom) => clingo_atom(atom, atom.negated),
        Literal::Any { set, atoms } => format!("{} >= 1", some(set, atoms)),
        Literal::None { set, atoms } => format!("{} = 0", some(set, atoms)),
        Literal::Count { set, atoms, threshold } => format!("{} >= {threshold}", some(set, atoms)),
        Literal::All { set, atoms } => {
            let failing: Vec<String> =
                atoms.iter().map(|atom| format!("X : e{set}(X), {}", clingo_atom(atom, !atom.negated))).collect();
            format!("#count{{{}}} = 0", failing.join("; "))
        }
        Literal::Figure { aggregate, set, atoms, threshold } => {
            let (atoms, some) = (inner(atoms), some(set, atoms));
            let figure = match *aggregate {
                // A mean is above a figure if what the values have beyond it sums up to more than nothing.
                "mean" => format!("#sum{{W-({threshold}),X : w{set}(X,W), {atoms}}} > 0"),
                other => format!("#{other}{{W,X : w{set}(X,W), {atoms}}} > {threshold}"),
            };
            format!("{some} >= 1, {figure}")
        }
    }
}
