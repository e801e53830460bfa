//! One test binary; a module per question.

mod pilot;
mod properties;
mod random_packs;
mod reference;
