//! What can be wrong with what a pack says, once it can be read.

use crate::diagnostic::{Code, Kind, Label, List};
use crate::source::Span;
use thiserror::Error;

/// Something written, what it is, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// What it is, such as `ratio` or `count`.
    pub what: String,
    /// Where.
    pub span: Span,
}

/// A link of a cycle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CycleLink {
    /// What waits, or causes.
    pub from: String,
    /// What is waited for, or caused.
    pub to: String,
    /// What the one does to the other: `causes`, `waits for`, `negates` or `needs all of`.
    pub verb: &'static str,
    /// Where that is written.
    pub span: Span,
}

/// A kind of model error.
#[derive(Clone, Debug, PartialEq, Error)]
#[expect(missing_docs, reason = "the fields say what their names say; the message says how they belong together")]
pub enum ModelError {
    #[error("there is no `pack` declaration")]
    NoPack { start: Option<Span> },
    #[error("there is more than one `pack` declaration")]
    SeveralPacks { first: Span, second: Span },
    #[error("`{name}` is declared twice")]
    DeclaredTwice { noun: &'static str, name: String, first: Span, second: Span },
    #[error("there is no {noun} called `{name}`")]
    NoSuchName { noun: &'static str, name: String, span: Span, nearest: Option<String> },
    #[error("`{name}` is {actual}, not {wanted}")]
    WrongKind { name: String, wanted: String, actual: String, span: Span, declared: Span },
    #[error("`{name}` is deprecated since {since}")]
    Deprecated { name: String, since: String, replacement: Option<String>, span: Span, declared: Span },
    #[error("`{option}` is not an option of `{input}`")]
    UnknownOption {
        option: String,
        input: String,
        options: Vec<String>,
        nearest: Option<String>,
        span: Span,
        declared: Option<Span>,
    },
    #[error("`{source_name}` has no item `{item}`")]
    UnknownItem { item: String, source_name: String, nearest: Option<String>, span: Span, declared: Span },
    #[error("the item `{item}` is written twice")]
    RepeatedItem { item: String, first: Span, second: Span },
    #[error("no rule concludes `{name}`")]
    NeverConcluded { name: String, nearest: Option<String>, span: Span },
    #[error("nothing binds `{name}`")]
    UnboundVariable { name: String, span: Span, bound: Vec<String>, set: Option<String> },
    #[error("`{name}` is bound and never used")]
    UnusedVariable { name: String, span: Span },
    #[error("`{name}` is bound twice")]
    BoundTwice { name: String, first: Span, second: Span },
    #[error("{message}")]
    WrongMembers { message: String, span: Span, label: String, declared: Option<(Span, String)>, help: String },
    #[error("`{clause}` does not belong in {keyword}")]
    MisplacedClause { clause: String, keyword: String, belongs: Vec<String>, span: Span },
    #[error("{keyword} needs {what}")]
    MissingClause { what: String, keyword: String, span: Span, help: String },
    #[error("`{clause}` is written twice")]
    RepeatedClause { clause: String, first: Span, second: Span },
    #[error("nothing reads the finding `{name}`")]
    UnusedFinding { name: String, span: Span },
    #[error("the rule `{name}` gives no reason and no source")]
    NoReason { name: String, span: Span },
    #[error("`{first_name}` and `{second_name}` have the same precedence")]
    SamePrecedence { first_name: String, second_name: String, first: Span, second: Span },
    #[error("the rules that conclude `{name}` do not agree on what it is about")]
    FindingParameters { name: String, first: Side, second: Side },
    #[error("a rule cannot conclude the relation `{name}`")]
    ConcludedRelation { name: String, span: Span, declared: Span },
    #[error("it cannot be told which set `{name}` is about")]
    FindingWithoutSet { name: String, span: Span },
    #[error("`{word}` is not {what}")]
    UnknownWord {
        what: &'static str,
        word: String,
        choices: &'static [&'static str],
        span: Span,
        nearest: Option<String>,
    },
    #[error("`{written}` is not a version")]
    NotAVersion { written: String, span: Span },
    #[error("nothing uses the {noun} `{name}`")]
    UnusedDeclaration { noun: &'static str, name: String, span: Span },
    #[error("this program does not know version {written} of the language")]
    UnsupportedLanguage { written: String, span: Span },
    #[error("{} and {} cannot be {verb}", left.what, right.what)]
    TypesDiffer { left: Side, right: Side, verb: &'static str, help: String },
    #[error("{value} is not a share between 0 and 1")]
    RatioOutOfRange { value: String, span: Span, other: Option<Side>, help: String },
    #[error("{value} is outside of {low} to {high}")]
    ValueOutOfRange { value: String, low: String, high: String, span: Span, other: Option<Side> },
    #[error("{what} is not a condition")]
    NotACondition { what: String, span: Span, help: String },
    #[error("{what} has no value")]
    NotAValue { what: String, span: Span, help: String },
    #[error("`{function}` takes {wanted}")]
    WrongArguments { function: String, wanted: &'static str, span: Span, help: String },
    #[error("the points of a ramp must rise from left to right")]
    RampPoints { first: Span, second: Span },
    #[error("a ramp needs at least two points, written as numbers")]
    RampTooShort { span: Span },
    #[error("a rule cannot both read {reads} and {feeds}")]
    WrongPhase { reads: &'static str, feeds: &'static str, read: Span, feed: Span },
    #[error("`{name}` is not a metric")]
    NotAMetric { name: String, span: Span, declared: Option<Span> },
    #[error("{value} is not a whole number")]
    NotAWholeNumber { value: String, span: Span, other: Option<Side> },
    #[error("{}", not_stratified(links))]
    NotStratified { links: Vec<CycleLink> },
    #[error("`{}` causes itself{}", links.first().map_or("", |link| &link.from), path(links))]
    CausalCycle { links: Vec<CycleLink> },
    #[error("the {what} is {value}, outside of {low} to {high}")]
    FigureOutOfRange {
        what: &'static str,
        value: String,
        low: &'static str,
        high: &'static str,
        span: Span,
        help: Option<String>,
    },
    #[error("no band begins at 0")]
    NoBandAtZero { lowest: Span, from: String },
    #[error("the bands `{first_name}` and `{second_name}` begin at the same risk")]
    SameBand { first_name: String, second_name: String, first: Span, second: Span },
    #[error("`{cause}` does not cause `{effect}`")]
    NoSuchLink { cause: String, effect: String, span: Span, declared: Span },
    #[error("`{cause}` and `{effect}` are linked twice")]
    LinkedTwice { cause: String, effect: String, first: Span, second: Span },
    #[error("`{name}` is a factor, and only modes have a {what}")]
    NotAMode { name: String, what: &'static str, span: Span, declared: Option<Span> },
    #[error("a range goes from the lower to the higher end")]
    RangeReversed { span: Span, help: String },
    #[error("{what}")]
    CountsDisagree { what: String, span: Span, label: &'static str, other: Option<Side>, help: &'static str },
    #[error("nothing can raise the mode `{name}`")]
    ModeNeverRaised { name: String, span: Span },
    #[error("no mitigation addresses the factor `{name}` or a link from it")]
    FactorWithoutMitigation { name: String, span: Span },
}

fn path(links: &[CycleLink]) -> String {
    if links.len() < 2 {
        return String::new();
    }
    let via = links.iter().skip(1).map(|link| link.from.as_str());
    format!(" by way of {}", List::and(via))
}

impl Kind for ModelError {
    fn code(&self) -> Code {
        match self {
            ModelError::NoPack { .. } => Code::M100,
            ModelError::SeveralPacks { .. } => Code::M101,
            ModelError::DeclaredTwice { .. } => Code::M102,
            ModelError::NoSuchName { .. } => Code::M103,
            ModelError::WrongKind { .. } => Code::M104,
            ModelError::Deprecated { .. } => Code::M105,
            ModelError::UnknownOption { .. } => Code::M106,
            ModelError::UnknownItem { .. } => Code::M107,
            ModelError::RepeatedItem { .. } => Code::M125,
            ModelError::NeverConcluded { .. } => Code::M108,
            ModelError::UnboundVariable { .. } => Code::M109,
            ModelError::UnusedVariable { .. } => Code::M110,
            ModelError::BoundTwice { .. } => Code::M111,
            ModelError::WrongMembers { .. } => Code::M112,
            ModelError::MisplacedClause { .. } => Code::M113,
            ModelError::MissingClause { .. } => Code::M114,
            ModelError::RepeatedClause { .. } => Code::M115,
            ModelError::UnusedFinding { .. } => Code::M116,
            ModelError::NoReason { .. } => Code::M117,
            ModelError::SamePrecedence { .. } => Code::M118,
            ModelError::FindingParameters { .. } | ModelError::FindingWithoutSet { .. } => Code::M119,
            ModelError::UnknownWord { .. } => Code::M120,
            ModelError::NotAVersion { .. } => Code::M121,
            ModelError::UnusedDeclaration { .. } => Code::M122,
            ModelError::UnsupportedLanguage { .. } => Code::M123,
            ModelError::ConcludedRelation { .. } => Code::M124,
            ModelError::TypesDiffer { .. } => Code::M200,
            ModelError::RatioOutOfRange { .. } => Code::M201,
            ModelError::ValueOutOfRange { .. } => Code::M202,
            ModelError::NotACondition { .. } => Code::M203,
            ModelError::NotAValue { .. } => Code::M204,
            ModelError::WrongArguments { .. } => Code::M205,
            ModelError::RampPoints { .. } | ModelError::RampTooShort { .. } => Code::M206,
            ModelError::WrongPhase { .. } => Code::M207,
            ModelError::NotAMetric { .. } => Code::M208,
            ModelError::NotAWholeNumber { .. } => Code::M209,
            ModelError::NotStratified { .. } => Code::M210,
            ModelError::CausalCycle { .. } => Code::M300,
            ModelError::FigureOutOfRange { .. } => Code::M301,
            ModelError::NoBandAtZero { .. } | ModelError::SameBand { .. } => Code::M302,
            ModelError::NoSuchLink { .. } => Code::M303,
            ModelError::LinkedTwice { .. } => Code::M304,
            ModelError::NotAMode { .. } => Code::M305,
            ModelError::RangeReversed { .. } => Code::M306,
            ModelError::CountsDisagree { .. } => Code::M309,
            ModelError::ModeNeverRaised { .. } => Code::M307,
            ModelError::FactorWithoutMitigation { .. } => Code::M308,
        }
    }

    fn labels(&self) -> Vec<Label> {
        let two = |first: Span, first_text: String, second: Span, second_text: String| {
            vec![Label::new(first, first_text), Label::new(second, second_text)]
        };
        let one = |span: &Span, text: &str| vec![Label::new(*span, text)];
        let with_declaration = |span: &Span, text: String, declared: Option<Span>| {
            let mut labels = vec![Label::new(*span, text)];
            labels.extend(declared.map(|declared| Label::new(declared, "declared here")));
            labels
        };
        match self {
            ModelError::NoPack { start } => {
                start.iter().map(|start| Label::new(*start, "in this file or another")).collect()
            }
            ModelError::SeveralPacks { first, second } => {
                two(*second, "a second pack".into(), *first, "the first pack".into())
            }
            ModelError::DeclaredTwice { noun, first, second, .. } => {
                two(*second, "declared again here".into(), *first, format!("first declared here, as {noun}"))
            }
            ModelError::NoSuchName { noun, span, .. } => one(span, &format!("no {noun} has this name")),
            ModelError::WrongKind { wanted, actual, span, declared, .. } => {
                two(*span, format!("{wanted} is needed here"), *declared, format!("declared here as {actual}"))
            }
            ModelError::Deprecated { span, declared, .. } => {
                two(*span, "used here".into(), *declared, "deprecated here".into())
            }
            ModelError::UnknownOption { input, span, declared, .. } => {
                let mut labels = vec![Label::new(*span, "none of the options")];
                labels.extend(declared.map(|declared| Label::new(declared, format!("`{input}` is declared here"))));
                labels
            }
            ModelError::UnknownItem { span, declared, .. } => {
                two(*span, "no such item".into(), *declared, "its items are listed from here".into())
            }
            ModelError::RepeatedItem { first, second, .. } => {
                two(*second, "again here".into(), *first, "first here".into())
            }
            ModelError::NeverConcluded { span, .. } => one(span, "neither concluded by a rule nor declared"),
            ModelError::UnboundVariable { span, .. } => one(span, "stands for nothing here"),
            ModelError::UnusedVariable { span, .. } => one(span, "bound here"),
            ModelError::BoundTwice { first, second, .. } => {
                two(*second, "bound again here".into(), *first, "first bound here".into())
            }
            ModelError::WrongMembers { span, label, declared, .. } => {
                let mut labels = vec![Label::new(*span, label.clone())];
                labels.extend(declared.iter().map(|(span, text)| Label::new(*span, text.clone())));
                labels
            }
            ModelError::MisplacedClause { span, .. } => one(span, "not here"),
            ModelError::MissingClause { span, what, .. } => one(span, &format!("{what} is missing")),
            ModelError::RepeatedClause { first, second, .. } => {
                two(*second, "again here".into(), *first, "first here".into())
            }
            ModelError::UnusedFinding { span, .. } => one(span, "concluded here and read nowhere"),
            ModelError::NoReason { span, .. } => one(span, "why should a reader believe it?"),
            ModelError::SamePrecedence { first, second, .. } => {
                two(*second, "as high as".into(), *first, "this one".into())
            }
            ModelError::FindingParameters { first, second, .. } => {
                two(second.span, format!("here {}", second.what), first.span, format!("but here {}", first.what))
            }
            ModelError::ConcludedRelation { span, declared, .. } => {
                two(*span, "concluded here".into(), *declared, "declared here, to be listed by the deployment".into())
            }
            ModelError::FindingWithoutSet { span, .. } => one(span, "only members are named"),
            ModelError::UnknownWord { span, what, .. } => one(span, &format!("not {what}")),
            ModelError::NotAVersion { span, .. } => one(span, "not three numbers"),
            ModelError::UnusedDeclaration { span, .. } => one(span, "declared here and used nowhere"),
            ModelError::UnsupportedLanguage { span, .. } => one(span, "not known"),
            ModelError::TypesDiffer { left, right, .. } => {
                two(left.span, left.what.clone(), right.span, right.what.clone())
            }
            ModelError::RatioOutOfRange { span, other, value, .. } => side_labels(*span, value.clone(), other.as_ref()),
            ModelError::ValueOutOfRange { span, other, value, .. } => side_labels(*span, value.clone(), other.as_ref()),
            ModelError::NotAWholeNumber { span, other, value } => side_labels(*span, value.clone(), other.as_ref()),
            ModelError::NotACondition { span, .. } => one(span, "neither true nor false"),
            ModelError::NotAValue { span, .. } => one(span, "a value is needed here"),
            ModelError::WrongArguments { span, wanted, .. } => one(span, &format!("not {wanted}")),
            ModelError::RampPoints { first, second } => {
                two(*second, "is not to the right".into(), *first, "of this point".into())
            }
            ModelError::RampTooShort { span } => one(span, "this ramp"),
            ModelError::WrongPhase { read, feed, .. } => {
                two(*read, "known only after the likelihoods".into(), *feed, "needed before the likelihoods".into())
            }
            ModelError::NotAMetric { span, declared, .. } => with_declaration(span, "has no noise".into(), *declared),
            ModelError::NotStratified { links } | ModelError::CausalCycle { links } => cycle_labels(links),
            ModelError::FigureOutOfRange { span, low, high, .. } => one(span, &format!("not between {low} and {high}")),
            ModelError::NoBandAtZero { lowest, from } => one(lowest, &format!("the lowest band begins at {from}")),
            ModelError::SameBand { first, second, .. } => {
                two(*second, "begins where".into(), *first, "this one begins".into())
            }
            ModelError::NoSuchLink { span, declared, cause, .. } => two(
                *span,
                "addresses a link that is not there".into(),
                *declared,
                format!("`{cause}` is declared here"),
            ),
            ModelError::LinkedTwice { first, second, .. } => {
                two(*second, "again here".into(), *first, "first here".into())
            }
            ModelError::NotAMode { span, declared, .. } => {
                with_declaration(span, "a mode is needed here".into(), *declared)
            }
            ModelError::RangeReversed { span, .. } => one(span, "ends before it begins"),
            ModelError::CountsDisagree { span, label, other, .. } => {
                side_labels(*span, (*label).to_owned(), other.as_ref())
            }
            ModelError::ModeNeverRaised { span, .. } => one(span, "no rule, factor or base rate leads here"),
            ModelError::FactorWithoutMitigation { span, .. } => one(span, "nothing can be recommended against it"),
        }
    }

    fn help(&self) -> Option<String> {
        let did_you_mean = |nearest: &Option<String>| nearest.as_ref().map(|name| format!("did you mean `{name}`?"));
        let help = match self {
            ModelError::NoPack { .. } => "add `pack my_pack \"Title\" { version 0.1.0 language 1 }`".into(),
            ModelError::SeveralPacks { .. } => "keep one of them; a pack may be spread over any number of files".into(),
            ModelError::DeclaredTwice { .. } => "give one of them another name".into(),
            ModelError::NoSuchName { noun, nearest, .. } => {
                return did_you_mean(nearest).or_else(|| {
                    Some(if *noun == "index set" {
                        "declare it with `index`, or use `mode`, `factor` or `mitigation`".into()
                    } else {
                        format!("declare {} with this name, in any file of the pack", article(noun))
                    })
                });
            }
            ModelError::WrongKind { wanted, .. } => format!("name {wanted} here"),
            ModelError::Deprecated { replacement: Some(name), .. } => format!("use `{name}`"),
            ModelError::Deprecated { replacement: None, .. } => "there is no replacement; remove it".into(),
            ModelError::UnknownOption { nearest, options, .. } => {
                return did_you_mean(nearest)
                    .or_else(|| Some(format!("the options are {}", List::and(options.iter().map(String::as_str)))));
            }
            ModelError::UnknownItem { nearest, .. } => {
                return did_you_mean(nearest).or_else(|| Some("add it to the source as an `item`".into()));
            }
            ModelError::RepeatedItem { .. } => "keep one of them".into(),
            ModelError::NeverConcluded { nearest, name, .. } => {
                return did_you_mean(nearest).or_else(|| Some(format!("write a rule with `then conclude {name}`")));
            }
            ModelError::UnboundVariable { bound, set, name, .. } => match (bound.as_slice(), set) {
                ([], Some(set)) => format!("write `for each {name} in {set}` before `when`"),
                ([], None) => format!("write `for each {name} in …` before `when`"),
                (bound, _) => format!("bound here: {}", List::and(bound.iter().map(String::as_str))),
            },
            ModelError::UnusedVariable { .. } => {
                "use it, or remove it: one instance for each member says the same thing again".into()
            }
            ModelError::BoundTwice { .. } => "give one of them another name".into(),
            ModelError::WrongMembers { help, .. } => help.clone(),
            ModelError::MisplacedClause { belongs, clause, .. } if belongs.is_empty() => {
                format!("remove the `{clause}`")
            }
            ModelError::MisplacedClause { belongs, clause, .. } => {
                format!("`{clause}` belongs in {}", words(belongs.iter().map(String::as_str)))
            }
            ModelError::MissingClause { help, .. } => help.clone(),
            ModelError::RepeatedClause { .. } => "keep one of them".into(),
            ModelError::UnusedFinding { name, .. } => format!("read `{name}` in a condition, or do not conclude it"),
            ModelError::NoReason { .. } => "add `because \"…\"` and `cite …`, or `basis judgement`".into(),
            ModelError::SamePrecedence { .. } => {
                "where both hold, the first by name is given; give one of them another precedence".into()
            }
            ModelError::FindingParameters { .. } => {
                "conclude it over the same sets everywhere, or use two names".into()
            }
            ModelError::ConcludedRelation { name, .. } => {
                format!("conclude a finding of another name, such as `derived_{name}(…)`, which may read `{name}`")
            }
            ModelError::FindingWithoutSet { name, .. } => {
                format!("conclude `{name}` with a variable in at least one rule")
            }
            ModelError::UnknownWord { nearest, choices, .. } => {
                return did_you_mean(nearest).or_else(|| Some(format!("one of {}", List::or(choices.iter().copied()))));
            }
            ModelError::NotAVersion { .. } => "write three numbers, such as `1.0.0`".into(),
            ModelError::UnusedDeclaration { .. } => "use it or remove it".into(),
            ModelError::UnsupportedLanguage { .. } => "write `language 1`".into(),
            ModelError::TypesDiffer { help, .. } | ModelError::RatioOutOfRange { help, .. } => help.clone(),
            ModelError::ValueOutOfRange { low, high, .. } => format!("write a value from {low} to {high}"),
            ModelError::NotACondition { help, .. } | ModelError::NotAValue { help, .. } => help.clone(),
            ModelError::WrongArguments { help, .. } => help.clone(),
            ModelError::RampPoints { .. } => "order the points by what stands before `->`".into(),
            ModelError::RampTooShort { .. } => "write `ramp(x, 10% -> 0.5, 25% -> 0.9)`".into(),
            ModelError::WrongPhase { .. } => {
                "split it: rules that only recommend, contraindicate or flag come after the likelihoods".into()
            }
            ModelError::NotAMetric { .. } => "compare it with a number instead".into(),
            ModelError::NotAWholeNumber { .. } => "things are counted in whole numbers".into(),
            ModelError::NotStratified { links } => {
                let bad = links.first();
                let (from, verb, to) =
                    bad.map_or(("", "", ""), |link| (link.from.as_str(), link.verb, link.to.as_str()));
                format!(
                    "the link that cannot stay is `{from}` {verb} `{to}`: let one of these rules read an input instead; \
                     `etio explain M210` shows the ways out"
                )
            }
            ModelError::CausalCycle { .. } => "remove the weakest of these links, or split one of the nodes".into(),
            ModelError::FigureOutOfRange { help, .. } => return help.clone(),
            ModelError::NoBandAtZero { .. } => "write `from 0` in the lowest band".into(),
            ModelError::SameBand { .. } => "change one of the `from` figures".into(),
            ModelError::NoSuchLink { cause, effect, .. } => {
                format!("write `causes {effect} strength …` in `{cause}`, or address another link")
            }
            ModelError::LinkedTwice { .. } => "keep one of them".into(),
            ModelError::NotAMode { .. } => "name a mode that the factor causes".into(),
            ModelError::RangeReversed { help, .. } => help.clone(),
            ModelError::CountsDisagree { help, .. } => (*help).into(),
            ModelError::ModeNeverRaised { name, .. } => {
                format!("let a rule suspect `{name}`, let a factor cause it, or give it a `base_rate`")
            }
            ModelError::FactorWithoutMitigation { name, .. } => format!("write a mitigation that `addresses {name}`"),
        };
        Some(help)
    }
}

fn side_labels(span: Span, text: String, other: Option<&Side>) -> Vec<Label> {
    let mut labels = vec![Label::new(span, text)];
    labels.extend(other.map(|side| Label::new(side.span, side.what.clone())));
    labels
}

/// The first link is the one that cannot stay.
fn not_stratified(links: &[CycleLink]) -> String {
    let Some(bad) = links.first() else { return String::new() };
    if links.len() == 1 {
        return format!("`{}` {} itself", bad.from, bad.verb);
    }
    format!("`{}` {} `{}`, which depends on it in turn", bad.from, bad.verb, bad.to)
}

/// One label for each link, joined by dots so that they read as one sentence.
fn cycle_labels(links: &[CycleLink]) -> Vec<Label> {
    let last = links.len().saturating_sub(1);
    let label = |(position, link): (usize, &CycleLink)| {
        let before = if position == 0 { "" } else { "… and " };
        let after = if position == last { "" } else { " …" };
        Label::new(link.span, format!("{before}`{}` {} `{}`{after}", link.from, link.verb, link.to))
    };
    links.iter().enumerate().map(label).collect()
}

/// Returns the noun with its article.
pub(crate) fn article(noun: &str) -> String {
    format!("{} {noun}", if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" })
}

/// Returns `a mode, a factor or a band`, without quotes.
fn words<'a>(all: impl IntoIterator<Item = &'a str>) -> String {
    let all: Vec<&str> = all.into_iter().collect();
    match all.as_slice() {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [others @ .., last] => format!("{} or {last}", others.join(", ")),
    }
}
