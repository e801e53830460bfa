//! The clauses of a body: reasons, figures, conditions, actions, and what tests give and expect.

use super::SyntaxError;
use super::ast::{
    Action, ActionKind, Binding, Clause, ClauseKind, Counting, Expectation, GivenValue, Keyword, Name, Number,
    RuleState,
};
use super::grammar::Rule;
use super::parse::{Builder, presume};
use super::rule_names::CLAUSES;
use crate::diagnostic::nearest;
use crate::source::Spanned;
use pest::iterators::Pair;

/// Returns what is inside, without the words that only join it.
fn without_words(pair: Pair<'_, Rule>) -> impl Iterator<Item = Pair<'_, Rule>> {
    pair.into_inner().filter(|part| {
        !matches!(part.as_rule(), Rule::likelihood_word | Rule::by_word | Rule::strength_word | Rule::effect_word)
    })
}

impl Builder<'_> {
    pub(super) fn clause(&mut self, pair: Pair<'_, Rule>, keyword: Keyword) -> Option<Clause> {
        let span = self.span(&pair);
        let rule = pair.as_rule();
        let written = pair.as_str();
        let mut inner = without_words(pair);
        let kind = match rule {
            Rule::opening | Rule::closing => return None,
            Rule::stop_slip => {
                self.errors.push(SyntaxError::StrayPunctuation { written: written.into(), span });
                return None;
            }
            Rule::unknown_clause => {
                let word = presume(inner.next());
                let span = self.span(&word);
                let nearest = nearest(&word.as_str().to_lowercase(), CLAUSES.iter().copied())
                    .and_then(|found| CLAUSES.iter().copied().find(|clause| *clause == found));
                self.errors.push(SyntaxError::UnknownClause { word: word.as_str().into(), span, nearest });
                return None;
            }
            Rule::else_slip => {
                let word: String = written.chars().take_while(|character| character.is_alphabetic()).collect();
                let span = self.at(span.start as usize, span.start as usize + word.len());
                self.errors.push(SyntaxError::NoElse { written: word, span });
                return None;
            }
            Rule::action_slip => {
                let word: String = written.chars().take_while(|character| character.is_alphabetic()).collect();
                let word_span = self.at(span.start as usize, span.start as usize + word.len());
                self.errors.push(SyntaxError::MissingThen { word, span: word_span });
                ClauseKind::Then(inner.map(|action| self.action(action)).collect())
            }
            Rule::reason => ClauseKind::Because(self.text_or_slip(presume(inner.next()))),
            Rule::citation => ClauseKind::Cite(inner.map(|name| self.name(name)).collect()),
            Rule::basis => ClauseKind::Basis(self.name(presume(inner.next()))),
            Rule::since => ClauseKind::Since(self.word(presume(inner.next()))),
            Rule::deprecation => ClauseKind::Deprecated {
                since: self.word(presume(inner.next())),
                replacement: inner.next().map(|name| self.name(name)),
            },
            Rule::satisfaction => {
                let items = inner.map(|satisfied| {
                    let mut parts = satisfied.into_inner();
                    (self.name(presume(parts.next())), self.text(presume(parts.next())))
                });
                ClauseKind::Satisfies(items.collect())
            }
            Rule::edition => ClauseKind::Version(self.word(presume(inner.next()))),
            Rule::language => ClauseKind::Language(self.number(presume(inner.next()))),
            Rule::license => ClauseKind::License(self.text_or_slip(presume(inner.next()))),
            Rule::bibliography => {
                let field = self.word(presume(inner.next()));
                ClauseKind::Bibliography { field, text: self.text_or_slip(presume(inner.next())) }
            }
            Rule::year => ClauseKind::Year(self.number(presume(inner.next()))),
            Rule::item => {
                let code = self.text(presume(inner.next()));
                let (mut topic, mut aside) = (None, None);
                for part in inner {
                    match part.as_rule() {
                        Rule::aside => aside = Some(self.text(presume(part.into_inner().next()))),
                        _ => topic = Some(self.text(part)),
                    }
                }
                ClauseKind::Item { code, topic, aside }
            }
            Rule::unread => ClauseKind::Unread(self.text_or_slip(presume(inner.next()))),
            Rule::category => ClauseKind::Category(self.name(presume(inner.next()))),
            Rule::dimension => ClauseKind::Dimension(self.name(presume(inner.next()))),
            Rule::severity => ClauseKind::Severity(self.number(presume(inner.next()))),
            Rule::detectability => ClauseKind::Detectability(self.number(presume(inner.next()))),
            Rule::base_rate => ClauseKind::BaseRate {
                rate: self.number(presume(inner.next())),
                counting: inner.next().map(|counting| self.counting(counting)),
            },
            Rule::causation => {
                let effect = self.name(presume(inner.next()));
                let strength = self.number(presume(inner.next()));
                let mut next = inner.next();
                let counting = next.take_if(|next| next.as_rule() == Rule::counting);
                let counting = counting.map(|counting| self.counting(counting));
                let ground = self.ground(next.or_else(|| inner.next()), keyword);
                ClauseKind::Causes { effect, strength, counting, ground }
            }
            Rule::address => {
                let node = self.name(presume(inner.next()));
                let mut link_to = None;
                let mut next = presume(inner.next());
                if matches!(next.as_rule(), Rule::arrow | Rule::arrow_slip) {
                    self.arrow(&next);
                    link_to = Some(self.name(presume(inner.next())));
                    next = presume(inner.next());
                }
                ClauseKind::Addresses {
                    node,
                    link_to,
                    effect: self.number(next),
                    ground: self.ground(inner.next(), keyword),
                }
            }
            Rule::effort => ClauseKind::Effort(self.name(presume(inner.next()))),
            Rule::needs => ClauseKind::Needs(self.text_or_slip(presume(inner.next()))),
            Rule::ask => ClauseKind::Ask(self.name(presume(inner.next()))),
            Rule::probes => ClauseKind::Probes(inner.map(|name| self.name(name)).collect()),
            Rule::reads => ClauseKind::Reads(inner.map(|name| self.name(name)).collect()),
            Rule::phase => ClauseKind::Phase(self.name(presume(inner.next()))),
            Rule::each => ClauseKind::ForEach(inner.flat_map(|binding| self.bindings(binding)).collect()),
            Rule::condition => {
                let mut next = presume(inner.next());
                if next.as_rule() == Rule::if_slip {
                    let span = self.span(&next);
                    self.errors.push(SyntaxError::IfForWhen { span });
                    next = presume(inner.next());
                }
                ClauseKind::When(self.formula(next))
            }
            Rule::consequence => {
                let mut actions = Vec::new();
                for part in inner {
                    if part.as_rule() == Rule::joint_slip {
                        let span = self.span(&part);
                        self.errors.push(SyntaxError::JoinedActions { written: part.as_str().into(), span });
                    } else {
                        actions.push(self.action(part));
                    }
                }
                ClauseKind::Then(actions)
            }
            Rule::evidence => ClauseKind::Evidence(self.name(presume(inner.next()))),
            Rule::start => ClauseKind::From(self.number(presume(inner.next()))),
            Rule::row => ClauseKind::Row {
                severity: self.range(presume(inner.next())),
                likelihood: self.range(presume(inner.next())),
                detectability: self.range(presume(inner.next())),
            },
            Rule::precedence => ClauseKind::Precedence(self.number(presume(inner.next()))),
            Rule::given => {
                let given = presume(inner.next());
                match given.as_rule() {
                    Rule::none => ClauseKind::GivenNone(self.name(presume(given.into_inner().nth(1)))),
                    Rule::related => {
                        let unsure = given.clone().into_inner().any(|part| part.as_rule() == Rule::unsure);
                        ClauseKind::GivenRelated { atom: self.atom(given), unsure }
                    }
                    _ => self.given(given),
                }
            }
            Rule::disabled => ClauseKind::Disabled,
            Rule::expectation => {
                let expected = presume(inner.next());
                ClauseKind::Expect(self.expectation(presume(expected.into_inner().next())))
            }
            _ => unreachable!("invariant: {rule:?} is no clause of {keyword:?}"),
        };
        Some(Clause { kind, span })
    }

    fn ground(&mut self, pair: Option<Pair<'_, Rule>>, keyword: Keyword) -> Vec<Clause> {
        let clauses = pair.map(Pair::into_inner).into_iter().flatten();
        clauses.filter_map(|clause| self.clause(clause, keyword)).collect()
    }

    fn counting(&mut self, pair: Pair<'_, Rule>) -> Counting {
        let span = self.span(&pair);
        let mut parts =
            pair.into_inner().filter(|part| matches!(part.as_rule(), Rule::share | Rule::range | Rule::number));
        let share = self.share(presume(parts.next()));
        let mut next = presume(parts.next());
        let mut against = None;
        if next.as_rule() == Rule::share {
            against = Some(self.share(next));
            next = presume(parts.next());
        }
        Counting { share, against, interval: self.range(next), judged: self.number(presume(parts.next())), span }
    }

    fn share(&mut self, pair: Pair<'_, Rule>) -> (Number, Number) {
        let mut numbers = pair.into_inner().filter(|part| part.as_rule() == Rule::number);
        (self.number(presume(numbers.next())), self.number(presume(numbers.next())))
    }

    /// Returns each variable of a binding with the set that they share.
    pub(super) fn bindings(&mut self, pair: Pair<'_, Rule>) -> Vec<Binding> {
        let mut names: Vec<Name> = pair.into_inner().map(|name| self.name(name)).collect();
        let index = presume(names.pop());
        names.into_iter().map(|variable| Binding { variable, index: index.clone() }).collect()
    }

    pub(super) fn word(&mut self, pair: Pair<'_, Rule>) -> Name {
        Spanned::new(pair.as_str().to_owned(), self.span(&pair))
    }

    pub(super) fn action(&mut self, pair: Pair<'_, Rule>) -> Action {
        let span = self.span(&pair);
        let rule = pair.as_rule();
        let mut inner = without_words(pair);
        let kind = match rule {
            Rule::conclude => ActionKind::Conclude(self.atom(presume(inner.next()))),
            Rule::suspect => ActionKind::Suspect {
                node: self.name(presume(inner.next())),
                likelihood: self.formula(presume(inner.next())),
            },
            Rule::exonerate => ActionKind::Exonerate {
                node: self.name(presume(inner.next())),
                by: self.formula(presume(inner.next())),
            },
            Rule::adjustment => ActionKind::Adjust {
                change: self.word(presume(inner.next())),
                rating: self.word(presume(inner.next())),
                mode: self.name(presume(inner.next())),
                step: self.word(presume(inner.next())),
                amount: self.formula(presume(inner.next())),
            },
            Rule::recommend => ActionKind::Recommend(self.name(presume(inner.next()))),
            Rule::contraindicate => ActionKind::Contraindicate {
                mitigation: self.name(presume(inner.next())),
                because: inner.next().map(|text| self.text_or_slip(text)),
            },
            Rule::demand => ActionKind::Require(self.name(presume(inner.next()))),
            _ => ActionKind::Flag {
                level: self.name(presume(inner.next())),
                text: self.text_or_slip(presume(inner.next())),
            },
        };
        Action { kind, span }
    }

    // ---- Tests

    pub(super) fn given(&mut self, pair: Pair<'_, Rule>) -> ClauseKind {
        let mut inner = pair.into_inner();
        let input = self.name(presume(inner.next()));
        let mut members = Vec::new();
        let mut value = GivenValue::Words(Vec::new());
        let (mut within, mut noise) = (None, None);
        for part in inner {
            match part.as_rule() {
                Rule::members => members = part.into_inner().map(|member| self.formula(member)).collect(),
                Rule::comparison => {
                    if part.as_str() != "=" {
                        let span = self.span(&part);
                        self.errors.push(SyntaxError::ComparisonSign {
                            written: part.as_str().into(),
                            meant: "=",
                            span,
                        });
                    }
                }
                Rule::range => within = Some(self.range(part)),
                Rule::floor => noise = part.into_inner().last().map(|number| self.number(number)),
                _ => value = self.given_value(part),
            }
        }
        ClauseKind::Given { input, members, value, within, noise }
    }

    pub(super) fn given_value(&mut self, pair: Pair<'_, Rule>) -> GivenValue {
        let mut words = Vec::new();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::date => {
                    let span = self.span(&part);
                    return GivenValue::Date(Spanned::new(self.date(part), span));
                }
                Rule::signed => return GivenValue::Number(self.number(part)),
                Rule::text => return GivenValue::Text(self.text(part)),
                _ => words.push(self.option(part)),
            }
        }
        GivenValue::Words(words)
    }

    pub(super) fn expectation(&mut self, pair: Pair<'_, Rule>) -> Expectation {
        let rule = pair.as_rule();
        let mut inner = pair.into_inner();
        match rule {
            Rule::expected_rule => {
                let rule = self.name(presume(inner.next()));
                let state = match presume(inner.next()).as_str() {
                    "fired" => RuleState::Fired,
                    "undecided" => RuleState::Undecided,
                    _ => RuleState::NotFired,
                };
                Expectation::Rule { rule, state }
            }
            Rule::expected_measure => {
                let measure = self.word(presume(inner.next()));
                let node = self.name(presume(inner.next()));
                let sign = presume(inner.next());
                let comparison = self.comparison(&sign);
                Expectation::Measure { measure, node, comparison, value: self.number(presume(inner.next())) }
            }
            Rule::expected_absence | Rule::expected_finding => {
                Expectation::Finding { atom: self.atom(presume(inner.next())), present: rule == Rule::expected_finding }
            }
            Rule::expected_advice | Rule::unexpected_advice => Expectation::Recommended {
                mitigation: self.name(presume(inner.next())),
                present: rule == Rule::expected_advice,
            },
            Rule::expected_strike => Expectation::Contraindicated(self.name(presume(inner.next()))),
            Rule::expected_verdict => Expectation::Verdict(self.name(presume(inner.next()))),
            _ => Expectation::Flagged(self.text(presume(inner.next()))),
        }
    }
}
