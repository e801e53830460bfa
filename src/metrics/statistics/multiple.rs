//! Corrections for asking many questions at once.

/// How p-values are adjusted for their number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Adjustment {
    /// Not at all.
    None,
    /// Bonferroni: times their number.
    Bonferroni,
    /// Holm: the chance of one false alarm among all is held, as by Bonferroni, and more is found.
    Holm,
    /// Benjamini and Hochberg: the share of false alarms among the alarms is held.
    BenjaminiHochberg,
    /// Benjamini and Yekutieli: the same under any dependence.
    BenjaminiYekutieli,
}

impl Adjustment {
    /// Returns the adjustment that a pack calls so; no adjustment for any other word.
    pub(crate) fn of_word(word: &str) -> Self {
        match word {
            "bonferroni" => Adjustment::Bonferroni,
            "holm" => Adjustment::Holm,
            "bh" => Adjustment::BenjaminiHochberg,
            "by" => Adjustment::BenjaminiYekutieli,
            _ => Adjustment::None,
        }
    }
}

/// Returns p-values adjusted for their number, in the order given, each in 0..=1.
///
/// # Source
/// Holm (1979); Benjamini, Hochberg (1995); Benjamini, Yekutieli (2001); as `multipletests` of statsmodels.
pub fn adjusted(p: &[f64], adjustment: Adjustment) -> Vec<f64> {
    let n = p.len() as f64;
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|a, b| match (p.get(*a), p.get(*b)) {
        (Some(a), Some(b)) => a.total_cmp(b),
        _ => std::cmp::Ordering::Equal,
    });
    let sorted: Vec<f64> = order.iter().filter_map(|place| p.get(*place)).copied().collect();
    let ranked = |factor: &dyn Fn(f64) -> f64| -> Vec<f64> {
        sorted.iter().zip(1u32..).map(|(p, rank)| p * factor(f64::from(rank))).collect()
    };
    let harmonic: f64 = (1..=p.len()).map(|rank| 1.0 / rank as f64).sum();
    let mut values = match adjustment {
        Adjustment::None => ranked(&|_| 1.0),
        Adjustment::Bonferroni => ranked(&|_| n),
        Adjustment::Holm => ranked(&|rank| n + 1.0 - rank),
        Adjustment::BenjaminiHochberg => ranked(&|rank| n / rank),
        Adjustment::BenjaminiYekutieli => ranked(&|rank| n / rank * harmonic),
    };
    // A smaller p never gets a larger adjusted one: steps down from the least, or up from the largest.
    match adjustment {
        Adjustment::None | Adjustment::Bonferroni => {}
        Adjustment::Holm => {
            let mut largest = 0.0f64;
            values.iter_mut().for_each(|value| {
                largest = largest.max(*value);
                *value = largest;
            });
        }
        Adjustment::BenjaminiHochberg | Adjustment::BenjaminiYekutieli => {
            let mut least = f64::INFINITY;
            values.iter_mut().rev().for_each(|value| {
                least = least.min(*value);
                *value = least;
            });
        }
    }
    let mut found = vec![1.0; p.len()];
    for (place, value) in order.into_iter().zip(values) {
        if let Some(found) = found.get_mut(place) {
            *found = value.min(1.0);
        }
    }
    found
}
