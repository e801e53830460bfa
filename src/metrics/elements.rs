//! What the indices of a pilot range over: attributes, subgroups, features, periods.

use super::privacy::suppression::Shown;
use super::sample::{Attribute, Group, Side};
use super::{MetricIndex, Subgroup, TableRole};
use crate::table::Roles;

/// One thing that an index ranges over.
#[derive(Clone, Debug)]
pub(super) struct Element {
    /// As it is shown: `sex`, `sex=F`, `age`.
    pub id: String,
    /// Its place among attributes or features.
    pub place: usize,
    /// The name of the group or period.
    pub group: String,
}

pub(super) struct Elements {
    pub attributes: Vec<Element>,
    pub subgroups: Vec<Element>,
    pub features: Vec<Element>,
    pub periods: Vec<Element>,
}

impl Elements {
    pub fn of(&self, index: MetricIndex) -> Option<&[Element]> {
        match index {
            MetricIndex::Scalar => None,
            MetricIndex::Attribute => Some(&self.attributes),
            MetricIndex::Subgroup => Some(&self.subgroups),
            MetricIndex::Feature => Some(&self.features),
            MetricIndex::Period => Some(&self.periods),
        }
    }
}

/// The two tables, as far as they are there.
#[derive(Debug, Default)]
pub(super) struct Sides {
    pub development: Option<Side>,
    pub deployment: Option<Side>,
}

impl Sides {
    pub fn side(&self, role: TableRole) -> Option<&Side> {
        match role {
            TableRole::Development => self.development.as_ref(),
            TableRole::Deployment => self.deployment.as_ref(),
            _ => None,
        }
    }

    /// Returns the table that subgroups and periods are taken from: deployment where there is one.
    fn main(&self) -> Option<&Side> {
        self.deployment.as_ref().or(self.development.as_ref())
    }

    fn main_attributes(&self) -> &[Attribute] {
        self.main().map_or(&[], |side| &side.attributes)
    }

    /// Returns what each index ranges over.
    pub fn elements(&self, roles: &Roles) -> Elements {
        let element = |(place, id): (usize, String)| Element { id, place, group: String::new() };
        let subgroups = self.main_attributes().iter().enumerate().flat_map(|(place, attribute)| {
            let named = |group: &Group| Element {
                id: format!("{}={}", attribute.name, group.name),
                place,
                group: group.name.clone(),
            };
            attribute.groups.iter().map(named).collect::<Vec<_>>()
        });
        let features = roles.numeric.iter().chain(&roles.categorical).map(|name| name.value.clone());
        let periods = self.main().into_iter().flat_map(|side| &side.period_names);
        Elements {
            attributes: roles.attributes().map(str::to_owned).enumerate().map(element).collect(),
            subgroups: subgroups.collect(),
            features: features.enumerate().map(element).collect(),
            periods: periods.map(|name| Element { id: name.clone(), place: 0, group: name.clone() }).collect(),
        }
    }

    /// Returns every subgroup, and its size where that may be shown.
    pub fn subgroups(&self) -> Vec<Subgroup> {
        let of = |attribute: &Attribute| {
            let named = |group: &Group| Subgroup {
                id: format!("{}={}", attribute.name, group.name),
                attribute: attribute.name.clone(),
                n: (group.shown == Shown::Yes).then_some(group.n),
            };
            attribute.groups.iter().map(named).collect::<Vec<_>>()
        };
        self.main_attributes().iter().flat_map(of).collect()
    }
}
