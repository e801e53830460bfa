//! Fitted figures as a pack writes them: rounded, with their counts; and where a pack writes others.
//!
//! Strengths have two decimals and base rates are percentages with one, since the cases do not carry more.

use super::{Estimate, FigureOf, Fit, FittedFigure};
use crate::model::KnowledgeBase;
use crate::source::{SourceId, Span};

impl FittedFigure {
    /// Tells whether the pack says what the cases say: the same counts, and figure and interval within half a unit of
    /// the last digit that is written.
    pub fn agrees(&self) -> bool {
        let near = |left: f64, right: f64| (left - right).abs() <= self.half_unit() + 1e-9;
        match (&self.estimate, &self.in_pack_counted) {
            (Ok(estimate), Some(written)) => {
                let counted = estimate.counted;
                (counted.share, counted.against) == (written.share, written.against)
                    && near(self.in_pack, estimate.value)
                    && near(counted.interval.0, written.interval.0)
                    && near(counted.interval.1, written.interval.1)
            }
            (Err(_), None) => true,
            _ => false,
        }
    }

    fn half_unit(&self) -> f64 {
        match self.of {
            FigureOf::Strength { .. } => 0.005,
            FigureOf::BaseRate(_) => 0.0005,
        }
    }

    /// Returns a figure as it is written.
    pub(super) fn shown(&self, value: f64) -> String {
        match self.of {
            FigureOf::Strength { .. } => format!("{value:.2}"),
            FigureOf::BaseRate(_) => format!("{:.1}%", value * 100.0),
        }
    }

    /// Returns what was judged with all its digits.
    fn judged_as_written(&self) -> String {
        let digits = |value: f64| format!("{value:.6}").trim_end_matches('0').trim_end_matches('.').to_owned();
        match self.of {
            FigureOf::Strength { .. } => digits(self.judged),
            FigureOf::BaseRate(_) => format!("{}%", digits(self.judged * 100.0)),
        }
    }

    /// Returns the figure with its counts as a pack writes it, such as
    /// `0.36 counted 12 of 34 interval 0.21..0.52 judged 0.5`.
    pub fn as_written(&self) -> String {
        let judged = self.judged_as_written();
        let Ok(Estimate { value, counted, .. }) = &self.estimate else { return judged };
        let mut text = format!("{} counted {} of {}", self.shown(*value), counted.share.hits, counted.share.of);
        if let Some(others) = counted.against {
            text += &format!(" against {} of {}", others.hits, others.of);
        }
        let (low, high) = counted.interval;
        text + &format!(" interval {}..{} judged {judged}", self.shown(low), self.shown(high))
    }

    /// Returns where the pack writes the figure; none for a base rate that it leaves out.
    pub fn span(&self, knowledge: &KnowledgeBase) -> Option<Span> {
        match self.of {
            FigureOf::Strength { cause, effect } => {
                let mut links = knowledge.nodes[cause].causes.iter();
                links.find(|link| link.effect == effect).map(|link| link.strength_span)
            }
            FigureOf::BaseRate(mode) => knowledge.nodes[mode].base_span,
        }
    }
}

impl Fit {
    /// Returns the figures of which the pack says something else.
    pub fn differing(&self) -> impl Iterator<Item = &FittedFigure> {
        self.figures.iter().filter(|figure| !figure.agrees())
    }

    /// Returns the text of a file with its differing figures as the cases give them; every other byte stays.
    pub fn rewrite(&self, text: &str, source: SourceId, knowledge: &KnowledgeBase) -> String {
        let mut edits: Vec<(Span, String)> = self
            .differing()
            .filter_map(|figure| Some((figure.span(knowledge)?, figure.as_written())))
            .filter(|(span, _)| span.source == source)
            .collect();
        edits.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
        let mut text = text.to_owned();
        for (span, written) in edits {
            text.replace_range(span.range(), &written);
        }
        text
    }
}
