//! Reference profiles: made of a deployment's table, read in place of one, and merged.

use super::deployment::{inside, pack_of, read_manifest};
use super::packs::{cannot_read, text_of};
use super::tables::open_tables;
use super::{Files, LoadedPack, load_pack, metric_requests};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, or_nearest};
use crate::facts::Manifest;
use crate::metrics::{self, Profile};
use crate::source::{SourceMap, Span, Spanned};
use crate::table::{ScoreScale, TableRole};
use sha2::{Digest as _, Sha256};

/// Returns the profile of a table of a deployment: of that with the role, or of development, else of deployment. It
/// holds what the manifest's pack asks of development.
///
/// # Errors
/// What is wrong with the manifest, the pack or the table.
pub fn profile(
    folder: &str,
    role: Option<TableRole>,
    files: &dyn Files,
    sources: &mut SourceMap,
) -> Result<Profile, Diagnostics> {
    let manifest = read_manifest(folder, files, sources)?;
    let LoadedPack { knowledge, diagnostics, .. } = load_pack(&pack_of(&manifest, folder, None), files, sources);
    let Some(knowledge) = knowledge.filter(|_| !diagnostics.has_errors()) else { return Err(diagnostics) };
    let pilot = &manifest.pilot;
    let role = role.unwrap_or(match pilot.development {
        Some(_) => TableRole::Development,
        None => TableRole::Deployment,
    });
    let open = || open_tables(&manifest, folder, files);
    let asked = metric_requests(&knowledge);
    metrics::profile(pilot, &open, role, &asked, &metrics::Options::default())?.ok_or_else(|| {
        Diagnostic::new(Code::X005, format!("the manifest names no {role} table"))
            .with_help(format!("add `tables: {{{role}: pilot.csv}}`, or ask for the other table with `--table`"))
            .into()
    })
}

/// Returns several profiles as one.
///
/// # Errors
/// D118 for one that cannot be read, D119 where two do not fit together.
pub fn merged_profile(paths: &[String], files: &dyn Files) -> Result<Profile, Diagnostics> {
    let mut whole: Option<Profile> = None;
    for path in paths {
        let (next, _) = read(path, None, files)?;
        whole = Some(match whole {
            None => next,
            Some(whole) => whole.merge(&next).map_err(|reason| {
                Diagnostic::new(Code::D119, format!("`{path}` cannot be merged with the profiles before it: {reason}"))
                    .with_help("make both with the same columns, threshold and `min_cell`")
            })?,
        });
    }
    whole.ok_or_else(|| Diagnostic::new(Code::X005, "no profile is named").into())
}

/// Returns a profile and the SHA-256 of its file.
fn read(path: &str, named: Option<Span>, files: &dyn Files) -> Result<(Profile, [u8; 32]), Diagnostics> {
    let bytes = files.load(path).map_err(|error| match named {
        Some(span) => Diagnostic::new(Code::X001, error.to_string())
            .with_label(span, "named here")
            .with_help("file names are relative to the folder of the manifest")
            .into(),
        None => cannot_read(&error),
    })?;
    let digest = Sha256::digest(&bytes).into();
    let profile = Profile::parse(&text_of(path, bytes)?);
    profile.map(|profile| (profile, digest)).map_err(|reason| {
        let mut problem = Diagnostic::new(Code::D118, format!("the profile `{path}` {reason}"))
            .with_help("write it anew with `etio profile` of the same version");
        if let Some(span) = named {
            problem = problem.with_label(span, "named here");
        }
        problem.into()
    })
}

/// Reads the profile that a manifest names in place of its development table, if it does; with the SHA-256 of its file.
///
/// # Errors
/// X001 and D118 where it cannot be read, D119 where it disagrees with the manifest.
pub(super) fn reference(
    manifest: &Manifest,
    folder: &str,
    files: &dyn Files,
) -> Result<Option<(Profile, [u8; 32])>, Diagnostics> {
    let Some(named) = &manifest.pilot.profile else { return Ok(None) };
    let read = read(&inside(folder, &named.value), Some(named.span), files)?;
    let problems = disagreements(manifest, &read.0, named);
    if problems.is_empty() { Ok(Some(read)) } else { Err(problems) }
}

fn disagreements(manifest: &Manifest, profile: &Profile, named: &Spanned<String>) -> Diagnostics {
    let pilot = &manifest.pilot;
    let mut problems = Diagnostics::default();
    let mut say = |message: String, span: Span, help: String| {
        let problem = Diagnostic::new(Code::D119, message).with_label(span, "this").with_help(help);
        problems.push(if span == named.span { problem } else { problem.with_label(named.span, "the profile") });
    };
    let scale = if pilot.score_scale == ScoreScale::Raw { "raw" } else { "probability" };
    if profile.scores != scale {
        let message = format!("the profile has {} scores and the manifest says {scale}", profile.scores);
        say(message, named.span, format!("write `scores: {}`, or ask for another profile", profile.scores));
    }
    let shown = |threshold: Option<f64>| threshold.map_or("none".to_owned(), |threshold| threshold.to_string());
    if shown(profile.threshold) != shown(pilot.threshold) {
        let message = format!(
            "the threshold of the profile is {} and that of the manifest {}",
            shown(profile.threshold),
            shown(pilot.threshold)
        );
        say(message, named.span, "give both the same threshold".to_owned());
    }
    let columns = &pilot.columns;
    let score = profile.score.as_ref().map(|score| score.name.as_str());
    if let Some(column) = columns.score.as_ref().filter(|column| Some(column.value.as_str()) != score) {
        let help =
            score.map_or("make the profile with this column".to_owned(), |score| format!("its score is `{score}`"));
        say(format!("the profile has no score `{}`", column.value), column.span, help);
    }
    let numeric: Vec<&str> = profile.numeric.iter().map(|column| column.name.as_str()).collect();
    let categorical: Vec<&str> = profile.categorical.iter().map(|column| column.name.as_str()).collect();
    for (kind, wanted, known) in
        [("numeric", &columns.numeric, &numeric), ("categorical", &columns.categorical, &categorical)]
    {
        // What a pattern stands for is known once the deployment table is read.
        for column in wanted.iter().filter(|column| !column.value.contains('*')) {
            if !known.contains(&column.value.as_str()) {
                let help = or_nearest(&column.value, known.iter().copied(), || {
                    "make the profile with this column, or leave the column out".to_owned()
                });
                say(format!("the profile has no {kind} feature `{}`", column.value), column.span, help);
            }
        }
    }
    problems
}
