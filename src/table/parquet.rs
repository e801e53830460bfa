//! Apache Parquet: each wanted column is decoded on its own, on all cores.

use super::column::{Builder, Wanted};
use super::error::TableError;
use ::parquet::arrow::ProjectionMask;
use ::parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Decimal128Type, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrowPrimitiveType, PrimitiveArray};
use arrow_schema::{DataType, Field, Schema};
use rayon::prelude::*;
use std::sync::Arc;

/// Rows decoded at a time; the result does not depend on it.
const BATCH: usize = 1 << 16;

/// More rows than this for each byte of the file are taken as a sign of damage.
const ROWS_PER_BYTE: i64 = 10_000;

/// A Parquet file whose footer was read.
pub(super) struct Parquet<'a> {
    file: &'a str,
    bytes: bytes::Bytes,
    metadata: ArrowReaderMetadata,
    pub columns: Vec<String>,
}

impl<'a> Parquet<'a> {
    /// Reads the footer.
    pub fn open(file: &'a str, bytes: bytes::Bytes) -> Result<Self, TableError> {
        let unreadable = |error: ::parquet::errors::ParquetError| TableError::Unreadable {
            file: file.to_owned(),
            reason: words(&error),
        };
        let metadata = guarded(file, || ArrowReaderMetadata::load(&bytes, ArrowReaderOptions::new()))?;
        let metadata = metadata.map_err(unreadable)?;
        check_places(metadata.metadata(), bytes.len())
            .map_err(|reason| TableError::Unreadable { file: file.to_owned(), reason: reason.to_owned() })?;
        // Text keeps its dictionary: comparing each row's text again would cost most of the time.
        let fields: Vec<Arc<Field>> = metadata.schema().fields().iter().map(with_dictionary).collect();
        let options = ArrowReaderOptions::new().with_schema(Arc::new(Schema::new(fields)));
        let metadata = ArrowReaderMetadata::try_new(Arc::clone(metadata.metadata()), options).unwrap_or(metadata);
        let columns = metadata.schema().fields().iter().map(|field| field.name().clone()).collect();
        Ok(Self { file, bytes, metadata, columns })
    }

    /// Reads the wanted columns, given by position.
    pub fn read(&self, wanted: &[(usize, Wanted)]) -> Result<(usize, Vec<Builder>), TableError> {
        let rows = usize::try_from(self.metadata.metadata().file_metadata().num_rows()).unwrap_or(0);
        let builders = wanted
            .par_iter()
            .map(|(column, wanted)| guarded(self.file, || self.read_column(*column, *wanted, rows))?)
            .collect::<Vec<_>>()
            .into_iter()
            .collect::<Result<Vec<_>, _>>()?;
        match builders.iter().find(|builder| builder.len() != rows) {
            Some(_) => Err(self.unreadable("it ends before its last row")),
            None => Ok((rows, builders)),
        }
    }

    fn read_column(&self, column: usize, wanted: Wanted, rows: usize) -> Result<Builder, TableError> {
        let metadata = self.metadata.clone();
        let mask = ProjectionMask::roots(metadata.parquet_schema(), [column]);
        let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(self.bytes.clone(), metadata)
            .with_projection(mask)
            .with_batch_size(BATCH)
            .build()
            .map_err(|error| self.unreadable(&words(&error)))?;
        let mut builder = Builder::new(wanted, rows);
        for batch in reader {
            let batch = batch.map_err(|error| self.unreadable(&error.to_string()))?;
            let Some(array) = batch.columns().first() else { break };
            push_array(&mut builder, array.as_ref()).map_err(|kind| TableError::WrongType {
                file: self.file.to_owned(),
                column: self.columns.get(column).cloned().unwrap_or_default(),
                kind,
                wanted: match wanted {
                    Wanted::Label => "0 or 1",
                    Wanted::Number => "a number",
                    Wanted::Category => "text",
                },
            })?;
        }
        Ok(builder)
    }

    fn unreadable(&self, reason: &str) -> TableError {
        TableError::Unreadable { file: self.file.to_owned(), reason: reason.to_owned() }
    }
}

/// Runs the decoder on bytes that nobody vouches for. It checks most of what a damaged file can hold, and
/// stops the program over the rest, which here is an error like any other.
pub(crate) fn guarded<T>(file: &str, decode: impl FnOnce() -> T) -> Result<T, TableError> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(decode))
        .map_err(|_| TableError::Unreadable { file: file.to_owned(), reason: "its content is damaged".to_owned() })
}

/// Tells whether every part lies in the file and no count is out of proportion: the decoder reserves
/// memory by these figures before it reads a byte.
pub(crate) fn check_places(
    metadata: &::parquet::file::metadata::ParquetMetaData,
    size: usize,
) -> Result<(), &'static str> {
    let size = i64::try_from(size).unwrap_or(i64::MAX);
    // Run-length coding takes a row of a constant column down to almost nothing, but not to nothing.
    let most_rows = size.saturating_mul(ROWS_PER_BYTE);
    let rows = metadata.row_groups().iter().try_fold(0_i64, |rows, group| rows.checked_add(group.num_rows()));
    if rows != Some(metadata.file_metadata().num_rows()) || rows.is_some_and(|rows| !(0..=most_rows).contains(&rows)) {
        return Err("it is damaged: its counts of rows contradict each other");
    }
    for column in metadata.row_groups().iter().flat_map(|group| group.columns()) {
        let start = column.dictionary_page_offset().unwrap_or(column.data_page_offset());
        let end = start.checked_add(column.compressed_size());
        let lies_inside = start >= 0 && column.compressed_size() >= 0 && end.is_some_and(|end| end <= size);
        if !lies_inside {
            return Err("it is damaged: a column lies outside the file");
        }
    }
    Ok(())
}

/// Returns the library's message without its prefix.
pub(crate) fn words(error: &::parquet::errors::ParquetError) -> String {
    let text = error.to_string();
    let text = text.split_once(": ").map_or(text.as_str(), |(_, rest)| rest).to_owned();
    match text.contains("Disabled feature at compile time") {
        true => format!("its compression is not supported ({text}); use snappy, gzip or none"),
        false => text.replace(['\n', '\r'], " "),
    }
}

fn with_dictionary(field: &Arc<Field>) -> Arc<Field> {
    match field.data_type() {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => {
            let kind = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
            Arc::new(Field::new(field.name(), kind, field.is_nullable()))
        }
        _ => Arc::clone(field),
    }
}

/// Adds the cells of `array`; returns the name of its type when that cannot be read.
fn push_array(builder: &mut Builder, array: &dyn Array) -> Result<(), String> {
    match array.data_type() {
        DataType::Float64 if array.null_count() == 0 => {
            builder.push_numbers(array.as_primitive::<Float64Type>().values());
        }
        DataType::Boolean => {
            let texts = [Some("false"), Some("true")];
            builder.push_keys(&texts, array.as_boolean().iter().map(|value| value.map(usize::from)));
        }
        DataType::Utf8 => array.as_string::<i32>().iter().for_each(|text| builder.push_text(text)),
        DataType::LargeUtf8 => array.as_string::<i64>().iter().for_each(|text| builder.push_text(text)),
        DataType::Utf8View => array.as_string_view().iter().for_each(|text| builder.push_text(text)),
        DataType::Dictionary(_, _) => return push_dictionary(builder, array),
        DataType::Null => (0..array.len()).for_each(|_| builder.push_text(None)),
        other => match numbers_in(array) {
            Some(numbers) => builder.push_numbers(&numbers),
            None => return Err(format!("the type `{other}`")),
        },
    }
    Ok(())
}

/// Returns the cells of an array of texts, of whichever type.
pub(crate) fn texts_in(array: &dyn Array) -> Option<Vec<Option<&str>>> {
    match array.data_type() {
        DataType::Utf8 => Some(array.as_string::<i32>().iter().collect()),
        DataType::LargeUtf8 => Some(array.as_string::<i64>().iter().collect()),
        DataType::Utf8View => Some(array.as_string_view().iter().collect()),
        DataType::Dictionary(_, _) => {
            let dictionary = array.as_any_dictionary();
            let texts = texts_in(dictionary.values())?;
            let keys = if texts.is_empty() { vec![0; array.len()] } else { dictionary.normalized_keys() };
            let nulls = dictionary.nulls();
            let cells = keys.into_iter().enumerate().map(|(row, key)| {
                let known = nulls.is_none_or(|nulls| nulls.is_valid(row));
                texts.get(key).copied().flatten().filter(|_| known)
            });
            Some(cells.collect())
        }
        _ => None,
    }
}

/// Returns the cells of an array of numbers, of whichever type; NaN where one is missing, and infinite
/// ones as they are.
pub(crate) fn numbers_in(array: &dyn Array) -> Option<Vec<f64>> {
    fn all<T: ArrowPrimitiveType>(array: &PrimitiveArray<T>, convert: impl Fn(T::Native) -> f64) -> Vec<f64> {
        if array.null_count() == 0 {
            array.values().iter().map(|value| convert(*value)).collect()
        } else {
            array.iter().map(|value| value.map_or(f64::NAN, &convert)).collect()
        }
    }
    Some(match array.data_type() {
        DataType::Float64 => all(array.as_primitive::<Float64Type>(), |number| number),
        DataType::Float32 => all(array.as_primitive::<Float32Type>(), f64::from),
        DataType::Float16 => all(array.as_primitive::<Float16Type>(), f64::from),
        DataType::Int8 => all(array.as_primitive::<Int8Type>(), f64::from),
        DataType::Int16 => all(array.as_primitive::<Int16Type>(), f64::from),
        DataType::Int32 => all(array.as_primitive::<Int32Type>(), f64::from),
        DataType::Int64 => all(array.as_primitive::<Int64Type>(), |number| number as f64),
        DataType::UInt8 => all(array.as_primitive::<UInt8Type>(), f64::from),
        DataType::UInt16 => all(array.as_primitive::<UInt16Type>(), f64::from),
        DataType::UInt32 => all(array.as_primitive::<UInt32Type>(), f64::from),
        DataType::UInt64 => all(array.as_primitive::<UInt64Type>(), |number| number as f64),
        DataType::Decimal128(_, scale) => {
            let unit = 10f64.powi(-i32::from(*scale));
            all(array.as_primitive::<Decimal128Type>(), |number| number as f64 * unit)
        }
        _ => return None,
    })
}

fn push_dictionary(builder: &mut Builder, array: &dyn Array) -> Result<(), String> {
    let dictionary = array.as_any_dictionary();
    let values = dictionary.values();
    let texts: Vec<Option<&str>> = match values.data_type() {
        DataType::Utf8 => values.as_string::<i32>().iter().collect(),
        DataType::LargeUtf8 => values.as_string::<i64>().iter().collect(),
        DataType::Utf8View => values.as_string_view().iter().collect(),
        other => return Err(format!("a dictionary of the type `{other}`")),
    };
    if texts.is_empty() {
        (0..array.len()).for_each(|_| builder.push_text(None));
        return Ok(());
    }
    let keys = dictionary.normalized_keys();
    let nulls = dictionary.nulls();
    let keys =
        keys.into_iter().enumerate().map(|(row, key)| nulls.is_none_or(|nulls| nulls.is_valid(row)).then_some(key));
    builder.push_keys(&texts, keys);
    Ok(())
}
