//! What would flip a conclusion: the smallest changes, each tried, and what was proven of smaller ones.

use super::figures::{distinct, figure_text, value_text};
use super::{Case, Document, Line, Target, Tone, Tree};
use crate::diagnostic::{Code, Diagnostic};
use crate::inference::{Element, FactKey};
use crate::model::{InputKind, MitigationId, Type, Value};
use crate::risk::{Alteration, Flip, Flips, Goal, State, flip as search};
use serde::Serialize;

/// The smallest changes that would flip a conclusion.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FlipAnswer {
    /// The question, as it can be typed again.
    pub question: String,
    /// What it is about.
    pub about: String,
    /// The answer in one sentence.
    pub answer: String,
    /// What it is now.
    pub now: String,
    /// The flips, the fewest changes first, then the smallest.
    pub flips: Vec<ShownFlip>,
    /// How many were found beside them.
    pub more: usize,
    /// No change of fewer inputs than this does it, beside those shown; 0 where nothing was proven.
    pub proven_below: usize,
    /// Whether no change of any input does it.
    pub impossible: bool,
    /// How many figures and answers it depends on.
    pub inputs: usize,
    /// What was proven and what was not, in a sentence.
    pub proof: String,
    /// What can be typed next.
    pub next: Vec<String>,
}

/// Changes that flip a conclusion together.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ShownFlip {
    /// What is changed, by input.
    pub changes: Vec<ShownChange>,
    /// The sum of the moves, each as a share of its scale.
    pub share: f64,
    /// What it becomes.
    pub becomes: String,
    /// The changes as `what-if` takes them.
    pub what_if: String,
}

/// An input with another value.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ShownChange {
    /// The input with its members, as it can be typed.
    pub input: String,
    /// Its title with its members.
    pub title: String,
    /// The value now; none where it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The value that does it.
    pub to: String,
    /// The number that has to be passed, where reaching it is not enough.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beyond: Option<f64>,
    /// How large the move is, as a share of the scale.
    pub share: f64,
    /// Where the value now comes from, or who would supply it.
    pub origin: String,
    /// The change in a sentence.
    pub sentence: String,
}

/// Returns the goal that a target stands for.
///
/// # Errors
/// `X002 unknown-name` for a target that cannot flip: an input, or a factor, which has no band.
pub fn goal_of(case: Case<'_>, target: &Target) -> Result<Goal, Diagnostic> {
    match target {
        Target::Rule(rule) => Ok(Goal::Rule(*rule)),
        Target::Finding(finding, instance) => Ok(Goal::Finding(*finding, instance.clone())),
        Target::Mitigation(mitigation) => Ok(Goal::Recommended(*mitigation)),
        Target::Verdict(verdict) if case.assessment.verdict.given == Some(*verdict) => Ok(Goal::Verdict),
        Target::Verdict(verdict) => Ok(Goal::Given(*verdict)),
        Target::Node(node) if case.assessment.risk(*node).is_some() && !case.knowledge.bands.is_empty() => {
            Ok(Goal::Band(*node))
        }
        Target::Node(node) => {
            let id = &case.knowledge.nodes[*node].id;
            let message = format!("`{id}` is in no band of risk, so there is nothing to flip");
            Err(Diagnostic::new(Code::X002, message)
                .with_help(format!("name a figure, such as `flip \"likelihood({id}) < 20%\"`")))
        }
        Target::Relation(relation, _) => {
            let id = &case.knowledge.relations[*relation].id;
            let message = format!("`{id}` is what the deployment lists, so there is nothing to flip");
            Err(Diagnostic::new(Code::X002, message).with_help("name a finding that rules conclude from it"))
        }
        Target::Input(input) => {
            let id = &case.knowledge.inputs[*input].id;
            let message = format!("`{id}` is an input, and an input is what it is said to be");
            Err(Diagnostic::new(Code::X002, message)
                .with_help(format!("ask what would follow from another value: `what-if \"{id} = …\"`")))
        }
    }
}

/// Answers what would flip a goal. `about` is the goal as typed.
///
/// # Errors
/// `I001 too-many-instances`, as the assessment itself.
pub fn flip(case: Case<'_>, goal: &Goal, about: &str) -> Result<FlipAnswer, Diagnostic> {
    let found = search(case.knowledge, case.facts, case.assessment.propagation, goal)?;
    let flips: Vec<ShownFlip> = found.found.iter().map(|flip| shown_flip(case, goal, flip)).collect();
    let now = state_text(case, goal, found.now);
    let next = flips.first().map(|flip| format!("what-if \"{}\"", flip.what_if));
    Ok(FlipAnswer {
        question: format!("flip {about}"),
        about: about.to_owned(),
        answer: sentence(case, goal, about, &now, &found),
        now,
        flips,
        more: found.more,
        proven_below: found.proven_below,
        impossible: found.impossible,
        inputs: found.facts,
        proof: proof(&found) + &as_listed(case, &found),
        next: next.into_iter().collect(),
    })
}

fn sentence(case: Case<'_>, goal: &Goal, about: &str, now: &str, flips: &Flips) -> String {
    let subject = subject(case, goal, about);
    let least = flips.found.first().map(|flip| flip.changes.len());
    match least {
        None if flips.impossible => format!("{subject} {now}, and no change of any input would change that"),
        None => format!("{subject} {now}, and no change was found that would change that"),
        Some(1) => format!("{subject} {now}; one change would do:"),
        Some(several) => format!("{subject} {now}; {several} changes together would do:"),
    }
}

/// What was proven of smaller changes, in a sentence.
fn proof(flips: &Flips) -> String {
    let (depends, values) = match flips.facts {
        0 => return "It depends on no figure or answer.".to_owned(),
        1 => ("It depends on one figure or answer".to_owned(), "every value of it"),
        several => (format!("It depends on {several} figures and answers"), "all their values"),
    };
    let least = flips.found.first().map_or(0, |flip| flip.changes.len());
    match flips.proven_below {
        _ if flips.impossible => format!("{depends}. Proven for {values}."),
        0 => format!("{depends}. The search stopped at its limit: smaller changes are not excluded."),
        1 if least == 1 => {
            format!("{depends}. The search stopped at its limit: other single changes are not excluded.")
        }
        _ if flips.facts == 1 => format!("{depends}, and {values} was looked at."),
        below if below > least && least > 0 => {
            let size = match (below - 1).min(flips.facts) {
                1 => "one input".to_owned(),
                several => format!("up to {several} inputs"),
            };
            format!("{depends}. Every change of {size} was looked at, with {values}.")
        }
        below => format!("{depends}. Proven: no change of fewer than {below} inputs does it, whatever their values."),
    }
}

/// Names the relations that were not changed, in a sentence of its own.
fn as_listed(case: Case<'_>, flips: &Flips) -> String {
    let names = flips.relations.iter().map(|relation| case.knowledge.relations[*relation].id.as_str());
    let names: Vec<&str> = names.collect();
    if names.is_empty() {
        return String::new();
    }
    format!(
        " What is related is taken as the deployment lists it ({}); `what-if` can suppose otherwise.",
        names.join(", ")
    )
}

fn subject(case: Case<'_>, goal: &Goal, about: &str) -> String {
    match goal {
        Goal::Rule(rule) => format!("The rule \"{}\"", case.knowledge.rules[*rule].title),
        Goal::Finding(finding, Some(instance)) => format!("`{}`", case.finding_name(*finding, &instance.arguments)),
        Goal::Finding(finding, None) => format!("`{}`", case.knowledge.findings[*finding].id),
        Goal::Band(mode) => format!("\"{}\"", case.node_title(*mode)),
        Goal::Recommended(mitigation) => format!("\"{}\"", mitigation_title(case, *mitigation)),
        Goal::Verdict | Goal::Given(_) => "The verdict".to_owned(),
        Goal::Condition(_) => format!("`{about}`"),
    }
}

fn mitigation_title(case: Case<'_>, mitigation: MitigationId) -> &str {
    &case.knowledge.mitigations[mitigation].title
}

/// What the goal is, as a predicate: "fires", "is in band High".
fn state_text(case: Case<'_>, goal: &Goal, state: State) -> String {
    let verdict = |verdict| format!("\"{}\"", case.knowledge.verdicts[verdict].title);
    match (goal, state) {
        (_, State::Band(Some(band))) => format!("is in band {}", case.knowledge.bands[band].title),
        (_, State::Band(None)) => "is in no band".to_owned(),
        (_, State::Verdict(Some(given))) => format!("is {}", verdict(given)),
        (_, State::Verdict(None)) => "is none".to_owned(),
        (Goal::Given(wanted), State::Holds(true)) => format!("is {}", verdict(*wanted)),
        (Goal::Given(wanted), State::Holds(false)) => format!("is not {}", verdict(*wanted)),
        (Goal::Rule(_), State::Holds(true)) => "fires".to_owned(),
        (Goal::Rule(_), State::Holds(false)) => "does not fire".to_owned(),
        (Goal::Finding(..), State::Holds(true)) => "is concluded".to_owned(),
        (Goal::Finding(..), State::Holds(false)) => "is not concluded".to_owned(),
        (Goal::Recommended(_), State::Holds(true)) => "is recommended".to_owned(),
        (Goal::Recommended(_), State::Holds(false)) => "is not recommended".to_owned(),
        (_, State::Holds(true)) => "holds".to_owned(),
        (_, State::Holds(false)) => "does not hold".to_owned(),
    }
}

fn shown_flip(case: Case<'_>, goal: &Goal, flip: &Flip) -> ShownFlip {
    let changes: Vec<ShownChange> = flip.changes.iter().map(|change| shown_change(case, change)).collect();
    let what_if: Vec<String> = changes.iter().map(|change| format!("{} = {}", change.input, change.to)).collect();
    ShownFlip { what_if: what_if.join(", "), changes, share: flip.share, becomes: state_text(case, goal, flip.becomes) }
}

fn shown_change(case: Case<'_>, change: &Alteration) -> ShownChange {
    let declared = &case.knowledge.inputs[change.input];
    let members = change.members.iter().copied().map(Element::Member).collect();
    let key = FactKey { input: change.input, members };
    let title = case.key_title(&key);
    let from = change.from.as_ref().map(|value| from_text(value, &change.to, &declared.value_type));
    let to = typed(&change.to, &declared.value_type);
    let shown_to = match change.beyond {
        Some(beyond) => {
            let word = match change.from.as_ref().and_then(Value::as_number) {
                Some(now) if now > beyond => "below",
                _ => "above",
            };
            format!("just {word} {} ({to} does it)", figure_text(beyond, &declared.value_type))
        }
        None => to.clone(),
    };
    let sentence = match &from {
        Some(from) => format!("{title}: {from} → {shown_to}"),
        None => format!("{title}: not known → {shown_to}"),
    };
    let origin = match (&from, &declared.kind) {
        (None, InputKind::Question { ask: Some(role), .. }) => format!("{}; ask {role}", case.key_name(&key)),
        _ => case.origin(&key),
    };
    ShownChange {
        input: case.key_name(&key),
        title,
        from,
        to,
        beyond: change.beyond,
        share: change.share,
        origin,
        sentence,
    }
}

/// Returns a value with so many digits that it differs from the one that it is changed to.
fn from_text(from: &Value, to: &Value, value_type: &Type) -> String {
    match (from, to, value_type) {
        (Value::Number(from), Value::Number(to), Type::Ratio | Type::Number { unit: None }) => distinct(*from, *to).0,
        _ => value_text(from, value_type),
    }
}

/// Returns a value as it can be typed, with every digit that it has.
fn typed(value: &Value, value_type: &Type) -> String {
    match (value, value_type) {
        (Value::Number(number), Type::Ratio | Type::Number { .. } | Type::Count | Type::Score { .. }) => {
            number.to_string()
        }
        _ => value_text(value, value_type),
    }
}

impl FlipAnswer {
    /// Returns the answer for people.
    pub fn document(&self) -> Document {
        let mut document = Document::default();
        let mut children: Vec<Tree> = Vec::new();
        for (place, flip) in self.flips.iter().enumerate() {
            let if_so = match flip.changes.len() {
                1 => "if".to_owned(),
                several => format!("if these {several} change together"),
            };
            let line = Line::new().strong(format!("{}. ", place + 1)).plain(format!("it {}, {if_so}:", flip.becomes));
            let change = |change: &ShownChange| {
                Tree::leaf(Line::new().plain(&change.sentence).faint(format!("  [{}]", change.origin)))
            };
            children.push(Tree { line, children: flip.changes.iter().map(change).collect() });
        }
        if self.more > 0 {
            children.push(Tree::leaf(Line::new().faint(format!("and {} more, each a larger move", self.more))));
        }
        document.trees(vec![Tree { line: Line::new().strong(&self.answer), children }]);
        document.paragraph(Line::new().with(Tone::Faint, &self.proof));
        document.next_steps(self.next.clone());
        document
    }
}
