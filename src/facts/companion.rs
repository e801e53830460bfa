//! Companion tables in `deployment.yaml`: `ratings`, `survey`, `workflow`, `explanations` and `estimates`.

use super::block::Block;
use super::yaml::Node;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::Spanned;
use crate::table::{ColumnUse, CompanionSpec, TableRole, TableSpec, column_groups};

/// Returns the companion tables that the manifest declares, in the order of [`TableRole::COMPANIONS`].
pub(super) fn companions(
    top: &Block<'_>,
    files: &mut Vec<Spanned<String>>,
    problems: &mut Diagnostics,
) -> Vec<CompanionSpec> {
    let declared = TableRole::COMPANIONS.into_iter().filter_map(|role| Some((role, top.get(role.as_str())?)));
    declared.filter_map(|(role, node)| companion(role, node, files, problems)).collect()
}

fn companion(
    role: TableRole,
    node: &Node,
    files: &mut Vec<Spanned<String>>,
    problems: &mut Diagnostics,
) -> Option<CompanionSpec> {
    let uses: Vec<ColumnUse> = column_groups(role).iter().flat_map(|group| group.iter().copied()).collect();
    let scaled: Vec<&str> = uses.iter().filter(|column| column.has_worst()).map(|column| column.as_str()).collect();
    let mut known = vec!["file", "where"];
    known.extend(uses.iter().map(|column| column.as_str()));
    known.extend((!scaled.is_empty()).then_some("worst"));
    let block = Block::new(node, role.as_str(), &known, problems)?;
    check_groups(role, &block, problems);
    let mut columns = Vec::new();
    for column in uses {
        let names = match column.is_many() {
            true => block.texts(column.as_str(), problems),
            false => block.text(column.as_str(), problems).into_iter().collect(),
        };
        if !names.is_empty() {
            columns.push((column, names));
        }
    }
    let worst = block.get("worst").map(|node| worst(node, &scaled, problems)).unwrap_or_default();
    block.require("file", &format!("file: {role}.csv"), problems);
    let file = block.text("file", problems)?;
    let table = TableSpec { file: file.value.clone(), filter: block.pairs("where", problems) };
    if files.iter().all(|known| known.value != file.value) {
        files.push(file);
    }
    Some(CompanionSpec { role, table, columns, worst })
}

/// Reports columns that only make sense together where one of them is missing, and two ways of the same.
fn check_groups(role: TableRole, block: &Block<'_>, problems: &mut Diagnostics) {
    let groups = column_groups(role);
    let given = |column: &ColumnUse| block.get(column.as_str());
    let begun: Vec<&[ColumnUse]> =
        groups.iter().copied().filter(|group| group.iter().any(|column| given(column).is_some())).collect();
    for column in begun.iter().copied().flatten() {
        block.require(column.as_str(), &example(*column), problems);
    }
    match (begun.as_slice(), groups.first().and_then(|group| group.first())) {
        ([], Some(first)) => block.require(first.as_str(), &example(*first), problems),
        ([one, other, ..], _) if role == TableRole::Ratings => {
            let place = |group: &[ColumnUse]| group.iter().find_map(given).map(|node| node.span);
            if let (Some(first), Some(second)) = (place(one), place(other)) {
                problems.push(
                    Diagnostic::new(Code::D307, "`ratings` says twice where the ratings are")
                        .with_label(first, "a column for each rater here")
                        .with_label(second, "a row for each rating here")
                        .with_help("keep `raters`, or keep `item`, `rater` and `rating`"),
                );
            }
        }
        _ => {}
    }
}

fn example(column: ColumnUse) -> String {
    let key = column.as_str();
    if column.is_many() { format!("{key}: [\"column_*\"]") } else { format!("{key}: column_of_the_table") }
}

fn worst(node: &Node, scaled: &[&str], problems: &mut Diagnostics) -> Vec<(ColumnUse, Spanned<f64>)> {
    let Some(block) = Block::new(node, "worst", scaled, problems) else { return Vec::new() };
    let uses = [ColumnUse::Time, ColumnUse::Interruptions, ColumnUse::SatisfactionLoss];
    let mut found = Vec::new();
    for column in uses {
        let Some(number) = block.number(column.as_str(), problems) else { continue };
        if number.value > 0.0 && number.value.is_finite() {
            found.push((column, number));
        } else {
            problems.push(
                Diagnostic::new(Code::D306, format!("`{}` cannot be {}", column.as_str(), number.value))
                    .with_label(number.span, "this value")
                    .with_help("write the figure that counts as 1, above 0"),
            );
        }
    }
    found
}
