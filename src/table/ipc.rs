//! Arrow IPC, as a file (Feather) or as a stream: batches are decoded on all cores, each in its wanted
//! columns alone.
//!
//! A file holds a stream between two marks, so both are walked from their start, and no footer is believed.

use super::arrow::{guarded, push_column};
use super::column::{Builder, Wanted};
use super::error::TableError;
use super::file::Visit;
use super::store::Store;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_buffer::Buffer;
use arrow_ipc::reader::{RecordBatchDecoder, read_dictionary};
use arrow_ipc::{Message, MessageHeader, root_as_message};
use arrow_schema::SchemaRef;
use rayon::prelude::*;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// How a file begins and ends; a stream has no such mark.
const MARK: &[u8] = b"ARROW1";
/// The mark is filled up with zeros to a multiple of so many bytes.
const FILLED_TO: usize = 8;
/// Writers fill up to larger multiples, but not to larger ones than this.
const MOST_FILLING: u64 = 4096;
/// What stands before the length of a message since version 0.15 of the format.
const CONTINUATION: [u8; 4] = [0xFF; 4];

/// LZ4 cannot unpack to more than 255 times its size; a figure beyond is a sign of damage. The decoder
/// reserves memory by it before it reads a byte.
const UNPACKED_PER_BYTE: i64 = 256;
/// More rows than this for each byte of the file are taken as a sign of damage: one bit for each, packed.
const ROWS_PER_BYTE: i64 = 8 * UNPACKED_PER_BYTE;

/// The dictionaries known when a batch is read.
type Dictionaries = Arc<HashMap<i64, ArrayRef>>;

/// A message after the schema: its description, and where its body lies.
struct Block {
    description: Buffer,
    start: u64,
    size: usize,
}

/// An IPC file whose schema was read.
pub(super) struct Ipc<'a> {
    file: &'a str,
    store: Store,
    schema: SchemaRef,
    blocks: Vec<Block>,
    rows: usize,
    /// Whether dictionaries may come after the batches that need them, as in a file.
    is_file: bool,
    pub columns: Vec<String>,
}

impl<'a> Ipc<'a> {
    /// Reads the schema and finds where each message lies.
    pub fn open(file: &'a str, store: Store) -> Result<Self, TableError> {
        let unreadable = |reason: &str| TableError::Unreadable { file: file.to_owned(), reason: reason.to_owned() };
        guarded(file, || {
            let is_file = part(&store, 0, MARK.len()).is_ok_and(|start| start.as_slice() == MARK);
            let stream = if is_file { between_marks(&store)? } else { 0..store.size() };
            let (schema, blocks) = walk(&store, stream)?;
            let rows = check(&store, &blocks)?;
            let columns = schema.fields().iter().map(|field| field.name().clone()).collect();
            Ok(Self { file, store, schema, blocks, rows, is_file, columns })
        })?
        .map_err(unreadable)
    }

    /// Reads the wanted columns, given by position.
    pub fn read(&self, wanted: &[(usize, Wanted)]) -> Result<(usize, Vec<Builder>), TableError> {
        let batches = guarded(self.file, || self.batches())??;
        let pieces: Vec<Result<Vec<Builder>, TableError>> =
            batches.par_iter().map(|batch| Ok(self.read_batch(batch, wanted)?.1)).collect();
        let mut all: Vec<Builder> = wanted.iter().map(|(_, wanted)| Builder::new(*wanted, self.rows)).collect();
        for piece in pieces {
            all.iter_mut().zip(piece?).for_each(|(all, more)| all.append(more));
        }
        match all.iter().find(|builder| builder.len() != self.rows) {
            Some(_) => Err(self.unreadable("its counts of rows contradict each other")),
            None => Ok((self.rows, all)),
        }
    }

    /// Returns the place of each batch of rows, and the dictionaries that it refers to.
    fn batches(&self) -> Result<Vec<(usize, Dictionaries)>, TableError> {
        let mut dictionaries = Dictionaries::default();
        let mut batches = Vec::new();
        for (place, block) in self.blocks.iter().enumerate() {
            let message = self.message(&block.description)?;
            if let Some(batch) = message.header_as_dictionary_batch() {
                let known = Arc::make_mut(&mut dictionaries);
                read_dictionary(&self.body(block)?, batch, &self.schema, known, &message.version())
                    .map_err(|error| self.unreadable(&error.to_string()))?;
            } else if message.header_type() == MessageHeader::RecordBatch {
                batches.push((place, Arc::clone(&dictionaries)));
            }
        }
        if self.is_file {
            batches.iter_mut().for_each(|(_, known)| *known = Arc::clone(&dictionaries));
        }
        Ok(batches)
    }

    fn decode(
        &self,
        place: usize,
        dictionaries: &Dictionaries,
        projection: &[usize],
    ) -> Result<RecordBatch, TableError> {
        let lacking = || self.unreadable("a batch is missing");
        let block = self.blocks.get(place).ok_or_else(lacking)?;
        let message = self.message(&block.description)?;
        let batch = message.header_as_record_batch().ok_or_else(lacking)?;
        RecordBatchDecoder::try_new(
            &self.body(block)?,
            batch,
            Arc::clone(&self.schema),
            dictionaries,
            &message.version(),
        )
        .and_then(|decoder| decoder.with_projection(Some(projection)).read_record_batch())
        .map_err(|error| self.unreadable(&error.to_string().replace(['\n', '\r'], " ")))
    }

    /// Hands the wanted columns of each batch of the file to `visit`, in order.
    pub fn read_in_batches(&self, wanted: &[(usize, Wanted)], visit: &mut Visit<'_>) -> Result<(), TableError> {
        for batch in guarded(self.file, || self.batches())?? {
            let (rows, builders) = self.read_batch(&batch, wanted)?;
            visit(rows, builders)?;
        }
        Ok(())
    }

    fn read_batch(
        &self,
        (place, dictionaries): &(usize, Dictionaries),
        wanted: &[(usize, Wanted)],
    ) -> Result<(usize, Vec<Builder>), TableError> {
        let mut projection: Vec<usize> = wanted.iter().map(|(column, _)| *column).collect();
        projection.sort_unstable();
        projection.dedup();
        guarded(self.file, || {
            let batch = self.decode(*place, dictionaries, &projection)?;
            let read_column = |&(column, wanted): &(usize, Wanted)| {
                let mut builder = Builder::new(wanted, batch.num_rows());
                let place = projection.binary_search(&column).unwrap_or(usize::MAX);
                let array = batch.columns().get(place).ok_or_else(|| self.unreadable("a column is missing"))?;
                push_column(&mut builder, array.as_ref(), wanted, self.file, self.columns.get(column))?;
                Ok(builder)
            };
            Ok((batch.num_rows(), wanted.iter().map(read_column).collect::<Result<_, _>>()?))
        })?
    }

    fn body(&self, block: &Block) -> Result<Buffer, TableError> {
        part(&self.store, block.start, block.size).map_err(|reason| self.unreadable(reason))
    }

    fn message<'b>(&self, description: &'b Buffer) -> Result<Message<'b>, TableError> {
        root_as_message(description).map_err(|_| self.unreadable("a message is damaged"))
    }

    fn unreadable(&self, reason: &str) -> TableError {
        TableError::Unreadable { file: self.file.to_owned(), reason: reason.to_owned() }
    }
}

const CUT_SHORT: &str = "it is damaged or was cut short";

/// Returns some bytes of the file.
fn part(store: &Store, start: u64, size: usize) -> Result<Buffer, &'static str> {
    store.part(start, size).map(Buffer::from).map_err(|_| CUT_SHORT)
}

/// Returns where the stream inside a file lies: between the mark at its start and the footer, which is followed by
/// its length and the mark.
fn between_marks(store: &Store) -> Result<Range<u64>, &'static str> {
    let before = store.size().checked_sub(4 + MARK.len() as u64).ok_or(CUT_SHORT)?;
    let tail = part(store, before, 4 + MARK.len())?;
    let length = tail.strip_suffix(MARK).and_then(|tail| tail.first_chunk::<4>()).ok_or(CUT_SHORT)?;
    let length = u64::try_from(i32::from_le_bytes(*length)).map_err(|_| CUT_SHORT)?;
    let end = before.checked_sub(length).ok_or(CUT_SHORT)?;
    let head = end.checked_sub(MARK.len() as u64).map(|inner| inner.min(MOST_FILLING) as usize);
    let head = part(store, MARK.len() as u64, head.ok_or(CUT_SHORT)?)?;
    let filling = head.iter().position(|byte| *byte != 0).ok_or(CUT_SHORT)?;
    Ok(((MARK.len() + filling) / FILLED_TO * FILLED_TO) as u64..end)
}

/// Returns the schema, and each message after it.
fn walk(store: &Store, stream: Range<u64>) -> Result<(SchemaRef, Vec<Block>), &'static str> {
    let mut schema = None;
    let mut blocks = Vec::new();
    let mut place = stream.start;
    while place < stream.end {
        let within = |place: u64, size: usize| {
            let left = stream.end.checked_sub(place).ok_or(CUT_SHORT)?;
            if size as u64 <= left { part(store, place, size) } else { Err(CUT_SHORT) }
        };
        let word = |place: u64| within(place, 4)?.first_chunk::<4>().copied().ok_or(CUT_SHORT);
        let mut length = word(place)?;
        place += 4;
        if length == CONTINUATION {
            length = word(place)?;
            place += 4;
        }
        let length = u32::from_le_bytes(length);
        if length == 0 {
            break;
        }
        let description = within(place, length as usize)?;
        place += u64::from(length);
        let message = root_as_message(&description).map_err(|_| "it is no Arrow file or stream")?;
        let left = stream.end - place;
        let size = u64::try_from(message.bodyLength()).ok().filter(|size| *size <= left).ok_or(CUT_SHORT)?;
        match message.header_as_schema() {
            Some(found) if schema.is_none() => schema = Some(Arc::new(arrow_ipc::convert::fb_to_schema(found))),
            Some(_) => return Err("it has a second schema"),
            None => {
                let size = usize::try_from(size).map_err(|_| CUT_SHORT)?;
                blocks.push(Block { description: description.clone(), start: place, size });
            }
        }
        place += size;
    }
    Ok((schema.ok_or("it holds no schema")?, blocks))
}

/// Returns how many rows the batches say they have, after a look at every figure by which memory is reserved.
fn check(store: &Store, blocks: &[Block]) -> Result<usize, &'static str> {
    let mut rows: i64 = 0;
    let mut size: i64 = 0;
    for block in blocks {
        let message = root_as_message(&block.description).map_err(|_| CUT_SHORT)?;
        let dictionary = message.header_as_dictionary_batch().and_then(|batch| batch.data());
        let Some(batch) = message.header_as_record_batch().or(dictionary) else { continue };
        size += i64::try_from(block.description.len() + block.size).map_err(|_| CUT_SHORT)?;
        if dictionary.is_none() {
            rows = rows.checked_add(batch.length()).filter(|_| batch.length() >= 0).ok_or(CUT_SHORT)?;
        }
        let packed = batch.compression().is_some();
        for buffer in batch.buffers().into_iter().flatten() {
            let (start, length) = (usize::try_from(buffer.offset()), usize::try_from(buffer.length()));
            let (Ok(start), Ok(length)) = (start, length) else { return Err(CUT_SHORT) };
            let end = start.checked_add(length).ok_or(CUT_SHORT)?;
            if end > block.size {
                return Err(CUT_SHORT);
            }
            if !packed || length < 8 {
                continue;
            }
            // A packed buffer begins with its length when unpacked; -1 says that it is not packed after all.
            let first = part(store, block.start + start as u64, 8)?;
            let unpacked = first.first_chunk::<8>().map_or(0, |first| i64::from_le_bytes(*first));
            if unpacked > buffer.length().saturating_mul(UNPACKED_PER_BYTE) {
                return Err("a column would unpack to more than 256 times its size");
            }
        }
    }
    if rows > size.saturating_mul(ROWS_PER_BYTE) {
        return Err("it has more rows than its size allows");
    }
    usize::try_from(rows).map_err(|_| CUT_SHORT)
}
