//! The only file access of the program.
#![expect(clippy::disallowed_methods, reason = "this is where the disk is touched")]

use crate::diagnostic::{Code, Diagnostic};
use crate::session::Files;
use crate::source::{LoadError, Loader};
use crate::table::Content;
use std::path::{Path, PathBuf};

/// Files on disk. Paths are relative to where the program runs.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

/// No text file that a person writes is this large; beyond it a reader would run out of memory first.
const TEXT_LIMIT: u64 = 64 << 20;

fn refused(path: &str, error: &std::io::Error) -> LoadError {
    match error.kind() {
        std::io::ErrorKind::NotFound => LoadError::Missing { path: path.into() },
        _ => LoadError::Unreadable { path: path.into(), reason: error.to_string() },
    }
}

impl Loader for Disk {
    fn load(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        let size = std::fs::metadata(path).map_err(|error| refused(path, &error))?.len();
        if size > TEXT_LIMIT {
            let reason = format!("it is {} MB, and {} MB is the most for a text file", size >> 20, TEXT_LIMIT >> 20);
            return Err(LoadError::Unreadable { path: path.into(), reason });
        }
        std::fs::read(path).map_err(|error| refused(path, &error))
    }

    fn list(&self, folder: &str, extension: &str) -> Result<Vec<String>, LoadError> {
        let mut found = Vec::new();
        collect(Path::new(folder), extension, &mut found).map_err(|error| refused(folder, &error))?;
        // Names on disk are compared as text with `/`, so that every system sorts alike.
        let mut names: Vec<String> = found.iter().map(|path| path.to_string_lossy().replace('\\', "/")).collect();
        names.sort();
        Ok(names)
    }
}

fn collect(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        // Links are not followed: a pack cannot reach outside its folder, and no walk can loop.
        let kind = std::fs::symlink_metadata(&path)?.file_type();
        if kind.is_dir() {
            collect(&path, extension, found)?;
        } else if kind.is_file() && path.extension().is_some_and(|ending| ending == extension) {
            found.push(path);
        }
    }
    Ok(())
}

/// Returns the names of a kind in a folder, sorted.
fn names_in(folder: &str, wanted: impl Fn(&std::fs::FileType) -> bool) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    // `file_type` does not follow links.
    let found = entries.filter(|entry| entry.file_type().is_ok_and(|kind| wanted(&kind)));
    let mut names: Vec<String> = found.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    names
}

impl Files for Disk {
    fn open(&self, path: &str) -> Result<Content, LoadError> {
        let file = std::fs::File::open(path).map_err(|error| refused(path, &error))?;
        let kind = file.metadata().map_err(|error| refused(path, &error))?;
        if kind.is_dir() {
            return Err(LoadError::Unreadable { path: path.into(), reason: "it is a folder".into() });
        }
        Ok(Content::File(file))
    }

    fn exists(&self, path: &str) -> bool {
        Path::new(path).exists()
    }

    fn is_folder(&self, path: &str) -> bool {
        std::fs::symlink_metadata(path).is_ok_and(|found| found.is_dir())
    }

    fn folders(&self, folder: &str) -> Vec<String> {
        names_in(folder, std::fs::FileType::is_dir)
    }

    fn files(&self, folder: &str) -> Vec<String> {
        names_in(folder, std::fs::FileType::is_file)
    }
}

/// The disk, with the folders of packs that were named on the command line.
#[derive(Clone, Debug, Default)]
pub struct DiskWithPacks(pub Vec<String>);

impl Loader for DiskWithPacks {
    fn load(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        Disk.load(path)
    }

    fn list(&self, folder: &str, extension: &str) -> Result<Vec<String>, LoadError> {
        Disk.list(folder, extension)
    }
}

impl Files for DiskWithPacks {
    fn open(&self, path: &str) -> Result<Content, LoadError> {
        Disk.open(path)
    }

    fn exists(&self, path: &str) -> bool {
        Disk.exists(path)
    }

    fn is_folder(&self, path: &str) -> bool {
        Disk.is_folder(path)
    }

    fn folders(&self, folder: &str) -> Vec<String> {
        Disk.folders(folder)
    }

    fn files(&self, folder: &str) -> Vec<String> {
        Disk.files(folder)
    }

    fn pack_folders(&self) -> &[String] {
        &self.0
    }
}

/// Returns the text of a YAML file that a person wrote.
///
/// # Errors
/// `X001 cannot-read`.
pub(super) fn text_of(path: &str, disk: &DiskWithPacks) -> Result<String, Diagnostic> {
    let refused = |reason: String| {
        Diagnostic::new(Code::X001, reason)
            .with_help("name a YAML file, or a folder of such files where one is asked for")
    };
    let bytes = disk.load(path).map_err(|error| refused(error.to_string()))?;
    String::from_utf8(bytes).map_err(|_| refused(format!("`{path}` is not UTF-8 text")))
}

/// Returns the texts of YAML files with their names; of a folder, those of all in it. Each comes once.
///
/// # Errors
/// `X001 cannot-read`, also for a folder without a YAML file.
pub(super) fn texts_of(paths: &[String], disk: &DiskWithPacks) -> Result<Vec<(String, String)>, Diagnostic> {
    let mut names: Vec<String> = Vec::new();
    for path in paths {
        let found = if Path::new(path).is_dir() {
            disk.list(path, "yaml").map_err(|error| Diagnostic::new(Code::X001, error.to_string()))?
        } else {
            vec![path.clone()]
        };
        if found.is_empty() {
            return Err(Diagnostic::new(Code::X001, format!("there is no `.yaml` file in `{path}`"))
                .with_help("name the files, or the folder that they are in"));
        }
        names.extend(found);
    }
    names.sort();
    names.dedup();
    names.into_iter().map(|name| Ok((name.clone(), text_of(&name, disk)?))).collect()
}

/// Why a file cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("`{path}` cannot be written: {reason}")]
pub struct CannotWrite {
    path: String,
    reason: String,
}

/// A file that is written beside the one it is to become, so that nothing half-written is ever found there.
/// Without a target it holds what goes to standard output once it is whole. It is gone unless it was kept.
#[derive(Debug)]
pub struct Draft {
    path: PathBuf,
    target: Option<PathBuf>,
    file: std::fs::File,
}

impl Draft {
    /// Begins a draft of a file that must not exist yet, or of standard output.
    ///
    /// # Errors
    /// Says that the file exists or cannot be written.
    pub fn new(target: Option<&Path>) -> Result<Self, CannotWrite> {
        let process = std::process::id();
        let path = match target {
            Some(target) => {
                let shown = target.display().to_string();
                if target.exists() {
                    return Err(CannotWrite { path: shown, reason: "it exists already".into() });
                }
                let name = target.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
                target.with_file_name(format!(".{name}.{process}.part"))
            }
            None => std::env::temp_dir().join(format!("etio-{process}.part")),
        };
        let unwritable = |error: std::io::Error| CannotWrite {
            path: target.unwrap_or(&path).display().to_string(),
            reason: error.to_string(),
        };
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(unwritable)?;
        }
        let mut options = std::fs::OpenOptions::new();
        let file = options.read(true).write(true).create_new(true).open(&path).map_err(unwritable)?;
        if target.is_none() {
            // What is open can be read without its name, and nothing is left behind should we be interrupted;
            // where a system refuses that, the name goes with the draft.
            let _ = std::fs::remove_file(&path);
        }
        Ok(Draft { target: target.map(Path::to_owned), file, path })
    }

    /// Returns the file, to be written.
    pub fn file(&mut self) -> &mut std::fs::File {
        &mut self.file
    }

    /// Makes the draft what it was to become.
    ///
    /// # Errors
    /// Says that it cannot be written.
    pub fn keep(mut self) -> std::io::Result<()> {
        use std::io::Seek as _;
        match &self.target {
            Some(target) => std::fs::rename(&self.path, target),
            None => {
                self.file.rewind()?;
                match std::io::copy(&mut self.file, &mut std::io::stdout().lock()) {
                    // A closed pipe (`etio … | head`) is no error of ours.
                    Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error),
                    _ => Ok(()),
                }
            }
        }
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // Once it was renamed there is nothing left to remove.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Replaces a file by another content: it holds the old one or the new one, and never a part of either.
///
/// # Errors
/// Says that it cannot be written.
pub fn replace(path: &Path, content: &[u8]) -> Result<(), LoadError> {
    let unwritable =
        |error: std::io::Error| LoadError::Unreadable { path: path.display().to_string(), reason: error.to_string() };
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let draft = path.with_file_name(format!(".{name}.{}.part", std::process::id()));
    let written = std::fs::write(&draft, content).and_then(|()| std::fs::rename(&draft, path));
    written.map_err(|error| {
        // The draft is of no use to anybody.
        let _ = std::fs::remove_file(&draft);
        unwritable(error)
    })
}

/// Writes a file that must not exist yet, creating its folders.
///
/// # Errors
/// Says that the file exists or cannot be written.
pub fn create(path: &Path, content: &[u8]) -> Result<(), LoadError> {
    let shown = path.display().to_string();
    let unwritable = |error: std::io::Error| LoadError::Unreadable { path: shown.clone(), reason: error.to_string() };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(unwritable)?;
    }
    use std::io::Write as _;
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).open(path).map_err(unwritable)?;
    file.write_all(content).map_err(unwritable)
}
