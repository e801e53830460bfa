//! One test binary; a module per question.

mod pilot;
mod reference;
