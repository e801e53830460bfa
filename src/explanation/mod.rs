//! Answers to why, why not, what if, what would flip it and what to do: the provenance that was recorded, put into words.
//!
//! A sentence is made from the condition itself and the figures that were recorded when it was
//! evaluated, so it cannot disagree with either. An [`Answer`] is a tree that serialises as it is and
//! becomes a [`Document`] for people; nothing here knows a terminal.
//!
//! Start with [`Case`]; then [`why`], [`why_not`], [`what_if`], [`flip`], [`chain`].

mod answer;
mod case;
mod chain;
mod counted;
mod document;
mod figures;
mod flip;
mod listing;
mod must_hold;
mod notation;
mod overrides;
mod phrase;
mod proof;
mod relation;
mod sentence;
mod summary;
mod suppose;
mod target;
mod teller;
mod what_if;
mod why;
mod why_not;

pub use answer::{Answer, Part, PartKind};
pub use case::Case;
pub use chain::chain;
pub(crate) use counted::counted_json;
pub use document::{Block, Column, Document, Entry, Line, Piece, Tone, Tree};
pub use figures::{distinct, number, value_text, with_digits};
pub use flip::{FlipAnswer, ShownChange, ShownFlip, flip, goal_of};
pub use listing::{list_facts, list_measurements, list_recommendations, list_risks};
pub use must_hold::{Failing, Held, Holding, MustHold, must_hold};
pub use overrides::{list_overrides, with_overrides};
pub use summary::summarise;
pub use suppose::{Supposition, suppose};
pub use target::{Target, TargetError, find_target, target_names};
pub use what_if::{MovedRisk, TurnedRule, WhatIf, moved_risks, show_moved_risks, what_if};
pub use why::why;
pub use why_not::why_not;
