//! Everything that was prepared of a pilot's tables, and how each request is measured on it.

use super::companion;
use super::elements::{Element, Sides};
use super::outcome::{Finding, Found, Outcome};
use super::paired::Paired;
use super::privacy::suppression::Shown;
use super::profile::{self, Profile};
use super::registry::{Measure, MetricIndex, ShiftMeasure};
use super::rows::{self, Setting};
use super::sample::{Group, Sample, Side};
use super::shift::compare::Comparisons;
use super::shift::mmd::Discrepancies;
use super::statistics::interval;
use super::subgroup_test::SubgroupTests;
use super::{
    Definition, Evaluation, Measurement, MetricRequest, Options, TableRole, Undefined, drift, ensemble, fairness,
    multiclass, threshold_effect,
};
use crate::table::{Part, Pilot, PilotSpec};
use rayon::prelude::*;

/// Returns every request's measurements over `sides` of a pilot; which tables they are of is left to be told.
///
/// The tables of `data` may be missing, and what needs their rows is then undefined.
pub(super) fn evaluation(
    pilot: &PilotSpec,
    data: &Pilot,
    profile: Option<&Profile>,
    sides: &Sides,
    requests: &[MetricRequest],
    options: &Options,
) -> Evaluation {
    let bench = Bench::new(pilot, data, profile, sides, requests, options);
    let elements = sides.elements(&data.roles);
    let tasks: Vec<(&MetricRequest, Option<&Element>)> = requests
        .iter()
        .flat_map(|request| match elements.of(request.index) {
            None => vec![(request, None)],
            Some(elements) => elements.iter().map(|element| (request, Some(element))).collect(),
        })
        .collect();
    let measurements = tasks.into_par_iter().map(|(request, element)| bench.measure(request, element)).collect();
    let names = |elements: Vec<Element>| elements.into_iter().map(|element| element.id).collect();
    Evaluation {
        measurements,
        attributes: names(elements.attributes),
        subgroups: sides.subgroups(),
        features: names(elements.features),
        periods: names(elements.periods),
        tables: Vec::new(),
    }
}

/// Everything that was prepared.
struct Bench<'a> {
    pilot: &'a PilotSpec,
    data: &'a Pilot,
    /// In place of the development table.
    profile: Option<&'a Profile>,
    sides: &'a Sides,
    comparisons: Comparisons,
    subgroup_tests: SubgroupTests,
    discrepancies: Discrepancies,
    setting: Setting<'a>,
}

/// Returns the table that a definition names.
fn role_of(definition: &Definition) -> TableRole {
    match definition.word("table") {
        "development" => TableRole::Development,
        _ => TableRole::Deployment,
    }
}

impl<'a> Bench<'a> {
    fn new(
        pilot: &'a PilotSpec,
        data: &'a Pilot,
        profile: Option<&'a Profile>,
        sides: &'a Sides,
        requests: &[MetricRequest],
        options: &'a Options,
    ) -> Self {
        let setting = Setting { threshold: pilot.threshold, scale: pilot.score_scale, options };
        Self {
            pilot,
            data,
            profile,
            sides,
            comparisons: Comparisons::new(sides, profile, &data.roles, options),
            subgroup_tests: SubgroupTests::new(requests, &setting, |definition| sides.side(role_of(definition))),
            discrepancies: Discrepancies::new(data, requests, options),
            setting,
        }
    }

    /// Returns the rows of a table.
    fn part(&self, role: TableRole) -> Result<&Part, Undefined> {
        self.data.part(role).ok_or_else(|| {
            Undefined::new(match self.sides.side(role) {
                Some(_) => "it needs the rows one by one, and at the precision `approximate` none is kept".to_owned(),
                None => format!("there is no {role} table"),
            })
        })
    }

    /// Tells whether there is a table of which no rows are kept.
    fn keeps_no_rows(&self) -> bool {
        let of = |role| self.sides.side(role).is_some() && self.data.part(role).is_none();
        of(TableRole::Development) || of(TableRole::Deployment)
    }

    /// Returns what a request comes to, for one element of its index where it has one.
    fn measure(&self, request: &MetricRequest, element: Option<&Element>) -> Measurement {
        let definition = &request.definition;
        let text = definition.text(self.pilot.threshold);
        // Not the request's id: the same definition has the same floor under any name.
        let name = format!("{text} {}", element.map_or("", |element| element.id.as_str()));
        let role = role_of(definition);
        let finding = match (definition.measure(), definition.companion()) {
            (measure, Some(role)) => companion::measure(measure, role, definition, self.data, &self.setting, &name),
            (Measure::Shift(measure), None) => self.shift(measure, request, element, role, &name),
            (Measure::Drift(_) | Measure::Kernel(_), None) if self.keeps_no_rows() => {
                let found = self.part(TableRole::Deployment).and(self.part(TableRole::Development));
                Finding::nothing(found.err().map_or_else(String::new, |reason| reason.reason), None)
            }
            (Measure::Drift(measure), None) => {
                let (feature, min_cell) = (element.map(|element| element.place), self.pilot.min_cell);
                let (data, setting) = (self.data, &self.setting);
                let watch = drift::Watch { definition, feature, data, setting, min_cell, name: &name };
                let (found, n) = drift::measure(measure, watch);
                Finding { found, n, events: None, table: Some(TableRole::Deployment) }
            }
            (Measure::Kernel(_), None) if self.profile.is_some() => {
                Finding::nothing("it needs the rows of development, and a reference profile has none", None)
            }
            (Measure::Kernel(measure), None) => {
                let (found, n) = self.discrepancies.measure(measure, definition, self.data, self.setting.options);
                Finding { found, n, events: None, table: None }
            }
            (measure, None) => match (self.sides.side(role), self.profile.filter(|_| role == TableRole::Development)) {
                (_, Some(profile)) => {
                    let attribute =
                        element.map(|element| self.data.roles.attributes().nth(element.place).unwrap_or(""));
                    let group = attribute.zip(element.map(|element| element.group.as_str()));
                    profile::measure(profile, measure, definition, group)
                }
                (None, None) => Finding::nothing(format!("there is no {role} table"), Some(role)),
                (Some(side), None) => self.of_table(measure, request, element, side, role, &name),
            },
        };
        let (value, outcome) = match finding.found {
            // A definition that slipped through to NaN or infinity has no value.
            Ok(outcome) if !outcome.value.is_finite() => (
                Err(Undefined::new("it is not a finite number")),
                Outcome { notes: outcome.notes, ..Outcome::default() },
            ),
            Ok(outcome) if self.data.roles.weight.is_some() && definition.ignores_weights() => {
                let note = "every row counts once here, whatever its weight".to_owned();
                (Ok(outcome.value), outcome.with_note(Some(note)))
            }
            Ok(outcome) => (Ok(outcome.value), outcome),
            Err(reason) => (Err(reason), Outcome::default()),
        };
        let of_development = finding.table.is_none_or(|table| table == TableRole::Development);
        let of_profile = self.profile.is_some() && of_development && value.is_ok();
        let error = (of_profile || outcome.error > 0.0).then_some(outcome.error);
        let mut notes = outcome.notes;
        notes.extend(error.filter(|_| of_profile).map(|error| match error {
            error if error > 0.0 => format!("from a reference profile, within {error:.3e} of the value of the rows"),
            _ => "from a reference profile, exact".to_owned(),
        }));
        Measurement {
            metric: request.id.clone(),
            element: element.map(|element| element.id.clone()),
            value,
            interval: outcome.interval,
            n: finding.n,
            events: finding.events,
            floor: outcome.floor,
            definition: text,
            table: finding.table,
            notes,
            advice: outcome.advice,
            error,
        }
    }

    fn of_table(
        &self,
        measure: Measure,
        request: &MetricRequest,
        element: Option<&Element>,
        side: &Side,
        role: TableRole,
        name: &str,
    ) -> Finding {
        let definition = &request.definition;
        let setting = &self.setting;
        let over = |sample: &Sample, found: Found| Finding {
            found,
            n: sample.n as u64,
            events: sample.has_label.then_some(sample.events),
            table: Some(role),
        };
        match (measure, element) {
            (Measure::OfRows(measure), None) => {
                over(&side.total, rows::measure(measure, definition, &side.total, setting, name))
            }
            (Measure::OfRows(measure), Some(element)) => match self.shown(side, request.index, element, role) {
                Err(reason) => Finding::nothing(reason.reason, Some(role)),
                Ok(group) => over(&group.sample, rows::measure(measure, definition, &group.sample, setting, name)),
            },
            (Measure::SubgroupTest, Some(element)) => match self.shown(side, request.index, element, role) {
                Err(reason) => Finding::nothing(reason.reason, Some(role)),
                Ok(group) => {
                    over(&group.sample, self.subgroup_tests.measure(definition, element.place, &element.group))
                }
            },
            (Measure::Paired(measure), element) => {
                let min_cell = self.pilot.min_cell;
                match element.map(|element| self.shown(side, request.index, element, role)).transpose() {
                    Err(reason) => Finding::nothing(reason.reason, Some(role)),
                    Ok(_) => match self.paired(role, element) {
                        Err(reason) => Finding::nothing(reason.reason, Some(role)),
                        Ok(paired) => Finding {
                            found: paired.measure(measure, definition, setting, min_cell),
                            n: paired.n(),
                            events: Some(paired.events),
                            table: Some(role),
                        },
                    },
                }
            }
            (Measure::Fairness(measure), Some(element)) => match side.attributes.get(element.place) {
                None => Finding::nothing("the attribute was not read", Some(role)),
                Some(attribute) => {
                    let min_cell = self.pilot.min_cell;
                    let found = fairness::measure(measure, definition, attribute, setting, min_cell, name);
                    over(&side.total, found)
                }
            },
            (Measure::Threshold(measure), Some(element)) => match self.part(role) {
                Err(reason) => Finding::nothing(reason.reason, Some(role)),
                Ok(part) => {
                    let (feature, name, min_cell) = (element.place, &element.id, self.pilot.min_cell);
                    let search = threshold_effect::Search { definition, part, feature, name, setting, min_cell };
                    let (found, n) = threshold_effect::measure(measure, search);
                    Finding { found, n, events: None, table: Some(role) }
                }
            },
            (Measure::Ensemble(_), Some(element)) => {
                let attribute = side.attributes.get(element.place);
                let attribute = attribute.ok_or_else(|| Undefined::new("the attribute was not read"));
                match self.part(role).and_then(|part| Ok((part, attribute?))) {
                    Err(reason) => Finding::nothing(reason.reason, Some(role)),
                    Ok((part, attribute)) => {
                        let min_cell = self.pilot.min_cell;
                        let found = ensemble::gap_range(definition, part, attribute, element.place, min_cell, setting);
                        over(&side.total, found)
                    }
                }
            }
            (Measure::Ensemble(measure), None) => match self.part(role) {
                Err(reason) => Finding::nothing(reason.reason, Some(role)),
                Ok(part) => over(&side.total, ensemble::measure(measure, definition, part, side, setting)),
            },
            (Measure::Multiclass(measure), _) => match self.part(role) {
                Err(reason) => Finding::nothing(reason.reason, Some(role)),
                Ok(part) => {
                    let found = multiclass::measure(measure, definition, part, setting, name);
                    Finding { found, n: part.rows as u64, events: None, table: Some(role) }
                }
            },
            _ => Finding::nothing("it is no measure of one table", Some(role)),
        }
    }

    /// Returns the rows on which both models have a score: of a table, or of one of its groups.
    fn paired(&self, role: TableRole, element: Option<&Element>) -> Result<Paired, Undefined> {
        let part = self.part(role)?;
        let Some(element) = element else { return Paired::new(part, None) };
        let group = part.groups.get(element.place).and_then(|column| {
            let code = column.names.iter().position(|name| *name == element.group)?;
            Some((column, u32::try_from(code).ok()?))
        });
        let paired = Paired::new(part, Some(group.ok_or_else(|| Undefined::new("the group was not read"))?))?;
        let min_cell = self.pilot.min_cell;
        if paired.n() < min_cell {
            let reason = format!("suppressed, because both models have a score on fewer than {min_cell} of its rows");
            return Err(Undefined::new(reason));
        }
        Ok(paired)
    }

    /// Returns the group that an element stands for, if it may be shown.
    fn shown<'side>(
        &self,
        side: &'side Side,
        index: MetricIndex,
        element: &Element,
        role: TableRole,
    ) -> Result<&'side Group, Undefined> {
        let min_cell = self.pilot.min_cell;
        let attribute = match index {
            MetricIndex::Period => side.periods.as_ref(),
            _ => side.attributes.get(element.place),
        };
        let group = attribute.and_then(|attribute| attribute.groups.iter().find(|group| group.name == element.group));
        let Some(group) = group else {
            return Err(Undefined::new(format!("the {role} table has no rows of this group")));
        };
        Err(Undefined::new(match group.shown {
            Shown::Yes => return Ok(group),
            Shown::Small => format!("suppressed, because the group has fewer than {min_cell} rows"),
            Shown::Complement => {
                format!("suppressed, because the size of a group with fewer than {min_cell} rows would follow")
            }
        }))
    }

    fn shift(
        &self,
        measure: ShiftMeasure,
        request: &MetricRequest,
        element: Option<&Element>,
        role: TableRole,
        name: &str,
    ) -> Finding {
        let options = self.setting.options;
        match (measure, element) {
            (ShiftMeasure::MissingRate, Some(element)) => self.missing_rate(element, role),
            (ShiftMeasure::MissingRateChange, Some(element)) => self.missing_rate_change(element),
            (ShiftMeasure::MannWhitneyP, Some(element)) => self.mann_whitney(element),
            (ShiftMeasure::Dsi | ShiftMeasure::DsiMax | ShiftMeasure::DriftedShare, None) => {
                let (development, deployment) = (&self.sides.development, &self.sides.deployment);
                let rows = |side: &Option<Side>| side.as_ref().map_or(0, |side| side.total.n as u64);
                Finding {
                    found: match (development, deployment) {
                        (None, _) if self.profile.is_none() => {
                            Err(Undefined::new("there is no development table to compare with"))
                        }
                        (_, None) => Err(Undefined::new("there is no deployment table to compare with")),
                        _ if measure == ShiftMeasure::DriftedShare => self.comparisons.drifted_share(options),
                        _ => self.comparisons.overall(measure, options),
                    },
                    n: self.profile.map_or_else(|| rows(development), |profile| profile.rows) + rows(deployment),
                    events: None,
                    table: None,
                }
            }
            _ => {
                let pair = match element {
                    None => Some(&self.comparisons.score),
                    Some(element) => self.comparisons.features.get(element.place),
                };
                match pair {
                    None => Finding::nothing("the feature was not read", None),
                    Some(Err(reason)) => Finding::nothing(reason.reason.clone(), None),
                    Some(Ok(pair)) => Finding {
                        found: self.comparisons.measure(measure, &request.definition, pair, options, name),
                        n: pair.n + pair.m,
                        events: None,
                        table: None,
                    },
                }
            }
        }
    }

    fn mann_whitney(&self, element: &Element) -> Finding {
        let (train, deploy) = (self.sides.development.as_ref(), self.sides.deployment.as_ref());
        let train = train.and_then(|side| side.features.get(element.place));
        match (train, deploy.and_then(|side| side.features.get(element.place))) {
            (Some(train), Some(deploy)) => Finding {
                found: Comparisons::mann_whitney(train, deploy),
                n: train.rows().0 + deploy.rows().0,
                events: None,
                table: None,
            },
            (None, _) => Finding::nothing("there is no development table to compare with", None),
            (_, None) => Finding::nothing("there is no deployment table to compare with", None),
        }
    }

    /// Returns missing values and rows of a feature.
    fn missing(&self, element: &Element, role: TableRole) -> Result<(u64, u64), Undefined> {
        if let Some(profile) = self.profile.filter(|_| role == TableRole::Development) {
            let known = profile.rows_of(&element.id);
            let (present, missing) = known.ok_or_else(|| Undefined::new("the reference profile does not have it"))?;
            return Ok((missing, present + missing));
        }
        let side = self.sides.side(role).ok_or_else(|| Undefined::new(format!("there is no {role} table")))?;
        let feature = side.features.get(element.place);
        let (present, missing) = feature.ok_or_else(|| Undefined::new("the feature was not read"))?.rows();
        Ok((missing, present + missing))
    }

    fn missing_rate(&self, element: &Element, role: TableRole) -> Finding {
        match self.missing(element, role) {
            Err(reason) => Finding::nothing(reason.reason, Some(role)),
            Ok((missing, rows)) => Finding {
                found: Ok(Outcome::new(missing as f64 / rows as f64).with_interval(interval::wilson(missing, rows))),
                n: rows,
                events: None,
                table: Some(role),
            },
        }
    }

    fn missing_rate_change(&self, element: &Element) -> Finding {
        let both = self
            .missing(element, TableRole::Deployment)
            .and_then(|deployment| Ok((deployment, self.missing(element, TableRole::Development)?)));
        match both {
            Err(reason) => Finding::nothing(reason.reason, None),
            Ok((new, old)) => {
                let change = new.0 as f64 / new.1 as f64 - old.0 as f64 / old.1 as f64;
                Finding {
                    found: Ok(Outcome::new(change).with_interval(interval::newcombe(new, old))),
                    n: new.1 + old.1,
                    events: None,
                    table: None,
                }
            }
        }
    }
}
