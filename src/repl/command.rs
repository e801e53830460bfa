//! What can be typed at the prompt.

use crate::diagnostic::{Code, Diagnostic, or_nearest};
use crate::explanation::{Block, Column, Document, Line};
use crate::session::{Question, Session};

/// A line of the prompt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplCommand {
    /// An empty line.
    Nothing,
    /// A question to the session.
    Ask(Question),
    /// A question whose reasons are drawn in another way.
    Draw(Question, Drawing),
    /// A rule to be added for this session.
    Rule(String),
    /// Read everything again.
    Reload,
    /// What can be typed.
    Help,
    /// Leave.
    Quit,
}

/// Ways to draw the reasons of an answer, beside sentences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drawing {
    /// A proof tree in notation.
    Formal,
    /// A Mermaid flowchart.
    Mermaid,
}

/// Every command with what follows it and what it does.
pub const COMMANDS: &[(&str, &str, &str)] = &[
    ("why", "NAME", "why a mode, factor, rule, finding, mitigation, input or `verdict` came out as it did"),
    ("why all", "NAME", "the same with every derivation"),
    ("why not", "NAME", "what kept it from being so, and by how much"),
    ("what if", "INPUT = VALUE, …", "what would differ; the session itself stays as it is"),
    ("flip", "NAME or CONDITION", "the smallest changes that would change it, such as `flip risk(m) < 20`"),
    ("chain", "MODE", "its causes, their causes, and what can be done about each"),
    ("formal", "QUESTION", "why, why not or chain as a proof tree in notation"),
    ("mermaid", "QUESTION", "why, why not or chain as a Mermaid flowchart"),
    ("assess", "", "the report again"),
    ("risks", "", "all risks"),
    ("recommend", "", "all mitigations that would remove risk"),
    ("facts", "[WORD]", "what is known, with its origin"),
    ("metrics", "", "every metric of the pilot tables"),
    ("rule", "NAME \"…\" { … }", "try a rule out: it may run over several lines"),
    ("reload", "", "read pack, manifest, answers and tables again"),
    ("help", "", "this list"),
    ("quit", "", "leave; so does Ctrl-D"),
];

/// Reads a line.
///
/// # Errors
/// `X002 unknown-name` for a command that does not exist, `X007 missing-words` for one that lacks its words.
pub fn parse_command(line: &str) -> Result<ReplCommand, Diagnostic> {
    let line = line.trim();
    let (first, rest) = line.split_once(char::is_whitespace).map_or((line, ""), |(first, rest)| (first, rest.trim()));
    let (first, rest) = match (first, rest.split_once(char::is_whitespace).map_or((rest, ""), |(a, b)| (a, b.trim()))) {
        ("why", ("not", after)) => ("why-not", after),
        ("why", ("all", after)) => ("why-all", after),
        ("what", ("if", after)) => ("what-if", after),
        _ => (first, rest),
    };
    let words = |what: &str| {
        if rest.is_empty() {
            let help = COMMANDS.iter().find(|(name, ..)| name.replace(' ', "-") == what);
            let help = help.map(|(name, words, _)| format!("write `{name} {words}`"));
            let diagnostic = Diagnostic::new(Code::X007, format!("`{}` needs a word after it", what.replace('-', " ")));
            return Err(diagnostic.with_help(help.unwrap_or_default()));
        }
        Ok(rest.to_owned())
    };
    Ok(match first {
        "" => ReplCommand::Nothing,
        "why" => ReplCommand::Ask(Question::Why { target: words("why")?, all: false }),
        "why-all" => ReplCommand::Ask(Question::Why { target: words("why-all")?, all: true }),
        "why-not" => ReplCommand::Ask(Question::WhyNot(words("why-not")?)),
        "what-if" => ReplCommand::Ask(Question::WhatIf(words("what-if")?)),
        "flip" => ReplCommand::Ask(Question::Flip(words("flip")?)),
        "chain" => ReplCommand::Ask(Question::Chain(words("chain")?)),
        "formal" => drawn(&words("formal")?, Drawing::Formal)?,
        "mermaid" => drawn(&words("mermaid")?, Drawing::Mermaid)?,
        "assess" => ReplCommand::Ask(Question::Summary),
        "facts" => ReplCommand::Ask(Question::Facts(rest.to_owned())),
        "risks" => ReplCommand::Ask(Question::Risks),
        "recommend" => ReplCommand::Ask(Question::Recommend),
        "metrics" => ReplCommand::Ask(Question::Metrics),
        "rule" => ReplCommand::Rule(line.to_owned()),
        "reload" => ReplCommand::Reload,
        "help" | "?" => ReplCommand::Help,
        "quit" | "exit" => ReplCommand::Quit,
        other => {
            let names = COMMANDS.iter().map(|(name, ..)| *name);
            return Err(Diagnostic::new(Code::X002, format!("there is no command `{other}`")).with_help(or_nearest(
                other,
                names,
                || "`help` lists the commands".into(),
            )));
        }
    })
}

fn drawn(line: &str, drawing: Drawing) -> Result<ReplCommand, Diagnostic> {
    match parse_command(line)? {
        ReplCommand::Ask(question @ (Question::Why { .. } | Question::WhyNot(_) | Question::Chain(_))) => {
            Ok(ReplCommand::Draw(question, drawing))
        }
        _ => Err(Diagnostic::new(Code::X007, format!("`{line}` has no reasons that could be drawn"))
            .with_help("draw `why NAME`, `why not NAME` or `chain MODE`")),
    }
}

/// Returns what is shown when the prompt opens.
pub fn greeting(session: &Session) -> Document {
    let mut document = Document::default();
    let title = session.manifest.title.as_deref().unwrap_or(&session.manifest.id);
    document.heading(2, title);
    let given = session.assessment.verdict.given.map(|verdict| session.knowledge.verdicts[verdict].title.clone());
    document
        .paragraph(format!("Verdict: {}. `help` lists what can be asked; Tab completes.", given.unwrap_or_default()));
    document
}

/// Returns the list of commands.
pub fn help() -> Document {
    let mut document = Document::default();
    let columns = vec![Column { title: "", right: false }, Column { title: "", right: false }];
    let rows = COMMANDS
        .iter()
        .map(|(name, words, what)| vec![Line::new().name(*name).plain(format!(" {words}")), Line::from(*what)]);
    document.blocks.push(Block::Table { columns, rows: rows.collect() });
    document
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn asks(line: &str, question: Question) {
        assert_eq!(parse_command(line).unwrap(), ReplCommand::Ask(question));
    }

    #[test]
    fn two_words_make_one_command() {
        asks("why not alert_fatigue", Question::WhyNot("alert_fatigue".into()));
        asks("why-not alert_fatigue", Question::WhyNot("alert_fatigue".into()));
        asks("what if a = 1, b = 2", Question::WhatIf("a = 1, b = 2".into()));
        asks("flip risk(m) < 20", Question::Flip("risk(m) < 20".into()));
        let drawn = ReplCommand::Draw(Question::Chain("m".into()), Drawing::Mermaid);
        assert_eq!(parse_command("mermaid chain m").unwrap(), drawn);
        assert_eq!(parse_command("formal risks").unwrap_err().code, Code::X007);
        asks("why all verdict", Question::Why { target: "verdict".into(), all: true });
    }

    #[test]
    fn what_is_not_a_command_gets_the_nearest_one() {
        let diagnostic = parse_command("chian x").unwrap_err();
        assert_eq!(diagnostic.help.unwrap(), "did you mean `chain`?");
        assert_eq!(parse_command("why not").unwrap_err().code, Code::X007);
    }
}
