//! The parser that pest makes out of `grammar/etiology.pest`.

#[derive(pest_derive::Parser)]
#[grammar = "../grammar/etiology.pest"]
pub(super) struct Grammar;
