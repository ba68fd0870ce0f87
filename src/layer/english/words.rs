//! Numbers and ranges as words, the same in every layer, table and report.

pub use crate::quantity::thousands;
pub use crate::time::names;

/// A share as a whole per cent; `under 1%` where rounding would say none.
pub fn per_cent(share: f64) -> String {
    let rounded = (share * 100.0).round();
    if share > 0.0 && rounded < 1.0 { "under 1%".to_owned() } else { format!("{rounded:.0}%") }
}

/// A label inside a sentence.
pub fn lower_first(label: &str) -> String {
    let mut letters = label.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().collect::<String>() + letters.as_str()
    })
}

/// A place in an order: `1st`, `22nd`, `113th`.
pub fn ordinal(n: i64) -> String {
    let end = match (n % 100, n % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{n}{end}")
}

/// `1 hall`, `4 halls`.
pub fn counted(n: i64, one: &str, many: &str) -> String {
    format!("{} {}", thousands(n), if n == 1 { one } else { many })
}

/// A small count as a word, as a sentence starts.
pub fn count_word(n: usize) -> String {
    const WORDS: [&str; 11] =
        ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    WORDS.get(n).map_or_else(|| thousands(n as i64), |&word| word.to_owned())
}

/// A sentence starts with a capital.
pub fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_share_is_not_called_none() {
        assert_eq!(per_cent(0.0), "0%");
        assert_eq!(per_cent(0.004), "under 1%");
        assert_eq!(per_cent(0.262), "26%");
    }

    #[test]
    fn names_are_listed_as_in_a_sentence() {
        assert_eq!(names(&[]), "");
        assert_eq!(names(&["a"]), "a");
        assert_eq!(names(&["a", "b", "c"]), "a, b and c");
    }

    #[test]
    fn places_have_their_endings() {
        let said: Vec<String> = [1, 2, 3, 4, 11, 12, 13, 21, 102, 113].map(ordinal).to_vec();

        assert_eq!(
            said,
            ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "102nd", "113th"]
        );
    }
}
