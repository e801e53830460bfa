//! One test binary; a module per question.

mod inference;
mod pilot;
mod properties;
mod random_packs;
mod reference;
mod risk;
mod small_packs;
