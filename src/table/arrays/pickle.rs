//! What a pickle of plain data describes, read without carrying anything out.
//!
//! A pickle is a program; this reads the few of its instructions of which `torch.save` makes a dict of tensors. A
//! call stays a description of a call, and any other instruction ends the reading. Values lie in one list
//! and name each other by their places in it, so that no nesting, however deep, costs more than its bytes.
//!
//! The instructions: `pickletools.py` of CPython.

/// The place of a value in [`Pickle`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Id(usize);

/// A value that a pickle describes.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Nothing,
    Truth(bool),
    Number(i64),
    Text(String),
    /// A function or a class by its name: `module name`.
    Named(String),
    Tuple(Vec<Id>),
    Dict(Vec<(Id, Id)>),
    /// What a function would return for those arguments, a tuple.
    Call(Id, Id),
    /// What lies outside of the pickle under that name, a tuple.
    Outside(Id),
}

/// The values of a pickle.
pub(super) struct Pickle {
    values: Vec<Value>,
    pub root: Id,
}

/// A pickle is damaged, or holds more than plain data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotPlain;

impl Pickle {
    pub fn parse(bytes: &[u8]) -> Result<Self, NotPlain> {
        let mut machine =
            Machine { rest: bytes, values: Vec::new(), stack: Vec::new(), marks: Vec::new(), memo: Vec::new() };
        let root = machine.run().ok_or(NotPlain)?;
        Ok(Self { values: machine.values, root })
    }

    pub fn value(&self, id: Id) -> &Value {
        self.values.get(id.0).unwrap_or(&Value::Nothing)
    }
}

struct Machine<'a> {
    rest: &'a [u8],
    values: Vec<Value>,
    stack: Vec<Id>,
    /// Heights of the stack to which it is taken down again.
    marks: Vec<usize>,
    memo: Vec<Id>,
}

impl Machine<'_> {
    fn run(&mut self) -> Option<Id> {
        loop {
            let [code] = self.take::<1>()?;
            match code {
                b'.' => return self.stack.pop().filter(|_| self.stack.is_empty()),
                // The version, and where a frame ends.
                b'\x80' => drop(self.take::<1>()?),
                b'\x95' => drop(self.take::<8>()?),
                b'(' => self.marks.push(self.stack.len()),
                b'N' => self.push(Value::Nothing),
                b'\x88' => self.push(Value::Truth(true)),
                b'\x89' => self.push(Value::Truth(false)),
                b'K' => {
                    let [number] = self.take()?;
                    self.push(Value::Number(number.into()));
                }
                b'M' => {
                    let number = u16::from_le_bytes(self.take()?);
                    self.push(Value::Number(number.into()));
                }
                b'J' => {
                    let number = i32::from_le_bytes(self.take()?);
                    self.push(Value::Number(number.into()));
                }
                b'\x8a' => self.long()?,
                b'X' => {
                    let length = u32::from_le_bytes(self.take()?);
                    self.text(length as usize)?;
                }
                b'\x8c' => {
                    let [length] = self.take()?;
                    self.text(length.into())?;
                }
                b'}' => self.push(Value::Dict(Vec::new())),
                b')' => self.push(Value::Tuple(Vec::new())),
                b'\x85'..=b'\x87' => {
                    let items = self.pop_from(self.stack.len().checked_sub(usize::from(code - b'\x84'))?)?;
                    self.push(Value::Tuple(items));
                }
                b't' => {
                    let items = self.pop_to_mark()?;
                    self.push(Value::Tuple(items));
                }
                b's' => {
                    let items = self.pop_from(self.stack.len().checked_sub(2)?)?;
                    self.set_items(&items)?;
                }
                b'u' => {
                    let items = self.pop_to_mark()?;
                    self.set_items(&items)?;
                }
                b'c' => {
                    let (module, name) = (self.line()?, self.line()?);
                    self.push(Value::Named(format!("{module} {name}")));
                }
                b'\x93' => {
                    let (name, module) = (self.stack.pop()?, self.stack.pop()?);
                    let named = match (self.values.get(module.0)?, self.values.get(name.0)?) {
                        (Value::Text(module), Value::Text(name)) => format!("{module} {name}"),
                        _ => return None,
                    };
                    self.push(Value::Named(named));
                }
                b'R' => self.call()?,
                b'Q' => {
                    let name = self.stack.pop()?;
                    self.push(Value::Outside(name));
                }
                b'q' => {
                    let [place] = self.take()?;
                    self.remember(place.into())?;
                }
                b'r' => {
                    let place = u32::from_le_bytes(self.take()?);
                    self.remember(place as usize)?;
                }
                b'\x94' => self.remember(self.memo.len())?,
                b'h' => {
                    let [place] = self.take()?;
                    self.recall(place.into())?;
                }
                b'j' => {
                    let place = u32::from_le_bytes(self.take()?);
                    self.recall(place as usize)?;
                }
                _ => return None,
            }
        }
    }

    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.rest.split_first_chunk::<N>()?;
        self.rest = rest;
        Some(*taken)
    }

    fn push(&mut self, value: Value) {
        self.stack.push(Id(self.values.len()));
        self.values.push(value);
    }

    fn text(&mut self, length: usize) -> Option<()> {
        let (text, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        self.push(Value::Text(std::str::from_utf8(text).ok()?.to_owned()));
        Some(())
    }

    /// Reads a whole number of up to eight bytes.
    fn long(&mut self) -> Option<()> {
        let [length] = self.take()?;
        let (digits, rest) = self.rest.split_at_checked(length.into())?;
        self.rest = rest;
        let negative = digits.last().is_some_and(|last| *last >= 0x80);
        let mut bytes = [if negative { 0xFF } else { 0 }; 8];
        bytes.get_mut(..digits.len())?.copy_from_slice(digits);
        self.push(Value::Number(i64::from_le_bytes(bytes)));
        Some(())
    }

    fn line(&mut self) -> Option<String> {
        let end = self.rest.iter().position(|byte| *byte == b'\n')?;
        let (line, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest.get(1..)?;
        String::from_utf8(line.to_vec()).ok()
    }

    fn pop_to_mark(&mut self) -> Option<Vec<Id>> {
        let mark = self.marks.pop()?;
        self.pop_from(mark)
    }

    fn pop_from(&mut self, height: usize) -> Option<Vec<Id>> {
        (height <= self.stack.len()).then(|| self.stack.split_off(height))
    }

    fn set_items(&mut self, items: &[Id]) -> Option<()> {
        let Value::Dict(entries) = self.values.get_mut(self.stack.last()?.0)? else { return None };
        for pair in items.chunks(2) {
            let [key, value] = pair else { return None };
            entries.push((*key, *value));
        }
        Some(())
    }

    fn call(&mut self) -> Option<()> {
        let (arguments, function) = (self.stack.pop()?, self.stack.pop()?);
        let ordered = |value: &Value| matches!(value, Value::Named(name) if name == "collections OrderedDict");
        let none = |value: &Value| matches!(value, Value::Tuple(items) if items.is_empty());
        if self.values.get(function.0).is_some_and(ordered) && self.values.get(arguments.0).is_some_and(none) {
            self.push(Value::Dict(Vec::new()));
        } else {
            self.push(Value::Call(function, arguments));
        }
        Some(())
    }

    /// Places are given in order, so a place beyond the next is a sign of damage.
    fn remember(&mut self, place: usize) -> Option<()> {
        let value = *self.stack.last()?;
        if place == self.memo.len() {
            self.memo.push(value);
        } else {
            *self.memo.get_mut(place)? = value;
        }
        Some(())
    }

    fn recall(&mut self, place: usize) -> Option<()> {
        self.stack.push(*self.memo.get(place)?);
        Some(())
    }
}
