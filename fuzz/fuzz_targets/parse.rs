//! Any text: the tree holds every byte of it, and lowering ends without a panic.
#![no_main]

use etiology::model::lower;
use etiology::source::SourceMap;
use etiology::syntax::{is_unfinished, parse};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let mut sources = SourceMap::default();
    let id = sources.add("fuzz.etio", text);
    let (tree, _) = parse(id, text);
    let joined: String = tree.pieces.iter().map(|piece| tree.text_of(piece)).collect();
    assert_eq!(joined, text);
    let _ = is_unfinished(text);
    let _ = lower(&[tree], &sources);
});
