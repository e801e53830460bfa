//! One test binary; a module per question.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::float_cmp,
    clippy::disallowed_methods,
    reason = "a test may fail where the library may not, compares figures worked out by hand, and reads files"
)]

mod approximate;
mod array_files;
mod asking;
mod bad_input;
mod bad_packs;
mod bad_tables;
mod cases;
mod checklist;
mod cli;
mod clusters;
mod codes;
mod coding;
mod companions;
mod comparisons;
mod contributing;
mod coverage;
mod differential;
mod drift;
mod errors;
mod evaluation;
mod exact;
mod explanations;
mod fit;
mod fleet;
mod fleet_files;
mod fleet_tables;
mod flips;
mod formatting;
mod guess;
mod inference;
mod interviews;
mod json_contract;
mod language;
mod language_pages;
mod metrics;
mod metrics_page;
mod model;
mod multiclass;
mod noise;
mod order;
mod packs;
mod pilot;
mod pilots;
mod plan;
mod plots;
mod profile;
mod profile_files;
mod program;
mod properties;
mod random_packs;
mod readme;
mod recursion;
mod reference;
mod relation_packs;
mod relations;
mod repl;
mod risk;
mod risk_page;
mod shipped_pack;
mod small_packs;
mod status;
mod suppression;
mod syntax;
mod table_formats;
mod threshold_effects;
mod tidy;
mod weights;
