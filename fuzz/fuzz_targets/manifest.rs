//! Any text read as a manifest gives a manifest or diagnostics, and nothing else.
#![no_main]

use etiology::facts::parse_manifest;
use etiology::source::SourceMap;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut sources = SourceMap::default();
    let id = sources.add("deployment.yaml", text);
    match parse_manifest(id, &sources) {
        Ok(manifest) => assert!(!manifest.id.is_empty() || text.contains("id")),
        Err(problems) => {
            assert!(problems.has_errors());
            for label in problems.iter().flat_map(|problem| &problem.labels) {
                if let etiology::diagnostic::Place::Text(span) = &label.place {
                    // Panics unless the place lies in the text, between characters.
                    let _ = sources.location(*span);
                    assert!(text.get(span.start as usize..span.end as usize).is_some());
                }
            }
        }
    }
});
