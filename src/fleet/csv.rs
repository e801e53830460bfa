//! Comma-separated text as a stream of blocks that end where a row ends.

use std::io::{self, Read};

use super::batch::{Batch, Intake};
use crate::table::TableError;

/// Bytes of a block; the result does not depend on it.
const BLOCK: usize = 256 << 10;
/// A row longer than this is taken for a quote that was never closed.
const LONGEST_ROW: usize = 64 << 20;

/// A CSV file whose header was read.
pub(super) struct Csv {
    file: String,
    reader: Box<dyn Read + Send>,
    pub columns: Vec<String>,
    /// What was read behind the last block.
    rest: Vec<u8>,
    ended: bool,
}

/// Whole rows of the file.
pub(super) struct Block {
    bytes: Vec<u8>,
}

/// Where in a field a byte is; quotes count at the start of a field only, as for the `csv` crate.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    FieldStart,
    Field,
    Quotes,
    QuoteInQuotes,
}

impl Csv {
    /// Reads the header.
    pub fn open(file: &str, mut reader: Box<dyn Read + Send>) -> Result<Self, TableError> {
        let mut rest = Vec::new();
        let mut ended = false;
        let end = loop {
            match row_end(&rest) {
                Some(end) => break end,
                None if ended => break rest.len(),
                None => ended = fill(file, &mut reader, &mut rest)?,
            }
        };
        let later = rest.split_off(end);
        let header = rest.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&rest);
        let mut record = ::csv::ByteRecord::new();
        let mut header_reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(header);
        let found =
            header_reader.read_byte_record(&mut record).map_err(|error| unreadable(file, &error.to_string()))?;
        if !found {
            return Err(unreadable(file, "it is empty"));
        }
        let columns = record
            .iter()
            .map(|field| std::str::from_utf8(field).map(|name| name.trim().to_owned()))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| TableError::NotUtf8 { file: file.to_owned(), row: None })?;
        Ok(Self { file: file.to_owned(), reader, columns, rest: later, ended })
    }

    /// Returns the next rows; none at the end of the file.
    pub fn next_block(&mut self) -> Result<Option<Block>, TableError> {
        let mut wanted = BLOCK;
        loop {
            while self.rest.len() < wanted && !self.ended {
                self.ended = fill(&self.file, &mut self.reader, &mut self.rest)?;
            }
            if self.ended && self.rest.len() <= wanted {
                let bytes = std::mem::take(&mut self.rest);
                return Ok((!bytes.is_empty()).then_some(Block { bytes }));
            }
            if let Some(end) = last_row_end(&self.rest[..wanted.min(self.rest.len())]) {
                let later = self.rest.split_off(end);
                let bytes = std::mem::replace(&mut self.rest, later);
                return Ok(Some(Block { bytes }));
            }
            if wanted >= LONGEST_ROW {
                return Err(unreadable(&self.file, "a row has more than 64 MB; is a quote not closed?"));
            }
            wanted *= 2;
        }
    }
}

/// What is wrong with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowError {
    Ragged { row: usize, found: usize },
    NotUtf8 { row: usize },
}

impl Block {
    /// Reads the rows.
    ///
    /// # Errors
    /// A row of another length, or one that is no text: by its place in the block, from 0.
    pub fn read<'a>(&self, columns: usize, intake: &'a Intake) -> Result<Batch<'a>, RowError> {
        let mut batch = Batch::new(intake, self.bytes.len() / 8 / columns.max(1));
        self.each_row(columns, &mut |fields| {
            for (column, text) in fields.iter().enumerate() {
                batch.push_text(column, batch.rows, text);
            }
            batch.rows += 1;
            true
        })?;
        Ok(batch)
    }

    /// Calls `visit` with the fields of each row, as long as it wants more.
    pub fn each_row(&self, columns: usize, visit: &mut dyn FnMut(&[&str]) -> bool) -> Result<(), RowError> {
        if self.bytes.contains(&b'"') {
            return self.each_quoted_row(columns, visit);
        }
        let text = std::str::from_utf8(&self.bytes).map_err(|error| {
            let before = self.bytes.get(..error.valid_up_to()).unwrap_or(&[]);
            let lines = before.split(|&byte| byte == b'\n').filter(|line| !matches!(line, [] | [b'\r'])).count();
            let at_line_start = before.last().is_none_or(|&byte| byte == b'\n');
            RowError::NotUtf8 { row: if at_line_start { lines } else { lines.saturating_sub(1) } }
        })?;
        let mut row = 0;
        let mut fields = Vec::with_capacity(columns);
        for line in text.split('\n') {
            let line = line.strip_suffix('\r').unwrap_or(line);
            if line.is_empty() {
                continue;
            }
            fields.clear();
            fields.extend(line.split(','));
            if fields.len() != columns {
                return Err(RowError::Ragged { row, found: fields.len() });
            }
            if !visit(&fields) {
                return Ok(());
            }
            row += 1;
        }
        Ok(())
    }

    fn each_quoted_row(&self, columns: usize, visit: &mut dyn FnMut(&[&str]) -> bool) -> Result<(), RowError> {
        let mut reader = ::csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(&self.bytes[..]);
        let mut record = ::csv::ByteRecord::new();
        let mut row = 0;
        while reader.read_byte_record(&mut record).unwrap_or(false) {
            let fields: Result<Vec<&str>, _> = record.iter().map(std::str::from_utf8).collect();
            let fields = fields.map_err(|_| RowError::NotUtf8 { row })?;
            if fields.len() != columns {
                return Err(RowError::Ragged { row, found: fields.len() });
            }
            if !visit(&fields) {
                return Ok(());
            }
            row += 1;
        }
        Ok(())
    }
}

/// Reads more bytes; tells whether the file has ended.
fn fill(file: &str, reader: &mut dyn Read, bytes: &mut Vec<u8>) -> Result<bool, TableError> {
    let start = bytes.len();
    bytes.resize(start + BLOCK, 0);
    let read = loop {
        match reader.read(&mut bytes[start..]) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => break read,
        }
    };
    let read = read.map_err(|error| unreadable(file, &error.to_string()))?;
    bytes.truncate(start + read);
    Ok(read == 0)
}

/// Returns where the first row that is not blank ends, behind its line end.
fn row_end(bytes: &[u8]) -> Option<usize> {
    let mut end = None;
    let mut blank = true;
    scan(bytes, &mut |place, ends| {
        match bytes.get(place) {
            Some(b'\n' | b'\r') => {}
            _ => blank = false,
        }
        if ends && !blank {
            end = Some(place + 1);
        }
        end.is_none()
    });
    end
}

/// Returns where the last whole row ends, behind its line end.
fn last_row_end(bytes: &[u8]) -> Option<usize> {
    if !bytes.contains(&b'"') {
        return bytes.iter().rposition(|&byte| byte == b'\n').map(|place| place + 1);
    }
    let mut end = None;
    scan(bytes, &mut |place, ends| {
        if ends {
            end = Some(place + 1);
        }
        true
    });
    end
}

/// Calls `visit` with each byte's place and whether a row ends with it, as long as it wants more.
fn scan(bytes: &[u8], visit: &mut dyn FnMut(usize, bool) -> bool) {
    let mut inside = Inside::FieldStart;
    for (place, &byte) in bytes.iter().enumerate() {
        inside = match (inside, byte) {
            (Inside::Quotes, b'"') => Inside::QuoteInQuotes,
            (Inside::Quotes, _) | (Inside::QuoteInQuotes | Inside::FieldStart, b'"') => Inside::Quotes,
            (_, b',' | b'\n' | b'\r') => Inside::FieldStart,
            _ => Inside::Field,
        };
        if !visit(place, byte == b'\n' && inside == Inside::FieldStart) {
            return;
        }
    }
}

fn unreadable(file: &str, reason: &str) -> TableError {
    TableError::Unreadable { file: file.to_owned(), reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_end_outside_quotes() {
        assert_eq!(last_row_end(b"a,b\nc,\"d\ne\""), Some(4));
        assert_eq!(last_row_end(b"a,\"b\nc\"\nd"), Some(8));
        assert_eq!(last_row_end(b"a,\"b \"\"q\"\"\n"), None);
        assert_eq!(last_row_end(b"5\",b\nc"), Some(5));
        assert_eq!(row_end(b"\r\n\na,b\nc"), Some(7));
    }
}
