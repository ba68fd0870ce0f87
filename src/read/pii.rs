//! Signs of a person in a column that is kept or shown: a file that has them is held until the
//! analyst decides.

use std::borrow::Cow;

pub use crate::workspace::PersonSign;

use super::english::name;

/// Fewest bytes in which any sign can be written.
const SHORTEST: usize = 4;

/// The first sign of a person in `text`, if there is one.
pub(crate) fn person_sign(text: &str) -> Option<PersonSign> {
    person_signs(text).next()
}

/// Every sign of a person in `text`, each once.
pub(crate) fn person_signs(text: &str) -> impl Iterator<Item = PersonSign> + use<> {
    let mut found = [false; PersonSign::ALL.len()];
    if text.len() >= SHORTEST {
        mark(text, &mut found);
    }
    PersonSign::ALL.iter().copied().zip(found).filter_map(|(sign, there)| there.then_some(sign))
}

/// `text` as it may be shown: itself, or what was found in it.
pub(crate) fn shown(text: &str) -> Cow<'_, str> {
    match person_sign(text) {
        None => Cow::Borrowed(text),
        Some(sign) => Cow::Owned(name::not_shown(sign.in_words())),
    }
}

fn mark(text: &str, found: &mut [bool]) {
    let mut see = |sign: PersonSign| found[sign as usize] = true;
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '/'))
        .filter(|word| !word.is_empty())
        .collect();
    let bare = |i: usize| {
        let word = words.get(i).copied().unwrap_or_default();
        word.trim_matches(|c: char| !c.is_alphanumeric())
    };
    for (i, whole) in words.iter().enumerate() {
        let (word, next) = (bare(i), bare(i + 1));
        let before = if i == 0 { "" } else { bare(i - 1) };
        if is_title(word, before) && is_name(next) {
            see(PersonSign::Title);
        }
        if whole.split_once('@').is_some_and(|(name, host)| {
            name.ends_with(|c: char| c.is_alphanumeric())
                && host.trim_end_matches('.').contains('.')
        }) {
            see(PersonSign::Email);
        }
        if is_registration(word, next, before) {
            see(PersonSign::Registration);
        }
        if is_birth_word(word, next, bare(i + 2)) {
            see(PersonSign::BirthDate);
        }
        if is_said_telephone(word, next) {
            see(PersonSign::Telephone);
        }
    }
    // A date long past in a text that is no date column.
    if text.split(|c: char| !c.is_ascii_digit() && !matches!(c, '/' | '-' | '.')).any(is_old_date) {
        see(PersonSign::BirthDate);
    }
    each_number(text, |digits| {
        if is_telephone(digits) {
            see(PersonSign::Telephone);
        } else if is_nhs_number(digits) {
            see(PersonSign::NhsNumber);
        }
    });
}

/// Titles; `Dr` is a drive as well, and then stands after a name of its own.
fn is_title(word: &str, before: &str) -> bool {
    match word {
        "Mr" | "Mrs" | "Ms" | "Miss" | "Mx" | "Mstr" | "MR" | "MRS" | "mr" | "mrs" => true,
        "Dr" | "DR" | "Rev" | "Prof" | "Cllr" | "PC" | "PCSO" | "DC" => {
            !before.starts_with(char::is_uppercase)
        }
        _ => false,
    }
}

fn is_name(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_alphabetic)
        && word.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '’' | '-'))
}

/// Words that say that a registration follows.
const PLATE_WORDS: [&str; 8] =
    ["reg", "registration", "vrm", "vrn", "index", "plate", "vehicle", "car"];

/// Plates: two letters, two digits, three letters since 2001; older ones only in one piece, or after
/// a word that says what they are.
fn is_registration(word: &str, next: &str, before: &str) -> bool {
    let shape = |text: &str| -> String {
        text.chars()
            .map(|c| match c {
                'A'..='Z' => 'L',
                '0'..='9' => '9',
                _ => '?',
            })
            .collect()
    };
    let (own, both) = (shape(word), shape(&format!("{word}{next}")));
    if own == "LL99LLL" || (own == "LL99" && both == "LL99LLL") {
        return true;
    }
    let old = |shape: &str| {
        matches!(shape, "L999LLL" | "L99LLL" | "L9LLL" | "LLL999L" | "LLL99L" | "LLL9L")
    };
    let said = PLATE_WORDS.iter().any(|said| before.eq_ignore_ascii_case(said));
    matches!(own.as_str(), "L999LLL" | "LLL999L") || said && (old(&own) || old(&both))
}

fn is_birth_word(word: &str, next: &str, after: &str) -> bool {
    let is = |word: &str, wanted: &str| word.eq_ignore_ascii_case(wanted);
    is(word, "dob")
        || is(word, "d.o.b")
        || is(word, "date") && is(next, "of") && is(after, "birth")
        || is(word, "born") && next.starts_with(|c: char| c.is_ascii_digit())
}

/// Whether this is a date before 2000, with its year in full; 1900 stands for no date at all.
fn is_old_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split(['/', '-', '.']).collect();
    let short = |part: &str| matches!(part.len(), 1 | 2);
    let [a, b, c] = parts.as_slice() else { return false };
    let year = match (short(a), short(c)) {
        (true, false) => c,
        (false, true) => a,
        _ => return false,
    };
    short(b) && year.len() == 4 && (1902..2000).contains(&year.parse::<u16>().unwrap_or(0))
}

fn is_said_telephone(word: &str, next: &str) -> bool {
    const SAID: [&str; 6] = ["tel", "telephone", "phone", "mob", "mobile", "contact"];
    SAID.iter().any(|said| word.eq_ignore_ascii_case(said))
        && next.len() >= 6
        && next.bytes().all(|b| b.is_ascii_digit())
}

/// Runs of digits, single spaces and hyphens inside them left out.
fn each_number(text: &str, mut see: impl FnMut(&str)) {
    let mut digits = String::new();
    let mut pieces: Vec<usize> = Vec::new();
    // Marks since the last digit: `(01632) 960-001` has two.
    let mut marks = 0;
    let mut end = |digits: &mut String, pieces: &mut Vec<usize>| {
        // Whole, and without what stands before the last piece or after the first: `12 07700900123`.
        see(digits);
        for cut in pieces.iter().skip(1) {
            see(&digits[*cut..]);
            see(&digits[..*cut]);
        }
        digits.clear();
        pieces.clear();
    };
    for c in text.chars() {
        if c.is_ascii_digit() {
            if marks > 0 || digits.is_empty() {
                pieces.push(digits.len());
            }
            digits.push(c);
            marks = 0;
        } else if matches!(c, ' ' | '-' | '(' | ')' | '+') && marks < 2 {
            marks += 1;
        } else {
            end(&mut digits, &mut pieces);
            marks = 0;
        }
    }
    end(&mut digits, &mut pieces);
}

fn is_telephone(digits: &str) -> bool {
    let national = digits.len() == 11 && matches!(digits.get(..2), Some("01" | "02" | "03" | "07"));
    let abroad = digits.strip_prefix("0044").or(digits.strip_prefix("44"));
    national
        || abroad.is_some_and(|rest| rest.len() == 10 && rest.starts_with(['1', '2', '3', '7']))
}

/// Ten digits of which the last is the check digit of the others (modulus 11).
fn is_nhs_number(digits: &str) -> bool {
    let bytes = digits.as_bytes();
    if bytes.len() != 10 || bytes.iter().all(|b| *b == bytes[0]) {
        return false;
    }
    let weighted = bytes[..9].iter().zip((2..=10).rev());
    let sum: u32 = weighted.map(|(b, weight)| u32::from(b - b'0') * weight).sum();
    let check = (11 - sum % 11) % 11;
    check < 10 && check == u32::from(bytes[9] - b'0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_a_person_are_found() {
        for (text, sign) in [
            ("o/s home of Mrs Smith", PersonSign::Title),
            ("home of Mr. O'Brien", PersonSign::Title),
            ("MR SMITH", PersonSign::Title),
            ("mrs smith next door", PersonSign::Title),
            ("surgery of Dr Jones", PersonSign::Title),
            ("reported by Cllr Brown", PersonSign::Title),
            ("contact j.doe@example.org", PersonSign::Email),
            ("tel 01642 555 012", PersonSign::Telephone),
            ("447700900123", PersonSign::Telephone),
            ("+44 7700 900123", PersonSign::Telephone),
            ("flat 12 07700900123", PersonSign::Telephone),
            ("(01632) 960-001", PersonSign::Telephone),
            ("tel: 555012", PersonSign::Telephone),
            ("NHS 943 476 5919", PersonSign::NhsNumber),
            ("9434765919", PersonSign::NhsNumber),
            ("blue Fiesta AB12 CDE", PersonSign::Registration),
            ("A123BCD", PersonSign::Registration),
            ("reg ABC 12D", PersonSign::Registration),
            ("DOB 01/02/1980", PersonSign::BirthDate),
            ("Date of birth unknown", PersonSign::BirthDate),
            ("male born 3 May", PersonSign::BirthDate),
            ("male, 01/02/1980", PersonSign::BirthDate),
        ] {
            assert_eq!(person_sign(text), Some(sign), "{text}");
        }
    }

    #[test]
    fn ordinary_places_and_categories_pass() {
        for text in [
            "On or near High Street",
            "On or near Missenden Close",
            "On or near Kingsway Dr",
            "Kingsway Dr Stockton",
            "Violence and sexual offences",
            "False alarm - Malicious",
            "E05014858",
            "Noise 24 hours",
            "028/03",
            "A19 NEW ROAD",
            "A689 THE GREEN",
            "Near miss at bus stop",
            "Closed 03/04/2018",
            "NZ 445 190",
            "444512 519001",
            "On or near B1274",
            "1234567890",
            "Y",
            "",
        ] {
            assert_eq!(person_sign(text), None, "{text}");
        }
    }

    #[test]
    fn an_nhs_number_has_its_check_digit() {
        assert!(is_nhs_number("9434765919"));
        assert!(!is_nhs_number("9434765918"));
        assert!(!is_nhs_number("0000000000"));
    }

    #[test]
    fn every_sign_is_told_once() {
        let signs: Vec<PersonSign> =
            person_signs("Mr Smith and Mrs Smith, 07700 900123, j@example.org").collect();

        assert_eq!(signs, [PersonSign::Title, PersonSign::Email, PersonSign::Telephone]);
    }

    #[test]
    fn what_is_shown_never_holds_the_value() {
        assert_eq!(shown("home of Mrs Smith"), "(not shown: a person's title and name)");
        assert_eq!(shown("Barratry"), "Barratry");
    }
}
