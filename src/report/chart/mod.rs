//! Charts of a pilot: reliability, ROC by subgroup, shift by feature, subgroups side by side; and trees of what is alike.
//! Each is an SVG file that stands alone, reads in grey, and says in words what it shows.
//!
//! Start with [`charts`].

mod dendrogram;
mod svg;

pub use dendrogram::{Branch, Leaf};

use crate::metrics::{Curves, Evaluation, Interval, Measurement, Roc, definitions};
use std::collections::BTreeMap;
use svg::{MOST_SERIES, Paper, Scale};

/// A picture and the name of its file, without the ending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// Such as `roc-sex`; letters, digits, `-`, `_` and `.` only.
    pub name: String,
    /// What it shows, in a few words.
    pub title: String,
    /// The picture.
    pub svg: String,
}

impl Chart {
    fn new(name: &str, title: &str, mut paper: Paper, description: String) -> Self {
        paper.describe(description);
        let plain = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.');
        let name = name.chars().map(|letter| if plain(letter) { letter } else { '_' }).collect();
        Self { name, title: title.to_owned(), svg: paper.finish() }
    }
}

/// Returns every chart that the pilot has figures for.
pub fn charts(evaluation: &Evaluation, curves: &Curves) -> Vec<Chart> {
    let mut charts: Vec<Chart> = reliability(curves).into_iter().collect();
    charts.extend(roc_by_attribute(evaluation, curves));
    charts.extend(shift(evaluation));
    charts.extend(subgroups(evaluation));
    charts.extend(over_time(evaluation));
    charts
}

fn ends(interval: &Option<Interval>) -> Option<(f64, f64)> {
    interval.as_ref().map(|interval| (interval.low, interval.high))
}

fn reliability(curves: &Curves) -> Option<Chart> {
    let bins = &curves.reliability;
    if bins.is_empty() {
        return None;
    }
    let title = "Reliability: predicted and observed risk";
    let most = bins.iter().flat_map(|bin| [bin.predicted, bin.noise.1, ends(&bin.interval).map_or(0.0, |ends| ends.1)]);
    let scale = Scale::over(0.0, most.fold(0.0, f64::max).min(1.0));
    let mut paper = Paper::square(title, (scale.clone(), "mean predicted risk"), (scale, "share with the outcome"));
    paper.band(&bins.iter().map(|bin| (bin.predicted, bin.noise)).collect::<Vec<_>>());
    paper.guide(&[(0.0, 0.0), (1.0, 1.0)]);
    paper.line(0, &bins.iter().map(|bin| (bin.predicted, bin.observed)).collect::<Vec<_>>());
    for bin in bins {
        paper.point((bin.predicted, bin.observed), ends(&bin.interval));
    }
    let outside = bins.iter().filter(|bin| bin.observed < bin.noise.0 || bin.observed > bin.noise.1).count();
    let each =
        bins.iter().map(|bin| format!("{:.3} predicted, {:.3} observed, {} rows", bin.predicted, bin.observed, bin.n));
    let description = format!(
        "Points are groups of rows with about the same score, with 95 % intervals. The grey band is where the points of \
         a perfectly calibrated model would lie 95 % of the time; the dashed line is perfect calibration. {outside} of {} \
         points lie outside the band. {}.",
        bins.len(),
        each.collect::<Vec<_>>().join("; ")
    );
    Some(Chart::new("reliability", title, paper, description))
}

fn roc_by_attribute(evaluation: &Evaluation, curves: &Curves) -> Vec<Chart> {
    let total: Vec<&Roc> = curves.roc.iter().filter(|roc| roc.subgroup.is_none()).collect();
    let of = |attribute: &String| {
        let prefix = format!("{attribute}=");
        curves.roc.iter().filter(move |roc| roc.subgroup.as_ref().is_some_and(|id| id.starts_with(&prefix)))
    };
    let mut charts = Vec::new();
    if !total.is_empty() {
        charts.push(roc("roc", "ROC curve", &total, 0));
    }
    for attribute in &evaluation.attributes {
        let mut groups: Vec<&Roc> = of(attribute).collect();
        groups.sort_by(|left, right| left.area.total_cmp(&right.area));
        if groups.is_empty() {
            continue;
        }
        // Where there are more groups than can be told apart, those that do worst are drawn.
        let drawn: Vec<&Roc> =
            total.iter().copied().chain(groups.iter().copied().take(MOST_SERIES - total.len())).collect();
        let left_out = total.len() + groups.len() - drawn.len();
        charts.push(roc(&format!("roc-{attribute}"), &format!("ROC curves by {attribute}"), &drawn, left_out));
    }
    charts
}

fn roc(name: &str, title: &str, curves: &[&Roc], left_out: usize) -> Chart {
    let axis = |label| (Scale::share(), label);
    let mut paper = Paper::square(title, axis("share of non-events flagged"), axis("share of events flagged"));
    paper.guide(&[(0.0, 0.0), (1.0, 1.0)]);
    for (series, curve) in curves.iter().enumerate() {
        paper.line(series, &curve.points);
    }
    let named = |curve: &&Roc| {
        let who = curve.subgroup.as_deref().unwrap_or("all rows");
        format!("{who}: {:.3}{}", curve.area, said(&curve.interval))
    };
    let names: Vec<String> = curves.iter().map(named).collect();
    paper.legend(&names);
    let rest = match left_out {
        0 => String::new(),
        more => format!(" {more} groups with larger areas are not drawn."),
    };
    let description = format!(
        "Each line is a ROC curve, from every row flagged to none; the dashed diagonal is chance. Areas under the curves \
         with 95 % intervals: {}.{rest}",
        names.join("; ")
    );
    Chart::new(name, title, paper, description)
}

/// The values of one metric over a set, in order of size.
struct Series<'a> {
    names: Vec<String>,
    found: Vec<(&'a Measurement, f64)>,
}

impl<'a> Series<'a> {
    fn new(measurements: impl Iterator<Item = &'a Measurement>) -> Self {
        let mut found: Vec<(&Measurement, f64)> =
            measurements.filter_map(|found| Some((found, *found.value.as_ref().ok()?))).collect();
        found.sort_by(|left, right| right.1.total_cmp(&left.1).then_with(|| left.0.element.cmp(&right.0.element)));
        let names = found.iter().map(|(found, _)| found.element.clone().unwrap_or_default()).collect();
        Self { names, found }
    }
}

fn shift(evaluation: &Evaluation) -> Option<Chart> {
    let per_feature =
        evaluation.measurements.iter().filter(|found| found.definition == "dsi" && found.element.is_some());
    let series = Series::new(per_feature);
    if series.found.is_empty() {
        return None;
    }
    let title = "Shift of each feature against its noise floor";
    let p95 = |found: &Measurement| found.floor.as_ref().map(|floor| floor.p95);
    let most = series.found.iter().flat_map(|(found, value)| [*value, p95(found).unwrap_or(0.0)]).fold(0.0, f64::max);
    let mut paper = Paper::rows(title, &series.names, (Scale::over(0.0, most), "distribution shift index"));
    let mut over = Vec::new();
    for (row, (found, value)) in series.found.iter().enumerate() {
        let floor = p95(found);
        if let Some(floor) = floor {
            paper.row_band(row, (0.0, floor));
        }
        let within = floor.is_some_and(|floor| *value <= floor);
        if !within {
            over.push(format!("{} {value:.3}", found.element.as_deref().unwrap_or_default()));
        }
        paper.row_point(row, *value, ends(&found.interval), !within);
    }
    let said = if over.is_empty() {
        "No feature lies beyond it.".to_owned()
    } else {
        format!("Beyond it: {}.", over.join("; "))
    };
    let description = format!(
        "How far each feature moved from development to deployment. Grey is where 95 % of features without any shift lie \
         at these numbers of rows; open points lie within it. {said}"
    );
    Some(Chart::new("shift", title, paper, description))
}

fn subgroups(evaluation: &Evaluation) -> Vec<Chart> {
    let mut metrics: BTreeMap<(&str, &str), Vec<&Measurement>> = BTreeMap::new();
    let is_subgroup = |id: &String| evaluation.subgroups.iter().any(|group| group.id == *id);
    for found in &evaluation.measurements {
        if found.interval.is_some() && found.element.as_ref().is_some_and(is_subgroup) {
            metrics.entry((&found.metric, &found.definition)).or_default().push(found);
        }
    }
    let drawn = metrics.into_iter().map(|((metric, definition), found)| {
        let whole = evaluation.measurements.iter().find(|all| all.definition == definition && all.element.is_none());
        forest(metric, definition, found, whole.and_then(|found| found.value.as_ref().ok().copied()))
    });
    drawn.collect()
}

/// The title of a definition, or else the metric's name.
fn title_of<'a>(metric: &'a str, definition: &str) -> &'a str {
    let name = definition.split('(').next().unwrap_or_default();
    definitions().iter().find(|spec| spec.name == name).map_or(metric, |spec| spec.title)
}

/// The place of a period, what was measured in it, and the value.
type InPeriod<'a> = (usize, &'a Measurement, f64);

fn in_period<'a>(evaluation: &Evaluation, found: &'a Measurement) -> Option<InPeriod<'a>> {
    let period = found.element.as_ref()?;
    let place = evaluation.periods.iter().position(|known| known == period)?;
    Some((place, found, *found.value.as_ref().ok()?))
}

fn over_time(evaluation: &Evaluation) -> Vec<Chart> {
    let mut metrics: BTreeMap<(&str, &str), Vec<InPeriod<'_>>> = BTreeMap::new();
    for (place, found, value) in evaluation.measurements.iter().filter_map(|found| in_period(evaluation, found)) {
        metrics.entry((&found.metric, &found.definition)).or_default().push((place, found, value));
    }
    let drawn = metrics.into_iter().filter(|(_, found)| found.len() > 1).map(|((metric, definition), found)| {
        let whole = evaluation.measurements.iter().find(|all| all.definition == definition && all.element.is_none());
        let whole = whole.and_then(|found| found.value.as_ref().ok().copied());
        time_chart(evaluation, metric, &found, whole)
    });
    drawn.collect()
}

fn time_chart(evaluation: &Evaluation, metric: &str, found: &[InPeriod<'_>], whole: Option<f64>) -> Chart {
    let title =
        format!("Over time: {}", found.first().map_or(metric, |(_, first, _)| title_of(metric, &first.definition)));
    let scale = reach(found.iter().map(|(_, found, value)| (*found, *value)), whole);
    let mut paper = Paper::places(&title, &evaluation.periods, (scale, metric));
    if let Some(whole) = whole {
        paper.mark_y(whole);
    }
    paper.line(0, &found.iter().map(|(place, _, value)| (*place as f64, *value)).collect::<Vec<_>>());
    for (place, found, value) in found {
        paper.point((*place as f64, *value), ends(&found.interval));
    }
    let each = found.iter().map(|(_, found, value)| {
        format!(
            "{} {value:.3}{} (n = {})",
            found.element.as_deref().unwrap_or_default(),
            said(&found.interval),
            found.n
        )
    });
    let line =
        whole.map(|whole| format!(" The dashed line is the value over all rows, {whole:.3}.")).unwrap_or_default();
    let description = format!(
        "Points are periods in their order, with 95 % intervals where there are any.{line} Periods that are too small to be \
         shown are left out. {}.",
        each.collect::<Vec<_>>().join("; ")
    );
    Chart::new(&format!("time-{}", metric.trim_start_matches("period.")), &title, paper, description)
}

/// The scale that holds values with their intervals, and one more.
fn reach<'a>(found: impl Iterator<Item = (&'a Measurement, f64)>, more: Option<f64>) -> Scale {
    let all = found.flat_map(|(found, value)| ends(&found.interval).map_or([value; 2], |(low, high)| [low, high]));
    let (low, high) =
        all.chain(more).fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), at| (low.min(at), high.max(at)));
    Scale::over(low, high)
}

/// An interval in words, with a space before it; nothing where there is none.
fn said(interval: &Option<Interval>) -> String {
    ends(interval).map(|(low, high)| format!(" ({low:.3}–{high:.3})")).unwrap_or_default()
}

fn forest(metric: &str, definition: &str, found: Vec<&Measurement>, whole: Option<f64>) -> Chart {
    let title = format!("By subgroup: {}", title_of(metric, definition));
    let mut series = Series::new(found.into_iter());
    let rows = |found: &Measurement| format!("{} (n = {})", found.element.as_deref().unwrap_or_default(), found.n);
    series.names = series.found.iter().map(|(found, _)| rows(found)).collect();
    let scale = reach(series.found.iter().copied(), whole);
    let mut paper = Paper::rows(&title, &series.names, (scale, definition));
    if let Some(whole) = whole {
        paper.mark_x(whole);
    }
    for (row, (found, value)) in series.found.iter().enumerate() {
        let outside = whole.zip(ends(&found.interval)).is_some_and(|(whole, (low, high))| whole < low || whole > high);
        paper.row_point(row, *value, ends(&found.interval), !outside);
    }
    let each = series.found.iter().map(|(found, value)| format!("{} {value:.3}{}", rows(found), said(&found.interval)));
    let line = whole
        .map(|whole| {
            format!(
                " The dashed line is the value over all rows, {whole:.3}; open points have it outside their interval."
            )
        })
        .unwrap_or_default();
    let description =
        format!("Points are subgroups with 95 % intervals.{line} {}.", each.collect::<Vec<_>>().join("; "));
    Chart::new(&format!("subgroups-{}", metric.trim_start_matches("subgroup.")), &title, paper, description)
}
