//! Commands about packs: check, test, graph, explain, metric definitions.

use super::Terminal;
use super::args::{Format, PackArgs, PictureFormat};
use super::exit::Exit;
use super::load::{self, DiskWithPacks};
use crate::diagnostic::{Code, Count, Diagnostic, List, Severity, nearest, or_nearest, render};
use crate::explanation::list_overrides;
use crate::metrics::definitions;
use crate::model::KnowledgeBase;
use crate::report::graph::{Picture, Selection};
use crate::session::{LoadedPack, Session, TestResult, load_pack, run_tests};
use crate::source::SourceMap;
use serde_json::json;
use std::fmt::Write as _;
use std::path::Path;

/// Finds what is wrong with a pack.
pub fn check(args: &PackArgs, disk: &DiskWithPacks, terminal: &Terminal) -> Result<Exit, Diagnostic> {
    let mut sources = SourceMap::default();
    let LoadedPack { knowledge, diagnostics, .. } = load_pack(&args.pack, disk, &mut sources);
    if sources.files().next().is_none() {
        terminal.diagnostics(&diagnostics, &sources);
        return Ok(Exit::Failed);
    }
    match args.format {
        // One diagnostic a line, so that a long list can be read while it is written.
        Format::Json | Format::Yaml => terminal.out(&render::render(&diagnostics, &sources, render::Style::Json)),
        Format::Text => terminal.diagnostics(&diagnostics, &sources),
    }
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.severity() == Severity::Error).count();
    let warnings = diagnostics.len() - errors;
    if args.format == Format::Text {
        terminal.text(&check_summary(knowledge.as_ref(), errors, warnings));
        if let Some(knowledge) = knowledge.filter(|knowledge| errors == 0 && !knowledge.imports.is_empty()) {
            terminal.out("\n");
            terminal.document(&list_overrides(&knowledge, &sources));
        }
    }
    Ok(if errors > 0 { Exit::Bad } else { Exit::Done })
}

fn check_summary(knowledge: Option<&KnowledgeBase>, errors: usize, warnings: usize) -> String {
    let found = format!("{}, {}", Count(errors, "error"), Count(warnings, "warning"));
    match knowledge {
        Some(knowledge) if errors == 0 => {
            let questions = knowledge.inputs.values();
            let questions =
                questions.filter(|input| matches!(input.kind, crate::model::InputKind::Question { .. })).count();
            format!(
                "{} {}: {}, {}, {}, {}, {}, {}, {}; {found}",
                knowledge.pack.id,
                knowledge.pack.version,
                Count(knowledge.modes().count(), "mode"),
                Count(knowledge.factors().count(), "factor"),
                Count(knowledge.mitigations.len(), "mitigation"),
                Count(knowledge.rules.len(), "rule"),
                Count(questions, "question"),
                Count(knowledge.citations.len(), "source"),
                Count(knowledge.tests.len(), "test"),
            )
        }
        _ => found,
    }
}

/// Runs the tests of a pack.
pub fn test(args: &PackArgs, disk: &DiskWithPacks, terminal: &Terminal) -> Result<Exit, Diagnostic> {
    let (knowledge, sources) = match pack_without_errors(&args.pack, disk, terminal) {
        Some(loaded) => loaded,
        None => return Ok(Exit::Failed),
    };
    let results = run_tests(&knowledge, &sources);
    let failed = results.iter().filter(|result| !result.failures.is_empty()).count();
    match args.format {
        Format::Json | Format::Yaml => terminal.value(&test_json(&results, &sources), args.format),
        Format::Text => {
            let mut out = String::new();
            for result in results.iter().filter(|result| !result.failures.is_empty()) {
                let _ = writeln!(out, "✗ {}  ({})", result.name, sources.location(result.span));
                for failure in &result.failures {
                    let expected = sources.text(failure.span).split_whitespace().collect::<Vec<_>>().join(" ");
                    let _ = writeln!(out, "    {expected}: {}  ({})", failure.found, sources.location(failure.span));
                }
            }
            let _ = writeln!(out, "{} passed, {failed} failed", results.len() - failed);
            terminal.text(&out);
        }
    }
    Ok(if failed > 0 { Exit::Bad } else { Exit::Done })
}

fn test_json(results: &[TestResult], sources: &SourceMap) -> serde_json::Value {
    let tests = results.iter().map(|result| {
        let place = sources.location(result.span);
        let failures = result.failures.iter().map(|failure| {
            let place = sources.location(failure.span);
            json!({
                "expected": sources.text(failure.span), "found": failure.found, "file": place.file, "line": place.line,
            })
        });
        json!({
            "name": result.name, "file": place.file, "line": place.line, "passed": result.failures.is_empty(),
            "failures": failures.collect::<Vec<_>>(),
        })
    });
    json!({ "tests": tests.collect::<Vec<_>>() })
}

/// What part of the graph is wanted, as typed.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The mode or factor to start from.
    pub focus: Option<&'a str>,
    /// How many links to follow.
    pub depth: usize,
    /// Whether to draw mitigations.
    pub mitigations: bool,
    /// Kind of picture.
    pub format: PictureFormat,
}

/// Draws the causal graph of a pack.
pub fn graph(
    pack: &str,
    wanted: Wanted<'_>,
    output: Option<&Path>,
    disk: &DiskWithPacks,
    terminal: &Terminal,
) -> Result<Exit, Diagnostic> {
    let Some((knowledge, _)) = pack_without_errors(pack, disk, terminal) else { return Ok(Exit::Failed) };
    let focus = match wanted.focus {
        Some(name) => Some(knowledge.nodes.find(name).ok_or_else(|| {
            Diagnostic::new(Code::X002, format!("the pack has no mode or factor called `{name}`"))
                .with_help(or_nearest(name, knowledge.nodes.names(), || "`etio risks DIR` lists the modes".into()))
        })?),
        None => None,
    };
    let picture = Picture::new(&knowledge, Selection { focus, depth: wanted.depth, mitigations: wanted.mitigations });
    let drawn = match wanted.format {
        PictureFormat::Svg => picture.svg(),
        PictureFormat::Dot => picture.dot(),
        PictureFormat::Mermaid => picture.mermaid(),
    };
    match output {
        None => terminal.out(&drawn),
        Some(path) => {
            load::create(path, drawn.as_bytes()).map_err(|error| {
                Diagnostic::new(Code::X001, error.to_string()).with_help("name a file that does not exist yet")
            })?;
            terminal.remark(&format!("wrote {}", path.display()));
        }
    }
    Ok(Exit::Done)
}

/// Prints the page of a diagnostic code.
pub fn explain(code: &str, terminal: &Terminal) -> Result<Exit, Diagnostic> {
    match code.parse::<Code>() {
        Ok(code) => {
            terminal.text(code.page().trim_end());
            Ok(Exit::Done)
        }
        Err(()) => {
            let known = Code::ALL.iter().flat_map(|code| [code.as_str(), code.name()]);
            let wanted = code.to_ascii_uppercase();
            let near = nearest(&wanted, Code::ALL.iter().map(|code| code.as_str())).or_else(|| nearest(code, known));
            Err(Diagnostic::new(Code::X002, format!("there is no diagnostic `{code}`")).with_help(match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => "codes look like `M210`".to_owned(),
            }))
        }
    }
}

/// Lists the metric definitions.
pub fn list_definitions(format: Format, terminal: &Terminal) -> Result<Exit, Diagnostic> {
    match format {
        Format::Json | Format::Yaml => {
            let all = definitions().iter().map(|spec| {
                json!({
                    "name": spec.name, "title": spec.title, "formula": spec.formula, "source": spec.source,
                    "uncertainty": spec.uncertainty, "undefined_when": spec.undefined_when,
                    "otherwise": spec.otherwise,
                    "low": spec.low, "high": spec.high,
                    "over": spec.indices.iter().map(|index| index.as_str()).collect::<Vec<_>>(),
                    "parameters": spec.parameters.iter().map(|parameter| json!({
                        "name": parameter.name,
                        "takes": parameter.allowed(),
                        "default": parameter.default_value().to_string(),
                    })).collect::<Vec<_>>(),
                })
            });
            terminal.value(&json!({ "definitions": all.collect::<Vec<_>>() }), format);
        }
        Format::Text => {
            let mut out = String::new();
            for spec in definitions() {
                let over: Vec<&str> = spec.indices.iter().map(|index| index.as_str()).collect();
                let _ = writeln!(out, "{}: {} (per {})", spec.name, spec.title, over.join(", "));
                let _ = writeln!(out, "    {}", spec.formula);
                for parameter in spec.parameters {
                    let (takes, default) = (parameter.allowed(), parameter.default_value());
                    let _ = writeln!(out, "    {}: {takes}; `{default}` if not given", parameter.name);
                }
            }
            terminal.text(&out);
        }
    }
    Ok(Exit::Done)
}

/// Tells whether a risk is in the band or above.
pub fn reaches_band(session: &Session, band: &str) -> Result<bool, Diagnostic> {
    let bands = &session.knowledge.bands;
    let names = || bands.iter().map(|band| band.id.as_str());
    let Some(limit) = bands.iter().position(|known| known.id == band) else {
        return Err(Diagnostic::new(Code::X002, format!("the pack has no band called `{band}`"))
            .with_help(or_nearest(band, names(), || format!("its bands are {}", List::and(names())))));
    };
    Ok(session.assessment.risks.iter().any(|risk| risk.band.estimate.is_some_and(|band| band >= limit)))
}

pub(super) fn pack_without_errors(
    name: &str,
    disk: &DiskWithPacks,
    terminal: &Terminal,
) -> Option<(KnowledgeBase, SourceMap)> {
    let mut sources = SourceMap::default();
    let LoadedPack { knowledge, diagnostics, .. } = load_pack(name, disk, &mut sources);
    if diagnostics.has_errors() {
        terminal.diagnostics(&diagnostics, &sources);
        return None;
    }
    knowledge.map(|knowledge| (knowledge, sources))
}
