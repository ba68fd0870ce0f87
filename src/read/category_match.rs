//! How a cell is compared with the entries of a category table: words by their letters, codes in
//! every spelling.

use std::collections::{BTreeMap, HashMap};

use super::words_key;

/// Texts to something, exactly or by a pattern with `*` at either end.
#[derive(Debug, Clone)]
pub struct TextRules<T> {
    exact: HashMap<String, T>,
    /// Pattern, whether it is open at the start and at the end; longest first.
    patterns: Vec<(String, bool, bool, T)>,
}

impl<T: Copy> TextRules<T> {
    /// The rules given; of the same text twice, the later.
    pub fn new<'a>(rules: impl IntoIterator<Item = (&'a str, T)>) -> Self {
        let mut exact = HashMap::new();
        let mut patterns: BTreeMap<(String, bool, bool), T> = BTreeMap::new();
        for (text, value) in rules {
            let (start, end) = (text.starts_with('*'), text.ends_with('*'));
            let key = words_key(text);
            if start || end {
                patterns.insert((key, start, end), value);
            } else {
                exact.insert(key, value);
            }
        }
        let mut patterns: Vec<_> = patterns
            .into_iter()
            .map(|((key, start, end), value)| (key, start, end, value))
            .collect();
        patterns.sort_by(|a, b| (b.0.len(), &a.0).cmp(&(a.0.len(), &b.0)));
        Self { exact, patterns }
    }

    /// What the rules say of a text, given as [`words_key`] has it: the text itself first, then the
    /// longest pattern.
    pub fn get(&self, key: &str) -> Option<T> {
        if let Some(value) = self.exact.get(key) {
            return Some(*value);
        }
        let fits = |(pattern, start, end, _): &&(String, bool, bool, T)| match (start, end) {
            (true, true) => key.contains(pattern.as_str()),
            (true, false) => key.ends_with(pattern.as_str()),
            _ => key.starts_with(pattern.as_str()),
        };
        self.patterns.iter().find(fits).map(|(.., value)| *value)
    }
}

/// A code with its outer marks and leading zeros gone: `028/03` is `28/3`, and so is `28.3`.
pub fn code_key(code: &str) -> String {
    let upper = code.trim().to_ascii_uppercase().replace(' ', "");
    let part = |text: &str| {
        let bare = text.trim_start_matches('0');
        if bare.is_empty() { "0".to_owned() } else { bare.to_owned() }
    };
    match upper.split_once(['/', '-', '.']) {
        Some((class, sub)) => format!("{}/{}", part(class), part(sub)),
        None => part(&upper),
    }
}

/// What a code may be known by, most exact first: whole, class with letter, class.
pub fn code_keys(code: &str) -> Vec<String> {
    let whole = code_key(code);
    let digits = whole.bytes().all(|b| b.is_ascii_digit());
    let raw = code.trim();
    let mut keys = Vec::with_capacity(3);
    if digits && raw.len() == 5 {
        // Class and subclass without a stroke: 02803.
        keys.push(code_key(&format!("{}/{}", &raw[..3], &raw[3..])));
        keys.push(code_key(&raw[..3]));
        return keys;
    }
    let class = whole.split('/').next().unwrap_or_default().to_owned();
    let number: String = class.chars().take_while(char::is_ascii_digit).collect();
    keys.push(whole);
    for key in [class, number] {
        if !key.is_empty() && !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_itself_goes_before_a_pattern_and_a_long_pattern_before_a_short_one() {
        let rules = TextRules::new([("*noise*", 1), ("*domestic noise*", 2), ("Noise", 3)]);

        assert_eq!(rules.get("noise"), Some(3));
        assert_eq!(rules.get("loud noise at night"), Some(1));
        assert_eq!(rules.get("domestic noise"), Some(2));
        assert_eq!(rules.get("litter"), None);
    }

    #[test]
    fn of_the_same_pattern_twice_the_later_counts() {
        assert_eq!(TextRules::new([("*noise*", 1), ("* Noise *", 2)]).get("noise"), Some(2));
    }

    #[test]
    fn codes_lose_zeros_and_strokes() {
        assert_eq!(code_key("028/03"), "28/3");
        assert_eq!(code_key("4.4"), "4/4");
        assert_eq!(code_keys("02800"), ["28/0", "28"]);
        assert_eq!(code_keys("28E"), ["28E", "28"]);
        assert_eq!(code_keys("008/14"), ["8/14", "8"]);
    }
}
