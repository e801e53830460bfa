//! Where a strength or base rate of a pack comes from, in words: counts, a source, or judgement.

use super::figures::with_digits;
use crate::model::{Basis, Cause, Counted, Node, Tally};
use serde_json::{Value, json};

/// Returns where the strength of a link from `cause` comes from, such as ` (12 of 34 coded cases; 0.21–0.52)` or
/// ` (expert judgement)`; nothing where the pack does not say.
pub(super) fn strength_origin(cause: &Node, link: &Cause) -> String {
    origin(link.counted.as_ref(), link.about.basis.or(cause.about.basis), 2, "")
}

/// Returns where a base rate comes from. Cases tell how often a mode is documented beside the others, and not how often
/// deployments fail, which is said each time.
pub(super) fn base_origin(node: &Node) -> String {
    origin(node.base_counted.as_ref(), node.about.basis, 3, "; relative frequency counted, level judged")
}

fn origin(counted: Option<&Counted>, basis: Option<Basis>, digits: usize, remark: &str) -> String {
    match (counted, basis) {
        (Some(counted), _) => {
            let (low, high) = counted.interval;
            let (low, high) = (with_digits(low, digits), with_digits(high, digits));
            format!(" ({}; {low}–{high}{remark})", counts(counted))
        }
        (None, Some(Basis::Published)) => " (from a cited source)".to_owned(),
        (None, Some(Basis::Counted)) => " (counted from coded cases)".to_owned(),
        (None, Some(Basis::Judgement)) => " (expert judgement)".to_owned(),
        (None, None) => String::new(),
    }
}

/// Returns counts and interval of a figure for programs.
pub(crate) fn counted_json(counted: &Counted) -> Value {
    let tally = |tally: Tally| json!({"hits": tally.hits, "of": tally.of});
    json!({
        "share": tally(counted.share),
        "against": counted.against.map(tally),
        "low": counted.interval.0,
        "high": counted.interval.1,
    })
}

fn counts(counted: &Counted) -> String {
    let share = counted.share;
    match counted.against {
        None => format!("{} of {} coded cases", share.hits, share.of),
        Some(others) => {
            format!("{} of {} coded cases with it, {} of {} without", share.hits, share.of, others.hits, others.of)
        }
    }
}
