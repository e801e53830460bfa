//! Which packs import which, in which versions, and in what order they build on each other.
//!
//! Nothing is read here: the packs are there, and what was not found is known by not being among them.

use super::super::check;
use super::super::error::CycleLink;
use super::super::import_error::{ImportError, Side};
use crate::diagnostic::{Diagnostics, nearest};
use crate::source::{SourceMap, Span};
use crate::syntax::SyntaxTree;
use crate::syntax::ast::{ClauseKind, Declaration, HeaderKind, Keyword, PieceKind};
use semver::{Version, VersionReq};
use std::collections::{BTreeMap, BTreeSet};

/// A pack as it was read.
#[derive(Clone, Copy, Debug)]
pub struct PackTrees<'a> {
    /// The name that it is imported by; that of the pack that was asked for does not matter.
    pub name: &'a str,
    /// Its files.
    pub trees: &'a [SyntaxTree],
}

/// Where imported packs were looked for.
#[derive(Clone, Debug, Default)]
pub struct Searched {
    /// The folders, in the order in which they were tried.
    pub roots: Vec<String>,
    /// The names of the packs that are there.
    pub names: Vec<String>,
}

/// The packs of a run and how they build on each other. The first is the one that was asked for.
pub(super) struct Packs<'a> {
    /// The trees of each pack, in order of file name.
    pub trees: Vec<Vec<&'a SyntaxTree>>,
    pub names: Vec<String>,
    /// Each pack after those that it imports.
    pub order: Vec<usize>,
    /// What each pack imports, in order of name.
    pub imports: Vec<Vec<PackImport>>,
    /// What each pack imports, or its imports import.
    pub below: Vec<BTreeSet<usize>>,
}

/// An import whose pack is there.
pub(super) struct PackImport {
    pub to: usize,
    /// As written.
    pub written: String,
    requirement: VersionReq,
    pub span: Span,
}

/// What the `pack` declaration of a pack says of it.
#[derive(Clone, Default)]
struct Head {
    version: Option<Version>,
    span: Option<Span>,
}

impl<'a> Packs<'a> {
    /// Returns the packs if every import can be met; what cannot is reported, and since names would be
    /// missing nothing else could be said.
    pub(super) fn resolve(
        packs: &[PackTrees<'a>],
        searched: &Searched,
        sources: &SourceMap,
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        let mut trees: Vec<Vec<&SyntaxTree>> = packs.iter().map(|pack| pack.trees.iter().collect()).collect();
        for files in &mut trees {
            files.sort_by_key(|tree| (sources.file(tree.source).name(), tree.source));
        }
        let mut names: Vec<String> = packs.iter().map(|pack| pack.name.to_owned()).collect();
        let mut heads = vec![Head::default(); packs.len()];
        for (place, files) in trees.iter().enumerate() {
            let Some(declaration) = declarations(files).find(|found| found.keyword.value == Keyword::Pack) else {
                continue;
            };
            let Some(name) = &declaration.name else { continue };
            heads[place] = Head { version: version_of(declaration), span: Some(name.span) };
            if place == 0 {
                names[0].clone_from(&name.value);
            }
        }
        let mut sound = true;
        let mut imports: Vec<Vec<PackImport>> = Vec::new();
        for files in &trees {
            let (found, all) = read_imports(files, &names, searched, diagnostics);
            imports.push(found);
            sound &= all;
        }
        sound &= check_names(&trees, &names, &imports, diagnostics);
        sound &= check_versions(&names, &heads, &imports, diagnostics);
        let edges = |place: usize| imports[place].iter().map(|import| import.to).collect();
        let successors: Vec<Vec<usize>> = (0..packs.len()).map(edges).collect();
        let cycles = check::cycles::each(&successors);
        for cycle in &cycles {
            let links = cycle.windows(2).filter_map(|pair| {
                let [from, to] = pair else { return None };
                let import = imports[*from].iter().find(|import| import.to == *to)?;
                Some(CycleLink {
                    from: names[*from].clone(),
                    to: names[*to].clone(),
                    verb: "imports",
                    span: import.span,
                })
            });
            diagnostics.push(ImportError::Cycle { links: links.collect() });
        }
        if !sound || !cycles.is_empty() {
            return None;
        }
        let component = check::cycles::components(&successors);
        let mut order: Vec<usize> = (0..packs.len()).collect();
        order.sort_by_key(|place| component[*place]);
        let mut below = vec![BTreeSet::new(); packs.len()];
        for place in order.iter().copied() {
            let reached: BTreeSet<usize> =
                successors[place].iter().flat_map(|next| below[*next].iter().copied().chain([*next])).collect();
            below[place] = reached;
        }
        Some(Packs { trees, names, order, imports, below })
    }

    /// Returns every readable declaration with its pack: imported packs first, each in order of file.
    pub(super) fn declarations(&self) -> impl Iterator<Item = (usize, &'a Declaration)> {
        self.order.iter().flat_map(|place| declarations(&self.trees[*place]).map(move |found| (*place, found)))
    }
}

fn declarations<'t, 'a>(files: &'t [&'a SyntaxTree]) -> impl Iterator<Item = &'a Declaration> + use<'t, 'a> {
    files.iter().flat_map(|tree| tree.declarations())
}

fn version_of(pack: &Declaration) -> Option<Version> {
    pack.clauses.iter().find_map(|clause| match &clause.kind {
        ClauseKind::Version(written) => written.value.parse().ok(),
        _ => None,
    })
}

/// Returns the imports of one pack, and whether they are all that it wants.
fn read_imports(
    files: &[&SyntaxTree],
    names: &[String],
    searched: &Searched,
    diagnostics: &mut Diagnostics,
) -> (Vec<PackImport>, bool) {
    // An import that cannot be read has been reported.
    let is_broken_import = |kind: &PieceKind| matches!(kind, PieceKind::Broken { keyword: Some(Keyword::Import), .. });
    let mut all = !files.iter().flat_map(|tree| &tree.pieces).any(|piece| is_broken_import(&piece.kind));
    let mut found: Vec<PackImport> = Vec::new();
    for declaration in declarations(files).filter(|declaration| declaration.keyword.value == Keyword::Import) {
        let requirement = declaration.header.iter().find_map(|header| match &header.kind {
            HeaderKind::Requirement(written) => Some(written),
            _ => None,
        });
        let (Some(name), Some(written)) = (&declaration.name, requirement) else {
            all = false;
            continue;
        };
        let text = written.value.trim();
        let Ok(requirement) = VersionReq::parse(text) else {
            diagnostics.push(ImportError::NotARequirement { written: text.to_owned(), span: written.span });
            all = false;
            continue;
        };
        let span = name.span.to(written.span);
        let Some(to) = names.iter().position(|known| *known == name.value) else {
            let candidates = searched.names.iter().chain(names).map(String::as_str);
            diagnostics.push(ImportError::NotFound {
                name: name.value.clone(),
                span: name.span,
                roots: searched.roots.clone(),
                nearest: nearest(&name.value, candidates).map(str::to_owned),
            });
            all = false;
            continue;
        };
        if let Some(first) = found.iter().find(|import| import.to == to) {
            diagnostics.push(ImportError::ImportedTwice { name: name.value.clone(), first: first.span, second: span });
            all = false;
            continue;
        }
        found.push(PackImport { to, written: text.to_owned(), requirement, span });
    }
    found.sort_by(|left, right| names[left.to].cmp(&names[right.to]));
    (found, all)
}

/// Tells whether each folder holds the pack whose name it bears.
fn check_names(
    trees: &[Vec<&SyntaxTree>],
    names: &[String],
    imports: &[Vec<PackImport>],
    diagnostics: &mut Diagnostics,
) -> bool {
    let mut sound = true;
    for import in imports.iter().flatten() {
        let declared = declarations(&trees[import.to]).find(|found| found.keyword.value == Keyword::Pack);
        let Some(declared) = declared.and_then(|declaration| declaration.name.as_ref()) else { continue };
        if declared.value != names[import.to] {
            sound = false;
            diagnostics.push(ImportError::OtherName {
                name: names[import.to].clone(),
                found: declared.value.clone(),
                span: import.span,
                declared: declared.span,
            });
        }
    }
    sound
}

/// Tells whether each pack is at a version that all who import it allow.
fn check_versions(
    names: &[String],
    heads: &[Head],
    imports: &[Vec<PackImport>],
    diagnostics: &mut Diagnostics,
) -> bool {
    let mut wanted: BTreeMap<usize, Vec<(usize, &PackImport)>> = BTreeMap::new();
    for (by, import) in imports.iter().enumerate().flat_map(|(by, imports)| imports.iter().map(move |one| (by, one))) {
        wanted.entry(import.to).or_default().push((by, import));
    }
    let mut sound = true;
    for (to, wants) in wanted {
        // A pack without a version is reported where it is declared.
        let (Some(version), Some(declared)) = (&heads[to].version, heads[to].span) else { continue };
        let (met, unmet): (Vec<_>, Vec<_>) = wants.iter().partition(|(_, import)| import.requirement.matches(version));
        let side = |(by, import): &(usize, &PackImport)| Side {
            pack: names[*by].clone(),
            requirement: import.written.clone(),
            span: import.span,
        };
        for want in &unmet {
            sound = false;
            let (name, found) = (names[to].clone(), version.to_string());
            diagnostics.push(match met.first() {
                Some(met) => ImportError::TwoVersions { name, found, met: side(met), unmet: side(want), declared },
                None => {
                    let Side { requirement, span, .. } = side(want);
                    ImportError::Version { name, found, requirement, span, declared }
                }
            });
        }
    }
    sound
}
