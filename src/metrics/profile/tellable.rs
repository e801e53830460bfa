//! Which measured values a profile may hold: none from which a small count could be worked out.
//!
//! A value of a group can be subtracted from that of all rows or of a group around it. So those of an attribute are
//! told only where what such a subtraction leaves is nobody, or enough rows with and enough without the outcome:
//! [`separable`] looks at that.

use super::{AttributeProfile, Measured, Profile, measure, told};
use crate::metrics::outcome::Outcome;
use crate::metrics::privacy::cut::separable;
use crate::metrics::registry::{FairnessMeasure, Measure, MetricIndex, RowMeasure, definitions};
use crate::metrics::statistics::sums;
use crate::metrics::{Definition, Evaluation, Measurement, MetricRequest};
use crate::table::{Groups, Part};

/// Returns what is measured for a profile: every measure of rows and of the groups of an attribute as it is by
/// default, and those that the pack asks of development. The id of each is its place.
pub(super) fn requests(asked: &[MetricRequest]) -> Vec<MetricRequest> {
    let by_default = definitions().iter().flat_map(|spec| {
        let indices = spec.indices.iter().filter(|index| **index != MetricIndex::Period);
        let table = [("table".to_owned(), "development".into())];
        indices.filter_map(move |index| Some((Definition::new(spec.name, *index, &table).ok()?, *index)))
    });
    let asked = asked.iter().filter(|request| request.index != MetricIndex::Period);
    let mut found: Vec<MetricRequest> = Vec::new();
    for (definition, index) in by_default.chain(asked.map(|request| (request.definition.clone(), request.index))) {
        let known = found.iter().any(|known| known.definition == definition && known.index == index);
        if !known && definition.word("table") == "development" && is_of_many_rows(definition.measure()) {
            found.push(MetricRequest { id: found.len().to_string(), definition, index });
        }
    }
    found
}

/// Tells whether a measure is of the kind that is told. The best threshold and the rows to check again are read off
/// single rows.
fn is_of_many_rows(measure: Measure) -> bool {
    match measure {
        Measure::OfRows(measure) => !matches!(measure, RowMeasure::Youden | RowMeasure::LabelIssues),
        Measure::Fairness(_) => true,
        _ => false,
    }
}

/// An attribute whose groups are all shown.
struct Divided<'a> {
    name: &'a str,
    column: &'a Groups,
    /// Whether values that rest on outcomes may be told of its groups.
    outcomes: bool,
    /// Whether those that rest on decisions may.
    decisions: bool,
}

/// What decides of each value whether it is told.
pub(super) struct Tellable<'a> {
    profile: &'a Profile,
    part: &'a Part,
    attributes: Vec<Divided<'a>>,
}

impl<'a> Tellable<'a> {
    /// Returns that of a table, whose profile holds everything else.
    pub fn new(profile: &'a Profile, part: &'a Part) -> Self {
        let columns: Vec<&Groups> = part.groups.iter().collect();
        let outcome: Vec<usize> = part.label.iter().flat_map(|label| label.iter().map(|e| usize::from(*e))).collect();
        let outcomes = separable(&columns, &outcome, 2, profile.min_cell);
        let of = |((attribute, column), outcomes): ((&'a AttributeProfile, &'a Groups), bool)| Divided {
            name: &attribute.name,
            column,
            outcomes: outcomes && attribute.others == 0 && !outcome.is_empty(),
            decisions: attribute.groups.iter().all(|group| group.decisions.is_some()),
        };
        Self { profile, part, attributes: profile.attributes.iter().zip(&part.groups).zip(outcomes).map(of).collect() }
    }

    /// Returns the values that may be told and that cells do not give as well.
    pub fn told(&self, evaluation: &Evaluation, requests: &[MetricRequest]) -> Vec<Measured> {
        let of = |found: &Measurement| {
            let request = requests.get(found.metric.parse::<usize>().ok()?)?;
            let wanted = self.may_tell(request, found.element.as_deref()) && !self.cells_give(request, found);
            wanted.then(|| Measured::new(found)).flatten()
        };
        evaluation.measurements.iter().filter_map(of).collect()
    }

    /// Tells whether the rest of the profile gives a value exactly, and its interval.
    fn cells_give(&self, request: &MetricRequest, found: &Measurement) -> bool {
        let whole = |given: &Outcome| given.error <= 0.0 && given.interval.is_some() == found.interval.is_some();
        found.element.is_none()
            && measure(self.profile, request.definition.measure(), &request.definition, None)
                .found
                .is_ok_and(|given| whole(&given))
    }

    fn may_tell(&self, request: &MetricRequest, element: Option<&str>) -> bool {
        let definition = &request.definition;
        let decides = decides(definition);
        let own = definition.number("threshold").zip(self.profile.threshold);
        // Decisions at two thresholds tell how many lie between them.
        if decides && own.is_some_and(|(asked, own)| asked.total_cmp(&own).is_ne()) {
            return false;
        }
        let Some(element) = element else {
            let n = self.profile.rows;
            return self.profile.events.is_some_and(|events| self.are_many(events, n - events))
                && (!decides || self.profile.decisions.is_some())
                && self.bins_are_large(definition, None);
        };
        if request.index == MetricIndex::Attribute {
            let attribute = self.attributes.iter().find(|attribute| attribute.name == element);
            return attribute.is_some_and(|attribute| attribute.outcomes && (!decides || attribute.decisions));
        }
        self.group(element).is_some_and(|(attribute, group)| {
            let [others, events] = self.outcomes_of(attribute.column, group);
            attribute.outcomes
                && (!decides || attribute.decisions)
                && self.are_many(events, others)
                && self.bins_are_large(definition, Some((attribute.column, group)))
        })
    }

    fn are_many(&self, events: u64, others: u64) -> bool {
        events.min(others) >= self.profile.min_cell.max(1)
    }

    /// Returns the attribute and the place of the group that is called `sex=F`.
    fn group(&self, id: &str) -> Option<(&Divided<'a>, usize)> {
        let of = |attribute: &'_ Divided<'a>| {
            let name = id.strip_prefix(attribute.name)?.strip_prefix('=')?;
            attribute.column.names.iter().position(|known| known == name)
        };
        self.attributes.iter().find_map(|attribute| Some((attribute, of(attribute)?)))
    }

    fn outcomes_of(&self, column: &Groups, group: usize) -> [u64; 2] {
        let mut counts = [0; 2];
        let labels = self.part.label.iter().flat_map(|label| label.iter());
        for (_, event) in column.codes.iter().zip(labels).filter(|(code, _)| *code as usize == group) {
            counts.get_mut(usize::from(*event)).into_iter().for_each(|count| *count += 1);
        }
        counts
    }

    /// Tells whether no bin is small of which the largest is told.
    fn bins_are_large(&self, definition: &Definition, group: Option<(&Groups, usize)>) -> bool {
        if definition.measure() != Measure::OfRows(RowMeasure::Mce) {
            return true;
        }
        let scores = self.part.score.iter().flat_map(|score| score.iter().copied());
        let mut scores: Vec<f64> = match group {
            None => scores.collect(),
            Some((column, group)) => {
                let codes = column.codes.iter().map(|code| code as usize);
                scores.zip(codes).filter(|(_, code)| *code == group).map(|(score, _)| score).collect()
            }
        };
        scores.sort_by(f64::total_cmp);
        let count = definition.number("bins").unwrap_or(10.0);
        let edges = match definition.word("binning") {
            "equal_mass" => sums::equal_mass_edges(&scores, count as u32),
            _ => (1..count as u32).map(|edge| f64::from(edge) / count).collect(),
        };
        let ends = sums::cut_at(&scores, &edges);
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let counts: Vec<u64> = starts.zip(&ends).map(|(start, end)| (end - start) as u64).collect();
        // Where rows do not all count alike, bins of equal mass are others.
        self.part.weight.is_none() && told(&counts, self.profile.min_cell)
    }
}

/// Tells whether a value rests on decisions at the threshold.
fn decides(definition: &Definition) -> bool {
    match definition.measure() {
        Measure::Fairness(FairnessMeasure::EqualizedOdds) => true,
        Measure::Fairness(_) => !matches!(definition.word("of"), "auroc" | "brier" | "prevalence"),
        _ => definition.params().iter().any(|(name, _)| *name == "threshold"),
    }
}
