//! One test binary; a module per question.

mod inference;
mod order;
mod pilot;
mod properties;
mod random_packs;
mod reference;
mod risk;
mod shipped_pack;
mod small_packs;
