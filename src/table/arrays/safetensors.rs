//! Safetensors: the length of a JSON header, the header, and the bytes of all tensors one after the other.
//!
//! The format: <https://github.com/huggingface/safetensors#format>.

use super::array::{Array, steps};
use super::element::{Element, Kind};
use super::{CUT_SHORT, MOST_DESCRIPTION, Refusal};
use bytes::Bytes;
use serde::Deserialize;

#[derive(Deserialize)]
struct Tensor {
    dtype: String,
    shape: Vec<usize>,
    data_offsets: (usize, usize),
}

/// Returns the tensors, in the order of the header.
pub(super) fn arrays(bytes: &Bytes) -> Result<Vec<Array>, Refusal> {
    let cut_short = || Refusal::damaged(CUT_SHORT);
    let (length, rest) = bytes.split_first_chunk::<8>().ok_or_else(cut_short)?;
    let length = usize::try_from(u64::from_le_bytes(*length)).map_err(|_| cut_short())?;
    let (header, data) = rest.split_at_checked(length).ok_or_else(cut_short)?;
    let data = bytes.slice_ref(data);
    let damaged = || Refusal::damaged("its header is damaged");
    if header.len() > MOST_DESCRIPTION {
        return Err(damaged());
    }
    let header: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(header).map_err(|_| damaged())?;
    let tensors = header.into_iter().filter(|(name, _)| name != "__metadata__");
    let array = |(name, value): (String, serde_json::Value)| {
        let Tensor { dtype, shape, data_offsets: (start, end) } =
            serde_json::from_value(value).map_err(|_| damaged())?;
        let element = element(&dtype, &name)?;
        let size = shape.iter().try_fold(element.size, |size, length| size.checked_mul(*length));
        if start > end || end > data.len() || Some(end - start) != size {
            return Err(cut_short());
        }
        let steps = steps(&shape, element.size, false).ok_or_else(cut_short)?;
        Ok(Array { name, bytes: data.slice(start..end), element, start: 0, shape, steps, numbered: false })
    };
    let arrays: Vec<Array> = tensors.map(array).collect::<Result<_, Refusal>>()?;
    // Tensors that share their bytes would make a small file a large table.
    match arrays.iter().map(|array| array.bytes.len()).fold(0, usize::saturating_add) <= data.len() {
        true => Ok(arrays),
        false => Err(Refusal::damaged("its tensors lie over each other")),
    }
}

fn element(dtype: &str, name: &str) -> Result<Element, Refusal> {
    let (kind, size) = match dtype {
        "F64" => (Kind::Float, 8),
        "F32" => (Kind::Float, 4),
        "F16" => (Kind::Float, 2),
        "BF16" => (Kind::BrainFloat, 2),
        "I64" => (Kind::Signed, 8),
        "I32" => (Kind::Signed, 4),
        "I16" => (Kind::Signed, 2),
        "I8" => (Kind::Signed, 1),
        "U64" => (Kind::Unsigned, 8),
        "U32" => (Kind::Unsigned, 4),
        "U16" => (Kind::Unsigned, 2),
        "U8" => (Kind::Unsigned, 1),
        "BOOL" => (Kind::Bool, 1),
        other => {
            let reason = format!("`{name}` holds the type `{other}`");
            return Err(Refusal::not_columns(reason, "save numbers as `float32`, whole ones as `int64`"));
        }
    };
    Ok(Element::little(kind, size))
}
