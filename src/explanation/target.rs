//! What a question is about: a name, as people type it.

use super::Case;
use crate::diagnostic::{Code, Kind, Label, nearest, or_nearest};
use crate::inference::{Element, FindingInstance, RelationInstance};
use crate::model::{FindingId, IndexRef, InputId, KnowledgeBase, MitigationId, NodeId, RelationId, RuleId, VerdictId};

/// Something that can be asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A mode or factor.
    Node(NodeId),
    /// A rule.
    Rule(RuleId),
    /// A finding; with arguments where some were given.
    Finding(FindingId, Option<FindingInstance>),
    /// A mitigation.
    Mitigation(MitigationId),
    /// A verdict.
    Verdict(VerdictId),
    /// An input.
    Input(InputId),
    /// A relation; between particular members where some were given.
    Relation(RelationId, Option<RelationInstance>),
}

/// Why a name is nothing that can be asked about.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// Nothing has that name.
    #[error("nothing in this pack is called `{name}`")]
    Unknown {
        /// The name as typed.
        name: String,
        /// Every name that there is.
        names: Vec<String>,
    },
    /// The finding has no such members.
    #[error("`{name}` takes {expected}")]
    Arguments {
        /// The finding as typed.
        name: String,
        /// What it takes.
        expected: String,
        /// The member that is nearest to the first one that is not there.
        nearest: Option<String>,
    },
    /// There is no verdict to ask about.
    #[error("the pack gives no verdict here")]
    NoVerdict,
    /// The pack has switched it off.
    #[error("`{name}` of `{pack}` is switched off by `{by}`: {because}")]
    SwitchedOff {
        /// The name as typed.
        name: String,
        /// The pack that declares it.
        pack: String,
        /// The pack that switches it off.
        by: String,
        /// Why.
        because: String,
    },
}

impl Kind for TargetError {
    fn code(&self) -> Code {
        Code::X002
    }

    fn labels(&self) -> Vec<Label> {
        Vec::new()
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            TargetError::Unknown { name, names } => or_nearest(name, names.iter().map(String::as_str), || {
                "ask about a mode, factor, rule, finding, mitigation, input or `verdict`; `risks` lists the modes"
                    .into()
            }),
            TargetError::Arguments { nearest: Some(member), .. } => format!("did you mean `{member}`?"),
            TargetError::Arguments { nearest: None, .. } => "`facts` lists the members of each set".into(),
            TargetError::NoVerdict => "`risks` lists the risks".into(),
            TargetError::SwitchedOff { .. } => "`assess` lists everything that is changed".into(),
        })
    }
}

/// Words that may stand before a name.
const OPENINGS: [&str; 8] =
    ["likelihood of ", "risk of ", "severity of ", "detectability of ", "rule ", "finding ", "recommend ", "input "];

/// Returns what the words mean.
///
/// # Errors
/// `X002 unknown-name`, with the nearest name.
pub fn find_target(case: Case<'_>, words: &str) -> Result<Target, TargetError> {
    let mut name = words.trim();
    for opening in OPENINGS {
        name = name.strip_prefix(opening).map_or(name, str::trim);
    }
    let knowledge = case.knowledge;
    if name == "verdict" {
        return case.assessment.verdict.given.map(Target::Verdict).ok_or(TargetError::NoVerdict);
    }
    let name = name.strip_prefix("verdict ").map_or(name, str::trim);
    let (head, arguments) = match name.split_once('(') {
        Some((head, rest)) => (head.trim(), Some(rest.trim_end_matches(')'))),
        None => (name, None),
    };
    if let Some(id) = knowledge.findings.find(head) {
        return finding(case, id, name, arguments);
    }
    if let Some(id) = knowledge.relations.find(head) {
        let parameters: Vec<IndexRef> = knowledge.relations[id].indexes().map(IndexRef::Declared).collect();
        let arguments = arguments.map(|arguments| elements(case, &parameters, name, arguments)).transpose()?;
        return Ok(Target::Relation(id, arguments.map(|arguments| RelationInstance { relation: id, arguments })));
    }
    let found = knowledge
        .nodes
        .find(name)
        .map(Target::Node)
        .or_else(|| knowledge.rules.find(name).map(Target::Rule))
        .or_else(|| knowledge.mitigations.find(name).map(Target::Mitigation))
        .or_else(|| knowledge.verdicts.find(name).map(Target::Verdict))
        .or_else(|| knowledge.inputs.find(name).map(Target::Input));
    found.ok_or_else(|| match knowledge.overrides_of(name).find(|changed| changed.disabled) {
        Some(off) => TargetError::SwitchedOff {
            name: name.to_owned(),
            pack: off.pack.clone(),
            by: off.by.clone(),
            because: off.because.trim_end_matches('.').to_owned(),
        },
        None => TargetError::Unknown { name: name.to_owned(), names: target_names(knowledge) },
    })
}

fn finding(case: Case<'_>, id: FindingId, name: &str, arguments: Option<&str>) -> Result<Target, TargetError> {
    let parameters = &case.knowledge.findings[id].parameters;
    let Some(arguments) = arguments else {
        let instance = parameters.is_empty().then(|| FindingInstance { finding: id, arguments: Vec::new() });
        return Ok(Target::Finding(id, instance));
    };
    let arguments = elements(case, parameters, name, arguments)?;
    Ok(Target::Finding(id, Some(FindingInstance { finding: id, arguments })))
}

/// Returns the members that stand in the brackets after a name, one for each parameter.
fn elements(case: Case<'_>, parameters: &[IndexRef], name: &str, arguments: &str) -> Result<Vec<Element>, TargetError> {
    let names: Vec<&str> = arguments.split(',').map(|argument| argument.trim().trim_matches('"')).collect();
    let elements: Option<Vec<Element>> = parameters
        .iter()
        .zip(&names)
        .map(|(index, name)| match index {
            IndexRef::Declared(set) => case.facts.member(*set, name).map(Element::Member),
            IndexRef::Modes | IndexRef::Factors => case.knowledge.nodes.find(name).map(Element::Node),
            IndexRef::Mitigations => case.knowledge.mitigations.find(name).map(Element::Mitigation),
        })
        .collect();
    match elements {
        Some(elements) if names.len() == parameters.len() => Ok(elements),
        _ => {
            let expected: Vec<String> =
                parameters.iter().map(|index| format!("a member of {}", case.knowledge.index_name(*index))).collect();
            let absent = parameters.iter().zip(&names).find_map(|(index, member)| match index {
                IndexRef::Declared(set) if case.facts.member(*set, member).is_none() => Some((*set, *member)),
                _ => None,
            });
            let nearest = absent.and_then(|(set, member)| {
                nearest(member, case.facts.members(set).iter().map(String::as_str)).map(str::to_owned)
            });
            Err(TargetError::Arguments { name: name.to_owned(), expected: expected.join(" and "), nearest })
        }
    }
}

/// Returns every name that can be asked about, sorted.
pub fn target_names(knowledge: &KnowledgeBase) -> Vec<String> {
    let mut names: Vec<String> = ["verdict"]
        .into_iter()
        .chain(knowledge.nodes.names())
        .chain(knowledge.rules.names())
        .chain(knowledge.findings.names())
        .chain(knowledge.mitigations.names())
        .chain(knowledge.verdicts.names())
        .chain(knowledge.inputs.names())
        .chain(knowledge.relations.names())
        .map(str::to_owned)
        .collect();
    names.sort();
    names.dedup();
    names
}
