//! What coders made of cases, each on their own, and how far they agree.
//!
//! The coding in the file of a case is the one that counts. A second coder does not see it, and writes a file of
//! their own with the cases that they read: domain, kind of evidence, modes and factors. This room reads such files
//! and measures agreement for each level of the taxonomy; it settles no dispute.
//!
//! Start with [`read_coders`], then [`agreement`].

mod agreement;
mod from_yaml;
mod level;
mod table;
mod tell;

pub use agreement::{Agreement, Disagreement, Kappa, LevelAgreement, agreement};
pub use from_yaml::read_coders;
pub(crate) use table::figure_json;
pub use table::{agreement_csv, agreement_json};
pub use tell::tell_agreement;

use super::case::{Case, Coding};
use crate::source::{Span, Spanned};
use std::collections::BTreeMap;

/// A coder, and what they made of the cases that they read.
#[derive(Clone, Debug)]
pub struct Coder {
    /// A pseudonym.
    pub name: String,
    /// Their codings, by the name of the case.
    pub codings: BTreeMap<String, CodedCase>,
}

/// One case as one coder coded it. What a coder left open is missing, which is not the same as "none".
#[derive(Clone, Debug)]
pub struct CodedCase {
    /// The name of the case.
    pub case: Spanned<String>,
    /// The day on which it was coded, as it was written; none for the coding in the file of the case.
    pub date: Option<String>,
    /// Clinical domain.
    pub domain: Option<&'static str>,
    /// Kind of evidence.
    pub evidence: Option<&'static str>,
    /// Failure modes with their factors, the main one first.
    pub modes: Option<Vec<Coding>>,
}

/// The name under which the codings in the files of cases take part.
pub const CORPUS: &str = "corpus";

impl Coder {
    /// Returns the codings that stand in the files of cases, as those of one coder more.
    pub fn of_cases<'a>(cases: impl IntoIterator<Item = &'a Case>) -> Self {
        let coding = |case: &Case| CodedCase {
            case: case.id.clone(),
            date: None,
            domain: Some(case.domain),
            evidence: Some(case.evidence),
            modes: Some(case.modes.clone()),
        };
        let codings = cases.into_iter().map(|case| (case.id.value.clone(), coding(case)));
        Coder { name: CORPUS.to_owned(), codings: codings.collect() }
    }

    /// Returns where a coding is written.
    fn place_of(&self, case: &str) -> Option<Span> {
        self.codings.get(case).map(|coding| coding.case.span)
    }
}
