//! Where cases come from: the files inside the binary, or texts given.

use super::case::Case;
use super::{from_yaml, records};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::facts::{Yaml, parse_yaml};
use crate::model::KnowledgeBase;
use crate::source::{SourceId, SourceMap};
use rayon::prelude::*;
use rust_embed::Embed;
use std::collections::BTreeMap;

#[derive(Embed)]
#[folder = "cases/"]
#[include = "*.yaml"]
struct BuiltIn;

/// Cases, sorted by name.
#[derive(Clone, Debug, Default)]
pub struct Corpus {
    /// The cases that could be read.
    pub cases: Vec<Case>,
}

impl Corpus {
    /// Tells whether a pack has any of the failure modes with which the cases are coded: one of another field has none.
    pub fn has_modes_of(&self, knowledge: &KnowledgeBase) -> bool {
        let mut codes = self.cases.iter().flat_map(|case| &case.modes).map(|coding| coding.mode.value.as_str());
        codes.any(|code| knowledge.nodes.values().any(|node| node.is_mode() && node.id == code))
    }

    /// Returns the case of that name.
    pub fn find(&self, id: &str) -> Option<&Case> {
        self.cases.iter().find(|case| case.id.value == id)
    }

    /// Returns the names of all cases.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.cases.iter().map(|case| case.id.value.as_str())
    }
}

/// Returns the files of the corpus inside the binary, with their names.
pub fn built_in_texts() -> Vec<(String, String)> {
    let mut names: Vec<_> = BuiltIn::iter().collect();
    names.sort();
    let text = |name: &str| BuiltIn::get(name).map(|file| String::from_utf8_lossy(&file.data).into_owned());
    names.iter().filter_map(|name| Some((format!("cases/{name}"), text(name)?))).collect()
}

/// Reads files of cases, given with their names: one case each, or lists of records. A case that is wrong is left out
/// and told of.
pub fn read_corpus(
    texts: impl IntoIterator<Item = (String, String)>,
    sources: &mut SourceMap,
) -> (Corpus, Diagnostics) {
    let mut problems = Diagnostics::default();
    let mut cases: BTreeMap<String, Case> = BTreeMap::new();
    let files: Vec<(String, SourceId)> =
        texts.into_iter().map(|(name, text)| (name.clone(), sources.add(name, text))).collect();
    // Side by side, since an assessment reads the whole corpus each time.
    let read = |(name, source): (String, SourceId)| {
        let mut own = Diagnostics::default();
        (cases_in(&name, source, sources, &mut own), own)
    };
    let found: Vec<(Vec<Case>, Diagnostics)> = files.into_par_iter().map(read).collect();
    let mut all = Vec::new();
    for (cases, own) in found {
        problems.append(own);
        all.extend(cases);
    }
    for case in all {
        if let Some(other) = cases.get(&case.id.value) {
            problems.push(
                Diagnostic::new(Code::D307, format!("there are two cases `{}`", case.id.value))
                    .with_label(other.id.span, "one is here")
                    .with_label(case.id.span, "and one here")
                    .with_help("give one of them another name, such as one with its year"),
            );
            continue;
        }
        cases.insert(case.id.value.clone(), case);
    }
    problems.sort(sources);
    (Corpus { cases: cases.into_values().collect() }, problems)
}

/// Reads one case, whatever its file is called.
pub fn read_case(name: &str, text: &str, sources: &mut SourceMap) -> (Option<Case>, Diagnostics) {
    let mut problems = Diagnostics::default();
    let source = sources.add(name, text);
    let case = from_yaml::read_case(source, sources, &mut problems);
    (case, problems)
}

/// Returns the cases of a file: one in a block of keys, or many in a list of records.
fn cases_in(name: &str, source: SourceId, sources: &SourceMap, problems: &mut Diagnostics) -> Vec<Case> {
    let tree = match parse_yaml(source, sources) {
        Ok(tree) => tree,
        Err(problem) => {
            problems.push(problem);
            return Vec::new();
        }
    };
    if let Yaml::List(nodes) = &tree.value {
        return records::cases(nodes, tree.span, problems);
    }
    let case = from_yaml::if_right(problems, |problems| from_yaml::case(&tree, problems));
    if let Some(problem) = case.as_ref().and_then(|case| misnamed(case, name)) {
        problems.push(problem);
    }
    case.into_iter().collect()
}

fn misnamed(case: &Case, name: &str) -> Option<Diagnostic> {
    let stem = name.rsplit('/').next().unwrap_or(name).trim_end_matches(".yaml");
    (stem != case.id.value).then(|| {
        Diagnostic::new(Code::D306, format!("the case `{}` is in a file of another name", case.id.value))
            .with_label(case.id.span, format!("the file is called `{stem}.yaml`"))
            .with_help(format!("call the file `{}.yaml`, so that it can be found", case.id.value))
    })
}
