//! The questions that can be asked of a session; the command line and the REPL ask the same ones.

use super::Session;
use crate::clusters::{Item, Precedents, of_pilot};
use crate::diagnostic::{Code, Diagnostic};
use crate::explanation::{
    Answer, Case, Document, Target, chain, find_target, flip, list_facts, list_measurements, list_recommendations,
    list_risks, summarise, suppose, what_if, why, why_not, with_overrides,
};
use crate::inference::{Part, PremiseKind};
use crate::report::json::{self, Identity};
use serde_json::{Value as Json, json};

/// A question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// The report in two minutes.
    Summary,
    /// Why something was concluded.
    Why {
        /// What.
        target: String,
        /// Every derivation, not the smallest alone.
        all: bool,
    },
    /// Why something was not concluded.
    WhyNot(String),
    /// What would differ under suppositions.
    WhatIf(String),
    /// The smallest changes that would flip a conclusion, or a condition as rules are written.
    Flip(String),
    /// The causal chain of a mode or factor.
    Chain(String),
    /// Facts whose name contains the words.
    Facts(String),
    /// Every risk.
    Risks,
    /// Every recommendation.
    Recommend,
    /// Every metric of the pilot tables.
    Metrics,
}

/// An answer for people and the same for programs.
#[derive(Clone, Debug)]
pub struct Reply {
    /// For people.
    pub document: Document,
    /// For programs.
    pub json: Json,
    /// The reasons as a tree, where the question was why, why not or for a causal chain.
    pub answer: Option<Answer>,
}

impl Reply {
    fn new(document: Document, json: Json) -> Self {
        Reply { document, json, answer: None }
    }
}

impl From<Answer> for Reply {
    fn from(answer: Answer) -> Self {
        let json = json::versioned("etiology.answer/1", json!(answer));
        Reply { document: answer.document(), json, answer: Some(answer) }
    }
}

impl Session {
    /// Returns what explanations look at.
    pub fn case(&self) -> Case<'_> {
        Case { knowledge: &self.knowledge, facts: &self.facts, assessment: &self.assessment, sources: &self.sources }
    }

    /// Returns the deployment as a vector, to be compared with documented failures.
    pub fn item(&self) -> Item {
        let id = &self.manifest.id;
        of_pilot(self.case(), id, self.manifest.title.as_deref().unwrap_or(id))
    }

    /// Returns the assessment by the JSON contract.
    pub fn json(&self) -> Json {
        self.json_with(&Precedents::of(&self.item(), &self.knowledge))
    }

    fn json_with(&self, precedents: &Precedents<'_>) -> Json {
        let identity = Identity { deployment: &self.manifest.id, digest: &self.digest };
        json::assessment(self.case(), identity, precedents.json())
    }

    /// Answers a question.
    ///
    /// # Errors
    /// `X002 unknown-name` and `X004 wrong-supposition`.
    pub fn ask(&self, question: &Question) -> Result<Reply, Diagnostic> {
        let case = self.case();
        match question {
            Question::Summary => {
                let item = self.item();
                let precedents = Precedents::of(&item, case.knowledge);
                let document = summarise(case, &item.title, &self.folder, precedents.document());
                Ok(Reply::new(document, self.json_with(&precedents)))
            }
            Question::Why { target, all } => {
                Ok(with_overrides(case, why(case, &find_target(case, target)?, *all)).into())
            }
            Question::WhyNot(target) => Ok(with_overrides(case, why_not(case, &find_target(case, target)?)).into()),
            Question::Chain(target) => {
                let Target::Node(node) = find_target(case, target)? else {
                    return Err(Diagnostic::new(
                        Code::X002,
                        format!("`{target}` is no mode or factor, so it has no causes"),
                    )
                    .with_help("`risks` lists the modes"));
                };
                Ok(with_overrides(case, chain(case, node)).into())
            }
            Question::WhatIf(suppositions) => {
                let changes = suppose(&self.knowledge, &self.facts, suppositions)?;
                let difference = what_if(case, &changes)?;
                Ok(Reply::new(difference.document(&self.knowledge), json::difference(case, &difference)))
            }
            Question::Flip(target) => {
                let goal = self.goal(target)?;
                let answer = flip(case, &goal, target)?;
                Ok(Reply::new(answer.document(), json::versioned("etiology.flip/1", json!(answer))))
            }
            Question::Facts(pattern) => Ok(Reply::new(list_facts(case, pattern), json::facts(case, pattern))),
            Question::Risks => Ok(Reply::new(list_risks(case, usize::MAX), json::risks(case))),
            Question::Recommend => Ok(Reply::new(list_recommendations(case), json::recommendations(case))),
            Question::Metrics => match &self.evaluation {
                Some(evaluation) => Ok(Reply::new(list_measurements(evaluation), json::measurements(evaluation))),
                None => Err(Diagnostic::new(
                    Code::X005,
                    "this deployment has no pilot tables, so there is nothing to measure",
                )
                .with_help("name them under `tables` in `deployment.yaml`")),
            },
        }
    }
}

impl Session {
    /// Tells whether the verdict is given for want of evidence that a rule requires.
    pub fn is_undecidable(&self) -> bool {
        let choice = &self.assessment.verdict;
        let considered = choice.considered.iter().find(|considered| Some(considered.verdict) == choice.given);
        let premise = considered.and_then(|considered| considered.premise.as_ref());
        premise.is_some_and(|premise| {
            let mut missing = false;
            Part::Premise(premise).walk(&mut |part| {
                missing |= matches!(part, Part::Premise(premise) if premise.outcome.holds() && matches!(premise.kind, PremiseKind::EvidenceMissing));
            });
            missing
        })
    }
}
