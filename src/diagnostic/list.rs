//! Plurals and lists in messages.

use std::fmt;

/// A number of things: `1 rule`, `2 rules`.
#[derive(Clone, Copy, Debug)]
pub struct Count<'a>(pub usize, pub &'a str);

impl fmt::Display for Count<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Count(number, noun) = *self;
        let (stem, ending) = match noun.strip_suffix('y') {
            Some(stem) if number != 1 && !noun.ends_with("ey") => (stem, "ies"),
            _ if number == 1 => (noun, ""),
            _ => (noun, "s"),
        };
        write!(out, "{number} {stem}{ending}")
    }
}

/// Names in a row: `` `a` ``, `` `a` or `b` ``, `` `a`, `b` or `c` ``.
#[derive(Clone, Debug)]
pub struct List<'a> {
    names: Vec<&'a str>,
    last: &'static str,
}

impl<'a> List<'a> {
    /// Returns a list joined by "or".
    pub fn or(names: impl IntoIterator<Item = &'a str>) -> Self {
        Self { names: names.into_iter().collect(), last: "or" }
    }

    /// Returns a list joined by "and".
    pub fn and(names: impl IntoIterator<Item = &'a str>) -> Self {
        Self { names: names.into_iter().collect(), last: "and" }
    }
}

impl fmt::Display for List<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, name) in self.names.iter().enumerate() {
            if position > 0 {
                let joint = if position + 1 == self.names.len() { format!(" {} ", self.last) } else { ", ".into() };
                out.write_str(&joint)?;
            }
            write!(out, "`{name}`")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_lists_read_as_english() {
        assert_eq!(Count(1, "rule").to_string(), "1 rule");
        assert_eq!(Count(0, "category").to_string(), "0 categories");
        assert_eq!(List::or(["a", "b", "c"]).to_string(), "`a`, `b` or `c`");
    }
}
