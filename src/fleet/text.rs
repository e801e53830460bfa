//! Text in a cell, read as a value of its input's type by the rules of `answers.yaml`.

use super::cells::Aspect;
use crate::facts::{Node, Yaml, read_value};
use crate::model::{Type, Value};
use crate::source::{SourceId, Span, Spanned};

/// Between the options of a `many of` cell.
const OPTION_SEPARATOR: char = ';';
/// A `many of` cell in which no option is chosen.
const NO_OPTION: &str = "none";

/// Returns the value in a cell: none where it is not known.
///
/// # Errors
/// Says what was expected instead.
pub(super) fn value_in(value_type: &Type, text: &str) -> Result<Option<Value>, String> {
    let text = text.trim();
    if is_unknown(value_type, text) {
        return Ok(None);
    }
    read_value(value_type, &written(value_type, text)).map(Some)
}

/// Returns the number in a cell, or NaN where it is not known; for types whose values are numbers.
///
/// # Errors
/// Says what was expected instead.
pub(super) fn number_in(value_type: &Type, aspect: Aspect, text: &str) -> Result<f64, String> {
    // Most cells hold a plain number or one of a few words; the rest goes the long way.
    let plain = match value_type {
        Type::Ratio | Type::Number { .. } | Type::Count => {
            text.parse().ok().and_then(|number| fitting(value_type, number))
        }
        Type::YesNo if text == "yes" => Some(1.0),
        Type::YesNo if text == "no" => Some(0.0),
        Type::OneOf(options) if text != UNKNOWN => {
            options.iter().position(|option| option == text).map(|position| position as f64)
        }
        _ => None,
    };
    if let Some(number) = plain {
        return Ok(number);
    }
    let ends_may_leave_the_range = aspect != Aspect::Value;
    match value_in(value_type, text) {
        Ok(value) => Ok(value.and_then(|value| value.as_number()).unwrap_or(f64::NAN)),
        Err(_) if ends_may_leave_the_range => {
            let number = text.trim().parse().ok().filter(|number: &f64| number.is_finite());
            number.ok_or_else(|| "a number".to_owned())
        }
        Err(expected) => Err(expected),
    }
}

/// Returns a number in a cell of numbers, for types whose values are numbers.
///
/// # Errors
/// Says what was expected instead.
pub(super) fn number_as(value_type: &Type, aspect: Aspect, number: f64) -> Result<f64, String> {
    if let Some(number) = fitting(value_type, number) {
        return Ok(number);
    }
    match read_value(value_type, &Yaml::Number(number)) {
        Ok(value) => Ok(value.as_number().unwrap_or(f64::NAN)),
        Err(_) if aspect != Aspect::Value && number.is_finite() => Ok(number),
        Err(expected) => Err(expected),
    }
}

/// Returns the number if it is a value of a type of plain numbers. Minus zero is zero.
fn fitting(value_type: &Type, number: f64) -> Option<f64> {
    let fits = match value_type {
        Type::Ratio => (0.0..=1.0).contains(&number),
        Type::Number { .. } => number.is_finite(),
        Type::Count => number.is_finite() && number >= 0.0 && number.fract() <= 0.0,
        _ => false,
    };
    fits.then_some(number + 0.0)
}

/// Returns the value of a list of options.
///
/// # Errors
/// Says what was expected instead.
pub(super) fn many_in(value_type: &Type, options: &[&str]) -> Result<Value, String> {
    read_value(value_type, &Yaml::List(options.iter().map(|option| word(option)).collect()))
}

fn word(text: &str) -> Node {
    let nowhere = Span { source: SourceId(0), start: 0, end: 0 };
    Spanned::new(Yaml::Text(text.trim().to_owned()), nowhere)
}

/// How it is said that something is not known.
const UNKNOWN: &str = "unknown";

/// Tells whether a cell says that nothing is known. Words for a missing number count for numbers alone,
/// since `NA` may be a country elsewhere.
fn is_unknown(value_type: &Type, text: &str) -> bool {
    let is_word = matches!(value_type, Type::Text | Type::OneOf(_) | Type::ManyOf(_));
    text.is_empty() || text == UNKNOWN || (!is_word && crate::table::is_missing(text))
}

/// Returns the text as it would stand in a file of answers.
fn written(value_type: &Type, text: &str) -> Yaml {
    let scalar = |text: &str| match text.parse::<f64>() {
        Ok(number) if number.is_finite() && !matches!(value_type, Type::Text) => Yaml::Number(number + 0.0),
        _ => Yaml::Text(text.to_owned()),
    };
    match value_type {
        Type::ManyOf(options) if text == NO_OPTION && !options.iter().any(|option| option == NO_OPTION) => {
            Yaml::List(Vec::new())
        }
        Type::ManyOf(_) => Yaml::List(text.split(OPTION_SEPARATOR).map(word).collect()),
        _ => scalar(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_read_as_answers_are() {
        let number = |value_type: &Type, text: &str| number_in(value_type, Aspect::Value, text);
        assert_eq!(number(&Type::Ratio, "10%"), Ok(0.1));
        assert_eq!(number(&Type::Ratio, " 0.25 "), Ok(0.25));
        assert!(number(&Type::Ratio, "1.2").is_err());
        assert!(number_in(&Type::Ratio, Aspect::High, "1.2").is_ok());
        assert_eq!(number(&Type::Count, "12"), Ok(12.0));
        assert!(number(&Type::Count, "1.5").is_err());
        assert_eq!(number(&Type::Duration, "2 weeks"), Ok(14.0));
        assert_eq!(number(&Type::Date, "1970-01-11"), Ok(10.0));
        for missing in ["", "NA", "unknown", "NaN"] {
            assert!(number(&Type::Ratio, missing).is_ok_and(f64::is_nan), "{missing}");
        }
        assert!(number(&Type::YesNo, "true").is_err());
    }

    #[test]
    fn several_options_stand_with_semicolons() {
        let sites = Type::ManyOf(["ward", "icu", "emergency"].map(String::from).to_vec());
        assert_eq!(value_in(&sites, "icu; ward"), Ok(Some(Value::Options(vec![0, 1]))));
        assert_eq!(value_in(&sites, "none"), Ok(Some(Value::Options(Vec::new()))));
        assert_eq!(value_in(&sites, ""), Ok(None));
        assert!(value_in(&sites, "icu,ward").is_err());
    }
}
