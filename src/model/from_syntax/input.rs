//! `metric`, `input` and `question` declarations.

use super::super::error::ModelError;
use super::super::{DefinitionCall, Direction, Input, InputKind, ParameterValue, Type};
use super::Context;
use super::about::lower_about;
use super::clauses::{check_clauses, find, missing, title, whole};
use crate::diagnostic::nearest;
use crate::source::Spanned;
use crate::syntax::ast::ParameterValue as WrittenValue;
use crate::syntax::ast::{ClauseKind, Declaration, HeaderKind, Keyword, Name, TypeName};

const TYPE_WORDS: [&str; 10] =
    ["ratio", "number", "count", "score", "likert", "yes_no", "one of", "many of", "date", "duration"];

/// Returns an input.
pub(super) fn lower_input(context: &mut Context<'_>, name: &str, declaration: &Declaration) -> Option<Input> {
    check_clauses(context, declaration);
    let about = lower_about(context, declaration);
    let symbols = context.symbols;
    let mut indexes = Vec::with_capacity(declaration.indexes.len());
    for index in &declaration.indexes {
        indexes.extend(symbols.resolve(&symbols.indexes, index, &mut context.diagnostics));
    }
    let mut value_type = None;
    let mut direction = None;
    let mut definition = None;
    for header in &declaration.header {
        match &header.kind {
            HeaderKind::Type(written) => value_type = Some(lower_type(context, written)),
            HeaderKind::Direction { lower: true } => direction = Some(Direction::LowerIsBetter),
            HeaderKind::Direction { lower: false } => direction = Some(Direction::HigherIsBetter),
            HeaderKind::Definition { name, parameters } => {
                let parameters =
                    parameters.iter().map(|(name, value)| (name.clone(), value.clone().map(lower_parameter)));
                definition = Some(DefinitionCall { name: name.clone(), parameters: parameters.collect() });
            }
            _ => {}
        }
    }
    if value_type.is_none() {
        missing(
            context,
            declaration,
            "a type",
            "write `: ratio`, `: count`, `: yes_no` or another type after the title",
        );
    }
    let word = |pick: fn(&ClauseKind) -> Option<&Name>| find(declaration, pick).map(|name| name.value.clone());
    let kind = match declaration.keyword.value {
        Keyword::Metric => InputKind::Metric { definition },
        Keyword::Question => InputKind::Question {
            ask: word(|clause| match clause {
                ClauseKind::Ask(name) => Some(name),
                _ => None,
            }),
            phase: word(|clause| match clause {
                ClauseKind::Phase(name) => Some(name),
                _ => None,
            }),
        },
        _ => InputKind::Metadata,
    };
    if indexes.len() != declaration.indexes.len() {
        return None;
    }
    Some(Input {
        id: name.to_owned(),
        title: title(declaration),
        kind,
        indexes,
        value_type: value_type??,
        direction,
        span: declaration.span,
        about,
    })
}

fn lower_parameter(value: WrittenValue) -> ParameterValue {
    match value {
        WrittenValue::Number(number) => ParameterValue::Number(number.value()),
        WrittenValue::Word(word) => ParameterValue::Word(word),
    }
}

fn lower_type(context: &mut Context<'_>, written: &TypeName) -> Option<Type> {
    let word = match written {
        TypeName::OneOf(options) => return lower_options(context, options).map(Type::OneOf),
        TypeName::ManyOf(options) => return lower_options(context, options).map(Type::ManyOf),
        TypeName::NumberOf(unit) => return Some(Type::Number { unit: Some(unit.value.clone()) }),
        TypeName::Score(range) => {
            let low = whole(context, &range.low).and_then(|low| i32::try_from(low).ok())?;
            let high = whole(context, &range.high).and_then(|high| i32::try_from(high).ok())?;
            if low >= high {
                let help = format!("write `score {high}..{low}`");
                context.diagnostics.push(ModelError::RangeReversed { span: range.span, help });
                return None;
            }
            return Some(Type::Score { low, high });
        }
        TypeName::Word(word) => word,
    };
    match word.value.as_str() {
        "ratio" => Some(Type::Ratio),
        "number" => Some(Type::Number { unit: None }),
        "count" => Some(Type::Count),
        "likert" => Some(Type::Score { low: 1, high: 5 }),
        "yes_no" => Some(Type::YesNo),
        "date" => Some(Type::Date),
        "duration" => Some(Type::Duration),
        "text" => Some(Type::Text),
        other => {
            let habit = match other {
                "percent" | "percentage" | "probability" | "share" | "rate" | "fraction" => Some("ratio"),
                "bool" | "boolean" | "yesno" | "yes" => Some("yes_no"),
                "int" | "integer" => Some("count"),
                "float" | "real" | "decimal" => Some("number"),
                "string" => Some("text"),
                "months" | "days" | "weeks" | "time" => Some("duration"),
                _ => nearest(other, TYPE_WORDS.iter().copied().chain(["text"])),
            };
            context.diagnostics.push(ModelError::UnknownWord {
                what: "a type",
                word: other.to_owned(),
                choices: &[
                    "ratio",
                    "number",
                    "count",
                    "score 1..5",
                    "likert",
                    "yes_no",
                    "one of …",
                    "many of …",
                    "date",
                    "duration",
                    "text",
                ],
                span: word.span,
                nearest: habit.map(str::to_owned),
            });
            None
        }
    }
}

fn lower_options(context: &mut Context<'_>, options: &[Name]) -> Option<Vec<String>> {
    let mut seen: Vec<&Spanned<String>> = Vec::new();
    for option in options {
        if let Some(first) = seen.iter().find(|first| first.value == option.value) {
            context.diagnostics.push(ModelError::DeclaredTwice {
                noun: "an option",
                name: option.value.clone(),
                first: first.span,
                second: option.span,
            });
            return None;
        }
        seen.push(option);
    }
    Some(options.iter().map(|option| option.value.clone()).collect())
}
