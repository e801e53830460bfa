//! Agreement for programs: JSON with everything, CSV with a line for each figure and each thing said in dispute.

use super::agreement::{Agreement, LevelAgreement};
use crate::corpus::table::csv_line;
use crate::metrics::{Statistic, Undefined};
use serde_json::{Map, Value, json};

/// Returns how far coders agree, with everything.
pub fn agreement_json(agreement: &Agreement) -> Value {
    json!({
        "schema": "etiology.agreement/1",
        "coders": agreement.coders.iter().map(|(name, cases)| json!({"coder": name, "cases": cases})).collect::<Vec<_>>(),
        "shared_cases": agreement.shared,
        "coded_by_one_alone": agreement.alone,
        "levels": agreement.levels.iter().map(level).collect::<Vec<_>>(),
    })
}

fn level(level: &LevelAgreement) -> Value {
    let said = |said: &[(String, Vec<String>)]| -> Map<String, Value> {
        said.iter().map(|(coder, codes)| (coder.clone(), json!(codes))).collect()
    };
    json!({
        "level": level.level.name,
        "decision": level.level.decision.word(),
        "cases": level.cases,
        "equal_share": figure_json(&level.equal),
        "cohens_kappa": level.kappas.iter().map(|kappa| {
            json!({"coders": [kappa.coders.0, kappa.coders.1], "kappa": figure_json(&kappa.kappa)})
        }).collect::<Vec<_>>(),
        "krippendorffs_alpha": figure_json(&level.alpha),
        "disagreements": level.disagreements.iter().map(|disagreement| {
            json!({"case": disagreement.case, "said": said(&disagreement.said)})
        }).collect::<Vec<_>>(),
    })
}

/// Returns a figure with its interval, or why there is none.
pub(crate) fn figure_json(found: &Result<Statistic, Undefined>) -> Value {
    match found {
        Ok(found) => {
            let ends = found.interval.as_ref();
            json!({
                "value": found.value,
                "low": ends.map(|ends| ends.low),
                "high": ends.map(|ends| ends.high),
                "method": ends.map(|ends| ends.method),
                "n": found.n,
            })
        }
        Err(undefined) => json!({"value": null, "reason": undefined.reason}),
    }
}

/// Returns a table with a line for each figure of each level, and one for what each coder said of a case in dispute.
pub fn agreement_csv(agreement: &Agreement) -> String {
    let mut table = csv_line(&["level", "what", "coders", "case", "n", "value", "low", "high", "note"]);
    let mut figure = |level: &str, what: &str, coders: &str, found: &Result<Statistic, Undefined>| {
        let end = |end: Option<f64>| end.map(|end| end.to_string()).unwrap_or_default();
        table += &match found {
            Ok(found) => {
                let (low, high) = found.interval.as_ref().map(|ends| (ends.low, ends.high)).unzip();
                let (n, value) = (found.n.to_string(), found.value.to_string());
                csv_line(&[level, what, coders, "", &n, &value, &end(low), &end(high), ""])
            }
            Err(undefined) => csv_line(&[level, what, coders, "", "", "", "", "", &undefined.reason]),
        };
    };
    for level in &agreement.levels {
        figure(level.level.name, "equal_share", "", &level.equal);
        for kappa in &level.kappas {
            let coders = format!("{};{}", kappa.coders.0, kappa.coders.1);
            figure(level.level.name, "cohens_kappa", &coders, &kappa.kappa);
        }
        figure(level.level.name, "krippendorffs_alpha", "", &level.alpha);
    }
    for level in &agreement.levels {
        for disagreement in &level.disagreements {
            for (coder, codes) in &disagreement.said {
                let name = level.level.name;
                table +=
                    &csv_line(&[name, "disagreement", coder, &disagreement.case, "", "", "", "", &codes.join(";")]);
            }
        }
    }
    table
}
