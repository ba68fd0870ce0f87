//! What single cells of a record say, and how little of them may be shown.

use crate::read::RowFault;
use crate::read::dates::{is_damaged, is_missing};

use super::english::reason as say;
use super::ledger::Reason;

/// What a fault of a row is in the report.
pub(super) fn fault_reason(fault: RowFault) -> (Reason, Option<String>) {
    match fault {
        RowFault::Blank => (Reason::BlankRow, Some(String::new())),
        RowFault::RepeatedHeader => (Reason::RepeatedHeader, Some(String::new())),
        RowFault::Footer => (Reason::FooterRow, None),
        RowFault::WrongLength { cells, wanted } => {
            (Reason::WrongLength, Some(say::cells(cells, wanted)))
        }
    }
}

/// A footer as it may be shown: it is no record, and may hold any words at all.
pub(super) fn footer(text: &str) -> String {
    const PLAIN: [&str; 12] = [
        "total", "totals", "grand", "sub", "subtotal", "count", "records", "rows", "end", "of",
        "report", "page",
    ];
    let words = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    let plain = words.clone().all(|word| PLAIN.iter().any(|p| word.eq_ignore_ascii_case(p)));
    if plain { text.to_owned() } else { say::WORDS_NOT_SHOWN.to_owned() }
}

/// Whether a flag's cell says yes.
pub(super) fn is_yes(text: &str) -> bool {
    const NO: [&str; 8] = ["n", "no", "0", "false", "f", "none", "not applicable", "no flag"];
    !is_missing(text) && !is_damaged(text) && !NO.iter().any(|no| text.eq_ignore_ascii_case(no))
}

/// The outward half of a postcode, whole or outward: `TS18 1AB`, `TS181AB`, `ts18`.
pub(super) fn outward(text: &str) -> Option<String> {
    if is_missing(text) {
        return None;
    }
    let plain: String =
        text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase();
    let spaced = text.split_whitespace().next().unwrap_or_default();
    let candidate = if plain.len() >= 5 { &plain[..plain.len() - 3] } else { plain.as_str() };
    // `TS18 1` is a sector: its first word is the outward half.
    let candidate = if text.trim().contains(' ') && spaced.len() <= 4 {
        spaced.to_ascii_uppercase()
    } else {
        candidate.to_owned()
    };
    let letters = candidate.chars().take_while(char::is_ascii_alphabetic).count();
    let digit = candidate.chars().nth(letters).is_some_and(|c| c.is_ascii_digit());
    ((2..=4).contains(&candidate.len()) && (1..=2).contains(&letters) && digit).then_some(candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_most_the_outward_half_of_a_postcode_is_kept() {
        for (text, wanted) in [
            ("TS18 1AB", Some("TS18")),
            ("ts181ab", Some("TS18")),
            ("TS18", Some("TS18")),
            ("TS18 1", Some("TS18")),
            ("E1 6AN", Some("E1")),
            ("EC1A 1BB", Some("EC1A")),
            ("", None),
            ("NULL", None),
            ("12 High St", None),
        ] {
            assert_eq!(outward(text).as_deref(), wanted, "{text}");
        }
    }

    #[test]
    fn a_footer_shows_no_words_but_its_own() {
        assert_eq!(footer("Total | 1,234"), "Total | 1,234");
        assert_eq!(footer("Total for Some Body"), "(words not shown)");
    }

    #[test]
    fn flags_are_read_as_people_write_them() {
        for text in ["Y", "Yes", "1", "TRUE", "DV", "Domestic abuse"] {
            assert!(is_yes(text), "{text}");
        }
        for text in ["", "N", "no", "0", "NULL", "-", "False"] {
            assert!(!is_yes(text), "{text}");
        }
    }
}
