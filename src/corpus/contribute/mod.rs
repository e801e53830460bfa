//! A new case, one question after the other.
//!
//! The contributor is asked in plain words; each answer is checked at once, and what would be refused in a file is
//! refused here, with what is accepted. First come the sources, since nothing counts that nobody can look up. At the end
//! stands the text of a file, which is held against the form as any other. This module reads and writes no file: whoever
//! calls it lends it a [`Talk`] and keeps the text, or not.
//!
//! Start with [`contribute`].

mod checks;
mod dialogue;
mod draft;
mod figures;
mod sections;
mod what_failed;

pub use dialogue::Stopped;

use super::check::check_names;
use super::shelf::{Corpus, read_case};
use crate::diagnostic::{Diagnostics, or_nearest};
use crate::model::KnowledgeBase;
use crate::source::SourceMap;
use crate::talk::Talk;
use dialogue::Dialogue;
use sections::SECTIONS;

/// A case that the contributor wants to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contribution {
    /// Its name.
    pub name: String,
    /// The text of its file.
    pub text: String,
}

/// Walks a contributor through a new case. `is_taken` tells whether a case of that name is there already.
///
/// # Errors
/// Why there is no case: the contributor stopped or threw it away, or nobody answers any more.
pub fn contribute(
    talk: &mut dyn Talk,
    knowledge: &KnowledgeBase,
    is_taken: &dyn Fn(&str) -> bool,
) -> Result<Contribution, Stopped> {
    let mut dialogue = Dialogue::new(talk, knowledge, is_taken);
    dialogue.say(
        "A new case, one question after the other. Enter alone leaves out what the source does not say; `?` tells more; \
         `quit` stops. Nothing is written before you have seen the whole file and said yes.",
    );
    for (place, section) in SECTIONS.iter().enumerate() {
        dialogue.say(&format!("\n{} of {}: {}", place + 1, SECTIONS.len(), section.title));
        (section.ask)(&mut dialogue)?;
    }
    loop {
        let text = dialogue.draft.render();
        dialogue.say(&format!("\nThe file:\n\n```yaml\n{text}```\n"));
        let problems = problems_of(&text, knowledge);
        if !problems.is_empty() {
            dialogue.say("It cannot be kept as it is:");
            for problem in problems.iter() {
                dialogue.say(&format!("- {}", problem.message));
            }
        }
        let again = || SECTIONS.iter().map(|section| section.name);
        let answer = dialogue.needed(
            "Keep it? `yes` writes it, `no` throws it away; the name of a part asks for that part again.",
            &format!("The parts are {}.", again().collect::<Vec<_>>().join(", ")),
            |answer| {
                let known = ["yes", "no"].into_iter().chain(again());
                if known.clone().any(|word| word == answer) {
                    return Ok(answer.to_owned());
                }
                Err(or_nearest(answer, known, || "write `yes`, `no` or the name of a part; `?` lists them".to_owned()))
            },
        )?;
        match answer.as_str() {
            "no" => return Err(Stopped::Discarded),
            "yes" if problems.is_empty() => {
                return Ok(Contribution { name: dialogue.draft.name.clone(), text });
            }
            "yes" => dialogue.say("It would be refused; mend the part that is named above first."),
            part => {
                let section = SECTIONS.iter().find(|section| section.name == part);
                section.map_or(Ok(()), |section| (section.ask)(&mut dialogue))?;
                if part == "sources" && !dialogue.draft.figures.is_empty() {
                    dialogue.say("\nEach figure names the source in which it was read, so they are asked again.");
                    figures::ask_figures(&mut dialogue)?;
                }
            }
        }
    }
}

/// Holds the text against the form and the pack, as it would be if it came in a file.
fn problems_of(text: &str, knowledge: &KnowledgeBase) -> Diagnostics {
    let (case, mut problems) = read_case("the new case", text, &mut SourceMap::default());
    problems.append(check_names(&Corpus { cases: case.into_iter().collect() }, knowledge));
    problems
}
