//! The prompt: questions about one deployment, one after the other, with completion and history.
//!
//! It adds no answers of its own; every question goes to [`Session::ask`]. A rule typed at the prompt
//! joins the pack for this session, and the answer is what it changes.

mod command;
mod helper;

pub use command::{COMMANDS, Drawing, ReplCommand, parse_command};

use crate::cli::load::DiskWithPacks;
use crate::cli::{Exit, Terminal};
use crate::diagnostic::Diagnostic;
use crate::report::formal::formal;
use crate::report::mermaid::mermaid;
use crate::session::{Question, Session};
use helper::PromptHelper;
use rustyline::error::ReadlineError;
use rustyline::history::DefaultHistory;
use rustyline::{CompletionType, Config, Editor};
use std::io::IsTerminal as _;

/// Runs the prompt until the user leaves.
///
/// # Errors
/// None of its own: what cannot be answered is said, and the prompt goes on.
pub fn run(
    session: Session,
    pack: Option<String>,
    disk: &DiskWithPacks,
    terminal: &Terminal,
) -> Result<Exit, Diagnostic> {
    let mut prompt = Prompt { session, pack, disk: disk.clone(), terminal: *terminal };
    let config = Config::builder().completion_type(CompletionType::List).auto_add_history(true).build();
    let Ok(mut editor) = Editor::<PromptHelper, DefaultHistory>::with_config(config) else {
        terminal.remark("the prompt cannot be opened on this terminal");
        return Ok(Exit::Failed);
    };
    let interactive = std::io::stdin().is_terminal();
    if interactive {
        terminal.document(&command::greeting(&prompt.session));
    }
    let mut pending = String::new();
    loop {
        // A script needs no completion, and the editor would drop a rule that the script leaves unfinished.
        editor.set_helper(interactive.then(|| PromptHelper::new(&prompt.session, terminal.colour())));
        match editor.readline(if interactive { "etio> " } else { "" }) {
            Ok(line) => {
                // On a terminal the editor asks for the rest of a rule itself; a script goes on here.
                pending.push_str(&line);
                if !interactive && is_unfinished_rule(&pending) {
                    pending.push('\n');
                    continue;
                }
                if prompt.answer(&std::mem::take(&mut pending)) == Step::Leave {
                    return Ok(Exit::Done);
                }
            }
            Err(ReadlineError::Interrupted) => {}
            Err(_) => {
                // A script that ends inside a rule is told what is missing.
                if !pending.is_empty() {
                    prompt.answer(&pending);
                }
                return Ok(Exit::Done);
            }
        }
    }
}

/// Tells whether a rule goes on in the next line.
fn is_unfinished_rule(text: &str) -> bool {
    text.trim_start().starts_with("rule ") && crate::syntax::is_unfinished(text)
}

/// Whether the prompt goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Next,
    Leave,
}

struct Prompt {
    session: Session,
    pack: Option<String>,
    disk: DiskWithPacks,
    terminal: Terminal,
}

impl Prompt {
    fn answer(&mut self, line: &str) -> Step {
        match parse_command(line) {
            Ok(ReplCommand::Nothing) => {}
            Ok(ReplCommand::Quit) => return Step::Leave,
            Ok(ReplCommand::Help) => self.terminal.document(&command::help()),
            Ok(ReplCommand::Reload) => self.reload(),
            Ok(ReplCommand::Rule(text)) => self.add_rule(&text),
            Ok(ReplCommand::Ask(question)) => self.ask(&question),
            Ok(ReplCommand::Draw(question, drawing)) => self.draw(&question, drawing),
            Err(diagnostic) => self.terminal.diagnostic(&diagnostic),
        }
        Step::Next
    }

    fn ask(&self, question: &Question) {
        match self.session.ask(question) {
            Ok(reply) => self.terminal.document(&reply.document),
            Err(diagnostic) => self.terminal.diagnostic(&diagnostic),
        }
    }

    fn draw(&self, question: &Question, drawing: Drawing) {
        match self.session.ask(question).map(|reply| (reply.answer, reply.document)) {
            Ok((Some(answer), _)) => match drawing {
                Drawing::Formal => self.terminal.document(&formal(&answer)),
                Drawing::Mermaid => self.terminal.out(&mermaid(&answer)),
            },
            Ok((None, document)) => self.terminal.document(&document),
            Err(diagnostic) => self.terminal.diagnostic(&diagnostic),
        }
    }

    fn reload(&mut self) {
        let propagation = self.session.assessment.propagation;
        let pack = self.pack.as_deref();
        match Session::open_with(&self.session.folder, pack, propagation, &self.disk) {
            Ok(session) => {
                self.session = session;
                self.terminal.remark("read again");
                self.ask(&Question::Risks);
            }
            Err(refused) => {
                let (sources, problems) = *refused;
                self.terminal.diagnostics(&problems, &sources);
                self.terminal.remark("nothing was changed");
            }
        }
    }

    fn add_rule(&mut self, text: &str) {
        match self.session.with_rule(text) {
            Ok(added) => {
                self.terminal.document(&added.document);
                self.session = added.session;
            }
            Err(refused) => {
                let (sources, problems) = *refused;
                self.terminal.diagnostics(&problems, &sources);
                self.terminal.remark("the rule was not added");
            }
        }
    }
}
