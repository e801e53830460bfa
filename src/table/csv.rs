//! Comma-separated text: a header and one line for each row.
//!
//! Text without quotes is cut into pieces at line ends and read on all cores; text with quotes goes
//! through the `csv` crate in one piece, since a line end may then be inside a field.

use super::column::{Builder, Wanted};
use super::error::TableError;
use rayon::prelude::*;

/// Bytes of a piece; the result does not depend on it.
pub(super) const PIECE: usize = 1 << 20;
/// Bytes of a batch, which is read in pieces on all cores.
pub(super) const BATCH: usize = 16 << 20;

/// A CSV file whose header was read.
pub(super) struct Csv<'a> {
    file: &'a str,
    pub columns: Vec<String>,
    rest: &'a [u8],
}

impl<'a> Csv<'a> {
    /// Reads the header.
    pub fn open(file: &'a str, bytes: &'a [u8]) -> Result<Self, TableError> {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let mut reader = ::csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(bytes);
        let mut header = ::csv::ByteRecord::new();
        let found = reader.read_byte_record(&mut header).map_err(|error| unreadable(file, &error.to_string()))?;
        if !found {
            return Err(unreadable(file, "it is empty"));
        }
        let rest = usize::try_from(reader.position().byte()).ok().and_then(|start| bytes.get(start..)).unwrap_or(&[]);
        let columns = header
            .iter()
            .map(|field| std::str::from_utf8(field).map(|name| name.trim().to_owned()))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| TableError::NotUtf8 { file: file.to_owned(), row: None })?;
        Ok(Self { file, columns, rest })
    }

    /// Reads the wanted columns, given by position.
    pub fn read(&self, wanted: &[(usize, Wanted)]) -> Result<(usize, Vec<Builder>), TableError> {
        let rest = self.rest.strip_prefix(b"\n").unwrap_or(self.rest);
        if rest.contains(&b'"') {
            let piece = self.read_quoted(rest, wanted)?;
            return self.joined(vec![piece], wanted);
        }
        let pieces: Vec<Piece> =
            cut(rest, PIECE).into_par_iter().map(|text| self.read_plain(text, wanted)).collect::<Vec<_>>();
        self.joined(pieces, wanted)
    }

    /// Returns the rows in batches, each a file of its own; text with quotes is one.
    pub fn batches(&self) -> Vec<Csv<'a>> {
        let rest = self.rest.strip_prefix(b"\n").unwrap_or(self.rest);
        let texts = if rest.contains(&b'"') { vec![rest] } else { cut(rest, BATCH) };
        texts.into_iter().map(|rest| Csv { file: self.file, columns: self.columns.clone(), rest }).collect()
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

    fn read_quoted(&self, bytes: &[u8], wanted: &[(usize, Wanted)]) -> Result<Piece, TableError> {
        let mut reader = ::csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(bytes);
        let mut record = ::csv::ByteRecord::new();
        let mut piece = Piece::new(wanted, bytes.len() / 64);
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
        }
        Ok(piece)
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
    use super::*;

    /// Returns the finished columns of a file without bad cells.
    fn columns_of(text: &str, wanted: &[(usize, Wanted)]) -> Result<Vec<Column>, TableError> {
        let (_, builders) = Csv::open("t.csv", text.as_bytes())?.read(wanted)?;
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
        let csv = Csv::open("t.csv", bytes).unwrap();
        let Err(error) = csv.read(&[(0, Wanted::Number)]) else { panic!("refused") };
        assert_eq!(error, TableError::NotUtf8 { file: "t.csv".into(), row: Some(2) });
    }
}
