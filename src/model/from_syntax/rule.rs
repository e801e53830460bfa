//! `rule` declarations.

use super::super::check::phases::phase_of;
use super::super::check::types::{Typed, WrittenType, literal_number, unify};
use super::super::error::ModelError;
use super::super::{
    Action, ActionKind, Body, Change, Expression, ExpressionKind, FlagLevel, InputId, MitigationId, NodeId, Rating,
    RelationId, Rule, Type,
};
use super::Context;
use super::about::lower_about;
use super::clauses::{check_clauses, choice, find, missing, title};
use super::scope::{FindingRead, Scope};
use crate::syntax::ast::{self, ClauseKind, Declaration, Keyword};

/// A rule and what its condition reads.
#[derive(Debug)]
pub(in crate::model) struct LoweredRule {
    pub rule: Rule,
    pub reads: Vec<FindingRead>,
    pub inputs: Vec<InputId>,
    pub relations: Vec<RelationId>,
}

/// Returns a rule; its stratum is not known yet.
pub(super) fn lower_rule(context: &mut Context<'_>, name: &str, declaration: &Declaration) -> Option<LoweredRule> {
    check_clauses(context, declaration);
    let about = lower_about(context, declaration);
    let mut scope = Scope::new(context);
    let mut sound = true;
    for clause in &declaration.clauses {
        if let ClauseKind::ForEach(bindings) = &clause.kind {
            sound &= scope.bind_all(bindings);
        }
    }
    let for_each = scope.variables.len();
    let when = find(declaration, |clause| match clause {
        ClauseKind::When(condition) => Some(condition),
        _ => None,
    });
    let condition = when.map(|written| scope.condition(written));
    let written_actions: Vec<&ast::Action> = declaration
        .clauses
        .iter()
        .filter_map(|clause| match &clause.kind {
            ClauseKind::Then(actions) => Some(actions),
            _ => None,
        })
        .flatten()
        .collect();
    let lowered: Vec<Option<Action>> = written_actions.iter().map(|action| scope.action(action, &about)).collect();
    if sound && lowered.iter().all(Option::is_some) && !matches!(condition, Some(None)) {
        scope.warn_of_unused_variables();
    }
    let Scope { variables, reads, inputs_read, relations_read, late, .. } = scope;
    if written_actions.is_empty() {
        missing(context, declaration, "an action", "add `then suspect …`, `then conclude …` or another action");
        return None;
    }
    let actions = lowered.into_iter().collect::<Option<Vec<Action>>>()?;
    let phase = phase_of(&actions, &late, context)?;
    if !sound {
        return None;
    }
    let condition = match condition {
        Some(condition) => Some(condition?),
        None => None,
    };
    let evidence = find(declaration, |clause| match clause {
        ClauseKind::Evidence(group) => Some(group.clone()),
        _ => None,
    });
    let rule = Rule {
        id: name.to_owned(),
        title: title(declaration),
        body: Body { variables, for_each, condition },
        actions,
        evidence,
        phase,
        stratum: 0,
        span: declaration.span,
        about,
    };
    Some(LoweredRule { rule, reads, inputs: inputs_read, relations: relations_read })
}

impl Scope<'_, '_> {
    fn action(&mut self, written: &ast::Action, about: &super::super::About) -> Option<Action> {
        let symbols = self.context.symbols;
        let kind = match &written.kind {
            ast::ActionKind::Conclude(atom) => ActionKind::Conclude(self.finding(atom)?),
            ast::ActionKind::Suspect { node, likelihood } => {
                let node = symbols.resolve(&symbols.nodes, node, &mut self.context.diagnostics);
                let likelihood = self.share(likelihood, "likelihood");
                ActionKind::Suspect { node: node?, likelihood: likelihood? }
            }
            ast::ActionKind::Exonerate { node, by } => {
                let node = symbols.resolve(&symbols.nodes, node, &mut self.context.diagnostics);
                let by = self.share(by, "share");
                ActionKind::Exonerate { node: node?, by: by? }
            }
            ast::ActionKind::Adjust { change, rating, mode, step, amount } => {
                let node: Option<NodeId> = symbols.resolve(&symbols.nodes, mode, &mut self.context.diagnostics);
                let entry = node.map(|node| &symbols.nodes.entries[node.index()]);
                let rating_word: &'static str = if rating.value == "severity" { "severity" } else { "detectability" };
                if let Some(entry) = entry
                    && entry.keyword == Keyword::Factor
                {
                    self.error(ModelError::NotAMode {
                        name: mode.value.clone(),
                        what: rating_word,
                        span: mode.span,
                        declared: Some(entry.span),
                    });
                    return None;
                }
                let (change, wanted): (Change, &'static [&'static str]) = match change.value.as_str() {
                    "raise" => (Change::Raise, &["by"]),
                    "lower" => (Change::Lower, &["by"]),
                    _ => (Change::Set, &["to"]),
                };
                choice(self.context, "the word that belongs here", step, wanted, &[()])?;
                let amount = self.amount(amount, change, rating_word)?;
                let rating = if rating_word == "severity" { Rating::Severity } else { Rating::Detectability };
                ActionKind::Adjust { rating, change, mode: node?, amount }
            }
            ast::ActionKind::Recommend(name) => {
                ActionKind::Recommend(symbols.resolve(&symbols.mitigations, name, &mut self.context.diagnostics)?)
            }
            ast::ActionKind::Contraindicate { mitigation, because } => {
                let id: Option<MitigationId> =
                    symbols.resolve(&symbols.mitigations, mitigation, &mut self.context.diagnostics);
                // The rule's own reason stands in for one of the action.
                let because = because.as_ref().or(about.because.as_ref());
                if because.is_none() {
                    self.error(ModelError::MissingClause {
                        what: "a reason".into(),
                        keyword: "`contraindicate`".into(),
                        span: written.span,
                        help: format!("write `contraindicate {} because \"…\"`", mitigation.value),
                    });
                }
                ActionKind::Contraindicate { mitigation: id?, because: because?.value.clone() }
            }
            ast::ActionKind::Require(name) => {
                let input: InputId = symbols.resolve(&symbols.inputs, name, &mut self.context.diagnostics)?;
                self.inputs_read.push(input);
                ActionKind::Require(input)
            }
            ast::ActionKind::Flag { level, text } => {
                let values = [FlagLevel::Info, FlagLevel::Advise, FlagLevel::Act, FlagLevel::Block];
                let level =
                    choice(self.context, "a level of a flag", level, &["info", "advise", "act", "block"], &values)?;
                ActionKind::Flag { level, text: text.value.clone() }
            }
        };
        Some(Action { kind, span: written.span })
    }

    /// Returns a share between 0 and 1.
    fn share(&mut self, written: &ast::Expression, what: &'static str) -> Option<Expression> {
        let typed = self.value(written)?;
        let out_of_range = |value: f64| !(0.0..=1.0).contains(&value);
        // What is no share at all is told so below.
        let bare = matches!(typed.written, WrittenType::Plain | WrittenType::Exact(Type::Ratio));
        let wrong = match &typed.expression.kind {
            _ if !bare => None,
            ExpressionKind::Ramp { points, .. } => points.iter().map(|(_, y)| *y).find(|y| out_of_range(*y)),
            _ => literal_number(&typed.expression).filter(|value| out_of_range(*value)),
        };
        if let Some(value) = wrong {
            let help = if value > 1.0 && value <= 100.0 {
                format!("did you mean `{value}%`?")
            } else {
                "write a share from 0 to 1".to_owned()
            };
            self.error(ModelError::FigureOutOfRange {
                what,
                value: format!("`{value}`"),
                low: "0",
                high: "1",
                span: written.span,
                help: Some(help),
            });
            return None;
        }
        self.of_type(typed, Type::Ratio, what)
    }

    /// Returns the figure by or to which a rating changes.
    fn amount(&mut self, written: &ast::Expression, change: Change, what: &'static str) -> Option<Expression> {
        let typed = self.value(written)?;
        if let WrittenType::Exact(Type::Score { .. } | Type::Count | Type::Number { unit: None }) = &typed.written {
            return Some(typed.expression);
        }
        if let Some(value) = literal_number(&typed.expression)
            && typed.written == WrittenType::Plain
        {
            let (low, low_shown, high, high_shown) =
                if change == Change::Set { (1.0, "1", 10.0, "10") } else { (0.0, "0", 9.0, "9") };
            if !(low..=high).contains(&value) {
                self.error(ModelError::FigureOutOfRange {
                    what: if change == Change::Set { what } else { "change" },
                    value: format!("`{value}`"),
                    low: low_shown,
                    high: high_shown,
                    span: written.span,
                    help: Some(format!("write a figure from {low_shown} to {high_shown}")),
                });
                return None;
            }
        }
        self.of_type(typed, Type::Number { unit: None }, "rating")
    }

    /// Returns the expression as one of `wanted`, or says that it is not.
    fn of_type(&mut self, typed: Typed, wanted: Type, what: &'static str) -> Option<Expression> {
        match &typed.written {
            WrittenType::Plain => {
                let pattern =
                    Expression { kind: typed.expression.kind.clone(), value_type: wanted, span: typed.expression.span };
                // A plain expression takes any numeric type; the pattern carries the wanted one.
                let (_, expression) = unify(self.context, Typed::exact(pattern), typed, "compared")?;
                Some(expression)
            }
            WrittenType::Exact(value_type) if *value_type == wanted => Some(typed.expression),
            WrittenType::Exact(value_type) => {
                let span = typed.expression.span;
                let help = format!("a {what} is a {wanted}");
                self.error(ModelError::WrongArguments {
                    function: what.to_owned(),
                    wanted: if wanted == Type::Ratio { "a share" } else { "a plain number" },
                    span,
                    help: format!("{help}, and this is a {value_type}"),
                });
                None
            }
        }
    }
}
