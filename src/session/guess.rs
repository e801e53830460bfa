//! Proposed roles of columns, each with its reason; nothing is taken over unless somebody asks for it.

use super::Files;
use super::deployment::{MANIFEST, inside, read_manifest};
use super::tables::open_tables;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::facts::parse_manifest;
use crate::source::SourceMap;
use crate::table::{ColumnLook, ColumnRoles, Format, MOST_VALUES, TableData, look_at, matches_pattern};
use std::fmt::Write as _;

/// What a column could be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GuessedRole {
    /// The outcome.
    Label,
    /// The system's output.
    Score,
    /// The probability of one of several classes.
    Scores,
    /// The score of one of several models.
    Member,
    /// An attribute of patients.
    Group,
    /// When each prediction was made.
    Period,
    /// A feature that is a number.
    Numeric,
    /// A feature that is a category.
    Categorical,
    /// Nothing that is measured.
    None,
}

impl GuessedRole {
    /// Returns the key of the manifest, or `left out`.
    pub fn as_str(self) -> &'static str {
        match self {
            GuessedRole::Label => "label",
            GuessedRole::Score => "score",
            GuessedRole::Scores => "scores",
            GuessedRole::Member => "members",
            GuessedRole::Group => "groups",
            GuessedRole::Period => "period",
            GuessedRole::Numeric => "numeric",
            GuessedRole::Categorical => "categorical",
            GuessedRole::None => "left out",
        }
    }
}

/// A column and what it seems to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    /// The column.
    pub column: String,
    /// Its role.
    pub role: GuessedRole,
    /// Why: half a sentence, lower case.
    pub reason: String,
}

/// Names of the outcome, the likeliest first.
const LABELS: &[&str] =
    &["y_true", "label", "labels", "target", "targets", "outcome", "y", "y_test", "truth", "ground_truth", "event"];
/// Names of the score, the likeliest first.
const SCORES: &[&str] = &[
    "y_score",
    "y_prob",
    "y_proba",
    "y_pred_proba",
    "score",
    "scores",
    "prob",
    "probs",
    "proba",
    "probas",
    "proba_1",
    "prob_1",
    "probability",
    "p_1",
    "p1",
    "risk",
    "y_pred",
    "pred",
    "preds",
    "prediction",
    "predictions",
    "y_hat",
    "output",
    "outputs",
    "logit",
    "logits",
    "decision_function",
    "p",
];
/// Names of the probability that the outcome does not happen.
const OTHER_SIDES: &[&str] = &["proba_0", "prob_0", "p_0", "p0"];
/// Parts of names of attributes of which fairness is asked.
const ATTRIBUTES: &[&str] = &[
    "sex",
    "gender",
    "race",
    "ethnic",
    "age_band",
    "age_group",
    "agegroup",
    "site",
    "hospital",
    "ward",
    "clinic",
    "department",
    "insurance",
    "language",
    "region",
];
/// Names of what is one of several models, in front of what tells them apart.
const MODELS: &[&str] = &["model", "member", "seed", "fold", "run", "ensemble", "net", "network", "replica"];
/// Names of a column that says when, whatever it holds.
const PERIODS: &[&str] = &["period", "month", "week", "quarter"];
/// Names of what numbers rows.
const INDEXES: &[&str] = &["", "index", "id", "unnamed: 0", "row", "row_id", "rowid"];
/// Values of a column that divides a table into parts.
const PARTS: &[&str] =
    &["train", "test", "valid", "validation", "dev", "development", "deployment", "local", "holdout"];

/// Returns a proposed role for each column, in the order of the table.
fn guess_roles(looks: &[ColumnLook]) -> Vec<Guess> {
    let families = families(looks);
    let first_named = |names: &[&str], fits: &dyn Fn(&ColumnLook) -> bool| {
        names.iter().find_map(|name| looks.iter().position(|look| is_called(look, name, looks) && fits(look)))
    };
    let classes = families.iter().find(|family| family.are_classes(looks));
    let label = match classes {
        Some(family) => first_named(LABELS, &|look| family.names(look)),
        None => first_named(LABELS, &|look| look.binary),
    };
    let is_probability = |look: &ColumnLook| look.range.is_some_and(|(low, high)| low >= 0.0 && high <= 1.0);
    let score = match classes {
        Some(_) => None,
        None => first_named(SCORES, &|look| is_probability(look) && !look.binary)
            .or_else(|| looks.iter().position(|look| look.other_side.is_some() && look.name.ends_with('1')))
            .or_else(|| first_named(SCORES, &|look| look.range.is_some() && !look.binary)),
    };
    let period = looks.iter().position(|look| is_period(look) && !look.all_distinct);
    let of = |(place, look): (usize, &ColumnLook)| {
        let (role, reason) = if Some(place) == label && classes.is_some() {
            (GuessedRole::Label, "its name is a usual one for the outcome, and it holds the classes".to_owned())
        } else if Some(place) == label {
            (GuessedRole::Label, "its name is a usual one for the outcome, and it holds both 0 and 1".to_owned())
        } else if Some(place) == score {
            let named = "its name is a usual one for the output";
            let reason = match &look.other_side {
                Some(other) => format!("with `{other}` it sums to 1 in every row, so it is the probability of a 1"),
                None if is_probability(look) => format!("{named}, and all its numbers are from 0 to 1"),
                None => format!("{named}, and it holds other numbers than probabilities: say so by `scores: raw`"),
            };
            (GuessedRole::Score, reason)
        } else if Some(place) == period {
            let reason = if look.dates { "its texts are dates" } else { "its name is that of a time" };
            (GuessedRole::Period, reason.to_owned())
        } else if is_period(look) {
            let reason = match look.all_distinct {
                true => "it tells a time, another in each row; a column of days, weeks or months could be the `period`",
                false => "it tells a time, and another column is proposed as the `period`",
            };
            (GuessedRole::None, reason.to_owned())
        } else if let Some(family) = families.iter().find(|family| family.places.contains(&place)) {
            match classes {
                Some(classes) if classes.pattern == family.pattern => {
                    (GuessedRole::Scores, format!("`{}` names one probability for each class", family.pattern))
                }
                _ if family.numbered || family.are_models() => {
                    let n = family.places.len();
                    (GuessedRole::Member, format!("`{}` are {n} columns of numbers from 0 to 1", family.pattern))
                }
                _ => alone(look),
            }
        } else {
            alone(look)
        };
        Guess { column: look.name.clone(), role, reason }
    };
    looks.iter().enumerate().map(of).collect()
}

/// Tells whether a column has that name, or is the only one of an array with that name.
fn is_called(look: &ColumnLook, name: &str, looks: &[ColumnLook]) -> bool {
    let same = |other: &str| look.name.eq_ignore_ascii_case(other);
    let second = format!("{name}_1");
    same(name) || (same(&format!("{name}_0")) && looks.iter().all(|look| !look.name.eq_ignore_ascii_case(&second)))
}

/// Tells whether a column says when a prediction was made, and not when a patient was born.
fn is_period(look: &ColumnLook) -> bool {
    let name = look.name.to_ascii_lowercase();
    let of_birth = ["birth", "dob", "born"].iter().any(|part| name.contains(part));
    let named = PERIODS.contains(&name.as_str()) && look.values.as_ref().is_some_and(|values| values.len() > 1);
    (look.dates || named) && !of_birth
}

/// Returns the role of a column that belongs to nothing else.
fn alone(look: &ColumnLook) -> (GuessedRole, String) {
    let name = look.name.to_ascii_lowercase();
    let is_a_part = |value: &String| PARTS.contains(&value.to_ascii_lowercase().as_str());
    let count = look.values.as_ref().map_or(0, Vec::len);
    if INDEXES.contains(&name.as_str()) || name.ends_with("_id") {
        return (GuessedRole::None, "its name is that of a number of rows or of people".to_owned());
    }
    if look.values.as_ref().is_some_and(|values| !values.is_empty() && values.iter().all(is_a_part)) {
        return (
            GuessedRole::None,
            "it divides the table into parts; name them with `where` under `tables`".to_owned(),
        );
    }
    if SCORES.contains(&name.as_str()) && look.binary {
        return (GuessedRole::None, "it holds decisions, 0 and 1 alone, from which no score can be told".to_owned());
    }
    if let Some(other) = look.other_side.as_ref().filter(|_| name.ends_with('0')) {
        return (GuessedRole::None, format!("it is 1 less `{other}`"));
    }
    if OTHER_SIDES.contains(&name.as_str()) && look.range.is_some() {
        return (GuessedRole::None, "by its name it is 1 less the score".to_owned());
    }
    if SCORES.contains(&name.as_str()) && look.range.is_some() {
        return (
            GuessedRole::None,
            "its name is that of an output too; another model's goes under `compared`".to_owned(),
        );
    }
    if look.range.is_none() && look.all_distinct {
        return (GuessedRole::None, "every row has its own text".to_owned());
    }
    if count == 1 {
        return (GuessedRole::None, "every row has the same value".to_owned());
    }
    if ATTRIBUTES.iter().any(|part| name.contains(part)) && count > 1 {
        return (GuessedRole::Group, format!("its name is that of an attribute, and it has {count} values"));
    }
    match (look.range, count) {
        (None, 2..=MOST_VALUES) => (GuessedRole::Categorical, format!("it holds text with {count} values")),
        (None, 0) => (GuessedRole::None, "it holds texts too many to compare, or nothing that can be read".to_owned()),
        (None, _) => (GuessedRole::None, "it is empty".to_owned()),
        (Some(_), 2..=5) => (GuessedRole::Categorical, format!("it holds {count} numbers only, as codes do")),
        (Some(_), _) => (GuessedRole::Numeric, "it holds numbers".to_owned()),
    }
}

/// Columns whose names differ in their ending alone, all of them from 0 to 1.
struct Family {
    pattern: String,
    places: Vec<usize>,
    /// What the `*` of the pattern stands for.
    endings: Vec<String>,
    /// Whether the endings are whole numbers.
    numbered: bool,
}

impl Family {
    /// Tells whether these are the probabilities of more than two classes, which some label holds.
    fn are_classes(&self, looks: &[ColumnLook]) -> bool {
        self.places.len() > 2 && looks.iter().any(|look| self.names(look) && LABELS.contains(&look.name.as_str()))
    }

    /// Tells whether their common name is that of models.
    fn are_models(&self) -> bool {
        let stem = self.pattern.trim_end_matches(['*', '_']).to_ascii_lowercase();
        MODELS.contains(&stem.rsplit('_').next().unwrap_or(""))
    }

    /// Tells whether a column holds what the endings name.
    fn names(&self, look: &ColumnLook) -> bool {
        look.values
            .as_ref()
            .is_some_and(|values| values.len() > 2 && values.iter().all(|value| self.endings.contains(value)))
    }
}

/// Returns the families of at least two columns, by the place of their first.
fn families(looks: &[ColumnLook]) -> Vec<Family> {
    let mut found: Vec<Family> = Vec::new();
    for (place, look) in looks.iter().enumerate() {
        let in_range = look.range.is_some_and(|(low, high)| low >= 0.0 && high <= 1.0) && !look.binary;
        let digits = look.name.trim_end_matches(|letter: char| letter.is_ascii_digit());
        let stem = match look.name.rsplit_once('_') {
            _ if digits.len() < look.name.len() => digits.to_owned(),
            Some((stem, _)) => format!("{stem}_"),
            None => continue,
        };
        if !in_range || stem.is_empty() || SCORES.contains(&look.name.as_str()) && !is_numbered(&look.name) {
            continue;
        }
        let ending = look.name.get(stem.len()..).unwrap_or("").to_owned();
        let pattern = format!("{stem}*");
        match found.iter_mut().find(|family| family.pattern == pattern) {
            Some(family) => {
                family.places.push(place);
                family.numbered &= ending.parse::<u64>().is_ok();
                family.endings.push(ending);
            }
            None => found.push(Family {
                pattern,
                places: vec![place],
                numbered: ending.parse::<u64>().is_ok(),
                endings: vec![ending],
            }),
        }
    }
    found.retain(|family| {
        // Two numbered columns of 0 and 1 are the two sides of one probability, and not two models.
        let two_sides = family.endings == ["0", "1"];
        family.places.len() > 1 && !two_sides
    });
    found
}

fn is_numbered(name: &str) -> bool {
    name.ends_with(|letter: char| letter.is_ascii_digit())
}

/// Returns the lines of a manifest's `columns`, each key with its value, in the order in which they are written.
fn key_lines(guesses: &[Guess]) -> Vec<(&'static str, String)> {
    let named = |role: GuessedRole| guesses.iter().filter(move |guess| guess.role == role);
    let list = |role: GuessedRole| {
        let names: Vec<String> = named(role).map(|guess| quoted(&guess.column)).collect();
        (!names.is_empty()).then(|| format!("[{}]", names.join(", ")))
    };
    let mut lines = Vec::new();
    for role in [GuessedRole::Label, GuessedRole::Score] {
        lines.extend(named(role).next().map(|guess| (role.as_str(), quoted(&guess.column))));
    }
    for role in [GuessedRole::Scores, GuessedRole::Member] {
        lines.extend(list(role).map(|names| (role.as_str(), names)));
    }
    let groups: Vec<String> =
        named(GuessedRole::Group).map(|guess| format!("{0}: {0}", quoted(&guess.column))).collect();
    if !groups.is_empty() {
        lines.push(("groups", format!("{{{}}}", groups.join(", "))));
    }
    lines.extend(named(GuessedRole::Period).next().map(|guess| ("period", quoted(&guess.column))));
    for role in [GuessedRole::Numeric, GuessedRole::Categorical] {
        lines.extend(list(role).map(|names| (role.as_str(), names)));
    }
    lines
}

/// Returns the block to paste into a manifest.
fn yaml_block(lines: &[(&'static str, String)]) -> String {
    let mut block = "columns:\n".to_owned();
    for (key, value) in lines {
        let _ = writeln!(block, "  {key}: {value}");
    }
    block
}

/// Returns a name as YAML reads it back: bare where it is a plain word.
fn quoted(name: &str) -> String {
    let starts_well = name.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_');
    let plain = name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    let is_word =
        ["y", "n", "yes", "no", "on", "off", "true", "false", "null"].contains(&name.to_ascii_lowercase().as_str());
    if starts_well && plain && !is_word { name.to_owned() } else { serde_json::Value::from(name).to_string() }
}

/// Returns the manifest with the keys that `columns` lacks, every other byte as it was, or none where that
/// cannot be done line by line.
fn with_keys(manifest: &str, lines: &[(&'static str, String)], has: &dyn Fn(&str) -> bool) -> Option<String> {
    let lacking: Vec<&(&'static str, String)> = lines.iter().filter(|(key, _)| !has(key)).collect();
    let heads = |line: &str| line.strip_prefix("columns:").is_some();
    let Some(place) = manifest.lines().position(heads) else {
        let gap = if manifest.is_empty() || manifest.ends_with('\n') { "\n" } else { "\n\n" };
        return Some(format!("{manifest}{gap}{}", yaml_block(lines)));
    };
    let all: Vec<&str> = manifest.split_inclusive('\n').collect();
    let rest_of_line = all.get(place)?.trim_end().strip_prefix("columns:")?.trim_start();
    if !rest_of_line.is_empty() && !rest_of_line.starts_with('#') {
        return None;
    }
    let is_key = |line: &&&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    let first = all.get(place + 1..)?.iter().find(is_key).copied().unwrap_or("");
    let indent = first.len() - first.trim_start().len();
    let indent = if indent == 0 { "  ".to_owned() } else { first.get(..indent)?.to_owned() };
    let mut text: String = all.get(..=place)?.concat();
    if !text.ends_with('\n') {
        text.push('\n');
    }
    for (key, value) in lacking {
        let _ = writeln!(text, "{indent}{key}: {value}");
    }
    text.push_str(&all.get(place + 1..)?.concat());
    Some(text)
}

/// What was guessed of a table, and what would become of the manifest.
#[derive(Clone, Debug)]
pub struct Guessed {
    /// The table, as it is named.
    pub table: String,
    /// One for each column.
    pub guesses: Vec<Guess>,
    /// The lines to paste into a manifest; empty where there is nothing to add.
    pub block: String,
    /// The manifest, its text with the keys that it lacks, and which these are. None where a table was given
    /// without a manifest, or where the manifest must be changed by hand.
    pub manifest: Option<(String, String, Vec<&'static str>)>,
}

/// Looks at a table, or at the one that the manifest of a folder names, and proposes what its columns mean.
///
/// # Errors
/// What is wrong with the manifest or the table.
pub fn guess(place: &str, files: &dyn Files, sources: &mut SourceMap) -> Result<Guessed, Diagnostics> {
    if let Some(format) = Format::from_name(place) {
        let content = files.open(place).map_err(|error| Diagnostic::new(Code::X001, error.to_string()))?;
        let table = TableData { file: place.to_owned(), format, content };
        let guesses = guess_roles(&look_at(table)?);
        return Ok(Guessed {
            table: place.to_owned(),
            block: yaml_block(&key_lines(&guesses)),
            guesses,
            manifest: None,
        });
    }
    let manifest = read_manifest(place, files, sources)?;
    let pilot = &manifest.pilot;
    let Some(spec) = pilot.deployment.as_ref().or(pilot.development.as_ref()) else {
        return Err(Diagnostic::new(Code::X005, "the manifest names no table")
            .with_help(
                "add `tables: {deployment: pilot.csv}`, or give the table itself: `etio metrics --guess pilot.csv`",
            )
            .into());
    };
    let mut tables = open_tables(&manifest, place, files)?;
    let at = tables.iter().position(|table| table.file == spec.file);
    let Some(table) = at.map(|at| tables.swap_remove(at)) else {
        return Err(Diagnostic::new(Code::X005, format!("`{}` was not opened", spec.file)).into());
    };
    let mut guesses = guess_roles(&look_at(table)?);
    let columns = &pilot.columns;
    for guess in guesses.iter_mut().filter(|guess| is_named(columns, &guess.column)) {
        guess.role = GuessedRole::None;
        guess.reason = "the manifest names it already".to_owned();
    }
    let taken = keys_of(columns);
    let one_outcome = taken.contains(&"score") || taken.contains(&"members");
    let has = |key: &str| {
        taken.contains(&key) || (key == "scores" && one_outcome) || (key == "score" && taken.contains(&"scores"))
    };
    for guess in guesses.iter_mut().filter(|guess| guess.role != GuessedRole::None && has(guess.role.as_str())) {
        let key = guess.role.as_str();
        let held_by = taken.iter().find(|taken| **taken == key).copied().unwrap_or(match key {
            "score" => "scores",
            _ if taken.contains(&"score") => "score",
            _ => "members",
        });
        let _ = write!(guess.reason, "; not written, since the manifest has `{held_by}` already");
    }
    let lines: Vec<(&'static str, String)> = key_lines(&guesses).into_iter().filter(|(key, _)| !has(key)).collect();
    let path = inside(place, MANIFEST);
    let text = sources.files().find(|(_, file)| file.name() == path).map(|(_, file)| file.text().to_owned());
    let changed = text.filter(|_| !lines.is_empty()).and_then(|text| with_keys(&text, &lines, &has));
    // What cannot be read back as a manifest is not offered.
    let sound = changed.filter(|text| {
        let mut apart = SourceMap::default();
        let source = apart.add(path.as_str(), text.as_str());
        parse_manifest(source, &apart).is_ok()
    });
    let keys = lines.iter().map(|(key, _)| *key).collect();
    Ok(Guessed {
        table: spec.file.clone(),
        guesses,
        block: if lines.is_empty() { String::new() } else { yaml_block(&lines) },
        manifest: sound.map(|text| (path, text, keys)),
    })
}

fn is_named(columns: &ColumnRoles, name: &str) -> bool {
    let lists = [&columns.scores, &columns.members, &columns.numeric, &columns.categorical];
    let groups = columns.groups.iter().map(|(_, column)| column);
    let single = columns
        .label
        .iter()
        .chain(&columns.score)
        .chain(&columns.compared)
        .chain(&columns.period)
        .chain(&columns.weight);
    let single = single.chain(groups);
    single.chain(lists.into_iter().flatten()).any(|column| matches_pattern(&column.value, name))
}

/// Returns the keys that are written already.
fn keys_of(columns: &ColumnRoles) -> Vec<&'static str> {
    let written = [
        ("label", columns.label.is_some()),
        ("score", columns.score.is_some()),
        ("scores", !columns.scores.is_empty()),
        ("members", !columns.members.is_empty()),
        ("groups", !columns.groups.is_empty() || !columns.intersections.is_empty()),
        ("period", columns.period.is_some()),
        ("numeric", !columns.numeric.is_empty()),
        ("categorical", !columns.categorical.is_empty()),
    ];
    written.into_iter().filter(|(_, written)| *written).map(|(key, _)| key).collect()
}

impl Guessed {
    /// Returns the same for programs.
    pub fn json(&self) -> serde_json::Value {
        let columns = self.guesses.iter().map(
            |guess| serde_json::json!({"column": guess.column, "role": guess.role.as_str(), "reason": guess.reason}),
        );
        serde_json::json!({
            "schema": "etiology.guess/1",
            "table": self.table,
            "columns": columns.collect::<Vec<_>>(),
            "yaml": self.block,
        })
    }
}
