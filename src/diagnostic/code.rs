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
    S001 "not-utf8" Error;
    S002 "unknown-declaration" Error;
    S003 "unclosed-text" Error;
    S004 "unclosed-body" Error;
    S005 "stray-text" Error;
    S006 "nested-too-deeply" Error;
    S007 "unexpected" Error;
    S008 "unknown-clause" Error;
    S009 "reserved-declaration" Error;
    S010 "comparison-sign" Error;
    S011 "logic-sign" Error;
    S012 "yes-or-no" Error;
    S013 "stray-punctuation" Error;
    S014 "no-else" Error;
    S015 "text-without-quotes" Error;
    S016 "upper-case-name" Error;
    S017 "chained-comparison" Error;
    S018 "missing-then" Error;
    S019 "if-for-when" Error;
    S020 "arrow-sign" Error;
    S021 "joined-actions" Error;
    S022 "unknown-escape" Error;
    S023 "number-too-large" Error;
    S024 "no-such-date" Error;
    S025 "not-in" Error;
    // Model: names, types, units, phases, causes.
    // Names and clauses.
    M100 "no-pack" Error;
    M101 "several-packs" Error;
    M102 "declared-twice" Error;
    M103 "no-such-name" Error;
    M104 "wrong-kind" Error;
    M105 "deprecated-name" Warning;
    M106 "unknown-option" Error;
    M107 "unknown-item" Error;
    M108 "never-concluded" Error;
    M109 "unbound-variable" Error;
    M110 "unused-variable" Warning;
    M111 "bound-twice" Error;
    M112 "wrong-members" Error;
    M113 "misplaced-clause" Error;
    M114 "missing-clause" Error;
    M115 "repeated-clause" Error;
    M116 "unused-finding" Warning;
    M117 "no-reason" Warning;
    M118 "same-precedence" Warning;
    M119 "finding-parameters" Error;
    M120 "unknown-word" Error;
    M121 "not-a-version" Error;
    M122 "unused-declaration" Warning;
    M123 "unsupported-language" Error;
    M124 "concluded-relation" Error;
    M125 "repeated-item" Error;
    // Packs on packs.
    M130 "not-a-requirement" Error;
    M131 "import-not-found" Error;
    M132 "import-version" Error;
    M133 "import-cycle" Error;
    M134 "override-without-reason" Error;
    M135 "nothing-to-override" Error;
    M136 "overridden-twice" Error;
    M137 "override-refused" Error;
    M138 "still-used" Error;
    // Types, units, phases and strata.
    M200 "types-differ" Error;
    M201 "ratio-out-of-range" Error;
    M202 "value-out-of-range" Error;
    M203 "not-a-condition" Error;
    M204 "not-a-value" Error;
    M205 "wrong-arguments" Error;
    M206 "ramp-points" Error;
    M207 "wrong-phase" Error;
    M208 "not-a-metric" Error;
    M209 "not-a-whole-number" Error;
    M210 "not-stratified" Error;
    M211 "recursion" Error;
    // Taxonomy.
    M300 "causal-cycle" Error;
    M301 "figure-out-of-range" Error;
    M302 "bands" Error;
    M303 "no-such-link" Error;
    M304 "linked-twice" Error;
    M305 "not-a-mode" Error;
    M306 "range-reversed" Error;
    M307 "mode-never-raised" Warning;
    M308 "factor-without-mitigation" Warning;
    M309 "counts-disagree" Error;
    // Data: tables, columns and metrics (D1xx, D2xx), manifests and answers (D3xx).
    D301 "yaml-syntax" Error;
    D302 "unknown-key" Error;
    D303 "wrong-sort-of-value" Error;
    D304 "missing-key" Error;
    D305 "unknown-input" Error;
    D306 "wrong-value" Error;
    D307 "stated-twice" Error;
    D308 "unknown-entity" Error;
    D309 "unknown-relation" Error;
    D310 "wrong-arity" Error;
    D101 "table-not-given" Error;
    D102 "table-unreadable" Error;
    D103 "table-not-utf8" Error;
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
    D115 "not-a-json-object" Error;
    D116 "columns-differ" Error;
    D117 "unknown-class" Error;
    D118 "profile-unreadable" Error;
    D119 "profile-disagrees" Error;
    D120 "value-not-allowed" Error;
    D121 "wrong-number-of-columns" Error;
    D122 "rated-twice" Error;
    D123 "arrays-not-columns" Error;
    D201 "unknown-definition" Error;
    D202 "wrong-index" Error;
    D203 "unknown-parameter" Error;
    D204 "wrong-parameter-value" Error;
    D205 "definition-differs" Error;
    // Interviews and surveys.
    D331 "may-name-a-person" Error;
    // Fleets: a deployment in every row of a table.
    D401 "column-without-input" Error;
    D402 "column-without-member" Error;
    D403 "wrong-cell" Error;
    D404 "wrong-column-type" Error;
    // Inference and risk.
    I001 "too-many-instances" Error;
    R001 "too-entangled" Error;
    // Command line.
    X001 "cannot-read" Error;
    X002 "unknown-name" Error;
    X004 "wrong-supposition" Error;
    X005 "nothing-to-measure" Error;
    X006 "cannot-write" Error;
    X007 "missing-words" Error;
    X008 "not-a-rule" Error;
}

impl Code {
    /// Codes that nothing raises any more. Their pages stay, for those who meet them in an older log.
    pub const RETIRED: &[Code] = &[Code::S009, Code::M211];
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
