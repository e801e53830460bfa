//! From the file names of a manifest to opened tables: one file, or the files of a folder as one table.

use super::Files;
use super::deployment::inside;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, or_nearest};
use crate::facts::Manifest;
use crate::source::{LoadError, Spanned};
use crate::table::{Content, Format, TableData, matches_pattern};

/// Opens every file that the manifest names.
///
/// # Errors
/// D101 and X001, one for each name that stands for no table.
pub(super) fn open_tables(manifest: &Manifest, folder: &str, files: &dyn Files) -> Result<Vec<TableData>, Diagnostics> {
    let mut problems = Diagnostics::default();
    let mut tables = Vec::new();
    for file in &manifest.files {
        let table = match several(file, folder, files) {
            Some((within, pattern)) => open_several(file, within, pattern, folder, files),
            None => open_table(file, folder, files),
        };
        match table {
            Ok(table) => tables.push(table),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(tables) } else { Err(problems) }
}

/// Returns the folder and the pattern of a name that stands for several files.
fn several<'a>(file: &'a Spanned<String>, folder: &str, files: &dyn Files) -> Option<(&'a str, &'a str)> {
    let name = file.value.trim_end_matches('/');
    match name.rsplit_once('/') {
        Some((within, last)) if last.contains('*') => Some((within, last)),
        None if name.contains('*') => Some(("", name)),
        _ => files.is_folder(&inside(folder, name)).then_some((name, "*")),
    }
}

/// Opens the files of a folder of the deployment whose names the pattern matches, in the order of their names.
fn open_several(
    named: &Spanned<String>,
    within: &str,
    pattern: &str,
    folder: &str,
    files: &dyn Files,
) -> Result<TableData, Diagnostic> {
    let problem = |message: String, help: String| {
        Diagnostic::new(Code::D101, message).with_label(named.span, "named here").with_help(help)
    };
    let leaves = within.starts_with('/') || within.split(['/', '\\']).any(|part| part == ".." || part.contains('*'));
    if leaves {
        return Err(problem(
            format!("`{}` does not name one folder inside that of the deployment", named.value),
            "name a folder beside the manifest, with `*` in the last part alone: `pilot/*.parquet`".to_owned(),
        ));
    }
    // A link among them could lead out of the folder; `is_folder` follows none.
    let ends = within.match_indices('/').map(|(end, _)| end).chain([within.len()]);
    let real = within.is_empty()
        || ends.into_iter().all(|end| within.get(..end).is_some_and(|path| files.is_folder(&inside(folder, path))));
    let present = if real { files.files(&inside(folder, within)) } else { Vec::new() };
    // A folder may hold a note about its tables; a pattern asks for exactly what it matches.
    let tables = present.iter().filter(|name| matches_pattern(pattern, name) && Format::from_name(name).is_some());
    let tables: Vec<(&String, Option<Format>)> = tables.map(|name| (name, Format::from_name(name))).collect();
    let Some((first, Some(format))) = tables.first().copied() else {
        let help = or_nearest(pattern, present.iter().map(String::as_str), || Format::HELP.to_owned());
        return Err(problem(format!("no table is named like `{}`", named.value), help));
    };
    if let Some((other, _)) = tables.iter().find(|(_, other)| *other != Some(format)) {
        return Err(problem(
            format!("`{}` stands for tables of several kinds, such as `{first}` and `{other}`", named.value),
            "keep files of one kind in the folder, or name the kind: `pilot/*.parquet`".to_owned(),
        ));
    }
    let open = |name: &str| -> Result<(String, Content), Diagnostic> {
        let path = if within.is_empty() { name.to_owned() } else { format!("{within}/{name}") };
        let content = files.open(&inside(folder, &path)).map_err(|error| unopened(&error, named))?;
        Ok((path, content))
    };
    let opened = tables.iter().map(|(name, _)| open(name)).collect::<Result<_, _>>()?;
    Ok(TableData { file: named.value.clone(), format, content: Content::Several(opened) })
}

fn open_table(file: &Spanned<String>, folder: &str, files: &dyn Files) -> Result<TableData, Diagnostic> {
    let format = Format::from_name(&file.value).ok_or_else(|| {
        Diagnostic::new(Code::D101, format!("`{}` is not a kind of table that can be read", file.value))
            .with_label(file.span, "named here")
            .with_help(Format::HELP)
    })?;
    let content = files.open(&inside(folder, &file.value)).map_err(|error| unopened(&error, file))?;
    Ok(TableData { file: file.value.clone(), format, content })
}

fn unopened(error: &LoadError, file: &Spanned<String>) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::X001, error.to_string()).with_label(file.span, "named here");
    match error {
        LoadError::Missing { .. } => diagnostic.with_help("file names are relative to the folder of the manifest"),
        LoadError::Unreadable { .. } => diagnostic,
    }
}
