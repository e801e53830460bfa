//! Opens a deployment and prints how many findings hold in it: what `recursion.py` runs beside its peers.
//!
//! `cargo run --release --example closure -- FOLDER`
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program whose output is read by another")]

use etiology::cli::load::Disk;
use etiology::session::Session;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(folder) = std::env::args().nth(1) else {
        eprintln!("usage: closure FOLDER");
        return ExitCode::from(2);
    };
    match Session::open(&folder, None, &Disk) {
        Ok(session) => {
            let findings = session.assessment.inference.findings().values();
            println!("{}", findings.filter(|derived| derived.outcome.holds()).count());
            ExitCode::SUCCESS
        }
        Err(refused) => {
            let messages = refused.1.iter().map(|diagnostic| diagnostic.message.as_str());
            eprintln!("{}", messages.collect::<Vec<_>>().join("; "));
            ExitCode::from(2)
        }
    }
}
