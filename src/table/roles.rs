//! From the names in the manifest to the columns of a file.

use super::column::Wanted;
use super::error::TableError;
use super::spec::{ColumnRoles, PilotSpec};
use crate::diagnostic::Diagnostics;
use crate::source::{Span, Spanned};

/// [`ColumnRoles`] with every pattern replaced by the columns that it stands for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Roles {
    pub label: Option<Spanned<String>>,
    pub score: Option<Spanned<String>>,
    /// The column of classes; there is no label then.
    pub class_label: Option<Spanned<String>>,
    /// Each class and the column of its probability.
    pub classes: Vec<(String, Spanned<String>)>,
    pub compared: Option<Spanned<String>>,
    pub weight: Option<Spanned<String>>,
    pub members: Vec<Spanned<String>>,
    pub groups: Vec<(String, Spanned<String>)>,
    pub period: Option<Spanned<String>>,
    pub intersections: Vec<(String, Vec<Spanned<String>>)>,
    pub numeric: Vec<Spanned<String>>,
    pub categorical: Vec<Spanned<String>>,
}

impl Roles {
    /// Returns the columns of `roles`, patterns expanded against all `headers` in their order.
    ///
    /// A column that only one header has is kept, so that its lack in the other is an error.
    pub fn resolve(roles: &ColumnRoles, headers: &[(&str, &[String])]) -> Result<Self, Diagnostics> {
        let mut errors = Diagnostics::default();
        let mut expand = |names: &[Spanned<String>]| {
            let mut found: Vec<Spanned<String>> = Vec::new();
            for name in names {
                for column in matching(name, headers, &mut errors) {
                    if found.iter().all(|earlier| earlier.value != column.value) {
                        found.push(column);
                    }
                }
            }
            found
        };
        let members = expand(&roles.members);
        let numeric = expand(&roles.numeric);
        let categorical = expand(&roles.categorical);
        let classes = roles.scores.iter().flat_map(|name| {
            expand(std::slice::from_ref(name)).into_iter().map(|column| (class_of(&name.value, &column.value), column))
        });
        let classes: Vec<(String, Spanned<String>)> = classes.collect();
        let (label, class_label) =
            if classes.is_empty() { (roles.label.clone(), None) } else { (None, roles.label.clone()) };
        let found = Self {
            label,
            score: roles.score.clone(),
            class_label,
            classes,
            compared: roles.compared.clone(),
            weight: roles.weight.clone(),
            members,
            groups: roles.groups.clone(),
            period: roles.period.clone(),
            intersections: roles.intersections.clone(),
            numeric,
            categorical,
        };
        for (file, columns) in headers {
            let mut seen: Vec<&str> = Vec::new();
            for column in found.names() {
                if !columns.contains(&column.value) && !seen.contains(&column.value.as_str()) {
                    seen.push(&column.value);
                    errors.push(TableError::UnknownColumn {
                        file: (*file).to_owned(),
                        column: column.clone(),
                        columns: columns.to_vec(),
                    });
                }
            }
        }
        if errors.is_empty() { Ok(found) } else { Err(errors) }
    }

    fn names(&self) -> impl Iterator<Item = &Spanned<String>> {
        self.label
            .iter()
            .chain(&self.score)
            .chain(&self.class_label)
            .chain(self.classes.iter().map(|(_, column)| column))
            .chain(&self.compared)
            .chain(&self.weight)
            .chain(&self.members)
            .chain(self.groups.iter().map(|(_, column)| column))
            .chain(&self.period)
            .chain(self.intersections.iter().flat_map(|(_, columns)| columns))
            .chain(&self.numeric)
            .chain(&self.categorical)
    }

    /// Returns the names of the attributes: those of one column, then the intersections.
    pub fn attributes(&self) -> impl Iterator<Item = &str> {
        let plain = self.groups.iter().map(|(name, _)| name.as_str());
        plain.chain(self.intersections.iter().map(|(name, _)| name.as_str()))
    }

    /// Returns the columns that two intersections have in common, where they have any and not all.
    pub fn common_columns(&self) -> Vec<Vec<Spanned<String>>> {
        let mut found: Vec<Vec<Spanned<String>>> = Vec::new();
        for (place, (_, columns)) in self.intersections.iter().enumerate() {
            for (_, others) in self.intersections.iter().skip(place + 1) {
                let shared = |column: &&Spanned<String>| others.iter().any(|other| other.value == column.value);
                let common: Vec<Spanned<String>> = columns.iter().filter(shared).cloned().collect();
                if !common.is_empty() && common.len() < columns.len().max(others.len()) {
                    found.push(common);
                }
            }
        }
        found
    }

    /// Returns each column to be read and as what, without repetition.
    pub fn wanted(&self, pilot: &PilotSpec) -> Vec<(String, Wanted)> {
        let filters = [&pilot.development, &pilot.deployment].into_iter().flatten().flat_map(|table| &table.filter);
        let columns = |names: &'_ [Spanned<String>], wanted: Wanted| -> Vec<(String, Wanted)> {
            names.iter().map(|name| (name.value.clone(), wanted)).collect()
        };
        let mut all = Vec::new();
        all.extend(self.label.iter().map(|name| (name.value.clone(), Wanted::Label)));
        let numbers = self.score.iter().chain(&self.compared).chain(&self.weight);
        all.extend(numbers.map(|name| (name.value.clone(), Wanted::Number)));
        all.extend(self.class_label.iter().map(|name| (name.value.clone(), Wanted::Category)));
        all.extend(self.classes.iter().map(|(_, name)| (name.value.clone(), Wanted::Number)));
        all.extend(columns(&self.members, Wanted::Number));
        all.extend(columns(&self.numeric, Wanted::Number));
        all.extend(columns(&self.categorical, Wanted::Category));
        all.extend(self.groups.iter().map(|(_, name)| (name.value.clone(), Wanted::Category)));
        all.extend(self.period.iter().map(|name| (name.value.clone(), Wanted::Category)));
        all.extend(self.intersections.iter().flat_map(|(_, names)| columns(names, Wanted::Category)));
        all.extend(filters.map(|(name, _)| (name.value.clone(), Wanted::Category)));
        all.sort();
        all.dedup();
        all
    }

    /// Returns where the manifest names `column` with that use.
    pub fn span(&self, column: &str, wanted: Wanted) -> Option<Span> {
        let named = |name: &&Spanned<String>| name.value == column;
        match wanted {
            Wanted::Label => self.label.iter().find(named),
            Wanted::Number => {
                let classes = self.classes.iter().map(|(_, column)| column);
                let scores = self.score.iter().chain(&self.compared).chain(&self.weight).chain(classes);
                scores.chain(&self.members).chain(&self.numeric).find(named)
            }
            Wanted::Category => self.class_label.iter().chain(&self.categorical).chain(&self.period).find(named),
        }
        .map(|name| name.span)
    }
}

/// Returns the class whose probability a column holds: what the stars of the pattern stand for.
fn class_of(pattern: &str, column: &str) -> String {
    let ends = pattern.split_once('*').zip(pattern.rsplit_once('*'));
    let inner = ends.and_then(|((head, _), (_, tail))| column.strip_prefix(head)?.strip_suffix(tail));
    inner.unwrap_or(column).to_owned()
}

/// Returns the columns that a name or a pattern with `*` stands for.
pub(super) fn matching(
    name: &Spanned<String>,
    headers: &[(&str, &[String])],
    errors: &mut Diagnostics,
) -> Vec<Spanned<String>> {
    if !name.value.contains('*') {
        return vec![name.clone()];
    }
    let mut found: Vec<Spanned<String>> = Vec::new();
    for column in headers.iter().flat_map(|(_, columns)| columns.iter()) {
        if matches_pattern(&name.value, column) && found.iter().all(|earlier| earlier.value != *column) {
            found.push(Spanned::new(column.clone(), name.span));
        }
    }
    if let (true, Some((file, columns))) = (found.is_empty(), headers.first()) {
        errors.push(TableError::NoMatch { file: (*file).to_owned(), pattern: name.clone(), columns: columns.to_vec() });
    }
    found
}

/// Tells whether `text` is `pattern` with each `*` replaced by any text.
pub(crate) fn matches_pattern(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|head| text.strip_prefix(head)) else { return false };
    let Some(tail) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        // Taking the first place leaves the most for the parts that follow.
        let Some((_, after)) = rest.split_once(part) else { return false };
        rest = after;
    }
    rest.ends_with(tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        assert!(
            matches_pattern("x_*", "x_1")
                && matches_pattern("*_x", "a_x")
                && matches_pattern("a*c*", "abcd")
                && matches_pattern("*", "")
        );
        assert!(!matches_pattern("x_*", "y_1") && !matches_pattern("a*c", "abcd") && !matches_pattern("x", "xx"));
    }
}
