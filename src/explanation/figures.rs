//! Numbers as people read them. Digits are chosen by size; nothing computed is ever rounded.

use crate::model::{Type, Value};
use crate::risk::{Bounds, Quantity};

/// Returns a number with as many digits as tell something.
pub fn number(value: f64) -> String {
    with_digits(value, digits_of(value))
}

/// Returns two numbers with so many digits that they differ if the numbers do.
pub fn distinct(left: f64, right: f64) -> (String, String) {
    let digits = digits_of(left).max(digits_of(right)).min(6);
    for digits in digits..=9 {
        let (shown_left, shown_right) = (with_digits(left, digits), with_digits(right, digits));
        if shown_left != shown_right {
            return (trimmed(shown_left), trimmed(shown_right));
        }
    }
    (number(left), number(right))
}

/// Returns low and high of an interval.
pub fn range(low: f64, high: f64) -> String {
    match (low.is_finite(), high.is_finite()) {
        (true, true) => {
            let digits = digits_of(low).max(digits_of(high)).min(3);
            format!("{}–{}", trimmed(with_digits(low, digits)), trimmed(with_digits(high, digits)))
        }
        (true, false) => format!("{} or more", number(low)),
        (false, true) => format!("{} or less", number(high)),
        (false, false) => "anything".to_owned(),
    }
}

/// Returns an estimate with its low and high, such as `0.72 (0.50–0.90)`.
pub fn bounds<Q: Quantity>(figures: &Bounds<Q>, digits: usize) -> String {
    let shown = |value: f64| with_digits(value, digits);
    let estimate = shown(figures.estimate().get());
    if figures.is_certain() {
        estimate
    } else {
        format!("{estimate} ({}–{})", shown(figures.low().get()), shown(figures.high().get()))
    }
}

/// Returns a number with that many digits after the point.
pub fn with_digits(value: f64, digits: usize) -> String {
    let text = format!("{value:.digits$}");
    // A small negative number must not become "-0.00".
    if text.trim_start_matches('-').chars().all(|c| c == '0' || c == '.') && text.starts_with('-') {
        text[1..].to_owned()
    } else {
        text
    }
}

/// Returns a value of a type as a person would write it.
pub fn value_text(value: &Value, value_type: &Type) -> String {
    match (value, value_type) {
        (Value::Number(days), Type::Duration) => duration(*days),
        (Value::Number(amount), Type::Number { unit: Some(unit) }) => format!("{} {unit}", number(*amount)),
        (Value::Number(amount), _) => number(*amount),
        (Value::YesNo(true), _) => "yes".to_owned(),
        (Value::YesNo(false), _) => "no".to_owned(),
        (Value::Option(position), Type::OneOf(options)) => option(options, *position),
        (Value::Options(positions), Type::ManyOf(options)) => {
            let chosen: Vec<String> = positions.iter().map(|position| option(options, *position)).collect();
            if chosen.is_empty() { "none".to_owned() } else { chosen.join(", ") }
        }
        (Value::Option(position), _) => position.to_string(),
        (Value::Options(positions), _) => format!("{} options", positions.len()),
        (Value::Date(days), _) => date(*days),
        (Value::Text(text), _) => format!("\"{text}\""),
    }
}

/// Returns a number on the scale of a type: a figure of a `yes_no` comparison is a yes or no, one of a
/// date a date.
pub fn figure_text(figure: f64, value_type: &Type) -> String {
    match value_type {
        Type::Duration => duration(figure),
        Type::Date => date(figure as i32),
        Type::YesNo => if figure > 0.5 { "yes" } else { "no" }.to_owned(),
        Type::OneOf(options) => option(options, figure.max(0.0) as u32),
        Type::Number { unit: Some(unit) } => format!("{} {unit}", number(figure)),
        _ => number(figure),
    }
}

fn option(options: &[String], position: u32) -> String {
    options.get(position as usize).cloned().unwrap_or_else(|| position.to_string())
}

fn duration(days: f64) -> String {
    for (unit, one) in [("years", "year"), ("months", "month"), ("weeks", "week")] {
        let length = Type::days_in(unit).unwrap_or(1.0);
        let count = (days / length).round();
        if count >= 1.0 && (days - count * length).abs() < 1e-9 {
            return if count < 1.5 { format!("1 {one}") } else { format!("{count} {unit}") };
        }
    }
    let hours = days * 24.0;
    if days < 1.0 && (hours - hours.round()).abs() < 1e-9 && hours > 0.5 {
        return if hours < 1.5 { "1 hour".to_owned() } else { format!("{} hours", hours.round()) };
    }
    format!("{} days", number(days))
}

fn date(days: i32) -> String {
    let span = jiff::Span::new().try_days(i64::from(days));
    let date = span.and_then(|span| jiff::civil::date(1970, 1, 1).checked_add(span));
    date.map_or_else(|_| format!("day {days}"), |date| date.to_string())
}

fn digits_of(value: f64) -> usize {
    let size = value.abs();
    if (value - value.round()).abs() < 1e-9 && size < 1e15 && (size >= 1.0 || size <= 0.0) {
        0
    } else if size >= 100.0 {
        1
    } else if size >= 0.1 {
        2
    } else if size >= 0.001 {
        3
    } else {
        6
    }
}

/// Drops zeros after the second digit behind the point, and the point where only zeros follow.
fn trimmed(text: String) -> String {
    let Some(point) = text.find('.') else { return text };
    if text[point + 1..].chars().all(|digit| digit == '0') {
        return text[..point].to_owned();
    }
    let keep = (point + 3).min(text.len());
    let zeros = text[keep..].trim_end_matches('0').len();
    text[..keep + zeros].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_show_what_tells_something() {
        assert_eq!(number(340.0), "340");
        assert_eq!(number(0.2137), "0.21");
        assert_eq!(number(0.0812), "0.081");
        assert_eq!(number(0.0), "0");
        assert_eq!(with_digits(-0.0004, 2), "0.00");
        assert_eq!(distinct(0.1004, 0.1), ("0.1004".into(), "0.10".into()));
        assert_eq!(range(0.5512, 0.6), "0.55–0.60");
        assert_eq!(duration(91.3125), "3 months");
        assert_eq!(date(20604), "2026-05-31");
    }
}
