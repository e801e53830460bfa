//! clingo and the engine find the same model.
//!
//! clingo (Potassco, MIT licence) comes as a Python package; where there is none, the test says so and passes.

use super::datalog::{Doubts, Program, program};
use super::program_text::{as_clingo, as_pack};
use super::{cases, numbered};
use crate::small_packs::knowledge;
use etiology::inference::{Element, Outcome, infer};
use etiology::model::IndexRef;
use std::io::Write as _;
use std::process::{Command, Stdio};

/// Programs that one run of Python solves.
const BATCH: u32 = 1000;

/// Reads programs parted by a line of `%%`, and writes for each its models: atoms parted by blanks, a line each, and
/// a line of `%%` after them.
const SCRIPT: &str = r#"
import sys
import clingo
for text in sys.stdin.read().split("%%\n")[:-1]:
    control = clingo.Control(["--warn=none", "--models=2"])
    control.add("base", [], text)
    control.ground([("base", [])])
    with control.solve(yield_=True) as models:
        for model in models:
            print(" ".join(sorted(str(atom) for atom in model.symbols(shown=True))))
    print("%%")
"#;

/// Returns the models of each program; none where there is no clingo.
fn solve(programs: &[String]) -> Option<Vec<Vec<String>>> {
    let mut command = Command::new("python3");
    command.args(["-c", SCRIPT]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut python = command.spawn().ok()?;
    let mut input = python.stdin.take()?;
    let text: String = programs.iter().map(|program| format!("{program}%%\n")).collect();
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let output = python.wait_with_output().ok()?;
    let _ = writer.join();
    let said = String::from_utf8_lossy(&output.stderr);
    if said.contains("No module named 'clingo'") {
        return None;
    }
    assert!(output.status.success(), "{said}");
    let out = String::from_utf8(output.stdout).unwrap();
    let models: Vec<Vec<String>> =
        out.split("%%\n").map(|models| models.lines().map(str::to_owned).collect()).collect();
    Some(models[..programs.len()].to_vec())
}

/// Returns the model of a program by the engine: the findings that hold, as clingo writes them.
fn model(program: &Program) -> String {
    let knowledge = knowledge(&as_pack(program));
    let facts = program.facts(&knowledge, &Doubts::default());
    let inference = infer(&knowledge, &facts).unwrap();
    let mut holding = Vec::new();
    for (finding, derived) in inference.findings() {
        assert!([Outcome::TRUE, Outcome::FALSE].contains(&derived.outcome), "everything is known: {derived:?}");
        if derived.outcome != Outcome::TRUE {
            continue;
        }
        let declared = &knowledge.findings[finding.finding];
        let named = finding.arguments.iter().zip(&declared.parameters).map(|argument| match argument {
            (Element::Member(member), IndexRef::Declared(set)) => facts.member_name(*set, *member).to_owned(),
            other => panic!("{other:?} is no member"),
        });
        let named: Vec<String> = named.collect();
        holding.push(if named.is_empty() {
            declared.id.clone()
        } else {
            format!("{}({})", declared.id, named.join(","))
        });
    }
    holding.sort();
    holding.join(" ")
}

#[test]
fn clingo_finds_the_same_model() {
    let wanted = cases(1000);
    let mut held = 0_usize;
    for first in (0..wanted).step_by(BATCH as usize) {
        let programs: Vec<Program> =
            (first..wanted.min(first + BATCH)).map(|case| program(&mut numbered(case))).collect();
        let Some(models) = solve(&programs.iter().map(as_clingo).collect::<Vec<_>>()) else {
            println!("clingo is not there (`pip install clingo`), so nothing was compared with it");
            return;
        };
        let mut wrong: Vec<String> = Vec::new();
        for (program, models) in programs.iter().zip(models) {
            let found = model(program);
            held += found.split_whitespace().count();
            if models != [found.clone()] {
                let (pack, asp) = (as_pack(program), as_clingo(program));
                wrong.push(format!("{pack}\n{asp}\nengine: {found}\nclingo: {models:?}"));
            }
        }
        wrong.sort_by_key(String::len);
        assert!(wrong.is_empty(), "{} programs, the shortest:\n{}", wrong.len(), wrong[0]);
    }
    // Programs from which nothing follows would agree on anything.
    assert!(held > 3 * wanted as usize, "{held} conclusions in {wanted} programs");
}
