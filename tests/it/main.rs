//! One test binary; a module per question.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::float_cmp,
    clippy::disallowed_methods,
    reason = "a test may fail where the library may not, compares figures worked out by hand, and reads files"
)]

mod errors;
mod language;
mod model;
mod syntax;
