//! Does another interview still bring something new?

use super::Material;
use super::themes::codes_of;
use crate::metrics::Undefined;
use std::collections::BTreeSet;

/// Interviews that new codes are held against.
pub const BASE: usize = 4;
/// Interviews looked at together.
pub const RUN: usize = 2;
/// Share of new codes at which a run brings too little to go on.
pub const THRESHOLD: f64 = 0.05;

/// An interview in the order of dates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The interview.
    pub interview: String,
    /// Its day.
    pub date: String,
    /// Codes that none before it had.
    pub new: Vec<String>,
    /// Codes of all until now.
    pub total: usize,
}

/// How new codes run out.
#[derive(Clone, Debug)]
pub struct Saturation {
    /// Each interview.
    pub steps: Vec<Step>,
    /// New codes of each run over codes of the base, with the number of the run's last interview, from 1.
    pub runs: Vec<(usize, f64)>,
    /// The number of the interview at which the rule says to stop; none where it has not come to that.
    pub reached: Result<Option<usize>, Undefined>,
}

/// Returns the curve of new codes, and whether it has come to rest.
///
/// The rule is made for themes that arise from what is said; of codes that were fixed before, it says when no further
/// one of them turns up.
///
/// # Source
/// Guest, Namey and Chen (2020), doi 10.1371/journal.pone.0232076: base of 4, run of 2, at most 5 % new.
pub fn saturation(material: &Material) -> Saturation {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut steps = Vec::new();
    for interview in &material.interviews {
        let new: Vec<String> =
            codes_of(interview).into_iter().filter(|code| seen.insert(code)).map(str::to_owned).collect();
        let (id, date) = (interview.id.value.clone(), interview.date.clone());
        steps.push(Step { interview: id, date, new, total: seen.len() });
    }
    let base = BASE.checked_sub(1).and_then(|last| steps.get(last)).map_or(0, |step: &Step| step.total);
    let new_in = |run: &[Step]| run.iter().map(|step| step.new.len()).sum::<usize>() as f64;
    let after = steps.get(BASE..).unwrap_or(&[]);
    let share = |(place, run): (usize, &[Step])| (BASE + place + RUN, new_in(run) / base as f64);
    let runs: Vec<(usize, f64)> =
        if base == 0 { Vec::new() } else { after.windows(RUN).enumerate().map(share).collect() };
    let reached = if steps.len() < BASE + RUN {
        Err(Undefined::new(format!("the rule needs {} interviews, and there are {}", BASE + RUN, steps.len())))
    } else if base == 0 {
        Err(Undefined::new(format!("the first {BASE} interviews have no code to hold new ones against")))
    } else {
        Ok(runs.iter().find(|(_, share)| *share <= THRESHOLD).map(|(last, _)| *last))
    };
    Saturation { steps, runs, reached }
}
