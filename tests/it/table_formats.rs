//! The same rows in every format, in one file or in several, give the same figures; what is no table is
//! refused with its row.

use crate::bad_input::{MANIFEST, deployment, pilot, refuses};
use crate::metrics::{everything, many, two_tables};
use crate::pilot::{data, named, request, scored, table};
use crate::program::Folder;
use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow_ipc::CompressionType;
use arrow_ipc::writer::{FileWriter, IpcWriteOptions, StreamWriter};
use etiology::diagnostic::Code;
use etiology::metrics::{Evaluation, MetricIndex, OneClass, Options, evaluate};
use etiology::table::{Content, TableData};
use std::io::Write as _;
use std::sync::Arc;

/// A file of the larger pilot as header and rows of text.
fn rows_of(table: &TableData) -> (Vec<String>, Vec<Vec<String>>) {
    let Content::Memory(bytes) = &table.content else { panic!("memory") };
    let text = std::str::from_utf8(bytes).unwrap();
    let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    (lines.next().unwrap(), lines.collect())
}

fn batches(header: &[String], rows: &[Vec<String>], size: usize) -> Vec<RecordBatch> {
    // Every batch must have the same type, so a column is of numbers only where it is so throughout.
    let is_number = |column: usize| rows.iter().all(|row| row[column].is_empty() || row[column].parse::<f64>().is_ok());
    let kinds: Vec<bool> = (0..header.len()).map(is_number).collect();
    let batch = |rows: &[Vec<String>]| {
        let columns = header.iter().enumerate().map(|(column, name)| {
            let cells = rows.iter().map(|row| Some(row[column].as_str()).filter(|cell| !cell.is_empty()));
            let array: ArrayRef = if kinds[column] {
                Arc::new(cells.map(|cell| cell.map(|cell| cell.parse::<f64>().unwrap())).collect::<Float64Array>())
            } else {
                Arc::new(cells.collect::<StringArray>())
            };
            (name.as_str(), array, true)
        });
        RecordBatch::try_from_iter_with_nullable(columns).unwrap()
    };
    rows.chunks(size).map(batch).collect()
}

fn ipc_file(batches: &[RecordBatch], compression: Option<CompressionType>) -> Vec<u8> {
    let options = IpcWriteOptions::default().try_with_compression(compression).unwrap();
    let mut writer = FileWriter::try_new_with_options(Vec::new(), &batches[0].schema(), options).unwrap();
    batches.iter().for_each(|batch| writer.write(batch).unwrap());
    writer.finish().unwrap();
    writer.into_inner().unwrap()
}

fn ipc_stream(batches: &[RecordBatch]) -> Vec<u8> {
    let mut writer = StreamWriter::try_new(Vec::new(), &batches[0].schema()).unwrap();
    batches.iter().for_each(|batch| writer.write(batch).unwrap());
    writer.finish().unwrap();
    writer.into_inner().unwrap()
}

fn parquet_lz4(batches: &[RecordBatch]) -> Vec<u8> {
    let compression = parquet::basic::Compression::LZ4_RAW;
    // Several row groups, the last shorter: they are decoded apart.
    let options = parquet::file::properties::WriterProperties::builder();
    let options = options.set_compression(compression).set_max_row_group_row_count(Some(130)).build();
    let mut writer = parquet::arrow::ArrowWriter::try_new(Vec::new(), batches[0].schema(), Some(options)).unwrap();
    batches.iter().for_each(|batch| writer.write(batch).unwrap());
    writer.into_inner().unwrap()
}

/// Lines as Python writes them: numbers bare, what is missing left out or a bare `NaN`.
fn json_lines(header: &[String], rows: &[Vec<String>]) -> Vec<u8> {
    let mut text = String::new();
    for (place, row) in rows.iter().enumerate() {
        let cells = header.iter().zip(row).filter_map(|(name, cell)| match (cell.parse::<f64>(), cell.as_str()) {
            (Ok(_), cell) => Some(format!("{name:?}: {cell}")),
            (Err(_), "") if place % 2 == 0 => None,
            (Err(_), "") => Some(format!("{name:?}: NaN")),
            (Err(_), cell) => Some(format!("{name:?}: {cell:?}")),
        });
        text.push_str(&format!("{{{}}}\n", cells.collect::<Vec<_>>().join(", ")));
    }
    text.into_bytes()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

/// Evaluates the pilot with each table written by `write` under the ending.
pub fn stored(ending: &str, write: impl Fn(&[String], &[Vec<String>]) -> Content) -> Evaluation {
    let (mut pilot, tables) = two_tables(&many()[..6000]);
    let mut written = Vec::new();
    for table in &tables {
        let (header, rows) = rows_of(table);
        let file = format!("{}.{ending}", table.file);
        written.push(TableData { content: write(&header, &rows), ..data(&file, Vec::new()) });
    }
    for spec in [&mut pilot.development, &mut pilot.deployment].into_iter().flatten() {
        spec.file = format!("{}.{ending}", spec.file);
    }
    let options = Options { one_class: OneClass::Allow, draws: 40, ..Options::default() };
    evaluate(&pilot, written, &everything(), &options).unwrap_or_else(|errors| panic!("{errors:#?}"))
}

pub fn csv(header: &[String], rows: &[Vec<String>]) -> Vec<u8> {
    let lines = std::iter::once(header.join(",")).chain(rows.iter().map(|row| row.join(",")));
    lines.map(|line| line + "\n").collect::<String>().into_bytes()
}

pub fn memory(bytes: Vec<u8>) -> Content {
    Content::Memory(bytes.into())
}

/// Holds two evaluations to the same measurements.
#[track_caller]
pub fn same_figures(what: &str, expected: &Evaluation, found: &Evaluation) {
    let mut pairs = expected.measurements.iter().zip(&found.measurements);
    let other = pairs.find(|(expected, found)| expected != found);
    assert!(other.is_none() && expected.measurements.len() == found.measurements.len(), "{what}: {other:#?}");
}

#[test]
fn every_format_gives_the_same_figures() {
    let expected = stored("csv", |header, rows| memory(csv(header, rows)));
    assert!(expected.measurements.iter().filter(|found| found.value.is_ok()).count() > 60);
    let lz4 = Some(CompressionType::LZ4_FRAME);
    let same = |what: &str, found: &Evaluation| same_figures(what, &expected, found);
    same("jsonl", &stored("jsonl", |header, rows| memory(json_lines(header, rows))));
    same("ndjson.gz", &stored("ndjson.gz", |header, rows| memory(gzip(&json_lines(header, rows)))));
    same("file", &stored("arrow", |header, rows| memory(ipc_file(&batches(header, rows, 700), None))));
    same("feather", &stored("feather", |header, rows| memory(ipc_file(&batches(header, rows, 700), lz4))));
    same("stream", &stored("ipc", |header, rows| memory(ipc_stream(&batches(header, rows, 900)))));
    same("parquet", &stored("parquet", |header, rows| memory(parquet_lz4(&batches(header, rows, 800)))));
}

#[test]
fn rows_in_several_files_are_one_table() {
    let cut = |header: &[String], rows: &[Vec<String>]| {
        let parts = rows.chunks(1100).enumerate().map(|(part, rows)| {
            // The order of columns may differ from file to file.
            let turn = |row: &[String]| row.iter().cycle().skip(part % row.len()).take(row.len()).cloned().collect();
            let rows: Vec<Vec<String>> = rows.iter().map(|row| turn(row)).collect();
            let header: Vec<String> = turn(header);
            (format!("{part}.csv"), memory(csv(&header, &rows)))
        });
        Content::Several(parts.collect())
    };
    let whole = stored("csv", |header, rows| memory(csv(header, rows)));
    let parts = stored("csv", cut);
    assert_eq!(whole.measurements, parts.measurements);
    assert_ne!(whole.tables[0].sha256, parts.tables[0].sha256);
}

/// The sound deployment with its table named so.
fn naming(name: &str, files: &[(&str, &str)]) -> Folder {
    let manifest = MANIFEST.replacen("pilot.csv", &format!("{name:?}"), 1);
    let folder = deployment(&[("deployment.yaml", manifest.as_bytes())]);
    files.iter().for_each(|(name, content)| folder.write(name, content.as_bytes()));
    folder
}

#[test]
fn a_folder_or_a_pattern_names_one_table() {
    let text = pilot();
    let (head, rows) = text.split_once('\n').unwrap();
    let (first, second) = rows.split_at(rows.lines().take(9).map(|line| line.len() + 1).sum());
    let files = [("p/a.csv", format!("{head}\n{first}")), ("p/b.csv", format!("{head}\n{second}"))];
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let metrics = |folder: &Folder| {
        let run = folder.run(&["metrics", ".", "--format", "json"]);
        assert_eq!((run.status, run.stderr.as_str()), (0, ""));
        let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        json
    };
    let of = |json: &serde_json::Value| json["measurements"].clone();
    let whole = metrics(&naming("pilot.csv", &[]));
    assert!(!of(&whole).is_null());
    let with_note = [&files[..], &[("p/readme.txt", "two files")]].concat();
    for name in ["p", "p/", "p/*.csv", "p/*"] {
        assert_eq!(of(&metrics(&naming(name, &with_note))), of(&whole), "{name}");
    }
    // Row 3 of the second file, which is row 12 of the table.
    let bad = files[1].1.replacen("0.21,", "oops,", 1);
    refuses("folder-cell", Code::D108, &naming("p", &[files[0], ("p/b.csv", &bad)]));
    let missing = files[1].1.replacen("0.21,", ",", 1);
    refuses("folder-missing", Code::D111, &naming("p", &[files[0], ("p/b.csv", &missing)]));
    refuses("folder-kinds", Code::D101, &naming("p", &[files[0], ("p/c.jsonl", "{}")]));
    refuses("folder-empty", Code::D101, &naming("p/*.parquet", &files));
    refuses("folder-outside", Code::D101, &naming("../*.csv", &files));
}

#[test]
#[cfg(unix)]
fn links_are_not_followed_out_of_the_folder() {
    let outside = Folder::with(&[("a.csv", pilot().as_bytes())]);
    for name in ["p/*.csv", "p"] {
        let folder = naming(name, &[]);
        std::os::unix::fs::symlink(outside.path(), folder.path().join("p")).unwrap();
        assert_eq!(folder.run(&["metrics", "."]).status, 2, "{name}");
    }
}

#[test]
fn lines_that_are_no_objects() {
    let line =
        |row: u32, risk: &str| format!("{{\"outcome\": {}, \"risk\": {risk}, \"age\": 4, \"sex\": \"F\"}}\n", row % 2);
    let lines = |third: &str| {
        let rows = (0..24).map(|row| if row == 2 { third.to_owned() } else { line(row, "0.5") });
        rows.collect::<String>()
    };
    let refused = |name: &str, code: Code, third: &str| {
        refuses(name, code, &naming("pilot.jsonl", &[("pilot.jsonl", &lines(third))]));
    };
    assert_eq!(naming("p.jsonl", &[("p.jsonl", &lines(&line(2, "0.5")))]).run(&["assess", "."]).stderr, "");
    refused("json-list", Code::D115, "[1, 2]\n");
    refused("json-cut", Code::D115, "{\"outcome\": 1, \"risk\"\n");
    refused("json-twice", Code::D115, "{\"outcome\": 1, \"outcome\": 0}\n");
    refused("json-deep", Code::D115, &("[".repeat(100_000) + "\n"));
    refused("json-nested", Code::D114, &line(2, "[0.5]"));
    refused("json-text", Code::D108, &line(2, "\"high NaN\""));
    refused("json-missing", Code::D111, &line(2, "NaN"));
}

/// Damage anywhere in a file may give an error or another table, and never a panic.
#[test]
fn arrow_with_damage_anywhere_does_not_panic() {
    let rows = 0..24;
    let outcome: ArrayRef = Arc::new(rows.clone().map(|row| i64::from(row % 3 == 0)).collect::<Int64Array>());
    let risk: ArrayRef = Arc::new(rows.clone().map(|row| f64::from(row) / 24.0).collect::<Float64Array>());
    let site: ArrayRef = Arc::new(rows.map(|row| Some(if row % 2 == 0 { "a" } else { "b" })).collect::<StringArray>());
    let batch = RecordBatch::try_from_iter([("outcome", outcome), ("risk", risk), ("site", site)]).unwrap();
    let mut pilot = scored();
    pilot.deployment = table("d.arrow");
    pilot.columns.label = Some(named("outcome"));
    pilot.columns.score = Some(named("risk"));
    pilot.columns.categorical = vec![named("site")];
    let wanted = request("auroc", MetricIndex::Scalar, &[]);
    let mut refused = 0;
    let lz4 = Some(CompressionType::LZ4_FRAME);
    let one = [batch];
    for whole in [ipc_file(&one, None), ipc_file(&one, lz4), ipc_stream(&one)] {
        for place in (0..whole.len()).step_by(7) {
            let mut damaged = whole.clone();
            damaged[place] ^= [0x01, 0x80, 0xFF][place % 3];
            let cut = whole[..place].to_vec();
            for bytes in [damaged, cut] {
                let tables = vec![data("d.arrow", bytes)];
                refused +=
                    usize::from(evaluate(&pilot, tables, std::slice::from_ref(&wanted), &Options::default()).is_err());
            }
        }
    }
    assert!(refused > 300, "{refused} damaged files were refused");
}
