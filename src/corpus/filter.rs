//! Which cases are wanted.

use super::case::Case;

/// What a case must have; what is not asked for does not matter.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Its domain, or what its domain begins with: `medical_imaging`.
    pub domain: Option<String>,
    /// A mode.
    pub mode: Option<String>,
    /// A factor.
    pub factor: Option<String>,
    /// Its first and last year.
    pub years: Option<(u16, u16)>,
    /// A country, in any case of letters.
    pub country: Option<String>,
    /// Its kind of evidence.
    pub evidence: Option<String>,
    /// Words that all stand somewhere in its text, in any case of letters.
    pub words: Vec<String>,
}

impl Filter {
    /// Tells whether a case is wanted.
    pub fn wants(&self, case: &Case) -> bool {
        let is = |wanted: &Option<String>, test: &dyn Fn(&str) -> bool| wanted.as_deref().is_none_or(test);
        is(&self.domain, &|domain| case.domain == domain || case.domain.split('.').next() == Some(domain))
            && is(&self.mode, &|mode| case.modes.iter().any(|coding| coding.mode.value == mode))
            && is(&self.factor, &|factor| case.factors().contains(&factor))
            && is(&self.country, &|country| case.countries.iter().any(|name| name.eq_ignore_ascii_case(country)))
            && is(&self.evidence, &|evidence| case.evidence == evidence)
            && self.years.is_none_or(|(first, last)| (first..=last).contains(&case.year))
            && self.has_words(case)
    }

    fn has_words(&self, case: &Case) -> bool {
        if self.words.is_empty() {
            return true;
        }
        let text = text_of(case).to_lowercase();
        self.words.iter().all(|word| text.contains(&word.to_lowercase()))
    }
}

/// Returns all words of a case that a person may look for.
fn text_of(case: &Case) -> String {
    let optional = [
        &case.specialty,
        &case.place,
        &case.system.name,
        &case.system.developer,
        &case.system.architecture,
        &case.system.training_data,
        &case.purpose,
        &case.organisation,
        &case.consequence,
        &case.noticed,
        &case.outcome,
    ];
    let mut words: Vec<&str> = vec![&case.id.value, &case.title];
    words.extend(optional.into_iter().flatten().map(String::as_str));
    words.extend(case.countries.iter().map(String::as_str));
    words.extend(case.modes.iter().map(|coding| coding.mode.value.as_str()));
    words.extend(case.factors());
    words.extend(case.remedies.iter().map(|remedy| remedy.what.as_str()));
    words.extend(case.sources.iter().map(|source| source.cite.as_str()));
    words.join("\n")
}
