//! Signs of a person in a column that is kept: a file that shows them is held.

use std::fmt;

/// What kind of sign was found. The value itself is never repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonSign {
    /// A title before a name.
    Title,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Telephone,
    /// An NHS number.
    NhsNumber,
    /// A vehicle registration.
    Registration,
    /// A date of birth.
    BirthDate,
}

impl fmt::Display for PersonSign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Title => "a person's title and name",
            Self::Email => "an e-mail address",
            Self::Telephone => "a telephone number",
            Self::NhsNumber => "an NHS number",
            Self::Registration => "a vehicle registration",
            Self::BirthDate => "a date of birth",
        })
    }
}

/// The first sign of a person in `text`, if there is one.
pub(super) fn person_sign(text: &str) -> Option<PersonSign> {
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c == ',' || c == ';').collect();
    for (i, word) in words.iter().enumerate() {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let next = words.get(i + 1).copied().unwrap_or_default();
        if matches!(bare, "Mr" | "Mrs" | "Ms" | "Miss" | "MR" | "MRS")
            && next.chars().next().is_some_and(char::is_uppercase)
        {
            return Some(PersonSign::Title);
        }
        if bare.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.')) {
            return Some(PersonSign::Email);
        }
        if matches!(bare.to_ascii_uppercase().as_str(), "DOB" | "D.O.B") {
            return Some(PersonSign::BirthDate);
        }
        if is_registration(bare, next) {
            return Some(PersonSign::Registration);
        }
    }
    number_sign(text)
}

/// The form in use since 2001: two letters, two digits, three letters.
fn is_registration(word: &str, next: &str) -> bool {
    let joined = if word.len() == 4 { format!("{word}{next}") } else { word.to_owned() };
    let form = |b: &[u8]| {
        b.len() == 7
            && b[..2].iter().chain(&b[4..]).all(u8::is_ascii_uppercase)
            && b[2..4].iter().all(u8::is_ascii_digit)
    };
    form(joined.as_bytes())
}

/// Runs of ten or eleven digits, spaces apart, that read as a telephone or NHS number.
fn number_sign(text: &str) -> Option<PersonSign> {
    let mut digits = String::new();
    let mut groups: Vec<usize> = vec![0];
    let end = |digits: &str, groups: &[usize]| {
        let telephone =
            (digits.len() == 11 && digits.starts_with('0') && !digits.starts_with("00"))
                || (digits.len() == 12 && digits.starts_with("447"));
        let groups: Vec<usize> = groups.iter().copied().filter(|n| *n > 0).collect();
        if telephone {
            Some(PersonSign::Telephone)
        } else if digits.len() == 10 && groups == [3, 3, 4] {
            Some(PersonSign::NhsNumber)
        } else {
            None
        }
    };
    for c in text.chars() {
        if c.is_ascii_digit() {
            digits.push(c);
            *groups.last_mut()? += 1;
        } else if c == ' ' && !digits.is_empty() {
            groups.push(0);
        } else {
            if let Some(sign) = end(&digits, &groups) {
                return Some(sign);
            }
            digits.clear();
            groups = vec![0];
        }
    }
    end(&digits, &groups)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_a_person_are_found() {
        for (text, sign) in [
            ("o/s home of Mrs Smith", PersonSign::Title),
            ("contact j.doe@example.org", PersonSign::Email),
            ("tel 01642 555 012", PersonSign::Telephone),
            ("447700900123", PersonSign::Telephone),
            ("NHS 943 476 5919", PersonSign::NhsNumber),
            ("blue Fiesta AB12 CDE", PersonSign::Registration),
            ("DOB 01/02/1980", PersonSign::BirthDate),
        ] {
            assert_eq!(person_sign(text), Some(sign), "{text}");
        }
    }

    #[test]
    fn ordinary_places_and_categories_pass() {
        for text in [
            "On or near High Street",
            "On or near Missenden Close",
            "Violence and sexual offences",
            "False alarm - Malicious",
            "E05014858",
            "Noise 24 hours",
            "028/03",
        ] {
            assert_eq!(person_sign(text), None, "{text}");
        }
    }
}
