//! The zip archives in which numpy and torch pack what they save.

use super::super::file::check_unpacked;
use super::super::store::{Reader, Store};
use super::{CUT_SHORT, Refusal};
use bytes::Bytes;
use rayon::prelude::*;
use std::io::Read as _;
use zip::ZipArchive;
use zip::result::ZipError;

/// Deflate cannot pack more than so many bytes into one.
const UNPACKED_PER_BYTE: u64 = 1032;

/// An archive whose directory was read.
pub(super) struct Archive {
    zip: ZipArchive<Reader>,
    store: Store,
}

impl Archive {
    /// Reads the directory.
    pub fn open(store: &Store) -> Result<Self, Refusal> {
        let zip = ZipArchive::new(store.reader(0)).map_err(|error| refused(&error))?;
        Ok(Self { zip, store: store.clone() })
    }

    /// Returns the names of the entries, in the order of the directory.
    pub fn names(&self) -> impl Iterator<Item = String> {
        self.zip.file_names().filter_map(|name| Some(name.ok()?.into_owned()))
    }

    /// Returns the bytes of those entries, unpacked.
    ///
    /// # Errors
    /// An entry is missing or damaged, or all together unpack to more than is reasonable.
    pub fn read(&self, names: &[String]) -> Result<Vec<Bytes>, Refusal> {
        let indexes: Option<Vec<usize>> = names.iter().map(|name| self.zip.index_for_name(name)).collect();
        let indexes = indexes.ok_or_else(|| Refusal::damaged(CUT_SHORT))?;
        let size = |index: &usize| self.zip.by_index_data(*index).map_or(0, |entry| entry.size());
        let total = indexes.iter().map(size).fold(0, u64::saturating_add);
        check_unpacked(&self.store, total).map_err(|error| Refusal::Damaged(error.to_string()))?;
        indexes.par_iter().map(|index| self.entry(*index)).collect::<Vec<_>>().into_iter().collect()
    }

    fn entry(&self, index: usize) -> Result<Bytes, Refusal> {
        let mut zip = self.zip.clone();
        let entry = zip.by_index(index).map_err(|error| refused(&error))?;
        let size = entry.size();
        let likely = size.min(entry.compressed_size().saturating_mul(UNPACKED_PER_BYTE)).min(self.store.size());
        let mut bytes = Vec::with_capacity(usize::try_from(likely).unwrap_or(0));
        let read = entry.take(size.saturating_add(1)).read_to_end(&mut bytes);
        match read {
            Ok(read) if read as u64 == size => Ok(Bytes::from(bytes)),
            _ => Err(Refusal::damaged(CUT_SHORT)),
        }
    }
}

fn refused(error: &ZipError) -> Refusal {
    match error {
        ZipError::UnsupportedArchive(reason) => Refusal::Damaged(format!("it is not supported: {reason}")),
        ZipError::CompressionMethodNotSupported(_) => Refusal::damaged("it is not packed by deflate"),
        _ => Refusal::damaged("it is no zip archive, or was cut short"),
    }
}
