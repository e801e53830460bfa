//! `test` declarations.

use super::super::check::types::WrittenType;
use super::super::error::{ModelError, Side};
use super::super::{
    Argument, Comparison, Expectation, ExpectationKind, FiringState, Given, GivenKind, Input, Measure, NodeId,
    TestCase, Type, Value,
};
use super::Context;
use super::clauses::{check_clauses, missing, shown};
use super::expression::number_value;
use super::scope::Scope;
use crate::source::Span;
use crate::syntax::ast::{self, ClauseKind, Declaration, GivenValue, Keyword, Name, Number, RuleState};

/// Returns a test.
pub(super) fn lower_test(context: &mut Context<'_>, declaration: &Declaration) -> Option<TestCase> {
    check_clauses(context, declaration);
    if declaration.title.is_none() {
        missing(context, declaration, "a sentence", "write `test \"what must follow\" { … }`");
    }
    let mut given = Vec::new();
    let mut expect = Vec::new();
    let mut sound = declaration.title.is_some();
    for clause in &declaration.clauses {
        match &clause.kind {
            ClauseKind::Given { input, members, value, within, noise } => {
                let beside = (within.as_ref(), noise.as_ref());
                let kind = lower_given(context, input, members, value, beside, clause.span);
                sound &= kind.is_some();
                given.extend(kind.map(|kind| Given { kind, span: clause.span }));
            }
            ClauseKind::GivenRelated { atom, unsure } => {
                let kind = lower_related(context, atom, *unsure);
                sound &= kind.is_some();
                given.extend(kind.map(|kind| Given { kind, span: clause.span }));
            }
            ClauseKind::GivenNone(name) => {
                let relation = context.symbols.resolve(&context.symbols.relations, name, &mut context.diagnostics);
                sound &= relation.is_some();
                let kind = relation.map(GivenKind::Unrelated);
                given.extend(kind.map(|kind| Given { kind, span: clause.span }));
            }
            ClauseKind::Expect(expectation) => {
                let kind = lower_expectation(context, expectation);
                sound &= kind.is_some();
                expect.extend(kind.map(|kind| Expectation { kind, span: clause.span }));
            }
            _ => {}
        }
    }
    sound &= agree(context, &given);
    if sound && expect.is_empty() {
        missing(context, declaration, "something to expect", "add `expect …`");
        return None;
    }
    let name = declaration.title.as_ref()?.value.clone();
    sound.then_some(TestCase { name, given, expect, span: declaration.span })
}

/// Tells whether no two givens are about the same, and says which are.
fn agree(context: &mut Context<'_>, given: &[Given]) -> bool {
    let mut sound = true;
    for (position, second) in given.iter().enumerate() {
        let same = |first: &&Given| match (&first.kind, &second.kind) {
            (
                GivenKind::Fact { input, members, .. },
                GivenKind::Fact { input: other_input, members: other_members, .. },
            ) => input == other_input && members == other_members,
            (
                GivenKind::Related { relation, members, .. },
                GivenKind::Related { relation: other_relation, members: other_members, .. },
            ) => relation == other_relation && members == other_members,
            (
                GivenKind::Unrelated(relation),
                GivenKind::Unrelated(other) | GivenKind::Related { relation: other, .. },
            )
            | (GivenKind::Related { relation, .. }, GivenKind::Unrelated(other)) => relation == other,
            _ => false,
        };
        if let Some(first) = given[..position].iter().find(same) {
            let symbols = context.symbols;
            let name = match &second.kind {
                GivenKind::Fact { input, .. } => symbols.inputs.entries[input.index()].name,
                GivenKind::Related { relation, .. } | GivenKind::Unrelated(relation) => {
                    symbols.relations.entries[relation.index()].name
                }
            };
            let clause = format!("given {name}");
            context.diagnostics.push(ModelError::RepeatedClause { clause, first: first.span, second: second.span });
            sound = false;
        }
    }
    sound
}

fn lower_given(
    context: &mut Context<'_>,
    input: &Name,
    members: &[ast::Expression],
    value: &GivenValue,
    (within, noise): (Option<&ast::Range>, Option<&Number>),
    span: Span,
) -> Option<GivenKind> {
    let arguments = members.iter().map(|value| ast::Argument { value: value.clone(), target: None }).collect();
    let brackets = if members.is_empty() { ast::Brackets::None } else { ast::Brackets::Square };
    let end = members.last().map_or(input.span, |last| last.span);
    let atom = ast::Atom { name: input.clone(), brackets, arguments, span: input.span.to(end) };
    let mut scope = Scope::new(context);
    let (reference, declared) = scope.input(&atom)?;
    let written = value;
    let value = given_value(&mut scope, declared, written, span)?;
    let within = match within {
        Some(range) => {
            let [low, high] = [&range.low, &range.high].map(|end| in_unit_of(end, written));
            let low = given_number(&mut scope, declared, &low)?;
            let high = given_number(&mut scope, declared, &high)?;
            Some(super::super::check::ranges::ordered(&mut scope.context.diagnostics, range, low, high)?)
        }
        None => None,
    };
    let noise = match noise {
        Some(noise) => {
            scope.metric(declared, input.span)?;
            Some(given_number(&mut scope, declared, &in_unit_of(noise, written))?)
        }
        None => None,
    };
    Some(GivenKind::Fact { input: reference.input, members: names(reference.arguments), value, within, noise })
}

fn lower_related(context: &mut Context<'_>, atom: &ast::Atom, unsure: bool) -> Option<GivenKind> {
    let atom = Scope::new(context).relation(atom)?;
    Some(GivenKind::Related { relation: atom.relation, members: names(atom.arguments), unsure })
}

/// Returns the members by name; a test binds no variable.
fn names(arguments: Vec<Argument>) -> Vec<String> {
    let named = arguments.into_iter().map(|argument| match argument {
        Argument::Member(member) => member,
        Argument::Variable(_) => String::new(),
    });
    named.collect()
}

fn given_value(scope: &mut Scope<'_, '_>, declared: &Input, value: &GivenValue, span: Span) -> Option<Value> {
    match (value, &declared.value_type) {
        (
            GivenValue::Number(number),
            Type::Ratio | Type::Number { .. } | Type::Count | Type::Score { .. } | Type::Duration,
        ) => given_number(scope, declared, number).map(Value::Number),
        (GivenValue::Date(days), Type::Date) => Some(Value::Date(days.value)),
        (GivenValue::Text(text), Type::Text) => Some(Value::Text(text.value.clone())),
        (GivenValue::Words(words), Type::YesNo) if words.len() == 1 => match words[0].value.as_str() {
            "yes" => Some(Value::YesNo(true)),
            "no" => Some(Value::YesNo(false)),
            _ => {
                scope.unknown_option(&words[0], &declared.id, &["yes".into(), "no".into()], Some(declared.span));
                None
            }
        },
        (GivenValue::Words(words), Type::OneOf(_)) if words.len() == 1 => {
            scope.option(&words[0], declared).map(Value::Option)
        }
        (GivenValue::Words(words), Type::ManyOf(_)) => {
            let mut positions = Vec::with_capacity(words.len());
            for word in words {
                positions.push(scope.option(word, declared)?);
            }
            positions.sort_unstable();
            positions.dedup();
            Some(Value::Options(positions))
        }
        (value, value_type) => {
            let what = match value {
                GivenValue::Number(_) => "number",
                GivenValue::Date(_) => "date",
                GivenValue::Text(_) => "text",
                GivenValue::Words(_) => "word",
            };
            differ(scope, declared, what.to_owned(), span, format!("give a {value_type}"));
            None
        }
    }
}

/// The ends of an interval and the noise floor are in the unit of the value.
fn in_unit_of(end: &Number, value: &GivenValue) -> Number {
    let unit = match value {
        GivenValue::Number(number) => number.unit.clone(),
        _ => None,
    };
    Number { unit, ..end.clone() }
}

fn differ(scope: &mut Scope<'_, '_>, declared: &Input, what: String, span: Span, help: String) {
    scope.error(ModelError::TypesDiffer {
        left: Side { what, span },
        right: Side { what: declared.value_type.to_string(), span: declared.span },
        verb: "compared",
        help,
    });
}

/// Returns a number of the input's type and within its range.
fn given_number(scope: &mut Scope<'_, '_>, declared: &Input, number: &Number) -> Option<f64> {
    let (value, written) = number_value(number);
    let wanted = &declared.value_type;
    let same = match &written {
        WrittenType::Exact(written) => written == wanted,
        WrittenType::Plain => *wanted != Type::Duration,
    };
    if !same {
        let what = match &written {
            WrittenType::Exact(Type::Ratio) => "percentage".to_owned(),
            WrittenType::Exact(written) => written.to_string(),
            WrittenType::Plain => "number without a unit".to_owned(),
        };
        let bare = *wanted == Type::Duration && written == WrittenType::Plain;
        let help = if bare { format!("write `{value} days`") } else { format!("give a {wanted}") };
        differ(scope, declared, what, number.span, help);
        return None;
    }
    let side = Some(Side { what: wanted.to_string(), span: declared.span });
    let (low, high) = wanted.range()?;
    if !(low..=high).contains(&value) {
        let error = if *wanted == Type::Ratio {
            let help = if value > 1.0 && value <= 100.0 && !number.percent {
                format!("did you mean `{value}%`?")
            } else {
                "a share lies between 0 and 1, or 0% and 100%".to_owned()
            };
            ModelError::RatioOutOfRange { value: shown(number), span: number.span, other: side, help }
        } else {
            let high = if high.is_finite() { high.to_string() } else { "any number".to_owned() };
            ModelError::ValueOutOfRange {
                value: shown(number),
                low: low.to_string(),
                high,
                span: number.span,
                other: side,
            }
        };
        scope.error(error);
        return None;
    }
    if matches!(wanted, Type::Count) && value.fract() != 0.0 {
        scope.error(ModelError::NotAWholeNumber { value: shown(number), span: number.span, other: side });
        return None;
    }
    Some(value)
}

fn lower_expectation(context: &mut Context<'_>, expectation: &ast::Expectation) -> Option<ExpectationKind> {
    let symbols = context.symbols;
    match expectation {
        ast::Expectation::Rule { rule, state } => {
            let rule = symbols.resolve(&symbols.rules, rule, &mut context.diagnostics)?;
            let state = match state {
                RuleState::Fired => FiringState::Fired,
                RuleState::NotFired => FiringState::NotFired,
                RuleState::Undecided => FiringState::Undecided,
            };
            Some(ExpectationKind::Rule { rule, state })
        }
        ast::Expectation::Measure { measure, node, comparison, value } => {
            let id: NodeId = symbols.resolve(&symbols.nodes, node, &mut context.diagnostics)?;
            let (measure, what) = match measure.value.as_str() {
                "likelihood" => (Measure::Likelihood, "likelihood"),
                "severity" => (Measure::Severity, "severity"),
                "detectability" => (Measure::Detectability, "detectability"),
                _ => (Measure::Risk, "risk"),
            };
            let entry = &symbols.nodes.entries[id.index()];
            if measure != Measure::Likelihood && entry.keyword == Keyword::Factor {
                context.diagnostics.push(ModelError::NotAMode {
                    name: node.value.clone(),
                    what,
                    span: node.span,
                    declared: Some(entry.span),
                });
                return None;
            }
            let (low, high) = match measure {
                Measure::Likelihood => ((0.0, "0"), (1.0, "1")),
                Measure::Risk => ((0.0, "0"), (100.0, "100")),
                Measure::Severity | Measure::Detectability => ((1.0, "1"), (10.0, "10")),
            };
            let value = super::super::check::ranges::checked_within(&mut context.diagnostics, what, value, low, high)?;
            let comparison = match comparison {
                ast::Comparison::Less => Comparison::Less,
                ast::Comparison::AtMost => Comparison::AtMost,
                ast::Comparison::Greater => Comparison::Greater,
                ast::Comparison::AtLeast => Comparison::AtLeast,
                ast::Comparison::Equal => Comparison::Equal,
                ast::Comparison::NotEqual => Comparison::NotEqual,
            };
            Some(ExpectationKind::Measure { measure, node: id, comparison, value })
        }
        ast::Expectation::Finding { atom, present } => {
            let mut scope = Scope::new(context);
            if !scope.context.findings.iter().any(|finding| finding.name == atom.name.value) {
                if let Some(other) = symbols.anything_called(&atom.name.value) {
                    scope.error(ModelError::WrongKind {
                        name: atom.name.value.clone(),
                        wanted: "a finding".into(),
                        actual: other.keyword.with_article(),
                        span: atom.name.span,
                        declared: other.span,
                    });
                } else if !symbols.incomplete {
                    let names = scope.context.findings.iter().map(|finding| finding.name.as_str());
                    let nearest = crate::diagnostic::nearest(&atom.name.value, names).map(str::to_owned);
                    scope.error(ModelError::NeverConcluded {
                        name: atom.name.value.clone(),
                        nearest,
                        span: atom.name.span,
                    });
                }
                return None;
            }
            let finding = scope.finding(atom)?;
            let members = names(finding.arguments);
            Some(ExpectationKind::Finding { finding: finding.finding, members, present: *present })
        }
        ast::Expectation::Recommended { mitigation, present } => {
            let mitigation = symbols.resolve(&symbols.mitigations, mitigation, &mut context.diagnostics)?;
            Some(ExpectationKind::Recommended { mitigation, present: *present })
        }
        ast::Expectation::Contraindicated(name) => {
            let mitigation = symbols.resolve(&symbols.mitigations, name, &mut context.diagnostics)?;
            Some(ExpectationKind::Contraindicated(mitigation))
        }
        ast::Expectation::Verdict(name) => {
            Some(ExpectationKind::Verdict(symbols.resolve(&symbols.verdicts, name, &mut context.diagnostics)?))
        }
        ast::Expectation::Flagged(text) => Some(ExpectationKind::Flagged(text.value.clone())),
    }
}
