//! One question after the other, until nothing is left that could change something.

use super::choice::{Choice, Open, Tally, asked_of};
use super::reason::{how_answered, why_asked};
use super::sheet::{Entry as Written, Sheet};
use super::typed::{Answer, expected, read};
use crate::diagnostic::{Code, Count, Diagnostic};
use crate::explanation::{Block, Case, Document, Entry, Line, moved_risks, value_text, with_digits};
use crate::facts::{Fact, FactStore};
use crate::model::{InputId, Value, VerdictId};
use crate::risk::{Assessment, Options, Quantity as _, assess_with};
use crate::talk::Talk;
use std::collections::BTreeSet;

/// Risks that are named after an answer.
const SHOWN_RISKS: usize = 2;

/// Who answers, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Respondent {
    /// A role or initials; asked for where there is none.
    pub by: Option<String>,
    /// The day, as `2026-05-31`.
    pub on: Option<String>,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// Questions that were answered.
    pub answered: BTreeSet<InputId>,
    /// Questions that were left for later.
    pub later: usize,
    /// What follows now.
    pub assessment: Assessment,
    /// How many questions there are of each standing now.
    pub tally: Tally,
    /// The verdict before.
    pub verdict_before: Option<VerdictId>,
    /// The total risk before, as an estimate.
    pub total_before: f64,
}

/// Asks the questions of a choice. `keep` is handed the whole text after every answer, so that nothing is lost whatever
/// comes.
///
/// # Errors
/// `X006 cannot-write` where an answer cannot be put into the text or `keep` refuses it, and whatever stops an assessment.
pub fn ask(
    talk: &mut dyn Talk,
    case: Case<'_>,
    choice: &Choice,
    respondent: &Respondent,
    sheet: Sheet,
    keep: &mut dyn FnMut(&str) -> Result<(), Diagnostic>,
) -> Result<Asked, Diagnostic> {
    let mut dialogue = Dialogue {
        talk,
        case,
        choice,
        respondent: respondent.clone(),
        sheet,
        keep,
        facts: case.facts.clone(),
        assessment: case.assessment.clone(),
        answered: BTreeSet::new(),
        later: BTreeSet::new(),
        trail: Vec::new(),
    };
    dialogue.run()?;
    let knowledge = case.knowledge;
    Ok(Asked {
        tally: Tally::new(knowledge, &dialogue.facts, &dialogue.assessment),
        later: dialogue.later.len(),
        answered: dialogue.answered,
        assessment: dialogue.assessment,
        verdict_before: case.assessment.verdict.given,
        total_before: case.assessment.total.estimate().get(),
    })
}

struct Dialogue<'a> {
    talk: &'a mut dyn Talk,
    case: Case<'a>,
    choice: &'a Choice,
    respondent: Respondent,
    sheet: Sheet,
    keep: &'a mut dyn FnMut(&str) -> Result<(), Diagnostic>,
    facts: FactStore,
    assessment: Assessment,
    answered: BTreeSet<InputId>,
    /// Questions that were left.
    later: BTreeSet<InputId>,
    /// Every question that was shown, in order, for going back.
    trail: Vec<InputId>,
}

/// What was said to a question.
enum Said {
    Answer(Answer),
    Unknown,
    Later,
    Back,
    Quit,
}

impl Dialogue<'_> {
    fn run(&mut self) -> Result<(), Diagnostic> {
        let mut done: BTreeSet<InputId> = BTreeSet::new();
        let count = self.open(&done).len();
        self.greet(count);
        if count == 0 || !self.ask_who() {
            return Ok(());
        }
        let mut again: Option<InputId> = None;
        loop {
            let input = match again.take() {
                Some(input) => input,
                None => match self.open(&done).first() {
                    Some(open) => open.input,
                    None => {
                        self.talk.say("\nNothing is left to ask.");
                        return Ok(());
                    }
                },
            };
            match self.put(input, self.open(&done).len())? {
                Said::Quit => return Ok(()),
                Said::Back => match self.trail.pop() {
                    Some(before) => {
                        done.remove(&before);
                        again = Some(before);
                    }
                    None => {
                        self.talk.say("This is the first question.");
                        again = Some(input);
                    }
                },
                said => {
                    self.trail.push(input);
                    done.insert(input);
                    self.later.remove(&input);
                    match said {
                        Said::Answer(answer) => self.take(input, Some(answer))?,
                        Said::Unknown => self.take(input, None)?,
                        _ => drop(self.later.insert(input)),
                    }
                }
            }
        }
    }

    fn open(&self, done: &BTreeSet<InputId>) -> Vec<Open<'_>> {
        self.choice.open(self.case.knowledge, &self.facts, &self.assessment, done)
    }

    fn greet(&mut self, count: usize) {
        let tally = Tally::new(self.case.knowledge, &self.facts, &self.assessment);
        let file = self.sheet.file();
        let first = if count > 1 { ", the one that could move the risk most first" } else { "" };
        self.talk.say(&format!("{} to ask{first}. {}", Count(count, "question"), tally.sentence()));
        if count > 0 {
            self.talk.say(&format!(
                "Each answer goes into {file} at once. Enter leaves a question for later; `?` tells how to answer, `why` why \
                 it is asked; `unknown` writes down that nobody knows; `back` takes up the question before; `quit` stops.",
            ));
        }
    }

    /// Asks who answers, unless that is known. Tells whether anybody is there.
    fn ask_who(&mut self) -> bool {
        if self.respondent.by.is_some() {
            return true;
        }
        self.talk.say("\nWho answers? A role or initials; Enter leaves it out.");
        let Some(line) = self.talk.listen() else { return false };
        self.respondent.by = Some(line.trim().to_owned()).filter(|by| !by.is_empty());
        self.respondent.by.as_deref() != Some("quit")
    }

    /// Puts a question until something is said that can be taken.
    fn put(&mut self, input: InputId, left: usize) -> Result<Said, Diagnostic> {
        let knowledge = self.case.knowledge;
        let declared = &knowledge.inputs[input];
        let (facts, assessment) = self.without(input)?;
        let case = Case { knowledge, facts: &facts, assessment: &assessment, sources: self.case.sources };
        let open = Open::new(input, &assessment);
        self.show(open, case.assessment, left);
        loop {
            let Some(line) = self.talk.listen() else { return Ok(Said::Quit) };
            match line.trim() {
                "" => return Ok(Said::Later),
                "quit" => return Ok(Said::Quit),
                "back" => return Ok(Said::Back),
                "unknown" => return Ok(Said::Unknown),
                "?" => self.talk.show(&how_answered(knowledge, input)),
                "why" => self.talk.show(&why_asked(case, open)?),
                typed => match read(declared, typed) {
                    Ok(answer) => return Ok(Said::Answer(answer)),
                    Err(reason) => self.talk.say(&format!("Not taken: {reason}")),
                },
            }
        }
    }

    /// Returns what is known and what follows without an answer to a question, so that its swing is known also where it
    /// has one.
    fn without(&self, input: InputId) -> Result<(FactStore, Assessment), Diagnostic> {
        if !self.facts.is_known(input) {
            return Ok((self.facts.clone(), self.assessment.clone()));
        }
        let mut facts = self.facts.clone();
        facts.remove(input, &[]);
        let assessment = self.assess(&facts)?;
        Ok((facts, assessment))
    }

    fn assess(&self, facts: &FactStore) -> Result<Assessment, Diagnostic> {
        let options = Options { propagation: self.assessment.propagation, swings: true };
        Ok(assess_with(self.case.knowledge, facts, options)?)
    }

    fn show(&mut self, open: Open<'_>, without: &Assessment, left: usize) {
        let declared = &self.case.knowledge.inputs[open.input];
        let mut facts = vec![expected(&declared.value_type)];
        let (role, phase) = asked_of(declared);
        facts.extend(role.map(|role| format!("who: {}", role.replace('_', " "))));
        facts.extend(phase.map(|phase| format!("when: {}", phase.replace('_', " "))));
        facts.extend((open.swing() > 0.0).then(|| {
            let total = without.total.estimate().get();
            format!("could move the total risk, {}, by {}", with_digits(total, 1), with_digits(open.swing(), 1))
        }));
        facts.extend(open.required.then(|| "needed for a verdict".to_owned()));
        let known = self.facts.get(open.input, &[]).and_then(|fact| fact.value.as_ref().ok());
        facts.extend(known.map(|value| format!("so far: {}", value_text(value, &declared.value_type))));
        self.talk.say(&format!("\n{} left", Count(left, "question")));
        let mut question = Document::default();
        question.blocks.push(Block::Entries(vec![Entry {
            mark: "?".into(),
            text: Line::new().strong(declared.title.clone()).plain("  ").name(declared.id.clone()),
            details: vec![Line::new().faint(facts.join(" · "))],
        }]));
        self.talk.show(&question);
    }

    /// Writes an answer down and says what it changed; without one, that nobody knows.
    fn take(&mut self, input: InputId, answer: Option<Answer>) -> Result<(), Diagnostic> {
        let knowledge = self.case.knowledge;
        let question = knowledge.inputs[input].id.clone();
        let (value, yaml) = match answer {
            Some(answer) => (Ok(answer.value), answer.yaml),
            None => (Err("stated to be unknown".to_owned()), "unknown".to_owned()),
        };
        let entry = Written { question, value: yaml, by: self.respondent.by.clone(), on: self.respondent.on.clone() };
        let file = self.sheet.file();
        let sheet = self.sheet.with(&entry).map_err(|error| {
            Diagnostic::new(Code::X006, format!("`{}` cannot be put into `{file}`: {error}", entry.question))
                .with_help("write it there yourself, a line for each answer, and go on with `etio ask`")
        })?;
        (self.keep)(sheet.text())?;
        self.sheet = sheet;
        let known = value.is_ok();
        let fact = Fact { value, ..Fact::supposed(Value::YesNo(true)) };
        self.facts.set(input, &[], fact);
        let after = self.assess(&self.facts)?;
        let told = self.difference(&after, known);
        self.talk.say(&told);
        self.assessment = after;
        self.answered.insert(input);
        Ok(())
    }

    fn difference(&self, after: &Assessment, known: bool) -> String {
        if !known {
            return "Written down as unknown.".to_owned();
        }
        let (old, new) = (self.assessment.total.estimate().get(), after.total.estimate().get());
        let moved = moved_risks(&self.assessment, after);
        let knowledge = self.case.knowledge;
        let named = moved.iter().filter(|(_, old, new)| (old.estimate().get() - new.estimate().get()).abs() >= 0.05);
        let named: Vec<String> = named
            .take(SHOWN_RISKS)
            .map(|(mode, old, new)| {
                let title = &knowledge.nodes[*mode].title;
                format!("{title} {} → {}", with_digits(old.estimate().get(), 1), with_digits(new.estimate().get(), 1))
            })
            .collect();
        if named.is_empty() {
            return "Written. No risk moves by it, but bounds may.".to_owned();
        }
        format!("Written. Total risk {} → {}: {}.", with_digits(old, 1), with_digits(new, 1), named.join("; "))
    }
}
