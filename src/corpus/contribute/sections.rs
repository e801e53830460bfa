//! The parts of a case in the order in which they are asked.

use super::checks::{address, citation, name, number, one_of, text, whole};
use super::dialogue::{Dialogue, Stopped};
use super::draft::{SourceDraft, scalar};
use super::figures::{ask_figures, ask_groups};
use super::what_failed::ask_modes;
use crate::corpus::case::Remedy;
use crate::corpus::from_yaml::{CONFIDENCE, DOMAINS, EVIDENCE, KINDS, READ};

/// A part of a case.
pub(super) struct Section {
    /// What it is called when it is asked for again.
    pub name: &'static str,
    /// What it is about, in a few words.
    pub title: &'static str,
    /// Asks for it, in place of what was answered before.
    pub ask: fn(&mut Dialogue<'_>) -> Result<(), Stopped>,
}

/// All parts.
pub(super) const SECTIONS: [Section; 12] = [
    Section { name: "sources", title: "where it can be read", ask: ask_sources },
    Section { name: "title", title: "what happened, in one line", ask: ask_title },
    Section { name: "setting", title: "where and when", ask: ask_setting },
    Section { name: "system", title: "what was used", ask: ask_system },
    Section { name: "evidence", title: "how it was found out", ask: ask_evidence },
    Section { name: "modes", title: "what failed, and why", ask: ask_modes },
    Section { name: "figures", title: "figures, as you read them", ask: ask_figures },
    Section { name: "groups", title: "figures of groups of patients beside each other", ask: ask_groups },
    Section { name: "consequences", title: "what it meant, and how it came to light", ask: ask_consequences },
    Section { name: "remedies", title: "what was done about it", ask: ask_remedies },
    Section { name: "confidence", title: "how sure the figures are", ask: ask_confidence },
    Section { name: "name", title: "a name for the file", ask: ask_name },
];

/// Asks for text that may be left out, and keeps it under a key.
fn keep(dialogue: &mut Dialogue<'_>, key: &'static str, question: &str, help: &str) -> Result<(), Stopped> {
    let answer = dialogue.ask(question, help, text)?;
    dialogue.draft.set(key, answer);
    Ok(())
}

fn ask_sources(dialogue: &mut Dialogue<'_>) -> Result<(), Stopped> {
    dialogue.draft.sources.clear();
    let cite_help = "Authors or body, journal or place, and year, such as: Wong et al., JAMA Intern Med 2021";
    let address_help = "Without one nobody can check the case. It is best to give the DOI; otherwise an address at which \
                        the text can be read.";
    let read_help = "full_text: you read the whole text. abstract: you read its abstract. secondary: you read somebody \
                     else's account of it.";
    loop {
        let first = dialogue.draft.sources.is_empty();
        let cite = if first {
            dialogue.needed("Who wrote it, where and when?", cite_help, citation)?
        } else {
            let more = "Another source? Who wrote it, where and when? Enter goes on.";
            match dialogue.ask(more, cite_help, citation)? {
                Some(cite) => cite,
                None => return Ok(()),
            }
        };
        let question = "Its DOI or address:";
        let found = if first {
            Some(loop {
                match dialogue.ask(question, address_help, address)? {
                    Some(found) => break found,
                    None => dialogue.say(
                        "A case without a source that can be looked up is not taken. Give the DOI or the address, or \
                         `quit`.",
                    ),
                }
            })
        } else {
            dialogue.ask(question, address_help, address)?
        };
        let question = format!("What did you read of it? {}", READ.join(", "));
        let read = dialogue.needed(&question, read_help, one_of(&READ))?;
        dialogue.draft.sources.push(SourceDraft { cite, address: found, read });
    }
}

fn ask_title(dialogue: &mut Dialogue<'_>) -> Result<(), Stopped> {
    let help = "In your own words, with what failed and where; no names of patients or staff. Such as: Sepsis score missed \
                two in three cases on two wards";
    let title = dialogue.needed("What happened?", help, text)?;
    dialogue.draft.set("title", Some(title));
    Ok(())
}

fn ask_setting(dialogue: &mut Dialogue<'_>) -> Result<(), Stopped> {
    let question = format!("Which clinical domain? {}", DOMAINS.join(", "));
    let domain = dialogue.needed(&question, "Where the system is used; one of those names.", one_of(&DOMAINS))?;
    dialogue.draft.set("domain", Some(domain.to_owned()));
    keep(dialogue, "specialty", "Which specialty?", "Such as critical care.")?;
    let year = dialogue.needed("Year of the evidence:", "The year of the study or report.", whole(1950, 2200))?;
    dialogue.draft.set_number("year", Some(year as f64));
    let countries = dialogue.ask("Country, or countries with commas between:", "Such as: Norway, Sweden", text)?;
    let countries = countries.unwrap_or_default();
    let countries = countries.split(',').map(str::trim).filter(|country| !country.is_empty());
    dialogue.draft.countries = countries.map(str::to_owned).collect();
    keep(dialogue, "place", "Where was it used or tested?", "A hospital, region or register; no names of people.")?;
    for (key, question) in [("sites", "How many sites?"), ("patients", "How many patients?")] {
        let count = dialogue.ask(question, "A whole number, as the source has it.", whole(1, u64::MAX))?;
        dialogue.draft.set_number(key, count.map(|count| count as f64));
    }
    Ok(())
}

fn ask_system(dialogue: &mut Dialogue<'_>) -> Result<(), Stopped> {
    dialogue.draft.system.clear();
    for (key, question) in [("name", "What is the system called?"), ("developer", "Who made it?")] {
        if let Some(answer) = dialogue.ask(question, "As the source calls it.", text)? {
            dialogue.draft.system.insert(key, scalar(&answer));
        }
    }
    let question = format!("Is it sold, of a research group, or open to all? {}", KINDS.join(", "));
    if let Some(kind) = dialogue.ask(&question, "One of those words.", one_of(&KINDS))? {
        dialogue.draft.system.insert("kind", kind.to_owned());
    }
    for (key, question) in [("architecture", "What is it built as?"), ("training_data", "What did it learn from?")] {
        if let Some(answer) = dialogue.ask(question, "In one line, as the source has it.", text)? {
            dialogue.draft.system.insert(key, scalar(&answer));
        }
    }
    keep(
        dialogue,
        "use",
        "What does it decide, and for whom?",
        "Such as: scores adult inpatients for sepsis every hour",
    )
}

fn ask_evidence(dialogue: &mut Dialogue<'_>) -> Result<(), Stopped> {
    let question = format!("What kind of evidence is it? {}", EVIDENCE.join(", "));
    let help = "external_validation: tested at another place. field_study: watched in use. controlled_experiment: a failure \
                brought about in the laboratory. registry_or_review: many systems or reports together.";
    let evidence = dialogue.needed(&question, help, one_of(&EVIDENCE))?;
    dialogue.draft.set("evidence", Some(evidence.to_owned()));
    Ok(())
}

fn ask_consequences(dialogue: &mut Dialogue<'_>) -> Result<(), Stopped> {
    for (key, question, help) in [
        ("consequence", "What did it do, or could it have done, to patients?", "In one line, as the source has it."),
        ("organisation", "What in the organisation had a part in it?", "Such as: nobody was named to watch it."),
        ("noticed", "How did it come to light?", "Such as: a retrospective audit."),
    ] {
        keep(dialogue, key, question, help)?;
    }
    let question = "How many months after it was put to use?";
    let months = dialogue.ask(question, "A number of months; 0.5 is two weeks.", number)?;
    dialogue.draft.set_number("noticed_after_months", months);
    keep(dialogue, "outcome", "What became of it?", "Such as: paused, changed, still in use.")
}

fn ask_remedies(dialogue: &mut Dialogue<'_>) -> Result<(), Stopped> {
    dialogue.draft.remedies.clear();
    loop {
        let help = "Such as: the threshold was set on local patients. One remedy at a time.";
        let question = "What was done or proposed? Enter goes on.";
        let Some(what) = dialogue.ask(question, help, text)? else { return Ok(()) };
        let effect = dialogue.ask("What did it do?", "What the source found, also if it did not help.", text)?;
        let help = "yes: the source says so. no: it is a proposal of yours.";
        let reported = dialogue.needed("Does the source report it? yes, no", help, one_of(&["yes", "no"]))?;
        dialogue.draft.remedies.push(Remedy { what, effect, reported: reported == "yes" });
    }
}

fn ask_confidence(dialogue: &mut Dialogue<'_>) -> Result<(), Stopped> {
    let second_hand = dialogue.draft.sources.iter().all(|source| source.read == "secondary");
    let question = format!("How sure are the figures? {}", CONFIDENCE.join(", "));
    let help = "high: you read the figures in a primary source. medium: in an account by others. low: they are disputed or \
                unclear.";
    let confidence = dialogue.needed(&question, help, |answer| match one_of(&CONFIDENCE)(answer)? {
        "high" if second_hand => {
            Err("high asks for a primary source that was read, and every source is secondary".to_owned())
        }
        word => Ok(word),
    })?;
    dialogue.draft.set("confidence", Some(confidence.to_owned()));
    Ok(())
}

fn ask_name(dialogue: &mut Dialogue<'_>) -> Result<(), Stopped> {
    let help = "System, place and year, in small letters, digits and hyphens, such as sepsis-score-our-hospital-2026";
    let is_taken = dialogue.is_taken;
    let chosen =
        dialogue.needed("What shall the case be called? It is also the name of the file.", help, |answer| {
            let chosen = name(answer)?;
            if is_taken(&chosen) { Err(format!("there is a case `{chosen}` already")) } else { Ok(chosen) }
        })?;
    dialogue.draft.name = chosen;
    Ok(())
}
