//! Clusters: which documented failures, and which pilots, are alike.
//!
//! Each case and each pilot is an [`Item`], a vector in parts: what failed, for what reasons, how far the figures
//! fell; or five figures of a pilot. [`Clustering::of`] joins items by Ward's method, cuts the tree where the mean
//! silhouette is largest, and keeps how much of every part was known. [`Clustering::stability`] says how much of
//! that another sample of cases would have given, [`Likeness::of`] where a pilot stands, and [`Precedents`]
//! what was done there.
//!
//! This room describes. Nothing that is found here enters a likelihood, a risk or a verdict.

mod agreement;
mod clustering;
mod compared;
mod distances;
mod drawing;
mod item;
mod likeness;
mod of_case;
mod of_pilot;
mod precedents;
mod silhouette;
mod space;
mod stability;
mod table;
mod tell;
mod traits;
mod ward;

pub use agreement::{CrossTable, adjusted_rand, cross_table};
pub use clustering::{Clustering, TooFew};
pub use compared::{Compared, compared};
pub use distances::{Distances, to_centre};
pub use drawing::dendrogram;
pub use item::{Item, Kind, Part, Value};
pub use likeness::{Alike, Likeness, Nearest, built_in};
pub use of_case::of_case;
pub use of_pilot::of_pilot;
pub use precedents::Precedents;
pub use silhouette::{mean_silhouette, silhouettes};
pub use space::{Basis, Space, View};
pub use stability::Stability;
pub use table::json;
pub use tell::tell;
pub use traits::Trait;
pub use ward::{Join, Tree, ward};
