//! Silhouettes: does an item lie nearer to its own cluster than to the next?

use super::distances::Distances;
use crate::metrics::Undefined;

/// Returns the silhouette of each item, from -1 to 1: `(b - a) / max(a, b)`, where `a` is its mean distance to the others
/// of its cluster and `b` that to the items of the nearest other cluster. It is 0 for an item that is alone in its
/// cluster. `labels` number the clusters from 0.
///
/// # Errors
/// Undefined where all items are in one cluster, or each is in one of its own.
///
/// # Source
/// Rousseeuw (1987), J. Comput. Appl. Math. 20:53; the values are scikit-learn's `silhouette_samples`.
pub fn silhouettes(distances: &Distances, labels: &[usize]) -> Result<Vec<f64>, Undefined> {
    let clusters = labels.iter().max().map_or(0, |last| last + 1);
    let mut sizes = vec![0usize; clusters];
    labels.iter().for_each(|label| sizes[*label] += 1);
    let filled = sizes.iter().filter(|size| **size > 0).count();
    if filled < 2 {
        return Err(Undefined::new("all items are in one cluster, so there is no other to be nearer to"));
    }
    if filled == labels.len() {
        return Err(Undefined::new("every item is in a cluster of its own, so none has a distance to its own"));
    }
    let of = |(item, own): (usize, &usize)| {
        let mut sums = vec![0.0; clusters];
        labels.iter().enumerate().for_each(|(other, label)| sums[*label] += distances.between(item, other));
        if sizes[*own] == 1 {
            return 0.0;
        }
        let others = (0..clusters).filter(|cluster| cluster != own && sizes[*cluster] > 0);
        let nearest = others.map(|cluster| sums[cluster] / sizes[cluster] as f64).fold(f64::INFINITY, f64::min);
        let inside = sums[*own] / (sizes[*own] - 1) as f64;
        let larger = inside.max(nearest);
        if larger > 0.0 { (nearest - inside) / larger } else { 0.0 }
    };
    Ok(labels.iter().enumerate().map(of).collect())
}

/// Returns the mean silhouette over all items.
///
/// # Errors
/// As for [`silhouettes`].
pub fn mean_silhouette(distances: &Distances, labels: &[usize]) -> Result<f64, Undefined> {
    let each = silhouettes(distances, labels)?;
    Ok(each.iter().sum::<f64>() / each.len() as f64)
}
