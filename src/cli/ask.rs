//! `etio ask`: the questionnaire of a deployment, and the file that its answers go into.

use super::args::{Format, Place};
use super::exit::Exit;
use super::load::{self, DiskWithPacks};
use super::talk::AtTerminal;
use super::{Terminal, open_place};
use crate::diagnostic::{Code, Diagnostic};
use crate::questionnaire::{self, Choice, Respondent, Sheet, Tally};
use crate::session::{Files as _, Session};
use clap::Args;
use std::collections::BTreeSet;
use std::path::Path;

/// Whom to ask what.
#[derive(Clone, Debug, Args)]
pub struct AskArgs {
    /// The deployment
    #[command(flatten)]
    pub place: Place,
    /// Questions to ask, also answered ones; without any, all that could change something
    #[arg(value_name = "QUESTION")]
    pub questions: Vec<String>,
    /// Only questions for this role, such as clinician
    #[arg(long, value_name = "ROLE")]
    pub role: Option<String>,
    /// Only questions of this phase, such as before_go_live
    #[arg(long, value_name = "PHASE")]
    pub phase: Option<String>,
    /// Also questions of which somebody said that nobody knows
    #[arg(long)]
    pub again: bool,
    /// Who answers: a role or initials; asked for where this is not given
    #[arg(long, value_name = "WHO", conflicts_with = "list")]
    pub by: Option<String>,
    /// Day of the answers, such as 2026-05-31; today where this is not given
    #[arg(long, value_name = "DATE", conflicts_with = "list", value_parser = day)]
    pub on: Option<String>,
    /// List the questions instead of asking them
    #[arg(long)]
    pub list: bool,
    /// Output format of the list
    #[arg(long, value_enum, default_value_t, requires = "list")]
    pub format: Format,
}

fn day(text: &str) -> Result<String, String> {
    let date: Result<jiff::civil::Date, _> = text.parse();
    date.map(|date| date.to_string()).map_err(|_| "write a date such as 2026-05-31".to_owned())
}

/// Returns the day that it is. It stamps an answer, and nothing is computed from it.
fn today() -> String {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date().to_string()
}

/// Asks the questions of a deployment, or lists them.
pub fn ask(args: &AskArgs, disk: &DiskWithPacks, terminal: &Terminal) -> Result<Exit, Diagnostic> {
    let Some(session) = open_place(&args.place, disk, terminal) else { return Ok(Exit::Failed) };
    let knowledge = &session.knowledge;
    let choice = Choice::new(&args.questions, args.role.as_deref(), args.phase.as_deref(), args.again, knowledge)?;
    if args.list {
        let open = choice.open(knowledge, &session.facts, &session.assessment, &BTreeSet::new());
        let tally = Tally::new(knowledge, &session.facts, &session.assessment);
        let document = questionnaire::list_open(&open, tally, knowledge);
        super::answer(&document, &questionnaire::open_json(&open, tally, knowledge), args.format, terminal);
        return Ok(Exit::Done);
    }
    let file = session.answers_file();
    let text = if disk.exists(&file) { load::text_of(&file, disk)? } else { header(&session) };
    let respondent = Respondent { by: args.by.clone(), on: Some(args.on.clone().unwrap_or_else(today)) };
    let sheet = Sheet::new(file.as_str(), text);
    let mut keep = |text: &str| {
        load::replace(Path::new(&file), text.as_bytes()).map_err(|error| {
            Diagnostic::new(Code::X006, error.to_string()).with_help("check that the file may be written to")
        })
    };
    let mut talk = AtTerminal::new(terminal);
    let asked = questionnaire::ask(&mut talk, session.case(), &choice, &respondent, sheet, &mut keep)?;
    terminal.out("\n");
    let mut document = questionnaire::outcome(&asked, knowledge);
    document.next_steps(next(&session, asked.tally));
    terminal.document(&document);
    Ok(Exit::Done)
}

fn next(session: &Session, tally: Tally) -> Vec<String> {
    let folder = &session.folder;
    let mut commands = vec![format!("etio assess {folder}")];
    commands.extend((tally.mattering > 0).then(|| format!("etio ask {folder}")));
    commands
}

/// Returns how a new file of answers begins.
fn header(session: &Session) -> String {
    format!(
        "# Answers to the questions of the pack {}. What is not known is left out, which is not a no.\n",
        session.knowledge.pack.id
    )
}
