//! Modes and factors, by the names that the pack has for them.

use super::dialogue::{Dialogue, Stopped};
use crate::corpus::case::Stage;
use crate::diagnostic::or_nearest;
use crate::model::{KnowledgeBase, NodeKind};

/// Asks for the modes, the main one first, and for the factors of each.
pub(super) fn ask_modes(dialogue: &mut Dialogue<'_>) -> Result<(), Stopped> {
    dialogue.draft.modes.clear();
    let knowledge = dialogue.knowledge;
    let help = all_of(knowledge, true);
    loop {
        let known: Vec<String> = dialogue.draft.modes.iter().map(|(mode, _)| mode.clone()).collect();
        let check = |answer: &str| match node(answer, true, knowledge) {
            Ok(mode) if known.contains(&mode) => Err(format!("`{mode}` stands there already")),
            found => found,
        };
        let mode = if known.is_empty() {
            dialogue.needed("What failed, above all? A failure mode; `?` lists them.", &help, check)?
        } else {
            match dialogue.ask("Did something else fail as well? Enter goes on.", &help, check)? {
                Some(mode) => mode,
                None => return Ok(()),
            }
        };
        let factors = ask_factors(dialogue, &mode)?;
        dialogue.draft.modes.push((mode, factors));
    }
}

fn ask_factors(dialogue: &mut Dialogue<'_>, mode: &str) -> Result<Vec<(String, bool)>, Stopped> {
    let knowledge = dialogue.knowledge;
    let usual: Vec<&str> = knowledge
        .nodes
        .values()
        .filter(|node| !node.is_mode())
        .filter(|node| node.causes.iter().any(|cause| knowledge.nodes[cause.effect].id == mode))
        .map(|node| node.id.as_str())
        .collect();
    let usual = if usual.is_empty() { String::new() } else { format!("Known causes of it: {}.", usual.join(", ")) };
    let help = format!("{usual}\n{}", all_of(knowledge, false));
    let mut factors: Vec<(String, bool)> = Vec::new();
    loop {
        let question = match factors.len() {
            0 => format!(
                "Why, according to the source? A causal factor, then `confirmed` or `suspected`, such as `{} suspected`. {usual} Enter goes on.",
                example(&usual)
            ),
            _ => "Another cause? Enter goes on.".to_owned(),
        };
        let known: Vec<String> = factors.iter().map(|(factor, _)| factor.clone()).collect();
        let found = dialogue.ask(&question, &help, |answer| {
            let (name, word) = answer.split_once(' ').unwrap_or((answer, ""));
            let factor = node(name, false, knowledge)?;
            if known.contains(&factor) {
                return Err(format!("`{factor}` stands there already"));
            }
            match word.trim() {
                "confirmed" => Ok((factor, true)),
                "suspected" => Ok((factor, false)),
                _ => Err(format!(
                    "write `{factor} confirmed` if the source shows it, `{factor} suspected` if it only names it"
                )),
            }
        })?;
        match found {
            Some(found) => factors.push(found),
            None => return Ok(factors),
        }
    }
}

/// Returns the first of the usual causes.
fn example(usual: &str) -> &str {
    let first = usual.split(": ").nth(1).unwrap_or("no_local_recalibration");
    first.split([',', '.']).next().unwrap_or(first)
}

fn node(name: &str, mode: bool, knowledge: &KnowledgeBase) -> Result<String, String> {
    if knowledge.nodes.named(name).is_some_and(|node| node.is_mode() == mode) {
        return Ok(name.to_owned());
    }
    let what = if mode { "failure mode" } else { "causal factor" };
    let same_kind = knowledge.nodes.values().filter(|node| node.is_mode() == mode).map(|node| node.id.as_str());
    let nearest = or_nearest(name, same_kind, || "`?` lists them".to_owned());
    Err(format!("`{name}` is no {what} of the pack; {nearest}"))
}

/// Lists modes or factors with their titles.
fn all_of(knowledge: &KnowledgeBase, modes: bool) -> String {
    let nodes = knowledge.nodes.values().filter(|node| matches!(node.kind, NodeKind::Mode { .. }) == modes);
    nodes.map(|node| format!("- {}: {}", node.id, node.title)).collect::<Vec<_>>().join("\n")
}

/// Returns the stage of that word.
pub(super) fn stage(answer: &str) -> Result<Stage, String> {
    [Stage::Before, Stage::After, Stage::Context]
        .into_iter()
        .find(|stage| stage.word() == answer)
        .ok_or_else(|| or_nearest(answer, Stage::WORDS, || format!("write one of {}", Stage::WORDS.join(", "))))
}
