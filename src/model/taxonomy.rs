//! Categories, modes, factors, mitigations, sources, bands and priorities.

use super::{CategoryId, CitationId, Named, NodeId};
use crate::source::{Span, Spanned};

/// What any declaration may carry beside its content.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// The `///` comment before the declaration.
    pub doc: Option<String>,
    /// The author's reason.
    pub because: Option<Spanned<String>>,
    /// The sources, in the order written.
    pub cites: Vec<Spanned<CitationId>>,
    /// Where the figures come from.
    pub basis: Option<Basis>,
    /// The pack version that brought it.
    pub since: Option<semver::Version>,
    /// Since when it is out of use, and what replaces it.
    pub deprecated: Option<Deprecation>,
    /// Items of standards that it covers.
    pub satisfies: Vec<(CitationId, Spanned<String>)>,
}

/// Where the figures of a declaration come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Basis {
    /// A cited source gives them.
    Published,
    /// They are counts over coded cases.
    Counted,
    /// The authors judged.
    Judgement,
}

/// A retired name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deprecation {
    /// The pack version that retired it.
    pub since: semver::Version,
    /// The name to use instead.
    pub replacement: Option<String>,
}

/// A `source`: literature, standard or checklist.
#[derive(Clone, Debug, Default)]
pub struct Citation {
    /// Its name.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Who wrote it.
    pub authors: Option<String>,
    /// Where it appeared.
    pub venue: Option<String>,
    /// When.
    pub year: Option<i32>,
    /// Digital object identifier.
    pub doi: Option<String>,
    /// arXiv identifier.
    pub arxiv: Option<String>,
    /// PubMed identifier.
    pub pmid: Option<String>,
    /// Address, where there is no better identifier.
    pub url: Option<String>,
    /// Items of a standard or checklist that `satisfies` may name, in the order written.
    pub items: Vec<Item>,
    /// Which of its items are not listed, and why.
    pub unread: Option<String>,
    /// Where it is declared.
    pub span: Option<Span>,
    /// Reason and the like.
    pub about: About,
}

impl Citation {
    /// Tells whether it is a standard or checklist, and not literature.
    pub fn is_checklist(&self) -> bool {
        !self.items.is_empty() || self.unread.is_some()
    }
}

/// An item of a standard or checklist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What the checklist calls it.
    pub code: String,
    /// What it is about.
    pub topic: Option<String>,
    /// Why nothing is asked about it.
    pub aside: Option<String>,
    /// Where it is written.
    pub span: Span,
}

/// A failure category, level 1 of the taxonomy.
#[derive(Clone, Debug)]
pub struct Category {
    /// Its name.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Where it is declared.
    pub span: Span,
    /// Reason, sources and the like.
    pub about: About,
}

/// A failure mode (level 2) or causal factor (level 3).
#[derive(Clone, Debug)]
pub struct Node {
    /// Its name.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Mode or factor.
    pub kind: NodeKind,
    /// The likelihood when nothing is known against it, 0..=1.
    pub base_rate: f64,
    /// What the base rate was counted from, if from anything.
    pub base_counted: Option<Counted>,
    /// Where the base rate is written with its counts.
    pub base_span: Option<Span>,
    /// What it causes, sorted by effect.
    pub causes: Vec<Cause>,
    /// The whole declaration.
    pub span: Span,
    /// Reason, sources and the like.
    pub about: About,
}

impl Node {
    /// Tells whether it is a failure mode.
    pub fn is_mode(&self) -> bool {
        matches!(self.kind, NodeKind::Mode { .. })
    }
}

/// What tells modes from factors.
#[derive(Clone, Debug)]
pub enum NodeKind {
    /// A failure mode.
    Mode {
        /// Its category.
        category: CategoryId,
        /// Where it arises.
        dimension: Dimension,
        /// Impact before any rule changes it, 1..=10.
        severity: f64,
        /// Detectability before any rule changes it, 1..=10.
        detectability: f64,
    },
    /// A causal factor.
    Factor,
}

/// Where a mode arises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dimension {
    /// The data.
    Data,
    /// The model.
    Model,
    /// The deployment.
    Deployment,
    /// An adversary.
    Adversarial,
}

/// A link from a cause to its effect.
#[derive(Clone, Debug)]
pub struct Cause {
    /// What is caused.
    pub effect: NodeId,
    /// The probability that the cause alone brings it, 0..=1.
    pub strength: f64,
    /// What the strength was counted from, if from anything.
    pub counted: Option<Counted>,
    /// Where the strength is written with its counts.
    pub strength_span: Span,
    /// Where the link is written.
    pub span: Span,
    /// Reason, sources and basis of the link alone.
    pub about: About,
}

/// What a figure was counted from: cases of a corpus. The figure lies inside of `interval`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Counted {
    /// How many cases, of how many.
    pub share: Tally,
    /// What that is held against: how many of the cases without the cause.
    pub against: Option<Tally>,
    /// The 95 % interval of the figure, 0..=1.
    pub interval: (f64, f64),
    /// What the authors judged the figure to be without counting, 0..=1.
    pub judged: f64,
}

/// So many of so many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// How many.
    pub hits: u64,
    /// Of how many; at least `hits`.
    pub of: u64,
}

/// A remedy.
#[derive(Clone, Debug)]
pub struct Mitigation {
    /// Its name.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it works on; at least one.
    pub addresses: Vec<Address>,
    /// How much work it is.
    pub effort: Effort,
    /// What it needs.
    pub needs: Option<String>,
    /// The whole declaration.
    pub span: Span,
    /// Reason, sources and the like.
    pub about: About,
}

/// What a mitigation works on.
#[derive(Clone, Debug)]
pub struct Address {
    /// The mode or factor, or the cause of the link.
    pub node: NodeId,
    /// The effect of the link, where a link is addressed.
    pub link_to: Option<NodeId>,
    /// The share that is removed, 0..=1.
    pub effect: f64,
    /// Where it is written.
    pub span: Span,
    /// Reason, sources and basis of this effect alone.
    pub about: About,
}

/// How much work a mitigation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Effort {
    /// Days.
    Low,
    /// Weeks.
    Medium,
    /// Months.
    High,
}

/// A band of risk; it ends where the next begins.
#[derive(Clone, Debug)]
pub struct Band {
    /// Its name.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its lowest risk, 0..=100.
    pub from: f64,
    /// The whole declaration.
    pub span: Span,
    /// Reason, sources and the like.
    pub about: About,
}

/// How soon to act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PriorityLevel {
    /// Can wait.
    Low,
    /// Should be planned.
    Medium,
    /// First.
    High,
}

/// A row of the priority table; all ends count.
#[derive(Clone, Debug)]
pub struct PriorityRow {
    /// The priority that a mode in this row gets.
    pub level: PriorityLevel,
    /// The level's title.
    pub title: String,
    /// Severity from and to.
    pub severity: (f64, f64),
    /// Likelihood from and to.
    pub likelihood: (f64, f64),
    /// Detectability from and to.
    pub detectability: (f64, f64),
    /// Where the row is written.
    pub span: Span,
}

macro_rules! named {
    ($($type:ident)*) => {$(
        impl Named for $type {
            fn name(&self) -> &str {
                &self.id
            }
        }
    )*};
}

named! { Citation Category Node Mitigation }
