//! What must not stand in a case or in a paraphrase: signs by which a person could be known.
//!
//! The rules are simple and find only what has a form: addresses, numbers, titles with names, words in quotation
//! marks. A bare first name or a rare story passes; that is for whoever writes to see.

/// What was found, and what to write in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reason {
    /// What it is, as in "this text has …".
    pub what: &'static str,
    /// The piece of text.
    pub found: String,
    /// What to do about it.
    pub instead: &'static str,
}

/// Titles that stand before a name; without their full stop, in small letters.
const TITLES: [&str; 19] = [
    "dr",
    "prof",
    "professor",
    "doctor",
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "sir",
    "dame",
    "nurse",
    "sister",
    "matron",
    "herr",
    "frau",
    "mme",
    "monsieur",
    "madame",
];

/// Fewest digits that make a telephone number.
const PHONE: usize = 7;
/// Fewest digits in a row that could be the number of a patient or of a member of staff.
const NUMBER: usize = 6;
/// Fewest words between quotation marks that are somebody's words.
const QUOTED: usize = 3;

/// Returns the first thing in a text by which a person could be known who spoke in confidence.
pub(crate) fn names_somebody(text: &str) -> Option<Reason> {
    names_openly(text).or_else(|| number(text)).or_else(|| quoted(text))
}

/// Returns an e-mail address or a name after a title. A published case has large numbers and may quote.
pub(crate) fn names_openly(text: &str) -> Option<Reason> {
    let words: Vec<&str> = text.split_whitespace().collect();
    address(&words).or_else(|| titled(&words))
}

fn address(words: &[&str]) -> Option<Reason> {
    let is_address = |word: &&&str| {
        let Some((name, place)) = word.split_once('@') else { return false };
        !name.is_empty() && place.contains(|letter: char| letter.is_alphanumeric())
    };
    let word = words.iter().find(is_address)?;
    Some(Reason { what: "an e-mail address", found: (*word).to_owned(), instead: "write the role instead" })
}

/// Finds runs of digits with what may stand between the digits of a telephone number.
fn number(text: &str) -> Option<Reason> {
    let joins = |letter: char| matches!(letter, ' ' | '-' | '.' | '/' | '(' | ')' | '+');
    for run in text.split(|letter: char| !letter.is_ascii_digit() && !joins(letter)) {
        let run = run.trim_matches(|letter: char| joins(letter) && !matches!(letter, '+' | '('));
        let digits = run.chars().filter(char::is_ascii_digit).count();
        let longest = run.split(|letter: char| !letter.is_ascii_digit()).map(str::len).max().unwrap_or(0);
        if longest >= NUMBER {
            let instead = "leave numbers of people and records out; write large figures in words, such as 1.2 million";
            return Some(Reason { what: "a long number", found: run.to_owned(), instead });
        }
        let begins = run.starts_with(['+', '0', '(']);
        let dashed = run.contains('-') && !run.split_whitespace().all(is_date);
        if digits >= PHONE && (begins || dashed) {
            let instead = "leave telephone numbers out";
            return Some(Reason { what: "a telephone number", found: run.to_owned(), instead });
        }
    }
    None
}

/// Tells whether a piece is a day, a span of years, or no more than a small number.
fn is_date(piece: &str) -> bool {
    let parts: Vec<usize> = piece.split('-').map(str::len).collect();
    matches!(parts.as_slice(), [4, 1..=2, 1..=2] | [4, 4] | [0..=4])
}

fn titled(words: &[&str]) -> Option<Reason> {
    let is_title = |word: &str| {
        let word = word.trim_matches(|letter: char| !letter.is_alphanumeric()).to_lowercase();
        TITLES.contains(&word.as_str())
    };
    let is_name = |word: &str| {
        let letters: Vec<char> = word.chars().filter(|letter| letter.is_alphabetic()).collect();
        letters.len() >= 2 && letters.first().is_some_and(|letter| letter.is_uppercase())
    };
    // A full stop after anything but an abbreviation ends the sentence, and the next word is no name.
    let goes_on = |word: &str| !word.ends_with(['.', '!', '?', ',', ';', ':']) || word.len() <= 5;
    let pair = words.windows(2).find(|pair| match pair {
        [title, name] => is_title(title) && goes_on(title) && is_name(name),
        _ => false,
    })?;
    Some(Reason {
        what: "a title with a name",
        found: pair.join(" "),
        instead: "write the role instead, such as `a nurse`",
    })
}

fn quoted(text: &str) -> Option<Reason> {
    let marks = |letter: char| matches!(letter, '"' | '“' | '”' | '„' | '«' | '»');
    // Every second piece stands between two marks.
    let pieces: Vec<&str> = text.split(marks).collect();
    let inside = pieces.iter().enumerate().filter(|(place, _)| place % 2 == 1 && place + 1 < pieces.len());
    let (_, piece) = inside.into_iter().find(|(_, piece)| piece.split_whitespace().count() >= QUOTED)?;
    let instead = "say it in your own words: a turn of phrase can give somebody away";
    Some(Reason { what: "somebody's own words", found: (*piece).to_owned(), instead })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_name_a_person_is_found() {
        for (text, what) in [
            ("Write to anna.berg@example.org about it", "an e-mail address"),
            ("Reached on 020 7946 0958 at night", "a telephone number"),
            ("Reached on +49 (30) 901820 at night", "a long number"),
            ("Call 555-867-5309", "a telephone number"),
            ("The patient 4711088 was missed", "a long number"),
            ("It was Dr. Berg who switched it off", "a title with a name"),
            ("It was nurse O'Neill who switched it off", "a title with a name"),
            ("It was Prof Berg", "a title with a name"),
            ("She said \"nobody ever asked us about this\"", "somebody's own words"),
            ("„das haben wir nie gewollt“", "somebody's own words"),
        ] {
            assert_eq!(names_somebody(text).map(|reason| reason.what), Some(what), "{text}");
        }
    }

    #[test]
    fn ordinary_paraphrases_pass() {
        for text in [
            "A nurse and a doctor disagree with the alarm; The ward copes",
            "Since 2026-03-02 there were 27697 patients in 2019-2021, 12.5 % of them twice",
            "From 2020-01-01 to 2020-12-31 the score was silent",
            "Alarms (about 1 in 7) come at 3 am",
            "The \"traffic light\" helps",
            "Nobody told the doctor. Later the score was paused",
            "Staff @ night are few",
            "Scores of 0.63 to 0.76 and 0.81",
        ] {
            assert_eq!(names_somebody(text), None, "{text}");
        }
    }
}
