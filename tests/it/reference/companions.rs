//! The kit's values of ratings, surveys, workflow and explanations.

use super::{Ask, Described, Take, cells};
use crate::pilot::{csv, named, request, table};
use etiology::metrics::{MetricIndex, ParamValue};
use etiology::source::Spanned;
use etiology::table::{ColumnUse, CompanionSpec, PilotSpec, TableRole};
use serde_json::Value;

/// A file by its name.
type File = (String, Vec<u8>);

fn names(list: &Value) -> Vec<Spanned<String>> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).map(named).collect()
}

fn described(role: TableRole, file: File, columns: Vec<(ColumnUse, Vec<Spanned<String>>)>, args: &Value) -> Described {
    let table = table(&file.0).unwrap();
    let companions = vec![CompanionSpec { role, table, columns, worst: Vec::new() }];
    (PilotSpec { companions, threshold: args["threshold"].as_f64(), ..PilotSpec::default() }, vec![file])
}

/// Returns the pilot of an entry about a companion table. `read` gives a data set as CSV.
pub fn pilot(entry: &Value, read: impl Fn(&str) -> Option<File>) -> Option<Described> {
    let (args, dataset) = (&entry["args"], entry["dataset"].as_str()?);
    let one = |key: &str| args[key].as_str().map(|name| vec![named(name)]);
    match dataset {
        "ratings" | "ratings_missing" => {
            let columns = vec![(ColumnUse::Raters, names(&args["raters"]))];
            Some(described(TableRole::Ratings, read(dataset)?, columns, args))
        }
        "sus" => {
            let columns = vec![(ColumnUse::Answers, vec![named("q*")])];
            Some(described(TableRole::Survey, read(dataset)?, columns, args))
        }
        "workflow" => {
            let columns = vec![
                (ColumnUse::Time, one("T")?),
                (ColumnUse::Interruptions, one("N")?),
                (ColumnUse::SatisfactionLoss, one("S")?),
            ];
            Some(described(TableRole::Workflow, read(dataset)?, columns, args))
        }
        "attributions" => {
            let columns = vec![(ColumnUse::First, names(&args["first"])), (ColumnUse::Second, names(&args["second"]))];
            let (name, mut bytes) = read(dataset)?;
            if let Some(row) = args["row"].as_u64() {
                let text = String::from_utf8(bytes).unwrap();
                let kept = [text.lines().next()?, text.lines().nth(1 + usize::try_from(row).unwrap())?];
                bytes = kept.join("\n").into_bytes();
            }
            Some(described(TableRole::Explanations, (name, bytes), columns, args))
        }
        _ if args["surrogate"].is_string() => {
            let columns = vec![(ColumnUse::Model, one("model")?), (ColumnUse::Surrogate, one("surrogate")?)];
            Some(described(TableRole::Explanations, read(dataset)?, columns, args))
        }
        "regression" => {
            let mut columns = vec![(ColumnUse::Outcome, one("y")?), (ColumnUse::Estimate, one("y_hat")?)];
            columns.extend(one("lo").map(|low| (ColumnUse::Low, low)));
            columns.extend(one("hi").map(|high| (ColumnUse::High, high)));
            Some(described(TableRole::Estimates, read(dataset)?, columns, args))
        }
        "inline" => inline(args),
        _ => None,
    }
}

fn inline(args: &Value) -> Option<Described> {
    let table_of = |columns: &[Vec<String>], letter: &str| {
        let names: Vec<String> = (0..columns.len()).map(|place| format!("{letter}{place}")).collect();
        let columns: Vec<(&str, Vec<String>)> = names.iter().map(String::as_str).zip(columns.iter().cloned()).collect();
        ("d.csv".to_owned(), csv(&columns).into_bytes())
    };
    let ratings = |columns: &[Vec<String>]| {
        let uses = vec![(ColumnUse::Raters, vec![named("r*")])];
        Some(described(TableRole::Ratings, table_of(columns, "r"), uses, args))
    };
    if let (Some(first), Some(second)) = (cells(&args["r1"]), cells(&args["r2"])) {
        return ratings(&[first, second]);
    }
    if let Some(rows) = args["ratings"].as_array() {
        return ratings(&rows.iter().filter_map(cells).collect::<Vec<_>>());
    }
    if let Some(counts) = args["table"].as_array() {
        // Each row counts the ratings of an item by level; raters are taken in the order of levels.
        let items: Vec<Vec<String>> = counts
            .iter()
            .map(|levels| {
                let levels = levels.as_array().into_iter().flatten().zip(1..);
                levels.flat_map(|(n, level)| vec![level.to_string(); n.as_u64().unwrap_or(0) as usize]).collect()
            })
            .collect();
        let raters = items.first()?.len();
        return ratings(&(0..raters).map(|r| items.iter().map(|i| i[r].clone()).collect()).collect::<Vec<_>>());
    }
    let answers: Vec<Vec<String>> = cells(&args["answers"])?.into_iter().map(|answer| vec![answer]).collect();
    let uses = vec![(ColumnUse::Answers, vec![named("q*")])];
    Some(described(TableRole::Survey, table_of(&answers, "q"), uses, args))
}

/// Returns the requests that answer an entry, each with the expected value.
pub fn asks(metric: &str, args: &Value, expected: &Value) -> Vec<(Ask, Value)> {
    let one = |id: &str, params: &[(&str, ParamValue)], take: Take| {
        vec![((request(id, MetricIndex::Scalar, params), take), expected.clone())]
    };
    let word = |key: &str| ParamValue::from(args[key].as_str().unwrap_or(""));
    let weights = || {
        let number = |key: &str| ParamValue::from(args[key].as_f64().unwrap());
        [("alpha", number("alpha")), ("beta", number("beta")), ("gamma", number("gamma"))]
    };
    match metric {
        "interpretability_score" | "fleiss_kappa" | "percent_agreement" => one(metric, &[], Take::Value),
        "krippendorff_alpha" => one(metric, &[("level", word("level"))], Take::Value),
        "cohen_kappa" if args["raters"].is_array() => one(metric, &[("weights", word("weights"))], Take::Value),
        "cohen_kappa" if args["r1"].is_array() => one(metric, &[("weights", "none".into())], Take::Value),
        "icc" => {
            let form = match args["type"].as_str().unwrap_or("") {
                "ICC(1,1)" => "icc1",
                "ICC(A,1)" => "icc_a1",
                "ICC(C,1)" => "icc_c1",
                "ICC(1,k)" => "icc1_k",
                "ICC(A,k)" => "icc_ak",
                _ => "icc_ck",
            };
            let ask = || request("icc", MetricIndex::Scalar, &[("form", form.into())]);
            vec![((ask(), Take::Value), expected["icc"].clone()), ((ask(), Take::RoundedEnds), args["ci95"].clone())]
        }
        "r2" | "mae" | "rmse" => one(metric, &[], Take::Value),
        "interval_coverage_percent" => {
            let share = expected.as_f64().unwrap() / 100.0;
            vec![((request("interval_coverage", MetricIndex::Scalar, &[]), Take::Value), share.into())]
        }
        // One respondent's score is the mean of one.
        "sus_scores" if args["answers"].is_array() => one("sus", &[], Take::Value),
        "sus_mean" => one("sus", &[], Take::Value),
        "mean_ci95_t" => one("sus", &[], Take::Ends),
        "workflow_disruption" | "workflow_disruption_p90" => one(metric, &weights(), Take::Value),
        "explanation_fidelity_mae" => one("explanation_fidelity_error", &[], Take::Value),
        "explanation_fidelity_r2" => one(metric, &[], Take::Value),
        "explanation_fidelity_label" => one("explanation_fidelity_agreement", &[], Take::Value),
        "attribution_spearman_mean" | "attribution_spearman" => one("attribution_stability", &[], Take::Value),
        "attribution_kendall_mean" => one("attribution_stability", &[("rank", "kendall".into())], Take::Value),
        "attribution_top3_jaccard" => one("attribution_top_k", &[("k", 3.0.into())], Take::Value),
        _ => Vec::new(),
    }
}
