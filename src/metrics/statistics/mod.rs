//! The statistics that all families share: sums, intervals, tests, seeded draws.

pub(super) mod agreement;
pub(super) mod draws;
pub(super) mod interval;
pub(super) mod multiple;
pub(super) mod normal;
pub(super) mod ranked;
pub(super) mod resample;
pub(super) mod signed_rank;
pub(super) mod sums;
pub(super) mod tests_of_counts;
