//! A rule tried out at the prompt: the pack with it, and what it changes.

use super::packs::{LoadedPack, check_files};
use super::{Question, Session};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::explanation::{Document, moved_risks, show_moved_risks};
use crate::model::Named;
use crate::risk::{Options, assess_with};
use crate::source::SourceMap;

/// The name of the text typed at the prompt, in places and messages.
pub(super) const PROMPT: &str = "<prompt>";

/// A session with one more rule.
#[derive(Debug)]
pub struct AddedRule {
    /// The session.
    pub session: Session,
    /// What the rule changes.
    pub document: Document,
}

impl Session {
    /// Returns the session with the rule in `text` added to its pack. Facts stay as they are: a rule
    /// brings no input, so no table has to be read again.
    ///
    /// # Errors
    /// Everything that is wrong with the rule, with a source map that holds it.
    pub fn with_rule(&self, text: &str) -> Result<AddedRule, Box<(SourceMap, Diagnostics)>> {
        let mut sources = self.sources.clone();
        let mut pack_files = self.pack_files.clone();
        if let Some(own) = pack_files.first_mut() {
            own.sources.push(sources.add(PROMPT, text));
        }
        let LoadedPack { knowledge, diagnostics, .. } = check_files(&pack_files, &sources);
        let Some(knowledge) = knowledge.filter(|_| !diagnostics.has_errors()) else {
            return Err(Box::new((sources, diagnostics)));
        };
        if !knowledge.inputs.names().eq(self.knowledge.inputs.names())
            || !knowledge.nodes.names().eq(self.knowledge.nodes.names())
            || knowledge.indexes.len() != self.knowledge.indexes.len()
            || knowledge.relations.len() != self.knowledge.relations.len()
        {
            let refusal = Diagnostic::new(Code::X008, "only a rule can be added at the prompt")
                .with_help("write other declarations into the pack and `reload`");
            return Err(Box::new((sources, refusal.into())));
        }
        let added: Vec<String> = knowledge
            .rules
            .values()
            .filter(|rule| self.knowledge.rules.find(rule.name()).is_none())
            .map(|rule| rule.id.clone())
            .collect();
        let options = Options { propagation: self.assessment.propagation, swings: true };
        let assessment = match assess_with(&knowledge, &self.facts, options) {
            Ok(assessment) => assessment,
            Err(error) => return Err(Box::new((sources, Diagnostic::from(error).into()))),
        };
        let moved = moved_risks(&self.assessment, &assessment);
        let session = Session {
            folder: self.folder.clone(),
            sources,
            knowledge,
            pack_files,
            manifest: self.manifest.clone(),
            digest: self.digest.clone(),
            evaluation: self.evaluation.clone(),
            facts: self.facts.clone(),
            assessment,
            warnings: Diagnostics::default(),
        };
        let document = session.told(&added, &moved);
        Ok(AddedRule { session, document })
    }

    fn told(&self, added: &[String], moved: &[crate::explanation::MovedRisk]) -> Document {
        let mut document = Document::default();
        for name in added {
            let fired =
                self.knowledge.rules.find(name).is_some_and(|rule| self.assessment.inference.outcome(rule).holds());
            let question = if fired {
                Question::Why { target: format!("rule {name}"), all: false }
            } else {
                Question::WhyNot(format!("rule {name}"))
            };
            if let Ok(reply) = self.ask(&question) {
                document.blocks.extend(reply.document.blocks);
            }
        }
        show_moved_risks(moved, &mut document, &self.knowledge);
        document.paragraph("The rule holds for this session only; write it into a file of the pack to keep it.");
        document
    }
}
