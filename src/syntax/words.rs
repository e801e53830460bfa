//! Names, texts, numbers, dates and what is made of them.

use super::SyntaxError;
use super::ast::{Argument, Atom, Brackets, Expression, ExpressionKind, Name, Number, Range, Text};
use super::grammar::Rule;
use super::parse::{Builder, presume};
use crate::source::{Span, Spanned};
use pest::iterators::Pair;

impl Builder<'_> {
    pub(super) fn name(&mut self, pair: Pair<'_, Rule>) -> Name {
        let span = self.span(&pair);
        let written = pair.as_str();
        if written.bytes().any(|byte| byte.is_ascii_uppercase()) {
            self.errors.push(SyntaxError::UpperCaseName { written: written.into(), span });
            return Spanned::new(written.to_lowercase(), span);
        }
        Spanned::new(written.to_owned(), span)
    }

    /// Returns a word that may have been written in quotes or as `true` or `false`.
    pub(super) fn option(&mut self, pair: Pair<'_, Rule>) -> Name {
        if pair.as_rule() == Rule::text {
            return self.text(pair);
        }
        let name = self.name(pair);
        self.answer(name)
    }

    /// Answers `true` and `false`.
    pub(super) fn answer(&mut self, name: Name) -> Name {
        let meant = match name.value.as_str() {
            "true" => "yes",
            "false" => "no",
            _ => return name,
        };
        self.errors.push(SyntaxError::YesOrNo { written: name.value, meant, span: name.span });
        Spanned::new(meant.to_owned(), name.span)
    }

    pub(super) fn text(&mut self, pair: Pair<'_, Rule>) -> Text {
        let span = self.span(&pair);
        let quoted = pair.as_str();
        let inner = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or("");
        if !inner.contains('\\') {
            return Spanned::new(inner.to_owned(), span);
        }
        let mut value = String::with_capacity(inner.len());
        let mut characters = inner.chars();
        while let Some(character) = characters.next() {
            if character != '\\' {
                value.push(character);
                continue;
            }
            match characters.next() {
                Some('n') => value.push('\n'),
                Some(escaped @ ('"' | '\\')) => value.push(escaped),
                Some(other) => {
                    self.errors.push(SyntaxError::UnknownEscape { character: other, span });
                    value.push(other);
                }
                None => {}
            }
        }
        Spanned::new(value, span)
    }

    pub(super) fn text_or_slip(&mut self, pair: Pair<'_, Rule>) -> Text {
        if pair.as_rule() == Rule::text {
            return self.text(pair);
        }
        let written = pair.as_str().trim_end().to_owned();
        let span = self.span(&pair);
        self.errors.push(SyntaxError::TextWithoutQuotes { written: written.clone(), span });
        Spanned::new(written, span)
    }

    /// Returns a `number`, a `quantity` or a `signed` quantity.
    pub(super) fn number(&mut self, pair: Pair<'_, Rule>) -> Number {
        let span = self.span(&pair);
        match pair.as_rule() {
            Rule::signed => {
                let mut inner = pair.into_inner();
                let first = presume(inner.next());
                if first.as_rule() != Rule::minus {
                    return self.number(first);
                }
                let number = self.number(presume(inner.next()));
                Number { figure: -number.figure, span, ..number }
            }
            Rule::quantity => {
                let mut inner = pair.into_inner();
                let number = self.number(presume(inner.next()));
                let unit = inner.next().map(|unit| self.name(unit));
                Number { unit, span, ..number }
            }
            _ => {
                let written = pair.as_str();
                let percent = written.ends_with('%');
                let digits = written.trim_end_matches('%').trim_end();
                let mut figure: f64 = digits.parse().unwrap_or(f64::INFINITY);
                if !figure.is_finite() || figure.abs() > 1e15 {
                    self.errors.push(SyntaxError::NumberTooLarge { span });
                    // 1 fits every range, so that this is said once.
                    figure = 1.0;
                }
                Number { figure, percent, unit: None, span }
            }
        }
    }

    pub(super) fn range(&mut self, pair: Pair<'_, Rule>) -> Range {
        let span = self.span(&pair);
        let mut inner = pair.into_inner();
        Range { low: self.number(presume(inner.next())), high: self.number(presume(inner.next())), span }
    }

    pub(super) fn date(&mut self, pair: Pair<'_, Rule>) -> i32 {
        let span = self.span(&pair);
        let written = pair.as_str();
        let mut parts = written.split('-').map(|part| part.parse::<i32>().unwrap_or(0));
        let (year, month, day) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0), parts.next().unwrap_or(0));
        days_since_1970(year, month, day).unwrap_or_else(|| {
            self.errors.push(SyntaxError::NoSuchDate { written: written.into(), span });
            0
        })
    }

    pub(super) fn atom(&mut self, pair: Pair<'_, Rule>) -> Atom {
        let span = self.span(&pair);
        let mut inner = pair.into_inner();
        let name = self.name(presume(inner.next()));
        let Some(list) = inner.next() else {
            let name = self.answer(name);
            return Atom { name, brackets: Brackets::None, arguments: Vec::new(), span };
        };
        let brackets = if list.as_rule() == Rule::members { Brackets::Square } else { Brackets::Round };
        let arguments = list.into_inner().map(|argument| self.argument(argument)).collect();
        Atom { name, brackets, arguments, span }
    }

    pub(super) fn argument(&mut self, pair: Pair<'_, Rule>) -> Argument {
        if pair.as_rule() == Rule::formula {
            return Argument { value: self.formula(pair), target: None };
        }
        let mut inner = pair.into_inner();
        let value = self.formula(presume(inner.next()));
        let target = inner.next().map(|arrow| {
            self.arrow(&arrow);
            self.formula(presume(inner.next()))
        });
        // `ramp(x, 10% => 0.5)` reads as a comparison; the sign has been answered already.
        match (target, value) {
            (target @ Some(_), value) => Argument { value, target },
            (None, Expression { kind: ExpressionKind::Compare { left, comparison, right }, span })
                if self.is_arrow_slip(comparison.span) =>
            {
                self.errors.pop();
                self.errors.push(SyntaxError::ArrowSign { written: "=>".into(), span: comparison.span });
                let _ = span;
                Argument { value: *left, target: Some(*right) }
            }
            (None, value) => Argument { value, target: None },
        }
    }

    pub(super) fn is_arrow_slip(&self, sign: Span) -> bool {
        self.text.get(sign.range()) == Some("=>")
            && matches!(self.errors.last(), Some(SyntaxError::ComparisonSign { span, .. }) if *span == sign)
    }

    pub(super) fn arrow(&mut self, pair: &Pair<'_, Rule>) {
        if pair.as_rule() == Rule::arrow_slip {
            let span = self.span(pair);
            self.errors.push(SyntaxError::ArrowSign { written: pair.as_str().into(), span });
        }
    }
}

/// Returns the days from 1970-01-01 to a date of the Gregorian calendar, if there is such a date.
///
/// # Source
/// Howard Hinnant, *chrono-compatible low-level date algorithms*, `days_from_civil`.
fn days_since_1970(year: i32, month: i32, day: i32) -> Option<i32> {
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let length = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=length).contains(&day) {
        return None;
    }
    let shifted_year = if month <= 2 { year - 1 } else { year };
    let era = shifted_year.div_euclid(400);
    let year_of_era = shifted_year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(era * 146_097 + day_of_era - 719_468)
}

#[cfg(test)]
mod tests {
    use super::days_since_1970;

    #[test]
    pub(super) fn dates_are_counted_from_1970() {
        assert_eq!(days_since_1970(1970, 1, 1), Some(0));
        assert_eq!(days_since_1970(2024, 5, 31), Some(19_874));
        assert_eq!(days_since_1970(2024, 2, 29), Some(19_782));
        assert_eq!(days_since_1970(2023, 2, 29), None);
        assert_eq!(days_since_1970(2024, 13, 1), None);
    }
}
