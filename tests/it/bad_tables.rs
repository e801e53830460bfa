//! Tables that cannot be measured: one diagnostic each, with file, row and column.

use crate::bad_input::{MANIFEST, deployment, pilot, refused, refuses};
use crate::program::Folder;
use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray, TimestampSecondArray};
use etiology::diagnostic::Code;
use std::io::Write as _;
use std::sync::Arc;

/// The pilot with a cell, row or header replaced.
#[track_caller]
fn table(name: &str, code: Code, from: &str, to: &str) {
    let text = pilot();
    assert!(text.contains(from), "{text}");
    refused(name, code, &[("pilot.csv", text.replacen(from, to, 1).as_bytes())]);
}

#[test]
fn columns_that_are_not_there() {
    table("missing-column", Code::D106, "outcome,risk,age,sex", "outcome,risk_,age,sex");
    table("column-twice", Code::D105, "outcome,risk,age,sex", "outcome,risk,age,age");
    let members = MANIFEST.replacen("  numeric:", "  members: [\"model_*\"]\n  numeric:", 1);
    refused("pattern", Code::D107, &[("deployment.yaml", members.as_bytes())]);
    let filter = MANIFEST.replacen("pilot.csv", "{file: pilot.csv, where: {splt: train}}", 1);
    refused("filter-column", Code::D106, &[("deployment.yaml", filter.as_bytes())]);
}

#[test]
fn cells_that_are_not_what_their_column_is() {
    table("text-for-a-number", Code::D108, "0.12,42,F", "0.12,forty-two,F");
    table("label", Code::D109, "0,0.12,42,F", "2,0.12,42,F");
    table("score-out-of-range", Code::D110, "0.12,42,F", "1.2,42,F");
    table("score-not-a-number", Code::D111, "0.12,42,F", "NaN,42,F");
    table("score-infinite", Code::D108, "0.12,42,F", "inf,42,F");
    table("label-empty", Code::D111, "0,0.12,42,F", ",0.12,42,F");
    table("score-empty", Code::D111, "0,0.12,42,F", "0,,42,F");
}

#[test]
fn tables_without_anything_to_measure() {
    refused("no-rows", Code::D112, &[("pilot.csv", b"outcome,risk,age,sex\n")]);
    refused("no-bytes", Code::D102, &[("pilot.csv", b"")]);
    let one = pilot().replace("\n1,", "\n0,");
    refused("one-class", Code::D113, &[("pilot.csv", one.as_bytes())]);
    let filter = MANIFEST.replacen("pilot.csv", "{file: pilot.csv, where: {sex: X}}", 1);
    refused("filter-keeps-nothing", Code::D112, &[("deployment.yaml", filter.as_bytes())]);
}

#[test]
fn tables_that_are_not_whole() {
    table("ragged", Code::D104, "0.12,42,F", "0.12,42");
    table("ragged-quoted", Code::D104, "0.12,42,F", "0.12,42,\"F\",more");
    let mut latin = pilot().into_bytes();
    let place = latin.iter().rposition(|byte| *byte == b'F').unwrap();
    latin[place] = 0xFC;
    refused("csv-not-utf8", Code::D103, &[("pilot.csv", &latin)]);
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// The sound deployment with its table under another name.
fn stored_as(file: &str, content: &[u8]) -> Folder {
    let manifest = MANIFEST.replacen("pilot.csv", file, 1);
    deployment(&[("deployment.yaml", manifest.as_bytes()), (file, content)])
}

#[test]
fn gzip_that_was_cut_short() {
    let whole = gzip(pilot().as_bytes());
    assert_eq!(stored_as("pilot.csv.gz", &whole).run(&["assess", "."]).status, 0);
    refuses("gzip-cut", Code::D102, &stored_as("pilot.csv.gz", &whole[..whole.len() / 2]));
    refuses("gzip-not", Code::D102, &stored_as("pilot.csv.gz", pilot().as_bytes()));
}

/// A gigabyte of nothing fits in a megabyte of gzip; it is refused long before it is unpacked. Here a
/// fortieth of that.
#[test]
fn gzip_that_grows_without_end() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(b"outcome,risk,age,sex\n").unwrap();
    let zeros = vec![b'0'; 1 << 20];
    (0..24).for_each(|_| encoder.write_all(&zeros).unwrap());
    refuses("gzip-bomb", Code::D102, &stored_as("pilot.csv.gz", &encoder.finish().unwrap()));
}

fn columns() -> Vec<(&'static str, ArrayRef)> {
    let rows = 0..24;
    vec![
        ("outcome", Arc::new(rows.clone().map(|row| i64::from(row % 3 == 0)).collect::<Int64Array>())),
        ("risk", Arc::new(rows.clone().map(|row| 0.1 + f64::from(row) / 100.0).collect::<Float64Array>())),
        ("age", Arc::new(rows.clone().map(|row| f64::from(40 + row)).collect::<Float64Array>())),
        ("sex", Arc::new(rows.map(|row| Some(if row % 2 == 0 { "F" } else { "M" })).collect::<StringArray>())),
    ]
}

fn parquet(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut bytes = Vec::new();
    let mut writer = parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

#[test]
fn parquet_that_was_cut_short() {
    let whole = parquet(columns());
    let found = stored_as("pilot.parquet", &whole).run(&["assess", "."]);
    assert_eq!((found.status, found.stderr.as_str()), (0, ""));
    refuses("parquet-cut", Code::D102, &stored_as("pilot.parquet", &whole[..whole.len() / 2]));
    refuses("parquet-not", Code::D102, &stored_as("pilot.parquet", pilot().as_bytes()));
    refuses("parquet-empty", Code::D102, &stored_as("pilot.parquet", b""));
}

#[test]
fn parquet_of_another_type() {
    let mut columns = columns();
    columns[2].1 = Arc::new(TimestampSecondArray::from(vec![0; 24]));
    refuses("parquet-type", Code::D114, &stored_as("pilot.parquet", &parquet(columns)));
}

/// Damage anywhere in a file may give an error or another table, and never a panic.
#[test]
fn parquet_with_damage_anywhere_does_not_panic() {
    use crate::pilot::{data, named, one, request, scored, table};
    use etiology::metrics::{MetricIndex, Options, evaluate};
    let whole = parquet(columns());
    let mut pilot = scored();
    pilot.deployment = table("d.parquet");
    pilot.columns.label = Some(named("outcome"));
    pilot.columns.score = Some(named("risk"));
    pilot.columns.numeric = vec![named("age")];
    let wanted = || request("auroc", MetricIndex::Scalar, &[]);
    assert_eq!(one(&pilot, vec![data("d.parquet", whole.clone())], wanted(), &Options::default()).len(), 1);
    let mut refused = 0;
    // Every byte of the footer, where the places and counts are, and some of the rest.
    let footer = whole.len() - 1200;
    for place in (0..footer).step_by(41).chain(footer..whole.len()).step_by(3) {
        let mut damaged = whole.clone();
        damaged[place] ^= [0x01, 0x80, 0xFF][place % 3];
        let tables = vec![data("d.parquet", damaged)];
        refused += usize::from(evaluate(&pilot, tables, &[wanted()], &Options::default()).is_err());
    }
    assert!(refused > 50, "{refused} damaged files were refused");
}
