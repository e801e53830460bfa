//! From requests to measurements: what each needs is prepared once, then all are found in parallel
//! and put in the order in which they were asked for.

use super::companion;
use super::drift::series;
use super::outcome::{Found, Outcome};
use super::paired::Paired;
use super::privacy::suppression::Shown;
use super::profile::{self, Profile};
use super::registry::{Measure, MetricIndex, ShiftMeasure};
use super::rows::{self, Setting};
use super::sample::{Attribute, Group, Need, Sample, Side};
use super::shift::compare::Comparisons;
use super::shift::mmd::Discrepancies;
use super::statistics::interval;
use super::subgroup_test::SubgroupTests;
use super::{
    Definition, Evaluation, Measurement, MetricRequest, Options, Subgroup, TableRole, TableSummary, Undefined, drift,
    ensemble, fairness, multiclass, threshold_effect,
};
use crate::diagnostic::Diagnostics;
use crate::table::{self, Companion, Part, Pilot, PilotSpec, TableData};
use rayon::prelude::*;

/// Returns the value of every request over the pilot's tables.
///
/// # Errors
/// Every table problem of D1xx; then nothing was evaluated.
pub fn evaluate(
    pilot: &PilotSpec,
    tables: Vec<TableData>,
    requests: &[MetricRequest],
    options: &Options,
) -> Result<Evaluation, Diagnostics> {
    evaluate_with(pilot, tables, None, requests, options)
}

/// As [`evaluate`], with a reference profile in place of the development table; then each value says how far it may
/// be off.
///
/// # Errors
/// As there.
pub fn evaluate_with(
    pilot: &PilotSpec,
    tables: Vec<TableData>,
    profile: Option<&Profile>,
    requests: &[MetricRequest],
    options: &Options,
) -> Result<Evaluation, Diagnostics> {
    let data = table::read(pilot, tables, options.one_class)?;
    let bench = Bench::new(pilot, &data, profile, requests, options);
    let elements = bench.elements();
    let tasks: Vec<(&MetricRequest, Option<&Element>)> = requests
        .iter()
        .flat_map(|request| match elements.of(request.index) {
            None => vec![(request, None)],
            Some(elements) => elements.iter().map(|element| (request, Some(element))).collect(),
        })
        .collect();
    let measurements = tasks.into_par_iter().map(|(request, element)| bench.measure(request, element)).collect();
    let tables = data.development.iter().chain(&data.deployment).map(summary);
    let tables = profile.into_iter().flat_map(summaries_of_profile).chain(tables);
    Ok(Evaluation {
        measurements,
        attributes: elements.attributes.into_iter().map(|element| element.id).collect(),
        subgroups: bench.subgroups(),
        features: elements.features.into_iter().map(|element| element.id).collect(),
        periods: elements.periods.into_iter().map(|element| element.id).collect(),
        tables: tables.chain(data.companions.iter().map(summary_of_companion)).collect(),
    })
}

fn summary(part: &Part) -> TableSummary {
    TableSummary {
        role: part.role,
        file: part.file.clone(),
        filter: part.filter.clone(),
        rows: part.rows as u64,
        dropped: part.dropped,
        events: part.label.as_ref().map(|label| label.iter().map(|label| u64::from(*label)).sum()),
        sha256: part.sha256.clone(),
    }
}

/// Returns the profiled tables; rows and events are those of all of them, told with the first.
fn summaries_of_profile(profile: &Profile) -> Vec<TableSummary> {
    let first = |place: usize, n: u64| if place == 0 { n } else { 0 };
    let of = |(place, table): (usize, &profile::ProfiledTable)| TableSummary {
        role: TableRole::Development,
        file: table.file.clone(),
        filter: table.filter.clone(),
        rows: first(place, profile.rows),
        dropped: first(place, profile.dropped),
        events: profile.events.map(|events| first(place, events)),
        sha256: table.sha256.clone(),
    };
    profile.tables.iter().enumerate().map(of).collect()
}

fn summary_of_companion(table: &Companion) -> TableSummary {
    TableSummary {
        role: table.role(),
        file: table.spec.table.file.clone(),
        filter: table.filter.clone(),
        rows: table.rows as u64,
        dropped: 0,
        events: None,
        sha256: table.sha256.clone(),
    }
}

/// One thing that an index ranges over.
#[derive(Clone, Debug)]
struct Element {
    /// As it is shown: `sex`, `sex=F`, `age`.
    id: String,
    /// Its place among attributes or features.
    place: usize,
    /// The name of the group or period.
    group: String,
}

struct Elements {
    attributes: Vec<Element>,
    subgroups: Vec<Element>,
    features: Vec<Element>,
    periods: Vec<Element>,
}

impl Elements {
    fn of(&self, index: MetricIndex) -> Option<&[Element]> {
        match index {
            MetricIndex::Scalar => None,
            MetricIndex::Attribute => Some(&self.attributes),
            MetricIndex::Subgroup => Some(&self.subgroups),
            MetricIndex::Feature => Some(&self.features),
            MetricIndex::Period => Some(&self.periods),
        }
    }
}

/// Returns the table that a definition names.
fn role_of(definition: &Definition) -> TableRole {
    match definition.word("table") {
        "development" => TableRole::Development,
        _ => TableRole::Deployment,
    }
}

/// Everything that was prepared.
struct Bench<'a> {
    pilot: &'a PilotSpec,
    data: &'a Pilot,
    /// In place of the development table.
    profile: Option<&'a Profile>,
    development: Option<Side>,
    deployment: Option<Side>,
    comparisons: Comparisons,
    subgroup_tests: SubgroupTests,
    discrepancies: Discrepancies,
    setting: Setting<'a>,
}

/// A value with the rows under it, before it is named.
pub(super) struct Finding {
    pub found: Found,
    pub n: u64,
    pub events: Option<u64>,
    pub table: Option<TableRole>,
}

impl Finding {
    pub fn nothing(reason: impl Into<String>, table: Option<TableRole>) -> Self {
        Self { found: Err(Undefined::new(reason)), n: 0, events: None, table }
    }
}

impl<'a> Bench<'a> {
    fn new(
        pilot: &'a PilotSpec,
        data: &'a Pilot,
        profile: Option<&'a Profile>,
        requests: &[MetricRequest],
        options: &'a Options,
    ) -> Self {
        let side =
            |part: Option<&Part>, role| part.map(|part| Side::new(part, &data.roles, Need::of(requests, role), pilot));
        let (development, deployment) = rayon::join(
            || side(data.development.as_ref(), TableRole::Development),
            || side(data.deployment.as_ref(), TableRole::Deployment),
        );
        let comparisons = Comparisons::new(development.as_ref(), profile, deployment.as_ref(), &data.roles, options);
        let setting = Setting { threshold: pilot.threshold, scale: pilot.score_scale, options };
        let subgroup_tests = SubgroupTests::new(requests, &setting, |definition| match role_of(definition) {
            TableRole::Development => development.as_ref(),
            TableRole::Deployment => deployment.as_ref(),
            _ => None,
        });
        let discrepancies = Discrepancies::new(data, requests, options);
        Self { pilot, data, profile, development, deployment, comparisons, subgroup_tests, discrepancies, setting }
    }

    fn side(&self, role: TableRole) -> Option<&Side> {
        match role {
            TableRole::Development => self.development.as_ref(),
            TableRole::Deployment => self.deployment.as_ref(),
            _ => None,
        }
    }

    /// Returns the attributes with the groups that subgroups are taken from: those of deployment.
    fn main_attributes(&self) -> &[Attribute] {
        self.deployment.as_ref().or(self.development.as_ref()).map_or(&[], |side| &side.attributes)
    }

    fn elements(&self) -> Elements {
        let roles = &self.data.roles;
        let element = |(place, id): (usize, String)| Element { id, place, group: String::new() };
        let subgroups = self.main_attributes().iter().enumerate().flat_map(|(place, attribute)| {
            let named = |group: &Group| Element {
                id: format!("{}={}", attribute.name, group.name),
                place,
                group: group.name.clone(),
            };
            attribute.groups.iter().map(named).collect::<Vec<_>>()
        });
        Elements {
            attributes: roles.attributes().map(str::to_owned).enumerate().map(element).collect(),
            subgroups: subgroups.collect(),
            features: roles
                .numeric
                .iter()
                .chain(&roles.categorical)
                .map(|name| name.value.clone())
                .enumerate()
                .map(element)
                .collect(),
            periods: self
                .data
                .deployment
                .as_ref()
                .or(self.data.development.as_ref())
                .and_then(|part| part.period.as_ref())
                .map(series::names_in_time_order)
                .into_iter()
                .flatten()
                .map(|name| Element { id: name.clone(), place: 0, group: name })
                .collect(),
        }
    }

    fn subgroups(&self) -> Vec<Subgroup> {
        let of = |attribute: &Attribute| {
            let named = |group: &Group| Subgroup {
                id: format!("{}={}", attribute.name, group.name),
                attribute: attribute.name.clone(),
                n: (group.shown == Shown::Yes).then_some(group.n),
            };
            attribute.groups.iter().map(named).collect::<Vec<_>>()
        };
        self.main_attributes().iter().flat_map(of).collect()
    }

    fn measure(&self, request: &MetricRequest, element: Option<&Element>) -> Measurement {
        let definition = &request.definition;
        let text = definition.text(self.pilot.threshold);
        // Not the request's id: the same definition has the same floor under any name.
        let name = format!("{text} {}", element.map_or("", |element| element.id.as_str()));
        let role = role_of(definition);
        let finding = match (definition.measure(), definition.companion()) {
            (measure, Some(role)) => companion::measure(measure, role, definition, self.data, &self.setting, &name),
            (Measure::Shift(measure), None) => self.shift(measure, request, element, role, &name),
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
            (measure, None) => match (self.side(role), self.profile.filter(|_| role == TableRole::Development)) {
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
        let error = (self.profile.is_some() && of_development && value.is_ok()).then_some(outcome.error);
        let mut notes = outcome.notes;
        notes.extend(error.map(|error| match error {
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
            (Measure::Threshold(measure), Some(element)) => match self.data.part(role) {
                None => Finding::nothing(format!("there is no {role} table"), Some(role)),
                Some(part) => {
                    let (feature, name, min_cell) = (element.place, &element.id, self.pilot.min_cell);
                    let search = threshold_effect::Search { definition, part, feature, name, setting, min_cell };
                    let (found, n) = threshold_effect::measure(measure, search);
                    Finding { found, n, events: None, table: Some(role) }
                }
            },
            (Measure::Ensemble(_), Some(element)) => {
                let (part, attribute) = (self.data.part(role), side.attributes.get(element.place));
                match part.zip(attribute) {
                    None => Finding::nothing("the attribute was not read", Some(role)),
                    Some((part, attribute)) => {
                        let min_cell = self.pilot.min_cell;
                        let found = ensemble::gap_range(definition, part, attribute, element.place, min_cell, setting);
                        over(&side.total, found)
                    }
                }
            }
            (Measure::Ensemble(measure), None) => match self.data.part(role) {
                None => Finding::nothing(format!("there is no {role} table"), Some(role)),
                Some(part) => over(&side.total, ensemble::measure(measure, definition, part, side, setting)),
            },
            (Measure::Multiclass(measure), _) => match self.data.part(role) {
                None => Finding::nothing(format!("there is no {role} table"), Some(role)),
                Some(part) => {
                    let found = multiclass::measure(measure, definition, part, setting, name);
                    Finding { found, n: part.rows as u64, events: None, table: Some(role) }
                }
            },
            _ => Finding::nothing("it is no measure of one table", Some(role)),
        }
    }

    /// Returns the rows on which both models have a score: of a table, or of one of its groups.
    fn paired(&self, role: TableRole, element: Option<&Element>) -> Result<Paired, Undefined> {
        let part = self.data.part(role).ok_or_else(|| Undefined::new(format!("there is no {role} table")))?;
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
                let rows = |part: &Option<Part>| part.as_ref().map_or(0, |part| part.rows as u64);
                Finding {
                    found: match (&self.development, &self.deployment) {
                        (None, _) if self.profile.is_none() => {
                            Err(Undefined::new("there is no development table to compare with"))
                        }
                        (_, None) => Err(Undefined::new("there is no deployment table to compare with")),
                        _ if measure == ShiftMeasure::DriftedShare => self.comparisons.drifted_share(options),
                        _ => self.comparisons.overall(measure, options),
                    },
                    n: self.profile.map_or_else(|| rows(&self.data.development), |profile| profile.rows)
                        + rows(&self.data.deployment),
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
        let (train, deploy) = (self.development.as_ref(), self.deployment.as_ref());
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
        let side = self.side(role).ok_or_else(|| Undefined::new(format!("there is no {role} table")))?;
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
