//! JSON lines: one object on each line, its keys the columns; a key that a line lacks is a missing value.
//!
//! The text is cut into pieces at line ends, which JSON allows in no text, and read on all cores: once for
//! the keys and once for the values.

use super::column::{Builder, Wanted};
use super::csv::{PIECE, cut, row_number};
use super::error::TableError;
use super::file::Visit;
use super::text::{MARK, Text};
use rayon::prelude::*;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

/// A file whose keys were read.
pub(super) struct JsonLines<'a> {
    file: &'a str,
    text: Text,
    /// Where the first line starts.
    start: u64,
    /// The keys in the order of their first appearance.
    pub columns: Vec<String>,
}

impl<'a> JsonLines<'a> {
    /// Reads the keys of every line.
    pub fn open(file: &'a str, text: Text) -> Result<Self, TableError> {
        let unreadable = |reason: String| TableError::Unreadable { file: file.to_owned(), reason };
        let failed = |error: std::io::Error| unreadable(error.to_string());
        let mut columns = Keys::default();
        let (mut rows, mut start) = (0, None);
        for piece in text.pieces(0).map_err(failed)? {
            let piece = piece.map_err(failed)?;
            let mark = if start.is_none() && piece.starts_with(MARK) { MARK.len() } else { 0 };
            start = start.or(Some(mark as u64));
            let lines = cut(piece.get(mark..).unwrap_or(&[]), PIECE);
            let found: Vec<(usize, Result<Keys, Slip>)> = lines.into_par_iter().map(keys_in).collect();
            for (more, keys) in found {
                for key in &keys.map_err(|slip| slip.into_error(file, rows))?.list {
                    columns.add(key);
                }
                rows += more;
            }
        }
        match columns.list.is_empty() {
            true => Err(unreadable("it is empty".to_owned())),
            false => Ok(Self { file, text, start: start.unwrap_or(0), columns: columns.list }),
        }
    }

    /// Reads the wanted columns, given by position.
    pub fn read(&self, wanted: &[(usize, Wanted)]) -> Result<(usize, Vec<Builder>), TableError> {
        self.read_lines(&self.text.whole(self.start).map_err(|error| self.unreadable(&error))?, wanted)
    }

    /// Hands the wanted columns to `visit`, so many rows at a time and in order.
    pub fn read_in_batches(&self, wanted: &[(usize, Wanted)], visit: &mut Visit<'_>) -> Result<(), TableError> {
        for piece in self.text.pieces(self.start).map_err(|error| self.unreadable(&error))? {
            let (rows, builders) = self.read_lines(&piece.map_err(|error| self.unreadable(&error))?, wanted)?;
            visit(rows, builders)?;
        }
        Ok(())
    }

    fn unreadable(&self, error: &std::io::Error) -> TableError {
        TableError::Unreadable { file: self.file.to_owned(), reason: error.to_string() }
    }

    fn read_lines(&self, text: &[u8], wanted: &[(usize, Wanted)]) -> Result<(usize, Vec<Builder>), TableError> {
        let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
        for (builder, (column, _)) in wanted.iter().enumerate() {
            if let Some(name) = self.columns.get(*column) {
                places.entry(name).or_default().push(builder);
            }
        }
        let pieces: Vec<Result<Piece<'_>, Slip>> =
            cut(text, PIECE).into_par_iter().map(|text| values_in(text, &places, wanted)).collect();
        let mut all: Vec<Builder> = wanted.iter().map(|(_, wanted)| Builder::new(*wanted, 0)).collect();
        let mut rows = 0;
        for piece in pieces {
            let piece = piece.map_err(|slip| slip.into_error(self.file, rows))?;
            if let Some(((column, wanted), kind)) =
                piece.nested.and_then(|(place, kind)| Some((*wanted.get(place)?, kind)))
            {
                return Err(TableError::WrongType {
                    file: self.file.to_owned(),
                    column: self.columns.get(column).cloned().unwrap_or_default(),
                    kind: kind.to_owned(),
                    wanted: wanted.in_words(),
                });
            }
            rows += piece.rows;
            all.iter_mut().zip(piece.builders).for_each(|(all, more)| all.append(more));
        }
        Ok((rows, all))
    }
}

/// What is wrong with a line, and which row of its piece that is, from 0.
struct Slip {
    row: usize,
    kind: SlipKind,
}

enum SlipKind {
    NotUtf8,
    Json(String),
}

impl Slip {
    fn into_error(self, file: &str, rows_before: usize) -> TableError {
        let (file, row) = (file.to_owned(), row_number(rows_before + self.row));
        match self.kind {
            SlipKind::NotUtf8 => TableError::NotUtf8 { file, row: Some(row) },
            SlipKind::Json(reason) => TableError::NotAnObject { file, row, reason },
        }
    }
}

/// Hands each line of a piece that is not blank to `read`; returns how many there are.
fn each_line(text: &[u8], mut read: impl FnMut(&str) -> serde_json::Result<()>) -> (usize, Option<Slip>) {
    let mut rows = 0;
    for line in text.split(|byte| *byte == b'\n') {
        let line = line.trim_ascii();
        if line.is_empty() {
            continue;
        }
        let kind = match std::str::from_utf8(line).map(|line| read(&without_bare_nan(line))) {
            Ok(Ok(())) => None,
            // The position is that in the line, which has no line number.
            Ok(Err(error)) => {
                let text = error.to_string();
                Some(SlipKind::Json(text.split(" at line ").next().unwrap_or(&text).to_owned()))
            }
            Err(_) => Some(SlipKind::NotUtf8),
        };
        if let Some(kind) = kind {
            return (rows, Some(Slip { row: rows, kind }));
        }
        rows += 1;
    }
    (rows, None)
}

/// Returns the line with `null` for each `NaN` outside of a text: Python writes that, and JSON has no such word.
fn without_bare_nan(line: &str) -> Cow<'_, str> {
    if !line.contains("NaN") {
        return Cow::Borrowed(line);
    }
    let mut found = String::with_capacity(line.len() + 8);
    let (mut inside, mut escaped) = (false, false);
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        if let (false, Some(after)) = (inside, rest.strip_prefix("NaN")) {
            found.push_str("null");
            rest = after;
            continue;
        }
        inside ^= first == '"' && !escaped;
        escaped = inside && first == '\\' && !escaped;
        found.push(first);
        rest = rest.get(first.len_utf8()..).unwrap_or("");
    }
    Cow::Owned(found)
}

/// What is done with each key of a line and the value that follows it.
trait Taker {
    fn take<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error>;
}

/// Hands every key of a line to `taker`.
///
/// # Errors
/// Says why the line is no JSON object.
fn read_object(line: &str, taker: &mut impl Taker) -> serde_json::Result<()> {
    let mut reader = serde_json::Deserializer::from_str(line);
    reader.deserialize_map(Object(taker))?;
    reader.end()
}

/// Keys in the order of their first appearance.
#[derive(Default)]
struct Keys {
    list: Vec<String>,
    /// For each key its place in the list, and the last row, from 1, that has it.
    index: HashMap<String, (usize, usize)>,
    row: usize,
}

impl Keys {
    /// Adds a key; tells whether the row has it already.
    fn add(&mut self, key: &str) -> bool {
        match self.index.get_mut(key) {
            Some((_, last)) => std::mem::replace(last, self.row) == self.row,
            None => {
                self.index.insert(key.to_owned(), (self.list.len(), self.row));
                self.list.push(key.to_owned());
                false
            }
        }
    }
}

impl Taker for Keys {
    fn take<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        if self.add(key) {
            return Err(A::Error::custom(format!("it has the key `{key}` twice")));
        }
        map.next_value::<IgnoredAny>().map(|_| ())
    }
}

fn keys_in(text: &[u8]) -> (usize, Result<Keys, Slip>) {
    let mut keys = Keys::default();
    let (rows, slip) = each_line(text, |line| {
        keys.row += 1;
        read_object(line, &mut keys)
    });
    (rows, slip.map_or(Ok(keys), Err))
}

/// The rows of one piece of the text.
struct Piece<'p> {
    rows: usize,
    builders: Vec<Builder>,
    /// For each wanted key the builders that want it.
    places: &'p HashMap<&'p str, Vec<usize>>,
    /// The first builder that met an array or an object, and which.
    nested: Option<(usize, &'static str)>,
}

impl Taker for Piece<'_> {
    fn take<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match self.places.get(key) {
            Some(wanting) => map.next_value_seed(Cell { piece: self, wanting }),
            None => map.next_value::<IgnoredAny>().map(|_| ()),
        }
    }
}

fn values_in<'p>(
    text: &[u8],
    places: &'p HashMap<&'p str, Vec<usize>>,
    wanted: &[(usize, Wanted)],
) -> Result<Piece<'p>, Slip> {
    let builders = wanted.iter().map(|(_, wanted)| Builder::new(*wanted, text.len() / 64)).collect();
    let mut piece = Piece { rows: 0, builders, places, nested: None };
    let (_, slip) = each_line(text, |line| {
        read_object(line, &mut piece)?;
        piece.rows += 1;
        let lacking = piece.builders.iter_mut().filter(|builder| builder.len() < piece.rows);
        lacking.for_each(|builder| builder.push_text(None));
        Ok(())
    });
    slip.map_or(Ok(piece), Err)
}

struct Object<'t, T>(&'t mut T);

impl<'de, T: Taker> Visitor<'de> for Object<'_, T> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object such as {\"age\": 61}")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key_seed(Key)? {
            self.0.take(&key, &mut map)?;
        }
        Ok(())
    }
}

/// A key, borrowed from the line where nothing in it is escaped.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Self::Value, D::Error> {
        reader.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key {
    type Value = Cow<'de, str>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(key))
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(key.to_owned()))
    }
}

/// A value on its way to the builders that want it.
struct Cell<'c, 'p> {
    piece: &'c mut Piece<'p>,
    wanting: &'c [usize],
}

impl Cell<'_, '_> {
    fn each<E>(self, mut push: impl FnMut(&mut Builder)) -> Result<(), E> {
        for place in self.wanting {
            self.piece.builders.get_mut(*place).into_iter().for_each(&mut push);
        }
        Ok(())
    }

    fn nested(self, kind: &'static str) {
        let first = self.wanting.first().map(|place| (*place, kind));
        self.piece.nested = self.piece.nested.or(first);
    }
}

impl<'de> DeserializeSeed<'de> for Cell<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Cell<'_, '_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.each(|builder| builder.push_text(Some(if value { "true" } else { "false" })))
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        self.each(|builder| builder.push_number(Some(number as f64)))
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        self.each(|builder| builder.push_number(Some(number as f64)))
    }

    fn visit_f64<E>(self, number: f64) -> Result<(), E> {
        self.each(|builder| builder.push_number(Some(number)))
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.each(|builder| builder.push_text(Some(text)))
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.each(|builder| builder.push_text(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        self.nested("an array");
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        self.nested("an object");
        while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(())
    }
}
