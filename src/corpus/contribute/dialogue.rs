//! One question, asked until its answer can be taken.

use super::draft::Draft;
use crate::model::KnowledgeBase;
use crate::talk::Talk;

/// Why there is no case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// The contributor typed `quit`.
    Quit,
    /// The contributor saw the file and did not want it.
    Discarded,
    /// Nobody answers any more.
    EndOfInput,
}

/// What is asked, of whom, and what was answered.
pub(super) struct Dialogue<'a> {
    talk: &'a mut dyn Talk,
    /// The pack whose modes and factors the case speaks of.
    pub knowledge: &'a KnowledgeBase,
    /// Tells whether a case of that name is there already.
    pub is_taken: &'a dyn Fn(&str) -> bool,
    /// The answers.
    pub draft: Draft,
}

impl<'a> Dialogue<'a> {
    /// Begins a dialogue without any answers.
    pub fn new(talk: &'a mut dyn Talk, knowledge: &'a KnowledgeBase, is_taken: &'a dyn Fn(&str) -> bool) -> Self {
        Self { talk, knowledge, is_taken, draft: Draft::default() }
    }

    /// Shows text.
    pub fn say(&mut self, text: &str) {
        self.talk.say(text);
    }

    /// Asks for what may be left out. `check` returns what to keep, or why an answer is not taken and what would be.
    ///
    /// # Errors
    /// The contributor stopped.
    pub fn ask<T>(
        &mut self,
        question: &str,
        help: &str,
        check: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Option<T>, Stopped> {
        self.say(question);
        loop {
            let line = self.talk.listen().ok_or(Stopped::EndOfInput)?;
            match line.trim() {
                "" => return Ok(None),
                "quit" => return Err(Stopped::Quit),
                "?" => self.say(help),
                answer => match check(answer) {
                    Ok(taken) => return Ok(Some(taken)),
                    Err(reason) => self.say(&format!("Not taken: {reason}")),
                },
            }
        }
    }

    /// Asks for what every case has.
    ///
    /// # Errors
    /// The contributor stopped.
    pub fn needed<T>(
        &mut self,
        question: &str,
        help: &str,
        check: impl Fn(&str) -> Result<T, String>,
    ) -> Result<T, Stopped> {
        loop {
            if let Some(taken) = self.ask(question, help, &check)? {
                return Ok(taken);
            }
            self.say("This cannot be left out.");
        }
    }
}
