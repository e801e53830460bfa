//! A fleet on a made-up workload: `cargo bench --bench fleet`.
//!
//! 30 metrics, 60 rules in three strata with findings negated, 25 modes, 40 factors, 45 mitigations, and 20 000
//! deployments in CSV; top-3 risks and recommendations as JSON lines. One in ten cells is empty.

use std::fmt::Write;

use etiology::fleet::{Options, OutputFormat, Worlds, assess_fleet};
use etiology::model::{KnowledgeBase, lower};
use etiology::source::SourceMap;
use etiology::table::{Content, Format, TableData};

const ROWS: usize = 20_000;
const METRICS: usize = 30;

fn main() {
    divan::main();
}

fn pack() -> String {
    let mut text = String::from("pack bench \"Bench\" { version 1.0.0 language 1 }\ncategory some \"Some\"\n");
    let mut line = |arguments: std::fmt::Arguments<'_>| {
        text.write_fmt(arguments).expect("invariant: writing to a string does not fail");
        text.push('\n');
    };
    for mode in 0..25 {
        let (severity, detectability) = (1 + mode % 10, 1 + mode * 3 % 10);
        line(format_args!(
            "mode m{mode:02} \"M\" {{ category some dimension model severity {severity} detectability {detectability} base_rate 3% }}"
        ));
    }
    for factor in 0..40 {
        let other = if (factor * 7 + 4) % 25 == factor % 25 { factor + 1 } else { factor * 7 + 4 } % 25;
        let next = if factor % 2 == 0 { format!("causes f{:02} strength 0.2", factor + 1) } else { String::new() };
        line(format_args!(
            "factor f{factor:02} \"F\" {{ causes m{:02} strength 0.4 causes m{other:02} strength 0.3 {next} base_rate 2% }}",
            factor % 25
        ));
    }
    for mitigation in 0..45 {
        let effort = ["low", "medium", "high"][mitigation % 3];
        line(format_args!(
            "mitigation x{mitigation:02} \"X\" {{ addresses f{:02} effect 60% effort {effort} }}",
            mitigation % 40
        ));
    }
    for metric in 0..METRICS {
        line(format_args!("metric a{metric:02} \"A\" : ratio, lower is better"));
    }
    for rule in 0..20 {
        let (low, other, third) = (30 + rule, rule + 10, rule * 3 % 30);
        line(format_args!(
            "rule r{rule:02} \"R\" {{ when a{rule:02} > {low}% or a{other:02} > 85% then conclude k{rule:02} }}"
        ));
        line(format_args!(
            "rule s{rule:02} \"S\" {{ when k{rule:02} and not k{:02} and a{third:02} > 20% then conclude l{rule:02} suspect f{rule:02} likelihood 0.4 }}",
            (rule + 7) % 20
        ));
        line(format_args!(
            "rule t{rule:02} \"T\" {{ when l{rule:02} and not l{:02} or a{:02} > 90% then suspect m{rule:02} likelihood ramp(a{rule:02}, 20% -> 0.1, 90% -> 0.6) }}",
            (rule + 3) % 20,
            rule * 7 % 30
        ));
    }
    text.push_str("verdict stop \"Stop\" { precedence 10 when any m in mode where risk(m) >= 50 }\nverdict go \"Go\" { precedence 0 }\n");
    text
}

fn knowledge() -> KnowledgeBase {
    let mut sources = SourceMap::default();
    let text = pack();
    let id = sources.add("bench.etio", text.clone());
    let (tree, _) = etiology::syntax::parse(id, &text);
    let (knowledge, _) = lower(&[tree], &sources);
    knowledge.expect("invariant: the made-up pack is sound")
}

fn table() -> bytes::Bytes {
    let names: Vec<String> = (0..METRICS).map(|metric| format!("a{metric:02}")).collect();
    let mut text = format!("id,{}\n", names.join(","));
    let mut state = 7_u64;
    for row in 0..ROWS {
        let _ = write!(text, "d{row}");
        for _ in 0..METRICS {
            // Numbers that look random and are the same each time (Knuth's multiplicative generator).
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let share = (state >> 40) % 10_000;
            let _ = if share.is_multiple_of(10) { write!(text, ",") } else { write!(text, ",0.{share:04}") };
        }
        text.push('\n');
    }
    text.into()
}

fn assess(bencher: divan::Bencher<'_, '_>, worlds: Worlds, format: OutputFormat) {
    let (knowledge, bytes) = (knowledge(), table());
    let options = Options { id: None, top: 3, wide: false, worlds, format };
    bencher.counter(divan::counter::ItemsCount::new(ROWS)).bench(|| {
        let content = Content::Memory(bytes.clone());
        let table = TableData { file: "fleet.csv".into(), format: Format::Csv, content };
        let mut out = Vec::new();
        assess_fleet(&knowledge, table, &options, &mut out, &mut |_| {}).map(|summary| (summary, out))
    });
}

#[divan::bench]
fn estimates(bencher: divan::Bencher<'_, '_>) {
    assess(bencher, Worlds::Estimate, OutputFormat::JsonLines);
}

#[divan::bench]
fn bounds(bencher: divan::Bencher<'_, '_>) {
    assess(bencher, Worlds::All, OutputFormat::JsonLines);
}

#[divan::bench]
fn bounds_to_parquet(bencher: divan::Bencher<'_, '_>) {
    assess(bencher, Worlds::All, OutputFormat::Parquet);
}
