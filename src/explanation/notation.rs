//! Conditions and rules in notation, for proof trees: names as they are typed, values beside thresholds.

use super::Case;
use super::figures::{distinct, figure_text, number, value_text};
use crate::inference::{Figure, Instance, Premise, PremiseKind, Reading, Term, TermKind};
use crate::model::{
    ActionKind, Aggregate, Arithmetic, Change, Comparison, Condition, ConditionKind, Expression, ExpressionKind,
    Measure, Quantifier, Rating, Type,
};

impl Case<'_> {
    /// Returns a rule with its binding and what it concludes, such as
    /// `fairness.gap {s = sex=F} ⊢ disadvantaged(sex=F), suspect disparity 0.7`.
    pub(super) fn rule_notation(&self, instance: &Instance) -> String {
        let rule = &self.knowledge.rules[instance.rule];
        let bound = rule.body.variables.iter().zip(&instance.binding);
        let bound: Vec<String> = bound
            .map(|(variable, element)| format!("{} = {}", variable.name, self.element_name(variable.index, *element)))
            .collect();
        let binding = if bound.is_empty() { String::new() } else { format!(" {{{}}}", bound.join(", ")) };
        let amounts = instance.amounts.iter().map(|amount| amount.as_ref().map(|term| term.figure));
        let actions =
            rule.actions.iter().zip(amounts).filter_map(|(action, amount)| self.action(&action.kind, amount, instance));
        format!("{}{binding} ⊢ {}", rule.id, actions.collect::<Vec<_>>().join(", "))
    }

    fn action(&self, action: &ActionKind, amount: Option<Figure>, instance: &Instance) -> Option<String> {
        let node = |node: &crate::model::NodeId| self.knowledge.nodes[*node].id.as_str();
        let amount = amount.and_then(Figure::point).map_or_else(|| "?".to_owned(), number);
        Some(match action {
            ActionKind::Conclude(atom) => {
                let parameters = &self.knowledge.findings[atom.finding].parameters;
                let named = atom.arguments.iter().zip(parameters).map(|(argument, index)| match argument {
                    crate::model::Argument::Variable(variable) => instance
                        .binding
                        .get(variable.index())
                        .map_or_else(|| "_".to_owned(), |element| self.element_name(*index, *element)),
                    crate::model::Argument::Member(name) => name.clone(),
                });
                let arguments: Vec<String> = named.collect();
                let name = &self.knowledge.findings[atom.finding].id;
                if arguments.is_empty() { name.clone() } else { format!("{name}({})", arguments.join(", ")) }
            }
            ActionKind::Suspect { node: suspect, .. } => format!("suspect {} {amount}", node(suspect)),
            ActionKind::Exonerate { node: cleared, .. } => format!("exonerate {} {amount}", node(cleared)),
            ActionKind::Adjust { rating, change, mode, .. } => {
                let rating = if *rating == Rating::Severity { "severity" } else { "detectability" };
                let sign = match change {
                    Change::Raise => "+",
                    Change::Lower => "−",
                    Change::Set => "= ",
                };
                format!("{rating}({}) {sign}{amount}", node(mode))
            }
            ActionKind::Recommend(advised) => format!("recommend {}", self.knowledge.mitigations[*advised].id),
            ActionKind::Contraindicate { mitigation, .. } => {
                format!("contraindicate {}", self.knowledge.mitigations[*mitigation].id)
            }
            ActionKind::Require(input) => format!("require {}", self.knowledge.inputs[*input].id),
            ActionKind::Flag { .. } => return None,
        })
    }

    /// Returns a condition in notation, with the values that decided it.
    pub(super) fn notation(&self, condition: &Condition, premise: &Premise) -> String {
        match (&condition.kind, &premise.kind) {
            (ConditionKind::Compare { left, right, .. }, PremiseKind::Compare { left: l, comparison, right: r }) => {
                let (shown_left, shown_right) = self.sides((left, l), (right, r));
                format!("{shown_left} {} {shown_right}", sign(*comparison))
            }
            (ConditionKind::Compare { left, right, .. }, PremiseKind::Same { comparison, .. }) => {
                format!("{} {} {}", self.written(left), sign(*comparison), self.written(right))
            }
            (ConditionKind::Between { value, .. }, PremiseKind::Between { value: v, low, high }) => {
                let end = |term: &Term| figure(term.figure, &value.value_type);
                format!("{} ≤ {} ≤ {}", end(low), self.valued(value, v), end(high))
            }
            (ConditionKind::In { input, .. }, PremiseKind::In { reading, options, .. }) => {
                let Type::OneOf(names) = &self.knowledge.inputs[input.input].value_type else { return String::new() };
                let set: Vec<&str> =
                    options.iter().filter_map(|option| names.get(*option as usize)).map(String::as_str).collect();
                format!("{} ∈ {{{}}}", self.read(reading), set.join(", "))
            }
            (ConditionKind::Includes { input, .. }, PremiseKind::Includes { reading, option, .. }) => {
                let Type::ManyOf(names) = &self.knowledge.inputs[input.input].value_type else { return String::new() };
                let name = names.get(*option as usize).map_or("?", String::as_str);
                format!("{name} ∈ {}", self.read(reading))
            }
            (_, PremiseKind::Known(reading)) => format!("known({})", self.key_name(&reading.key)),
            (_, PremiseKind::ExceedsNoise { reading, value, p95 }) => {
                let p95 = p95.map_or_else(|| "?".to_owned(), number);
                let value = value.point().map_or_else(|| "?".to_owned(), number);
                format!("{} = {value} > {p95} = noise p95", self.key_name(&reading.key))
            }
            (_, PremiseKind::Finding(finding)) => self.finding_name(finding.finding, &finding.arguments),
            (_, PremiseKind::Relation(relation)) => self.relation_name(relation.relation, &relation.arguments),
            (_, PremiseKind::EvidenceMissing) => "evidence_missing".to_owned(),
            (_, PremiseKind::Quantified { quantifier, index, members, .. }) => {
                let holding = members.iter().filter(|(_, premise)| premise.outcome.holds()).count();
                let quantifier = if *quantifier == Quantifier::Any { "∃" } else { "∀" };
                format!("{quantifier} {} ({holding} of {})", self.knowledge.index_name(*index), members.len())
            }
            (_, PremiseKind::And(_)) => "∧".to_owned(),
            (_, PremiseKind::Or(_)) => "∨".to_owned(),
            _ => self.sources.text(condition.span).to_owned(),
        }
    }

    fn read(&self, reading: &Reading) -> String {
        let declared = &self.knowledge.inputs[reading.key.input];
        let value = self.fact(&reading.key).and_then(|fact| fact.value.as_ref().ok());
        let value = value.map_or_else(|| "?".to_owned(), |value| value_text(value, &declared.value_type));
        format!("{} = {value}", self.key_name(&reading.key))
    }

    /// Returns both sides of a comparison, each with what it comes to, with so many digits that they differ.
    fn sides(&self, (left, l): (&Expression, &Term), (right, r): (&Expression, &Term)) -> (String, String) {
        let plain = matches!(left.value_type, Type::Ratio | Type::Number { unit: None });
        let (shown_left, shown_right) = match (l.figure.point(), r.figure.point()) {
            (Some(left), Some(right)) if plain => distinct(left, right),
            _ => (figure(l.figure, &left.value_type), figure(r.figure, &left.value_type)),
        };
        let named = |expression: &Expression, term: &Term| match expression.kind {
            ExpressionKind::Literal(_) => None,
            _ => Some(self.term(expression, term)),
        };
        let shown_left = named(left, l).map_or(shown_left.clone(), |name| format!("{name} = {shown_left}"));
        let shown_right = named(right, r).map_or(shown_right.clone(), |name| format!("{shown_right} = {name}"));
        (shown_left, shown_right)
    }

    fn valued(&self, expression: &Expression, term: &Term) -> String {
        format!("{} = {}", self.term(expression, term), figure(term.figure, &expression.value_type))
    }

    fn term(&self, expression: &Expression, term: &Term) -> String {
        match (&expression.kind, &term.kind) {
            (ExpressionKind::Literal(value), _) => value_text(value, &expression.value_type),
            (_, TermKind::Fact(reading)) => self.key_name(&reading.key),
            (_, TermKind::Measure { measure, node }) => {
                let measure = match measure {
                    Measure::Likelihood => "L",
                    Measure::Severity => "S",
                    Measure::Detectability => "D",
                    Measure::Risk => "R",
                };
                format!("{measure}({})", node.map_or("?", |node| self.knowledge.nodes[node].id.as_str()))
            }
            (ExpressionKind::Arithmetic { left, right, .. }, TermKind::Arithmetic { operator, left: l, right: r }) => {
                let sign = match operator {
                    Arithmetic::Add => "+",
                    Arithmetic::Subtract => "−",
                    Arithmetic::Multiply => "·",
                    Arithmetic::Divide => "/",
                };
                format!("({} {sign} {})", self.term(left, l), self.term(right, r))
            }
            (ExpressionKind::Negate(inner), TermKind::Negate(term)) => format!("−{}", self.term(inner, term)),
            (ExpressionKind::Absolute(inner), TermKind::Absolute(term)) => format!("|{}|", self.term(inner, term)),
            (ExpressionKind::Ramp { value, .. }, TermKind::Ramp { value: term, .. }) => {
                format!("ramp({})", self.term(value, term))
            }
            (ExpressionKind::Aggregate { of, .. }, TermKind::Aggregate { aggregate, index, .. }) => {
                let name = match aggregate {
                    Aggregate::Count => "count",
                    Aggregate::Min => "min",
                    Aggregate::Max => "max",
                    Aggregate::Mean => "mean",
                    Aggregate::Sum => "sum",
                };
                let of = of.as_ref().map(|of| format!(": {}", self.sources.text(of.span)));
                format!("{name}{{{}{}}}", self.knowledge.index_name(*index), of.unwrap_or_default())
            }
            _ => self.sources.text(expression.span).to_owned(),
        }
    }
}

fn figure(figure: Figure, value_type: &Type) -> String {
    figure.point().map_or_else(|| "?".to_owned(), |point| figure_text(point, value_type))
}

fn sign(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Less => "<",
        Comparison::AtMost => "≤",
        Comparison::Greater => ">",
        Comparison::AtLeast => "≥",
        Comparison::Equal => "=",
        Comparison::NotEqual => "≠",
    }
}
