//! Agreement for people.

use super::agreement::{Agreement, LevelAgreement};
use super::level::Decision;
use crate::diagnostic::Count;
use crate::explanation::{Block, Column, Document, Entry, Line, Tree};
use crate::metrics::{Statistic, Undefined};

/// Returns how far coders agree, level by level, and each disagreement.
pub fn tell_agreement(agreement: &Agreement) -> Document {
    let mut document = Document::default();
    let coders = Count(agreement.coders.len(), "coder");
    document.heading(1, format!("Agreement of {coders} on {}", Count(agreement.shared, "case")));
    let each: Vec<String> = agreement.coders.iter().map(|(name, cases)| format!("{name} {cases}")).collect();
    document.paragraph(format!("Cases coded: {}.", each.join(", ")));
    if !agreement.alone.is_empty() {
        document.paragraph(format!("Coded by one coder alone, and left out: {}.", agreement.alone.join(", ")));
    }
    levels(agreement, &mut document);
    if agreement.coders.len() > 2 {
        pairs(agreement, &mut document);
    }
    disagreements(agreement, &mut document);
    document
}

fn levels(agreement: &Agreement, document: &mut Document) {
    document.heading(2, "By level");
    let two = agreement.coders.len() == 2;
    let mut columns = vec![
        Column { title: "", right: false },
        Column { title: "decisions", right: true },
        Column { title: "equal", right: true },
    ];
    if two {
        columns.push(Column { title: "Cohen's kappa", right: true });
    }
    columns.push(Column { title: "Krippendorff's alpha", right: true });
    let row = |level: &LevelAgreement| {
        let decisions = level.equal.as_ref().map_or(0, |equal| equal.n);
        let equal = level.equal.as_ref().map_or_else(|_| "–".to_owned(), |equal| percent(equal.value));
        let mut row = vec![Line::from(level.level.title), Line::from(decisions.to_string()), Line::from(equal)];
        if two {
            row.extend(level.kappas.iter().map(|kappa| figure(&kappa.kappa)));
        }
        row.push(figure(&level.alpha));
        row
    };
    document.blocks.push(Block::Table { columns, rows: agreement.levels.iter().map(row).collect() });
    let mut remarks = vec![
        "kappa and alpha: 1 is full agreement, 0 what chance alone would give; 0.80 is usually asked for, and 0.67 \
         for tentative conclusions; in brackets the 95 % interval, from drawing cases again"
            .to_owned(),
    ];
    if agreement.levels.iter().any(|level| level.level.decision == Decision::Presence) {
        remarks.push(
            "where a case may have several codes, a decision is whether a case has a code or not, for the codes that \
             some coder gave some case; `decisions` counts cases times codes"
                .to_owned(),
        );
    }
    let undefined = agreement.levels.iter().filter_map(|level| {
        let reason = level.alpha.as_ref().err()?;
        Some(format!("{}: no figure, since {reason}", level.level.title))
    });
    remarks.extend(undefined);
    let entry = |text: String| Entry { mark: "-".to_owned(), text: Line::new().faint(text), details: Vec::new() };
    document.blocks.push(Block::Entries(remarks.into_iter().map(entry).collect()));
}

fn pairs(agreement: &Agreement, document: &mut Document) {
    document.heading(2, "Cohen's kappa of each pair");
    let columns = vec![
        Column { title: "", right: false },
        Column { title: "", right: false },
        Column { title: "decisions", right: true },
        Column { title: "Cohen's kappa", right: true },
    ];
    let mut rows = Vec::new();
    for level in &agreement.levels {
        for kappa in &level.kappas {
            let n = kappa.kappa.as_ref().map_or(0, |kappa| kappa.n);
            rows.push(vec![
                Line::from(level.level.title),
                Line::from(format!("{} and {}", kappa.coders.0, kappa.coders.1)),
                Line::from(n.to_string()),
                figure(&kappa.kappa),
            ]);
        }
    }
    document.blocks.push(Block::Table { columns, rows });
}

fn disagreements(agreement: &Agreement, document: &mut Document) {
    document.heading(2, "Where they do not agree");
    let trees: Vec<Tree> = agreement
        .levels
        .iter()
        .filter(|level| !level.disagreements.is_empty())
        .map(|level| Tree {
            line: Line::new().strong(level.level.title).faint(format!(
                ", {} of {}",
                level.disagreements.len(),
                Count(level.cases, "case")
            )),
            children: level
                .disagreements
                .iter()
                .map(|disagreement| Tree {
                    line: Line::new().name(disagreement.case.as_str()),
                    children: disagreement.said.iter().map(said).collect(),
                })
                .collect(),
        })
        .collect();
    if trees.is_empty() {
        document.paragraph("They agree on every case.");
    } else {
        document.trees(trees);
    }
}

fn said((coder, codes): &(String, Vec<String>)) -> Tree {
    let codes = if codes.is_empty() { "none of these".to_owned() } else { codes.join(", ") };
    Tree::leaf(Line::new().plain(format!("{coder}: {codes}")))
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

fn figure(found: &Result<Statistic, Undefined>) -> Line {
    let Ok(found) = found else { return Line::from("–") };
    let value = format!("{:.2}", found.value);
    match &found.interval {
        Some(interval) => Line::from(format!("{value} ({:.2} to {:.2})", interval.low, interval.high)),
        None => Line::from(value),
    }
}
