//! The few Python literals of which the header of a numpy array is made.

/// A literal. Tuples and lists are told apart nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Literal {
    Text(String),
    Number(usize),
    Truth(bool),
    List(Vec<Literal>),
    Dict(Vec<(Literal, Literal)>),
}

/// A header is a dict that holds a list of tuples that hold a tuple.
const DEEPEST: usize = 6;

/// Returns the literal that `text` is; none where it is something else.
pub(super) fn parse(text: &str) -> Option<Literal> {
    let mut parser = Parser { rest: text.trim() };
    parser.literal(DEEPEST).filter(|_| parser.rest.trim().is_empty())
}

struct Parser<'a> {
    rest: &'a str,
}

impl<'a> Parser<'a> {
    fn takes(&mut self, start: &str) -> bool {
        let rest = self.rest.trim_start();
        self.rest = rest.strip_prefix(start).unwrap_or(rest);
        self.rest.len() < rest.len()
    }

    fn literal(&mut self, depth: usize) -> Option<Literal> {
        let depth = depth.checked_sub(1)?;
        for (word, truth) in [("True", true), ("False", false)] {
            if self.takes(word) {
                return Some(Literal::Truth(truth));
            }
        }
        for (open, close) in [("(", ")"), ("[", "]")] {
            if self.takes(open) {
                return Some(Literal::List(self.items(close, |parser| parser.literal(depth))?));
            }
        }
        if self.takes("{") {
            let entry = |parser: &mut Self| {
                let key = parser.literal(depth)?;
                parser.takes(":").then_some(())?;
                Some((key, parser.literal(depth)?))
            };
            return Some(Literal::Dict(self.items("}", entry)?));
        }
        for quote in ["'", "\""] {
            if self.takes(quote) {
                return self.text(quote.chars().next()?).map(Literal::Text);
            }
        }
        let digits = self.rest.len() - self.rest.trim_start_matches(|digit: char| digit.is_ascii_digit()).len();
        let (number, rest) = self.rest.split_at_checked(digits)?;
        // Python 2 marked long numbers so.
        self.rest = rest.strip_prefix('L').unwrap_or(rest);
        number.parse().ok().map(Literal::Number)
    }

    /// Returns what stands between commas up to `close`; a comma may follow the last.
    fn items<T>(&mut self, close: &str, item: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let mut items = Vec::new();
        while !self.takes(close) {
            items.push(item(self)?);
            if !self.takes(",") {
                self.takes(close).then_some(())?;
                break;
            }
        }
        Some(items)
    }

    /// Returns the text up to the closing quote; of the escapes those that stand for themselves.
    fn text(&mut self, quote: char) -> Option<String> {
        let mut text = String::new();
        let mut letters = self.rest.chars();
        loop {
            match letters.next()? {
                '\\' => text.push(letters.next().filter(|letter| matches!(letter, '\\' | '\'' | '"'))?),
                letter if letter == quote => break,
                letter => text.push(letter),
            }
        }
        self.rest = letters.as_str();
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_read() {
        let text = |text: &str| Literal::Text(text.to_owned());
        let list = Literal::List;
        let header = parse(r#"{'descr': [('it\'s', '<f8'), ("b", '|S3', (2,))], 'shape': (3L, 4), 'x': True, } "#);
        let fields = vec![
            list(vec![text("it's"), text("<f8")]),
            list(vec![text("b"), text("|S3"), list(vec![Literal::Number(2)])]),
        ];
        let expected = vec![
            (text("descr"), list(fields)),
            (text("shape"), list(vec![Literal::Number(3), Literal::Number(4)])),
            (text("x"), Literal::Truth(true)),
        ];
        assert_eq!(header, Some(Literal::Dict(expected)));
        assert_eq!(parse("()"), Some(list(Vec::new())));
    }

    #[test]
    fn what_is_no_header_is_refused() {
        let deep = "(".repeat(100_000);
        for text in ["", "{", "{'a' 1}", "(1 2)", "'a", "'\\x41'", "__import__('os')", "1 2", "-1", &deep, "é"] {
            assert_eq!(parse(text), None, "{:.20}", text);
        }
    }
}
