//! Opens a deployment and prints how many findings of two arguments hold in it: what `recursion.py` runs beside
//! its peers.
//!
//! `cargo run --release --example closure -- FOLDER`
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program whose output is read by another")]

use etiology::cli::load::Disk;
use etiology::facts::Member;
use etiology::inference::{Element, FindingInstance};
use etiology::model::IndexRef;
use etiology::session::Session;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(folder) = std::env::args().nth(1) else {
        eprintln!("usage: closure FOLDER");
        return ExitCode::from(2);
    };
    match Session::open(&folder, None, &Disk) {
        Ok(session) => {
            println!("{}", pairs_that_hold(&session));
            ExitCode::SUCCESS
        }
        Err(refused) => {
            let messages = refused.1.iter().map(|diagnostic| diagnostic.message.as_str());
            eprintln!("{}", messages.collect::<Vec<_>>().join("; "));
            ExitCode::from(2)
        }
    }
}

/// Asks for every pair, since of a million findings not all derivations are recorded.
fn pairs_that_hold(session: &Session) -> usize {
    let mut count = 0;
    for (finding, declared) in session.knowledge.findings.iter() {
        let [IndexRef::Declared(first), IndexRef::Declared(second)] = declared.parameters[..] else { continue };
        let members =
            |index| (0..).take(session.facts.members(index).len()).map(|place| Element::Member(Member(place)));
        let mut asked = FindingInstance { finding, arguments: vec![Element::Absent; 2] };
        for left in members(first) {
            for right in members(second) {
                asked.arguments.copy_from_slice(&[left, right]);
                count += usize::from(session.assessment.inference.finding(&asked).holds());
            }
        }
    }
    count
}
