//! One test binary; a module per question.

mod metrics;
mod pilot;
mod reference;
