//! The paper that charts are drawn on: a frame with two scales, and marks that are told apart without colour.

use crate::report::escaped;
use std::fmt::Write as _;

/// Where the frame lies on the paper, in units of the picture.
const LEFT: f64 = 70.0;
const TOP: f64 = 54.0;
const BELOW: f64 = 56.0;
const RIGHT: f64 = 24.0;
/// Width of a letter at the font size, measured wide enough for sans-serif.
const LETTER: f64 = 6.6;
const ROW: f64 = 18.0;
/// Names along the x axis, at the most.
const MOST_PLACES: usize = 16;

/// Inks of Okabe and Ito, which colour-blind readers can tell apart, darkest first so that they also differ in
/// grey. Each goes with a dash and a mark of its own.
const SERIES: [(&str, &str); 6] = [
    ("#000000", ""),
    ("#0072b2", "7 3"),
    ("#d55e00", "2 3"),
    ("#009e73", "9 3 2 3"),
    ("#cc79a7", "4 2"),
    ("#56b4e9", "12 4"),
];

const STYLE: &str = "<style>\
    .paper{fill:#fff}text{fill:#111}.small{font-size:11px;fill:#444}.title{font-size:15px;font-weight:600}\
    .axis{stroke:#444;fill:none}.grid{stroke:#ddd}.band{fill:#d9d9d9}.guide{stroke:#777;fill:none;stroke-dasharray:4 4}\
    .mark{fill:#111;stroke:#111}.whisker{stroke:#111;stroke-width:1.6;fill:none}.bracket{stroke:#111;stroke-width:1.3;fill:none}.group{fill:#efefef}.over{fill:#fff;stroke:#111;stroke-width:2}\
    </style>\n";

/// A scale from figures to places.
#[derive(Clone, Debug)]
pub(super) struct Scale {
    low: f64,
    high: f64,
    ticks: Vec<f64>,
    decimals: usize,
}

impl Scale {
    /// Returns a scale over `low..=high`, widened to whole steps of 1, 2 or 5 times a power of ten.
    pub fn over(low: f64, high: f64) -> Self {
        let (low, high) = if low < high { (low, high) } else { (low - 0.5, low + 0.5) };
        let rough = (high - low) / 5.0;
        let power = 10f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].map(|times| times * power).into_iter().find(|step| *step >= rough);
        let step = step.unwrap_or(rough);
        let (first, last) = ((low / step + 1e-9).floor(), (high / step - 1e-9).ceil());
        let count = (last - first).clamp(1.0, 20.0) as u32;
        let ticks = (0..=count).map(|tick| (first + f64::from(tick)) * step).collect();
        let decimals = (-step.log10().floor()).clamp(0.0, 6.0) as usize;
        Self { low: first * step, high: (first + f64::from(count)) * step, ticks, decimals }
    }

    /// Returns the scale of a share.
    pub fn share() -> Self {
        Self::over(0.0, 1.0)
    }

    fn place(&self, value: f64) -> f64 {
        ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }
}

/// A chart that is being drawn.
#[derive(Debug)]
pub(super) struct Paper {
    title: String,
    description: String,
    body: String,
    width: f64,
    height: f64,
    x: Scale,
    y: Option<Scale>,
    left: f64,
}

impl Paper {
    fn new(title: &str, (width, height): (f64, f64), left: f64, x: Scale, y: Option<Scale>) -> Self {
        let (title, empty) = (title.to_owned(), String::new);
        Self { title, description: empty(), body: empty(), width, height, x, y, left }
    }

    /// Returns a square chart with figures on both axes.
    pub fn square(title: &str, (x, x_label): (Scale, &str), (y, y_label): (Scale, &str)) -> Self {
        let size = (LEFT + 420.0 + RIGHT, TOP + 420.0 + BELOW);
        let mut paper = Self::new(title, size, LEFT, x, Some(y));
        paper.x_axis(x_label);
        paper.y_axis(y_label);
        paper
    }

    /// Returns a chart with a place for each name along the x axis, counted from 0.
    pub fn places(title: &str, names: &[String], (y, y_label): (Scale, &str)) -> Self {
        let last = names.len().saturating_sub(1) as f64;
        let x = Scale { low: -0.5, high: last + 0.5, ticks: Vec::new(), decimals: 0 };
        let size = (LEFT + 520.0 + RIGHT, TOP + 300.0 + BELOW);
        let mut paper = Self::new(title, size, LEFT, x, Some(y));
        paper.x_axis("");
        paper.y_axis(y_label);
        let (_, _, _, bottom) = paper.frame();
        // Names that would run into one another are left out.
        let each = names.len().div_ceil(MOST_PLACES).max(1);
        for (place, name) in names.iter().enumerate().step_by(each) {
            let (x, y) = (paper.across(place as f64), bottom + 12.0);
            let _ = writeln!(
                paper.body,
                "<text class=\"small\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"end\" transform=\"rotate(-35 {x:.1} {y:.1})\">{}</text>",
                escaped(name)
            );
        }
        paper
    }

    /// Returns a chart with a row for each name.
    pub fn rows(title: &str, names: &[String], (x, x_label): (Scale, &str)) -> Self {
        let longest = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
        let left = 24.0 + LETTER * longest as f64;
        let (width, height) = (left + 420.0 + RIGHT, TOP + ROW * (names.len() as f64 + 1.0) + BELOW);
        let width = width.max(48.0 + 8.4 * title.chars().count() as f64);
        let mut paper = Self::new(title, (width, height), left, x, None);
        paper.x_axis(x_label);
        for (row, name) in names.iter().enumerate() {
            let y = paper.row(row) + 4.0;
            let _ = writeln!(
                paper.body,
                "<text x=\"{:.1}\" y=\"{y:.1}\" text-anchor=\"end\">{}</text>",
                left - 10.0,
                escaped(name)
            );
        }
        paper
    }

    /// Says in words what the chart shows, for those who do not see it.
    pub fn describe(&mut self, description: String) {
        self.description = description;
    }

    fn frame(&self) -> (f64, f64, f64, f64) {
        (self.left, TOP, self.width - RIGHT, self.height - BELOW)
    }

    /// Returns the place of a figure on the x axis.
    fn across(&self, value: f64) -> f64 {
        let (left, _, right, _) = self.frame();
        left + self.x.place(value) * (right - left)
    }

    fn up(&self, value: f64) -> f64 {
        let (_, top, _, bottom) = self.frame();
        bottom - self.y.as_ref().map_or(0.0, |y| y.place(value)) * (bottom - top)
    }

    fn row(&self, row: usize) -> f64 {
        self.between_rows(row as f64)
    }

    fn between_rows(&self, row: f64) -> f64 {
        TOP + ROW * (row + 1.0)
    }

    fn x_axis(&mut self, label: &str) {
        let (left, top, right, bottom) = self.frame();
        for tick in self.x.ticks.clone() {
            let (x, decimals) = (self.across(tick), self.x.decimals);
            let _ = writeln!(
                self.body,
                "<path class=\"grid\" d=\"M{x:.1} {top:.1}V{bottom:.1}\"/><text class=\"small\" x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{tick:.decimals$}</text>",
                bottom + 16.0
            );
        }
        let (x, y) = ((left + right) / 2.0, bottom + 38.0);
        let _ = writeln!(
            self.body,
            "<path class=\"axis\" d=\"M{left:.1} {bottom:.1}H{right:.1}\"/><text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"middle\">{}</text>",
            escaped(label)
        );
    }

    fn y_axis(&mut self, label: &str) {
        let (left, top, right, bottom) = self.frame();
        let Some(scale) = self.y.clone() else { return };
        for tick in &scale.ticks {
            let (y, decimals) = (self.up(*tick), scale.decimals);
            let _ = writeln!(
                self.body,
                "<path class=\"grid\" d=\"M{left:.1} {y:.1}H{right:.1}\"/><text class=\"small\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{tick:.decimals$}</text>",
                left - 8.0,
                y + 4.0
            );
        }
        let (x, y) = (left - 48.0, (top + bottom) / 2.0);
        let _ = writeln!(
            self.body,
            "<path class=\"axis\" d=\"M{left:.1} {top:.1}V{bottom:.1}\"/><text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"middle\" transform=\"rotate(-90 {x:.1} {y:.1})\">{}</text>",
            escaped(label)
        );
    }

    /// Draws a band between two lines over the same x.
    pub fn band(&mut self, points: &[(f64, (f64, f64))]) {
        let lower = points.iter().map(|(x, (low, _))| (*x, *low));
        let upper = points.iter().rev().map(|(x, (_, high))| (*x, *high));
        let path = self.path(lower.chain(upper));
        let _ = writeln!(self.body, "<path class=\"band\" d=\"{path}Z\"/>");
    }

    /// Draws a dashed line to hold others against.
    pub fn guide(&mut self, points: &[(f64, f64)]) {
        let path = self.path(points.iter().copied());
        let _ = writeln!(self.body, "<path class=\"guide\" d=\"{path}\"/>");
    }

    /// Draws the line of a numbered series.
    pub fn line(&mut self, series: usize, points: &[(f64, f64)]) {
        let path = self.path(points.iter().copied());
        let _ = writeln!(self.body, "<path d=\"{path}\" fill=\"none\" {}/>", ink(series));
    }

    fn path(&self, points: impl Iterator<Item = (f64, f64)>) -> String {
        let mut path = String::new();
        for (place, (x, y)) in points.enumerate() {
            let _ = write!(path, "{}{:.1} {:.1}", if place == 0 { 'M' } else { 'L' }, self.across(x), self.up(y));
        }
        path
    }

    /// Draws a point with an upright interval.
    pub fn point(&mut self, (x, y): (f64, f64), interval: Option<(f64, f64)>) {
        let (x, y) = (self.across(x), self.up(y));
        if let Some((low, high)) = interval {
            let (low, high) = (self.up(low), self.up(high));
            let _ = writeln!(self.body, "<path class=\"whisker\" d=\"M{x:.1} {low:.1}V{high:.1}\"/>");
        }
        let _ = writeln!(self.body, "<circle class=\"mark\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\"/>");
    }

    /// Draws a shaded stretch of a row.
    pub fn row_band(&mut self, row: usize, (low, high): (f64, f64)) {
        let (low, high, y) = (self.across(low), self.across(high), self.row(row));
        let _ = writeln!(
            self.body,
            "<rect class=\"band\" x=\"{low:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"14\"/>",
            y - 7.0,
            (high - low).max(0.5)
        );
    }

    /// Draws a point in a row; an open one is what `filled` tells apart from the others.
    pub fn row_point(&mut self, row: usize, value: f64, interval: Option<(f64, f64)>, filled: bool) {
        let (x, y) = (self.across(value), self.row(row));
        if let Some((low, high)) = interval {
            let (low, high) = (self.across(low), self.across(high));
            let ends = format!("M{low:.1} {:.1}v8M{high:.1} {:.1}v8", y - 4.0, y - 4.0);
            let _ = writeln!(self.body, "<path class=\"whisker\" d=\"M{low:.1} {y:.1}H{high:.1}{ends}\"/>");
        }
        let class = if filled { "mark" } else { "over" };
        let _ = writeln!(self.body, "<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4.5\"/>");
    }

    /// Draws rows that belong together, with their name at the right end; shaded, so that it can be told where they end.
    pub fn row_group(&mut self, (first, last): (usize, usize), shaded: bool, name: &str) {
        let (left, _, right, _) = self.frame();
        let (top, bottom) = (self.row(first) - ROW / 2.0, self.row(last) + ROW / 2.0);
        if shaded {
            let _ = writeln!(
                self.body,
                "<rect class=\"group\" x=\"{left:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{:.1}\"/>",
                right - left,
                bottom - top
            );
        }
        let _ = writeln!(
            self.body,
            "<text class=\"small\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            right - 4.0,
            top + 13.0,
            escaped(name)
        );
    }

    /// Joins two groups, each given as its row and the figure where it ends, at a figure.
    pub fn bracket(&mut self, upper: (f64, f64), lower: (f64, f64), at: f64) {
        let [(upper_y, upper_x), (lower_y, lower_x)] =
            [upper, lower].map(|(row, figure)| (self.between_rows(row), self.across(figure)));
        let x = self.across(at);
        let _ = writeln!(
            self.body,
            "<path class=\"bracket\" d=\"M{upper_x:.1} {upper_y:.1}H{x:.1}V{lower_y:.1}H{lower_x:.1}\"/>"
        );
    }

    /// Draws a level guide through all places.
    pub fn mark_y(&mut self, value: f64) {
        let (left, _, right, _) = self.frame();
        let y = self.up(value);
        let _ = writeln!(self.body, "<path class=\"guide\" d=\"M{left:.1} {y:.1}H{right:.1}\"/>");
    }

    /// Draws an upright guide through all rows.
    pub fn mark_x(&mut self, value: f64) {
        let (_, top, _, bottom) = self.frame();
        let x = self.across(value);
        let _ = writeln!(self.body, "<path class=\"guide\" d=\"M{x:.1} {top:.1}V{bottom:.1}\"/>");
    }

    /// Names the series, each with its own line, in the lower right corner of the frame.
    pub fn legend(&mut self, names: &[String]) {
        let (_, _, right, bottom) = self.frame();
        let longest = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
        let (width, height) = (46.0 + LETTER * longest as f64, 8.0 + ROW * names.len() as f64);
        let (x, y) = (right - width - 8.0, bottom - height - 8.0);
        let _ = writeln!(
            self.body,
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"#fff\" stroke=\"#bbb\"/>"
        );
        for (series, name) in names.iter().enumerate() {
            let line = y + 4.0 + ROW * (series as f64 + 0.5);
            let _ = writeln!(
                self.body,
                "<path d=\"M{:.1} {line:.1}h26\" {}/><text class=\"small\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
                x + 6.0,
                ink(series),
                x + 38.0,
                line + 4.0,
                escaped(name)
            );
        }
    }

    /// Returns the picture.
    pub fn finish(self) -> String {
        let Self { title, description, body, width, height, .. } = self;
        let (title, description) = (escaped(&title), escaped(&description));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" \
             height=\"{height:.0}\" role=\"img\" aria-labelledby=\"title desc\" font-family=\"sans-serif\" font-size=\"12\">\n\
             <title id=\"title\">{title}</title>\n<desc id=\"desc\">{description}</desc>\n{STYLE}\
             <rect class=\"paper\" width=\"{width:.0}\" height=\"{height:.0}\"/>\n\
             <text class=\"title\" x=\"24\" y=\"30\">{title}</text>\n{body}</svg>\n"
        )
    }
}

/// The most series that one chart tells apart.
pub(super) const MOST_SERIES: usize = SERIES.len();

fn ink(series: usize) -> String {
    let (colour, dash) = SERIES[series % SERIES.len()];
    let dash = if dash.is_empty() { String::new() } else { format!(" stroke-dasharray=\"{dash}\"") };
    format!("stroke=\"{colour}\" stroke-width=\"2\"{dash}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_holds_what_it_is_made_for_in_whole_steps() {
        for (low, high) in [(0.0, 1.0), (-0.3, 0.07), (1e-7, 3e-7), (5.0, 5.0), (0.0, 12_345.0)] {
            let scale = Scale::over(low, high);
            let slack = 1e-9 * (scale.high - scale.low);
            assert!(scale.low <= low + slack && high <= scale.high + slack, "{scale:?}");
            assert!((2..=21).contains(&scale.ticks.len()), "{scale:?}");
        }
        let share = Scale::share();
        assert!(share.low.abs() < 1e-12 && (share.high - 1.0).abs() < 1e-12 && share.ticks.len() == 6);
    }
}
