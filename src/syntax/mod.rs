//! From text to a lossless syntax tree.
//!
//! A file is split into declarations first ([`scan`]), so that one mistake does not hide the next;
//! each declaration is then parsed alone by the grammar in `grammar/etiology.pest`. What people
//! often write instead of the language is accepted and answered with its repair. Names mean nothing
//! here: whether there is such a mode, and whether a clause belongs in a body, is the model's
//! question.
//!
//! Architecture invariant: pest's types end in `parse.rs` and its helpers `clauses.rs`, `words.rs` and `formula.rs`.
//!
//! Start with [`parse`].

pub mod ast;
mod clauses;
mod error;
mod format;
mod formula;
mod grammar;
mod nesting;
mod parse;
mod rule_names;
mod scan;
mod token;
mod words;

pub use ast::SyntaxTree;
pub use error::SyntaxError;
pub use format::format;
pub use parse::parse;
pub use scan::is_unfinished;
pub use token::significant_tokens;
