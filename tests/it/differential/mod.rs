//! The engine against others that know nothing of it: the naive evaluator, clingo on the fragment that it shares with
//! Datalog, and all the ways in which what is unknown may turn out.
//!
//! `ETIOLOGY_CASES=100000 cargo test --release --test it differential` is the long run (docs/proof.md).

mod clingo;
mod datalog;
mod order;
mod program_text;
mod recursion;
mod worlds;

use crate::random_packs::Chooser;
use proptest::prelude::ProptestConfig;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

/// Returns how many cases to try: `everyday`, or as many as the environment asks for.
pub fn cases(everyday: u32) -> u32 {
    std::env::var("ETIOLOGY_CASES").ok().and_then(|asked| asked.parse().ok()).unwrap_or(everyday)
}

/// Returns proptest's settings for that many cases.
pub fn config(everyday: u32) -> ProptestConfig {
    ProptestConfig { cases: cases(everyday), failure_persistence: None, ..ProptestConfig::default() }
}

/// Returns the choices of a numbered case, the same in every run.
fn numbered(case: u32) -> Chooser {
    let mut random = ChaCha8Rng::seed_from_u64(u64::from(case));
    Chooser::new((0..600).map(|_| random.next_u32() as u16).collect())
}
