//! The syntax tree: what is written, piece by piece, before any name means anything.
//!
//! The tree is lossless: the texts of its [`Piece`]s, put one after the other, are the text of the
//! file. A declaration's own comments are kept with their places. Nodes own their text and say
//! where it stands; nothing of pest is left.

use super::token::significant_tokens;
use crate::source::{SourceId, Span, Spanned};

/// A name or word and where it is written.
pub type Name = Spanned<String>;
/// A text in quotes, with escapes resolved, and where it is written.
pub type Text = Spanned<String>;

/// One file.
#[derive(Clone, Debug)]
pub struct SyntaxTree {
    /// Which file.
    pub source: SourceId,
    /// Its text.
    pub text: String,
    /// All of it, in order, without gaps.
    pub pieces: Vec<Piece>,
}

impl SyntaxTree {
    /// Returns the declarations that could be read, in order.
    pub fn declarations(&self) -> impl Iterator<Item = &Declaration> {
        self.pieces.iter().filter_map(|piece| match &piece.kind {
            PieceKind::Declaration(declaration) => Some(&**declaration),
            _ => None,
        })
    }

    /// Returns what a declaration says, whatever its layout and its comments: its doc comment and its tokens, a line each.
    pub fn meaning_of(&self, declaration: &Declaration) -> String {
        let text = self.text.get(declaration.span.range()).unwrap_or("");
        let doc = declaration.doc.iter().map(|doc| doc.value.clone());
        doc.chain(significant_tokens(text)).collect::<Vec<String>>().join("\n")
    }

    /// Returns the text of a piece.
    pub fn text_of(&self, piece: &Piece) -> &str {
        self.text.get(piece.span.range()).unwrap_or("")
    }
}

/// A stretch of a file.
#[derive(Clone, Debug)]
pub struct Piece {
    /// What it is.
    pub kind: PieceKind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of piece.
#[derive(Clone, Debug)]
pub enum PieceKind {
    /// White space between declarations.
    Blank,
    /// A comment between declarations, without its line end.
    Comment,
    /// A declaration with the doc comment before it.
    Declaration(Box<Declaration>),
    /// A declaration that could not be read; its name still counts as declared.
    Broken {
        /// The keyword, where it is one.
        keyword: Option<Keyword>,
        /// The name, where there is one.
        name: Option<Name>,
    },
    /// Text outside of declarations.
    Stray,
}

macro_rules! keywords {
    ($($(#[$doc:meta])* $keyword:ident $text:literal)*) => {
        /// The word that opens a declaration.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Keyword { $($(#[$doc])* $keyword,)* }

        impl Keyword {
            /// Every keyword.
            pub const ALL: &[Keyword] = &[$(Keyword::$keyword,)*];

            /// Returns the word.
            pub fn as_str(self) -> &'static str {
                match self { $(Keyword::$keyword => $text,)* }
            }

            /// Returns the keyword that is written so.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($text => Some(Keyword::$keyword),)* _ => None }
            }
        }
    };
}

keywords! {
    /// The pack itself.
    Pack "pack"
    /// Literature, a standard or a checklist.
    Source "source"
    /// A failure category.
    Category "category"
    /// A failure mode.
    Mode "mode"
    /// A causal factor.
    Factor "factor"
    /// A remedy.
    Mitigation "mitigation"
    /// A test of the system, beside what the pilot's tables show.
    StressTest "stress_test"
    /// An index set.
    Index "index"
    /// A set of things that the deployment lists.
    Entity "entity"
    /// What holds between members of sets.
    Relation "relation"
    /// A metric.
    Metric "metric"
    /// A metadata input.
    Input "input"
    /// A question.
    Question "question"
    /// A rule.
    Rule "rule"
    /// A band of risk.
    Band "band"
    /// A level of the priority table.
    Priority "priority"
    /// A verdict.
    Verdict "verdict"
    /// A test.
    Test "test"
    /// Another pack, whose declarations join this one's.
    Import "import"
    /// A change to a declaration of an imported pack.
    Override "override"
}

impl Keyword {
    /// Returns the keyword with its article: `a rule`, `an input`.
    pub fn with_article(self) -> String {
        let word = self.as_str();
        format!("{} {word}", if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" })
    }
}

/// A declaration.
#[derive(Clone, Debug)]
pub struct Declaration {
    /// The `///` comment before it, without the slashes.
    pub doc: Option<Text>,
    /// The word that opens it.
    pub keyword: Spanned<Keyword>,
    /// Its name; tests have none.
    pub name: Option<Name>,
    /// The index sets in brackets after the name.
    pub indexes: Vec<Name>,
    /// The parameters of a relation, each with its set.
    pub roles: Vec<Binding>,
    /// Its title.
    pub title: Option<Text>,
    /// What stands between title and body.
    pub header: Vec<Header>,
    /// The clauses of its body, in the order written.
    pub clauses: Vec<Clause>,
    /// Whether a clause could not be read, so that what seems missing may not be.
    pub has_unread_clauses: bool,
    /// The body with its braces.
    pub body: Option<Span>,
    /// The comments inside it, in order.
    pub comments: Vec<Span>,
    /// From the keyword to the last brace or word.
    pub span: Span,
}

/// Something between title and body.
#[derive(Clone, Debug)]
pub struct Header {
    /// What it is.
    pub kind: HeaderKind,
    /// Where it is written.
    pub span: Span,
}

/// What may stand between title and body.
#[derive(Clone, Debug)]
pub enum HeaderKind {
    /// `: ratio`
    Type(TypeName),
    /// `lower is better` (true) or `higher is better`.
    Direction {
        /// Whether lower is better.
        lower: bool,
    },
    /// `= ece(bins 15)`
    Definition {
        /// The definition's name.
        name: Name,
        /// Its parameters.
        parameters: Vec<(Name, Spanned<ParameterValue>)>,
    },
    /// `within attribute`
    Within(Name),
    /// `^1.0` of an import.
    Requirement(Name),
    /// `rule` of an override: what kind of declaration it changes.
    Overrides(Name),
    /// `because "…"` of an override.
    Because(Text),
}

/// A type as written.
#[derive(Clone, Debug)]
pub enum TypeName {
    /// `one of a, b`
    OneOf(Vec<Name>),
    /// `many of a, b`
    ManyOf(Vec<Name>),
    /// `score 1..5`
    Score(Range),
    /// `number of alerts_per_day`
    NumberOf(Name),
    /// One word.
    Word(Name),
}

/// A parameter of a definition.
#[derive(Clone, Debug)]
pub enum ParameterValue {
    /// A number.
    Number(Number),
    /// A word or text.
    Word(String),
}

/// A number as written.
#[derive(Clone, Debug)]
pub struct Number {
    /// The figure, not yet divided by 100 where it is a percentage.
    pub figure: f64,
    /// Whether `%` follows.
    pub percent: bool,
    /// The unit, if any.
    pub unit: Option<Name>,
    /// Where it is written.
    pub span: Span,
}

impl Number {
    /// Returns the figure with `%` divided out.
    pub fn value(&self) -> f64 {
        if self.percent { self.figure / 100.0 } else { self.figure }
    }
}

/// Two ends.
#[derive(Clone, Debug)]
pub struct Range {
    /// Lower end.
    pub low: Number,
    /// Upper end.
    pub high: Number,
    /// Where it is written.
    pub span: Span,
}

/// A clause of a body.
#[derive(Clone, Debug)]
pub struct Clause {
    /// What it is.
    pub kind: ClauseKind,
    /// Where it is written.
    pub span: Span,
}

/// The kinds of clause.
#[derive(Clone, Debug)]
pub enum ClauseKind {
    /// `because "…"`
    Because(Text),
    /// `cite a, b`
    Cite(Vec<Name>),
    /// `basis counted`
    Basis(Name),
    /// `since 1.0.0`
    Since(Name),
    /// `deprecated 1.2.0 use b`
    Deprecated {
        /// The version.
        since: Name,
        /// The name to use instead.
        replacement: Option<Name>,
    },
    /// `satisfies a "1", b "2"`
    Satisfies(Vec<(Name, Text)>),
    /// `version 1.0.0`
    Version(Name),
    /// `language 1`
    Language(Number),
    /// `license "…"`
    License(Text),
    /// `authors`, `venue`, `doi`, `arxiv`, `pmid` or `url`.
    Bibliography {
        /// Which field.
        field: Name,
        /// Its content.
        text: Text,
    },
    /// `year 2021`
    Year(Number),
    /// `item "F1" "name sources of bias" aside "…"`
    Item {
        /// What the checklist calls it.
        code: Text,
        /// What it is about.
        topic: Option<Text>,
        /// Why nothing is asked about it.
        aside: Option<Text>,
    },
    /// `unread "its items were not read"`
    Unread(Text),
    /// `category technical`
    Category(Name),
    /// `dimension model`
    Dimension(Name),
    /// `severity 6`
    Severity(Number),
    /// `detectability 7`
    Detectability(Number),
    /// `base_rate 5%`
    BaseRate {
        /// How likely.
        rate: Number,
        /// What it was counted from.
        counting: Option<Counting>,
    },
    /// `causes a strength 0.5`
    Causes {
        /// What is caused.
        effect: Name,
        /// How strongly.
        strength: Number,
        /// What the strength was counted from.
        counting: Option<Counting>,
        /// `because`, `cite` and `basis` of the link alone.
        ground: Vec<Clause>,
    },
    /// `addresses a effect 80%`, `addresses a -> b effect 80%`
    Addresses {
        /// The mode, factor or cause.
        node: Name,
        /// The effect of the link.
        link_to: Option<Name>,
        /// How well.
        effect: Number,
        /// `because`, `cite` and `basis` of this effect alone.
        ground: Vec<Clause>,
    },
    /// `effort low`
    Effort(Name),
    /// `needs "…"`
    Needs(Text),
    /// `ask administrator`
    Ask(Name),
    /// `phase before_go_live`
    Phase(Name),
    /// `probes a, b`
    Probes(Vec<Name>),
    /// `reads a, b`
    Reads(Vec<Name>),
    /// `for each s in subgroup`
    ForEach(Vec<Binding>),
    /// `when …`
    When(Expression),
    /// `then …`
    Then(Vec<Action>),
    /// `evidence group`
    Evidence(Name),
    /// `from 40`
    From(Number),
    /// `row severity 9..10 likelihood 10%..100% detectability 1..10`
    Row {
        /// Severity from and to.
        severity: Range,
        /// Likelihood from and to.
        likelihood: Range,
        /// Detectability from and to.
        detectability: Range,
    },
    /// `precedence 30`
    Precedence(Number),
    /// `given x = 1`
    Given {
        /// The input.
        input: Name,
        /// The members, as expressions.
        members: Vec<Expression>,
        /// The value.
        value: GivenValue,
        /// The confidence interval.
        within: Option<Range>,
        /// The 95th percentile of the noise floor.
        noise: Option<Number>,
    },
    /// `given feeds("ehr", "lab") unsure`
    GivenRelated {
        /// The relation with its members.
        atom: Atom,
        /// Whether it is not certain.
        unsure: bool,
    },
    /// `given no feeds`
    GivenNone(Name),
    /// `expect …`
    Expect(Expectation),
    /// `disabled`
    Disabled,
}

impl ClauseKind {
    /// Returns the words that open the clause.
    pub fn keyword(&self) -> &str {
        match self {
            ClauseKind::Because(_) => "because",
            ClauseKind::Cite(_) => "cite",
            ClauseKind::Basis(_) => "basis",
            ClauseKind::Since(_) => "since",
            ClauseKind::Deprecated { .. } => "deprecated",
            ClauseKind::Satisfies(_) => "satisfies",
            ClauseKind::Version(_) => "version",
            ClauseKind::Language(_) => "language",
            ClauseKind::License(_) => "license",
            ClauseKind::Bibliography { field, .. } => &field.value,
            ClauseKind::Year(_) => "year",
            ClauseKind::Item { .. } => "item",
            ClauseKind::Unread(_) => "unread",
            ClauseKind::Category(_) => "category",
            ClauseKind::Dimension(_) => "dimension",
            ClauseKind::Severity(_) => "severity",
            ClauseKind::Detectability(_) => "detectability",
            ClauseKind::BaseRate { .. } => "base_rate",
            ClauseKind::Causes { .. } => "causes",
            ClauseKind::Addresses { .. } => "addresses",
            ClauseKind::Effort(_) => "effort",
            ClauseKind::Needs(_) => "needs",
            ClauseKind::Ask(_) => "ask",
            ClauseKind::Phase(_) => "phase",
            ClauseKind::Probes(_) => "probes",
            ClauseKind::Reads(_) => "reads",
            ClauseKind::ForEach(_) => "for each",
            ClauseKind::When(_) => "when",
            ClauseKind::Then(_) => "then",
            ClauseKind::Evidence(_) => "evidence",
            ClauseKind::From(_) => "from",
            ClauseKind::Row { .. } => "row",
            ClauseKind::Precedence(_) => "precedence",
            ClauseKind::Given { .. } | ClauseKind::GivenRelated { .. } | ClauseKind::GivenNone(_) => "given",
            ClauseKind::Expect(_) => "expect",
            ClauseKind::Disabled => "disabled",
        }
    }
}

/// `counted 12 of 34 against 5 of 60 interval 21%..53% judged 0.3`
#[derive(Clone, Debug)]
pub struct Counting {
    /// How many, of how many.
    pub share: (Number, Number),
    /// What it is held against: how many, of how many of the others.
    pub against: Option<(Number, Number)>,
    /// The interval of the figure.
    pub interval: Range,
    /// The figure that was judged without counting.
    pub judged: Number,
    /// Where it is written.
    pub span: Span,
}

/// A variable, or a parameter of a relation, and its set.
#[derive(Clone, Debug)]
pub struct Binding {
    /// The variable.
    pub variable: Name,
    /// The set.
    pub index: Name,
}

/// What a test gives.
#[derive(Clone, Debug)]
pub enum GivenValue {
    /// A number.
    Number(Number),
    /// A date.
    Date(Spanned<i32>),
    /// A text.
    Text(Text),
    /// `yes`, `no`, or options.
    Words(Vec<Name>),
}

/// Something a rule does.
#[derive(Clone, Debug)]
pub struct Action {
    /// What.
    pub kind: ActionKind,
    /// Where it is written.
    pub span: Span,
}

/// The kinds of action.
#[derive(Clone, Debug)]
pub enum ActionKind {
    /// `conclude a(s)`
    Conclude(Atom),
    /// `suspect a likelihood e`
    Suspect {
        /// Mode or factor.
        node: Name,
        /// How likely.
        likelihood: Expression,
    },
    /// `exonerate a by e`
    Exonerate {
        /// Mode or factor.
        node: Name,
        /// By how much.
        by: Expression,
    },
    /// `raise severity of a by 2`
    Adjust {
        /// `raise`, `lower` or `set`.
        change: Name,
        /// `severity` or `detectability`.
        rating: Name,
        /// The mode.
        mode: Name,
        /// `by` or `to`.
        step: Name,
        /// How much.
        amount: Expression,
    },
    /// `recommend a`
    Recommend(Name),
    /// `contraindicate a because "…"`
    Contraindicate {
        /// The mitigation.
        mitigation: Name,
        /// Why.
        because: Option<Text>,
    },
    /// `require x`
    Require(Name),
    /// `flag advise "…"`
    Flag {
        /// How loud.
        level: Name,
        /// What.
        text: Text,
    },
}

/// A name with what stands in brackets after it.
#[derive(Clone, Debug)]
pub struct Atom {
    /// The name.
    pub name: Name,
    /// In which brackets the arguments stand.
    pub brackets: Brackets,
    /// The arguments.
    pub arguments: Vec<Argument>,
    /// Where it is written.
    pub span: Span,
}

/// The brackets of an [`Atom`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Brackets {
    /// None at all.
    None,
    /// `(…)`
    Round,
    /// `[…]`
    Square,
}

/// An argument; `x -> y` in a ramp.
#[derive(Clone, Debug)]
pub struct Argument {
    /// The argument.
    pub value: Expression,
    /// What stands after the arrow.
    pub target: Option<Expression>,
}

/// A condition or expression; which one is settled by the model.
#[derive(Clone, Debug)]
pub struct Expression {
    /// What it is.
    pub kind: ExpressionKind,
    /// Where it is written.
    pub span: Span,
}

/// The kinds of condition and expression.
#[derive(Clone, Debug)]
pub enum ExpressionKind {
    /// `10%`, `3 months`
    Number(Number),
    /// `2024-05-31`, in days since 1970-01-01.
    Date(i32),
    /// `"sex=F"`
    Text(String),
    /// An input, finding or function.
    Atom(Atom),
    /// `( … )`
    Group(Box<Expression>),
    /// At least two, all of which hold.
    And(Vec<Expression>),
    /// At least two, one of which holds.
    Or(Vec<Expression>),
    /// `not …`
    Not(Box<Expression>),
    /// `a < b`
    Compare {
        /// Left side.
        left: Box<Expression>,
        /// The sign.
        comparison: Spanned<Comparison>,
        /// Right side.
        right: Box<Expression>,
    },
    /// `a between b and c`
    Between {
        /// What is compared.
        value: Box<Expression>,
        /// Lower end.
        low: Box<Expression>,
        /// Upper end.
        high: Box<Expression>,
    },
    /// `a in b, c`
    In {
        /// What is compared.
        value: Box<Expression>,
        /// The options.
        options: Vec<Name>,
    },
    /// `a includes b`
    Includes {
        /// The set.
        value: Box<Expression>,
        /// The option.
        option: Name,
    },
    /// `a exceeds noise`
    ExceedsNoise(Box<Expression>),
    /// `any s in set where …`, `all s in set where …`
    Quantified {
        /// Whether it is `all`.
        all: bool,
        /// The variable.
        variable: Name,
        /// The set.
        index: Name,
        /// The condition.
        condition: Box<Expression>,
    },
    /// `a + b`
    Arithmetic {
        /// The sign.
        operator: Spanned<Operator>,
        /// Left side.
        left: Box<Expression>,
        /// Right side.
        right: Box<Expression>,
    },
    /// `-a`
    Negate(Box<Expression>),
    /// `count s in set where …`, `max s in set of …`
    Aggregate {
        /// Which.
        aggregate: Spanned<Aggregate>,
        /// The variable.
        variable: Name,
        /// The set.
        index: Name,
        /// Which members count.
        condition: Option<Box<Expression>>,
        /// Of what.
        of: Option<Box<Expression>>,
    },
}

/// A comparison sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
}

/// An arithmetic sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}

/// A figure over a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aggregate {
    /// `count`
    Count,
    /// `min`
    Min,
    /// `max`
    Max,
    /// `mean`
    Mean,
    /// `sum`
    Sum,
}

/// What a test expects.
#[derive(Clone, Debug)]
pub enum Expectation {
    /// `rule a not fired`
    Rule {
        /// The rule.
        rule: Name,
        /// `fired`, `not fired` or `undecided`.
        state: RuleState,
    },
    /// `likelihood of a >= 0.7`
    Measure {
        /// Which figure.
        measure: Name,
        /// Of what.
        node: Name,
        /// The sign.
        comparison: Comparison,
        /// With what.
        value: Number,
    },
    /// `finding a("sex=F")`, `no finding a`
    Finding {
        /// The finding.
        atom: Atom,
        /// False after `no`.
        present: bool,
    },
    /// `recommended a`, `not recommended a`
    Recommended {
        /// The mitigation.
        mitigation: Name,
        /// False after `not`.
        present: bool,
    },
    /// `contraindicated a`
    Contraindicated(Name),
    /// `verdict a`
    Verdict(Name),
    /// `flagged "…"`
    Flagged(Text),
}

/// What a rule did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleState {
    /// It fired.
    Fired,
    /// It did not.
    NotFired,
    /// It cannot be told.
    Undecided,
}
