//! How long it takes to read a pack of 500 rules: `cargo bench --bench language`.

use etiology::model::lower;
use etiology::source::{SourceId, SourceMap};
use etiology::syntax::parse;
use std::fmt::Write as _;

fn main() {
    divan::main();
}

/// Returns a pack of `n_rules` rules of about 600 bytes each, with the taxonomy that they need.
fn pack(n_rules: usize) -> String {
    let mut text = String::from(
        "pack bench \"A pack for the benchmark\" {\n  version 1.0.0\n  language 1\n}\n\
         source wong_2021 \"A source\" { year 2021 }\ncategory technical \"Technical\"\n\
         index subgroup \"Patient subgroup\"\n",
    );
    for number in 0..n_rules / 10 {
        let _ = write!(
            text,
            "mode mode_{number} \"A failure mode\" {{\n  category technical\n  dimension model\n  severity 6\n  \
             detectability 7\n  base_rate 5%\n  because \"The figure does not match, so treatment thresholds misfire.\"\n  \
             cite wong_2021\n}}\n\nmitigation remedy_{number} \"A remedy\" {{\n  addresses mode_{number} effect 40%\n  \
             effort low\n}}\n\nmetric m{number}.value \"A metric\" : ratio, lower is better = ece(bins 15)\n\
             metric g{number}.value[subgroup] \"A metric by subgroup\" : ratio, higher is better = auroc()\n\n"
        );
    }
    for number in 0..n_rules {
        let other = number % (n_rules / 10);
        let _ = write!(
            text,
            "/// What the rule is about, for those who read the source.\n\
             rule bench.rule_{number} \"A subgroup is ranked markedly worse than the others\" {{\n  \
             for each s in subgroup\n  when g{other}.value[s] < m{other}.value - 0.05\n   and m{other}.value > 10%\n   \
             and (known(m{other}.value) or not m{other}.value between 10% and 20%)\n   \
             and any t in subgroup where g{other}.value[t] >= 0.5\n  \
             then suspect mode_{other} likelihood ramp(m{other}.value, 10% -> 0.5, 25% -> 0.9)\n       \
             conclude finding_{number}(s)\n  evidence group_{other}\n  \
             because \"A probability that is ten points off changes who crosses a treatment threshold.\"\n  \
             cite wong_2021\n  basis judgement\n  since 1.0.0\n}}\n\n"
        );
    }
    text
}

fn entered(text: &str) -> (SourceMap, SourceId) {
    let mut sources = SourceMap::default();
    let id = sources.add("bench.etio", text);
    (sources, id)
}

#[divan::bench(args = [500])]
fn parse_pack(bencher: divan::Bencher, n_rules: usize) {
    let text = pack(n_rules);
    let (_, id) = entered(&text);
    bencher.counter(divan::counter::BytesCount::of_str(&text)).bench(|| parse(id, &text));
}

#[divan::bench(args = [500])]
fn parse_and_lower_pack(bencher: divan::Bencher, n_rules: usize) {
    let text = pack(n_rules);
    let (sources, id) = entered(&text);
    let (tree, diagnostics) = parse(id, &text);
    assert!(diagnostics.is_empty());
    assert!(lower(&[tree], &sources).0.is_some(), "the benchmark's pack is sound");
    bencher.counter(divan::counter::BytesCount::of_str(&text)).bench(|| {
        let (tree, _) = parse(id, &text);
        lower(&[tree], &sources)
    });
}
