//! Completion, highlighting, hints and unfinished rules at the prompt.

use super::command::COMMANDS;
use crate::explanation::{target_names, value_text};
use crate::session::Session;
use rustyline::completion::{Completer, Pair};
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::{Hinter, HistoryHinter};
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Context, Helper};
use std::borrow::Cow;

/// What the prompt knows of the session.
pub(super) struct PromptHelper {
    targets: Vec<Pair>,
    inputs: Vec<Pair>,
    hinter: HistoryHinter,
    colour: bool,
}

impl PromptHelper {
    /// Returns a helper for a session.
    pub fn new(session: &Session, colour: bool) -> Self {
        let knowledge = &session.knowledge;
        let titled = |name: String| {
            let title = knowledge
                .nodes
                .named(&name)
                .map(|node| node.title.as_str())
                .or_else(|| knowledge.rules.named(&name).map(|rule| rule.title.as_str()))
                .or_else(|| knowledge.mitigations.named(&name).map(|mitigation| mitigation.title.as_str()))
                .or_else(|| knowledge.inputs.named(&name).map(|input| input.title.as_str()))
                .or_else(|| knowledge.relations.named(&name).map(|relation| relation.title.as_str()));
            Pair { display: title.map_or_else(|| name.clone(), |title| format!("{name}  {title}")), replacement: name }
        };
        let inputs = knowledge.inputs.iter().map(|(id, input)| {
            let fact = session.facts.get(id, &[]).and_then(|fact| fact.value.as_ref().ok());
            let now = fact.map_or_else(|| "unknown".to_owned(), |value| value_text(value, &input.value_type));
            Pair {
                display: format!("{}  {} (now {now})", input.id, input.value_type),
                replacement: format!("{} = ", input.id),
            }
        });
        PromptHelper {
            targets: target_names(knowledge).into_iter().map(titled).collect(),
            inputs: inputs.collect(),
            hinter: HistoryHinter::new(),
            colour,
        }
    }
}

impl Completer for PromptHelper {
    type Candidate = Pair;

    fn complete(&self, line: &str, position: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        let whole = &line[..position];
        let typed = whole.strip_prefix("formal ").or_else(|| whole.strip_prefix("mermaid ")).unwrap_or(whole);
        let starts = |pairs: &[Pair], word: &str| -> Vec<Pair> {
            let matching = pairs.iter().filter(|pair| pair.replacement.starts_with(word));
            matching.map(|pair| Pair { display: pair.display.clone(), replacement: pair.replacement.clone() }).collect()
        };
        if let Some(rest) = typed.strip_prefix("what if ").or_else(|| typed.strip_prefix("what-if ")) {
            let begin = rest.rfind(", ").map_or(0, |comma| comma + 2);
            return Ok((position - (rest.len() - begin), starts(&self.inputs, &rest[begin..])));
        }
        for opening in ["why not ", "why-not ", "why all ", "why ", "flip ", "chain "] {
            if let Some(word) = typed.strip_prefix(opening) {
                return Ok((position - word.len(), starts(&self.targets, word)));
            }
        }
        let commands = COMMANDS.iter().filter(|(name, ..)| name.starts_with(typed));
        let commands = commands.map(|(name, words, what)| {
            let space = if words.is_empty() { "" } else { " " };
            Pair { display: format!("{name}{space}{words}  {what}"), replacement: format!("{name}{space}") }
        });
        Ok((position - typed.len(), commands.collect()))
    }
}

impl Hinter for PromptHelper {
    type Hint = String;

    fn hint(&self, line: &str, position: usize, context: &Context<'_>) -> Option<String> {
        self.hinter.hint(line, position, context)
    }
}

/// Words of the rule language that are shown as such.
const KEYWORDS: [&str; 26] = [
    "rule",
    "for",
    "each",
    "in",
    "when",
    "and",
    "or",
    "not",
    "then",
    "suspect",
    "exonerate",
    "likelihood",
    "conclude",
    "raise",
    "lower",
    "set",
    "recommend",
    "contraindicate",
    "require",
    "flag",
    "because",
    "cite",
    "known",
    "unknown",
    "any",
    "all",
];

impl Highlighter for PromptHelper {
    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        if !self.colour {
            return Cow::Borrowed(line);
        }
        let is_rule = line.trim_start().starts_with("rule");
        let mut out = String::new();
        for (position, word) in line.split_inclusive([' ', '\n', '(', ')']).enumerate() {
            let bare = word.trim_end_matches([' ', '\n', '(', ')']);
            let is_command = position == 0 && COMMANDS.iter().any(|(name, ..)| name.split(' ').next() == Some(bare));
            let is_known = self.targets.iter().any(|pair| pair.replacement == bare);
            let code = match () {
                () if is_command || (is_rule && KEYWORDS.contains(&bare)) => "1",
                () if is_known => "36",
                () => "",
            };
            if code.is_empty() {
                out.push_str(word);
            } else {
                out.push_str(&format!("\u{1b}[{code}m{bare}\u{1b}[0m{}", &word[bare.len()..]));
            }
        }
        Cow::Owned(out)
    }

    fn highlight_char(&self, _: &str, _: usize, _: CmdKind) -> bool {
        self.colour
    }
}

impl Validator for PromptHelper {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        Ok(if super::is_unfinished_rule(context.input()) {
            ValidationResult::Incomplete
        } else {
            ValidationResult::Valid(None)
        })
    }
}

impl Helper for PromptHelper {}
