//! Predictive validity for people.

use super::{left, remarks, right};
use crate::diagnostic::Count;
use crate::evaluation::{Appraisal, Confusion, Figure, Foresight, Measure, Method, MethodFigures, Tier};
use crate::explanation::{Block, Document, Line};

/// Adds what would have been foreseen of the cases.
pub(super) fn tell(appraisal: &Appraisal, document: &mut Document) {
    let foresight = &appraisal.foresight;
    document.heading(2, "Predictive validity: would it have been foreseen?");
    if foresight.tiers.is_empty() {
        document.paragraph(if foresight.judged == 0 {
            "Nothing can be said: the pack has no failure mode that the cases show."
        } else {
            "Nothing can be said: there are no other cases to learn from."
        });
        return;
    }
    let from = match appraisal.judged.place {
        None => "the other cases of the corpus",
        Some(_) => "the corpus inside the program, without any case of the same name",
    };
    document.paragraph(format!(
        "Each of {} that show a mode of the pack was judged by what was learnt from {from} ({} in all), never from \
         itself: strengths and base rates of the expert system, and everything in the methods beside it. What no leaving \
         out can undo: whoever wrote rules, taxonomy and judged figures of the pack knew the built-in cases.",
        Count(foresight.judged, "case"),
        foresight.learnt_from
    ));
    if foresight.without_main > 0 {
        document.paragraph(format!(
            "Of {} the pack does not have the main mode; nobody can name it, and it counts as not foreseen.",
            Count(foresight.without_main, "case")
        ));
    }
    for tier in foresight.tiers.iter().filter(|tier| !tier.by_system) {
        tell_tier(foresight, tier, document);
    }
    by_system(foresight, document);
    nothing_foretold(foresight, document);
}

fn tell_tier(foresight: &Foresight, tier: &Tier, document: &mut Document) {
    if tier.with_causes {
        document.heading(2, "With causes known beforehand: an upper bound");
        document.paragraph(format!(
            "Beside that, the methods see those coded causes that a question, a fact or a metric before go-live asks about \
             ({} of {} of the pack): 1 where a source confirms it, 0.5 where it suspects it. But they were coded in hindsight, \
             by somebody who knew the failure, and as a part of it. That flatters every method alike, so this is not what \
             a hospital can expect.",
            foresight.knowable.len(),
            Count(foresight.factors, "factor")
        ));
    } else {
        document.heading(2, "From what a buyer knows");
        document.paragraph(
            "Seen: clinical domain and specialty, kind of developer, whether architecture and training data are stated, \
             whether it writes text, claimed figures, number of sites. Of these the rules can use what the inputs are, \
             what it does and the claims; the rest is seen by the other methods alone.",
        );
    }
    let three = [Measure::MainFirst, Measure::MainInThree, Measure::AnyInThree];
    let titles = [left(""), right("main mode first"), right("main in first three"), right("any in first three")];
    document.blocks.push(Block::Table { columns: titles.to_vec(), rows: rows(tier, &three, true) });
    let areas = [Measure::AurocAll, Measure::AurocModes];
    let titles = [left(""), right("AUROC, pairs"), right("AUROC, modes")];
    document.blocks.push(Block::Table { columns: titles.to_vec(), rows: rows(tier, &areas, false) });
    let titles = [
        left("foretold or not"),
        right("TP"),
        right("FP"),
        right("TN"),
        right("FN"),
        right("accuracy"),
        right("sensitivity"),
        right("specificity"),
        right("PPV"),
    ];
    document.blocks.push(Block::Table { columns: titles.to_vec(), rows: tier.methods.iter().map(confusion).collect() });
    differences(tier, document);
    remarks(
        document,
        [
            format!(
                "in brackets 95 % intervals, from drawing cases again {} times; beyond it: how much more than the expert \
                 system, on the same draws",
                foresight.draws
            ),
            format!(
                "AUROC: 0.5 is chance, 1 is perfect. Cases are compared within groups that were left out together. Over \
                 all pairs of a case and a mode it also rewards knowing which modes are frequent; the mean over the {} \
                 that five cases or more show asks only for which cases a mode stands out, and there base rates have 0.5",
                Count(tier.modes_with_auroc, "mode")
            ),
            format!(
                "foretold: a score of {:.3} or more, the share of pairs that came among the cases learnt from (mean); no \
                 severity enters, since it has no part in what fails",
                tier.threshold
            ),
        ],
    );
}

fn rows(tier: &Tier, measures: &[Measure], in_percent: bool) -> Vec<Vec<Line>> {
    let row = |of: &MethodFigures| {
        let shown = measures.iter().map(|measure| Line::from(shown(of.figure(*measure), in_percent)));
        [Line::from(of.method.title())].into_iter().chain(shown).collect()
    };
    tier.methods.iter().map(row).collect()
}

fn shown(figure: Option<&Figure>, in_percent: bool) -> String {
    let Some((value, interval)) = figure.and_then(|figure| Some((figure.value?, figure.interval.as_ref()))) else {
        return "–".to_owned();
    };
    if in_percent {
        return super::percent(value, interval);
    }
    let ends = interval.map(|ends| format!(" ({:.2} to {:.2})", ends.low, ends.high));
    format!("{value:.2}{}", ends.unwrap_or_default())
}

fn confusion(of: &MethodFigures) -> Vec<Line> {
    let Confusion { hits, false_alarms, rightly_silent, missed } = of.confusion;
    let share = |measure: Measure| {
        let value = of.figure(measure).and_then(|figure| figure.value);
        Line::from(value.map_or_else(|| "–".to_owned(), |value| super::percent(value, None)))
    };
    let counts = [hits, false_alarms, rightly_silent, missed].map(|count| Line::from(format!("{count:.0}")));
    let shares = [Measure::Accuracy, Measure::Sensitivity, Measure::Specificity, Measure::Ppv].map(share);
    [Line::from(of.method.title())].into_iter().chain(counts).chain(shares).collect()
}

/// Says where the expert system is worse or better than another method by more than chance would have it.
fn differences(tier: &Tier, document: &mut Document) {
    let told = [
        (Measure::MainFirst, "first"),
        (Measure::MainInThree, "in three"),
        (Measure::AurocAll, "AUROC, pairs"),
        (Measure::AurocModes, "AUROC, modes"),
    ];
    let columns = vec![left("beyond it"), right(told[0].1), right(told[1].1), right(told[2].1), right(told[3].1)];
    let others = tier.methods.iter().filter(|of| of.method != Method::Expert);
    let row = |of: &MethodFigures| {
        let difference = |(measure, _): (Measure, &str)| {
            let beyond = of.figure(measure).and_then(|figure| figure.beyond_expert.as_ref());
            Line::from(beyond.map_or_else(
                || "–".to_owned(),
                |(value, interval)| {
                    let ends = interval.as_ref().map(|ends| format!(" ({:+.2} to {:+.2})", ends.low, ends.high));
                    format!("{value:+.2}{}", ends.unwrap_or_default())
                },
            ))
        };
        [Line::from(of.method.title())].into_iter().chain(told.map(difference)).collect()
    };
    document.blocks.push(Block::Table { columns, rows: others.map(row).collect() });
    let sure = |better: bool| -> Vec<String> {
        let others = tier.methods.iter().filter(|of| of.method != Method::Expert);
        let told = others.flat_map(|of| told.iter().map(move |(measure, title)| (of, *measure, *title)));
        let sure = told.filter(|(of, measure, _)| {
            let ends = of.figure(*measure).and_then(|figure| figure.beyond_expert.as_ref()?.1.as_ref());
            ends.is_some_and(|ends| if better { ends.low > 0.0 } else { ends.high < 0.0 })
        });
        sure.map(|(of, _, title)| format!("{} ({title})", of.method.title())).collect()
    };
    for (better, said) in [(true, "Clearly better than the expert system"), (false, "Clearly worse than it")] {
        let named = sure(better);
        let named = if named.is_empty() { "none".to_owned() } else { named.join("; ") };
        document.paragraph(format!("{said}: {named}."));
    }
}

fn by_system(foresight: &Foresight, document: &mut Document) {
    document.heading(2, "With all cases of the same system left out");
    document.paragraph(
        "Some systems come more than once, as a sepsis score that three hospitals tested. Here all cases of a system, or of \
         the maker of one that is sold, are left out together.",
    );
    let columns = vec![
        left("seen"),
        left("method"),
        right("first"),
        right("in three"),
        right("AUROC, pairs"),
        right("AUROC, modes"),
    ];
    let row = |tier: &Tier, of: &MethodFigures| {
        let seen = if tier.with_causes { "causes, too" } else { "buyer" };
        vec![
            Line::from(seen),
            Line::from(of.method.title()),
            Line::from(shown(of.figure(Measure::MainFirst), true)),
            Line::from(shown(of.figure(Measure::MainInThree), true)),
            Line::from(shown(of.figure(Measure::AurocAll), false)),
            Line::from(shown(of.figure(Measure::AurocModes), false)),
        ]
    };
    let tiers = foresight.tiers.iter().filter(|tier| tier.by_system);
    let rows = tiers.flat_map(|tier| tier.methods.iter().map(move |of| row(tier, of))).collect();
    document.blocks.push(Block::Table { columns, rows });
}

/// Accuracy flatters where little comes of much that could.
fn nothing_foretold(foresight: &Foresight, document: &mut Document) {
    let pairs = foresight.judged * foresight.modes;
    if pairs > 0 {
        document.paragraph(format!(
            "Accuracy flatters here: of {pairs} pairs of a case and a mode {} came. Whoever foretells nothing at all has an \
             accuracy of {}, and finds nothing.",
            foresight.came,
            super::percent(1.0 - foresight.came as f64 / pairs as f64, None)
        ));
    }
}
