//! Statements about inputs, in `deployment.yaml` and `answers.yaml`, turned into facts of the pack's
//! types.

use super::block::{Block, as_text, wrong_kind};
use super::yaml::{Node, Yaml};
use super::{Fact, FactStore, Interval, Member, NoiseFloor, Origin};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, List, or_nearest};
use crate::model::{Input, InputId, InputKind, KnowledgeBase, Type, Value};
use crate::source::{SourceMap, Span, Spanned};

/// The key of a stated noise floor, as in the tables of `etio fleet`.
const NOISE: &str = "noise_p95";

/// One statement: what is said of an input, and for which member of its index set.
#[derive(Clone, Debug)]
pub struct Statement {
    /// The input.
    pub input: InputId,
    /// The member of each index set, by name.
    pub members: Vec<Spanned<String>>,
    /// What is said.
    pub fact: Fact,
    /// Where the input's name is written.
    pub span: Span,
}

/// Which file statements stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaker {
    /// `deployment.yaml`, under `inputs`.
    Manifest,
    /// `answers.yaml`.
    Answers,
}

/// Returns the statements under the given keys.
///
/// # Errors
/// `D303` to `D306` for each key that names no input and each value that is not of its type.
pub fn read_statements(
    entries: &[(Spanned<String>, Node)],
    speaker: Speaker,
    knowledge: &KnowledgeBase,
    sources: &SourceMap,
) -> (Vec<Statement>, Diagnostics) {
    let mut problems = Diagnostics::default();
    let mut statements = Vec::new();
    for (key, node) in entries {
        let Some(id) = knowledge.inputs.find(&key.value) else {
            problems.push(unknown_input(key, knowledge));
            continue;
        };
        let input = &knowledge.inputs[id];
        let origin = |span: Span, by: Option<String>, on: Option<String>| match speaker {
            Speaker::Manifest => Origin::Metadata { location: sources.location(span), span },
            Speaker::Answers => Origin::Answer { location: sources.location(span), span, by, on },
        };
        for (members, node) in cells(key, node, input, knowledge, &mut problems) {
            if let Some(fact) = fact(input, node, &origin, &mut problems) {
                statements.push(Statement { input: id, members, fact, span: key.span });
            }
        }
    }
    (statements, problems)
}

/// A member for each index set of an input, and what is written for them.
type Cell<'n> = (Vec<Spanned<String>>, &'n Node);

/// Returns what is written for each choice of members: a block of keys for each index set of the input, the
/// block of the second within that of the first.
fn cells<'n>(
    key: &Spanned<String>,
    node: &'n Node,
    input: &Input,
    knowledge: &KnowledgeBase,
    problems: &mut Diagnostics,
) -> Vec<Cell<'n>> {
    let mut cells: Vec<Cell<'n>> = vec![(Vec::new(), node)];
    for index in &input.indexes {
        let mut deeper = Vec::new();
        for (members, node) in cells {
            let Yaml::Map(entries) = &node.value else {
                let set = &knowledge.indexes[*index].id;
                let expected = format!("`{}` has a value for each {set}, so it must be a block of keys", key.value);
                problems.push(wrong_kind(node.span, &expected, &node.value));
                continue;
            };
            let below = |(member, node)| (members.iter().chain([member]).cloned().collect(), node);
            deeper.extend(entries.iter().map(|(member, node)| (member, node)).map(below));
        }
        cells = deeper;
    }
    cells
}

/// Enters statements into the store; their members must have been entered before.
///
/// # Errors
/// `D307` where an input already has a fact, with both places.
pub fn enter_statements(statements: Vec<Statement>, knowledge: &KnowledgeBase, store: &mut FactStore) -> Diagnostics {
    let mut problems = Diagnostics::default();
    for statement in statements {
        let indexes = &knowledge.inputs[statement.input].indexes;
        let members: Option<Vec<Member>> =
            indexes.iter().zip(&statement.members).map(|(index, name)| store.member(*index, &name.value)).collect();
        let members = members.expect("invariant: members of statements are entered before the statements");
        if let Some(earlier) = store.get(statement.input, &members) {
            problems.push(stated_twice(&knowledge.inputs[statement.input].id, &statement, earlier));
        } else {
            store.set(statement.input, &members, statement.fact);
        }
    }
    problems
}

fn unknown_input(key: &Spanned<String>, knowledge: &KnowledgeBase) -> Diagnostic {
    Diagnostic::new(Code::D305, format!("the pack has no input called `{}`", key.value))
        .with_label(key.span, "this name")
        .with_help(or_nearest(&key.value, knowledge.inputs.names(), || {
            "`etio ask` lists the questions; `etio check` lists what a pack declares".into()
        }))
}

fn stated_twice(name: &str, statement: &Statement, earlier: &Fact) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::D307, format!("`{name}` has two values"))
        .with_label(statement.span, "it is stated here")
        .with_help("keep one of the two");
    match &earlier.origin {
        Origin::Answer { span, .. } | Origin::Metadata { span, .. } => diagnostic.with_label(*span, "and here"),
        Origin::Metric { definition, .. } => {
            diagnostic.with_help(format!("the pilot tables give it already, as {definition}; remove the stated figure"))
        }
        Origin::Supposed => diagnostic,
    }
}

fn fact(
    input: &Input,
    node: &Node,
    origin: &dyn Fn(Span, Option<String>, Option<String>) -> Origin,
    problems: &mut Diagnostics,
) -> Option<Fact> {
    let mut stated = Fact {
        value: Err("nobody has said".into()),
        interval: None,
        n: None,
        events: None,
        floor: None,
        notes: Vec::new(),
        origin: origin(node.span, None, None),
    };
    let mut value_node = node;
    if matches!(node.value, Yaml::Map(_)) {
        let known = ["value", "by", "on", "note", "low", "high", "n", "events", NOISE];
        // Only a metric has noise.
        let known = if input.is_metric() { &known[..] } else { &known[..known.len() - 1] };
        let block = Block::new(node, "an answer", known, problems)?;
        block.require("value", "value: yes", problems);
        value_node = block.get("value")?;
        let by = block.text("by", problems).map(|by| by.value);
        stated.origin = origin(value_node.span, by, date(&block, problems));
        stated.interval = interval(&block, problems);
        let count = |number: Spanned<f64>| number.value.max(0.0) as u64;
        stated.n = block.number("n", problems).map(count);
        stated.events = block.number("events", problems).map(count);
        stated.floor = floor(&block, problems);
    }
    if value_node.value == Yaml::Null || value_node.value == Yaml::Text("unknown".into()) {
        stated.value = Err("stated to be unknown".into());
        return Some(stated);
    }
    match read_value(&input.value_type, &value_node.value) {
        Ok(value) => {
            stated.value = Ok(value);
            Some(stated)
        }
        Err(expected) => {
            problems.push(wrong_value(input, value_node, &expected));
            None
        }
    }
}

/// Returns when it was said, as it is written.
fn date(block: &Block<'_>, problems: &mut Diagnostics) -> Option<String> {
    let on = block.text("on", problems)?;
    if parse_date(&on.value).is_none() {
        problems.push(
            Diagnostic::new(Code::D306, format!("`{}` is not a date", on.value))
                .with_label(on.span, "expected a date such as `2026-05-31`")
                .with_help("`on` says when the answer was given; leave it out if that is not known"),
        );
        return None;
    }
    Some(on.value)
}

fn interval(block: &Block<'_>, problems: &mut Diagnostics) -> Option<Interval> {
    let low = block.number("low", problems)?;
    let high = block.number("high", problems)?;
    if low.value <= high.value {
        return Some(Interval { low: low.value, high: high.value, level: 0.95, method: "as stated".into() });
    }
    problems.push(
        Diagnostic::new(Code::D306, format!("`low` ({}) is above `high` ({})", low.value, high.value))
            .with_label(low.span, "the lower end")
            .with_label(high.span, "the upper end")
            .with_help("swap the two, or leave both out"),
    );
    None
}

/// Returns the noise floor as it is stated: where the noise ends, and not what it is on average.
fn floor(block: &Block<'_>, problems: &mut Diagnostics) -> Option<NoiseFloor> {
    let p95 = block.number(NOISE, problems)?;
    if p95.value >= 0.0 && p95.value.is_finite() {
        return Some(NoiseFloor { mean: None, p95: p95.value, method: "as stated".into() });
    }
    problems.push(
        Diagnostic::new(Code::D306, format!("`{NOISE}` cannot be {}", p95.value))
            .with_label(p95.span, "this value")
            .with_help("write the figure, 0 or more, that 95 of 100 such samples stay below when nothing is wrong"),
    );
    None
}

fn wrong_value(input: &Input, node: &Node, expected: &str) -> Diagnostic {
    let written = as_text(&node.value).unwrap_or_else(|| node.value.kind().to_owned());
    let what = match input.kind {
        InputKind::Question { .. } => "an answer to",
        InputKind::Metadata | InputKind::Metric { .. } => "a value of",
    };
    Diagnostic::new(Code::D306, format!("`{written}` is not {what} `{}`", input.id))
        .with_label(node.span, format!("expected {expected}"))
        .with_help(match &input.value_type {
            Type::OneOf(options) | Type::ManyOf(options) => {
                or_nearest(&written, options.iter().map(String::as_str), || {
                    format!("write {}", List::or(options.iter().map(String::as_str)))
                })
            }
            _ => format!("\"{}\" is of type {}; leave it out if it is not known", input.title, input.value_type),
        })
}

/// Returns a written value as a value of the type, or what was expected instead.
pub fn read_value(value_type: &Type, written: &Yaml) -> Result<Value, String> {
    match value_type {
        Type::Ratio => ratio(written).map(Value::Number).ok_or_else(|| "a share such as `0.1` or `10%`".into()),
        Type::Number { unit } => number_of(written, unit.as_deref()).map(Value::Number).ok_or_else(|| match unit {
            Some(unit) => format!("a number of {unit}, such as `12`"),
            None => "a number".into(),
        }),
        Type::Count => match written {
            Yaml::Number(count) if *count >= 0.0 && count.fract() <= 0.0 => Ok(Value::Number(*count)),
            _ => Err("a whole number, 0 or more".into()),
        },
        Type::Score { low, high } => match written {
            Yaml::Number(score) if (f64::from(*low)..=f64::from(*high)).contains(score) => Ok(Value::Number(*score)),
            _ => Err(format!("a rating from {low} to {high}")),
        },
        Type::YesNo => match written {
            Yaml::Text(word) if word == "yes" => Ok(Value::YesNo(true)),
            Yaml::Text(word) if word == "no" => Ok(Value::YesNo(false)),
            _ => Err("`yes` or `no`".into()),
        },
        Type::OneOf(options) => {
            let position = as_text(written).and_then(|word| position(options, &word));
            position.map(Value::Option).ok_or_else(|| "one of the options".into())
        }
        Type::ManyOf(options) => {
            many_of(options, written).map(Value::Options).ok_or_else(|| "a list of options".into())
        }
        Type::Date => match written {
            Yaml::Text(text) => parse_date(text).map(Value::Date).ok_or_else(|| "a date such as `2026-05-31`".into()),
            _ => Err("a date such as `2026-05-31`".into()),
        },
        Type::Duration => {
            let days = as_text(written).and_then(|text| duration_in_days(&text));
            days.map(Value::Number).ok_or_else(|| "a length of time such as `3 months`".into())
        }
        Type::Text => as_text(written).map(Value::Text).ok_or_else(|| "text".into()),
    }
}

fn ratio(written: &Yaml) -> Option<f64> {
    let share = match written {
        Yaml::Number(share) => *share,
        Yaml::Text(text) => text.trim().strip_suffix('%')?.trim().parse::<f64>().ok()? / 100.0,
        _ => return None,
    };
    (0.0..=1.0).contains(&share).then_some(share)
}

fn number_of(written: &Yaml, unit: Option<&str>) -> Option<f64> {
    let number = match written {
        Yaml::Number(number) => *number,
        Yaml::Text(text) => {
            let (number, written_unit) = text.trim().split_once(' ')?;
            (Some(written_unit.trim()) == unit).then(|| number.parse().ok())??
        }
        _ => return None,
    };
    number.is_finite().then_some(number)
}

fn position(options: &[String], word: &str) -> Option<u32> {
    options.iter().position(|option| option == word).and_then(|position| u32::try_from(position).ok())
}

fn many_of(options: &[String], written: &Yaml) -> Option<Vec<u32>> {
    let words: Vec<String> = match written {
        Yaml::List(nodes) => nodes.iter().map(|node| as_text(&node.value)).collect::<Option<_>>()?,
        other => vec![as_text(other)?],
    };
    let mut chosen: Vec<u32> = words.iter().map(|word| position(options, word)).collect::<Option<_>>()?;
    chosen.sort_unstable();
    chosen.dedup();
    Some(chosen)
}

/// Returns a date's days since 1970-01-01.
pub fn parse_date(text: &str) -> Option<i32> {
    let date: jiff::civil::Date = text.trim().parse().ok()?;
    let epoch = jiff::civil::date(1970, 1, 1);
    date.since(epoch).ok().map(|span| span.get_days())
}

/// Returns the days of a length of time such as `3 months`.
fn duration_in_days(text: &str) -> Option<f64> {
    let (number, unit) = text.trim().split_once(' ')?;
    let number: f64 = number.parse().ok()?;
    let days = Type::days_in(unit.trim())?;
    (number.is_finite() && number >= 0.0).then_some(number * days)
}
