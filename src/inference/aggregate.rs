//! Aggregates: count, min, max, mean and sum when it is not certain which members count.

use super::{Figure, Interval, Outcome, Truth};
use crate::model::Aggregate;

/// A member: whether it counts, and its value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member {
    pub(crate) counts: Outcome,
    pub(crate) value: Figure,
}

/// Returns the figure over the members.
///
/// The point needs to know for each member whether it counts, and the value of those that do. The
/// interval holds the figure for every choice of the members that may count or not. The least, the
/// most and the mean of no members are not defined, so where no member is certain to count they may
/// be anything; the sum of none is 0.
///
/// An open set has the anonymous member alone: there may be any number like it.
pub(crate) fn aggregate_figures(aggregate: Aggregate, members: &[Member], open: bool) -> Figure {
    let point = if open { None } else { aggregate_point(aggregate, members) };
    Figure::new(point, aggregate_range(aggregate, members, open))
}

/// Returns the point over the members of a set that is not open.
pub(crate) fn aggregate_point(aggregate: Aggregate, members: &[Member]) -> Option<f64> {
    if members.iter().any(|member| member.counts.point() == Truth::Unknown) {
        return None;
    }
    let counting = members.iter().filter(|member| member.counts.holds());
    let values: Vec<f64> = counting.map(|member| member.value.point()).collect::<Option<_>>()?;
    match aggregate {
        Aggregate::Count => Some(values.len() as f64),
        Aggregate::Sum => Some(values.iter().sum()),
        Aggregate::Min => values.into_iter().min_by(f64::total_cmp),
        Aggregate::Max => values.into_iter().max_by(f64::total_cmp),
        Aggregate::Mean if values.is_empty() => None,
        Aggregate::Mean => Some(values.iter().sum::<f64>() / values.len() as f64),
    }
}

/// Returns the interval over the members, before it is widened to hold the point.
pub(crate) fn aggregate_range(aggregate: Aggregate, members: &[Member], open: bool) -> Interval {
    let range = if open { open_range(aggregate, members) } else { closed_range(aggregate, members) };
    range.unwrap_or(Interval::WHOLE)
}

/// None where the figure may be undefined.
fn closed_range(aggregate: Aggregate, members: &[Member]) -> Option<Interval> {
    let certain = || members.iter().filter(|member| member.counts.is_certain()).map(|member| member.value.range());
    let maybe = || {
        let maybe = members.iter().filter(|member| member.counts.is_possible() && !member.counts.is_certain());
        maybe.map(|member| member.value.range())
    };
    let all = || certain().chain(maybe());
    let ascending = |left: &f64, right: &f64| left.total_cmp(right);
    match aggregate {
        Aggregate::Count => Some(Interval::new(certain().count() as f64, all().count() as f64)),
        Aggregate::Sum => {
            let sum = certain().fold(Interval::point(0.0), Interval::plus);
            Some(maybe().fold(sum, |sum, value| sum.plus(value.hull(Interval::point(0.0)))))
        }
        Aggregate::Min => {
            let high = certain().map(Interval::high).min_by(ascending)?;
            Some(Interval::new(all().map(Interval::low).min_by(ascending)?, high))
        }
        Aggregate::Max => {
            let low = certain().map(Interval::low).max_by(ascending)?;
            Some(Interval::new(low, all().map(Interval::high).max_by(ascending)?))
        }
        Aggregate::Mean => {
            let low = least_mean(certain().map(Interval::low).collect(), maybe().map(Interval::low).collect())?;
            let turned = |value: Interval| -value.high();
            let high = -least_mean(certain().map(turned).collect(), maybe().map(turned).collect())?;
            Some(Interval::new(low, high))
        }
    }
}

/// Returns the least mean of the certain values and any choice of the others: the smallest are taken
/// as long as they lower it. None without certain values.
fn least_mean(certain: Vec<f64>, mut maybe: Vec<f64>) -> Option<f64> {
    if certain.is_empty() {
        return None;
    }
    let mut sum: f64 = certain.iter().sum();
    let mut count = certain.len() as f64;
    maybe.sort_by(f64::total_cmp);
    for value in maybe {
        if value >= sum / count {
            break;
        }
        sum += value;
        count += 1.0;
    }
    Some(sum / count)
}

fn open_range(aggregate: Aggregate, members: &[Member]) -> Option<Interval> {
    let impossible = members.iter().all(|member| !member.counts.is_possible());
    match aggregate {
        Aggregate::Count | Aggregate::Sum if impossible => Some(Interval::point(0.0)),
        Aggregate::Count => Some(Interval::new(0.0, f64::INFINITY)),
        // The least, the most and the mean are not defined if the set turns out to be empty.
        Aggregate::Sum | Aggregate::Min | Aggregate::Max | Aggregate::Mean => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(counts: Outcome, value: f64) -> Member {
        Member { counts, value: Figure::exact(value) }
    }

    #[track_caller]
    fn check(aggregate: Aggregate, members: &[Member], point: Option<f64>, low: f64, high: f64) {
        let figure = aggregate_figures(aggregate, members, false);
        assert_eq!((figure.point(), figure.low(), figure.high()), (point, low, high));
    }

    #[test]
    fn a_member_that_may_count_widens_the_interval() {
        let members = [member(Outcome::TRUE, 2.0), member(Outcome::TRUE, 4.0), member(Outcome::UNKNOWN, 9.0)];
        check(Aggregate::Count, &members, None, 2.0, 3.0);
        check(Aggregate::Sum, &members, None, 6.0, 15.0);
        check(Aggregate::Min, &members, None, 2.0, 2.0);
        check(Aggregate::Max, &members, None, 4.0, 9.0);
        check(Aggregate::Mean, &members, None, 3.0, 5.0);
    }

    #[test]
    fn all_known_members_give_a_point() {
        let members = [member(Outcome::TRUE, 2.0), member(Outcome::FALSE, 9.0), member(Outcome::TRUE, 4.0)];
        check(Aggregate::Mean, &members, Some(3.0), 3.0, 3.0);
        check(Aggregate::Sum, &[], Some(0.0), 0.0, 0.0);
        check(Aggregate::Mean, &[], None, f64::NEG_INFINITY, f64::INFINITY);
    }

    #[test]
    fn over_an_open_set_nothing_has_a_point() {
        let anonymous = [Member { counts: Outcome::TRUE, value: Figure::new(None, Interval::new(0.0, 1.0)) }];
        let count = aggregate_figures(Aggregate::Count, &anonymous, true);
        assert_eq!((count.point(), count.low(), count.high()), (None, 0.0, f64::INFINITY));
        let max = aggregate_figures(Aggregate::Max, &anonymous, true);
        assert_eq!((max.point(), max.range()), (None, Interval::WHOLE));
    }
}
