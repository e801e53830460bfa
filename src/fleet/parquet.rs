//! Apache Parquet as a stream of record batches.
//!
//! An indexed input stands in a column of structs with one field for each member, in a list of structs with
//! `member`, `value` and perhaps `low`, `high` and `noise_p95`, in a map from member to value, or in one
//! plain column for each member, named as in CSV.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{Seek as _, SeekFrom};
use std::sync::Arc;

use ::parquet::arrow::ProjectionMask;
use ::parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use ::parquet::errors::ParquetError;
use ::parquet::file::reader::ChunkReader;
use arrow_array::cast::AsArray as _;
use arrow_array::{Array, RecordBatch, StructArray};
use arrow_schema::{DataType, Field, Fields};

use super::columns::{Heading, without_ending};
use super::error::FleetError;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::KnowledgeBase;
use crate::table::{Content, TableError, check_places, guarded, texts_in, words};

/// Rows of a batch; the result does not depend on it.
const BATCH: usize = 2048;

/// Where in a record batch the cells of a column are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Path {
    /// A column, or a field of a column of structs, from the outside in.
    Fields(Vec<usize>),
    /// That field of the entry for a member, in a column of lists or maps.
    Entry { column: usize, member: String, field: usize },
}

/// A Parquet file whose footer was read.
pub(super) struct Parquet {
    file: String,
    reader: ParquetRecordBatchReader,
    /// Plain columns and the parts of nested ones, and where their cells are.
    pub columns: Vec<(Heading, Path)>,
}

impl Parquet {
    /// Reads the footer, and the members that lists name.
    pub fn open(file: &str, content: Content, knowledge: &KnowledgeBase) -> Result<Self, Diagnostics> {
        let opened = match content {
            Content::Memory(bytes) => {
                let size = bytes.len();
                Self::read(file, bytes, size, knowledge)
            }
            Content::File(mut handle) => {
                let size = handle.seek(SeekFrom::End(0)).unwrap_or(0);
                Self::read::<File>(file, handle, usize::try_from(size).unwrap_or(usize::MAX), knowledge)
            }
            Content::Several(_) => Err(unreadable(file, super::source::ONE_FILE.to_owned())),
        };
        opened.map_err(Diagnostics::from)
    }

    fn read<R: ChunkReader + Reopen + 'static>(
        file: &str,
        input: R,
        size: usize,
        knowledge: &KnowledgeBase,
    ) -> Result<Self, Diagnostic> {
        let unreadable = |error: ParquetError| unreadable(file, words(&error));
        let metadata = guarded(file, || ArrowReaderMetadata::load(&input, ArrowReaderOptions::new()))?;
        let metadata = metadata.map_err(unreadable)?;
        check_places(metadata.metadata(), size).map_err(|reason| self::unreadable(file, reason.to_owned()))?;
        let fields = metadata.schema().fields().clone();
        let mut columns = Vec::new();
        for (column, field) in fields.iter().enumerate() {
            let Some(entries) = entries_of(field).filter(|_| is_indexed(field, knowledge)) else {
                field_columns(field, field.name(), vec![column], &mut Vec::new(), &mut columns);
                continue;
            };
            let endings = entry_endings(file, field, entries)?;
            let again = input.reopen().map_err(|error| self::unreadable(file, error.to_string()))?;
            let mask = ProjectionMask::roots(metadata.parquet_schema(), [column]);
            let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(again, metadata.clone())
                .with_projection(mask)
                .with_batch_size(BATCH)
                .build()
                .map_err(unreadable)?;
            let members = guarded(file, || members_in(reader))?.map_err(|reason| self::unreadable(file, reason))?;
            entry_columns(column, field, &members, &endings, &mut columns);
        }
        let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(input, metadata)
            .with_batch_size(BATCH)
            .build()
            .map_err(unreadable)?;
        Ok(Self { file: file.to_owned(), reader, columns })
    }

    /// Returns the next rows; none at the end of the file.
    pub fn next_batch(&mut self) -> Result<Option<RecordBatch>, Diagnostic> {
        let next = guarded(&self.file, || self.reader.next())?;
        next.transpose().map_err(|error| unreadable(&self.file, error.to_string()))
    }
}

/// An input that can be read from its start a second time.
trait Reopen: Sized {
    fn reopen(&self) -> std::io::Result<Self>;
}

impl Reopen for File {
    fn reopen(&self) -> std::io::Result<Self> {
        self.try_clone()
    }
}

impl Reopen for bytes::Bytes {
    fn reopen(&self) -> std::io::Result<Self> {
        Ok(self.clone())
    }
}

/// Returns the fields of the entries of a list of structs or of a map.
fn entries_of(field: &Field) -> Option<&Fields> {
    let (DataType::List(item) | DataType::LargeList(item) | DataType::Map(item, _)) = field.data_type() else {
        return None;
    };
    match item.data_type() {
        DataType::Struct(fields) => Some(fields),
        _ => None,
    }
}

fn is_indexed(field: &Field, knowledge: &KnowledgeBase) -> bool {
    let input = knowledge.inputs.named(without_ending(knowledge, field.name()).0);
    input.is_some_and(|input| input.indexes.len() == 1)
}

/// Returns the structs behind a list or map, and for each row where its entries begin and end.
pub(super) fn entries(array: &dyn Array) -> Option<(&StructArray, Vec<(usize, usize)>)> {
    fn places<T: Copy>(
        offsets: &[T],
        known: impl Fn(usize) -> bool,
        place: impl Fn(T) -> usize,
    ) -> Vec<(usize, usize)> {
        let rows = offsets.windows(2).enumerate();
        rows.map(|(row, ends)| {
            let start = place(ends[0]);
            (start, if known(row) { place(ends[1]) } else { start })
        })
        .collect()
    }
    let known = |row: usize| array.is_valid(row);
    let (values, places) = match array.data_type() {
        DataType::List(_) => {
            let list = array.as_list::<i32>();
            (list.values().as_ref(), places(list.offsets(), known, |end| usize::try_from(end).unwrap_or(0)))
        }
        DataType::LargeList(_) => {
            let list = array.as_list::<i64>();
            (list.values().as_ref(), places(list.offsets(), known, |end| usize::try_from(end).unwrap_or(0)))
        }
        DataType::Map(_, _) => {
            let map = array.as_map();
            return Some((map.entries(), places(map.offsets(), known, |end| usize::try_from(end).unwrap_or(0))));
        }
        _ => return None,
    };
    Some((values.as_struct_opt()?, places))
}

/// Returns every member that a column of lists or maps names.
fn members_in(reader: ParquetRecordBatchReader) -> Result<BTreeSet<String>, String> {
    let mut members = BTreeSet::new();
    for batch in reader {
        let batch = batch.map_err(|error| error.to_string())?;
        let entries = batch.columns().first().and_then(|array| entries(array.as_ref()));
        let Some((structs, places)) = entries else { continue };
        let Some(names) = structs.columns().first().and_then(|names| texts_in(names.as_ref())) else { continue };
        for row in places {
            let named = names.get(row.0..row.1).unwrap_or(&[]).iter().flatten();
            for name in named {
                if !members.contains(*name) {
                    members.insert((*name).to_owned());
                }
            }
        }
    }
    Ok(members)
}

/// Returns what the fields of the entries of a list or map tell, behind that of the member.
fn entry_endings<'a>(file: &str, field: &Field, entries: &'a Fields) -> Result<Vec<&'a str>, FleetError> {
    // The fields of a map go by their place, whatever their names are.
    let names: Vec<&str> = match field.data_type() {
        DataType::Map(_, _) => vec!["member", "value"],
        _ => entries.iter().map(|entry| entry.name().as_str()).collect(),
    };
    let is_text = |entry: &Arc<Field>| match entry.data_type() {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        DataType::Dictionary(_, values) => matches!(values.as_ref(), DataType::Utf8 | DataType::LargeUtf8),
        _ => false,
    };
    match names.split_first() {
        Some((&"member", rest))
            if entries.first().is_some_and(is_text)
                && rest.iter().all(|name| ["value", "low", "high", "noise_p95"].contains(name)) =>
        {
            Ok(rest.to_vec())
        }
        _ => {
            let found = "a list whose entries have other fields".to_owned();
            Err(FleetError::WrongType { file: file.to_owned(), column: field.name().clone(), found })
        }
    }
}

/// Lists the columns that stand for the entries of a list or map.
fn entry_columns(
    column: usize,
    field: &Field,
    members: &BTreeSet<String>,
    endings: &[&str],
    columns: &mut Vec<(Heading, Path)>,
) {
    for member in members {
        for (place, name) in (1..).zip(endings) {
            let ending = if *name == "value" { String::new() } else { format!(".{name}") };
            let heading = Heading::nested(field.name(), std::slice::from_ref(member), &ending);
            columns.push((heading, Path::Entry { column, member: member.clone(), field: place }));
        }
    }
}

/// Lists the plain columns that a field stands for: itself, or one for each field of a struct.
fn field_columns(
    field: &Field,
    column: &str,
    path: Vec<usize>,
    members: &mut Vec<String>,
    columns: &mut Vec<(Heading, Path)>,
) {
    match field.data_type() {
        // Nobody indexes an input by that many sets; a file that was made to nest deeper stops here.
        DataType::Struct(fields) if members.len() < 8 => {
            for (place, inner) in fields.iter().enumerate() {
                members.push(inner.name().clone());
                let path = path.iter().copied().chain([place]).collect();
                field_columns(inner, column, path, members, columns);
                members.pop();
            }
        }
        _ if members.is_empty() => columns.push((Heading::plain(column), Path::Fields(path))),
        _ => columns.push((Heading::nested(column, members, ""), Path::Fields(path))),
    }
}

fn unreadable(file: &str, reason: String) -> Diagnostic {
    TableError::Unreadable { file: file.to_owned(), reason }.into()
}
