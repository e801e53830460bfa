//! Tables of deployments made from facts, and what `etio fleet assess` must say of them: the assessment of
//! each row alone, in the words of a JSON line.

use etiology::facts::{Fact, FactStore};
use etiology::fleet::{Options, OutputFormat, Worlds, assess_fleet};
use etiology::model::{Effort, FlagLevel, KnowledgeBase, PriorityLevel, Type, Value};
use etiology::risk::{Assessment, Bounds, ModeRisk, Quantity, Recommendation, assess_without_swings};
use etiology::table::{Content, Format, TableData};
use serde_json::{Value as Json, json};

use crate::random_packs::cells;

/// Returns the rows as CSV, with a column for every value, and one for everything beside it that some row has.
pub fn csv(knowledge: &KnowledgeBase, rows: &[FactStore]) -> String {
    let Some(first) = rows.first() else { return String::new() };
    let mut columns: Vec<(String, Vec<String>)> = Vec::new();
    columns.push(("id".to_owned(), (0..rows.len()).map(|place| format!("d{place}")).collect()));
    for (input, members) in cells(knowledge, first) {
        let declared = &knowledge.inputs[input];
        let names = declared.indexes.iter().zip(&members).map(|(&index, &member)| first.member_name(index, member));
        let names: Vec<String> = names.map(|name| format!("\"{name}\"")).collect();
        let bracket = if names.is_empty() { String::new() } else { format!("[{}]", names.join(", ")) };
        let fields = rows.iter().map(|facts| fields_of(&declared.value_type, facts.get(input, &members)));
        let fields: Vec<[String; 4]> = fields.collect();
        for (place, aspect) in ["", ".low", ".high", ".noise_p95"].iter().enumerate() {
            let column: Vec<String> = fields.iter().map(|fields| fields[place].clone()).collect();
            if place == 0 || column.iter().any(|field| !field.is_empty()) {
                columns.push((quoted(&format!("{}{bracket}{aspect}", declared.id)), column));
            }
        }
    }
    let line = |cells: Vec<&str>| cells.join(",") + "\n";
    let mut text = line(columns.iter().map(|(name, _)| name.as_str()).collect());
    for row in 0..rows.len() {
        text += &line(columns.iter().map(|(_, column)| column[row].as_str()).collect());
    }
    text
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// Returns value, ends of the interval and noise floor, as far as they are known.
fn fields_of(value_type: &Type, fact: Option<&Fact>) -> [String; 4] {
    let value = fact.and_then(|fact| fact.value.as_ref().ok()).map(|value| written(value_type, value));
    let number = |number: Option<f64>| number.map(|number| number.to_string()).unwrap_or_default();
    let interval = fact.and_then(|fact| fact.interval.as_ref());
    let p95 = fact.and_then(|fact| fact.floor.as_ref()).map(|floor| floor.p95);
    let ends = (interval.map(|interval| interval.low), interval.map(|interval| interval.high));
    [value.unwrap_or_default(), number(ends.0), number(ends.1), number(p95)]
}

fn written(value_type: &Type, value: &Value) -> String {
    match (value, value_type) {
        (Value::Number(days), Type::Duration) => format!("{days} days"),
        (Value::Number(number), _) => number.to_string(),
        (Value::YesNo(yes), _) => if *yes { "yes" } else { "no" }.to_owned(),
        (Value::Option(option), Type::OneOf(options)) => options[*option as usize].clone(),
        (Value::Options(chosen), Type::ManyOf(options)) => {
            let chosen: Vec<&str> = chosen.iter().map(|&option| options[option as usize].as_str()).collect();
            if chosen.is_empty() { "none".to_owned() } else { chosen.join(";") }
        }
        (Value::Date(days), _) => format!("1970-01-{:02}", days + 1),
        (Value::Text(text), _) => quoted(text),
        other => panic!("{other:?}"),
    }
}

/// Runs a fleet on CSV text and returns what it wrote.
#[track_caller]
pub fn assessed(knowledge: &KnowledgeBase, csv: String, worlds: Worlds) -> String {
    let table = TableData { file: "fleet.csv".into(), format: Format::Csv, content: Content::Memory(csv.into()) };
    let format = OutputFormat::JsonLines;
    let options = Options { id: None, top: usize::MAX, wide: false, worlds, format };
    let mut out = Vec::new();
    if let Err(problems) = assess_fleet(knowledge, table, &options, &mut out, &mut |_| {}) {
        panic!("{problems:?}");
    }
    String::from_utf8(out).unwrap()
}

/// Returns the line that a row must have, from its assessment alone.
pub fn expected_line(knowledge: &KnowledgeBase, facts: &FactStore, row: usize, worlds: Worlds) -> String {
    let assessment = assess_without_swings(knowledge, facts).unwrap();
    let figures = |[estimate, low, high]: [f64; 3]| match worlds {
        Worlds::All => json!({ "estimate": estimate, "low": low, "high": high }),
        Worlds::Estimate => json!({ "estimate": estimate }),
    };
    fn all<Q: Quantity>(bounds: &Bounds<Q>) -> [f64; 3] {
        [bounds.estimate().get(), bounds.low().get(), bounds.high().get()]
    }
    let risk = |risk: &ModeRisk| {
        let priority = risk.priority.map(|level| match level {
            PriorityLevel::High => "high",
            PriorityLevel::Medium => "medium",
            PriorityLevel::Low => "low",
        });
        json!({
            "mode": knowledge.nodes[risk.mode].id,
            "likelihood": figures(all(&risk.likelihood)),
            "severity": figures(all(&risk.severity)),
            "detectability": figures(all(&risk.detectability)),
            "risk": figures(all(&risk.risk)),
            "band": risk.band.estimate.map(|band| knowledge.bands[band].id.clone()),
            "priority": priority,
        })
    };
    let recommended = |found: &&Recommendation| !found.is_contraindicated();
    let recommendation = |found: &Recommendation| {
        json!({
            "mitigation": knowledge.mitigations[found.mitigation].id, "risk_removed": figures(all(&found.risk_removed)),
        })
    };
    let verdict = &assessment.verdict;
    let mut line = serde_json::Map::new();
    let mut put = |key: &str, value: Json| drop(line.insert(key.to_owned(), value));
    put("row", json!(row + 1));
    put("id", json!(format!("d{row}")));
    put("verdict", json!(verdict.given.map(|verdict| knowledge.verdicts[verdict].id.clone())));
    if worlds == Worlds::All {
        let open = verdict.not_ruled_out.iter().map(|&verdict| knowledge.verdicts[verdict].id.clone());
        put("not_ruled_out", open.collect());
    }
    put("total_risk", figures(all(&assessment.total)));
    put("risks", in_order(&assessment, worlds).into_iter().map(risk).collect());
    let recommendations = &assessment.recommendations;
    put("recommendations", recommendations.iter().filter(recommended).map(recommendation).collect());
    let mut struck: Vec<_> = recommendations.iter().filter(|found| found.is_contraindicated()).collect();
    struck.sort_by_key(|found| found.mitigation);
    put("contraindicated", struck.iter().map(|found| knowledge.mitigations[found.mitigation].id.clone()).collect());
    put("flags", flags(knowledge, &assessment));
    let missing = verdict.missing.iter().filter(|missing| missing.outcome.holds());
    put("missing", missing.map(|missing| knowledge.inputs[missing.input].id.clone()).collect());
    Json::Object(line).to_string()
}

/// Returns the risks in order; without low and high, equal estimates stand by name.
fn in_order(assessment: &Assessment, worlds: Worlds) -> Vec<&ModeRisk> {
    let mut risks: Vec<&ModeRisk> = assessment.risks.iter().collect();
    if worlds == Worlds::Estimate {
        let estimate = |risk: &ModeRisk| risk.risk.estimate().get();
        risks.sort_by(|left, right| estimate(right).total_cmp(&estimate(left)).then(left.mode.cmp(&right.mode)));
    }
    risks
}

/// Returns the remarks, one for each rule that makes it.
fn flags(knowledge: &KnowledgeBase, assessment: &Assessment) -> Json {
    let level = |level| match level {
        FlagLevel::Info => "info",
        FlagLevel::Advise => "advise",
        FlagLevel::Act => "act",
        FlagLevel::Block => "block",
    };
    let mut flags: Vec<Json> = Vec::new();
    for flag in &assessment.flags {
        let told =
            json!({ "level": level(flag.level), "rule": knowledge.rules[flag.rule].id.clone(), "text": flag.text });
        if !flags.contains(&told) {
            flags.push(told);
        }
    }
    Json::Array(flags)
}

/// Takes the intervals off the facts of every other input, which then are exact wherever they are known.
pub fn partly_exact(rows: &[FactStore]) -> Vec<FactStore> {
    let exact = |facts: &FactStore| {
        let mut some = facts.clone();
        for (input, members, fact) in facts.iter().filter(|(input, ..)| input.index() % 2 == 0) {
            some.set(input, &members, Fact { interval: None, ..fact.clone() });
        }
        some
    };
    rows.iter().map(exact).collect()
}

/// Fails unless every row of the fleet is what its assessment alone gives, byte for byte.
#[track_caller]
pub fn check(knowledge: &KnowledgeBase, rows: &[FactStore]) {
    let table = csv(knowledge, rows);
    for worlds in [Worlds::All, Worlds::Estimate] {
        let found = assessed(knowledge, table.clone(), worlds);
        let lines: Vec<&str> = found.lines().collect();
        assert_eq!(lines.len(), rows.len());
        for (row, (facts, line)) in rows.iter().zip(lines).enumerate() {
            let expected = expected_line(knowledge, facts, row, worlds);
            assert_eq!(line, expected, "{worlds:?}, row {row}: {facts:?}");
        }
    }
}

/// Returns a store without facts and with those members that a column can name: of a set by which no
/// input is indexed, or only together with an empty one, a table knows nothing.
pub fn nameable(knowledge: &KnowledgeBase, facts: &FactStore) -> FactStore {
    let named = cells(knowledge, facts).into_iter().flat_map(|(input, members)| {
        let indexes = &knowledge.inputs[input].indexes;
        let names = indexes.iter().zip(members);
        names.map(|(&index, member)| (index, facts.member_name(index, member).to_owned())).collect::<Vec<_>>()
    });
    FactStore::new(knowledge, named.collect::<Vec<_>>())
}

/// Effort is part of the order of recommendations; kept here so that packs of tests may vary it.
pub const EFFORTS: [Effort; 3] = [Effort::Low, Effort::Medium, Effort::High];
