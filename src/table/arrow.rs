//! Arrow arrays, in which both Parquet and Arrow IPC files arrive: their cells as values.

use super::column::{Builder, Wanted};
use super::error::TableError;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Decimal128Type, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrowPrimitiveType, PrimitiveArray};
use arrow_schema::DataType;

/// Runs the decoder on bytes that nobody vouches for. It checks most of what a damaged file can hold, and
/// stops the program over the rest, which here is an error like any other.
pub(crate) fn guarded<T>(file: &str, decode: impl FnOnce() -> T) -> Result<T, TableError> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(decode))
        .map_err(|_| TableError::Unreadable { file: file.to_owned(), reason: "its content is damaged".to_owned() })
}

/// Adds the cells of a file's column.
///
/// # Errors
/// `D114` where cells of that type cannot be read as what is wanted.
pub(super) fn push_column(
    builder: &mut Builder,
    array: &dyn Array,
    wanted: Wanted,
    file: &str,
    column: Option<&String>,
) -> Result<(), TableError> {
    push_array(builder, array).map_err(|kind| TableError::WrongType {
        file: file.to_owned(),
        column: column.cloned().unwrap_or_default(),
        kind,
        wanted: wanted.in_words(),
    })
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
