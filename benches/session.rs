//! The whole program on one deployment without tables, and every kind of question.
//!
//! `cargo bench --bench session`

use divan::Bencher;
use etiology::session::{Files, Question, Session};
use etiology::source::{LoadError, Loader, MemoryLoader};
use etiology::table::Content;

fn main() {
    divan::main();
}

/// A deployment that lives in memory: stated figures, a few answers, no tables.
struct Memory(MemoryLoader);

impl Loader for Memory {
    fn load(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        self.0.load(path)
    }

    fn list(&self, folder: &str, extension: &str) -> Result<Vec<String>, LoadError> {
        self.0.list(folder, extension)
    }
}

impl Files for Memory {
    fn open(&self, path: &str) -> Result<Content, LoadError> {
        self.0.load(path).map(|bytes| Content::Memory(bytes.into()))
    }

    fn exists(&self, path: &str) -> bool {
        path == "ward" || self.0.load(path).is_ok()
    }
}

fn deployment() -> Memory {
    let manifest = "\
deployment: {id: bench}
inputs:
  pilot.n: 900
  pilot.events: 210
  discrimination.auroc: {value: 0.71, low: 0.67, high: 0.75, n: 900}
  development.auroc: 0.83
  calibration.ece: 0.12
  calibration.slope: {value: 0.62, low: 0.50, high: 0.74}
  shift.psi: {age: 0.31, lactate: 0.42, sex: 0.02, unit: 0.12}
  development.n: 2000
";
    let answers = "monitoring.in_place: no\nuse.described: yes\nprivacy.legal_basis: yes\n";
    Memory(MemoryLoader::new([("ward/deployment.yaml", manifest), ("ward/answers.yaml", answers)]))
}

fn opened() -> Session {
    Session::open("ward", None, &deployment()).expect("the bench deployment is valid")
}

#[divan::bench]
fn open_and_assess(bencher: Bencher<'_, '_>) {
    let files = deployment();
    bencher.bench_local(|| Session::open("ward", None, &files));
}

#[divan::bench(args = ["verdict", "miscalibration", "distribution_shift", "limited_clinical_utility", "local_recalibration", "shift.many_inputs"])]
fn why(bencher: Bencher<'_, '_>, target: &str) {
    let session = opened();
    let question = Question::Why { target: target.to_owned(), all: true };
    bencher.bench_local(|| session.ask(&question).map(|reply| reply.json));
}

/// Every target of the pack, one after the other; divide by their number for the mean.
#[divan::bench]
fn why_everything(bencher: Bencher<'_, '_>) {
    let session = opened();
    let targets = etiology::explanation::target_names(&session.knowledge);
    bencher.counter(divan::counter::ItemsCount::new(targets.len())).bench_local(|| {
        for target in &targets {
            divan::black_box(session.ask(&Question::Why { target: target.clone(), all: false }).is_ok());
        }
    });
}

#[divan::bench]
fn why_not(bencher: Bencher<'_, '_>) {
    let session = opened();
    bencher.bench_local(|| session.ask(&Question::WhyNot("alert_fatigue".into())).map(|reply| reply.json));
}

#[divan::bench]
fn what_if(bencher: Bencher<'_, '_>) {
    let session = opened();
    bencher.bench_local(|| session.ask(&Question::WhatIf("monitoring.in_place = yes".into())).map(|reply| reply.json));
}
