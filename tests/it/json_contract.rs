//! `etiology.assessment/1`: its schema holds for every example, and its figures recompute from the
//! document alone.

use crate::bad_input::deployment;
use crate::program::run;
use crate::relations;
use serde_json::Value as Json;

const SCHEMA: &str = include_str!("../../docs/assessment.schema.json");

/// A validator for what our schema uses: small enough to be read, and strict where it is ignorant.
pub struct Schema {
    root: Json,
}

impl Schema {
    /// Returns the schema written in this text.
    pub fn parse(text: &str) -> Self {
        Self { root: serde_json::from_str(text).unwrap() }
    }

    /// Says where `value` departs from `schema`; nothing where it does not.
    fn faults(&self, schema: &Json, value: &Json, place: &str, faults: &mut Vec<String>) {
        let keywords = schema.as_object().unwrap();
        for (keyword, rule) in keywords {
            let holds = match keyword.as_str() {
                "$schema" | "$id" | "$defs" | "title" | "description" => true,
                "$ref" => {
                    let name = rule.as_str().unwrap().strip_prefix("#/$defs/").unwrap();
                    self.faults(&self.root["$defs"][name], value, place, faults);
                    true
                }
                "type" => match rule {
                    Json::Array(types) => types.iter().any(|name| is_of_type(value, name)),
                    name => is_of_type(value, name),
                },
                "const" => value == rule,
                "enum" => rule.as_array().unwrap().contains(value),
                "minimum" => value.as_f64().is_none_or(|number| number >= rule.as_f64().unwrap()),
                "maximum" => value.as_f64().is_none_or(|number| number <= rule.as_f64().unwrap()),
                "minLength" => value.as_str().is_none_or(|text| text.len() as u64 >= rule.as_u64().unwrap()),
                "anyOf" => rule.as_array().unwrap().iter().any(|branch| self.holds(branch, value)),
                "items" => {
                    for (position, item) in value.as_array().into_iter().flatten().enumerate() {
                        self.faults(rule, item, &format!("{place}[{position}]"), faults);
                    }
                    true
                }
                "required" => {
                    let missing = rule.as_array().unwrap().iter().map(|key| key.as_str().unwrap());
                    let missing: Vec<&str> = missing.filter(|key| value.get(key).is_none()).collect();
                    faults.extend(missing.iter().map(|key| format!("{place} lacks `{key}`")));
                    true
                }
                "properties" => {
                    for (key, schema) in rule.as_object().unwrap() {
                        if let Some(value) = value.get(key) {
                            self.faults(schema, value, &format!("{place}.{key}"), faults);
                        }
                    }
                    true
                }
                "additionalProperties" => {
                    assert_eq!(rule, &Json::Bool(false));
                    let known = keywords["properties"].as_object().unwrap();
                    let unknown = value.as_object().into_iter().flat_map(|map| map.keys());
                    let unknown: Vec<&String> = unknown.filter(|key| !known.contains_key(*key)).collect();
                    faults.extend(unknown.iter().map(|key| format!("{place} has a `{key}`")));
                    true
                }
                other => panic!("the validator does not know `{other}`"),
            };
            if !holds {
                faults.push(format!("{place} is {value:.60} against {keyword}"));
            }
        }
    }

    fn holds(&self, schema: &Json, value: &Json) -> bool {
        let mut faults = Vec::new();
        self.faults(schema, value, "", &mut faults);
        faults.is_empty()
    }

    /// Says where a document departs from the schema; nothing where it does not.
    pub fn faults_of(&self, value: &Json) -> Vec<String> {
        let mut faults = Vec::new();
        self.faults(&self.root, value, "$", &mut faults);
        faults
    }
}

fn is_of_type(value: &Json, name: &Json) -> bool {
    match name.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.is_u64() || value.is_i64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("no type `{other}`"),
    }
}

fn schema() -> Schema {
    Schema::parse(SCHEMA)
}

/// The assessment of every example, by local and by exact propagation, and of a small deployment with answers.
fn assessments() -> Vec<(String, Json)> {
    let mut found = Vec::new();
    let folders = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/examples")).unwrap();
    for folder in folders.map(|entry| entry.unwrap().path()).filter(|path| path.join("deployment.yaml").exists()) {
        let name = folder.to_str().unwrap().to_owned();
        for options in [&["assess", "--format", "json"][..], &["assess", "--format", "json", "--exact"][..]] {
            let assessed = run(&[options, &[&name]].concat());
            found.push((format!("{name} {options:?}"), serde_json::from_str(&assessed.stdout).unwrap()));
        }
    }
    let changed = ["assess", "--format", "json", "examples/breast-cytology-drift", "--pack", "examples/packs/st_anna"];
    found.push(("st_anna".to_owned(), serde_json::from_str(&run(&changed).stdout).unwrap()));
    let small = deployment(&[("answers.yaml", b"monitoring.in_place: {value: no, by: me}\n")]);
    let assessed = small.run(&["assess", "--format", "json", "."]);
    found.push(("small".to_owned(), serde_json::from_str(&assessed.stdout).unwrap()));
    for manifest in [relations::MANIFEST, relations::UNLISTED] {
        let assessed = relations::folder(manifest).run(&["assess", "--format", "json", "."]);
        found.push((manifest.to_owned(), serde_json::from_str(&assessed.stdout).unwrap()));
    }
    assert!(found.len() > 3);
    found
}

fn number(value: &Json) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

fn entries(value: &Json) -> impl Iterator<Item = &Json> {
    value.as_array().unwrap().iter()
}

#[test]
fn every_example_is_as_the_schema_says_and_its_figures_add_up() {
    let schema = schema();
    for (name, whole) in assessments() {
        assert_eq!(schema.faults_of(&whole), Vec::<String>::new(), "{name}");
        bounds_are_in_order(&whole, &name);
        let risks: Vec<&Json> = entries(&whole["risks"]).collect();
        let estimates: Vec<f64> = risks.iter().map(|risk| number(&risk["risk"]["estimate"])).collect();
        assert!(estimates.is_sorted_by(|first, second| first >= second), "{name}: {estimates:?}");
        assert!((estimates.iter().sum::<f64>() - number(&whole["total_risk"]["estimate"])).abs() < 1e-9, "{name}");
        for risk in risks {
            likelihood_recomputes(risk);
            for figure in ["estimate", "low", "high"] {
                let of = |part: &str| number(&risk[part][figure]);
                let product = of("likelihood") * of("severity") * of("detectability");
                assert!((product - of("risk")).abs() < 1e-9, "{name}: {risk}");
            }
        }
        for advice in entries(&whole["recommendations"]) {
            let chain = advice["chain"].as_array().unwrap();
            assert!(chain.is_empty() || chain.last() == Some(&advice["mitigation"]), "{advice}");
            assert_eq!(advice["contraindicated"] == true, advice["contraindicated_because"] != Json::Array(vec![]));
        }
        let swings: Vec<f64> = entries(&whole["open_inputs"]).map(|open| number(&open["swing"])).collect();
        assert!(swings.is_sorted_by(|first, second| first >= second), "{name}: {swings:?}");
        for fact in entries(&whole["facts"]) {
            assert!(fact["value"].is_null() != fact["unknown_because"].is_null(), "known and unknown: {fact}");
        }
    }
}

fn bounds_are_in_order(value: &Json, name: &str) {
    if let (Some(low), Some(estimate), Some(high)) = (value.get("low"), value.get("estimate"), value.get("high")) {
        let ordered = number(low) <= number(estimate) && number(estimate) <= number(high);
        assert!(ordered, "{name}: {value}");
    }
    match value {
        Json::Array(items) => items.iter().for_each(|item| bounds_are_in_order(item, name)),
        Json::Object(map) => map.values().for_each(|item| bounds_are_in_order(item, name)),
        _ => {}
    }
}

/// 1 − (1 − base) · (1 − own) · Π(1 − factor) · (1 − common causes), own = (1 − Π(1 − rule)) · Π(1 − exoneration).
#[track_caller]
fn likelihood_recomputes(risk: &Json) {
    let not = |kind: &str| -> f64 {
        let of_kind = entries(&risk["contributions"]).filter(|part| part["kind"] == kind);
        of_kind.map(|part| 1.0 - number(&part["value"])).product()
    };
    let own = (1.0 - not("rule")) * not("exoneration");
    let likelihood = 1.0 - not("base") * (1.0 - own) * not("factor") * not("common_causes");
    assert!((likelihood - number(&risk["likelihood"]["estimate"])).abs() < 1e-12, "{likelihood} is not {risk}");
}

#[test]
fn the_schema_notices_what_it_should() {
    let schema = schema();
    let small = deployment(&[]).run(&["assess", "--format", "json", "."]);
    let whole: Json = serde_json::from_str(&small.stdout).unwrap();
    type Change = fn(&mut Json);
    let changes: [(&str, Change); 7] = [
        ("a new key", |whole| whole["risks"][0]["colour"] = "red".into()),
        ("a new key at the top", |whole| whole["clock"] = 12.into()),
        ("a key that is gone", |whole| drop(whole["verdict"].as_object_mut().unwrap().remove("title"))),
        ("another format", |whole| whole["format"] = "etiology.assessment/2".into()),
        ("a likelihood above one", |whole| whole["risks"][0]["likelihood"]["high"] = 1.1.into()),
        ("another word", |whole| whole["risks"][0]["priority"] = "urgent".into()),
        ("text for a number", |whole| whole["total_risk"]["low"] = "0".into()),
    ];
    assert!(schema.holds(&schema.root, &whole));
    for (what, change) in changes {
        let mut changed = whole.clone();
        change(&mut changed);
        assert!(!schema.holds(&schema.root, &changed), "{what} was not noticed");
    }
}
