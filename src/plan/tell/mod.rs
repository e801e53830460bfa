//! The plan for people: something to hand to a ward.

mod cheapest;
mod trials;
mod watching;

use super::Plan;
use crate::explanation::{Case, Document, Line};

/// Returns the plan of a deployment of that title; with `all`, every test in full.
pub fn tell(case: Case<'_>, plan: &Plan, title: &str, all: bool) -> Document {
    let mut document = Document::default();
    let pack = &case.knowledge.pack;
    let heading = Line::new().plain(format!("Plan: {title}")).faint(format!("  pack {} {}", pack.id, pack.version));
    document.heading(1, heading);
    cheapest::tell(case, &plan.cheapest, &plan.goal, &mut document);
    trials::tell(case, plan, all, &mut document);
    watching::tell(case, &plan.watching, &mut document);
    document
}
