//! The cheapest set for people.

use crate::diagnostic::Count;
use crate::explanation::{Block, Case, Column, Document, Entry, Line, Tone, with_digits};
use crate::plan::{CheapestSet, Chosen, Costs, Goal, Lowered, Priced};
use crate::risk::World;

/// Modes that are named in one line.
const NAMED: usize = 3;

/// Adds what to do, what it costs and what it comes to.
pub(super) fn tell(case: Case<'_>, set: &CheapestSet, goal: &Goal, document: &mut Document) {
    let band = &case.knowledge.bands[goal.band];
    document.heading(2, format!("The cheapest way to bring every risk under {}", band.title));
    if set.modes.is_empty() {
        document.paragraph(format!(
            "Every risk is below {} already, {}.",
            with_digits(set.below, 0),
            figures(set.world)
        ));
        return;
    }
    document.paragraph(cost(set, goal.costs));
    let numbered = set.chosen.iter().enumerate();
    let entries: Vec<Entry> = numbered.map(|(place, chosen)| entry(case, place, chosen)).collect();
    if !entries.is_empty() {
        document.blocks.push(Block::Entries(entries));
    }
    stays_above(case, set, document);
    let columns = vec![
        Column { title: "Failure mode", right: false },
        Column { title: "Risk now", right: true },
        Column { title: "Then", right: true },
        Column { title: "", right: false },
    ];
    document.blocks.push(Block::Table { columns, rows: set.modes.iter().map(|mode| row(case, set, mode)).collect() });
    document.paragraph(format!(
        "All risks together: from {} to {}. Counted is what mitigations do to causes and their effects, {}; that some \
         also make a failure easier to see is not foreseen here, and after each step the assessment should be made anew.",
        with_digits(set.total_before, 1),
        with_digits(set.total_after, 1),
        figures(set.world),
    ));
    if !set.struck_out.is_empty() {
        let names: Vec<&str> = set.struck_out.iter().map(|id| case.knowledge.mitigations[*id].id.as_str()).collect();
        document.paragraph(
            Line::new().plain("Left out because a rule strikes them out here: ").name(names.join(", ")).plain("."),
        );
    }
}

fn figures(world: World) -> &'static str {
    match world {
        World::High => "on the high figures, in which everything unknown turns out for the worst",
        World::Estimate => "on the estimates",
        World::Low => "on the low figures",
    }
}

/// How many, at what cost, and whether it could be had for less.
fn cost(set: &CheapestSet, costs: Costs) -> String {
    let Costs { low, medium, high } = costs;
    let of = Count(set.candidates, "mitigation");
    if set.modes.iter().all(|mode| mode.at_best >= set.below) {
        return format!(
            "Nothing that the pack knows brings a risk below {}, not {of} together.",
            with_digits(set.below, 0)
        );
    }
    format!(
        "{} of {of} that could help: every risk that can be is then below {}. Cost {}, where low effort counts {low}, medium {medium} and high \
         {high}: weights that are judged, not measured. {}",
        set.priced.set.len(),
        with_digits(set.below, 0),
        set.priced.cost,
        bound(&set.priced),
    )
}

fn bound(priced: &Priced) -> String {
    if priced.is_cheapest() {
        "No set that does the same costs less.".to_owned()
    } else {
        format!(
            "No set that does the same can cost less than {}; whether one costs less than {} was not settled.",
            priced.at_least, priced.cost
        )
    }
}

/// What cannot be brought under, how low it can be, and by what.
fn stays_above(case: Case<'_>, set: &CheapestSet, document: &mut Document) {
    let Some(all) = &set.as_low_as_can_be else { return };
    let of = |mode: &Lowered| {
        let text = Line::new()
            .with(Tone::Warn, "stays above: ")
            .strong(case.node_title(mode.mode))
            .plain(format!(
                " — {} with the set, {} with everything that helps, {} above what it should be under  ",
                with_digits(mode.after, 1),
                with_digits(mode.at_best, 1),
                with_digits(mode.at_best - set.below, 1)
            ))
            .name(case.knowledge.nodes[mode.mode].id.clone());
        let mut details: Vec<Line> = mode
            .further
            .iter()
            .take(NAMED)
            .map(|(id, removed)| {
                let declared = &case.knowledge.mitigations[*id];
                Line::new()
                    .faint("lower by ")
                    .plain(format!("{}: {}  ", with_digits(*removed, 1), declared.title))
                    .name(declared.id.clone())
            })
            .collect();
        if mode.further.len() > NAMED {
            details.push(Line::new().faint(format!("and {} more", mode.further.len() - NAMED)));
        }
        Entry { mark: "✗".to_owned(), text, details }
    };
    let stay = set.modes.iter().filter(|mode| mode.at_best >= set.below);
    document.blocks.push(Block::Entries(stay.map(of).collect()));
    document.paragraph(format!(
        "To bring these as low as can be and the others under takes {}, cost {}. {} What stays above needs something \
         that the pack does not know, or another decision: a narrower use, or none.",
        Count(all.set.len(), "mitigation"),
        all.cost,
        bound(all),
    ));
}

fn entry(case: Case<'_>, place: usize, chosen: &Chosen) -> Entry {
    let declared = &case.knowledge.mitigations[chosen.mitigation];
    let text = Line::new()
        .strong(declared.title.clone())
        .plain(format!(" — cost {}, removes {} alone  ", chosen.cost, with_digits(chosen.removes, 1)))
        .name(declared.id.clone());
    let mut details = Vec::new();
    let mut needed: Vec<String> = chosen
        .needed_for
        .iter()
        .map(|(mode, risk)| format!("{} ({} without it)", case.node_title(*mode), with_digits(*risk, 1)))
        .collect();
    if !needed.is_empty() {
        let more = needed.len().saturating_sub(NAMED);
        needed.truncate(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        details.push(Line::new().faint("needed for: ").plain(needed.join("; ") + &more));
    }
    details.extend(declared.needs.iter().map(|needs| Line::new().faint("needs: ").plain(needs.clone())));
    Entry { mark: format!("{}.", place + 1), text, details }
}

/// Returns a risk with so many digits that it can be told from the limit.
fn beside(risk: f64, limit: f64) -> String {
    let digits = (1..6).find(|digits| with_digits(risk, *digits) != with_digits(limit, *digits));
    with_digits(risk, digits.unwrap_or(1))
}

fn row(case: Case<'_>, set: &CheapestSet, mode: &Lowered) -> Vec<Line> {
    let state = if mode.after < set.below {
        Line::new().with(Tone::Good, "under")
    } else {
        Line::new().with(Tone::Warn, "not under")
    };
    vec![
        Line::new().plain(format!("{}  ", case.node_title(mode.mode))).name(case.knowledge.nodes[mode.mode].id.clone()),
        Line::from(beside(mode.before, set.below)),
        Line::from(beside(mode.after, set.below)),
        state,
    ]
}
