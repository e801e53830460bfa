//! What the manifest says about a pilot: which files, which rows of them, which columns.

use super::companion::CompanionSpec;
use crate::source::Spanned;

/// The tables of a pilot and how to read them.
#[derive(Clone, Debug)]
pub struct PilotSpec {
    /// Rows from where the system was developed.
    pub development: Option<TableSpec>,
    /// A reference profile in place of the development table.
    pub profile: Option<Spanned<String>>,
    /// Rows from where it is to run.
    pub deployment: Option<TableSpec>,
    /// What each column means; the same in both tables.
    pub columns: ColumnRoles,
    /// A row is flagged when its score is this or more.
    pub threshold: Option<f64>,
    /// Groups with fewer rows than this are not shown.
    pub min_cell: u64,
    /// What the scores are.
    pub score_scale: ScoreScale,
    /// What to do with a row that lacks its label or its score.
    pub on_missing: OnMissing,
    /// Whether rows are kept.
    pub precision: Precision,
    /// Tables of other things than predictions, such as ratings.
    pub companions: Vec<CompanionSpec>,
}

/// The default of [`PilotSpec::min_cell`]: no count from 1 to 10 is shown.
pub const DEFAULT_MIN_CELL: u64 = 11;

impl Default for PilotSpec {
    fn default() -> Self {
        Self {
            development: None,
            profile: None,
            deployment: None,
            columns: ColumnRoles::default(),
            threshold: None,
            min_cell: DEFAULT_MIN_CELL,
            score_scale: ScoreScale::Probability,
            on_missing: OnMissing::Refuse,
            precision: Precision::Exact,
            companions: Vec::new(),
        }
    }
}

/// One table: a file, or the rows of a file for which every filter holds.
///
/// Two tables may name the same file, which is then read once. A folder, or a name with `*`, stands for all
/// the files in it whose rows follow each other in the order of the names.
#[derive(Clone, Debug, Default)]
pub struct TableSpec {
    /// The file as the manifest writes it.
    pub file: String,
    /// Column and value; a row belongs to the table when all hold. Values compare as text.
    pub filter: Vec<(Spanned<String>, Spanned<String>)>,
}

/// What the columns mean. A name with a `*` stands for every column that it matches.
#[derive(Clone, Debug, Default)]
pub struct ColumnRoles {
    /// The outcome: 0 or 1.
    pub label: Option<Spanned<String>>,
    /// The system's output.
    pub score: Option<Spanned<String>>,
    /// One probability for each class, where there are more than two; the label then holds classes. What a
    /// `*` stands for is the name of the class, else the name of the column is.
    pub scores: Vec<Spanned<String>>,
    /// The output of another model on the same rows, to compare the system with.
    pub compared: Option<Spanned<String>>,
    /// How many patients a row stands for, such as one over the chance with which it was sampled; more than 0.
    pub weight: Option<Spanned<String>>,
    /// Scores of equally good models, for underspecification.
    pub members: Vec<Spanned<String>>,
    /// Attribute and the column that holds it.
    pub groups: Vec<(String, Spanned<String>)>,
    /// When a row is from: a day, a month, a quarter. Ascending as numbers where all are numbers, as text
    /// otherwise, so dates are written year first.
    pub period: Option<Spanned<String>>,
    /// Attributes made of several columns, such as sex and age band together.
    pub intersections: Vec<(String, Vec<Spanned<String>>)>,
    /// Features that are numbers.
    pub numeric: Vec<Spanned<String>>,
    /// Features that are categories.
    pub categorical: Vec<Spanned<String>>,
}

/// What the scores are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ScoreScale {
    /// Probabilities, in 0..=1.
    #[default]
    Probability,
    /// Any numbers; then calibration is undefined.
    Raw,
}

/// What to do with a row that lacks its label or its score.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnMissing {
    /// Stop and say where.
    #[default]
    Refuse,
    /// Leave the row out and say how many were.
    Drop,
}

/// Whether values are those of the rows, or near them in memory that does not grow with the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Precision {
    /// Those of the rows, all of which are held in columns.
    #[default]
    Exact,
    /// Numbers of a column with many different ones are rounded; each value says how far it may be off.
    Approximate,
}

/// How a table is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated text with a header.
    Csv,
    /// The same, compressed by gzip.
    CsvGz,
    /// One JSON object on each line.
    JsonLines,
    /// The same, compressed by gzip.
    JsonLinesGz,
    /// Apache Parquet.
    Parquet,
    /// Arrow IPC, as a file (also known as Feather) or as a stream.
    Arrow,
    /// One numpy array.
    Numpy,
    /// Numpy arrays under names.
    NumpyArchive,
    /// Tensors under names, with a header in JSON.
    Safetensors,
    /// A dict of tensors that torch saved.
    Torch,
}

/// The endings of file names and what they stand for.
const ENDINGS: &[(&str, Format)] = &[
    (".csv", Format::Csv),
    (".csv.gz", Format::CsvGz),
    (".jsonl", Format::JsonLines),
    (".ndjson", Format::JsonLines),
    (".jsonl.gz", Format::JsonLinesGz),
    (".ndjson.gz", Format::JsonLinesGz),
    (".parquet", Format::Parquet),
    (".pq", Format::Parquet),
    (".arrow", Format::Arrow),
    (".arrows", Format::Arrow),
    (".feather", Format::Arrow),
    (".ipc", Format::Arrow),
    (".npy", Format::Numpy),
    (".npz", Format::NumpyArchive),
    (".safetensors", Format::Safetensors),
    (".pt", Format::Torch),
    (".pth", Format::Torch),
];

impl Format {
    /// What is said of a file whose name asks for no format.
    pub const HELP: &str = "tables end in `.csv`, `.jsonl` or `.ndjson`, each perhaps with `.gz`, in `.parquet`, `.arrow` or \
        `.feather`, or as arrays in `.npz`, `.npy`, `.safetensors` or `.pt`";

    /// Returns the format that a file's name asks for, or none.
    pub fn from_name(name: &str) -> Option<Format> {
        let name = name.to_ascii_lowercase();
        ENDINGS.iter().find(|(ending, _)| name.ends_with(ending)).map(|(_, format)| *format)
    }

    /// Tells whether the first line names the columns, so that row 1 stands on line 2.
    pub fn has_header_line(self) -> bool {
        matches!(self, Format::Csv | Format::CsvGz)
    }
}

/// The bytes of a table, opened by the outermost room.
#[derive(Debug)]
pub enum Content {
    /// In memory.
    Memory(bytes::Bytes),
    /// An open file, read from its start.
    File(std::fs::File),
    /// Files of one format whose rows follow each other, each with its name.
    Several(Vec<(String, Content)>),
}

/// A table as it arrives.
#[derive(Debug)]
pub struct TableData {
    /// The file as the manifest writes it; matches [`TableSpec::file`].
    pub file: String,
    /// How it is stored.
    pub format: Format,
    /// Its bytes.
    pub content: Content,
}

/// Which of a pilot's two tables, or which companion of theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TableRole {
    /// Rows from where the system was developed.
    Development,
    /// Rows from where it is to run.
    Deployment,
    /// What experts think of explanations.
    Ratings,
    /// What users think of the system.
    Survey,
    /// What work with the system is like.
    Workflow,
    /// What explanations say of predictions.
    Explanations,
    /// What the system foretells of a quantity.
    Estimates,
}

impl TableRole {
    /// The companion tables.
    pub const COMPANIONS: [TableRole; 5] =
        [TableRole::Ratings, TableRole::Survey, TableRole::Workflow, TableRole::Explanations, TableRole::Estimates];

    /// Returns the word in manifests: `development`, `deployment`, `ratings` and so on.
    pub fn as_str(self) -> &'static str {
        match self {
            TableRole::Development => "development",
            TableRole::Deployment => "deployment",
            TableRole::Ratings => "ratings",
            TableRole::Survey => "survey",
            TableRole::Workflow => "workflow",
            TableRole::Explanations => "explanations",
            TableRole::Estimates => "estimates",
        }
    }
}

impl std::fmt::Display for TableRole {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.as_str())
    }
}

/// What to do with a table whose labels are all equal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OneClass {
    /// Stop: most often the wrong column was named.
    #[default]
    Refuse,
    /// Go on; what needs both classes is undefined with that reason.
    Allow,
}
