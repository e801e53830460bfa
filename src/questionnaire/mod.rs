//! The questionnaire: what is still to be asked, in which order, why, and what was answered.
//!
//! Whoever knows a hospital is asked what matters most first: each open question has its *swing*, how far its answer
//! could move the total risk, and after every answer the swings are worked out anew. What the pilot's tables show is
//! never asked, and what can no longer change anything is left out. Answers go into the text of `answers.yaml`, of which
//! every other byte stays as it is. This module reads and writes no file: whoever calls it lends it a
//! [`Talk`](crate::talk::Talk) and keeps the text.
//!
//! Start with [`ask`]; [`list_open`] lists the same questions for whoever prefers paper.

mod choice;
mod dialogue;
mod listing;
mod reason;
mod sheet;
mod typed;

pub use choice::{Choice, Open, Tally};
pub use dialogue::{Asked, Respondent, ask};
pub use listing::{list_open, open_json, outcome};
pub use sheet::{Entry, Sheet, SheetError};
