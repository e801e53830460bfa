//! How good forecasts were: measures over cases, each of which may count more than once, as when cases are drawn again.

use super::known::Known;
use super::methods::Forecast;

/// A measure. All lie between 0 and 1, and more is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Share of cases whose main mode is ranked first.
    MainFirst,
    /// Share of cases whose main mode is among the first three.
    MainInThree,
    /// Share of cases of which any mode is among the first three.
    AnyInThree,
    /// Chance that a mode that came has a higher score than one that did not, over all pairs of case and mode.
    AurocAll,
    /// For one mode, the chance that a case that shows it is told from one that does not; the mean over modes that at
    /// least five cases show.
    AurocModes,
    /// Share of pairs that were foretold rightly, (TP + TN) / all.
    Accuracy,
    /// Share of the modes that came that were foretold.
    Sensitivity,
    /// Share of the modes that did not come that were not foretold.
    Specificity,
    /// Share of the modes foretold that came.
    Ppv,
}

impl Measure {
    /// All.
    pub const ALL: [Measure; 9] = [
        Measure::MainFirst,
        Measure::MainInThree,
        Measure::AnyInThree,
        Measure::AurocAll,
        Measure::AurocModes,
        Measure::Accuracy,
        Measure::Sensitivity,
        Measure::Specificity,
        Measure::Ppv,
    ];

    /// Returns the name in machine formats.
    pub fn name(self) -> &'static str {
        match self {
            Measure::MainFirst => "top_1",
            Measure::MainInThree => "top_3",
            Measure::AnyInThree => "top_3_any_mode",
            Measure::AurocAll => "auroc_all_pairs",
            Measure::AurocModes => "auroc_mean_of_modes",
            Measure::Accuracy => "accuracy",
            Measure::Sensitivity => "sensitivity",
            Measure::Specificity => "specificity",
            Measure::Ppv => "ppv",
        }
    }
}

/// Modes that fewer cases show have no AUROC of their own.
pub(super) const LEAST: usize = 5;

/// Pairs of a score and whether it came true, the highest score first, each with the case that it is about.
#[derive(Clone, Debug)]
pub(super) struct Ranking {
    pairs: Vec<Pair>,
}

#[derive(Clone, Copy, Debug)]
struct Pair {
    score: f64,
    case: usize,
    came: bool,
}

impl Ranking {
    pub fn new(pairs: impl IntoIterator<Item = (f64, usize, bool)>) -> Self {
        let mut pairs: Vec<Pair> = pairs.into_iter().map(|(score, case, came)| Pair { score, case, came }).collect();
        pairs.sort_by(|left, right| right.score.total_cmp(&left.score));
        Self { pairs }
    }

    /// Returns the area under the ROC curve, ties as one half, times the pairs that it is a share of, and those pairs,
    /// where each case counts as many `times`.
    fn area(&self, times: &[u32]) -> (f64, f64) {
        let (mut area, mut came_above, mut others) = (0.0, 0.0, 0.0);
        for tied in self.pairs.chunk_by(|left, right| left.score.total_cmp(&right.score).is_eq()) {
            let (mut came_here, mut others_here) = (0.0, 0.0);
            for pair in tied {
                let weight = times.get(pair.case).copied().map_or(0.0, f64::from);
                if pair.came { came_here += weight } else { others_here += weight }
            }
            area += others_here * (came_above + came_here / 2.0);
            came_above += came_here;
            others += others_here;
        }
        (area, came_above * others)
    }
}

/// Returns the AUROC over pairs that stand in one ranking, where each case counts as many `times`; none where no ranking
/// has both what came and what did not.
fn auroc(rankings: &[Ranking], times: &[u32]) -> Option<f64> {
    let areas = rankings.iter().map(|ranking| ranking.area(times));
    let (area, pairs) = areas.fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    ratio(area, pairs)
}

/// True and false alarms, and what was rightly and wrongly not foretold.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Confusion {
    /// Foretold, and came.
    pub hits: f64,
    /// Foretold, and did not come.
    pub false_alarms: f64,
    /// Not foretold, and did not come.
    pub rightly_silent: f64,
    /// Not foretold, and came.
    pub missed: f64,
}

/// What the forecasts of a method were worth, case by case.
#[derive(Clone, Debug)]
pub(super) struct Marks {
    main_first: Vec<bool>,
    main_in_three: Vec<bool>,
    any_in_three: Vec<bool>,
    confusions: Vec<Confusion>,
    /// For each group, all pairs of a case and a mode.
    all: Vec<Ranking>,
    /// For each frequent mode and group, the cases.
    by_mode: Vec<Vec<Ranking>>,
}

impl Marks {
    /// Marks forecasts, one for each case with its threshold. Scores of different cases are compared within groups alone,
    /// whose forecasts were learnt from the same cases.
    pub fn of(cases: &[Known<'_>], forecasts: &[(&Forecast, f64)], groups: &[Vec<(usize, &Forecast)>]) -> Self {
        let each = || cases.iter().zip(forecasts);
        let ranked = |most: usize, is: &dyn Fn(&Known<'_>, usize) -> bool| -> Vec<bool> {
            each().map(|(case, (made, _))| best(made).into_iter().take(most).any(|mode| is(case, mode))).collect()
        };
        let is_main = |case: &Known<'_>, mode: usize| case.main == Some(mode);
        let modes = cases.first().map_or(0, |case| case.came.len());
        let frequent = (0..modes).filter(|mode| cases.iter().filter(|case| case.came[*mode]).count() >= LEAST);
        let of_mode = |mode: usize| -> Vec<Ranking> {
            let of_group = |group: &Vec<(usize, &Forecast)>| {
                Ranking::new(group.iter().map(|(case, made)| (made[mode], *case, cases[*case].came[mode])))
            };
            groups.iter().map(of_group).collect()
        };
        let of_group = |group: &Vec<(usize, &Forecast)>| {
            Ranking::new(group.iter().flat_map(|(case, made)| {
                made.iter().zip(&cases[*case].came).map(|(score, came)| (*score, *case, *came))
            }))
        };
        Self {
            main_first: ranked(1, &is_main),
            main_in_three: ranked(3, &is_main),
            any_in_three: ranked(3, &|case, mode| case.came[mode]),
            confusions: each().map(|(case, (made, threshold))| confusion(case, made, *threshold)).collect(),
            all: groups.iter().map(of_group).collect(),
            by_mode: frequent.map(of_mode).collect(),
        }
    }

    /// Returns how many modes have an AUROC of their own.
    pub fn modes(&self) -> usize {
        self.by_mode.len()
    }

    /// Returns the counts of all cases.
    pub fn confusion(&self, times: &[u32]) -> Confusion {
        self.confusions.iter().zip(times).fold(Confusion::default(), |sum, (one, times)| {
            let times = f64::from(*times);
            Confusion {
                hits: sum.hits + times * one.hits,
                false_alarms: sum.false_alarms + times * one.false_alarms,
                rightly_silent: sum.rightly_silent + times * one.rightly_silent,
                missed: sum.missed + times * one.missed,
            }
        })
    }

    /// Returns a measure where each case counts as many `times`; none where it is undefined.
    pub fn value(&self, measure: Measure, times: &[u32]) -> Option<f64> {
        let share = |marks: &[bool]| {
            let all: f64 = times.iter().copied().map(f64::from).sum();
            let hits: f64 = marks.iter().zip(times).filter(|(hit, _)| **hit).map(|(_, times)| f64::from(*times)).sum();
            ratio(hits, all)
        };
        let counted = || self.confusion(times);
        match measure {
            Measure::MainFirst => share(&self.main_first),
            Measure::MainInThree => share(&self.main_in_three),
            Measure::AnyInThree => share(&self.any_in_three),
            Measure::AurocAll => auroc(&self.all, times),
            Measure::AurocModes => {
                let found: Vec<f64> = self.by_mode.iter().filter_map(|mode| auroc(mode, times)).collect();
                ratio(found.iter().sum(), found.len() as f64)
            }
            Measure::Accuracy => {
                let Confusion { hits, false_alarms, rightly_silent, missed } = counted();
                ratio(hits + rightly_silent, hits + false_alarms + rightly_silent + missed)
            }
            Measure::Sensitivity => ratio(counted().hits, counted().hits + counted().missed),
            Measure::Specificity => ratio(counted().rightly_silent, counted().rightly_silent + counted().false_alarms),
            Measure::Ppv => ratio(counted().hits, counted().hits + counted().false_alarms),
        }
    }
}

fn ratio(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

/// Returns modes, the most likely first, and by their order in the pack where they are as likely.
pub(super) fn best(made: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..made.len()).collect();
    order.sort_by(|left, right| made[*right].total_cmp(&made[*left]));
    order
}

fn confusion(case: &Known<'_>, made: &[f64], threshold: f64) -> Confusion {
    let mut counts = Confusion::default();
    for (score, came) in made.iter().zip(&case.came) {
        *match (*score >= threshold, came) {
            (true, true) => &mut counts.hits,
            (true, false) => &mut counts.false_alarms,
            (false, false) => &mut counts.rightly_silent,
            (false, true) => &mut counts.missed,
        } += 1.0;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCORES: [[f64; 3]; 5] = [[0.9, 0.2, 0.4], [0.3, 0.3, 0.1], [0.5, 0.8, 0.4], [0.5, 0.1, 0.7], [0.2, 0.6, 0.6]];
    const CAME: [[bool; 3]; 5] =
        [[true, false, false], [false, true, false], [true, true, false], [false, false, true], [false, true, true]];

    fn pairs(wanted: impl Fn(usize) -> bool) -> Ranking {
        let each = SCORES.iter().zip(&CAME).enumerate();
        Ranking::new(each.flat_map(|(case, (scores, came))| {
            let modes = (0..3).filter(|mode| wanted(*mode));
            modes.map(move |mode| (scores[mode], case, came[mode])).collect::<Vec<_>>()
        }))
    }

    /// `sklearn.metrics.roc_auc_score`, scikit-learn 1.9.1: by mode, over all pairs, and with `sample_weight`.
    #[test]
    fn auroc_is_that_of_scikit_learn() {
        for (mode, expected) in [0.916_666_666_666_666_7, 1.0, 1.0].into_iter().enumerate() {
            assert!((auroc(&[pairs(|other| other == mode)], &[1; 5]).unwrap() - expected).abs() < 1e-15);
        }
        assert!((auroc(&[pairs(|_| true)], &[1; 5]).unwrap() - 0.928_571_428_571_428_6).abs() < 1e-15);
        assert!((auroc(&[pairs(|_| true)], &[2, 0, 1, 1, 1]).unwrap() - 0.991_071_428_571_428_6).abs() < 1e-15);
        // The second mode came in none of these.
        assert_eq!(auroc(&[pairs(|mode| mode == 1)], &[1, 0, 0, 1, 0]), None);
    }

    #[test]
    fn modes_rank_by_score_and_then_by_their_order() {
        assert_eq!(best(&[0.2, 0.7, 0.2, 0.9]), [3, 1, 0, 2]);
    }
}
