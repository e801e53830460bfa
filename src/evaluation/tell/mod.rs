//! An evaluation for people.

mod covered;
mod explained;
mod foreseen;
mod valued;

use super::Appraisal;
use crate::diagnostic::Count;
use crate::explanation::{Column, Document, Entry, Line, Tone};
use crate::metrics::Interval;

/// Returns what was evaluated.
pub fn tell(appraisal: &Appraisal) -> Document {
    let mut document = Document::default();
    let judged = &appraisal.judged;
    let heading = format!("The pack {} beside {}", judged.pack, Count(judged.cases, "documented case"));
    document.heading(1, heading);
    document.paragraph(match &judged.place {
        None => "The cases are those of the corpus inside the program.".to_owned(),
        Some(place) => format!("The cases are those in `{place}`."),
    });
    if judged.mistakes > 0 {
        document.paragraph(
            Line::new()
                .with(Tone::Warn, format!("Left out: cases with {}. ", Count(judged.mistakes, "mistake")))
                .plain("What is wrong with them was told apart from this."),
        );
    }
    covered::tell(appraisal, &mut document);
    foreseen::tell(appraisal, &mut document);
    explained::tell(appraisal, &mut document);
    valued::tell_worth(&appraisal.worth, &mut document);
    valued::tell_remedies(&appraisal.remedies, &mut document);
    document
}

fn left(title: &'static str) -> Column {
    Column { title, right: false }
}

fn right(title: &'static str) -> Column {
    Column { title, right: true }
}

/// Adds remarks below a table.
fn remarks(document: &mut Document, remarks: impl IntoIterator<Item = String>) {
    let entry = |text: String| Entry { mark: "-".to_owned(), text: Line::new().faint(text), details: Vec::new() };
    document.blocks.push(crate::explanation::Block::Entries(remarks.into_iter().map(entry).collect()));
}

/// Returns a share and its ends in percent.
fn percent(value: f64, interval: Option<&Interval>) -> String {
    let ends = interval.map(|ends| format!(" ({:.0} to {:.0})", ends.low * 100.0, ends.high * 100.0));
    format!("{:.0} %{}", value * 100.0, ends.unwrap_or_default())
}
