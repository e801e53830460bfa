//! Explanatory power for people.

use super::{left, remarks, right};
use crate::diagnostic::Count;
use crate::evaluation::{Appraisal, Explained};
use crate::explanation::{Block, Document, Line};
use crate::metrics::{Interval, Undefined};

/// Adds how much of the fall of figures the causes explain.
pub(super) fn tell(appraisal: &Appraisal, document: &mut Document) {
    let degradation = &appraisal.degradation;
    document.heading(2, "Explanatory power: do the causes explain how far figures fell?");
    let Some((least, mean, most)) = degradation.falls else {
        document.paragraph("Nothing can be said: no case has the same figure before and after.");
        return;
    };
    let figures: Vec<String> = degradation.figures.iter().map(|(metric, times)| format!("{metric} {times}")).collect();
    document.paragraph(format!(
        "{} the same figure before and after ({}). It fell by {mean:.2} in the mean, from {least:.2} (below 0 it rose) to \
         {most:.2}.",
        match degradation.cases {
            1 => "1 case has".to_owned(),
            cases => format!("{} have", Count(cases, "case")),
        },
        figures.join(", ")
    ));
    let columns = vec![left("a line through"), right("R², left out (95 %)"), right("R², in sample (95 %)")];
    let row = |title: &str, of: &Explained| vec![Line::from(title), shown(&of.left_out), shown(&of.in_sample)];
    let rows = vec![
        row("likelihood by the causal model", &degradation.by_causes),
        row("number of coded causes", &degradation.by_number),
    ];
    document.blocks.push(Block::Table { columns, rows });
    let reason =
        [&degradation.by_causes.left_out, &degradation.by_number.left_out].into_iter().find_map(|of| of.as_ref().err());
    remarks(
        document,
        reason.map(|reason| format!("–: {reason}")).into_iter().chain([
            "R²: 1 is all of the variance, 0 no more than the mean of the other cases explains, below 0 less than that; \
             left out: line and causal model never saw the case"
                .to_owned(),
            "likelihood: 1 − Π(1 − L) over the modes that the pack counts to data and model, given the coded causes \
             (1 where confirmed, 0.5 where suspected) and nothing else; causes were coded by somebody who saw the fall"
                .to_owned(),
        ]),
    );
}

fn shown(of: &Result<(f64, Option<Interval>), Undefined>) -> Line {
    let Ok((value, interval)) = of else { return Line::from("–") };
    let ends = interval.as_ref().map(|ends| format!(" ({:.2} to {:.2})", ends.low, ends.high));
    Line::from(format!("{value:.2}{}", ends.unwrap_or_default()))
}
