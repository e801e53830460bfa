//! From a deployment folder to facts.

use super::packs::{cannot_read, text_of};
use super::profile::reference;
use super::tables::open_tables;
use super::{Files, metric_requests};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::facts::{
    FactStore, Manifest, Speaker, Statement, Yaml, enter_measurements, enter_statements, members_from_metrics,
    parse_manifest, parse_yaml, read_statements, read_structure,
};
use crate::metrics::{self, Evaluation};
use crate::model::{IndexId, KnowledgeBase};
use crate::source::{SourceId, SourceMap};
use sha2::{Digest as _, Sha256};

/// Everything that is known before rules are applied.
pub(super) struct Deployment {
    pub knowledge: KnowledgeBase,
    pub manifest: Manifest,
    pub digest: String,
    pub evaluation: Option<Evaluation>,
    pub facts: FactStore,
}

pub(super) const MANIFEST: &str = "deployment.yaml";
const ANSWERS: &str = "answers.yaml";

/// Reads `deployment.yaml` in the folder.
pub(super) fn read_manifest(folder: &str, files: &dyn Files, sources: &mut SourceMap) -> Result<Manifest, Diagnostics> {
    let path = inside(folder, MANIFEST);
    if !files.exists(folder) || !files.exists(&path) {
        let message = if files.exists(folder) {
            format!("the folder `{folder}` has no `{MANIFEST}`")
        } else {
            format!("there is no folder `{folder}`")
        };
        return Err(Diagnostic::new(Code::X001, message)
            .with_help("`etio init DIR` makes a working deployment folder to start from")
            .into());
    }
    let id = read_text(&path, files, sources)?;
    parse_manifest(id, sources)
}

/// Returns the pack to use: the one asked for, else the manifest's, else the built-in one. A folder
/// in the manifest is relative to the manifest.
pub(super) fn pack_of(manifest: &Manifest, folder: &str, asked: Option<&str>) -> String {
    match (asked, &manifest.pack) {
        (Some(asked), _) => asked.to_owned(),
        (None, Some(named)) if super::BUILT_IN.contains(&named.value.as_str()) => named.value.clone(),
        (None, Some(named)) => inside(folder, &named.value),
        (None, None) => super::BUILT_IN[0].to_owned(),
    }
}

/// Reads tables, statements and answers and turns them into facts.
pub(super) fn read_deployment(
    folder: &str,
    manifest: Manifest,
    knowledge: KnowledgeBase,
    files: &dyn Files,
    sources: &mut SourceMap,
) -> Result<Deployment, Diagnostics> {
    let mut texts = vec![inside(folder, MANIFEST)];
    let (mut statements, mut problems) = read_statements(&manifest.inputs, Speaker::Manifest, &knowledge, sources);
    let (structure, more) = read_structure(&manifest, &knowledge, sources);
    problems.append(more);
    if let Some(path) = answers_path(&manifest, folder, files) {
        texts.push(path.clone());
        match read_answers(&path, &knowledge, files, sources) {
            Ok((answers, more)) => {
                statements.extend(answers);
                problems.append(more);
            }
            Err(more) => problems.append(more),
        }
    }
    let tables = open_tables(&manifest, folder, files);
    let tables = match tables {
        Ok(tables) => tables,
        Err(more) => {
            problems.append(more);
            Vec::new()
        }
    };
    let profile = match reference(&manifest, folder, files) {
        Ok(profile) => profile,
        Err(more) => {
            problems.append(more);
            None
        }
    };
    // Statements are checked before the tables are read: a slip in an answer should not cost a minute.
    if problems.has_errors() {
        return Err(problems);
    }
    let evaluation = if tables.is_empty() && profile.is_none() {
        None
    } else {
        let mut requests = metric_requests(&knowledge);
        // Without its companion table a metric is as unknown as any input, and may be stated.
        let declared = |role| manifest.pilot.companions.iter().any(|companion| companion.role == role);
        requests.retain(|request| request.definition.companion().is_none_or(declared));
        let options = metrics::Options::default();
        let profile = profile.as_ref().map(|(profile, _)| profile);
        Some(metrics::evaluate_with(&manifest.pilot, tables, profile, &requests, &options)?)
    };
    let mut members: Vec<(IndexId, String)> =
        evaluation.as_ref().map(|evaluation| members_from_metrics(evaluation, &knowledge)).unwrap_or_default();
    members.extend(members_of(&statements, &knowledge));
    members.extend(structure.members.iter().cloned());
    let mut facts = FactStore::new(&knowledge, members);
    structure.enter(&knowledge, &mut facts);
    if let Some(evaluation) = &evaluation {
        enter_measurements(evaluation, &knowledge, &mut facts);
    }
    let problems = enter_statements(statements, &knowledge, &mut facts);
    if problems.has_errors() {
        return Err(problems);
    }
    let digest = digest(&texts, sources, evaluation.as_ref(), profile.as_ref().map(|(_, digest)| digest));
    Ok(Deployment { knowledge, manifest, digest, evaluation, facts })
}

fn read_answers(
    path: &str,
    knowledge: &KnowledgeBase,
    files: &dyn Files,
    sources: &mut SourceMap,
) -> Result<(Vec<Statement>, Diagnostics), Diagnostics> {
    let id = read_text(path, files, sources)?;
    let tree = parse_yaml(id, sources)?;
    match &tree.value {
        Yaml::Map(entries) => Ok(read_statements(entries, Speaker::Answers, knowledge, sources)),
        Yaml::Null => Ok((Vec::new(), Diagnostics::default())),
        other => Err(Diagnostic::new(
            Code::D303,
            format!("answers must be lines of `question: answer`, and this is {}", other.kind()),
        )
        .with_label(tree.span, "here")
        .with_help("write one line for each question, such as `monitoring.in_place: yes`")
        .into()),
    }
}

/// Returns the file of answers: the one that the manifest names, else `answers.yaml`.
pub(super) fn answers_file(manifest: &Manifest, folder: &str) -> String {
    inside(folder, manifest.answers.as_ref().map_or(ANSWERS, |named| &named.value))
}

/// Returns the file of answers if there is to be one: a file that the manifest names must be there.
fn answers_path(manifest: &Manifest, folder: &str, files: &dyn Files) -> Option<String> {
    let path = answers_file(manifest, folder);
    (manifest.answers.is_some() || files.exists(&path)).then_some(path)
}

fn read_text(path: &str, files: &dyn Files, sources: &mut SourceMap) -> Result<SourceId, Diagnostics> {
    let bytes = files.load(path).map_err(|error| cannot_read(&error))?;
    Ok(sources.add(path, text_of(path, bytes)?))
}

fn members_of(statements: &[Statement], knowledge: &KnowledgeBase) -> Vec<(IndexId, String)> {
    statements
        .iter()
        .flat_map(|statement| {
            let indexes = &knowledge.inputs[statement.input].indexes;
            indexes.iter().copied().zip(statement.members.iter().map(|member| member.value.clone()))
        })
        .collect()
}

/// Returns a path inside a folder; absolute paths stay.
pub(super) fn inside(folder: &str, path: &str) -> String {
    if path.starts_with('/') || folder.is_empty() {
        path.to_owned()
    } else {
        format!("{}/{path}", folder.trim_end_matches('/'))
    }
}

/// SHA-256 over the texts of the deployment and the digests of its tables and of its profile. File names are left
/// out, so that a folder that is moved or renamed keeps its digest.
fn digest(
    texts: &[String],
    sources: &SourceMap,
    evaluation: Option<&Evaluation>,
    profile: Option<&[u8; 32]>,
) -> String {
    let mut hash = Sha256::new();
    for (_, file) in sources.files().filter(|(_, file)| texts.iter().any(|name| name == file.name())) {
        hash.update(Sha256::digest(file.text().as_bytes()));
    }
    for table in evaluation.iter().flat_map(|evaluation| &evaluation.tables) {
        hash.update(table.sha256.as_bytes());
    }
    profile.into_iter().for_each(|digest| hash.update(digest));
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
