//! One test binary; a module per question.

mod errors;
mod language;
mod model;
mod syntax;
