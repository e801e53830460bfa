//! Text in a file, perhaps compressed, which can be read a piece at a time.

use super::file::Limited;
use super::store::Store;
use bytes::Bytes;
use std::io::Read;

/// Bytes of a piece that is read at a time and then divided among all cores; the result does not depend on it.
const PIECE: usize = 16 << 20;

/// The mark that some programs write before UTF-8 text.
pub(super) const MARK: &[u8] = b"\xEF\xBB\xBF";

/// The text of one file.
#[derive(Clone, Debug)]
pub(super) struct Text {
    store: Store,
    /// Whether it is compressed by gzip.
    packed: bool,
}

impl Text {
    pub fn new(store: Store, packed: bool) -> Self {
        Self { store, packed }
    }

    /// Returns the text from `start` on.
    pub fn reader(&self, start: u64) -> std::io::Result<Box<dyn Read + Send>> {
        if !self.packed {
            return Ok(Box::new(self.store.reader(start)));
        }
        let unpacked = flate2::read::MultiGzDecoder::new(self.store.reader(0));
        let mut reader = Limited::new(unpacked, &self.store);
        std::io::copy(&mut reader.by_ref().take(start), &mut std::io::sink())?;
        Ok(Box::new(reader))
    }

    /// Returns all text from `start` on.
    pub fn whole(&self, start: u64) -> std::io::Result<Bytes> {
        if !self.packed {
            let whole = self.store.whole()?;
            return Ok(whole.slice(usize::try_from(start).unwrap_or(usize::MAX).min(whole.len())..));
        }
        let mut text = Vec::new();
        self.reader(start)?.read_to_end(&mut text)?;
        Ok(Bytes::from(text))
    }

    /// Returns the text from `start` on in pieces that end at line ends.
    pub fn pieces(&self, start: u64) -> std::io::Result<Pieces> {
        Ok(Pieces { reader: self.reader(start)?, carried: Vec::new(), is_over: false })
    }
}

/// Pieces of a text, each of whole lines; the last may lack its line end.
pub(super) struct Pieces {
    reader: Box<dyn Read + Send>,
    /// What was read of a line that belongs to the next piece.
    carried: Vec<u8>,
    is_over: bool,
}

impl Pieces {
    /// Returns what was not yet handed over, from the start of a line on, after `piece`.
    pub fn from(self, piece: Vec<u8>) -> impl Read {
        std::io::Cursor::new(piece).chain(std::io::Cursor::new(self.carried)).chain(self.reader)
    }
}

impl Iterator for Pieces {
    type Item = std::io::Result<Vec<u8>>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut piece = std::mem::take(&mut self.carried);
        while !self.is_over {
            let before = piece.len();
            match self.reader.by_ref().take(PIECE as u64).read_to_end(&mut piece) {
                Ok(read) => self.is_over = read < PIECE,
                Err(error) => {
                    self.is_over = true;
                    return Some(Err(error));
                }
            }
            let added = piece.get(before..).unwrap_or(&[]);
            if let Some(end) = added.iter().rposition(|byte| *byte == b'\n').filter(|_| !self.is_over) {
                self.carried = piece.split_off(before + end + 1);
                break;
            }
        }
        (!piece.is_empty()).then_some(Ok(piece))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_whole_lines_and_together_the_text() {
        let line = |row: usize| format!("{row},{}\n", "x".repeat(row % 90));
        let text: String = (0..700_000).map(line).collect();
        let packed = {
            use std::io::Write as _;
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            encoder.write_all(text.as_bytes()).unwrap();
            encoder.finish().unwrap()
        };
        for (bytes, is_packed) in [(text.clone().into_bytes(), false), (packed, true)] {
            let store = Text::new(Store::Memory(bytes.into()), is_packed);
            for start in [0, 1234] {
                let pieces: Vec<Vec<u8>> = store.pieces(start).unwrap().map(Result::unwrap).collect();
                assert!(pieces.len() > 1 && pieces.iter().all(|piece| piece.ends_with(b"\n")));
                assert!(pieces.concat() == text.as_bytes()[start as usize..]);
                assert!(store.whole(start).unwrap() == text.as_bytes()[start as usize..]);
            }
        }
    }
}
