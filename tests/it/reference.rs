//! Every value of the reference kit whose metric is offered, at the kit's own tolerance.
//!
//! The kit lies beside the repository; where it is absent the test says so and passes.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test stops at the first surprise")]

mod clusters;
mod companions;
mod comparison;
mod drift;
mod multiclass;
mod of_rows;
mod shift;

use crate::pilot::{csv, data, named, request, table};
use etiology::diagnostic::Diagnostics;
use etiology::metrics::{Evaluation, Measurement, MetricIndex, MetricRequest, OneClass, Options, ParamValue, evaluate};
use etiology::table::{PilotSpec, TableData};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Values of the kit that must be covered, so that a broken mapping cannot pass as "not offered".
const AT_LEAST: usize = 732;

#[test]
fn every_offered_value_of_the_reference_kit_agrees() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/reference");
    #[expect(clippy::disallowed_methods, reason = "a test reads the kit from disk")]
    let Ok(text) = std::fs::read_to_string(folder.join("reference.json")) else {
        println!("skipped: no reference kit at {}", folder.display());
        return;
    };
    let kit: Value = serde_json::from_str(&text).unwrap();
    let mut run = Run { folder, covered: 0, left: Vec::new(), wrong: Vec::new() };
    for entry in kit["values"].as_array().unwrap() {
        let mut entry = entry.clone();
        if entry["metric"] == "unseen_categories" {
            // The kit counts rows and the program gives their share.
            let deployment = entry["args"]["deploy"].as_str().and_then(|column| column.split('.').next()).unwrap();
            entry["value"]["rows"] = kit["datasets"][deployment]["rows"].clone();
        }
        run.entry(&entry);
    }
    run.left.sort();
    run.left.dedup();
    println!("reference: {} values agree or refuse as they should", run.covered - run.wrong.len());
    println!("reference: not offered: {}", run.left.join(", "));
    assert!(run.wrong.is_empty(), "{}", run.wrong.join("\n"));
    assert!(run.covered >= AT_LEAST, "only {} values were covered", run.covered);
}

struct Run {
    folder: PathBuf,
    covered: usize,
    left: Vec<String>,
    wrong: Vec<String>,
}

/// A pilot and its files, by name.
type Described = (PilotSpec, Vec<(String, Vec<u8>)>);

/// What an entry asks for: a request, and how to take its value from the measurement.
type Ask = (MetricRequest, Take);

#[derive(Clone, Copy)]
enum Take {
    Value,
    Ends,
    /// Ends that the kit gives to two decimals.
    RoundedEnds,
    Se,
    Element,
    Noted,
    /// The value, and numbers that a note must tell.
    NotedNumbers,
    /// The value times its rows.
    Rows,
}

impl Run {
    fn entry(&mut self, entry: &Value) {
        let id = entry["id"].as_str().unwrap();
        let kind = entry["kind"].as_str().unwrap();
        let metric = entry["metric"].as_str().unwrap();
        let offered_variant = matches!(metric, "auroc_delong_logit_ci95" | "brier_decomposition_corp");
        if !matches!(kind, "exact" | "refusal" | "stochastic") && !offered_variant {
            return;
        }
        let args = &entry["args"];
        let of_clusters = || clusters::outcome(metric, entry, |dataset| self.read(dataset, "csv"));
        if let Some(outcome) = comparison::adjustment(metric, entry).or_else(of_clusters) {
            self.covered += 1;
            self.wrong.extend(outcome.err().map(|why| format!("{id}: {why}")));
            return;
        }
        // An entry about one group asks for the same metric over subgroups.
        let of_group = args["group"].is_string() && !args["level"].is_null();
        let metric = if !of_group { metric.to_owned() } else { format!("{metric}_of_group") };
        let metric = metric.as_str();
        let Some((pilot, tables)) = self.pilot(entry) else {
            self.left.push(metric.to_owned());
            return;
        };
        let asks = match entry["dataset"] == "multiclass" {
            true => multiclass::asks(metric, args).map(|ask| (ask, entry["value"].clone())).into_iter().collect(),
            false => asks(metric, args, &entry["value"]),
        };
        if asks.is_empty() {
            self.left.push(metric.to_owned());
            return;
        }
        let options = Options { one_class: OneClass::Allow, floors: false, ..Options::default() };
        for (ask, expected) in asks {
            self.covered += 1;
            let found = evaluate(&pilot, self.copies(&tables), std::slice::from_ref(&ask.0), &options);
            let outcome = if kind == "refusal" {
                refused(&found, entry["reason"].as_str().unwrap_or(""))
            } else {
                agrees(&found, ask.1, &expected, entry)
            };
            if let Err(why) = outcome {
                self.wrong.push(format!("{id} ({}): {why}", ask.0.definition));
            }
        }
    }

    fn copies(&self, tables: &[(String, Vec<u8>)]) -> Vec<TableData> {
        tables.iter().map(|(file, bytes)| data(file, bytes.clone())).collect()
    }

    #[expect(clippy::disallowed_methods, reason = "a test reads the kit from disk")]
    fn read(&self, dataset: &str, ending: &str) -> Option<(String, Vec<u8>)> {
        let file = format!("{dataset}.{ending}");
        let bytes = std::fs::read(self.folder.join("data").join(&file)).ok()?;
        Some((file, bytes))
    }

    /// Returns the pilot that an entry describes and its files.
    fn pilot(&self, entry: &Value) -> Option<Described> {
        let args = &entry["args"];
        let dataset = entry["dataset"].as_str()?;
        if let Some(described) = companions::pilot(entry, |dataset| self.read(dataset, "csv")) {
            return Some(described);
        }
        let text = |key: &str| args[key].as_str();
        let mut pilot = PilotSpec { min_cell: 0, threshold: args["threshold"].as_f64(), ..PilotSpec::default() };
        if let Some(described) = shift::pilot(self, entry).or_else(|| drift::pilot(self, entry)) {
            return Some(described);
        }
        match dataset {
            "tiny" | "medium" | "imbalanced" => {
                // Half of the entries are read from Parquet, where there is one.
                let odd = entry["id"].as_str()?.len() % 2 == 1;
                let file = self.read(dataset, "parquet").filter(|_| odd).or_else(|| self.read(dataset, "csv"))?;
                pilot.deployment = table(&file.0);
                let score = text("y_score").or(text("first")).or((!args["members"].is_array()).then_some("y_score"));
                pilot.columns.label = Some(named(text("y_true").or(text("given_label")).unwrap_or("y_true")));
                pilot.columns.score = score.map(named);
                pilot.columns.compared = text("y_score_b").or(text("second")).map(named);
                pilot.columns.groups =
                    text("group").map(|group| (group.to_owned(), named(group))).into_iter().collect();
                let members = args["members"].as_array().into_iter().flatten();
                pilot.columns.members = members.map(|member| named(member.as_str().unwrap())).collect();
                Some((pilot, vec![file]))
            }
            "shift_train|shift_deploy" => {
                let train = self.read("shift_train", "parquet")?;
                let deploy = self.read("shift_deploy", "csv")?;
                (pilot.development, pilot.deployment) = (table(&train.0), table(&deploy.0));
                let columns: Vec<&str> = match args["columns"].as_array() {
                    Some(list) => list.iter().filter_map(Value::as_str).collect(),
                    None => vec![text("train")?.strip_prefix("shift_train.").filter(|name| !name.contains(' '))?],
                };
                let (categorical, numeric): (Vec<&str>, Vec<&str>) =
                    columns.into_iter().partition(|column| matches!(*column, "sex" | "unit"));
                pilot.columns.numeric = numeric.into_iter().map(named).collect();
                pilot.columns.categorical = categorical.into_iter().map(named).collect();
                Some((pilot, vec![train, deploy]))
            }
            "multiclass" => self.multiclass(entry, pilot),
            "inline" => inline(args, pilot),
            _ => None,
        }
    }
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn cells(list: &Value) -> Option<Vec<String>> {
    Some(list.as_array()?.iter().map(cell).collect())
}

fn inline(args: &Value, mut pilot: PilotSpec) -> Option<Described> {
    let file = |name: &str, columns: &[(&str, Vec<String>)]| (name.to_owned(), csv(columns).into_bytes());
    if let (Some(labels), Some(scores)) = (cells(&args["y_true"]), cells(&args["y_score"])) {
        pilot.deployment = table("d.csv");
        pilot.columns.label = Some(named("y"));
        pilot.columns.score = Some(named("s"));
        let mut columns = vec![("y", labels), ("s", scores)];
        if let Some(groups) = cells(&args["group"]) {
            pilot.columns.groups = vec![("group".to_owned(), named("group"))];
            columns.push(("group", groups));
        }
        return Some((pilot, vec![file("d.csv", &columns)]));
    }
    if let (Some(decisions), Some(groups)) = (cells(&args["y_pred"]), cells(&args["group"])) {
        pilot.deployment = table("d.csv");
        pilot.threshold = Some(0.5);
        pilot.columns.score = Some(named("s"));
        pilot.columns.groups = vec![("group".to_owned(), named("group"))];
        return Some((pilot, vec![file("d.csv", &[("s", decisions), ("group", groups)])]));
    }
    if let (Some(train), Some(deploy)) = (cells(&args["train"]), cells(&args["deploy"])) {
        (pilot.development, pilot.deployment) = (table("t.csv"), table("d.csv"));
        let text = args["train"][0].is_string();
        let columns = if text { &mut pilot.columns.categorical } else { &mut pilot.columns.numeric };
        columns.push(named("x"));
        return Some((pilot, vec![file("t.csv", &[("x", train)]), file("d.csv", &[("x", deploy)])]));
    }
    if let (Some(p), Some(q)) = (args["p"].as_array(), args["q"].as_array()) {
        // Shares as categories of a thousand rows.
        let rows = |shares: &[Value]| -> Vec<String> {
            let count = |share: &Value| (share.as_f64().unwrap() * 1000.0).round() as usize;
            shares.iter().enumerate().flat_map(|(k, share)| vec![format!("c{k}"); count(share)]).collect()
        };
        (pilot.development, pilot.deployment) = (table("t.csv"), table("d.csv"));
        pilot.columns.categorical.push(named("x"));
        return Some((pilot, vec![file("t.csv", &[("x", rows(p))]), file("d.csv", &[("x", rows(q))])]));
    }
    if let Some(members) = args["members"].as_array() {
        pilot.deployment = table("d.csv");
        pilot.columns.members = vec![named("m")];
        let rows = members.iter().map(|row| cell(&row[0])).collect();
        return Some((pilot, vec![file("d.csv", &[("m", rows)])]));
    }
    None
}

/// Returns the requests that answer an entry, each with the expected value.
fn asks(metric: &str, args: &Value, expected: &Value) -> Vec<(Ask, Value)> {
    use MetricIndex::{Attribute, Feature, Scalar, Subgroup};
    let one = |id: &str, index: MetricIndex, params: &[(&str, ParamValue)], take: Take| {
        vec![((request(id, index, params), take), expected.clone())]
    };
    let of = || {
        ParamValue::from(match args["of"].as_str().unwrap_or("") {
            "selection_rate" => "alert_rate",
            "tpr" => "sensitivity",
            other => other,
        })
    };
    let bins = || ParamValue::from(args["bins"].as_f64().unwrap_or(10.0));
    match metric {
        "auroc"
        | "auprc"
        | "prevalence"
        | "sensitivity"
        | "specificity"
        | "ppv"
        | "npv"
        | "accuracy"
        | "balanced_accuracy"
        | "f1"
        | "mcc"
        | "brier"
        | "brier_scaled"
        | "log_loss"
        | "calibration_slope"
        | "calibration_in_the_large"
        | "events" => one(metric, Scalar, &[], Take::Value),
        "auprc_baseline" => one("prevalence", Scalar, &[], Take::Value),
        "auroc_delong_ci95" => one("auroc", Scalar, &[], Take::Ends),
        "auroc_delong_se" => one("auroc", Scalar, &[], Take::Se),
        "calibration_slope_ci95" => one("calibration_slope", Scalar, &[], Take::Ends),
        "calibration_slope_se" => one("calibration_slope", Scalar, &[], Take::Se),
        "calibration_in_the_large_ci95" => one("calibration_in_the_large", Scalar, &[], Take::Ends),
        "sensitivity_ci95_wilson" => one("sensitivity", Scalar, &[], Take::Ends),
        "specificity_ci95_wilson" => one("specificity", Scalar, &[], Take::Ends),
        "ppv_ci95_wilson" => one("ppv", Scalar, &[], Take::Ends),
        "npv_ci95_wilson" => one("npv", Scalar, &[], Take::Ends),
        "observed_expected_ratio" => one("observed_expected", Scalar, &[], Take::Value),
        "ece_equal_width" => one("ece", Scalar, &[("bins", bins())], Take::Value),
        "ece_equal_mass" => one("ece", Scalar, &[("bins", bins()), ("binning", "equal_mass".into())], Take::Value),
        "by_group" => by_group(args, expected),
        "tpr_of_group" => one("sensitivity", Subgroup, &[], Take::Element),
        "auroc_of_group" => one("auroc", Subgroup, &[], Take::Element),
        "ppv_of_group" => one("ppv", Subgroup, &[], Take::Element),
        "equal_opportunity_difference" => {
            one("performance_gap", Attribute, &[("of", "sensitivity".into())], Take::Element)
        }
        // The kit's difference has a sign, ours is a distance.
        "difference_of_proportions_ci95_newcombe" => {
            let (low, high) = (expected[0].as_f64().unwrap(), expected[1].as_f64().unwrap());
            let ends = match (low > 0.0, high < 0.0) {
                (true, _) => [low, high],
                (_, true) => [-high, -low],
                _ => [0.0, high.max(-low)],
            };
            let wanted = request("performance_gap", Attribute, &[("of", "sensitivity".into())]);
            vec![((wanted, Take::Ends), ends.to_vec().into())]
        }
        "fpr_difference" => one("performance_gap", Attribute, &[("of", "fpr".into())], Take::Element),
        "demographic_parity_difference" => {
            one("performance_gap", Attribute, &[("of", "alert_rate".into())], Take::Element)
        }
        "equalized_odds_max" => one("equalized_odds", Attribute, &[("form", "max".into())], Take::Element),
        "equalized_odds_sum" | "equalized_odds_difference" => one("equalized_odds", Attribute, &[], Take::Element),
        "disparity_ratio" => one("disparity_ratio", Attribute, &[], Take::Element),
        "performance_gap" if args["of"].is_null() => {
            one("performance_gap", Attribute, &[("of", "alert_rate".into())], Take::Element)
        }
        "performance_gap" => one("performance_gap", Attribute, &[("of", of())], Take::Element),
        "performance_ratio" => one("disparity_ratio", Attribute, &[("of", of())], Take::Element),
        "worst_group" => one("worst_group", Attribute, &[("of", of())], Take::Noted),
        "wasserstein1" => one("wasserstein", Feature, &[], Take::Element),
        "dsi_feature" => one("dsi", Feature, &[], Take::Element),
        "standardized_mean_difference" => one("standardised_mean_difference", Feature, &[], Take::Element),
        "ks_statistic" => one("ks", Feature, &[], Take::Element),
        "ks_pvalue_asymptotic" => one("ks_p", Feature, &[], Take::Element),
        "psi" if args["p"].is_null() => one("psi", Feature, &[], Take::Element),
        "kl_train_deploy" => one("kl", Feature, &[], Take::Element),
        "kl_deploy_train" => one("kl", Feature, &[("direction", "deploy_to_train".into())], Take::Element),
        "js_distance_base2" => one("js", Feature, &[], Take::Element),
        "total_variation" => one("total_variation", Feature, &[], Take::Element),
        "chi2" => p_value("chi_square_p", expected),
        "welch_t" => p_value("welch_t_p", expected),
        "mann_whitney" if args["train"].is_string() => p_value("mann_whitney_p", expected),
        "unseen_categories" => {
            let share = expected["unseen_rows"].as_f64().unwrap() / expected["rows"].as_f64().unwrap();
            vec![((request("unseen_category_share", Feature, &[]), Take::Element), share.into())]
        }
        "dsi" => one("dsi", Scalar, &[], Take::Value),
        "dsi_max" => one("dsi_max", Scalar, &[], Take::Noted),
        "underspecification_variance" => one("underspecification_variance", Scalar, &[], Take::Value),
        "ensemble_disagreement" => one("member_disagreement", Scalar, &[], Take::Value),
        "any_flip_share" => one("member_any_flip", Scalar, &[], Take::Value),
        "member_auroc" => {
            let ask = |id: &str| (request(id, Scalar, &[]), Take::Value);
            let values: Vec<f64> = expected["values"].as_array().unwrap().iter().filter_map(Value::as_f64).collect();
            vec![
                (ask("member_auroc_range"), expected["range"].clone()),
                (ask("member_auroc_sd"), expected["sd"].clone()),
                (ask("member_auroc_mean"), (values.iter().sum::<f64>() / values.len() as f64).into()),
            ]
        }
        "ensemble_mean_auroc" => one("ensemble_auroc", Scalar, &[], Take::Value),
        "per_example_sd_mean" => one("member_sd_mean", Scalar, &[], Take::Value),
        "per_example_range_p95" => one("member_range_p95", Scalar, &[], Take::Value),
        "auroc_paired_delong" | "mcnemar_exact" | "paired_t" | "wilcoxon_signed_rank" => {
            comparison::asks(metric, expected)
        }
        _ => {
            let families = [of_rows::asks, shift::asks, drift::asks, companions::asks];
            families.iter().flat_map(|family| family(metric, args, expected)).collect()
        }
    }
}

/// Returns the request of a p-value per feature.
fn p_value(id: &str, expected: &Value) -> Vec<(Ask, Value)> {
    vec![((request(id, MetricIndex::Feature, &[]), Take::Element), expected["p"].clone())]
}

/// Returns one request for each number of each group.
fn by_group(args: &Value, expected: &Value) -> Vec<(Ask, Value)> {
    let attribute = args["group"].as_str().unwrap();
    let names = [
        ("n", "rows"),
        ("positives", "events"),
        ("selection_rate", "alert_rate"),
        ("accuracy", "accuracy"),
        ("brier", "brier"),
        ("prevalence", "prevalence"),
        ("tpr", "sensitivity"),
        ("fpr", "fpr"),
        ("ppv", "ppv"),
        ("auroc", "auroc"),
    ];
    let mut all = Vec::new();
    for (theirs, ours) in names {
        let groups = expected.as_object().unwrap();
        let values: serde_json::Map<String, Value> =
            groups.iter().map(|(group, values)| (format!("{attribute}={group}"), values[theirs].clone())).collect();
        all.push(((request(ours, MetricIndex::Subgroup, &[]), Take::Element), Value::Object(values)));
    }
    all
}

fn refused(found: &Result<Evaluation, Diagnostics>, reason: &str) -> Result<(), String> {
    let Ok(evaluation) = found else { return Ok(()) };
    let undefined = |m: &Measurement| m.value.is_err() || (m.metric == "auroc" && m.interval.is_none());
    let named = |m: &Measurement| !m.notes.is_empty();
    if evaluation.measurements.iter().any(|m| undefined(m) || named(m)) {
        return Ok(());
    }
    Err(format!("has a value, but {reason}: {:?}", evaluation.measurements))
}

fn agrees(found: &Result<Evaluation, Diagnostics>, take: Take, expected: &Value, entry: &Value) -> Result<(), String> {
    let evaluation = found.as_ref().map_err(|errors| format!("{errors:?}"))?;
    let near = |got: f64, value: &Value| {
        let value = value.as_f64().ok_or_else(|| format!("{value} is no number"))?;
        let limit = entry["atol"].as_f64().unwrap_or(0.0) + entry["rtol"].as_f64().unwrap_or(0.0) * value.abs();
        if (got - value).abs() <= limit { Ok(()) } else { Err(format!("{got} instead of {value}")) }
    };
    let first = evaluation.measurements.first().ok_or("nothing was measured")?;
    let value_of = |m: &Measurement| m.value.clone().map_err(|reason| reason.to_string());
    match take {
        Take::Value => near(value_of(first)?, expected),
        Take::Ends => {
            let ends = first.interval.as_ref().ok_or("no interval")?;
            near(ends.low, &expected[0]).and_then(|()| near(ends.high, &expected[1]))
        }
        Take::RoundedEnds => {
            let ends = first.interval.as_ref().ok_or("no interval")?;
            let wrong = |end: f64, value: &Value| (end - value.as_f64().unwrap_or(f64::NAN)).abs() > 0.005_000_1;
            let off = wrong(ends.low, &expected[0]) || wrong(ends.high, &expected[1]);
            if off { Err(format!("{ends:?} instead of {expected}")) } else { Ok(()) }
        }
        Take::Se => {
            let ends = first.interval.as_ref().ok_or("no interval")?;
            // The ends are clipped, so the nearer one is used.
            let value = value_of(first)?;
            near((value - ends.low).max(ends.high - value) / 1.959_963_984_540_054, expected)
        }
        Take::Element if expected.is_object() => {
            for (element, value) in expected.as_object().into_iter().flatten() {
                let found = evaluation.measurements.iter().find(|m| m.element.as_ref() == Some(element));
                let found = found.ok_or_else(|| format!("no `{element}`"))?;
                match (&found.value, value) {
                    (Err(_), Value::Null) => {}
                    (Ok(got), value) if !value.is_null() => {
                        near(*got, value).map_err(|why| format!("{element}: {why}"))?
                    }
                    (got, _) => return Err(format!("{element}: {got:?} instead of {value}")),
                }
            }
            Ok(())
        }
        Take::Element => near(value_of(first)?, expected),
        Take::Rows => near(value_of(first)? * first.n as f64, expected),
        Take::NotedNumbers => {
            near(value_of(first)?, &expected["value"])?;
            let told = |number: &Value| {
                let number = number.to_string();
                first.notes.iter().any(|note| note.split([' ', ',']).any(|word| word == number))
            };
            let untold = expected["numbers"].as_array().into_iter().flatten().find(|number| !told(number));
            untold.map_or(Ok(()), |number| Err(format!("{number} is not told in {:?}", first.notes)))
        }
        Take::Noted => {
            near(value_of(first)?, &expected["value"])?;
            let name = expected["group"].as_str().or(expected["column"].as_str()).unwrap_or("");
            let named = first.notes.iter().any(|note| note.contains(&format!("`{name}`")));
            if named { Ok(()) } else { Err(format!("`{name}` is not named in {:?}", first.notes)) }
        }
    }
}
