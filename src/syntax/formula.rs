//! Gives a flat list of operands and operators its shape.
//!
//! Precedence is the table in [`Power`]; the loop is Pratt's. It is our own rather than pest's,
//! because two operators look at what they have read: `where` takes one simple condition and stops
//! there (`count s in set where f(s) >= 2` compares the count), and a second comparison in a row is a
//! slip with its own answer.

use super::SyntaxError;
use super::ast::{Aggregate, Comparison, Expression, ExpressionKind, Name, Operator};
use super::grammar::Rule;
use super::parse::{Builder, presume};
use crate::source::{Span, Spanned};
use pest::iterators::{Pair, Pairs};
use std::iter::Peekable;

type Tokens<'i> = Peekable<Pairs<'i, Rule>>;

/// How tightly an operator binds; `or` least.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Power {
    Lowest,
    Or,
    And,
    Not,
    Comparison,
    Sum,
    Product,
    Sign,
}

impl Power {
    fn of(rule: Rule, text: &str) -> Option<Power> {
        Some(match rule {
            Rule::disjunction => Power::Or,
            Rule::conjunction => Power::And,
            Rule::logic_slip if text == "||" => Power::Or,
            Rule::logic_slip => Power::And,
            Rule::comparison
            | Rule::between
            | Rule::membership
            | Rule::membership_slip
            | Rule::inclusion
            | Rule::noise => Power::Comparison,
            Rule::arithmetic if text == "+" || text == "-" => Power::Sum,
            Rule::arithmetic => Power::Product,
            _ => return None,
        })
    }
}

/// The functions that give a figure; every other name in front of brackets is a finding.
const FIGURES: [&str; 6] = ["abs", "ramp", "likelihood", "severity", "detectability", "risk"];

/// Tells whether the expression can only be a condition.
fn is_condition(expression: &Expression) -> bool {
    match &expression.kind {
        ExpressionKind::And(_)
        | ExpressionKind::Or(_)
        | ExpressionKind::Not(_)
        | ExpressionKind::Compare { .. }
        | ExpressionKind::Between { .. }
        | ExpressionKind::In { .. }
        | ExpressionKind::Includes { .. }
        | ExpressionKind::ExceedsNoise(_)
        | ExpressionKind::Quantified { .. } => true,
        ExpressionKind::Group(inner) => is_condition(inner),
        ExpressionKind::Atom(atom) => {
            atom.brackets == super::ast::Brackets::Round && !FIGURES.contains(&atom.name.value.as_str())
        }
        _ => false,
    }
}

fn boxed(expression: Expression) -> Box<Expression> {
    Box::new(expression)
}

impl Builder<'_> {
    /// Returns the expression of a `formula`, `simple` or `sum`.
    pub(super) fn formula(&mut self, pair: Pair<'_, Rule>) -> Expression {
        let simple = pair.as_rule() == Rule::simple;
        let mut tokens = pair.into_inner().peekable();
        let expression = if simple { self.simple(&mut tokens) } else { self.climb(&mut tokens, Power::Lowest) };
        // Only a chain of comparisons after `where` leaves something behind.
        if let Some(rest) = tokens.next() {
            let second = self.span(&rest);
            self.errors.push(SyntaxError::ChainedComparison { first: expression.span, second });
        }
        expression
    }

    /// Reads operators that bind tighter than `floor`.
    fn climb(&mut self, tokens: &mut Tokens<'_>, floor: Power) -> Expression {
        let start = self.operand(tokens);
        self.climb_from(start, tokens, floor, false)
    }

    /// Goes on from `left`. With `stop`, a condition is left as soon as it is complete.
    fn climb_from(&mut self, mut left: Expression, tokens: &mut Tokens<'_>, floor: Power, stop: bool) -> Expression {
        let mut compared: Option<Span> = None;
        while let Some(power) = tokens.peek().and_then(|token| Power::of(token.as_rule(), token.as_str())) {
            if power <= floor || (stop && is_condition(&left)) {
                break;
            }
            let token = presume(tokens.next());
            let sign = self.span(&token);
            if power == Power::Comparison {
                if let Some(first) = compared {
                    self.errors.push(SyntaxError::ChainedComparison { first, second: sign });
                    left = self.chain(left, token, sign, tokens);
                    continue;
                }
                compared = Some(sign);
            } else if power < Power::Comparison {
                compared = None;
            }
            left = self.join(left, token, sign, power, tokens);
        }
        left
    }

    /// Reads `a < b < c` as `a < b and b < c`.
    fn chain(&mut self, left: Expression, token: Pair<'_, Rule>, sign: Span, tokens: &mut Tokens<'_>) -> Expression {
        let span = left.span;
        let middle = match &left.kind {
            ExpressionKind::Compare { right, .. } => (**right).clone(),
            _ => left.clone(),
        };
        let second = self.join(middle, token, sign, Power::Comparison, tokens);
        let span = span.to(second.span);
        Expression { kind: ExpressionKind::And(vec![left, second]), span }
    }

    fn join(
        &mut self,
        left: Expression,
        token: Pair<'_, Rule>,
        sign: Span,
        power: Power,
        tokens: &mut Tokens<'_>,
    ) -> Expression {
        let start = left.span;
        let text = token.as_str();
        match token.as_rule() {
            Rule::logic_slip | Rule::conjunction | Rule::disjunction => {
                if token.as_rule() == Rule::logic_slip {
                    let meant = if power == Power::Or { "or" } else { "and" };
                    self.errors.push(SyntaxError::LogicSign { written: text.into(), meant, span: sign });
                }
                let right = self.climb(tokens, power);
                let span = start.to(right.span);
                let mut parts = match (left.kind, power) {
                    (ExpressionKind::And(parts), Power::And) | (ExpressionKind::Or(parts), Power::Or) => parts,
                    (kind, _) => vec![Expression { kind, span: start }],
                };
                parts.push(right);
                let kind = if power == Power::Or { ExpressionKind::Or(parts) } else { ExpressionKind::And(parts) };
                Expression { kind, span }
            }
            Rule::comparison => {
                let comparison = Spanned::new(self.comparison(&token), sign);
                let right = self.climb(tokens, power);
                let span = start.to(right.span);
                Expression {
                    kind: ExpressionKind::Compare { left: boxed(left), comparison, right: boxed(right) },
                    span,
                }
            }
            Rule::arithmetic => {
                let operator = match text {
                    "+" => Operator::Add,
                    "-" => Operator::Subtract,
                    "*" => Operator::Multiply,
                    _ => Operator::Divide,
                };
                let right = self.climb(tokens, power);
                let span = start.to(right.span);
                let operator = Spanned::new(operator, sign);
                Expression {
                    kind: ExpressionKind::Arithmetic { operator, left: boxed(left), right: boxed(right) },
                    span,
                }
            }
            Rule::between => {
                let mut inner = token.into_inner().filter(|part| part.as_rule() == Rule::sum);
                let low = boxed(self.formula(presume(inner.next())));
                let high = boxed(self.formula(presume(inner.next())));
                Expression { kind: ExpressionKind::Between { value: boxed(left), low, high }, span: start.to(sign) }
            }
            Rule::membership | Rule::membership_slip => {
                let negated = token.as_rule() == Rule::membership_slip;
                let options = self.options(token);
                let span = start.to(sign);
                if negated {
                    self.errors.push(SyntaxError::NotIn { span: sign, value: start });
                }
                let inner = Expression { kind: ExpressionKind::In { value: boxed(left), options }, span };
                if negated { Expression { kind: ExpressionKind::Not(boxed(inner)), span } } else { inner }
            }
            Rule::inclusion => {
                let option = presume(self.options(token).pop());
                Expression { kind: ExpressionKind::Includes { value: boxed(left), option }, span: start.to(sign) }
            }
            _ => Expression { kind: ExpressionKind::ExceedsNoise(boxed(left)), span: start.to(sign) },
        }
    }

    fn options(&mut self, token: Pair<'_, Rule>) -> Vec<Name> {
        let words = token.into_inner().filter(|part| part.as_rule() == Rule::option_word);
        words.map(|word| self.option(presume(word.into_inner().next_back()))).collect()
    }

    /// Returns the comparison, after answering another language's sign.
    pub(super) fn comparison(&mut self, token: &Pair<'_, Rule>) -> Comparison {
        let written = token.as_str();
        let (comparison, meant) = match written {
            "<" => (Comparison::Less, "<"),
            "<=" | "=<" | "≤" => (Comparison::AtMost, "<="),
            ">" => (Comparison::Greater, ">"),
            ">=" | "=>" | "≥" => (Comparison::AtLeast, ">="),
            "!=" | "<>" | "≠" => (Comparison::NotEqual, "!="),
            other if other.ends_with("not") => (Comparison::NotEqual, "!="),
            _ => (Comparison::Equal, "="),
        };
        if written != meant {
            let span = self.span(token);
            self.errors.push(SyntaxError::ComparisonSign { written: written.into(), meant, span });
        }
        comparison
    }

    /// Reads one simple condition, or several in parentheses: what stands after `where`.
    fn simple(&mut self, tokens: &mut Tokens<'_>) -> Expression {
        let start = self.operand(tokens);
        self.climb_from(start, tokens, Power::Not, true)
    }

    fn operand(&mut self, tokens: &mut Tokens<'_>) -> Expression {
        let token = presume(tokens.next());
        let span = self.span(&token);
        match token.as_rule() {
            Rule::negation | Rule::negation_slip => {
                if token.as_rule() == Rule::negation_slip {
                    self.errors.push(SyntaxError::LogicSign { written: "!".into(), meant: "not", span });
                }
                // `not` before a complete condition stops there, since a condition cannot be compared.
                let start = self.operand(tokens);
                let inner =
                    if is_condition(&start) { start } else { self.climb_from(start, tokens, Power::Not, false) };
                let span = span.to(inner.span);
                Expression { kind: ExpressionKind::Not(boxed(inner)), span }
            }
            Rule::minus => {
                let inner = self.climb(tokens, Power::Sign);
                let span = span.to(inner.span);
                Expression { kind: ExpressionKind::Negate(boxed(inner)), span }
            }
            Rule::quantifier | Rule::tally => {
                let (word, variable, index) = self.over(&mut token.into_inner());
                let condition = boxed(self.simple(tokens));
                let span = span.to(condition.span);
                let kind = match word.value.as_str() {
                    "count" => ExpressionKind::Aggregate {
                        aggregate: Spanned::new(Aggregate::Count, word.span),
                        variable,
                        index,
                        condition: Some(condition),
                        of: None,
                    },
                    quantifier => ExpressionKind::Quantified { all: quantifier == "all", variable, index, condition },
                };
                Expression { kind, span }
            }
            _ => self.primary(token),
        }
    }

    /// Reads `word variable in set`, with the words around it.
    fn over(&mut self, inner: &mut Pairs<'_, Rule>) -> (Name, Name, Name) {
        let word = presume(inner.next());
        let word = Spanned::new(word.as_str().to_owned(), self.span(&word));
        let variable = self.name(presume(inner.next()));
        presume(inner.next());
        let index = self.name(presume(inner.next()));
        (word, variable, index)
    }

    fn primary(&mut self, token: Pair<'_, Rule>) -> Expression {
        let span = self.span(&token);
        let kind = match token.as_rule() {
            Rule::quantity => ExpressionKind::Number(self.number(token)),
            Rule::date => ExpressionKind::Date(self.date(token)),
            Rule::text => ExpressionKind::Text(self.text(token).value),
            Rule::group => {
                let formula = token.into_inner().next();
                ExpressionKind::Group(boxed(self.formula(presume(formula))))
            }
            Rule::aggregate => {
                let mut inner = token.into_inner();
                let (word, variable, index) = self.over(&mut inner);
                let mut condition = None;
                let mut negative = false;
                let mut of = None;
                for part in inner {
                    match part.as_rule() {
                        Rule::where_word | Rule::of_word => {}
                        Rule::simple => condition = Some(boxed(self.formula(part))),
                        Rule::minus => negative = true,
                        _ => of = Some(self.primary(part)),
                    }
                }
                let of = of.map(|of| {
                    let span = of.span;
                    boxed(if negative { Expression { kind: ExpressionKind::Negate(boxed(of)), span } } else { of })
                });
                let aggregate = match word.value.as_str() {
                    "min" => Aggregate::Min,
                    "max" => Aggregate::Max,
                    "mean" => Aggregate::Mean,
                    _ => Aggregate::Sum,
                };
                ExpressionKind::Aggregate {
                    aggregate: Spanned::new(aggregate, word.span),
                    variable,
                    index,
                    condition,
                    of,
                }
            }
            _ => ExpressionKind::Atom(self.atom(token)),
        };
        Expression { kind, span }
    }
}
