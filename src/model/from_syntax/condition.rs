//! Conditions: what is true, false or unknown.

use super::super::check::types::{Typed, WrittenType, is_plain_reading, unify};
use super::super::error::ModelError;
use super::super::{
    Comparison, Condition, ConditionKind, Expression, ExpressionKind, FindingAtom, IndexRef, Input, InputRef,
    Quantifier, Type, Value, VariableId,
};
use super::scope::{FindingRead, Scope, Strictness};
use crate::diagnostic::nearest;
use crate::source::{Span, Spanned};
use crate::syntax::ast::{self, Atom, Brackets, ExpressionKind as Written, Name};

impl<'a> Scope<'_, 'a> {
    /// Returns the condition, or nothing where something is wrong with it.
    pub(super) fn condition(&mut self, written: &ast::Expression) -> Option<Condition> {
        let span = written.span;
        let kind = match &written.kind {
            Written::Group(inner) => return self.condition(inner),
            Written::And(parts) => ConditionKind::And(self.conditions(parts)?),
            Written::Or(parts) => ConditionKind::Or(self.conditions(parts)?),
            Written::Not(inner) => {
                let outer = self.strict.replace(Strictness::Negation);
                let inner = self.condition(inner);
                self.strict = outer;
                ConditionKind::Not(Box::new(inner?))
            }
            Written::Compare { left, comparison, right } => self.compare(left, *comparison, right)?,
            Written::Between { value, low, high } => {
                let value = self.value(value);
                let low = self.value(low);
                let high = self.value(high);
                let (value, low) = unify(self.context, value?, low?, "compared")?;
                let back = Typed::exact(value);
                let (value, high) = unify(self.context, back, high?, "compared")?;
                self.check_ordered(&low, &high);
                ConditionKind::Between { value, low, high }
            }
            Written::In { value, options } => {
                let (input, declared) = self.plain_input(value)?;
                let Type::OneOf(_) = &declared.value_type else {
                    self.wrong_type_for(
                        value.span,
                        declared,
                        span,
                        "`in` needs a `one of` input",
                        "chosen from options",
                    );
                    return None;
                };
                let mut positions = Vec::with_capacity(options.len());
                for option in options {
                    positions.push(self.option(option, declared)?);
                }
                positions.sort_unstable();
                positions.dedup();
                ConditionKind::In { input, options: positions }
            }
            Written::Includes { value, option } => {
                let (input, declared) = self.plain_input(value)?;
                let Type::ManyOf(_) = &declared.value_type else {
                    let help = "`includes` needs a `many of` input; write `=` or `in`";
                    self.wrong_type_for(value.span, declared, span, help, "searched for an option");
                    return None;
                };
                ConditionKind::Includes { input, option: self.option(option, declared)? }
            }
            Written::ExceedsNoise(value) => {
                let (input, declared) = self.plain_input(value)?;
                self.metric(declared, value.span)?;
                ConditionKind::ExceedsNoise(input)
            }
            Written::Quantified { all, variable, index, condition } => {
                // One more member that holds can only make `any` hold, so it may read what is not complete.
                let strict = if *all { Some(Strictness::Aggregate) } else { self.strict };
                let (variable, index, condition) = self.over(variable, index, condition, strict)?;
                let quantifier = if *all { Quantifier::All } else { Quantifier::Any };
                ConditionKind::Quantified { quantifier, variable, index, condition }
            }
            Written::Atom(atom) => self.atom_condition(atom)?,
            Written::Number(_)
            | Written::Date(_)
            | Written::Text(_)
            | Written::Arithmetic { .. }
            | Written::Negate(_)
            | Written::Aggregate { .. } => {
                self.error(ModelError::NotACondition {
                    what: "a value".into(),
                    span,
                    help: "compare it with something, such as `> 10%`".into(),
                });
                return None;
            }
        };
        Some(Condition { kind, span })
    }

    /// Lowers all parts, so that each has its say, and returns them if all are sound.
    fn conditions(&mut self, parts: &[ast::Expression]) -> Option<Vec<Condition>> {
        let lowered: Vec<Option<Condition>> = parts.iter().map(|part| self.condition(part)).collect();
        let lowered: Option<Vec<Condition>> = lowered.into_iter().collect();
        lowered
    }

    /// Binds a variable around a condition, whose findings are read as `strict` says.
    fn over(
        &mut self,
        variable: &Name,
        index: &Name,
        condition: &ast::Expression,
        strict: Option<Strictness>,
    ) -> Option<(VariableId, IndexRef, Box<Condition>)> {
        let id = self.bind(variable, index)?;
        let outer = std::mem::replace(&mut self.strict, strict);
        let lowered = self.condition(condition);
        self.strict = outer;
        self.unbind();
        Some((id, self.variables[id.index()].index, Box::new(lowered?)))
    }

    fn check_ordered(&mut self, low: &Expression, high: &Expression) {
        if let (ExpressionKind::Literal(low_value), ExpressionKind::Literal(high_value)) = (&low.kind, &high.kind)
            && let (Some(low_number), Some(high_number)) = (low_value.as_number(), high_value.as_number())
            && low_number > high_number
        {
            self.error(ModelError::RangeReversed { span: low.span.to(high.span), help: "swap the two ends".into() });
        }
    }

    fn wrong_type_for(&mut self, place: Span, declared: &Input, whole: Span, help: &str, verb: &'static str) {
        self.error(ModelError::TypesDiffer {
            left: super::super::error::Side { what: declared.value_type.to_string(), span: place },
            right: super::super::error::Side { what: "this test".into(), span: Span { start: place.end, ..whole } },
            verb,
            help: help.to_owned(),
        });
    }

    // ---- Comparisons

    fn compare(
        &mut self,
        left: &ast::Expression,
        comparison: Spanned<ast::Comparison>,
        right: &ast::Expression,
    ) -> Option<ConditionKind> {
        let sign = match comparison.value {
            ast::Comparison::Less => Comparison::Less,
            ast::Comparison::AtMost => Comparison::AtMost,
            ast::Comparison::Greater => Comparison::Greater,
            ast::Comparison::AtLeast => Comparison::AtLeast,
            ast::Comparison::Equal => Comparison::Equal,
            ast::Comparison::NotEqual => Comparison::NotEqual,
        };
        // A bare word on one side may be an option of the other side's input.
        let (left, right) = if let Some(word) = self.option_word(right) {
            let left = self.value(left)?;
            let right = self.word_beside(word, &left)?;
            (left, right)
        } else if let Some(word) = self.option_word(left) {
            let right = self.value(right)?;
            let left = self.word_beside(word, &right)?;
            (left, right)
        } else {
            let left = self.value(left);
            let right = self.value(right);
            (left?, right?)
        };
        let (left, right) = unify(self.context, left, right, "compared")?;
        let ordered = !matches!(sign, Comparison::Equal | Comparison::NotEqual);
        let unordered = match &left.value_type {
            Type::YesNo => Some(("yes_no", "write `= yes` or `= no`")),
            Type::Text => Some(("text", "write `=` or `!=`")),
            Type::ManyOf(_) => Some(("many of", "write `x includes option`")),
            _ => None,
        };
        if let Some((what, help)) = unordered
            && (ordered || matches!(left.value_type, Type::ManyOf(_)))
        {
            let side = |span| super::super::error::Side { what: what.to_owned(), span };
            self.error(ModelError::TypesDiffer {
                left: side(left.span),
                right: side(right.span),
                verb: "compared like this",
                help: help.to_owned(),
            });
            return None;
        }
        Some(ConditionKind::Compare { left, comparison: sign, right })
    }

    /// Returns the word if the expression is one that names neither an input nor a variable.
    fn option_word<'e>(&self, written: &'e ast::Expression) -> Option<&'e Name> {
        match &written.kind {
            Written::Atom(atom)
                if atom.brackets == Brackets::None
                    && self.context.symbols.inputs.find(&atom.name.value).is_none()
                    && !self.is_variable(&atom.name.value) =>
            {
                Some(&atom.name)
            }
            _ => None,
        }
    }

    /// Returns the option that `word` names on the other side of a comparison.
    fn word_beside(&mut self, word: &Name, other: &Typed) -> Option<Typed> {
        let (value_type, name) = match (&other.written, is_plain_reading(&other.expression)) {
            (WrittenType::Exact(value_type @ (Type::OneOf(_) | Type::YesNo)), input) => {
                let name = input.map(|input| self.context.symbols.inputs.entries[input.index()].name);
                (value_type.clone(), name)
            }
            _ => {
                self.no_such_input(word);
                return None;
            }
        };
        let declared = name.and_then(|name| self.context.symbols.inputs.find(name));
        let declared = declared.map(|id| self.context.symbols.inputs.entries[id.index()].span);
        let value = match &value_type {
            Type::YesNo => match word.value.as_str() {
                "yes" => Value::YesNo(true),
                "no" => Value::YesNo(false),
                _ => {
                    self.unknown_option(word, name.unwrap_or("it"), &["yes".into(), "no".into()], declared);
                    return None;
                }
            },
            Type::OneOf(options) => Value::Option(self.option_of(word, name.unwrap_or("it"), options, declared)?),
            _ => return None,
        };
        let kind = ExpressionKind::Literal(value);
        Some(Typed::exact(Expression { kind, value_type, span: word.span }))
    }

    pub(super) fn option(&mut self, word: &Name, input: &Input) -> Option<u32> {
        match &input.value_type {
            Type::OneOf(options) | Type::ManyOf(options) => self.option_of(word, &input.id, options, Some(input.span)),
            _ => None,
        }
    }

    fn option_of(&mut self, word: &Name, input: &str, options: &[String], declared: Option<Span>) -> Option<u32> {
        let found = options.iter().position(|option| *option == word.value);
        if found.is_none() {
            self.unknown_option(word, input, options, declared);
        }
        found.and_then(|position| u32::try_from(position).ok())
    }

    pub(super) fn unknown_option(&mut self, word: &Name, input: &str, options: &[String], declared: Option<Span>) {
        self.error(ModelError::UnknownOption {
            option: word.value.clone(),
            input: input.to_owned(),
            options: options.to_vec(),
            nearest: nearest(&word.value, options.iter().map(String::as_str)).map(str::to_owned),
            span: word.span,
            declared,
        });
    }

    // ---- Inputs and findings

    /// Returns the input that an expression names, and its declaration.
    pub(super) fn plain_input(&mut self, written: &ast::Expression) -> Option<(InputRef, &'a Input)> {
        match &written.kind {
            Written::Group(inner) => self.plain_input(inner),
            Written::Atom(atom) => self.input(atom),
            _ => {
                self.error(ModelError::WrongArguments {
                    function: "this test".into(),
                    wanted: "the name of an input",
                    span: written.span,
                    help: "write the name of a metric, input or question".into(),
                });
                None
            }
        }
    }

    /// Says so where an input is not a metric, which alone has noise.
    pub(super) fn metric(&mut self, declared: &Input, span: Span) -> Option<()> {
        if declared.is_metric() {
            return Some(());
        }
        let declaration = Some(declared.span);
        self.error(ModelError::NotAMetric { name: declared.id.clone(), span, declared: declaration });
        None
    }

    /// Returns the input that an atom names, and its declaration.
    pub(super) fn input(&mut self, atom: &Atom) -> Option<(InputRef, &'a Input)> {
        let symbols = self.context.symbols;
        let Some(id) = symbols.inputs.find(&atom.name.value) else {
            self.no_such_input(&atom.name);
            return None;
        };
        symbols.resolve::<super::super::InputId>(&symbols.inputs, &atom.name, &mut self.context.diagnostics);
        // An input that cannot be read has been reported.
        let inputs: &'a [Option<Input>] = self.context.inputs;
        let declared = inputs.get(id.index())?.as_ref()?;
        self.inputs_read.push(id);
        if atom.brackets == Brackets::Round {
            self.error(ModelError::WrongMembers {
                message: format!("`{}` is an input, whose members stand in square brackets", atom.name.value),
                span: atom.span,
                label: "round brackets".into(),
                declared: Some((declared.span, "declared here".into())),
                help: if declared.indexes.is_empty() {
                    format!("write `{}`", atom.name.value)
                } else {
                    format!("write `{}[…]`", atom.name.value)
                },
            });
            return None;
        }
        let sets: Vec<IndexRef> = declared.indexes.iter().copied().map(IndexRef::Declared).collect();
        let written: Vec<&ast::Expression> = atom.arguments.iter().map(|argument| &argument.value).collect();
        let name_span = symbols.inputs.entries[id.index()].span;
        let arguments = self.arguments(&atom.name, atom.span, &written, &sets, ('[', ']'), Some(name_span))?;
        Some((InputRef { input: id, arguments, span: atom.span }, declared))
    }

    /// Returns the finding that an atom names.
    pub(super) fn finding(&mut self, atom: &Atom) -> Option<FindingAtom> {
        let findings = self.context.findings;
        let position = findings.binary_search_by(|finding| finding.name.cmp(&atom.name.value)).ok()?;
        let finding = &findings[position];
        if atom.brackets == Brackets::Square {
            self.error(ModelError::WrongMembers {
                message: format!("`{}` is a finding, whose members stand in round brackets", finding.name),
                span: atom.span,
                label: "square brackets".into(),
                declared: Some((finding.span, "concluded here".into())),
                help: format!("write `{}(…)`", finding.name),
            });
            return None;
        }
        let sets: Option<Vec<IndexRef>> = finding.parameters.clone();
        let written: Vec<&ast::Expression> = atom.arguments.iter().map(|argument| &argument.value).collect();
        let arguments = self.arguments(&atom.name, atom.span, &written, &sets?, ('(', ')'), Some(finding.span))?;
        Some(FindingAtom { finding: position.into(), arguments, span: atom.span })
    }

    fn atom_condition(&mut self, atom: &Atom) -> Option<ConditionKind> {
        let name = atom.name.value.as_str();
        match (name, atom.brackets) {
            ("known" | "unknown", Brackets::Round) => {
                let [argument] = atom.arguments.as_slice() else {
                    self.error(ModelError::WrongArguments {
                        function: name.to_owned(),
                        wanted: "the name of one input",
                        span: atom.span,
                        help: format!("write `{name}(x)`"),
                    });
                    return None;
                };
                let (input, _) = self.plain_input(&argument.value)?;
                if name == "known" {
                    return Some(ConditionKind::Known(input));
                }
                let known = Condition { kind: ConditionKind::Known(input), span: atom.span };
                return Some(ConditionKind::Not(Box::new(known)));
            }
            ("evidence_missing", Brackets::None) => {
                self.late.push(("`evidence_missing`", atom.span));
                return Some(ConditionKind::EvidenceMissing);
            }
            ("abs" | "ramp" | "likelihood" | "severity" | "detectability" | "risk", Brackets::Round) => {
                self.error(ModelError::NotACondition {
                    what: format!("`{name}(…)`"),
                    span: atom.span,
                    help: "compare it with something, such as `> 10%`".into(),
                });
                return None;
            }
            _ => {}
        }
        if self.context.findings.binary_search_by(|finding| finding.name.as_str().cmp(name)).is_ok() {
            let finding = self.finding(atom)?;
            self.reads.push(FindingRead { finding: finding.finding, span: atom.span, strict: self.strict });
            return Some(ConditionKind::Finding(finding));
        }
        if self.context.symbols.relations.names().any(|relation| relation == name) {
            return self.relation(atom).map(ConditionKind::Relation);
        }
        let inputs = &self.context.symbols.inputs;
        if let Some(id) = inputs.find(name) {
            let id: super::super::InputId = id;
            let declared = self.context.inputs[id.index()].as_ref()?;
            let help = match &declared.value_type {
                Type::YesNo => format!("write `{name} = yes`"),
                Type::OneOf(options) => format!("write `{name} = {}`", options.first().map_or("…", String::as_str)),
                _ => format!("compare it, such as `{name} > …`, or write `known({name})`"),
            };
            self.error(ModelError::NotACondition { what: format!("the input `{name}`"), span: atom.span, help });
            return None;
        }
        if self.is_variable(name) || self.context.symbols.anything_called(name).is_some() {
            let wanted_finding = self.context.symbols.anything_called(name).filter(|_| !self.is_variable(name));
            match wanted_finding {
                Some(other) => self.error(ModelError::WrongKind {
                    name: name.to_owned(),
                    wanted: "a finding or a comparison".into(),
                    actual: other.keyword.with_article(),
                    span: atom.span,
                    declared: other.span,
                }),
                None => self.error(ModelError::NotACondition {
                    what: format!("the variable `{name}`"),
                    span: atom.span,
                    help: "compare something about it, such as `subgroup.auroc[s] < 70%`".into(),
                }),
            }
            return None;
        }
        // A rule that cannot be read may be the one that concludes it.
        if !self.context.symbols.incomplete {
            let findings = self.context.findings.iter().map(|finding| finding.name.as_str());
            let candidates = findings.chain(self.context.symbols.relations.names()).chain(inputs.names());
            let nearest = nearest(name, candidates).map(str::to_owned);
            self.error(ModelError::NeverConcluded { name: name.to_owned(), nearest, span: atom.span });
        }
        None
    }
}
