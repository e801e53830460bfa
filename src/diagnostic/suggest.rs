//! The nearest valid name to one that was mistyped.

/// Returns the candidate that `name` most probably stands for, or none if nothing is near.
///
/// Near is an edit distance (insert, delete, replace, swap) of at most a third of the name, and of
/// none at all for names of one or two letters. Failing that, a candidate with the same last
/// segment (`ece` for `calibration.ece`) counts. Ties go to the first in alphabetical order.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = name.chars().count() / 3;
    let mut sorted: Vec<&str> = candidates.into_iter().collect();
    sorted.sort_unstable();
    let closest = sorted
        .iter()
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), *candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance);
    if let Some((_, candidate)) = closest {
        return Some(candidate);
    }
    let last = |text: &str| text.rsplit('.').next().unwrap_or(text).to_owned();
    let segment = last(name);
    sorted.into_iter().find(|candidate| last(candidate) == segment)
}

/// Returns the help line "did you mean `x`?", or `otherwise` where nothing is near.
pub fn or_nearest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    otherwise: impl FnOnce() -> String,
) -> String {
    match nearest(name, candidates) {
        Some(candidate) => format!("did you mean `{candidate}`?"),
        None => otherwise(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_the_near_and_nothing_far() {
        let names = ["calibration.ece", "calibration.slope", "shift.psi"];
        assert_eq!(nearest("calibraton.ece", names), Some("calibration.ece"));
        assert_eq!(nearest("ece", names), Some("calibration.ece"));
        assert_eq!(nearest("workflow", names), None);
        assert_eq!(nearest("x", ["y"]), None);
    }
}
