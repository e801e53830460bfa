//! The whole set of metrics on a pilot in memory: a Parquet file whose first half is development.
//!
//! `cargo bench --bench metrics`; one sample is reading, checking and every measurement.

use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use etiology::metrics::{Definition, MetricIndex, MetricRequest, Options, definitions, evaluate};
use etiology::source::{SourceMap, Span, Spanned};
use etiology::table::{Content, Format, PilotSpec, TableData, TableSpec};
use parquet::arrow::ArrowWriter;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::sync::Arc;

fn main() {
    divan::main();
}

#[divan::bench(args = [100_000, 1_000_000], sample_count = 5, sample_size = 1)]
fn whole_set(bencher: divan::Bencher<'_, '_>, rows: usize) {
    let bytes = pilot_file(rows);
    let (pilot, requests) = (pilot(), every_definition());
    bencher.with_inputs(|| data(&bytes)).bench_local_values(|data| {
        evaluate(&pilot, data, &requests, &Options::default()).map(|found| found.measurements.len())
    });
}

#[divan::bench(args = [100_000, 1_000_000], sample_count = 5, sample_size = 1)]
fn reading_alone(bencher: divan::Bencher<'_, '_>, rows: usize) {
    let bytes = pilot_file(rows);
    let pilot = pilot();
    bencher
        .with_inputs(|| data(&bytes))
        .bench_local_values(|data| evaluate(&pilot, data, &[], &Options::default()).map(|found| found.tables.len()));
}

fn data(bytes: &bytes::Bytes) -> Vec<TableData> {
    vec![TableData { file: "pilot.parquet".into(), format: Format::Parquet, content: Content::Memory(bytes.clone()) }]
}

/// Returns every definition over every index that it is offered for, with its defaults.
fn every_definition() -> Vec<MetricRequest> {
    let over = |index: MetricIndex| {
        definitions().iter().filter(move |spec| spec.indices.contains(&index)).filter_map(move |spec| {
            let definition = Definition::new(spec.name, index, &[]).ok()?;
            Some(MetricRequest { id: spec.name.to_owned(), definition, index })
        })
    };
    [MetricIndex::Scalar, MetricIndex::Attribute, MetricIndex::Subgroup, MetricIndex::Feature]
        .into_iter()
        .flat_map(over)
        .collect()
}

fn pilot() -> PilotSpec {
    let mut sources = SourceMap::default();
    let id = sources.add("deployment.yaml", "");
    let named = |text: &str| Spanned::new(text.to_owned(), Span::new(id, 0, 0));
    let table = |part: &str| TableSpec { file: "pilot.parquet".into(), filter: vec![(named("part"), named(part))] };
    let mut pilot = PilotSpec {
        development: Some(table("development")),
        deployment: Some(table("deployment")),
        threshold: Some(0.2),
        ..PilotSpec::default()
    };
    pilot.columns.label = Some(named("y"));
    pilot.columns.score = Some(named("score"));
    pilot.columns.members = vec![named("member_*")];
    pilot.columns.groups = vec![("sex".into(), named("sex")), ("site".into(), named("site"))];
    pilot.columns.numeric = vec![named("x_*")];
    pilot.columns.categorical = vec![named("c_*")];
    pilot
}

/// Returns a Parquet file of the shape that `compare_python.py` writes.
fn pilot_file(rows: usize) -> bytes::Bytes {
    let mut source = ChaCha8Rng::seed_from_u64(1);
    let mut uniform = || (source.next_u64() >> 11) as f64 / (1u64 << 53) as f64;
    let logit: Vec<f64> = (0..rows).map(|_| (0..12).map(|_| uniform()).sum::<f64>() - 6.0 - 1.5).collect();
    let squash = |x: f64| 1.0 / (1.0 + (-x).exp());
    let label: Vec<i64> = logit.iter().map(|x| i64::from(uniform() < squash(*x))).collect();
    let mut noisy = |spread: f64| -> Vec<f64> {
        logit.iter().map(|x| squash(1.1 * x + spread * (uniform() + uniform() - 1.0))).collect()
    };
    let score = noisy(0.3);
    let members: Vec<Vec<f64>> = (0..5).map(|_| noisy(0.5)).collect();
    let features: Vec<Vec<f64>> =
        (0..5).map(|k| (0..rows).map(|_| uniform() + uniform() * f64::from(k)).collect()).collect();
    let mut words = |names: &[&str]| -> ArrayRef {
        let pick = |u: f64| names[(u * u * names.len() as f64) as usize];
        Arc::new((0..rows).map(|_| Some(pick(uniform()))).collect::<StringArray>())
    };
    let part: StringArray =
        (0..rows).map(|row| Some(if row < rows / 2 { "development" } else { "deployment" })).collect();
    let mut columns: Vec<(String, ArrayRef)> = vec![
        ("part".into(), Arc::new(part)),
        ("y".into(), Arc::new(Int64Array::from(label))),
        ("score".into(), Arc::new(Float64Array::from(score))),
        ("sex".into(), words(&["F", "M"])),
        ("site".into(), words(&["east", "north", "south", "west"])),
        ("c_unit".into(), words(&["ED", "ICU", "WARD", "TELE"])),
        ("c_device".into(), words(&["a", "b", "c", "d", "e", "f", "g", "h"])),
        ("c_payer".into(), words(&["private", "public", "none"])),
    ];
    let numbers = members.into_iter().enumerate().map(|(k, values)| (format!("member_{k}"), values));
    let numbers = numbers.chain(features.into_iter().enumerate().map(|(k, values)| (format!("x_{k}"), values)));
    columns.extend(numbers.map(|(name, values)| (name, Arc::new(Float64Array::from(values)) as ArrayRef)));
    let batch = RecordBatch::try_from_iter(columns).expect("invariant: columns of one length");
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).expect("invariant: memory can be written");
    writer.write(&batch).expect("invariant: memory can be written");
    writer.close().expect("invariant: memory can be written");
    bytes::Bytes::from(bytes)
}
