//! Which names are declared, as what, and where.
//!
//! Every table is sorted by name; the position in it is the id, so that nothing downstream can see
//! the order of files or declarations. A declaration that cannot be read keeps its name here, lest
//! everything that uses it be called unknown.

use super::super::error::{ModelError, article};
use super::super::import_error::ImportError;
use super::super::{
    CategoryId, CitationId, IndexId, IndexRef, InputId, MitigationId, NodeId, RelationId, RuleId, StressTestId,
    VerdictId,
};
use super::imports::Packs;
use super::overriding::{Overridden, is_overridable};
use crate::diagnostic::{Diagnostic, Diagnostics, nearest};
use crate::source::Span;
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
    /// Which pack it is declared in; 0 is the one that was asked for.
    pack: usize,
}

impl<'a> Entry<'a> {
    /// Returns what it is declared as, with its article.
    pub(super) fn noun(&self) -> &'static str {
        noun_of(self.keyword, "something else")
    }

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

    fn seal(&mut self, packs: &Packs<'_>, diagnostics: &mut Diagnostics) {
        // Stable, so that of two equal names the one in the imported pack or the first file stays.
        self.entries.sort_by(|left, right| left.name.cmp(right.name));
        let noun = self.noun;
        self.entries.dedup_by(|second, first| {
            let same = second.name == first.name;
            if same && second.pack != first.pack {
                diagnostics.push(ImportError::DeclaredInTwoPacks {
                    keyword: first.keyword.as_str(),
                    name: first.name.to_owned(),
                    first_pack: packs.names[first.pack].clone(),
                    first: first.span,
                    second_pack: packs.names[second.pack].clone(),
                    second: second.span,
                    can_override: packs.below[second.pack].contains(&first.pack) && is_overridable(first.keyword),
                });
            } else if same {
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
        Keyword::StressTest => "a stress test",
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
    /// The `pack` declarations of each pack.
    pub packs: Vec<Vec<Entry<'a>>>,
    pub citations: Table<'a, CitationId>,
    pub categories: Table<'a, CategoryId>,
    pub nodes: Table<'a, NodeId>,
    pub mitigations: Table<'a, MitigationId>,
    pub stress_tests: Table<'a, StressTestId>,
    pub indexes: Table<'a, IndexId>,
    pub inputs: Table<'a, InputId>,
    pub relations: Table<'a, RelationId>,
    pub rules: Table<'a, RuleId>,
    pub verdicts: Table<'a, VerdictId>,
    pub bands: Table<'a, usize>,
    pub priorities: Table<'a, usize>,
    /// Tests of the pack that was asked for, by name; broken ones are left out. Those of an imported pack are
    /// run on it alone: they say what it does when nothing is overridden.
    pub tests: Vec<&'a Declaration>,
    /// Whether something could not be read, so that a missing name may not be the author's mistake.
    pub incomplete: bool,
    /// Names of declarations of which not even the kind is known; sorted.
    unreadable: Vec<&'a str>,
    overridden: &'a Overridden,
}

impl<'a> Symbols<'a> {
    /// Collects the names of all packs.
    pub(super) fn collect(packs: &Packs<'a>, overridden: &'a Overridden, diagnostics: &mut Diagnostics) -> Self {
        let mut symbols = Self {
            packs: packs.names.iter().map(|_| Vec::new()).collect(),
            citations: Table::new("source"),
            categories: Table::new("category"),
            nodes: Table::new("mode or factor"),
            mitigations: Table::new("mitigation"),
            stress_tests: Table::new("stress test"),
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
            overridden,
        };
        let pieces = packs.order.iter().flat_map(|pack| packs.trees[*pack].iter().map(move |tree| (*pack, *tree)));
        for (pack, piece) in pieces.flat_map(|(pack, tree)| tree.pieces.iter().map(move |piece| (pack, piece))) {
            match &piece.kind {
                PieceKind::Declaration(declaration) => {
                    if let Some(holding) = overridden.holding(declaration) {
                        symbols.enter(pack, holding, diagnostics);
                    }
                }
                PieceKind::Broken { keyword, name } => {
                    symbols.incomplete = true;
                    if let (Some(keyword), Some(name)) = (keyword, name) {
                        let span = name.span;
                        let entry = Entry { name: &name.value, keyword: *keyword, declaration: None, span, pack };
                        symbols.enter_entry(entry);
                    } else if *keyword == Some(Keyword::Pack) {
                        symbols.packs[pack].push(Entry {
                            name: "",
                            keyword: Keyword::Pack,
                            declaration: None,
                            span: piece.span,
                            pack,
                        });
                    } else if let Some(name) = name {
                        symbols.unreadable.push(&name.value);
                    }
                }
                PieceKind::Stray => symbols.incomplete = true,
                PieceKind::Blank | PieceKind::Comment => {}
            }
        }
        symbols.citations.seal(packs, diagnostics);
        symbols.categories.seal(packs, diagnostics);
        symbols.nodes.seal(packs, diagnostics);
        symbols.mitigations.seal(packs, diagnostics);
        symbols.stress_tests.seal(packs, diagnostics);
        symbols.indexes.seal(packs, diagnostics);
        symbols.inputs.seal(packs, diagnostics);
        symbols.relations.seal(packs, diagnostics);
        symbols.rules.seal(packs, diagnostics);
        symbols.verdicts.seal(packs, diagnostics);
        symbols.bands.seal(packs, diagnostics);
        symbols.priorities.seal(packs, diagnostics);
        symbols.seal_tests(diagnostics);
        symbols.unreadable.sort_unstable();
        symbols
    }

    fn enter(&mut self, pack: usize, declaration: &'a Declaration, diagnostics: &mut Diagnostics) {
        let keyword = declaration.keyword.value;
        if keyword == Keyword::Test {
            if pack == 0 {
                self.tests.push(declaration);
            }
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
        let declaration = Some(declaration);
        self.enter_entry(Entry { name: &name.value, keyword, declaration, span: name.span, pack });
    }

    fn enter_entry(&mut self, entry: Entry<'a>) {
        let entries = match entry.keyword {
            Keyword::Pack => &mut self.packs[entry.pack],
            Keyword::Source => &mut self.citations.entries,
            Keyword::Category => &mut self.categories.entries,
            Keyword::Mode | Keyword::Factor => &mut self.nodes.entries,
            Keyword::Mitigation => &mut self.mitigations.entries,
            Keyword::StressTest => &mut self.stress_tests.entries,
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

    /// Returns the diagnostic for an error: a name that is missing may have been switched off.
    pub(super) fn explained(&self, error: ModelError) -> Diagnostic {
        let still_used = match &error {
            ModelError::NoSuchName { name, span, .. } | ModelError::NeverConcluded { name, span, .. } => {
                self.overridden.still_used(name, *span)
            }
            _ => None,
        };
        still_used.map_or_else(|| Diagnostic::from(error), Diagnostic::from)
    }

    /// Returns what else the name is declared as.
    pub(super) fn anything_called(&self, name: &str) -> Option<&Entry<'a>> {
        fn look<'t, 'a, I: From<usize>>(table: &'t Table<'a, I>, name: &str) -> Option<&'t Entry<'a>> {
            table.position(name).map(|position| &table.entries[position])
        }
        look(&self.nodes, name)
            .or_else(|| look(&self.inputs, name))
            .or_else(|| look(&self.mitigations, name))
            .or_else(|| look(&self.stress_tests, name))
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
                    actual: other.noun().to_owned(),
                    span: name.span,
                    declared: other.span,
                }),
                None => diagnostics.push(self.explained(ModelError::NoSuchName {
                    noun: table.noun,
                    name: name.value.clone(),
                    span: name.span,
                    nearest: nearest(&name.value, table.names()).map(str::to_owned),
                })),
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
