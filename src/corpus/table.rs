//! Cases for programs: JSON with everything, and CSV with a line for each case.

use super::case::{Case, Figure};
use super::count::Counts;
use serde_json::{Map, Value, json};

/// Returns a case with all that its file says; keys are those of the file.
pub fn json(case: &Case) -> Value {
    let mut value = json!({
        "case": case.id.value,
        "title": case.title,
        "domain": case.domain,
        "specialty": case.specialty,
        "year": case.year,
        "countries": case.countries,
        "place": case.place,
        "sites": case.sites,
        "patients": case.patients,
        "system": {
            "name": case.system.name,
            "developer": case.system.developer,
            "kind": case.system.kind,
            "architecture": case.system.architecture,
            "training_data": case.system.training_data,
        },
        "use": case.purpose,
        "evidence": case.evidence,
        "modes": case.modes.iter().map(|coding| json!({
            "mode": coding.mode.value,
            "factors": coding.factors.iter().map(|(factor, confirmed)| {
                (factor.value.clone(), Value::from(status(*confirmed)))
            }).collect::<Map<String, Value>>(),
        })).collect::<Vec<_>>(),
        "figures": case.figures.iter().map(figure).collect::<Vec<_>>(),
        "groups": case.groups.iter().map(|gap| json!({
            "metric": gap.metric,
            "attribute": gap.attribute,
            "values": gap.values.iter().map(|(name, value)| (name.clone(), Value::from(*value))).collect::<Map<_, _>>(),
        })).collect::<Vec<_>>(),
        "organisation": case.organisation,
        "consequence": case.consequence,
        "noticed": case.noticed,
        "noticed_after_months": case.noticed_after_months,
        "outcome": case.outcome,
        "remedies": case.remedies.iter().map(|remedy| json!({
            "what": remedy.what, "effect": remedy.effect, "reported": remedy.reported,
        })).collect::<Vec<_>>(),
        "sources": case.sources.iter().map(|source| json!({
            "cite": source.cite, "doi": source.doi, "url": source.url, "read": source.read,
        })).collect::<Vec<_>>(),
        "confidence": case.confidence,
    });
    without_nulls(&mut value);
    value
}

/// Returns what a list says of a case.
pub fn brief_json(case: &Case) -> Value {
    let modes: Vec<&str> = case.modes.iter().map(|coding| coding.mode.value.as_str()).collect();
    json!({"case": case.id.value, "title": case.title, "year": case.year, "domain": case.domain, "modes": modes})
}

/// Returns counts under their headings.
pub fn stats_json(counts: &Counts) -> Value {
    let tables = counts.tables.iter().map(|(heading, entries)| {
        let entries = entries.iter().map(|(entry, count)| (entry.clone(), json!(count)));
        ((*heading).to_owned(), Value::Object(entries.collect()))
    });
    json!({"cases": counts.cases, "by": Value::Object(tables.collect())})
}

/// Returns a table of counts, one in each line.
pub fn stats_csv(counts: &Counts) -> String {
    let mut table = csv_line(&["by", "entry", "cases"]);
    for (heading, entries) in &counts.tables {
        for (entry, count) in entries {
            table += &csv_line(&[heading, entry, &count.to_string()]);
        }
    }
    table
}

/// Returns how sure a source is of a factor, in the word of the file.
pub(super) fn status(confirmed: bool) -> &'static str {
    if confirmed { "confirmed" } else { "suspected" }
}

fn figure(figure: &Figure) -> Value {
    json!({
        "stage": figure.stage.word(),
        "metric": figure.metric,
        "value": figure.value,
        "to": figure.to,
        "low": figure.interval.map(|(low, _)| low),
        "high": figure.interval.map(|(_, high)| high),
        "sd": figure.sd,
        "unit": figure.unit,
        "where": figure.place,
        "source": figure.source,
    })
}

/// What is not known has no key, as in the file.
fn without_nulls(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|_, inner| !inner.is_null());
            map.values_mut().for_each(without_nulls);
        }
        Value::Array(list) => list.iter_mut().for_each(without_nulls),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Returns a table with a header and one line for each case; lists stand in one cell, with `;` between.
pub fn csv<'a>(cases: impl IntoIterator<Item = &'a Case>) -> String {
    let mut table = String::new();
    let mut line = |cells: &[&str]| table.push_str(&csv_line(cells));
    line(&["case", "title", "domain", "year", "countries", "evidence", "modes", "factors", "confidence", "sources"]);
    for case in cases {
        let modes: Vec<&str> = case.modes.iter().map(|coding| coding.mode.value.as_str()).collect();
        let addresses = case.sources.iter().filter_map(|source| source.doi.as_deref().or(source.url.as_deref()));
        line(&[
            &case.id.value,
            &case.title,
            case.domain,
            &case.year.to_string(),
            &case.countries.join(";"),
            case.evidence,
            &modes.join(";"),
            &case.factors().join(";"),
            case.confidence,
            &addresses.collect::<Vec<_>>().join(";"),
        ]);
    }
    table
}

/// Returns one line of a table.
pub(crate) fn csv_line(cells: &[&str]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
    cells.join(",") + "\n"
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}
