//! A fit for programs: JSON with everything, CSV with a line for each figure.

use super::estimate::{LEAST_NAMED, LEAST_WITH_CAUSE, PRIOR_CASES};
use super::{Fit, FittedFigure, Method, Silence};
use crate::corpus::table::csv_line;
use crate::explanation::counted_json;
use crate::model::{Counted, KnowledgeBase, Tally};
use serde_json::{Value, json};

/// Returns what cases say of every figure, with everything.
pub fn fit_json(fit: &Fit, knowledge: &KnowledgeBase) -> Value {
    json!({
        "schema": "etiology.fit/1",
        "pack": {"id": knowledge.pack.id, "version": knowledge.pack.version.to_string(), "digest": knowledge.pack.digest},
        "cases": fit.cases,
        "differing": fit.differing().count(),
        "settings": {
            "smoothing": "Jeffreys", "level": 0.95, "least_named": LEAST_NAMED, "least_with_cause": LEAST_WITH_CAUSE,
            "prior_cases": PRIOR_CASES, "sum_of_judged_base_rates": fit.level,
        },
        "figures": fit.figures.iter().map(|figure| json_of(figure, knowledge)).collect::<Vec<_>>(),
    })
}

fn json_of(figure: &FittedFigure, knowledge: &KnowledgeBase) -> Value {
    let (from, to) = figure.of.names(knowledge);
    let mut value = json!({
        "figure": kind(figure),
        "node": from,
        "effect": to,
        "pack": figure.in_pack,
        "pack_counted": figure.in_pack_counted.as_ref().map(counted_json),
        "judged": figure.judged,
        "agrees": figure.agrees(),
    });
    let (key, found) = match &figure.estimate {
        Ok(estimate) => {
            let mut found = counted_json(&estimate.counted);
            found["method"] = json!(word(estimate.method));
            found["value"] = json!(estimate.value);
            ("cases", found)
        }
        Err(silence) => ("not_estimated", not_estimated(silence)),
    };
    value[key] = found;
    value
}

fn kind(figure: &FittedFigure) -> &'static str {
    match figure.of {
        super::FigureOf::Strength { .. } => "strength",
        super::FigureOf::BaseRate(_) => "base_rate",
    }
}

fn word(method: Method) -> &'static str {
    Method::ALL.iter().find(|(other, _)| *other == method).map_or("", |(_, word)| word)
}

fn tally(tally: Tally) -> Value {
    json!({"hits": tally.hits, "of": tally.of})
}

fn not_estimated(silence: &Silence) -> Value {
    match silence {
        Silence::NotBorneOut { with, without, value, interval } => json!({
            "reason": silence.word(), "with": tally(*with), "without": tally(*without),
            "value": value, "low": interval.0, "high": interval.1,
        }),
        Silence::FewNamed(named) => json!({"reason": silence.word(), "named": named}),
        Silence::FewToCompare { with, without } => {
            json!({"reason": silence.word(), "with": with, "without": without})
        }
        Silence::Published | Silence::NotCoded | Silence::NothingJudged => json!({"reason": silence.word()}),
    }
}

/// Returns a table with a line for each figure.
pub fn fit_csv(fit: &Fit, knowledge: &KnowledgeBase) -> String {
    let mut table = csv_line(&[
        "figure",
        "node",
        "effect",
        "pack",
        "judged",
        "agrees",
        "method",
        "value",
        "low",
        "high",
        "hits",
        "of",
        "hits_without",
        "of_without",
        "not_estimated",
    ]);
    for figure in &fit.figures {
        let (from, to) = figure.of.names(knowledge);
        let mut cells: Vec<String> = vec![kind(figure).to_owned(), from.to_owned(), to.unwrap_or("").to_owned()];
        cells.extend([figure.in_pack.to_string(), figure.judged.to_string(), figure.agrees().to_string()]);
        match &figure.estimate {
            Ok(estimate) => {
                let Counted { share, against, interval, .. } = estimate.counted;
                cells.extend([word(estimate.method).to_owned(), estimate.value.to_string()]);
                cells.extend([interval.0.to_string(), interval.1.to_string()]);
                cells.extend([share.hits.to_string(), share.of.to_string()]);
                let others = against.map(|others| [others.hits.to_string(), others.of.to_string()]);
                cells.extend(others.unwrap_or_default());
                cells.push(String::new());
            }
            Err(silence) => {
                cells.extend(std::iter::repeat_n(String::new(), 8));
                cells.push(silence.word().to_owned());
            }
        }
        table += &csv_line(&cells.iter().map(String::as_str).collect::<Vec<_>>());
    }
    table
}
