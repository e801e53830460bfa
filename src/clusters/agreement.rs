//! Two ways to sort the same items: how far do they agree?

/// Returns the adjusted Rand index of two labellings: 1 where they sort alike, about 0 where they agree as chance would
/// have it, below 0 where they agree less. Two labellings that are both trivial in the same way agree: 1.
///
/// # Shapes
/// One label for each item in both; what is beyond the shorter is ignored. Labels are compared, never ordered.
///
/// # Source
/// Hubert and Arabie (1985), J. Classification 2:193; the value is scikit-learn's `adjusted_rand_score`.
pub fn adjusted_rand<A: PartialEq, B: PartialEq>(left: &[A], right: &[B]) -> f64 {
    let n = left.len().min(right.len());
    // Pairs that both join, that only one joins, and that neither does.
    let (mut both, mut only_left, mut only_right, mut neither) = (0.0f64, 0.0f64, 0.0f64, 0.0f64);
    for first in 0..n {
        for second in first + 1..n {
            match (left[first] == left[second], right[first] == right[second]) {
                (true, true) => both += 1.0,
                (true, false) => only_left += 1.0,
                (false, true) => only_right += 1.0,
                (false, false) => neither += 1.0,
            }
        }
    }
    if only_left + only_right < 0.5 {
        return 1.0;
    }
    let above = 2.0 * (both * neither - only_left * only_right);
    above / ((both + only_left) * (only_left + neither) + (both + only_right) * (only_right + neither))
}

/// How often each label goes with each cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrossTable {
    /// The labels, the most frequent first, then by name, with a count for each cluster.
    pub rows: Vec<(String, Vec<usize>)>,
}

/// Counts labels by cluster. `clusters` number `0..k`; an item without a label is not counted.
pub fn cross_table(labels: &[Option<&str>], clusters: &[usize], k: usize) -> CrossTable {
    let mut rows: Vec<(String, Vec<usize>)> = Vec::new();
    for (label, cluster) in labels.iter().zip(clusters) {
        let Some(label) = label else { continue };
        let place = rows.iter().position(|(name, _)| name == label).unwrap_or_else(|| {
            rows.push(((*label).to_owned(), vec![0; k]));
            rows.len() - 1
        });
        rows[place].1[*cluster] += 1;
    }
    rows.sort_by(|left, right| {
        let total = |row: &(String, Vec<usize>)| row.1.iter().sum::<usize>();
        total(right).cmp(&total(left)).then_with(|| left.0.cmp(&right.0))
    });
    CrossTable { rows }
}
