//! What can be wrong with a text before any name means anything.

use crate::diagnostic::{Code, Diagnostic, Kind, Label, List};
use crate::source::Span;
use thiserror::Error;

/// A kind of syntax error. Slips hold what was written and what is meant.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SyntaxError {
    /// The bytes are not text.
    #[error("`{file}` is not UTF-8 text: byte {offset} cannot be read")]
    NotUtf8 {
        /// The file.
        file: String,
        /// The first byte that is wrong, counted from 0.
        offset: usize,
    },
    /// A declaration opens with a word that is no keyword.
    #[error("there is no declaration called `{word}`")]
    UnknownDeclaration {
        /// The word.
        word: String,
        /// Where.
        span: Span,
        /// The keyword it probably stands for.
        nearest: Option<&'static str>,
    },
    /// A quote without its partner.
    #[error("a text is not closed")]
    UnclosedText {
        /// From the quote to the end of the line.
        span: Span,
    },
    /// A brace without its partner.
    #[error("the body of this declaration is not closed")]
    UnclosedBody {
        /// The brace.
        brace: Span,
        /// The declaration's keyword and name.
        head: Span,
        /// Where the next declaration begins.
        next: Option<Span>,
    },
    /// Something outside of declarations.
    #[error("`{text}` stands outside of any declaration")]
    StrayText {
        /// What.
        text: String,
        /// Where.
        span: Span,
    },
    /// Too many brackets or operators within each other.
    #[error("this is nested more than {limit} levels deep")]
    NestedTooDeeply {
        /// Where the limit is crossed.
        span: Span,
        /// The limit.
        limit: usize,
    },
    /// The grammar does not go on like this.
    #[error("expected {}, found {found}", Alternatives(expected))]
    Unexpected {
        /// What could stand here, in the language's words.
        expected: Vec<&'static str>,
        /// What stands here.
        found: String,
        /// Where.
        span: Span,
        /// The word that what stands here probably is.
        nearest: Option<&'static str>,
    },
    /// A clause opens with a word that is no keyword.
    #[error("there is no clause called `{word}`")]
    UnknownClause {
        /// The word.
        word: String,
        /// Where.
        span: Span,
        /// The clause it probably stands for.
        nearest: Option<&'static str>,
    },
    /// Another language's comparison sign.
    #[error("`{written}` is not a comparison of this language")]
    ComparisonSign {
        /// As written.
        written: String,
        /// As meant.
        meant: &'static str,
        /// Where.
        span: Span,
    },
    /// Another language's `and`, `or`, `not`.
    #[error("`{written}` is written as a word")]
    LogicSign {
        /// As written.
        written: String,
        /// As meant.
        meant: &'static str,
        /// Where.
        span: Span,
    },
    /// `true` or `false`.
    #[error("`{written}` is not an answer")]
    YesOrNo {
        /// As written.
        written: String,
        /// As meant.
        meant: &'static str,
        /// Where.
        span: Span,
    },
    /// A full stop, comma or semicolon after a clause.
    #[error("a clause does not end in `{written}`")]
    StrayPunctuation {
        /// As written.
        written: String,
        /// Where.
        span: Span,
    },
    /// `else`.
    #[error("a rule has no `{written}`")]
    NoElse {
        /// As written.
        written: String,
        /// Where.
        span: Span,
    },
    /// A sentence without its quotes.
    #[error("a text stands in double quotes")]
    TextWithoutQuotes {
        /// As written.
        written: String,
        /// Where.
        span: Span,
    },
    /// A name with upper-case letters.
    #[error("`{written}` is not a name: names are lower-case")]
    UpperCaseName {
        /// As written.
        written: String,
        /// Where.
        span: Span,
    },
    /// `a < b < c`.
    #[error("two comparisons cannot be joined without `and`")]
    ChainedComparison {
        /// The first sign.
        first: Span,
        /// The second sign.
        second: Span,
    },
    /// Actions without `then`.
    #[error("an action stands without `then`")]
    MissingThen {
        /// The action's first word.
        word: String,
        /// Where.
        span: Span,
    },
    /// `if`.
    #[error("a condition begins with `when`")]
    IfForWhen {
        /// Where.
        span: Span,
    },
    /// `=>` for `->`.
    #[error("`{written}` is not an arrow of this language")]
    ArrowSign {
        /// As written.
        written: String,
        /// Where.
        span: Span,
    },
    /// Actions joined by `and` or a comma.
    #[error("actions follow each other without `{written}`")]
    JoinedActions {
        /// As written.
        written: String,
        /// Where.
        span: Span,
    },
    /// A backslash before something else than `"`, `\` or `n`.
    #[error("`\\{character}` means nothing in a text")]
    UnknownEscape {
        /// What follows the backslash.
        character: char,
        /// Where.
        span: Span,
    },
    /// A number beyond what can be computed with.
    #[error("this number is too large")]
    NumberTooLarge {
        /// Where.
        span: Span,
    },
    /// A date that no calendar has.
    #[error("there is no day `{written}`")]
    NoSuchDate {
        /// As written.
        written: String,
        /// Where.
        span: Span,
    },
    /// `x not in a`.
    #[error("`not` stands before the whole comparison")]
    NotIn {
        /// Where.
        span: Span,
        /// What is compared.
        value: Span,
    },
}

impl SyntaxError {
    /// Returns the diagnostic for a file whose byte at `offset` is not UTF-8; there is no text that
    /// a label could point into.
    pub fn not_utf8(file: impl Into<String>, offset: usize) -> Diagnostic {
        SyntaxError::NotUtf8 { file: file.into(), offset }.into()
    }
}

/// What could stand at a place: `a number, a name or a text`.
struct Alternatives<'a>(&'a [&'static str]);

impl std::fmt::Display for Alternatives<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            [] => out.write_str("something else"),
            [only] => out.write_str(only),
            [others @ .., last] => write!(out, "{} or {last}", others.join(", ")),
        }
    }
}

impl Kind for SyntaxError {
    fn code(&self) -> Code {
        match self {
            SyntaxError::NotUtf8 { .. } => Code::S001,
            SyntaxError::UnknownDeclaration { .. } => Code::S002,
            SyntaxError::UnclosedText { .. } => Code::S003,
            SyntaxError::UnclosedBody { .. } => Code::S004,
            SyntaxError::StrayText { .. } => Code::S005,
            SyntaxError::NestedTooDeeply { .. } => Code::S006,
            SyntaxError::Unexpected { .. } => Code::S007,
            SyntaxError::UnknownClause { .. } => Code::S008,
            SyntaxError::ComparisonSign { .. } => Code::S010,
            SyntaxError::LogicSign { .. } => Code::S011,
            SyntaxError::YesOrNo { .. } => Code::S012,
            SyntaxError::StrayPunctuation { .. } => Code::S013,
            SyntaxError::NoElse { .. } => Code::S014,
            SyntaxError::TextWithoutQuotes { .. } => Code::S015,
            SyntaxError::UpperCaseName { .. } => Code::S016,
            SyntaxError::ChainedComparison { .. } => Code::S017,
            SyntaxError::MissingThen { .. } => Code::S018,
            SyntaxError::IfForWhen { .. } => Code::S019,
            SyntaxError::ArrowSign { .. } => Code::S020,
            SyntaxError::JoinedActions { .. } => Code::S021,
            SyntaxError::UnknownEscape { .. } => Code::S022,
            SyntaxError::NumberTooLarge { .. } => Code::S023,
            SyntaxError::NoSuchDate { .. } => Code::S024,
            SyntaxError::NotIn { .. } => Code::S025,
        }
    }

    fn labels(&self) -> Vec<Label> {
        match self {
            SyntaxError::NotUtf8 { .. } => Vec::new(),
            SyntaxError::UnclosedBody { brace, head, next } => {
                let mut labels =
                    vec![Label::new(*brace, "this brace has no partner"), Label::new(*head, "in this declaration")];
                labels.extend(next.map(|next| Label::new(next, "the next declaration begins here")));
                labels
            }
            SyntaxError::Unexpected { expected, span, .. } => {
                vec![Label::new(*span, format!("{} would fit here", Alternatives(expected)))]
            }
            SyntaxError::ChainedComparison { first, second } => {
                vec![Label::new(*first, "one comparison"), Label::new(*second, "and another")]
            }
            SyntaxError::NotIn { span, value } => {
                vec![Label::new(*span, "not here"), Label::new(*value, "but before this")]
            }
            SyntaxError::UnknownDeclaration { span, .. } => vec![Label::new(*span, "no declaration begins so")],
            SyntaxError::UnclosedText { span } => vec![Label::new(*span, "no `\"` follows on this line")],
            SyntaxError::StrayText { span, .. } => vec![Label::new(*span, "belongs to no declaration")],
            SyntaxError::NestedTooDeeply { span, .. } => vec![Label::new(*span, "too deep from here on")],
            SyntaxError::UnknownClause { span, .. } => vec![Label::new(*span, "no clause begins so")],
            SyntaxError::ComparisonSign { span, meant, .. }
            | SyntaxError::LogicSign { span, meant, .. }
            | SyntaxError::YesOrNo { span, meant, .. } => vec![Label::new(*span, format!("`{meant}` is meant"))],
            SyntaxError::StrayPunctuation { span, .. } => vec![Label::new(*span, "nothing is needed here")],
            SyntaxError::NoElse { span, .. } => vec![Label::new(*span, "needs a rule of its own")],
            SyntaxError::TextWithoutQuotes { span, .. } => vec![Label::new(*span, "without quotes")],
            SyntaxError::UpperCaseName { span, .. } => vec![Label::new(*span, "has upper-case letters")],
            SyntaxError::MissingThen { span, .. } => vec![Label::new(*span, "`then` is missing before this")],
            SyntaxError::IfForWhen { span } => vec![Label::new(*span, "`when` is meant")],
            SyntaxError::ArrowSign { span, .. } => vec![Label::new(*span, "`->` is meant")],
            SyntaxError::JoinedActions { span, .. } => vec![Label::new(*span, "nothing is needed here")],
            SyntaxError::UnknownEscape { span, .. } => vec![Label::new(*span, "in this text")],
            SyntaxError::NumberTooLarge { span } => vec![Label::new(*span, "cannot be computed with")],
            SyntaxError::NoSuchDate { span, .. } => vec![Label::new(*span, "in no calendar")],
        }
    }

    fn help(&self) -> Option<String> {
        let help = match self {
            SyntaxError::NotUtf8 { .. } => "save the file as UTF-8 and try again".into(),
            SyntaxError::UnknownDeclaration { nearest: Some(nearest), .. }
            | SyntaxError::UnknownClause { nearest: Some(nearest), .. } => format!("did you mean `{nearest}`?"),
            SyntaxError::UnknownDeclaration { nearest: None, .. } => {
                use super::ast::Keyword;
                let words = Keyword::ALL.iter().map(|keyword| keyword.as_str());
                format!("a declaration begins with {}", List::or(words))
            }
            SyntaxError::UnknownClause { nearest: None, .. } => {
                "a clause begins with its keyword, such as `when`; a condition goes on with `and` or `or`".into()
            }
            SyntaxError::UnclosedText { .. } => {
                "end the text with `\"` on the same line; a line break inside a text is written `\\n`".into()
            }
            SyntaxError::UnclosedBody { .. } => "add the missing `}`".into(),
            SyntaxError::StrayText { text, .. } if text == "}" => "remove it, or look for a missing `{` above".into(),
            SyntaxError::StrayText { .. } => "put it in a declaration, or write `//` before it".into(),
            SyntaxError::NestedTooDeeply { .. } => "split it into findings that other rules conclude".into(),
            SyntaxError::Unexpected { nearest, .. } => return nearest.map(|word| format!("did you mean `{word}`?")),
            SyntaxError::ComparisonSign { meant, .. } => format!("write `{meant}`"),
            SyntaxError::LogicSign { meant, .. } => format!("write `{meant}`"),
            SyntaxError::YesOrNo { meant, .. } => format!("write `{meant}`"),
            SyntaxError::StrayPunctuation { written, .. } => format!("remove the `{written}`"),
            SyntaxError::NoElse { .. } => "write a second rule whose condition is `not …`".into(),
            SyntaxError::TextWithoutQuotes { written, .. } => format!("write `\"{written}\"`"),
            SyntaxError::UpperCaseName { written, .. } => format!("write `{}`", written.to_lowercase()),
            SyntaxError::ChainedComparison { .. } => {
                "write `x between a and b`, which counts the ends, or `a < x and x < b`".into()
            }
            SyntaxError::MissingThen { word, .. } => format!("write `then {word} …`"),
            SyntaxError::IfForWhen { .. } => "write `when`".into(),
            SyntaxError::ArrowSign { .. } => "write `->`".into(),
            SyntaxError::JoinedActions { written, .. } => format!("remove the `{written}`"),
            SyntaxError::UnknownEscape { .. } => {
                "write `\\\\` for a backslash, `\\\"` for a quote, `\\n` for a line break".into()
            }
            SyntaxError::NumberTooLarge { .. } => "use a coarser unit".into(),
            SyntaxError::NoSuchDate { .. } => "dates are year-month-day, such as `2024-05-31`".into(),
            SyntaxError::NotIn { .. } => "write `not x in a, b`".into(),
        };
        Some(help)
    }
}
