//! Use, trust and what mitigations did, for people.

use super::{left, remarks, right};
use crate::evaluation::{MetricEffect, RemedyEffect, RiskEffect, Worth};
use crate::explanation::{Block, Document, Line};
use crate::metrics::{Statistic, Undefined};
use crate::risk::{Bounds, Quantity};

/// Metrics that are shown of each pair at the most; the others are in the machine format.
const METRICS: usize = 25;

/// Adds what surveys say of use and trust.
pub(super) fn tell_worth(worth: &[Worth], document: &mut Document) {
    document.heading(2, "Use and trust: what do people say?");
    if worth.is_empty() {
        document.paragraph(
            "Not evaluated: name surveys with `--survey`. A question named `utility`, or any on a scale from 1 to 10, tells \
             of use; one named `trust` of trust.",
        );
        return;
    }
    let columns = vec![
        left("asked"),
        left("question"),
        right("scale"),
        right("before (95 %)"),
        right("after (95 %)"),
        right("change (95 %)"),
        right("p"),
    ];
    let row = |of: &Worth| {
        vec![
            Line::from(of.asked.name()),
            Line::new().name(of.question.as_str()),
            Line::from(format!("{}–{}", of.scale.0, of.scale.1)),
            statistic(of.before.as_ref(), false),
            statistic(of.after.as_ref(), false),
            statistic(of.change.as_ref(), true),
            Line::from(match of.p {
                None => "–".to_owned(),
                Some(p) if p < 0.001 => "below 0.001".to_owned(),
                Some(p) => format!("{p:.3}"),
            }),
        ]
    };
    for of_survey in worth.chunk_by(|left, right| left.survey == right.survey) {
        let name = of_survey.first().map(|of| of.survey.as_str()).unwrap_or_default();
        document.paragraph(Line::new().plain("Survey ").name(name).plain(":"));
        let rows = of_survey.iter().map(row).collect();
        document.blocks.push(Block::Table { columns: columns.clone(), rows });
    }
    remarks(
        document,
        ["means with Student's interval; changes of those who answered before and after; p by Wilcoxon's signed ranks; \
          more of it with `etio interviews stats`"
            .to_owned()],
    );
}

/// Adds what mitigations did.
pub(super) fn tell_remedies(remedies: &[RemedyEffect], document: &mut Document) {
    document.heading(2, "Mitigation: what did it change?");
    if remedies.is_empty() {
        document.paragraph(
            "Not evaluated: name two deployment folders with `--pair WITHOUT WITH`, the same patients without a mitigation \
             and with it.",
        );
    }
    for remedy in remedies {
        tell_remedy(remedy, document);
    }
}

fn tell_remedy(remedy: &RemedyEffect, document: &mut Document) {
    let [without, with] = &remedy.deployments;
    document.paragraph(format!("From {without} to {with}:"));
    let columns = vec![left("metric"), right("without"), right("with"), right("difference"), right("way to the ideal")];
    let (moved, same): (Vec<&MetricEffect>, Vec<&MetricEffect>) =
        remedy.metrics.iter().partition(|of| of.difference.is_none_or(|difference| difference.abs() > 0.0));
    let row = |of: &&MetricEffect| {
        let value =
            |value: Option<f64>| Line::from(value.map_or_else(|| "–".to_owned(), |value| format!("{value:.4}")));
        vec![
            Line::new().name(of.metric.as_str()),
            value(of.values[0]),
            value(of.values[1]),
            Line::from(of.difference.map_or_else(|| "–".to_owned(), |difference| format!("{difference:+.4}"))),
            Line::from(match &of.effectiveness {
                Ok(share) => format!("{:+.0} %", share * 100.0),
                Err(reason) => format!("none: {reason}"),
            }),
        ]
    };
    document.blocks.push(Block::Table { columns, rows: moved.iter().take(METRICS).map(row).collect() });
    let more = moved.len().saturating_sub(METRICS);
    remarks(
        document,
        [
            "(with − without) / (ideal − without), with 0 as the ideal of what should be low and 1 of a share that should be \
             high; of an error that is the part of it that went away, below 0 it grew"
                .to_owned(),
            format!("{} more metrics did not move{}", same.len(), if more > 0 {
                format!(", and {more} that moved are in `--format json`")
            } else {
                String::new()
            }),
        ],
    );
    let columns = vec![left("risk (low to high)"), right("without"), right("with"), right("change")];
    // What is less than a tenth of a point is nothing that anybody could see.
    let change = |of: &&RiskEffect| (of.risks[1].estimate().get() - of.risks[0].estimate().get()).abs() >= 0.1;
    let mut rows: Vec<Vec<Line>> = remedy.risks.iter().filter(change).map(|of| risk_row(&of.mode, of.risks)).collect();
    rows.push(risk_row("total", remedy.total));
    document.blocks.push(Block::Table { columns, rows });
}

fn risk_row<Q: Quantity>(name: &str, [without, with]: [Bounds<Q>; 2]) -> Vec<Line> {
    let shown = |of: &Bounds<Q>| {
        Line::from(format!("{:.1} ({:.1} to {:.1})", of.estimate().get(), of.low().get(), of.high().get()))
    };
    let change = with.estimate().get() - without.estimate().get();
    vec![Line::new().name(name), shown(&without), shown(&with), Line::from(format!("{change:+.1}"))]
}

fn statistic(of: Option<&Result<Statistic, Undefined>>, signed: bool) -> Line {
    let Some(Ok(found)) = of else { return Line::from("–") };
    let shown = |value: f64| if signed { format!("{value:+.2}") } else { format!("{value:.2}") };
    let ends = found.interval.as_ref().map(|ends| format!(" ({} to {})", shown(ends.low), shown(ends.high)));
    Line::from(format!("{}{}", shown(found.value), ends.unwrap_or_default()))
}
