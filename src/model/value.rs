//! Values of inputs and literals.

/// A value of one of the language's types.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A ratio (0..=1), number, count, score or duration (in days); always finite.
    Number(f64),
    /// An answer to a yes_no input.
    YesNo(bool),
    /// The position of the chosen option in the input's list.
    Option(u32),
    /// The positions of the chosen options of a `many of` input, ascending.
    Options(Vec<u32>),
    /// A calendar date, in days since 1970-01-01.
    Date(i32),
    /// Free text.
    Text(String),
}

impl Value {
    /// Returns the number on which comparisons work: numbers as they are, dates as days, yes as 1
    /// and no as 0, options by position; none for text and sets.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Value::Number(number) => Some(*number),
            Value::YesNo(yes) => Some(f64::from(u8::from(*yes))),
            Value::Option(position) => Some(f64::from(*position)),
            Value::Date(days) => Some(f64::from(*days)),
            Value::Options(_) | Value::Text(_) => None,
        }
    }
}
