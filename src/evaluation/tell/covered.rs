//! Coverage for people.

use super::{left, percent, remarks, right};
use crate::evaluation::{Appraisal, Judged, LevelCoverage, Uncovered};
use crate::explanation::{Block, Document, Entry, Line};
use crate::interviews::Share;

/// Adds how far the pack has words for the cases.
pub(super) fn tell(appraisal: &Appraisal, document: &mut Document) {
    let coverage = &appraisal.coverage;
    document.heading(2, "Coverage: does the pack have words for what happened?");
    let Judged { built_in, cases, .. } = appraisal.judged;
    if built_in > 0 {
        document.paragraph(format!(
            "{built_in} of these {cases} cases are those that the built-in pack was written from. For them it is 100 % by \
             construction; only cases that nobody had seen, read with `--cases`, can tell how much is missing.",
        ));
    }
    let columns =
        vec![left("level"), right("codes given"), right("different codes"), right("cases with every code (95 %)")];
    let row = |level: &LevelCoverage| {
        vec![Line::from(level.level), counted(&level.given), counted(&level.different), with_interval(&level.cases)]
    };
    let mut rows: Vec<Vec<Line>> = coverage.levels.iter().map(row).collect();
    let nothing = || Line::from("");
    rows.push(vec![Line::from("mode and factor"), nothing(), nothing(), with_interval(&coverage.whole)]);
    document.blocks.push(Block::Table { columns, rows });
    let columns = vec![
        left("clinical domain"),
        right("modes given"),
        right("factors given"),
        right("cases with every code (95 %)"),
    ];
    let row = |(domain, [_, modes, factors], whole): &(&'static str, [LevelCoverage; 3], Share)| {
        vec![Line::from(*domain), counted(&modes.given), counted(&factors.given), with_interval(whole)]
    };
    document.blocks.push(Block::Table { columns, rows: coverage.domains.iter().map(row).collect() });
    remarks(
        document,
        ["in brackets Wilson's interval, as if the cases were drawn by lot, which they are not".to_owned()],
    );
    if coverage.uncovered.is_empty() {
        return;
    }
    document.paragraph("The pack has no word for:");
    let entry = |found: &Uncovered| Entry {
        mark: "-".to_owned(),
        text: Line::new().plain(format!("{} ", found.level)).name(found.code.as_str()),
        details: vec![Line::new().faint(found.cases.join(", "))],
    };
    document.blocks.push(Block::Entries(coverage.uncovered.iter().map(entry).collect()));
}

fn counted(share: &Share) -> Line {
    Line::from(if share.of == 0 {
        "–".to_owned()
    } else {
        format!("{} of {}, {}", share.hits, share.of, percent(share.hits as f64 / share.of as f64, None))
    })
}

fn with_interval(share: &Share) -> Line {
    Line::from(if share.of == 0 {
        "–".to_owned()
    } else {
        let shown = percent(share.hits as f64 / share.of as f64, share.interval.as_ref());
        format!("{} of {}, {shown}", share.hits, share.of)
    })
}
