//! How files are reached, so that inner rooms need not touch the disk.

use std::collections::BTreeMap;

/// Reads named files. The command line reads the disk, the embedded packs read the binary, and
/// tests read a map.
pub trait Loader {
    /// Returns the bytes of `path`.
    ///
    /// # Errors
    /// Says that the file is not there or cannot be read.
    fn load(&self, path: &str) -> Result<Vec<u8>, LoadError>;

    /// Returns the paths of all files below `folder` whose name ends in `.{extension}`, sorted.
    ///
    /// # Errors
    /// Says that the folder is not there or cannot be read.
    fn list(&self, folder: &str, extension: &str) -> Result<Vec<String>, LoadError>;
}

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// There is no such file or folder.
    #[error("there is no file or folder `{path}`")]
    Missing {
        /// The path as asked for.
        path: String,
    },
    /// The system refused.
    #[error("`{path}` cannot be read: {reason}")]
    Unreadable {
        /// The path as asked for.
        path: String,
        /// The system's words.
        reason: String,
    },
}

/// A loader over files held in memory.
#[derive(Clone, Debug, Default)]
pub struct MemoryLoader {
    files: BTreeMap<String, Vec<u8>>,
}

impl MemoryLoader {
    /// Returns a loader that holds `files`, given as path and content.
    pub fn new<P: Into<String>, C: Into<Vec<u8>>>(files: impl IntoIterator<Item = (P, C)>) -> Self {
        Self { files: files.into_iter().map(|(path, content)| (path.into(), content.into())).collect() }
    }
}

impl Loader for MemoryLoader {
    fn load(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        self.files.get(path).cloned().ok_or_else(|| LoadError::Missing { path: path.into() })
    }

    fn list(&self, folder: &str, extension: &str) -> Result<Vec<String>, LoadError> {
        let prefix = format!("{}/", folder.trim_end_matches('/'));
        let ending = format!(".{extension}");
        let found: Vec<String> =
            self.files.keys().filter(|path| path.starts_with(&prefix) && path.ends_with(&ending)).cloned().collect();
        if found.is_empty() { Err(LoadError::Missing { path: folder.into() }) } else { Ok(found) }
    }
}
