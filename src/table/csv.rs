//! Comma-separated text: a header and one line for each row.
//!
//! Text without quotes is cut into pieces at line ends and read on all cores; text with quotes goes
//! through the `csv` crate in one piece, since a line end may then be inside a field.

use super::column::{Builder, Wanted};
use super::error::TableError;
use super::file::Visit;
use super::text::{MARK, Text};
use rayon::prelude::*;
use std::io::Read;

/// Bytes of a piece; the result does not depend on it.
pub(super) const PIECE: usize = 1 << 20;
/// Rows of a batch where text has quotes.
const BATCH: usize = 1 << 17;
/// Bytes in which a header is looked for at first.
const HEADER: u64 = 1 << 16;

/// A CSV file whose header was read.
pub(super) struct Csv<'a> {
    file: &'a str,
    pub columns: Vec<String>,
    text: Text,
    /// Where the rows start.
    start: u64,
}

impl<'a> Csv<'a> {
    /// Reads the header.
    pub fn open(file: &'a str, text: Text) -> Result<Self, TableError> {
        let read = |most: u64| -> std::io::Result<Vec<u8>> {
            let mut bytes = Vec::new();
            text.reader(0)?.take(most).read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        let mut most = HEADER;
        let (header, start) = loop {
            let bytes = read(most).map_err(|error| unreadable(file, &error.to_string()))?;
            let is_whole = (bytes.len() as u64) < most;
            let mark = if bytes.starts_with(MARK) { MARK.len() } else { 0 };
            let rest = bytes.get(mark..).unwrap_or(&[]);
            let mut reader = reader_of(rest);
            let mut header = ::csv::ByteRecord::new();
            let found = reader.read_byte_record(&mut header).map_err(|error| unreadable(file, &error.to_string()))?;
            let end = reader.position().byte();
            if !found && is_whole {
                return Err(unreadable(file, "it is empty"));
            }
            // A header that ends where the bytes end may go on.
            if is_whole || end < rest.len() as u64 {
                break (header, mark as u64 + end);
            }
            most = most.saturating_mul(4);
        };
        let columns = header
            .iter()
            .map(|field| std::str::from_utf8(field).map(|name| name.trim().to_owned()))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| TableError::NotUtf8 { file: file.to_owned(), row: None })?;
        Ok(Self { file, columns, text, start })
    }

    /// Reads the wanted columns, given by position.
    pub fn read(&self, wanted: &[(usize, Wanted)]) -> Result<(usize, Vec<Builder>), TableError> {
        let rest = self.text.whole(self.start).map_err(|error| unreadable(self.file, &error.to_string()))?;
        if !rest.contains(&b'"') {
            return self.read_pieces(&rest, wanted);
        }
        let mut pieces = Vec::new();
        self.read_quoted(&*rest, wanted, usize::MAX, &mut |piece| {
            pieces.push(piece);
            Ok(())
        })?;
        self.joined(pieces, wanted)
    }

    /// Hands the wanted columns to `visit`, so many rows at a time and in order.
    pub fn read_in_batches(&self, wanted: &[(usize, Wanted)], visit: &mut Visit<'_>) -> Result<(), TableError> {
        let failed = |error: std::io::Error| unreadable(self.file, &error.to_string());
        let mut pieces = self.text.pieces(self.start).map_err(failed)?;
        while let Some(piece) = pieces.next() {
            let piece = piece.map_err(failed)?;
            if piece.contains(&b'"') {
                // From here on a line end may be inside a field.
                return self.read_quoted(pieces.from(piece), wanted, BATCH, &mut |piece| {
                    let (rows, builders) = self.joined(vec![piece], wanted)?;
                    visit(rows, builders)
                });
            }
            let (rows, builders) = self.read_pieces(&piece, wanted)?;
            visit(rows, builders)?;
        }
        Ok(())
    }

    /// Reads text without quotes.
    fn read_pieces(&self, text: &[u8], wanted: &[(usize, Wanted)]) -> Result<(usize, Vec<Builder>), TableError> {
        let pieces: Vec<Piece> =
            cut(text, PIECE).into_par_iter().map(|text| self.read_plain(text, wanted)).collect::<Vec<_>>();
        self.joined(pieces, wanted)
    }

    fn joined(&self, pieces: Vec<Piece>, wanted: &[(usize, Wanted)]) -> Result<(usize, Vec<Builder>), TableError> {
        let total: usize = pieces.iter().map(|piece| piece.rows).sum();
        let mut all: Vec<Builder> = wanted.iter().map(|(_, wanted)| Builder::new(*wanted, total)).collect();
        let mut rows = 0;
        let mut ragged: Option<(usize, usize)> = None;
        let mut ragged_rows = 0;
        for piece in pieces {
            if let Some(row) = piece.not_utf8 {
                return Err(TableError::NotUtf8 { file: self.file.to_owned(), row: Some(row_number(rows + row)) });
            }
            ragged = ragged.or(piece.ragged.map(|(row, found)| (rows + row, found)));
            ragged_rows += piece.ragged_rows;
            rows += piece.rows;
            all.iter_mut().zip(piece.builders).for_each(|(all, more)| all.append(more));
        }
        match ragged {
            Some((row, found)) => Err(TableError::Ragged {
                file: self.file.to_owned(),
                row: row_number(row),
                found,
                expected: self.columns.len(),
                others: ragged_rows - 1,
            }),
            None => Ok((rows, all)),
        }
    }

    fn read_plain(&self, bytes: &[u8], wanted: &[(usize, Wanted)]) -> Piece {
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let before = bytes.get(..error.valid_up_to()).unwrap_or(&[]);
                let row = before.split(|byte| *byte == b'\n').filter(|line| !is_blank(line)).count();
                let at_line_start = before.last().is_none_or(|byte| *byte == b'\n');
                return Piece { not_utf8: Some(if at_line_start { row } else { row - 1 }), ..Piece::new(wanted, 0) };
            }
        };
        let mut piece = Piece::new(wanted, bytes.len() / 64);
        let places = self.places(wanted);
        for line in text.split('\n') {
            let line = line.strip_suffix('\r').unwrap_or(line);
            if line.is_empty() {
                continue;
            }
            let mut found = 0;
            for field in line.split(',') {
                if let Some(builders) = places.get(found) {
                    builders.iter().for_each(|&builder| piece.push(builder, field));
                }
                found += 1;
            }
            piece.end_row(found, self.columns.len());
        }
        piece
    }

    /// Hands rows of text with quotes to `visit`, `most` at a time.
    fn read_quoted(
        &self,
        text: impl Read,
        wanted: &[(usize, Wanted)],
        most: usize,
        visit: &mut dyn FnMut(Piece) -> Result<(), TableError>,
    ) -> Result<(), TableError> {
        let mut reader = reader_of(text);
        let mut record = ::csv::ByteRecord::new();
        let mut piece = Piece::new(wanted, 0);
        let places = self.places(wanted);
        while reader.read_byte_record(&mut record).map_err(|error| unreadable(self.file, &error.to_string()))? {
            for (field, builders) in record.iter().zip(&places) {
                let Ok(field) = std::str::from_utf8(field) else {
                    let row = Some(row_number(piece.rows));
                    return Err(TableError::NotUtf8 { file: self.file.to_owned(), row });
                };
                builders.iter().for_each(|&builder| piece.push(builder, field));
            }
            piece.end_row(record.len(), self.columns.len());
            if piece.rows == most {
                visit(std::mem::replace(&mut piece, Piece::new(wanted, most)))?;
            }
        }
        visit(piece)
    }

    /// Returns, for each column of the file, the builders that want it.
    fn places(&self, wanted: &[(usize, Wanted)]) -> Vec<Vec<usize>> {
        let builders_of = |column: usize| {
            (0..).zip(wanted).filter(|(_, (wanted, _))| *wanted == column).map(|(builder, _)| builder).collect()
        };
        (0..self.columns.len()).map(builders_of).collect()
    }
}

/// The rows of one piece of the text.
struct Piece {
    rows: usize,
    builders: Vec<Builder>,
    /// The first row with a wrong number of fields, from 0, and that number.
    ragged: Option<(usize, usize)>,
    ragged_rows: usize,
    not_utf8: Option<usize>,
}

impl Piece {
    fn new(wanted: &[(usize, Wanted)], rows: usize) -> Self {
        let builders = wanted.iter().map(|(_, wanted)| Builder::new(*wanted, rows)).collect();
        Self { rows: 0, builders, ragged: None, ragged_rows: 0, not_utf8: None }
    }

    fn push(&mut self, builder: usize, field: &str) {
        if let Some(builder) = self.builders.get_mut(builder) {
            builder.push_text(Some(field));
        }
    }

    fn end_row(&mut self, found: usize, expected: usize) {
        if found != expected {
            self.ragged = self.ragged.or(Some((self.rows, found)));
            self.ragged_rows += 1;
        }
        self.rows += 1;
    }
}

fn reader_of<R: Read>(text: R) -> ::csv::Reader<R> {
    ::csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(text)
}

/// Returns the text cut at line ends into pieces of about `size` bytes.
pub(super) fn cut(mut bytes: &[u8], size: usize) -> Vec<&[u8]> {
    let mut pieces = Vec::new();
    while bytes.len() > size {
        let tail = bytes.get(size..).unwrap_or(&[]);
        let Some(end) = tail.iter().position(|byte| *byte == b'\n') else { break };
        let (piece, rest) = bytes.split_at(size + end + 1);
        pieces.push(piece);
        bytes = rest;
    }
    pieces.push(bytes);
    pieces
}

fn is_blank(line: &[u8]) -> bool {
    matches!(line, [] | [b'\r'])
}

/// Returns a row as people count: from 1.
pub(super) fn row_number(row: usize) -> u64 {
    row as u64 + 1
}

fn unreadable(file: &str, reason: &str) -> TableError {
    TableError::Unreadable { file: file.to_owned(), reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::super::column::Column;
    use super::super::store::Store;
    use super::*;

    /// Returns the finished columns of a file without bad cells.
    fn columns_of(text: &str, wanted: &[(usize, Wanted)]) -> Result<Vec<Column>, TableError> {
        let text = Text::new(Store::Memory(text.as_bytes().to_vec().into()), false);
        let (_, builders) = Csv::open("t.csv", text)?.read(wanted)?;
        Ok(builders.into_iter().map(Builder::finish).collect())
    }

    fn numbers(column: &Column) -> Vec<f64> {
        match column {
            Column::Number(numbers) => numbers.to_vec(),
            _ => panic!("numbers"),
        }
    }

    #[test]
    fn quotes_line_ends_and_marks_do_not_change_what_is_read() {
        let wanted = [(0, Wanted::Number), (1, Wanted::Category)];
        let plain = columns_of("x,g\n1,a\n2,b\n", &wanted).unwrap();
        for text in ["\u{FEFF}x,g\r\n1,a\r\n\r\n2,b", "\"x\",\"g\"\n\"1\",\"a\"\n2,b\n", "x,g\n1,a\n\n2,b\n"] {
            let other = columns_of(text, &wanted).unwrap();
            assert_eq!(numbers(&plain[0]), numbers(&other[0]), "{text:?}");
        }
        let comma = columns_of("x,g\n1,\"a, b\nc\"\n", &wanted).unwrap();
        let Column::Category(names) = &comma[1] else { panic!("categories") };
        assert_eq!(*names.names, ["a, b\nc"]);
    }

    #[test]
    fn the_first_short_row_is_named() {
        let error = columns_of("x,g\n1,a\n2\n3,b,c\n", &[(0, Wanted::Number)]).unwrap_err();
        let expected = TableError::Ragged { file: "t.csv".into(), row: 2, found: 1, expected: 2, others: 1 };
        assert_eq!(error, expected);
    }

    #[test]
    fn text_in_another_encoding_is_refused_with_its_row() {
        let bytes = b"x,g\n1,a\n2,M\xFCnchen\n";
        let csv = Csv::open("t.csv", Text::new(Store::Memory(bytes.to_vec().into()), false)).unwrap();
        let Err(error) = csv.read(&[(0, Wanted::Number)]) else { panic!("refused") };
        assert_eq!(error, TableError::NotUtf8 { file: "t.csv".into(), row: Some(2) });
    }
}
