//! A conclusion to flip, as typed: a name, a verdict, or a condition as rules are written.

use super::Session;
use super::packs::{LoadedPack, check_files};
use crate::diagnostic::{Code, Diagnostic, Severity, or_nearest};
use crate::explanation::{find_target, goal_of};
use crate::model::Body;
use crate::risk::Goal;

/// The verdict that a typed condition is read as; no pack declares a name like it.
const NAME: &str = "condition_typed_at_the_prompt";

impl Session {
    /// Returns what is to flip.
    ///
    /// # Errors
    /// `X002 unknown-name`, or what is wrong with the condition.
    pub(super) fn goal(&self, words: &str) -> Result<Goal, Diagnostic> {
        let words = words.trim();
        if let Some(verdict) = wanted_verdict(words) {
            let verdicts = &self.knowledge.verdicts;
            return verdicts.find(verdict).map(Goal::Given).ok_or_else(|| {
                Diagnostic::new(Code::X002, format!("the pack has no verdict called `{verdict}`"))
                    .with_help(or_nearest(verdict, verdicts.names(), || "`why verdict` says which one is given".into()))
            });
        }
        if words.contains(['<', '>', '=', '≤', '≥']) || words.contains(" where ") {
            return self.condition(words).map(|body| Goal::Condition(Box::new(body)));
        }
        goal_of(self.case(), &find_target(self.case(), words)?)
    }

    /// Reads a condition; it sees what the condition of a verdict sees.
    fn condition(&self, text: &str) -> Result<Body, Diagnostic> {
        let mut sources = self.sources.clone();
        let mut pack_files = self.pack_files.clone();
        if let Some(own) = pack_files.first_mut() {
            own.sources.push(sources.add(super::prompt_rule::PROMPT, format!("verdict {NAME} {{ when {text}\n}}")));
        }
        let LoadedPack { knowledge, diagnostics, .. } = check_files(&pack_files, &sources);
        let refused = || Diagnostic::new(Code::X004, format!("`{text}` is not one condition"));
        let errors = diagnostics.iter().find(|diagnostic| diagnostic.severity() == Severity::Error);
        if let Some(error) = errors {
            // Its places are in a text that nobody has seen.
            let message = error.message.replace("found `}`", "but the condition ends here");
            let mut told = Diagnostic::new(error.code, message);
            told.help.clone_from(&error.help);
            return Err(told);
        }
        let knowledge = knowledge.ok_or_else(refused)?;
        let same = knowledge.rules.len() == self.knowledge.rules.len()
            && knowledge.verdicts.len() == self.knowledge.verdicts.len() + 1;
        let verdict = knowledge.verdicts.named(NAME).filter(|_| same).ok_or_else(refused)?;
        Ok(verdict.body.clone())
    }
}

/// Returns the verdict that `verdict = ready` asks for; a flip of `verdict != ready` is the same.
fn wanted_verdict(words: &str) -> Option<&str> {
    let rest = words.strip_prefix("verdict")?.trim_start();
    let rest = rest.strip_prefix("!=").or_else(|| rest.strip_prefix('='))?;
    Some(rest.trim())
}
