//! The order in which a pack is written cannot be seen.

use etiology::cli::load::Disk;
use etiology::explanation::Case;
use etiology::facts::{Fact, FactStore};
use etiology::model::Value;
use etiology::report::json::{self, Identity};
use etiology::risk::assess;
use etiology::session::check_pack;
use etiology::source::{Loader as _, SourceMap};
use proptest::prelude::*;

use crate::small_packs::knowledge_of_files;

const DECLARATIONS: [&str; 17] = [
    "pack small \"Small\" { version 1.0.0 language 1 }",
    "category some \"Some\"",
    "index site \"Site\"",
    "metric a \"A\" : ratio",
    "metric b[site] \"B\" : ratio",
    "question q \"Q\" : yes_no",
    "mode one \"One\" { category some dimension model severity 5 detectability 5 base_rate 3% causes two strength 0.3 }",
    "mode two \"Two\" { category some dimension model severity 5 detectability 5 base_rate 3% }",
    "factor cause \"Cause\" { causes one strength 0.7 causes two strength 0.1 base_rate 11% }",
    "mitigation fix \"Fix\" { addresses cause effect 30% addresses one -> two effect 70% effort low }",
    "mitigation other \"Other\" { addresses cause effect 30% addresses one -> two effect 70% effort low }",
    "rule high \"High\" { when a > 10% then suspect one likelihood 0.3 conclude high_a evidence shared }",
    "rule also \"Also\" { when a > 20% then suspect one likelihood 0.3 conclude high_a evidence shared }",
    "rule site \"Site\" { for each s in site when b[s] > a and high_a then suspect cause likelihood b[s] }",
    "rule calm \"Calm\" { when not high_a or q = yes then exonerate two by 0.7 lower severity of two by 1 }",
    "verdict stop \"Stop\" { precedence 1 when any m in mode where risk(m) >= 9 }",
    "verdict go \"Go\" { precedence 1 when any m in mode where risk(m) >= 1 }",
];

/// The assessment in full, without the places that things are written at.
fn report(files: &[String]) -> String {
    let knowledge = knowledge_of_files(files);
    let site = knowledge.indexes.find("site").unwrap();
    let mut facts = FactStore::new(&knowledge, [(site, "north".to_owned()), (site, "south".to_owned())]);
    let set = |facts: &mut FactStore, input: &str, member: Option<&str>, value: f64| {
        let members: Vec<_> = member.iter().map(|name| facts.member(site, name).unwrap()).collect();
        facts.set(knowledge.inputs.find(input).unwrap(), &members, Fact::supposed(Value::Number(value)));
    };
    set(&mut facts, "a", None, 0.3);
    set(&mut facts, "b", Some("south"), 0.4);
    let text = format!("{:?}", assess(&knowledge, &facts).unwrap());
    let mut parts = text.split("Span {");
    let mut placeless = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        // Past the inner `SourceId(…)` to the end of the span.
        placeless.push_str(part.split_once('}').unwrap().1);
    }
    placeless
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn shuffled_declarations_give_the_same_assessment(
        shuffled in Just(DECLARATIONS.to_vec()).prop_shuffle(),
        cut in 0..DECLARATIONS.len(),
    ) {
        let (first, second) = shuffled.split_at(cut);
        let written = report(&[DECLARATIONS.join("\n")]);
        prop_assert_eq!(written, report(&[first.join("\n"), second.join("\n")]));
    }
}

/// The shipped pack's assessment as JSON, with its digest. `backwards` reads files last to
/// first and the declarations of each in reverse.
fn shipped(backwards: bool) -> String {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut texts = Vec::new();
    for folder in ["taxonomy", "rules"] {
        for name in Disk.list(&root.join(folder).display().to_string(), "etio").unwrap() {
            texts.push((name.clone(), std::fs::read_to_string(name).unwrap()));
        }
    }
    if backwards {
        texts.reverse();
        for (_, text) in &mut texts {
            let mut sources = SourceMap::default();
            let id = sources.add("one", text.as_str());
            let (tree, _) = etiology::syntax::parse(id, text);
            let pieces: Vec<&str> = tree.pieces.iter().map(|piece| tree.text_of(piece)).collect();
            let reversed = pieces.iter().rev().copied().collect::<Vec<_>>().join("\n");
            *text = reversed;
        }
    }
    let mut sources = SourceMap::default();
    let loaded = check_pack(texts, &mut sources);
    assert!(!loaded.diagnostics.has_errors(), "{:?}", loaded.diagnostics);
    let knowledge = loaded.knowledge.unwrap();
    let feature = knowledge.indexes.find("feature").unwrap();
    let mut facts = FactStore::new(&knowledge, [(feature, "age".to_owned())]);
    for (input, value) in
        [("calibration.ece", 0.21), ("pilot.events", 340.0), ("pilot.n", 2000.0), ("discrimination.auroc", 0.64)]
    {
        facts.set(knowledge.inputs.find(input).unwrap(), &[], Fact::supposed(Value::Number(value)));
    }
    let assessment = assess(&knowledge, &facts).unwrap();
    let case = Case { knowledge: &knowledge, facts: &facts, assessment: &assessment, sources: &sources };
    json::assessment(case, Identity { deployment: "order", digest: "" }, serde_json::Value::Null).to_string()
}

#[test]
fn the_shipped_pack_gives_the_same_bytes_read_backwards() {
    assert_eq!(shipped(false), shipped(true));
}
