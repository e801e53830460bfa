//! Which answers are taken, and what is said of the others.

use crate::corpus::from_yaml::{NAME_HELP, is_name};
use crate::corpus::privacy::{Reason, names_openly};
use crate::diagnostic::or_nearest;

/// Takes text that names nobody in the open.
pub(super) fn text(answer: &str) -> Result<String, String> {
    match names_openly(answer) {
        Some(Reason { what, found, instead }) => Err(format!("it has {what}, `{found}`; {instead}")),
        None => Ok(answer.to_owned()),
    }
}

/// Takes the authors of a source, whom a case may name.
pub(super) fn citation(answer: &str) -> Result<String, String> {
    Ok(answer.to_owned())
}

/// Takes one of some words.
pub(super) fn one_of(words: &'static [&'static str]) -> impl Fn(&str) -> Result<&'static str, String> {
    move |answer| {
        let found = words.iter().find(|word| **word == answer).copied();
        found.ok_or_else(|| or_nearest(answer, words.iter().copied(), || format!("write one of {}", words.join(", "))))
    }
}

/// Takes a whole number within bounds.
pub(super) fn whole(low: u64, high: u64) -> impl Fn(&str) -> Result<u64, String> {
    move |answer| {
        let number = answer.parse::<u64>().ok().filter(|number| (low..=high).contains(number));
        number.ok_or_else(|| match high {
            u64::MAX => format!("write a whole number from {low}, in digits alone"),
            _ => format!("write a whole number from {low} to {high}"),
        })
    }
}

/// Takes a number, and a percentage as the share that it is: `63 %` is 0.63.
pub(super) fn number(answer: &str) -> Result<f64, String> {
    let (digits, is_percentage) = match answer.strip_suffix('%') {
        Some(digits) => (digits.trim(), true),
        None => (answer, false),
    };
    match digits.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(if is_percentage { percentage(value) } else { value }),
        Ok(_) | Err(_) => Err("write a number with a point, such as 0.63, or a percentage, such as 63 %".to_owned()),
    }
}

/// Returns the share that a percentage is, without the digits that dividing adds: 6.1 % is 0.061.
fn percentage(value: f64) -> f64 {
    let digits = 1e12;
    (value / 100.0 * digits).round() / digits
}

/// Takes a range such as `0.62 to 0.64`.
pub(super) fn range(answer: &str) -> Result<(f64, f64), String> {
    let (low, high) = answer.split_once(" to ").ok_or("write two numbers with `to` between, such as 0.62 to 0.64")?;
    let (low, high) = (number(low.trim())?, number(high.trim())?);
    if low <= high { Ok((low, high)) } else { Err("write the lower end first".to_owned()) }
}

/// Where a source can be looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Address {
    /// A digital object identifier.
    Doi(String),
    /// An address of the web.
    Url(String),
}

/// Takes a DOI, also as an address, or an address.
pub(super) fn address(answer: &str) -> Result<Address, String> {
    let bare = ["https://doi.org/", "http://doi.org/", "https://dx.doi.org/", "doi:"]
        .iter()
        .find_map(|begin| answer.strip_prefix(begin))
        .unwrap_or(answer)
        .trim();
    let has_blank = bare.contains(char::is_whitespace);
    if bare.starts_with("10.") && bare.contains('/') && !has_blank {
        return Ok(Address::Doi(bare.to_owned()));
    }
    let host = ["https://", "http://"].iter().find_map(|begin| answer.strip_prefix(begin));
    if host.is_some_and(|host| host.contains('.')) && !has_blank {
        return Ok(Address::Url(answer.to_owned()));
    }
    Err("write a DOI, which begins with `10.`, or an address that begins with `https://`".to_owned())
}

/// Takes what can be the name of a case, and of a file.
pub(super) fn name(answer: &str) -> Result<String, String> {
    if is_name(answer) { Ok(answer.to_owned()) } else { Err(NAME_HELP.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_become_shares_and_ranges_have_an_order() {
        assert_eq!(number("6.1 %"), Ok(0.061));
        assert_eq!(number("0.63"), Ok(0.63));
        assert!(number("much").is_err() && number("inf").is_err());
        assert_eq!(range("62 % to 64 %"), Ok((0.62, 0.64)));
        assert!(range("0.64 to 0.62").is_err() && range("0.62").is_err());
    }

    #[test]
    fn a_source_has_a_doi_or_an_address() {
        assert_eq!(address("https://doi.org/10.1000/182"), Ok(Address::Doi("10.1000/182".to_owned())));
        assert_eq!(address("doi:10.1000/182"), Ok(Address::Doi("10.1000/182".to_owned())));
        assert_eq!(address("https://example.org/a"), Ok(Address::Url("https://example.org/a".to_owned())));
        for wrong in ["a colleague told me", "10.1000", "www.example.org", "https://", "https://example.org/a b"] {
            assert!(address(wrong).is_err(), "{wrong}");
        }
    }
}
