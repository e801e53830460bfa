//! Apache Parquet: each wanted column of each row group is decoded on its own, on all cores, from the open file.

use super::arrow::{guarded, push_column};
use super::column::{Builder, Wanted};
use super::error::TableError;
use super::file::Visit;
use super::store::Store;
use ::parquet::arrow::ProjectionMask;
use ::parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use arrow_schema::{DataType, Field, Schema};
use rayon::prelude::*;
use std::sync::Arc;

/// Rows decoded at a time; the result does not depend on it.
const BATCH: usize = 1 << 16;

/// Rows handed over at a time where a file is read in batches.
const VISIT: usize = 1 << 18;

/// More rows than this for each byte of the file are taken as a sign of damage.
const ROWS_PER_BYTE: i64 = 10_000;

/// A Parquet file whose footer was read.
pub(super) struct Parquet<'a> {
    file: &'a str,
    store: Store,
    metadata: ArrowReaderMetadata,
    pub columns: Vec<String>,
}

impl<'a> Parquet<'a> {
    /// Reads the footer.
    pub fn open(file: &'a str, store: Store) -> Result<Self, TableError> {
        let unreadable = |error: ::parquet::errors::ParquetError| TableError::Unreadable {
            file: file.to_owned(),
            reason: words(&error),
        };
        let metadata = guarded(file, || ArrowReaderMetadata::load(&store, ArrowReaderOptions::new()))?;
        let metadata = metadata.map_err(unreadable)?;
        check_places(metadata.metadata(), usize::try_from(store.size()).unwrap_or(usize::MAX))
            .map_err(|reason| TableError::Unreadable { file: file.to_owned(), reason: reason.to_owned() })?;
        // Text keeps its dictionary: comparing each row's text again would cost most of the time.
        let fields: Vec<Arc<Field>> = metadata.schema().fields().iter().map(with_dictionary).collect();
        let options = ArrowReaderOptions::new().with_schema(Arc::new(Schema::new(fields)));
        let metadata = ArrowReaderMetadata::try_new(Arc::clone(metadata.metadata()), options).unwrap_or(metadata);
        let columns = metadata.schema().fields().iter().map(|field| field.name().clone()).collect();
        Ok(Self { file, store, metadata, columns })
    }

    /// Reads the wanted columns, given by position.
    pub fn read(&self, wanted: &[(usize, Wanted)]) -> Result<(usize, Vec<Builder>), TableError> {
        let rows = usize::try_from(self.metadata.metadata().file_metadata().num_rows()).unwrap_or(0);
        let builders = wanted
            .par_iter()
            .map(|(column, wanted)| self.read_column(*column, *wanted, rows))
            .collect::<Vec<_>>()
            .into_iter()
            .collect::<Result<Vec<_>, _>>()?;
        match builders.iter().find(|builder| builder.len() != rows) {
            Some(_) => Err(self.unreadable("it ends before its last row")),
            None => Ok((rows, builders)),
        }
    }

    /// Hands the wanted columns to `visit`, some rows of a row group at a time and in order.
    pub fn read_in_batches(&self, wanted: &[(usize, Wanted)], visit: &mut Visit<'_>) -> Result<(), TableError> {
        for (group, metadata) in self.metadata.metadata().row_groups().iter().enumerate() {
            let mut left = usize::try_from(metadata.num_rows()).unwrap_or(0);
            let readers = wanted.iter().map(|(column, _)| guarded(self.file, || self.reader(*column, group, VISIT))?);
            let mut readers = readers.collect::<Result<Vec<_>, _>>()?;
            while left > 0 {
                let rows = left.min(VISIT);
                let pieces = readers.par_iter_mut().zip(wanted).map(|(reader, (column, wanted))| {
                    let mut builder = Builder::new(*wanted, rows);
                    guarded(self.file, || self.push_next(reader, *column, *wanted, &mut builder))??;
                    Ok(builder)
                });
                let builders = pieces.collect::<Vec<_>>().into_iter().collect::<Result<Vec<_>, _>>()?;
                visit(rows, builders)?;
                left -= rows;
            }
        }
        Ok(())
    }

    fn read_column(&self, column: usize, wanted: Wanted, rows: usize) -> Result<Builder, TableError> {
        let groups = 0..self.metadata.metadata().num_row_groups();
        let pieces: Vec<Result<Builder, TableError>> = groups
            .into_par_iter()
            .map(|group| guarded(self.file, || self.read_piece(column, wanted, group))?)
            .collect();
        let mut pieces = pieces.into_iter();
        let mut all = pieces.next().unwrap_or_else(|| Ok(Builder::new(wanted, 0)))?;
        all.reserve(rows);
        for piece in pieces {
            all.append(piece?);
        }
        Ok(all)
    }

    /// Reads a column of one row group.
    fn read_piece(&self, column: usize, wanted: Wanted, group: usize) -> Result<Builder, TableError> {
        let rows = self.metadata.metadata().row_groups().get(group).map_or(0, |group| group.num_rows());
        let mut reader = self.reader(column, group, BATCH)?;
        let mut builder = Builder::new(wanted, usize::try_from(rows).unwrap_or(0));
        while self.push_next(&mut reader, column, wanted, &mut builder)? {}
        Ok(builder)
    }

    /// Returns a reader of one column of one row group that decodes so many rows at a time.
    fn reader(&self, column: usize, group: usize, rows: usize) -> Result<ParquetRecordBatchReader, TableError> {
        let metadata = self.metadata.clone();
        let mask = ProjectionMask::roots(metadata.parquet_schema(), [column]);
        ParquetRecordBatchReaderBuilder::new_with_metadata(self.store.clone(), metadata)
            .with_row_groups(vec![group])
            .with_projection(mask)
            .with_batch_size(rows)
            .build()
            .map_err(|error| self.unreadable(&words(&error)))
    }

    /// Decodes the next rows into `builder`; false where there are none.
    fn push_next(
        &self,
        reader: &mut ParquetRecordBatchReader,
        column: usize,
        wanted: Wanted,
        builder: &mut Builder,
    ) -> Result<bool, TableError> {
        let Some(batch) = reader.next() else { return Ok(false) };
        let batch = batch.map_err(|error| self.unreadable(&error.to_string()))?;
        let Some(array) = batch.columns().first() else { return Ok(false) };
        push_column(builder, array.as_ref(), wanted, self.file, self.columns.get(column))?;
        Ok(true)
    }

    fn unreadable(&self, reason: &str) -> TableError {
        TableError::Unreadable { file: self.file.to_owned(), reason: reason.to_owned() }
    }
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
        true => format!("its compression is not supported ({text}); use snappy, lz4, gzip or none"),
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
