//! Fleets as files: what can be read, what is refused, and what is written.

use std::io::Write as _;
use std::sync::Arc;

use arrow_array::builder::{Float64Builder, ListBuilder, MapBuilder, StringBuilder, StructBuilder};
use arrow_array::cast::AsArray as _;
use arrow_array::types::Float64Type;
use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray, StructArray,
};
use arrow_schema::{DataType, Field};
use etiology::diagnostic::{Code, Diagnostics};
use etiology::facts::FactStore;
use etiology::fleet::{Options, OutputFormat, Worlds, assess_fleet, fleet_row};
use etiology::model::KnowledgeBase;
use etiology::source::{SourceMap, Span};
use etiology::table::{Content, Format, TableData};
use serde_json::Value as Json;

use crate::bad_input::codes;
use crate::fleet_tables::{csv, expected_line};
use crate::json_contract::Schema;
use crate::language::read_one;
use crate::program::{Folder, run};
use crate::random_packs::{Chooser, facts_like};

const PACK: &str = r#"
pack small "Small" { version 1.0.0 language 1 }
category some "Some"
index group "Group"
mode harm "Harm" { category some dimension model severity 6 detectability 5 base_rate 4% }
mode delay "Delay" { category some dimension data severity 3 detectability 2 base_rate 10% }
mitigation watch "Watch" { addresses harm effect 70% effort low }
mitigation pause "Pause" { addresses delay effect 10% effort medium }
metric gap[group] "Gap" : ratio, lower is better
metric error "Error" : ratio, lower is better
metric size "Size" : count
input kind "Kind" : one of advisory, gatekeeping
input sites "Sites" : many of ward, icu
input note "Note" : text
input started "Started" : date
question ready "Ready?" : yes_no
rule a.gap "A gap" { for each g in group when gap[g] > 20% then suspect harm likelihood gap[g] }
rule b.error "An error" { when error exceeds noise then suspect delay likelihood 0.5 require ready }
rule c.kind "Kind" { when kind = gatekeeping and sites includes icu then suspect harm likelihood 0.2 flag act "look" }
rule d.note "Note" { when note = "x, y" or started < 2024-01-01 or size > 100 then suspect delay likelihood 0.3 }
rule e.ready "Ready" { when ready = no then contraindicate pause because "Not now." }
verdict stop "Stop" { precedence 10 when any m in mode where risk(m) >= 9 }
verdict go "Go" { precedence 0 }
"#;

const CSV: &str = "\
id,\"gap[\"\"F\"\"]\",gap[M],\"gap[\"\"F\"\"].low\",\"gap[\"\"F\"\"].high\",error,error.noise_p95,size,kind,sites,note,started,ready
one,0.3,0.1,0.15,0.45,0.2,0.1,120,gatekeeping,ward;icu,\"x, y\",2023-05-01,no
two,,25%,,,0.05,0.1,,advisory,none,z,,yes
three,0.1,,,,,,7,gatekeeping,icu,,2024-02-01,
";

fn pack() -> KnowledgeBase {
    let read = read_one(PACK);
    read.base.unwrap_or_else(|| panic!("{:?}", read.diagnostics))
}

fn options(format: OutputFormat, worlds: Worlds) -> Options {
    Options { id: None, top: 3, wide: format != OutputFormat::JsonLines, worlds, format }
}

fn assess(knowledge: &KnowledgeBase, table: TableData, options: &Options) -> Result<Vec<u8>, Diagnostics> {
    let mut out = Vec::new();
    assess_fleet(knowledge, table, options, &mut out, &mut |_| {}).map(|_| out)
}

fn table(file: &str, bytes: impl Into<Vec<u8>>) -> TableData {
    let content = Content::Memory(bytes.into().into());
    TableData { file: file.into(), format: Format::from_name(file).unwrap(), content }
}

/// Returns the lines that a table of the small pack gives.
#[track_caller]
fn lines(file: &str, bytes: impl Into<Vec<u8>>) -> String {
    let out = assess(&pack(), table(file, bytes), &options(OutputFormat::JsonLines, Worlds::All));
    String::from_utf8(out.unwrap_or_else(|problems| panic!("{problems:?}"))).unwrap()
}

fn parquet(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true)));
    let batch = batch.unwrap();
    let mut bytes = Vec::new();
    let mut writer = parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

fn structs(fields: Vec<(&str, [Option<f64>; 3])>) -> ArrayRef {
    let field = |name: &str| Arc::new(Field::new(name, DataType::Float64, true));
    let fields = fields
        .into_iter()
        .map(|(name, values)| (field(name), Arc::new(Float64Array::from(values.to_vec())) as ArrayRef));
    Arc::new(StructArray::from(fields.collect::<Vec<_>>()))
}

/// The columns of [`CSV`] beside those of the gaps.
fn others() -> Vec<(&'static str, ArrayRef)> {
    let mut sites = ListBuilder::new(StringBuilder::new());
    for chosen in [&["ward", "icu"][..], &[], &["icu"]] {
        chosen.iter().for_each(|site| sites.values().append_value(site));
        sites.append(true);
    }
    vec![
        ("id", Arc::new(StringArray::from(vec!["one", "two", "three"]))),
        ("error", Arc::new(Float64Array::from(vec![Some(0.2), Some(0.05), None]))),
        ("error.noise_p95", Arc::new(Float64Array::from(vec![Some(0.1), Some(0.1), None]))),
        ("size", Arc::new(Int64Array::from(vec![Some(120), None, Some(7)]))),
        ("kind", Arc::new(StringArray::from(vec!["gatekeeping", "advisory", "gatekeeping"]))),
        ("sites", Arc::new(sites.finish())),
        ("note", Arc::new(StringArray::from(vec![Some("x, y"), Some("z"), None]))),
        ("started", Arc::new(Date32Array::from(vec![Some(19478), None, Some(19754)]))),
        ("ready", Arc::new(BooleanArray::from(vec![Some(false), Some(true), None]))),
    ]
}

#[test]
fn every_way_of_storing_a_fleet_is_read_alike() {
    let expected = lines("fleet.csv", CSV);
    assert_eq!(expected.lines().count(), 3);

    let mut zipped = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    zipped.write_all(CSV.as_bytes()).unwrap();
    assert_eq!(lines("fleet.csv.gz", zipped.finish().unwrap()), expected);
    assert_eq!(lines("fleet.csv", format!("\u{FEFF}{}", CSV.replace('\n', "\r\n\r\n"))), expected);

    let plain = |values: [Option<f64>; 3]| Arc::new(Float64Array::from(values.to_vec())) as ArrayRef;
    let (f, m) = ([Some(0.3), None, Some(0.1)], [Some(0.1), Some(0.25), None]);
    let (low, high) = ([Some(0.15), None, None], [Some(0.45), None, None]);
    let flat =
        vec![("gap[F]", plain(f)), ("gap[M]", plain(m)), ("gap[F].low", plain(low)), ("gap[F].high", plain(high))];
    assert_eq!(lines("flat.parquet", parquet([others(), flat].concat())), expected);

    let by_field = vec![
        ("gap", structs(vec![("F", f), ("M", m)])),
        ("gap.low", structs(vec![("F", low)])),
        ("gap.high", structs(vec![("F", high)])),
    ];
    assert_eq!(lines("struct.parquet", parquet([others(), by_field].concat())), expected);

    let entries = vec![
        Field::new("member", DataType::Utf8, true),
        Field::new("value", DataType::Float64, true),
        Field::new("low", DataType::Float64, true),
        Field::new("high", DataType::Float64, true),
    ];
    let mut list = ListBuilder::new(StructBuilder::from_fields(entries, 4));
    for row in [
        &[("M", Some(0.1), None), ("F", Some(0.3), Some((0.15, 0.45)))][..],
        &[("M", Some(0.25), None)],
        &[("F", Some(0.1), None)],
    ] {
        for (member, value, interval) in row {
            let entry = list.values();
            entry.field_builder::<StringBuilder>(0).unwrap().append_value(member);
            entry.field_builder::<Float64Builder>(1).unwrap().append_option(*value);
            entry.field_builder::<Float64Builder>(2).unwrap().append_option(interval.map(|(low, _)| low));
            entry.field_builder::<Float64Builder>(3).unwrap().append_option(interval.map(|(_, high)| high));
            entry.append(true);
        }
        list.append(true);
    }
    let list = vec![("gap", Arc::new(list.finish()) as ArrayRef)];
    assert_eq!(lines("list.parquet", parquet([others(), list].concat())), expected);

    let mut map = MapBuilder::new(None, StringBuilder::new(), Float64Builder::new());
    for row in [&[("F", 0.3), ("M", 0.1)][..], &[("M", 0.25)], &[("F", 0.1)]] {
        for (member, value) in row {
            map.keys().append_value(member);
            map.values().append_value(*value);
        }
        map.append(true).unwrap();
    }
    let map = vec![
        ("gap", Arc::new(map.finish()) as ArrayRef),
        ("gap.low", structs(vec![("F", low)])),
        ("gap.high", structs(vec![("F", high)])),
    ];
    assert_eq!(lines("map.parquet", parquet([others(), map].concat())), expected);
}

#[test]
fn every_format_says_the_same() {
    let knowledge = pack();
    let written = |format, worlds| assess(&knowledge, table("fleet.csv", CSV), &options(format, worlds)).unwrap();
    for worlds in [Worlds::All, Worlds::Estimate] {
        let lines: Vec<Json> = String::from_utf8(written(OutputFormat::JsonLines, worlds))
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let csv = written(OutputFormat::Csv, worlds);
        let mut csv = csv::Reader::from_reader(&csv[..]);
        let header = csv.headers().unwrap().clone();
        let parquet = parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(
            written(OutputFormat::Parquet, worlds),
        ));
        let batch = parquet.unwrap().build().unwrap().next().unwrap().unwrap();
        let totals = batch.column_by_name("total_risk").unwrap().as_struct();
        let risks = batch.column_by_name("risks").unwrap().as_list::<i32>();
        for (row, (line, record)) in lines.iter().zip(csv.records()).enumerate() {
            let record = record.unwrap();
            let field = |name: &str| &record[header.iter().position(|known| known == name).unwrap()];
            let number = |value: &Json| value.as_f64().unwrap();
            assert_eq!(field("id"), line["id"]);
            assert_eq!(field("verdict"), line["verdict"]);
            assert_eq!(field("risk_1.mode"), line["risks"][0]["mode"]);
            assert_eq!(field("recommendation_1.mitigation"), line["recommendations"][0]["mitigation"]);
            assert_eq!(field("contraindicated").is_empty(), line["contraindicated"].as_array().unwrap().is_empty());
            let ends = if worlds == Worlds::All { &["estimate", "low", "high"][..] } else { &["estimate"] };
            for (place, end) in ends.iter().enumerate() {
                let suffix = if place == 0 { String::new() } else { format!(".{end}") };
                let expected = field(&format!("total_risk{suffix}")).parse::<f64>().unwrap();
                assert!(near(number(&line["total_risk"][end]), expected));
                assert_eq!(totals.column(place).as_primitive::<Float64Type>().value(row), expected);
                let of_mode: Vec<f64> = ["harm", "delay"]
                    .map(|mode| field(&format!("risk.{mode}{suffix}")).parse().unwrap())
                    .into_iter()
                    .collect();
                for (mode, risk) in ["harm", "delay"].iter().zip(of_mode) {
                    let risks = line["risks"].as_array().unwrap();
                    let told = risks.iter().find(|risk| risk["mode"] == *mode).unwrap();
                    assert!(near(number(&told["risk"][end]), risk));
                    let wide = batch.column_by_name(&format!("risk.{mode}")).unwrap().as_struct();
                    assert_eq!(wide.column(place).as_primitive::<Float64Type>().value(row), risk);
                }
            }
            let first = risks.value(row);
            let modes = first.as_struct().column_by_name("mode").unwrap().as_string::<i32>().clone();
            let modes: Vec<&str> = modes.iter().flatten().collect();
            let told: Vec<&str> =
                line["risks"].as_array().unwrap().iter().map(|risk| risk["mode"].as_str().unwrap()).collect();
            assert_eq!(modes, told);
        }
        assert_eq!((lines.len(), batch.num_rows()), (3, 3));
        assert_eq!(header.iter().any(|name| name == "total_risk.low"), worlds == Worlds::All);
    }
}

/// The reader of JSON that the tests use may be off by the last bit.
fn near(left: f64, right: f64) -> bool {
    (left - right).abs() <= 1e-12 * right.abs()
}

/// Random rows of the small pack, so many that they come in several blocks.
fn many(knowledge: &KnowledgeBase, rows: usize) -> Vec<FactStore> {
    let group = knowledge.indexes.find("group").unwrap();
    let members = FactStore::new(knowledge, ["F", "M"].map(|member| (group, member.to_owned())));
    let mut choose =
        Chooser::new((0..40_000_u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 16) as u16).collect());
    let some: Vec<FactStore> = (0..500).map(|_| facts_like(&mut choose, knowledge, &members)).collect();
    some.iter().cycle().take(rows).cloned().collect()
}

#[test]
fn any_number_of_threads_gives_the_same_bytes_and_every_row_its_own() {
    let knowledge = pack();
    let rows = many(&knowledge, 6000);
    // A line end within quotes must not end a row, wherever a block ends.
    let text = csv(&knowledge, &rows).replace("\"x\"", "\"x\nx\"");
    let written = |threads: usize, format| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| assess(&knowledge, table("fleet.csv", text.clone()), &options(format, Worlds::All)).unwrap())
    };
    for format in [OutputFormat::JsonLines, OutputFormat::Csv, OutputFormat::Parquet] {
        assert!(written(1, format) == written(2, format), "{format:?}");
    }
    let lines = String::from_utf8(written(2, OutputFormat::JsonLines)).unwrap();
    assert_eq!(lines.lines().count(), rows.len());
    for (row, line) in lines.lines().enumerate().step_by(997) {
        let expected = expected_line(&knowledge, &rows[row], row, Worlds::All);
        // One text more or less makes no difference: no rule reads it.
        assert_eq!(line, expected, "row {row}");
    }
}

#[test]
fn a_row_gives_the_facts_that_were_written() {
    let knowledge = pack();
    let rows = many(&knowledge, 40);
    let text = csv(&knowledge, &rows);
    let span = Span::new(SourceMap::default().add("fleet.csv", ""), 0, 0);
    for (row, facts) in rows.iter().enumerate() {
        for wanted in [(row + 1).to_string(), format!("d{row}")] {
            let found = fleet_row(&knowledge, table("fleet.csv", text.clone()), None, &wanted, span).unwrap();
            assert_eq!((found.number, found.id.as_deref()), (row as u64 + 1, Some(format!("d{row}").as_str())));
            for (input, declared) in knowledge.inputs.iter() {
                for members in facts.cells(input) {
                    let told = |facts: &FactStore| {
                        let fact = facts.get(input, &members).filter(|fact| fact.value.is_ok())?;
                        let interval = fact.interval.as_ref().map(|interval| (interval.low, interval.high));
                        let p95 = fact.floor.as_ref().map(|floor| floor.p95);
                        Some((fact.value.clone().unwrap(), interval, p95))
                    };
                    assert_eq!(told(&found.facts), told(facts), "{} of row {row}", declared.id);
                }
            }
        }
    }
}

#[track_caller]
fn refuses(code: Code, file: &str, bytes: impl Into<Vec<u8>>) {
    let problems = match assess(&pack(), table(file, bytes), &options(OutputFormat::JsonLines, Worlds::All)) {
        Ok(out) => panic!("{}", String::from_utf8_lossy(&out)),
        Err(problems) => problems,
    };
    let found: Vec<Code> = problems.iter().map(|problem| problem.code).collect();
    assert_eq!(found, [code], "{problems:?}");
    let problem = problems.iter().next().unwrap();
    assert!(problem.help.is_some() && !problem.message.ends_with('.'), "{problem:?}");
}

#[test]
fn what_cannot_be_meant_is_refused_with_one_diagnostic() {
    refuses(Code::D102, "fleet.csv", "");
    refuses(Code::D112, "fleet.csv", "id,error\n");
    refuses(Code::D112, "fleet.csv", "id,error");
    refuses(Code::D104, "fleet.csv", "id,error\na,0.1\nb\n");
    refuses(Code::D103, "fleet.csv", b"id,note\na,M\xFCnchen\n".to_vec());
    refuses(Code::D105, "fleet.csv", "id,error,error\na,0.1,0.1\n");
    refuses(Code::D105, "fleet.csv", "id,gap[F],\"gap[\"\"F\"\"]\"\na,0.1,0.1\n");
    refuses(Code::D401, "fleet.csv", "id,eror\na,0.1\n");
    refuses(Code::D401, "fleet.csv", "id,error.middle\na,0.1\n");
    refuses(Code::D402, "fleet.csv", "id,gap\na,0.1\n");
    refuses(Code::D402, "fleet.csv", "id,error[F]\na,0.1\n");
    refuses(Code::D402, "fleet.csv", "id,\"gap[F, M]\"\na,0.1\n");
    for (column, cell) in [
        ("error", "1.5"),
        ("error", "low"),
        ("error", "inf"),
        ("size", "1.5"),
        ("size", "-1"),
        ("kind", "gatekeping"),
        ("sites", "ward,icu"),
        ("sites", "ward;home"),
        ("started", "2023-13-01"),
        ("ready", "true"),
        ("error.low", "low"),
    ] {
        refuses(Code::D403, "fleet.csv", format!("id,{column}\na,\nb,\"{cell}\"\n"));
    }
    refuses(Code::D102, "fleet.parquet", CSV);
    refuses(Code::D102, "fleet.parquet", "");
    let numbers = || Arc::new(Float64Array::from(vec![0.1, 0.2])) as ArrayRef;
    refuses(Code::D401, "fleet.parquet", parquet(vec![("eror", numbers())]));
    refuses(Code::D402, "fleet.parquet", parquet(vec![("gap", numbers())]));
    refuses(Code::D403, "fleet.parquet", parquet(vec![("ready", numbers())]));
    refuses(Code::D403, "fleet.parquet", parquet(vec![("error", Arc::new(Float64Array::from(vec![f64::INFINITY])))]));
    refuses(Code::D403, "fleet.parquet", parquet(vec![("error", Arc::new(BooleanArray::from(vec![true])))]));
    let times = Arc::new(arrow_array::TimestampSecondArray::from(vec![0, 1]));
    refuses(Code::D404, "fleet.parquet", parquet(vec![("started", times)]));
    let mut list = ListBuilder::new(Float64Builder::new());
    list.values().append_value(0.1);
    list.append(true);
    refuses(Code::D402, "fleet.parquet", parquet(vec![("gap", Arc::new(list.finish()))]));
    let wrong = structs(vec![("value", [Some(0.1); 3]), ("weight", [Some(0.1); 3])]);
    let offsets = arrow_array::ListArray::new_null(Arc::new(Field::new("item", wrong.data_type().clone(), true)), 3);
    refuses(Code::D404, "fleet.parquet", parquet(vec![("gap", Arc::new(offsets))]));
}

#[test]
fn the_nearest_name_is_offered_and_the_place_is_named() {
    let text = "id,kind\na,advisory\nb,gatekeping\n";
    let problems =
        assess(&pack(), table("fleet.csv", text), &options(OutputFormat::JsonLines, Worlds::All)).unwrap_err();
    let problem = problems.iter().next().unwrap();
    assert_eq!(problem.message, "`gatekeping` in row 2 is not a value of `kind`");
    assert_eq!(problem.help.as_deref(), Some("did you mean `gatekeeping`?"));
}

/// Damage anywhere in a file may give an error or another table, and never a panic.
#[test]
fn damaged_files_never_panic() {
    let knowledge = pack();
    let f = [Some(0.3), None, Some(0.1)];
    let whole = parquet([others(), vec![("gap", structs(vec![("F", f)]))]].concat());
    let mut refused = 0;
    for place in (0..whole.len()).step_by(7) {
        let mut damaged = whole.clone();
        damaged[place] ^= [0x01, 0x80, 0xFF][place % 3];
        let found = assess(&knowledge, table("d.parquet", damaged), &options(OutputFormat::JsonLines, Worlds::All));
        refused += usize::from(found.is_err());
    }
    assert!(refused > 20, "{refused} damaged files were refused");
}

const EXAMPLE: &str = "examples/fleet/deployments.csv";

#[test]
fn the_program_writes_whole_files_or_none() {
    let folder = Folder::with(&[("bad.csv", b"id,calibration.ece\na,0.1\nb,high\n")]);
    let example = std::fs::read(EXAMPLE).unwrap();
    folder.write("fleet.csv", &example);
    let found = folder.run(&["fleet", "assess", "bad.csv", "--output", "out.jsonl"]);
    assert_eq!((found.status, codes(&found.stderr)), (2, vec!["D403"]), "{}", found.stderr);
    let found = folder.run(&["fleet", "assess", "bad.csv"]);
    assert_eq!((found.status, found.stdout.as_str()), (2, ""));
    let files = || {
        let names = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
        let mut names: Vec<String> = names.map(|name| name.to_string_lossy().into_owned()).collect();
        names.sort();
        names
    };
    assert_eq!(files(), ["bad.csv", "fleet.csv"]);
    for output in ["out.jsonl", "out.csv", "out.parquet"] {
        let found = folder.run(&["fleet", "assess", "fleet.csv", "--output", output]);
        assert_eq!((found.status, found.stdout.as_str()), (0, ""), "{}", found.stderr);
    }
    assert_eq!(files(), ["bad.csv", "fleet.csv", "out.csv", "out.jsonl", "out.parquet"]);
    let piped = folder.run(&["fleet", "assess", "fleet.csv"]);
    assert_eq!(piped.stdout.as_bytes(), std::fs::read(folder.path().join("out.jsonl")).unwrap());
    let again = folder.run(&["fleet", "assess", "fleet.csv", "--output", "out.csv"]);
    assert_eq!((again.status, codes(&again.stderr)), (2, vec!["X006"]), "{}", again.stderr);
}

#[test]
fn the_program_refuses_what_is_no_table_and_rows_that_are_not_there() {
    for (arguments, code) in [
        (vec!["fleet", "assess", "nowhere.csv"], "X001"),
        (vec!["fleet", "assess", "examples/fleet"], "D101"),
        (vec!["fleet", "assess", "Cargo.toml"], "D101"),
        (vec!["fleet", "assess", EXAMPLE, "--pack", "nowhere"], "X001"),
        (vec!["fleet", "assess", EXAMPLE, "--id", "name"], "D106"),
        (vec!["fleet", "assess", EXAMPLE, "--explain", "ward-70"], "X002"),
        (vec!["fleet", "assess", EXAMPLE, "--explain", "13"], "X002"),
        (vec!["fleet", "assess", EXAMPLE, "--explain", "0"], "X002"),
        (vec!["fleet", "why", "nothing", EXAMPLE, "--row", "1"], "X002"),
    ] {
        let found = run(&arguments);
        assert_eq!((found.status, codes(&found.stderr)), (2, vec![code]), "{arguments:?}: {}", found.stderr);
        assert_eq!(found.stdout, "");
    }
}

#[test]
fn every_line_keeps_to_its_schema() {
    let schema = Schema::parse(include_str!("../../docs/fleet.schema.json"));
    for arguments in [&["fleet", "assess", EXAMPLE, "--top", "99"][..], &["fleet", "assess", EXAMPLE, "--point"]] {
        let found = run(arguments);
        assert_eq!(found.stdout.lines().count(), 12, "{}", found.stderr);
        for line in found.stdout.lines() {
            assert_eq!(schema.faults_of(&serde_json::from_str(line).unwrap()), Vec::<String>::new());
        }
    }
}

#[test]
fn one_row_is_explained_as_the_deployment_that_it_is() {
    let found = run(&["fleet", "assess", EXAMPLE, "--explain", "icu-south"]);
    assert_eq!(found.status, 0, "{}", found.stderr);
    let line = run(&["fleet", "assess", EXAMPLE]).stdout.lines().nth(2).unwrap().to_owned();
    let line: Json = serde_json::from_str(&line).unwrap();
    assert_eq!(line["id"], "icu-south");
    assert!(found.stdout.contains(&format!("1  {}", line["risks"][0]["mode"].as_str().unwrap())));
    let next = format!("etio fleet why miscalibration {EXAMPLE} --row icu-south");
    assert!(found.stdout.contains(&next), "{}", found.stdout);
    let words: Vec<&str> = next.split(' ').skip(1).collect();
    let why = run(&words);
    assert_eq!(why.status, 0, "{}", why.stderr);
    assert!(why.stdout.contains("0.148") && why.stdout.contains("deployments.csv:4"), "{}", why.stdout);
}
