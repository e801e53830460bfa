//! Figures, each with the source in which it was read.

use super::checks::{number, range, text, whole};
use super::dialogue::{Dialogue, Stopped};
use super::draft::FigureDraft;
use super::what_failed::stage;
use crate::corpus::case::GroupGap;

/// Metrics that are shares: a value above 1 is a percentage that somebody forgot to mark.
const SHARES: [&str; 12] =
    ["accuracy", "auprc", "auroc", "brier", "dice", "ece", "f1", "icc", "npv", "ppv", "sensitivity", "specificity"];

/// Asks for figures, one after the other.
pub(super) fn ask_figures(dialogue: &mut Dialogue<'_>) -> Result<(), Stopped> {
    dialogue.draft.figures.clear();
    loop {
        let help = "One figure at a time, as it stands in the source: auroc, sensitivity, ppv, share_of_cases_missed, … \
                    Shares are written from 0 to 1, or as a percentage; a range as 0.76 to 0.83.";
        let question = "What was measured? Such as auroc or share_of_cases_missed. Enter goes on.";
        let Some(metric) = dialogue.ask(question, help, text)? else { return Ok(()) };
        let metric = metric.replace(' ', "_");
        let is_share = is_share(&metric);
        let question = format!("Its value ({metric}):");
        let (value, to) = dialogue.needed(&question, help, |answer| value_or_range(answer, is_share))?;
        let help = "before: promised, or measured in development. after: measured where it was used or tested. context: said \
                    beside it, such as a number of alarms.";
        let when = dialogue.needed("When is it from? before, after, context", help, stage)?;
        let help = "The confidence interval that the source gives, such as 0.62 to 0.64.";
        let interval = dialogue.ask("Its interval:", help, |answer| {
            let (low, high) = range(answer)?;
            if low <= value && to.unwrap_or(value) <= high {
                return Ok((share(low, is_share)?, share(high, is_share)?));
            }
            Err(format!("the value {value} does not lie in it"))
        })?;
        let place = dialogue.ask("Where, or on whom?", "Such as: two wards, alert threshold 6.", text)?;
        let source = ask_source(dialogue)?;
        dialogue.draft.figures.push(FigureDraft { stage: when, metric, value, to, interval, place, source });
    }
}

/// Every figure was read somewhere; where there is one source, it is that one.
fn ask_source(dialogue: &mut Dialogue<'_>) -> Result<usize, Stopped> {
    let sources = &dialogue.draft.sources;
    if sources.len() < 2 {
        return Ok(1);
    }
    let listed: Vec<String> = sources
        .iter()
        .zip(1..)
        .map(|(source, number)| format!("{number}: {} ({})", source.cite, source.read))
        .collect();
    let question = format!("In which source did you read it? {}", listed.join("; "));
    let most = sources.len() as u64;
    let number = dialogue.needed(&question, "A figure that no source has is not taken.", whole(1, most))?;
    Ok(number as usize)
}

fn value_or_range(answer: &str, is_share: bool) -> Result<(f64, Option<f64>), String> {
    if answer.contains(" to ") {
        let (low, high) = range(answer)?;
        return Ok((share(low, is_share)?, Some(share(high, is_share)?)));
    }
    Ok((share(number(answer)?, is_share)?, None))
}

fn is_share(metric: &str) -> bool {
    SHARES.contains(&metric) || metric.starts_with("share_")
}

fn share(value: f64, is_share: bool) -> Result<f64, String> {
    if is_share && !(-1.0..=1.0).contains(&value) {
        return Err(format!("it is a share from 0 to 1; is {value} a percentage? Then write `{value} %`"));
    }
    Ok(value)
}

/// Asks for one metric of several groups of patients.
pub(super) fn ask_groups(dialogue: &mut Dialogue<'_>) -> Result<(), Stopped> {
    dialogue.draft.groups.clear();
    loop {
        let help = "Where the source compares groups, such as women and men: first the metric, then what tells the groups \
                    apart, then each group with its value.";
        let question = "What was measured in several groups? Such as sensitivity. Enter goes on.";
        let Some(metric) = dialogue.ask(question, help, text)? else { return Ok(()) };
        let metric = metric.replace(' ', "_");
        let is_share = is_share(&metric);
        let attribute = dialogue.needed("What tells the groups apart? Such as sex.", help, text)?;
        let question = "Each group and its value, such as: women 0.4, men 0.6";
        let values = dialogue.needed(question, help, |answer| values(answer, is_share))?;
        dialogue.draft.groups.push(GroupGap { metric, attribute, values });
    }
}

fn values(answer: &str, is_share: bool) -> Result<Vec<(String, f64)>, String> {
    let mut found: Vec<(String, f64)> = Vec::new();
    for part in answer.split(',') {
        let part = part.trim().replace(" %", "%");
        let (group, value) = part.rsplit_once(' ').ok_or("write a group and its value, such as: women 0.4, men 0.6")?;
        let group = group.trim().trim_end_matches(':');
        if found.iter().any(|(other, _)| other == group) {
            return Err(format!("the group `{group}` comes twice"));
        }
        found.push((group.to_owned(), share(number(value)?, is_share)?));
    }
    if found.len() < 2 { Err("a comparison takes two groups".to_owned()) } else { Ok(found) }
}
