//! What can be wrong with imports and overrides.

use super::error::CycleLink;
use crate::diagnostic::{Code, Kind, Label, List};
use crate::source::Span;
use thiserror::Error;

/// A kind of error between packs.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[expect(missing_docs, reason = "the fields say what their names say; the message says how they belong together")]
pub enum ImportError {
    #[error("`{written}` is not a version requirement")]
    NotARequirement { written: String, span: Span },
    #[error("there is no pack called `{name}`")]
    NotFound { name: String, span: Span, roots: Vec<String>, nearest: Option<String> },
    #[error("the folder of `{name}` holds another pack, `{found}`")]
    OtherName { name: String, found: String, span: Span, declared: Span },
    #[error("`{name}` is at version {found}, which `{requirement}` does not allow")]
    Version { name: String, found: String, requirement: String, span: Span, declared: Span },
    #[error("`{name}` is wanted in two versions, and only one can be had")]
    TwoVersions { name: String, found: String, met: Side, unmet: Side, declared: Span },
    #[error("packs import each other in a circle")]
    Cycle { links: Vec<CycleLink> },
    #[error("`{name}` is imported twice")]
    ImportedTwice { name: String, first: Span, second: Span },
    #[error("`{name}` is declared in two packs, `{first_pack}` and `{second_pack}`")]
    DeclaredInTwoPacks {
        keyword: &'static str,
        name: String,
        first_pack: String,
        first: Span,
        second_pack: String,
        second: Span,
        /// Whether the second pack may override it.
        can_override: bool,
    },
    #[error("an override says why, and this one does not")]
    NoReason { name: String, span: Span },
    #[error("`{word}` is nothing that can be overridden")]
    NotOverridable { word: String, span: Span, nearest: Option<String> },
    #[error("no imported pack has {noun} called `{name}`")]
    NothingToOverride { noun: String, name: String, span: Span, nearest: Option<String> },
    #[error("`{name}` is {actual}, not {wanted}")]
    OtherKind { name: String, keyword: &'static str, actual: String, wanted: String, span: Span, declared: Span },
    #[error("`{name}` is this pack's own")]
    OwnDeclaration { name: String, span: Span, declared: Span },
    #[error("`{name}` belongs to `{pack}`, which `{by}` does not import")]
    NotImported { name: String, pack: String, by: String, span: Span, declared: Span },
    #[error("`{name}` is overridden twice")]
    OverriddenTwice { name: String, first: Span, second: Span, help: &'static str },
    #[error("an override cannot change {what}")]
    FixedPart { what: &'static str, span: Span, declared: Span, help: &'static str },
    #[error("what is switched off cannot be changed as well")]
    DisabledAndChanged { disabled: Span, change: Span },
    #[error("this override changes nothing")]
    ChangesNothing { span: Span },
    #[error("`{name}` is switched off, but still used")]
    StillUsed { name: String, used: Span, what: String, disabled: Span },
}

/// Who wants what, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// The importing pack.
    pub pack: String,
    /// What it wants, such as `^1.0`.
    pub requirement: String,
    /// Where.
    pub span: Span,
}

impl Kind for ImportError {
    fn code(&self) -> Code {
        match self {
            ImportError::DeclaredInTwoPacks { .. } | ImportError::ImportedTwice { .. } => Code::M102,
            ImportError::NotARequirement { .. } => Code::M130,
            ImportError::NotFound { .. } | ImportError::OtherName { .. } => Code::M131,
            ImportError::Version { .. } | ImportError::TwoVersions { .. } => Code::M132,
            ImportError::Cycle { .. } => Code::M133,
            ImportError::NoReason { .. } => Code::M134,
            ImportError::NotOverridable { .. }
            | ImportError::NothingToOverride { .. }
            | ImportError::OtherKind { .. }
            | ImportError::OwnDeclaration { .. }
            | ImportError::NotImported { .. } => Code::M135,
            ImportError::OverriddenTwice { .. } => Code::M136,
            ImportError::FixedPart { .. }
            | ImportError::DisabledAndChanged { .. }
            | ImportError::ChangesNothing { .. } => Code::M137,
            ImportError::StillUsed { .. } => Code::M138,
        }
    }

    fn labels(&self) -> Vec<Label> {
        let two = |first: Span, first_text: &str, second: Span, second_text: &str| {
            vec![Label::new(first, first_text), Label::new(second, second_text)]
        };
        match self {
            ImportError::NotARequirement { span, .. } => vec![Label::new(*span, "cannot be read")],
            ImportError::NotFound { span, .. } => vec![Label::new(*span, "imported here")],
            ImportError::OtherName { span, declared, found, .. } => {
                two(*span, "imported here", *declared, &format!("but it calls itself `{found}`"))
            }
            ImportError::Version { span, declared, found, .. } => {
                two(*span, "wanted here", *declared, &format!("version {found} was found here"))
            }
            ImportError::TwoVersions { met, unmet, declared, found, .. } => {
                let wants = |side: &Side| Label::new(side.span, format!("`{}` wants {}", side.pack, side.requirement));
                vec![wants(unmet), wants(met), Label::new(*declared, format!("version {found} was found here"))]
            }
            ImportError::Cycle { links } => {
                let label = |link: &CycleLink| Label::new(link.span, format!("`{}` imports `{}`", link.from, link.to));
                links.iter().map(label).collect()
            }
            ImportError::ImportedTwice { first, second, .. } => two(*second, "again here", *first, "first here"),
            ImportError::DeclaredInTwoPacks { first, second, first_pack, second_pack, .. } => two(
                *second,
                &format!("declared here in `{second_pack}`"),
                *first,
                &format!("and here in `{first_pack}`"),
            ),
            ImportError::NoReason { span, .. } => vec![Label::new(*span, "why?")],
            ImportError::NotOverridable { span, .. } => vec![Label::new(*span, "not this")],
            ImportError::NothingToOverride { span, .. } => vec![Label::new(*span, "not in any imported pack")],
            ImportError::OtherKind { span, declared, actual, .. } => {
                two(*span, "overridden here", *declared, &format!("declared here as {actual}"))
            }
            ImportError::OwnDeclaration { span, declared, .. } => {
                two(*span, "overridden here", *declared, "declared in the same pack")
            }
            ImportError::NotImported { span, declared, .. } => {
                two(*span, "overridden here", *declared, "declared in a pack that is not imported")
            }
            ImportError::OverriddenTwice { first, second, .. } => {
                two(*second, "overridden again here", *first, "first overridden here")
            }
            ImportError::FixedPart { span, declared, .. } => two(*span, "changed here", *declared, "declared here"),
            ImportError::DisabledAndChanged { disabled, change } => {
                two(*change, "changed here", *disabled, "switched off here")
            }
            ImportError::ChangesNothing { span } => vec![Label::new(*span, "no clause, no title")],
            ImportError::StillUsed { used, what, disabled, .. } => two(*used, what, *disabled, "switched off here"),
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            ImportError::NotARequirement { .. } => {
                "write `^1.0` for 1.0 and what is compatible with it, `=1.2.3` for one version, or `>=1.2, <2`".into()
            }
            ImportError::NotFound { nearest: Some(nearest), .. } => format!("did you mean `{nearest}`?"),
            ImportError::NotFound { roots, .. } if roots.is_empty() => {
                "only built-in packs can be imported here; `--packs DIR` names a folder of packs".into()
            }
            ImportError::NotFound { roots, .. } => format!(
                "looked for a folder of that name with `.etio` files in {}, and among the built-in packs; links are \
                 not followed, and `--packs DIR` names another folder to look in",
                List::and(roots.iter().map(String::as_str))
            ),
            ImportError::OtherName { found, .. } => {
                format!("write `import {found} …` and give the folder that name, or put the right pack there")
            }
            ImportError::Version { found, .. } => {
                format!("check the pack against version {found} and allow it, or supply another version")
            }
            ImportError::TwoVersions { .. } => {
                "let both allow the same version: there is one copy of each pack, however many import it".into()
            }
            ImportError::Cycle { .. } => "move what both need into a third pack that both import".into(),
            ImportError::ImportedTwice { .. } => "keep one of them".into(),
            ImportError::DeclaredInTwoPacks { keyword, name, can_override: true, .. } => {
                format!(
                    "write `override {keyword} {name} because \"…\" {{ … }}` to change the imported one, or take another name"
                )
            }
            ImportError::DeclaredInTwoPacks { .. } => {
                "give one of them another name: together the packs are one knowledge base".into()
            }
            ImportError::NoReason { name, .. } => format!("write `{name} because \"…\"` before the brace"),
            ImportError::NotOverridable { nearest: Some(nearest), .. } => format!("did you mean `{nearest}`?"),
            ImportError::NotOverridable { .. } => {
                "write what it is before its name, such as `override rule …`; overridden can be a rule, mode, factor, \
                 mitigation, metric, input, question, band, priority or verdict"
                    .into()
            }
            ImportError::NothingToOverride { nearest: Some(nearest), .. } => format!("did you mean `{nearest}`?"),
            ImportError::NothingToOverride { .. } => {
                "declare it without `override`, or import the pack that has it".into()
            }
            ImportError::OtherKind { keyword, name, .. } => format!("write `override {keyword} {name} …`"),
            ImportError::OwnDeclaration { .. } => "change the declaration itself".into(),
            ImportError::NotImported { pack, .. } => format!("write `import {pack} …`"),
            ImportError::OverriddenTwice { help, .. } => (*help).into(),
            ImportError::FixedPart { help, .. } => (*help).into(),
            ImportError::DisabledAndChanged { .. } => "keep `disabled` alone, or the changes without it".into(),
            ImportError::ChangesNothing { .. } => {
                "write the clauses that are to be otherwise, or `disabled` to switch it off".into()
            }
            ImportError::StillUsed { .. } => "override what uses it as well, or leave it on".into(),
        })
    }
}
