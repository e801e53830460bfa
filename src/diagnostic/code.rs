//! The one table of diagnostic codes.
//!
//! A letter for the layer (`S` syntax, `M` model, `D` data and metrics, `I` inference, `R` risk,
//! `X` command line) and three digits. A published code keeps its meaning; each has a page in
//! `pages/` and a program in `examples/errors/`.

/// How bad a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; the run goes on and its result stands.
    Warning,
    /// The run cannot give a result.
    Error,
}

macro_rules! codes {
    ($($(#[$section:meta])* $code:ident $name:literal $severity:ident;)*) => {
        /// The code of a diagnostic.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code { $(#[doc = $name] $code,)* }

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &[Code] = &[$(Code::$code,)*];

            /// Returns the letter and digits, such as `M210`.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$code => stringify!($code),)* }
            }

            /// Returns the name in words, such as `not-stratified`.
            pub fn name(self) -> &'static str {
                match self { $(Code::$code => $name,)* }
            }

            /// Returns how bad it is.
            pub fn severity(self) -> Severity {
                match self { $(Code::$code => Severity::$severity,)* }
            }

            /// Returns the page that `etio explain` prints.
            pub fn page(self) -> &'static str {
                match self { $(Code::$code => include_str!(concat!("pages/", stringify!($code), ".md")),)* }
            }
        }
    };
}

codes! {
    // Syntax: one declaration's text.
    // Model: names, types, units, phases, causes.
    // Data: tables, columns and metrics (D1xx, D2xx), manifests and answers (D3xx).
    D301 "yaml-syntax" Error;
    D302 "unknown-key" Error;
    D303 "wrong-kind" Error;
    D304 "missing-key" Error;
    D305 "unknown-input" Error;
    D306 "wrong-value" Error;
    D307 "stated-twice" Error;
    D101 "table-not-given" Error;
    D102 "table-unreadable" Error;
    D103 "not-utf8" Error;
    D104 "ragged-row" Error;
    D105 "duplicate-column" Error;
    D106 "unknown-column" Error;
    D107 "pattern-without-match" Error;
    D108 "not-a-number" Error;
    D109 "label-not-binary" Error;
    D110 "score-out-of-range" Error;
    D111 "missing-value" Error;
    D112 "empty-table" Error;
    D113 "one-class" Error;
    D114 "unreadable-column-type" Error;
    D201 "unknown-definition" Error;
    D202 "wrong-index" Error;
    D203 "unknown-parameter" Error;
    D204 "wrong-parameter-value" Error;
    D205 "definition-differs" Error;
    // Inference and risk.
    I001 "too-many-instances" Error;
    // Command line.
    X001 "cannot-read" Error;
    X002 "unknown-name" Error;
    X003 "text-not-utf8" Error;
    X004 "wrong-supposition" Error;
}

impl std::str::FromStr for Code {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let wanted = text.trim();
        Code::ALL
            .iter()
            .copied()
            .find(|code| code.as_str().eq_ignore_ascii_case(wanted) || code.name().eq_ignore_ascii_case(wanted))
            .ok_or(())
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.as_str())
    }
}
