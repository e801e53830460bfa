//! A dict of tensors as `torch.save` writes it: a zip archive with a pickle, and each tensor's numbers beside it.

use super::super::store::Store;
use super::archive::Archive;
use super::array::Array;
use super::element::{Element, Kind};
use super::pickle::{Id, Pickle, Value};
use super::{CUT_SHORT, MOST_DESCRIPTION, Refusal};
use bytes::Bytes;
use std::io::Read as _;

const REPAIR: &str =
    "save a dict of tensors and nothing else, such as `torch.save({\"y_true\": y, \"y_score\": p}, path)`";

/// Returns the tensors, in the order of the dict.
///
/// # Errors
/// The file holds anything else than a dict of tensors.
pub(super) fn arrays(store: &Store) -> Result<Vec<Array>, Refusal> {
    let archive = Archive::open(store).map_err(|refusal| match is_bare_pickle(store) {
        true => Refusal::not_columns(
            "it is in the format of old versions of torch",
            "save a dict of tensors by torch 1.6 or later",
        ),
        false => refusal,
    })?;
    let names: Vec<String> = archive.names().collect();
    let folder = names.iter().find_map(|name| name.strip_suffix("data.pkl")).map(str::to_owned);
    let folder = folder.ok_or_else(|| Refusal::not_columns("it is no file of `torch.save`", REPAIR))?;
    let pickle = one(&archive, format!("{folder}data.pkl"))?;
    let order = format!("{folder}byteorder");
    let big_endian = names.contains(&order) && *one(&archive, order)? == *b"big";

    if pickle.len() > MOST_DESCRIPTION {
        return Err(other("it holds too many things"));
    }
    let pickle = Pickle::parse(&pickle).map_err(|_| other("it holds something else than a dict of tensors"))?;
    let Value::Dict(entries) = pickle.value(pickle.root) else { return Err(other("it holds no dict")) };
    let mut tensors = Vec::new();
    for (key, value) in entries {
        let Value::Text(name) = pickle.value(*key) else { return Err(other("its dict has a key that is no text")) };
        let tensor = Tensor::read(&pickle, *value).ok_or_else(|| other(&format!("`{name}` is no tensor")))?;
        tensors.push((name, tensor));
    }
    let mut keys: Vec<String> = tensors.iter().map(|(_, tensor)| format!("{folder}data/{}", tensor.key)).collect();
    keys.sort_unstable();
    keys.dedup();
    let stored: Vec<Bytes> = archive.read(&keys)?;
    let array = |(name, tensor): (&String, Tensor)| {
        let key = format!("{folder}data/{}", tensor.key);
        let bytes = keys.iter().position(|other| *other == key).and_then(|place| stored.get(place));
        tensor.array(name, bytes.cloned().unwrap_or_default(), big_endian)
    };
    let arrays: Vec<Array> = tensors.into_iter().map(array).collect::<Result<_, _>>()?;
    let held = stored.iter().map(Bytes::len).fold(0, usize::saturating_add);
    match arrays.iter().map(Array::size).fold(0, usize::saturating_add) <= held.saturating_mul(MOST_SHARED) {
        true => Ok(arrays),
        false => Err(Refusal::not_columns("many tensors share one storage", "save the `clone()` of each")),
    }
}

/// How many tensors may share a number on average; without a bound a small file could be a large table.
const MOST_SHARED: usize = 8;

/// Tells whether a file begins as torch wrote it up to version 1.5.
fn is_bare_pickle(store: &Store) -> bool {
    let mut first = [0];
    store.reader(0).read_exact(&mut first).is_ok() && first == [0x80]
}

fn one(archive: &Archive, name: String) -> Result<Bytes, Refusal> {
    archive.read(&[name])?.pop().ok_or_else(|| Refusal::damaged(CUT_SHORT))
}

fn other(reason: &str) -> Refusal {
    Refusal::not_columns(reason, REPAIR)
}

/// A tensor as the pickle describes it; lengths and steps count entries.
struct Tensor {
    storage: String,
    key: String,
    start: usize,
    shape: Vec<usize>,
    steps: Vec<usize>,
}

impl Tensor {
    /// Returns the tensor that a call describes; none where it is no such call.
    fn read(pickle: &Pickle, id: Id) -> Option<Self> {
        let Value::Call(function, arguments) = pickle.value(id) else { return None };
        let (Value::Named(function), Value::Tuple(arguments)) = (pickle.value(*function), pickle.value(*arguments))
        else {
            return None;
        };
        let number = |id: &Id| match pickle.value(*id) {
            Value::Number(number) => usize::try_from(*number).ok(),
            _ => None,
        };
        let numbers = |id: &Id| match pickle.value(*id) {
            Value::Tuple(items) => items.iter().map(number).collect::<Option<Vec<usize>>>(),
            _ => None,
        };
        let [storage, start, shape, steps, ..] = arguments.as_slice() else { return None };
        let Value::Outside(storage) = pickle.value(*storage) else { return None };
        let Value::Tuple(storage) = pickle.value(*storage) else { return None };
        let [_, storage, key, ..] = storage.as_slice() else { return None };
        match (function.as_str(), pickle.value(*storage), pickle.value(*key)) {
            ("torch._utils _rebuild_tensor_v2", Value::Named(storage), Value::Text(key)) => Some(Self {
                storage: storage.clone(),
                key: key.clone(),
                start: number(start)?,
                shape: numbers(shape)?,
                steps: numbers(steps)?,
            }),
            _ => None,
        }
    }

    fn array(self, name: &str, bytes: Bytes, big_endian: bool) -> Result<Array, Refusal> {
        let Some(element) = element(&self.storage) else {
            let kind = self.storage.rsplit(' ').next().unwrap_or("").trim_end_matches("Storage");
            let repair = format!("save `{name}.float()`");
            return Err(Refusal::not_columns(format!("`{name}` holds the type `{kind}`"), repair));
        };
        if self.steps.iter().zip(&self.shape).any(|(step, length)| *step == 0 && *length > 1) {
            let reason = format!("`{name}` is one entry that stands for many");
            return Err(Refusal::not_columns(reason, format!("save `{name}.contiguous()`")));
        }
        let in_bytes = |entries: usize| entries.checked_mul(element.size).ok_or_else(|| Refusal::damaged(CUT_SHORT));
        Ok(Array {
            name: name.to_owned(),
            bytes,
            element: Element { big_endian, ..element },
            start: in_bytes(self.start)?,
            shape: self.shape,
            steps: self.steps.into_iter().map(in_bytes).collect::<Result<_, _>>()?,
            numbered: false,
        })
    }
}

fn element(storage: &str) -> Option<Element> {
    let (kind, size) = match storage {
        "torch DoubleStorage" => (Kind::Float, 8),
        "torch FloatStorage" => (Kind::Float, 4),
        "torch HalfStorage" => (Kind::Float, 2),
        "torch BFloat16Storage" => (Kind::BrainFloat, 2),
        "torch LongStorage" => (Kind::Signed, 8),
        "torch IntStorage" => (Kind::Signed, 4),
        "torch ShortStorage" => (Kind::Signed, 2),
        "torch CharStorage" => (Kind::Signed, 1),
        "torch ByteStorage" => (Kind::Unsigned, 1),
        "torch BoolStorage" => (Kind::Bool, 1),
        _ => return None,
    };
    Some(Element::little(kind, size))
}
