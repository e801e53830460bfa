//! Figures that say what they were counted from.

use super::super::check::ranges::{checked_share, ordered};
use super::super::error::{ModelError, Side};
use super::super::{Counted, Tally};
use super::Context;
use super::clauses::{shown, whole};
use crate::source::Span;
use crate::syntax::ast::{Counting, Number};

/// A share, and what it was counted from.
pub(super) struct Figure {
    /// The share, 0..=1.
    pub(super) value: f64,
    /// What it was counted from.
    pub(super) counted: Option<Counted>,
    /// From the share to the end of its counts.
    pub(super) span: Span,
}

/// Returns a share between 0 and 1 with its counts, which must agree with it.
pub(super) fn lower_figure(
    context: &mut Context<'_>,
    what: &'static str,
    number: &Number,
    counting: Option<&Counting>,
) -> Option<Figure> {
    let value = checked_share(&mut context.diagnostics, what, number);
    let Some(counting) = counting else {
        return Some(Figure { value: value?, counted: None, span: number.span });
    };
    let counted = lower_counting(context, counting);
    let (value, counted) = (value?, counted?);
    let (low, high) = counted.interval;
    if !(low..=high).contains(&value) {
        context.diagnostics.push(ModelError::CountsDisagree {
            what: format!("the {what} is {}, outside of its interval", shown(number)),
            span: number.span,
            label: "not inside",
            other: Some(Side { what: "of this interval".to_owned(), span: counting.interval.span }),
            help: "`etio cases fit` shows figure and interval as the cases give them",
        });
        return None;
    }
    Some(Figure { value, counted: Some(counted), span: number.span.to(counting.span) })
}

fn lower_counting(context: &mut Context<'_>, counting: &Counting) -> Option<Counted> {
    let share = lower_tally(context, &counting.share);
    let against = counting.against.as_ref().map(|against| lower_tally(context, against));
    let low = checked_share(&mut context.diagnostics, "interval", &counting.interval.low);
    let high = checked_share(&mut context.diagnostics, "interval", &counting.interval.high);
    let interval =
        low.zip(high).and_then(|(low, high)| ordered(&mut context.diagnostics, &counting.interval, low, high));
    let judged = checked_share(&mut context.diagnostics, "judged figure", &counting.judged);
    let against = match against {
        Some(against) => Some(against?),
        None => None,
    };
    Some(Counted { share: share?, against, interval: interval?, judged: judged? })
}

fn lower_tally(context: &mut Context<'_>, (hits, of): &(Number, Number)) -> Option<Tally> {
    let (some, all) = (whole(context, hits)?, whole(context, of)?);
    let (tally, problem) = match (u64::try_from(some), u64::try_from(all)) {
        (Ok(_), Ok(0)) => (None, "nothing was counted"),
        (Ok(some), Ok(all)) => ((some <= all).then_some(Tally { hits: some, of: all }), "more than there are"),
        _ => (None, "less than none"),
    };
    if tally.is_none() {
        context.diagnostics.push(ModelError::CountsDisagree {
            what: format!("{} of {} is no count", shown(hits), shown(of)),
            span: hits.span.to(of.span),
            label: problem,
            other: None,
            help: "write how many cases, then of how many, such as `12 of 34`",
        });
    }
    tally
}
