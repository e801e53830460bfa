//! Where the bytes of a file are: in memory, or still in the open file, of which any part can be read at any time.
//!
//! The standard library's file has one position that all its clones share, so two threads that read through
//! it would move each other; here every read says where it begins.

use ::parquet::errors::{ParquetError, Result as ParquetResult};
use ::parquet::file::reader::{ChunkReader, Length};
use bytes::Bytes;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{BufReader, Error, ErrorKind, Read, Seek, SeekFrom};
use std::sync::Arc;

/// Bytes read at a time where all of them are wanted.
const PIECE: usize = 4 << 20;

/// The bytes of one file; clones share them.
#[derive(Clone, Debug)]
pub(super) enum Store {
    Memory(Bytes),
    File(Arc<Opened>),
}

/// An open file and its size when it was opened.
#[derive(Debug)]
pub(super) struct Opened {
    #[cfg(unix)]
    file: File,
    #[cfg(not(unix))]
    file: std::sync::Mutex<File>,
    size: u64,
}

impl Opened {
    pub fn new(mut file: File) -> std::io::Result<Self> {
        let size = file.seek(SeekFrom::End(0))?;
        #[cfg(not(unix))]
        let file = std::sync::Mutex::new(file);
        Ok(Self { file, size })
    }

    #[cfg(unix)]
    fn read_at(&self, start: u64, bytes: &mut [u8]) -> std::io::Result<()> {
        std::os::unix::fs::FileExt::read_exact_at(&self.file, bytes, start)
    }

    #[cfg(not(unix))]
    fn read_at(&self, start: u64, bytes: &mut [u8]) -> std::io::Result<()> {
        let mut file = self.file.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(bytes)
    }
}

impl Store {
    /// Returns how many bytes there are.
    pub fn size(&self) -> u64 {
        match self {
            Store::Memory(bytes) => bytes.len() as u64,
            Store::File(opened) => opened.size,
        }
    }

    /// Returns all bytes, read in pieces at the same time.
    pub fn whole(&self) -> std::io::Result<Bytes> {
        let opened = match self {
            Store::Memory(bytes) => return Ok(bytes.clone()),
            Store::File(opened) => opened,
        };
        let mut bytes = vec![0; usize::try_from(opened.size).map_err(Error::other)?];
        let pieces = bytes.par_chunks_mut(PIECE).enumerate();
        pieces.map(|(place, piece)| opened.read_at((place * PIECE) as u64, piece)).collect::<std::io::Result<()>>()?;
        Ok(Bytes::from(bytes))
    }

    /// Returns a part of the bytes.
    ///
    /// # Errors
    /// The part does not lie within the file. No memory is reserved before that is known.
    pub fn part(&self, start: u64, length: usize) -> std::io::Result<Bytes> {
        let end = start.checked_add(length as u64).filter(|end| *end <= self.size()).ok_or(ErrorKind::UnexpectedEof)?;
        match self {
            Store::Memory(bytes) => {
                let place = |place: u64| usize::try_from(place).map_err(Error::other);
                Ok(bytes.slice(place(start)?..place(end)?))
            }
            Store::File(opened) => {
                let mut bytes = vec![0; length];
                opened.read_at(start, &mut bytes)?;
                Ok(Bytes::from(bytes))
            }
        }
    }

    /// Returns a reader of the bytes from `place` on.
    pub fn reader(&self, place: u64) -> Reader {
        Reader { store: self.clone(), place }
    }

    /// Returns the SHA-256 of all bytes; of an open file only a piece at a time is in memory.
    pub fn digest(&self) -> std::io::Result<[u8; 32]> {
        let mut hash = Sha256::new();
        match self {
            Store::Memory(bytes) => hash.update(bytes),
            Store::File(opened) => {
                let mut place = 0;
                while place < opened.size {
                    let piece = self.part(place, PIECE.min(usize::try_from(opened.size - place).unwrap_or(PIECE)))?;
                    hash.update(&piece);
                    place += piece.len() as u64;
                }
            }
        }
        Ok(hash.finalize().into())
    }
}

/// Reads the bytes of a file in order, whatever other readers do.
#[derive(Clone)]
pub(super) struct Reader {
    store: Store,
    place: u64,
}

impl Read for Reader {
    fn read(&mut self, bytes: &mut [u8]) -> std::io::Result<usize> {
        let left = usize::try_from(self.store.size().saturating_sub(self.place)).unwrap_or(usize::MAX);
        let part = self.store.part(self.place, left.min(bytes.len()).min(PIECE))?;
        bytes.iter_mut().zip(&part).for_each(|(byte, read)| *byte = *read);
        self.place += part.len() as u64;
        Ok(part.len())
    }
}

impl Seek for Reader {
    fn seek(&mut self, place: SeekFrom) -> std::io::Result<u64> {
        let place = match place {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::End(offset) => self.store.size().checked_add_signed(offset),
            SeekFrom::Current(offset) => self.place.checked_add_signed(offset),
        };
        self.place = place.ok_or(ErrorKind::InvalidInput)?;
        Ok(self.place)
    }
}

impl Length for Store {
    fn len(&self) -> u64 {
        self.size()
    }
}

impl ChunkReader for Store {
    type T = BufReader<Reader>;

    fn get_read(&self, start: u64) -> ParquetResult<Self::T> {
        Ok(BufReader::new(self.reader(start)))
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        self.part(start, length).map_err(|error| match error.kind() {
            ErrorKind::UnexpectedEof => ParquetError::EOF("it ends before its last byte".to_owned()),
            _ => ParquetError::from(error),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn a_file_reads_like_the_same_bytes_in_memory() {
        let bytes: Vec<u8> = (0..PIECE + 5000).map(|place| (place % 251) as u8).collect();
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&bytes).unwrap();
        let memory = Store::Memory(bytes.clone().into());
        let file = Store::File(Arc::new(Opened::new(file).unwrap()));
        assert_eq!(file.whole().unwrap(), bytes);
        assert_eq!(file.digest().unwrap(), memory.digest().unwrap());
        for (start, length) in [(0, 10), (PIECE as u64, 5000), (bytes.len() as u64, 0)] {
            assert_eq!(file.part(start, length).unwrap(), memory.part(start, length).unwrap());
        }
        let (mut first, mut second) = (Vec::new(), Vec::new());
        let mut reader = file.reader(0);
        reader.read_exact(&mut [0; 100]).unwrap();
        file.reader(7).read_to_end(&mut second).unwrap();
        reader.read_to_end(&mut first).unwrap();
        assert!(first == bytes[100..] && second == bytes[7..]);
    }

    #[test]
    fn a_part_beyond_the_end_is_refused() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"abc").unwrap();
        let file = Store::File(Arc::new(Opened::new(file).unwrap()));
        for store in [file, Store::Memory(Bytes::from_static(b"abc"))] {
            for (start, length) in [(0, 4), (4, 0), (1, usize::MAX), (u64::MAX, 1)] {
                assert_eq!(store.part(start, length).unwrap_err().kind(), ErrorKind::UnexpectedEof);
            }
        }
    }
}
