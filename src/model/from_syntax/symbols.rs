//! Which names are declared, as what, and where.
//!
//! Every table is sorted by name; the position in it is the id, so that nothing downstream can see
//! the order of files or declarations. A declaration that cannot be read keeps its name here, lest
//! everything that uses it be called unknown.

use super::super::error::{ModelError, article};
use super::super::{
    CategoryId, CitationId, IndexId, IndexRef, InputId, MitigationId, NodeId, RelationId, RuleId, VerdictId,
};
use crate::diagnostic::{Diagnostics, nearest};
use crate::source::Span;
use crate::syntax::SyntaxTree;
use crate::syntax::ast::{ClauseKind, Declaration, Keyword, Name, PieceKind};
use std::marker::PhantomData;

/// A declared name.
pub(super) struct Entry<'a> {
    pub name: &'a str,
    pub keyword: Keyword,
    /// None where it cannot be read.
    pub declaration: Option<&'a Declaration>,
    /// Where the name is written.
    pub span: Span,
}

impl<'a> Entry<'a> {
    /// Returns since when the name is out of use, and what replaces it.
    fn deprecation(&self) -> Option<(&'a Name, Option<&'a Name>)> {
        self.declaration?.clauses.iter().find_map(|clause| match &clause.kind {
            ClauseKind::Deprecated { since, replacement } => Some((since, replacement.as_ref())),
            _ => None,
        })
    }
}

/// The names of one kind, sorted.
pub(super) struct Table<'a, I> {
    pub entries: Vec<Entry<'a>>,
    noun: &'static str,
    id: PhantomData<I>,
}

impl<'a, I: From<usize>> Table<'a, I> {
    fn new(noun: &'static str) -> Self {
        Self { entries: Vec::new(), noun, id: PhantomData }
    }

    fn seal(&mut self, diagnostics: &mut Diagnostics) {
        // Stable, so that of two equal names the one in the first file stays.
        self.entries.sort_by(|left, right| left.name.cmp(right.name));
        let noun = self.noun;
        self.entries.dedup_by(|second, first| {
            let same = second.name == first.name;
            if same {
                diagnostics.push(ModelError::DeclaredTwice {
                    noun: noun_of(first.keyword, noun),
                    name: first.name.to_owned(),
                    first: first.span,
                    second: second.span,
                });
            }
            same
        });
    }

    pub(super) fn find(&self, name: &str) -> Option<I> {
        self.position(name).map(I::from)
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.entries.binary_search_by(|entry| entry.name.cmp(name)).ok()
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &'a str> {
        self.entries.iter().map(|entry| entry.name)
    }
}

fn noun_of(keyword: Keyword, otherwise: &'static str) -> &'static str {
    match keyword {
        Keyword::Mode => "a mode",
        Keyword::Factor => "a factor",
        Keyword::Metric => "a metric",
        Keyword::Input => "an input",
        Keyword::Question => "a question",
        Keyword::Source => "a source",
        Keyword::Category => "a category",
        Keyword::Mitigation => "a mitigation",
        Keyword::Index => "an index set",
        Keyword::Entity => "an entity",
        Keyword::Relation => "a relation",
        Keyword::Rule => "a rule",
        Keyword::Verdict => "a verdict",
        _ => otherwise,
    }
}

/// All declared names.
pub(super) struct Symbols<'a> {
    pub packs: Vec<Entry<'a>>,
    pub citations: Table<'a, CitationId>,
    pub categories: Table<'a, CategoryId>,
    pub nodes: Table<'a, NodeId>,
    pub mitigations: Table<'a, MitigationId>,
    pub indexes: Table<'a, IndexId>,
    pub inputs: Table<'a, InputId>,
    pub relations: Table<'a, RelationId>,
    pub rules: Table<'a, RuleId>,
    pub verdicts: Table<'a, VerdictId>,
    pub bands: Table<'a, usize>,
    pub priorities: Table<'a, usize>,
    /// Tests, by name; broken ones are left out.
    pub tests: Vec<&'a Declaration>,
    /// Whether something could not be read, so that a missing name may not be the author's mistake.
    pub incomplete: bool,
    /// Names of declarations of which not even the kind is known; sorted.
    unreadable: Vec<&'a str>,
}

impl<'a> Symbols<'a> {
    /// Collects the names of all trees, which are in order of file name.
    pub(super) fn collect(trees: &[&'a SyntaxTree], diagnostics: &mut Diagnostics) -> Self {
        let mut symbols = Self {
            packs: Vec::new(),
            citations: Table::new("source"),
            categories: Table::new("category"),
            nodes: Table::new("mode or factor"),
            mitigations: Table::new("mitigation"),
            indexes: Table::new("index set"),
            inputs: Table::new("input"),
            relations: Table::new("relation"),
            rules: Table::new("rule"),
            verdicts: Table::new("verdict"),
            bands: Table::new("band"),
            priorities: Table::new("priority"),
            tests: Vec::new(),
            incomplete: false,
            unreadable: Vec::new(),
        };
        for piece in trees.iter().flat_map(|tree| &tree.pieces) {
            match &piece.kind {
                PieceKind::Declaration(declaration) => symbols.enter(declaration, diagnostics),
                PieceKind::Broken { keyword, name } => {
                    symbols.incomplete = true;
                    if let (Some(keyword), Some(name)) = (keyword, name) {
                        let entry = Entry { name: &name.value, keyword: *keyword, declaration: None, span: name.span };
                        symbols.enter_entry(entry);
                    } else if *keyword == Some(Keyword::Pack) {
                        symbols.packs.push(Entry {
                            name: "",
                            keyword: Keyword::Pack,
                            declaration: None,
                            span: piece.span,
                        });
                    } else if let Some(name) = name {
                        symbols.unreadable.push(&name.value);
                    }
                }
                PieceKind::Stray => symbols.incomplete = true,
                PieceKind::Blank | PieceKind::Comment => {}
            }
        }
        symbols.citations.seal(diagnostics);
        symbols.categories.seal(diagnostics);
        symbols.nodes.seal(diagnostics);
        symbols.mitigations.seal(diagnostics);
        symbols.indexes.seal(diagnostics);
        symbols.inputs.seal(diagnostics);
        symbols.relations.seal(diagnostics);
        symbols.rules.seal(diagnostics);
        symbols.verdicts.seal(diagnostics);
        symbols.bands.seal(diagnostics);
        symbols.priorities.seal(diagnostics);
        symbols.seal_tests(diagnostics);
        symbols.unreadable.sort_unstable();
        symbols
    }

    fn enter(&mut self, declaration: &'a Declaration, diagnostics: &mut Diagnostics) {
        let keyword = declaration.keyword.value;
        if keyword == Keyword::Test {
            self.tests.push(declaration);
            return;
        }
        let Some(name) = &declaration.name else {
            let word = keyword.with_article();
            diagnostics.push(ModelError::MissingClause {
                what: "a name".into(),
                help: format!("write `{} some_name …`", keyword.as_str()),
                keyword: word,
                span: declaration.keyword.span,
            });
            self.incomplete = true;
            return;
        };
        self.enter_entry(Entry { name: &name.value, keyword, declaration: Some(declaration), span: name.span });
    }

    fn enter_entry(&mut self, entry: Entry<'a>) {
        let entries = match entry.keyword {
            Keyword::Pack => &mut self.packs,
            Keyword::Source => &mut self.citations.entries,
            Keyword::Category => &mut self.categories.entries,
            Keyword::Mode | Keyword::Factor => &mut self.nodes.entries,
            Keyword::Mitigation => &mut self.mitigations.entries,
            Keyword::Index | Keyword::Entity => &mut self.indexes.entries,
            Keyword::Relation => &mut self.relations.entries,
            Keyword::Metric | Keyword::Input | Keyword::Question => &mut self.inputs.entries,
            Keyword::Rule => &mut self.rules.entries,
            Keyword::Verdict => &mut self.verdicts.entries,
            Keyword::Band => &mut self.bands.entries,
            Keyword::Priority => &mut self.priorities.entries,
            Keyword::Test | Keyword::Import | Keyword::Override => return,
        };
        entries.push(entry);
    }

    fn seal_tests(&mut self, diagnostics: &mut Diagnostics) {
        let name = |declaration: &Declaration| declaration.title.as_ref().map(|title| title.value.clone());
        self.tests.sort_by_key(|declaration| name(declaration));
        self.tests.dedup_by(|second, first| {
            let same = name(second).is_some() && name(second) == name(first);
            if let (true, Some(first), Some(second)) = (same, &first.title, &second.title) {
                diagnostics.push(ModelError::DeclaredTwice {
                    noun: "a test",
                    name: first.value.clone(),
                    first: first.span,
                    second: second.span,
                });
            }
            same
        });
    }

    /// Tells whether a declaration of this name could not be read, so that nothing is known of it.
    pub(super) fn is_unreadable(&self, name: &str) -> bool {
        self.unreadable.binary_search(&name).is_ok()
    }

    /// Returns what else the name is declared as.
    pub(super) fn anything_called(&self, name: &str) -> Option<&Entry<'a>> {
        fn look<'t, 'a, I: From<usize>>(table: &'t Table<'a, I>, name: &str) -> Option<&'t Entry<'a>> {
            table.position(name).map(|position| &table.entries[position])
        }
        look(&self.nodes, name)
            .or_else(|| look(&self.inputs, name))
            .or_else(|| look(&self.mitigations, name))
            .or_else(|| look(&self.indexes, name))
            .or_else(|| look(&self.rules, name))
            .or_else(|| look(&self.citations, name))
            .or_else(|| look(&self.categories, name))
            .or_else(|| look(&self.verdicts, name))
            .or_else(|| look(&self.relations, name))
    }

    /// Returns the id of a name, or says that there is none.
    pub(super) fn resolve<I: From<usize>>(
        &self,
        table: &Table<'a, I>,
        name: &Name,
        diagnostics: &mut Diagnostics,
    ) -> Option<I> {
        let Some(position) = table.position(&name.value) else {
            if self.is_unreadable(&name.value) {
                return None;
            }
            match self.anything_called(&name.value) {
                Some(other) => diagnostics.push(ModelError::WrongKind {
                    name: name.value.clone(),
                    wanted: article(table.noun),
                    actual: noun_of(other.keyword, "something else").to_owned(),
                    span: name.span,
                    declared: other.span,
                }),
                None => diagnostics.push(ModelError::NoSuchName {
                    noun: table.noun,
                    name: name.value.clone(),
                    span: name.span,
                    nearest: nearest(&name.value, table.names()).map(str::to_owned),
                }),
            }
            return None;
        };
        let entry = &table.entries[position];
        if let Some((since, replacement)) = entry.deprecation() {
            diagnostics.push(ModelError::Deprecated {
                name: name.value.clone(),
                since: since.value.clone(),
                replacement: replacement.map(|name| name.value.clone()),
                span: name.span,
                declared: since.span,
            });
        }
        Some(I::from(position))
    }

    /// Returns the index set of that name, declared or built in.
    pub(super) fn index_set(&self, name: &Name, diagnostics: &mut Diagnostics) -> Option<IndexRef> {
        match name.value.as_str() {
            "mode" => Some(IndexRef::Modes),
            "factor" => Some(IndexRef::Factors),
            "mitigation" => Some(IndexRef::Mitigations),
            _ => self.resolve(&self.indexes, name, diagnostics).map(IndexRef::Declared),
        }
    }

    /// Returns the name of an index set.
    pub(super) fn index_name(&self, index: IndexRef) -> &'a str {
        match index {
            IndexRef::Declared(id) => self.indexes.entries[id.index()].name,
            IndexRef::Modes => "mode",
            IndexRef::Factors => "factor",
            IndexRef::Mitigations => "mitigation",
        }
    }
}
