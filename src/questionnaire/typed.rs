//! An answer as it is typed.

use crate::diagnostic::or_nearest;
use crate::facts::{Yaml, read_value};
use crate::model::{Input, Type, Value};

/// An answer that can be taken.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Answer {
    /// What it means.
    pub value: Value,
    /// How it is written into a file.
    pub yaml: String,
}

/// Returns what may be typed as an answer.
pub(super) fn expected(value_type: &Type) -> String {
    match value_type {
        Type::YesNo => "yes or no".to_owned(),
        Type::Ratio => "a share, such as 0.1 or 10 %".to_owned(),
        Type::Count => "a whole number, 0 or more".to_owned(),
        Type::Number { unit: Some(unit) } => format!("a number of {}", unit.replace('_', " ")),
        Type::Number { unit: None } => "a number".to_owned(),
        Type::Score { low, high } => format!("a rating from {low} to {high}"),
        Type::OneOf(options) => format!("one of {}", options.join(", ")),
        Type::ManyOf(options) => format!("any of {}, with commas between", options.join(", ")),
        Type::Date => "a date, such as 2026-05-31".to_owned(),
        Type::Duration => "a length of time, such as 3 months".to_owned(),
        Type::Text => "a few words".to_owned(),
    }
}

/// Reads an answer to a question.
///
/// # Errors
/// Why it is not taken, and what would be.
pub(super) fn read(input: &Input, typed: &str) -> Result<Answer, String> {
    let words = || typed.split(',').map(str::trim).filter(|word| !word.is_empty());
    let (written, yaml) = match &input.value_type {
        Type::YesNo => {
            let word = match typed.to_lowercase().as_str() {
                "y" | "yes" => "yes",
                "n" | "no" => "no",
                _ => typed,
            };
            (Yaml::Text(word.to_owned()), word.to_owned())
        }
        Type::ManyOf(options) => {
            let chosen: Vec<String> = words().map(|word| completed(options, word)).collect::<Result<_, _>>()?;
            let yaml = format!("[{}]", chosen.join(", "));
            let one = |word: String| crate::source::Spanned::new(Yaml::Text(word), input.span);
            (Yaml::List(chosen.into_iter().map(one).collect()), yaml)
        }
        Type::OneOf(options) => {
            let word = completed(options, typed)?;
            (Yaml::Text(word.clone()), word)
        }
        Type::Text => (Yaml::Text(typed.to_owned()), quoted(typed)),
        _ => {
            let number = typed.parse::<f64>().ok().filter(|number| number.is_finite());
            (number.map_or_else(|| Yaml::Text(typed.to_owned()), Yaml::Number), typed.to_owned())
        }
    };
    match read_value(&input.value_type, &written) {
        Ok(value) => Ok(Answer { value, yaml }),
        Err(_) => Err(format!("write {}", expected(&input.value_type))),
    }
}

/// Returns the option that a word is, or is the beginning of.
fn completed(options: &[String], word: &str) -> Result<String, String> {
    if let Some(option) = options.iter().find(|option| *option == word) {
        return Ok(option.clone());
    }
    let mut begun = options.iter().filter(|option| !word.is_empty() && option.starts_with(word));
    match (begun.next(), begun.next()) {
        (Some(option), None) => Ok(option.clone()),
        _ => Err(or_nearest(word, options.iter().map(String::as_str), || format!("write {}", options.join(" or ")))),
    }
}

/// Returns text in double quotes, as YAML and JSON both write it.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::String(text.to_owned()).to_string()
}
