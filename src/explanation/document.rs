//! What an answer looks like before it is drawn: headings, paragraphs, tables and trees of words with
//! a tone. No terminal, no width, no colour; those are chosen in `report`.

/// An answer, ready to be drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// Its parts, top to bottom.
    pub blocks: Vec<Block>,
}

/// A part of an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A heading; level 1 names the whole.
    Heading {
        /// 1 or 2.
        level: u8,
        /// Its words.
        text: Line,
    },
    /// A paragraph, wrapped to the width.
    Paragraph(Line),
    /// Entries one below the other, each with a mark and wrapped under it.
    Entries(Vec<Entry>),
    /// Rows and columns.
    Table {
        /// Titles of the columns; no header is drawn where all are empty.
        columns: Vec<Column>,
        /// One line for each column.
        rows: Vec<Vec<Line>>,
    },
    /// Trees, one below the other.
    Trees(Vec<Tree>),
    /// Text to be kept as it is, such as commands to type.
    Verbatim(Vec<String>),
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its title.
    pub title: &'static str,
    /// Whether it holds figures.
    pub right: bool,
}

/// An entry of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What stands before it, such as `1.` or `-`.
    pub mark: String,
    /// Its first line.
    pub text: Line,
    /// Lines under it, fainter.
    pub details: Vec<Line>,
}

/// A line with lines that belong under it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tree {
    /// The line.
    pub line: Line,
    /// What belongs under it.
    pub children: Vec<Tree>,
}

impl Tree {
    /// Returns a line with nothing under it.
    pub fn leaf(line: impl Into<Line>) -> Self {
        Tree { line: line.into(), children: Vec::new() }
    }
}

/// Words in a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Pieces of one tone each.
    pub pieces: Vec<Piece>,
}

/// Words of one tone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The words.
    pub text: String,
    /// What they are.
    pub tone: Tone,
}

/// What words are; never the only sign of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Running text.
    #[default]
    Plain,
    /// What matters most.
    Strong,
    /// What may be skipped.
    Faint,
    /// A name that can be typed.
    Name,
    /// Fine.
    Good,
    /// Not certain, or worth a look.
    Warn,
    /// Bad.
    Bad,
}

impl Line {
    /// Returns an empty line.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds words of a tone.
    #[must_use]
    pub fn with(mut self, tone: Tone, text: impl Into<String>) -> Self {
        self.pieces.push(Piece { text: text.into(), tone });
        self
    }

    /// Adds running text.
    #[must_use]
    pub fn plain(self, text: impl Into<String>) -> Self {
        self.with(Tone::Plain, text)
    }

    /// Adds a name that can be typed.
    #[must_use]
    pub fn name(self, text: impl Into<String>) -> Self {
        self.with(Tone::Name, text)
    }

    /// Adds words that may be skipped.
    #[must_use]
    pub fn faint(self, text: impl Into<String>) -> Self {
        self.with(Tone::Faint, text)
    }

    /// Adds words that matter most.
    #[must_use]
    pub fn strong(self, text: impl Into<String>) -> Self {
        self.with(Tone::Strong, text)
    }

    /// Returns the words without their tones.
    pub fn text(&self) -> String {
        self.pieces.iter().map(|piece| piece.text.as_str()).collect()
    }
}

impl From<&str> for Line {
    fn from(text: &str) -> Self {
        Line::new().plain(text)
    }
}

impl From<String> for Line {
    fn from(text: String) -> Self {
        Line::new().plain(text)
    }
}

impl Document {
    /// Adds a heading.
    pub fn heading(&mut self, level: u8, text: impl Into<Line>) {
        self.blocks.push(Block::Heading { level, text: text.into() });
    }

    /// Adds a paragraph.
    pub fn paragraph(&mut self, text: impl Into<Line>) {
        self.blocks.push(Block::Paragraph(text.into()));
    }

    /// Adds trees.
    pub fn trees(&mut self, trees: Vec<Tree>) {
        self.blocks.push(Block::Trees(trees));
    }

    /// Adds the next things to type.
    pub fn next_steps(&mut self, commands: Vec<String>) {
        if !commands.is_empty() {
            self.heading(2, "Next");
            self.blocks.push(Block::Verbatim(commands));
        }
    }
}
