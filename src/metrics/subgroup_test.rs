//! Whether a subgroup differs from all other rows, adjusted for the number of subgroups asked about.
//!
//! Of twenty subgroups one falls below p = 0.05 when nothing is wrong, so the p-values of all shown
//! subgroups are found and adjusted together, once for each definition.

use super::outcome::{Found, Outcome};
use super::privacy::suppression::Shown;
use super::registry::{Measure, RowMeasure};
use super::rows::calibration;
use super::rows::confusion::{Confusion, Share};
use super::rows::discrimination::auroc;
use super::rows::{self, Setting};
use super::sample::{Group, Sample, Side};
use super::statistics::multiple::{Adjustment, adjusted};
use super::statistics::{normal, tests_of_counts};
use super::{Definition, MetricRequest, Undefined};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// A p and both figures in words, or why there is none.
type Compared = Result<(f64, String), Undefined>;

/// The adjusted comparisons of every shown subgroup: by the definition's text, attribute and group.
#[derive(Debug, Default)]
pub(super) struct SubgroupTests {
    found: BTreeMap<(String, usize, String), Compared>,
}

impl SubgroupTests {
    /// Returns what `requests` ask for; `side` finds the table that a definition names.
    pub fn new<'a>(
        requests: &[MetricRequest],
        setting: &Setting<'_>,
        side: impl Fn(&Definition) -> Option<&'a Side>,
    ) -> Self {
        let mut all = Self::default();
        for request in requests.iter().filter(|request| request.definition.measure() == Measure::SubgroupTest) {
            let Some(side) = side(&request.definition) else { continue };
            all.add(&request.definition, setting, side);
        }
        all
    }

    fn add(&mut self, definition: &Definition, setting: &Setting<'_>, side: &Side) {
        let groups = side.attributes.iter().enumerate().flat_map(|(place, attribute)| {
            attribute.groups.iter().filter(|group| group.shown == Shown::Yes).map(move |group| (place, group))
        });
        let groups: Vec<(usize, &Group)> = groups.collect();
        let compared: Vec<Compared> =
            groups.par_iter().map(|(_, group)| compare(definition, &group.sample, &side.total, setting)).collect();
        let raw: Vec<f64> = compared.iter().filter_map(|found| found.as_ref().ok()).map(|found| found.0).collect();
        let mut ps = adjusted(&raw, Adjustment::of_word(definition.word("adjust"))).into_iter();
        for ((place, group), found) in groups.into_iter().zip(compared) {
            let found = found.map(|(p, words)| (ps.next().unwrap_or(p), words));
            self.found.insert((definition.to_string(), place, group.name.clone()), found);
        }
    }

    /// Returns the adjusted p of a group.
    pub fn measure(&self, definition: &Definition, attribute: usize, group: &str) -> Found {
        match self.found.get(&(definition.to_string(), attribute, group.to_owned())) {
            None => Err(Undefined::new("the subgroup was not compared")),
            Some(Err(reason)) => Err(reason.clone()),
            Some(Ok((p, words))) => Ok(Outcome::new(*p).with_note(Some(words.clone()))),
        }
    }
}

/// Returns the p of a group against all other rows, and both values in words.
fn compare(definition: &Definition, group: &Sample, total: &Sample, setting: &Setting<'_>) -> Compared {
    let of = definition.word("of");
    let measure = match of {
        "sensitivity" => RowMeasure::Sensitivity,
        "specificity" => RowMeasure::Specificity,
        "brier" => RowMeasure::Brier,
        _ => RowMeasure::Auroc,
    };
    rows::check(measure, total, setting.scale)?;
    let rest = total.without(group);
    if rest.n == 0 {
        return Err(Undefined::new("every row belongs to this group"));
    }
    let elsewhere = |reason: Undefined| Undefined::new(format!("in the other rows {}", reason.reason));
    let words = |a: f64, b: f64| format!("{of} {a:.4} here, {b:.4} in all other rows");
    match measure {
        RowMeasure::Auroc => {
            let (a, b) = (auroc(group)?, auroc(&rest).map_err(elsewhere)?);
            let few = || Undefined::new("there are fewer than two events or non-events");
            let se = a.se.ok_or_else(few)?.hypot(b.se.ok_or_else(|| elsewhere(few()))?);
            Ok((apart(a.area - b.area, se)?, words(a.area, b.area)))
        }
        RowMeasure::Brier => {
            let (a, b) = (calibration::brier(group)?, calibration::brier(&rest).map_err(elsewhere)?);
            if group.n < 2 || rest.n < 2 {
                return Err(Undefined::new("one row shows no spread"));
            }
            Ok((apart(a.0 - b.0, a.1.hypot(b.1))?, words(a.0, b.0)))
        }
        _ => {
            let threshold = setting.threshold(definition)?;
            let share = |sample: &Sample| Confusion::new(sample, threshold).share(measure);
            let (a, b) = (share(group)?, share(&rest).map_err(elsewhere)?);
            let p = if total.is_weighted() {
                let variance = |share: Share| share.value * (1.0 - share.value) / share.rows;
                apart(a.value - b.value, (variance(a) + variance(b)).sqrt())?
            } else {
                let counts = |share: Share| (share.hits().round() as u64, share.rows as u64);
                tests_of_counts::fisher(counts(a), counts(b))
            };
            Ok((p, words(a.value, b.value)))
        }
    }
}

/// Returns the two-sided p of a difference of two independent figures.
fn apart(difference: f64, se: f64) -> Result<f64, Undefined> {
    if se > 0.0 { Ok(normal::two_sided_p(difference / se)) } else { Err(Undefined::new("neither figure varies")) }
}
