//! How far coders agree at each level, and where they do not.

use super::from_yaml::check_cases;
use super::level::{Decision, LEVELS, Level, Said};
use super::{CodedCase, Coder};
use crate::diagnostic::Diagnostics;
use crate::metrics::{CodedUnit, Options, Statistic, Undefined, cohens_kappa, equal_share, krippendorffs_alpha};
use crate::model::KnowledgeBase;
use std::collections::{BTreeMap, BTreeSet};

/// How far coders agree.
#[derive(Clone, Debug)]
pub struct Agreement {
    /// The coders, and how many cases each coded.
    pub coders: Vec<(String, usize)>,
    /// Cases that at least two of them coded.
    pub shared: usize,
    /// Cases that one of them coded alone; they count for nothing.
    pub alone: Vec<String>,
    /// Each level.
    pub levels: Vec<LevelAgreement>,
}

/// How far coders agree at one level.
#[derive(Clone, Debug)]
pub struct LevelAgreement {
    /// The level.
    pub level: Level,
    /// Cases with a decision by two coders.
    pub cases: usize,
    /// The share of pairs of decisions that are equal.
    pub equal: Result<Statistic, Undefined>,
    /// Cohen's kappa of each pair of coders.
    pub kappas: Vec<Kappa>,
    /// Krippendorff's nominal alpha of all.
    pub alpha: Result<Statistic, Undefined>,
    /// Where they do not agree, by case.
    pub disagreements: Vec<Disagreement>,
}

/// Cohen's kappa of two coders.
#[derive(Clone, Debug)]
pub struct Kappa {
    /// The two, by name.
    pub coders: (String, String),
    /// The figure.
    pub kappa: Result<Statistic, Undefined>,
}

/// A case on which coders do not agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// The case.
    pub case: String,
    /// Each coder who decided, with what they said and another did not; empty where others said more.
    pub said: Vec<(String, Vec<String>)>,
}

/// Measures agreement of at least two coders, with intervals by drawing cases again.
///
/// Where `known` cases are given, every coding has to be of one of them.
///
/// # Errors
/// `D306` for each coding of a case that is not known.
pub fn agreement(
    coders: &[Coder],
    known: Option<&[&str]>,
    knowledge: &KnowledgeBase,
    options: &Options,
) -> Result<Agreement, Diagnostics> {
    let problems = known.map(|known| check_cases(coders, known)).unwrap_or_default();
    if problems.has_errors() {
        return Err(problems);
    }
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for case in coders.iter().flat_map(|coder| coder.codings.keys()) {
        *times.entry(case).or_default() += 1;
    }
    let alone = times.iter().filter(|(_, times)| **times < 2).map(|(case, _)| *case);
    // The corpus has cases that the coders were not given; those are no loss.
    let alone =
        alone.filter(|case| coders.iter().any(|coder| coder.name != super::CORPUS && coder.place_of(case).is_some()));
    let shared: Vec<&str> = times.iter().filter(|(_, times)| **times >= 2).map(|(case, _)| *case).collect();
    Ok(Agreement {
        coders: coders.iter().map(|coder| (coder.name.clone(), coder.codings.len())).collect(),
        alone: alone.map(str::to_owned).collect(),
        levels: LEVELS.iter().map(|level| at_level(*level, coders, &shared, knowledge, options)).collect(),
        shared: shared.len(),
    })
}

/// What each coder said of one case; none for a coder who did not decide.
type Row = Vec<Option<Said>>;

fn at_level(
    level: Level,
    coders: &[Coder],
    shared: &[&str],
    knowledge: &KnowledgeBase,
    options: &Options,
) -> LevelAgreement {
    let said = |coding: &CodedCase| level.said(coding, knowledge);
    let row = |case: &&str| -> Row { coders.iter().map(|coder| coder.codings.get(*case).and_then(said)).collect() };
    let rows: Vec<Row> = shared.iter().map(row).collect();
    let decided = |row: &&Row| row.iter().flatten().count() >= 2;
    let codes: BTreeSet<&String> = rows.iter().filter(decided).flatten().flatten().flat_map(Said::keys).collect();
    let choices: BTreeSet<&str> = rows.iter().flatten().flatten().flat_map(Said::values).map(String::as_str).collect();
    // Whatever is left is "not given", which only levels of presence know.
    let category = |said: &Said, code: &String| match said.get(code) {
        Some(choice) => choices.iter().position(|known| known == choice),
        None => (level.decision == Decision::Presence).then_some(choices.len()),
    };
    let units: Vec<CodedUnit> = rows
        .iter()
        .enumerate()
        .flat_map(|(case, row)| codes.iter().map(move |code| (case, row, *code)))
        .map(|(case, row, code)| CodedUnit {
            case,
            categories: row.iter().map(|said| said.as_ref().and_then(|said| category(said, code))).collect(),
        })
        .collect();
    let both = units.iter().filter(|unit| unit.categories.iter().flatten().count() >= 2);
    let cases: BTreeSet<usize> = both.map(|unit| unit.case).collect();
    let mut kappas = Vec::new();
    for (first, a) in coders.iter().enumerate() {
        for (second, b) in coders.iter().enumerate().skip(first + 1) {
            let name = format!("kappa/{}/{}/{}", level.name, a.name, b.name);
            let kappa = cohens_kappa(&units, (first, second), options, &name);
            kappas.push(Kappa { coders: (a.name.clone(), b.name.clone()), kappa });
        }
    }
    let disputed = |(case, row): (&&str, &Row)| disagreement(case, row, coders, level);
    LevelAgreement {
        level,
        cases: cases.len(),
        equal: equal_share(&units),
        kappas,
        alpha: krippendorffs_alpha(&units, options, &format!("alpha/{}", level.name)),
        disagreements: shared.iter().zip(&rows).filter_map(disputed).collect(),
    }
}

/// Returns what coders said of a case that not all of them said; none where they agree.
fn disagreement(case: &str, row: &Row, coders: &[Coder], level: Level) -> Option<Disagreement> {
    let decided: Vec<&Said> = row.iter().flatten().collect();
    let is_disputed = |code: &String, choice: &String| match level.decision {
        Decision::One | Decision::Presence => decided.iter().any(|other| other.get(code) != Some(choice)),
        // Who did not give the code said nothing about it.
        Decision::Word => decided.iter().any(|other| other.get(code).is_some_and(|word| word != choice)),
    };
    let own = |said: &Said| -> Vec<String> {
        let disputed = said.iter().filter(|(code, choice)| is_disputed(code, choice));
        let told = disputed.map(|(code, choice)| match level.decision {
            Decision::One => choice.clone(),
            Decision::Presence => code.clone(),
            Decision::Word => format!("{code} {choice}"),
        });
        told.collect()
    };
    let said = coders.iter().zip(row).filter_map(|(coder, said)| Some((coder.name.clone(), own(said.as_ref()?))));
    let said: Vec<(String, Vec<String>)> = said.collect();
    said.iter().any(|(_, own)| !own.is_empty()).then(|| Disagreement { case: case.to_owned(), said })
}
