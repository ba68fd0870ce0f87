//! Category to crime type, and how coarsely records of a category must be kept.

use std::collections::{BTreeMap, HashMap};

use crate::incident::CrimeTypeIdx;
use crate::read::{Candidate, Profile, words_key};
use crate::workspace::{Field, LocationRule, Source};

use super::pii::{PersonSign, person_sign};

/// What the categories of a record come to.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Judgement {
    /// The crime type.
    pub(super) verdict: Verdict,
    /// The coarsest rule that any of its texts asks for.
    pub(super) rule: LocationRule,
    /// A sign of a person in one of the texts, and in which field.
    pub(super) person: Option<(Field, PersonSign)>,
}

/// What a record is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Verdict {
    /// This crime type.
    Counted(CrimeTypeIdx),
    /// A kind that is not counted; the text that says so.
    Excluded(String),
    /// No category given.
    Nothing,
    /// A category that no rule knows.
    Unmapped(String),
}

/// Texts to something, exactly or by a pattern.
#[derive(Debug)]
struct Texts<T> {
    exact: HashMap<String, T>,
    /// Pattern, whether it is open at the start and at the end; longest first.
    patterns: Vec<(String, bool, bool, T)>,
}

impl<T: Copy> Texts<T> {
    fn new<'a>(rules: impl Iterator<Item = (&'a str, T)>) -> Self {
        let mut exact = HashMap::new();
        let mut patterns = Vec::new();
        for (text, value) in rules {
            let (start, end) = (text.starts_with('*'), text.ends_with('*'));
            let key = words_key(text);
            if start || end {
                patterns.push((key, start, end, value));
            } else {
                exact.insert(key, value);
            }
        }
        patterns.sort_by(|a, b| (b.0.len(), &a.0).cmp(&(a.0.len(), &b.0)));
        Self { exact, patterns }
    }

    fn get(&self, key: &str) -> Option<T> {
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

/// The rules of one source.
#[derive(Debug)]
pub struct Categories {
    fields: Vec<Field>,
    codes: BTreeMap<String, Option<CrimeTypeIdx>>,
    texts: Texts<Option<CrimeTypeIdx>>,
    coarser_codes: BTreeMap<String, LocationRule>,
    coarser_texts: Texts<LocationRule>,
    floor: LocationRule,
}

impl Categories {
    /// The rules of `profile` with what `source` adds; every record is kept at least as coarsely
    /// as `floor`.
    ///
    /// # Errors
    ///
    /// The name of a crime type in `source` that there is none of.
    pub fn new(profile: &Profile, source: &Source, floor: LocationRule) -> Result<Self, String> {
        let rules = &profile.category;
        let mut codes = BTreeMap::new();
        for (code, name) in rules.codes.iter().chain(&source.categories) {
            codes.insert(code_key(code), Profile::target(name)?);
        }
        let mut texts = Vec::new();
        // The workspace's own come last, so that they replace the profile's.
        for (text, name) in rules.texts.iter().chain(&source.categories) {
            texts.push((text.as_str(), Profile::target(name)?));
        }
        let coarser = &profile.coarser;
        Ok(Self {
            fields: rules.fields.clone(),
            codes,
            texts: Texts::new(texts.into_iter()),
            coarser_codes: coarser.codes.iter().map(|(c, r)| (code_key(c), *r)).collect(),
            coarser_texts: Texts::new(coarser.texts.iter().map(|(t, r)| (t.as_str(), *r))),
            floor,
        })
    }

    fn judge(&self, texts: &[(Field, &str)]) -> Judgement {
        let mut verdict = Verdict::Nothing;
        let mut rule = self.floor;
        let mut person = None;
        for &(field, text) in texts {
            if text.is_empty() || super::dates::is_damaged(text) {
                continue;
            }
            if let (None, Some(sign)) = (person, person_sign(text)) {
                person = Some((field, sign));
            }
            let key = words_key(text);
            let (found, coarse) = if field == Field::Code {
                let keys = code_keys(text);
                let found = keys.iter().find_map(|key| self.codes.get(key).copied());
                (found, keys.iter().find_map(|key| self.coarser_codes.get(key).copied()))
            } else {
                (self.texts.get(&key), self.coarser_texts.get(&key))
            };
            rule = rule.max(coarse.unwrap_or(LocationRule::Point));
            match (&verdict, found) {
                (Verdict::Nothing | Verdict::Unmapped(_), Some(Some(crime_type))) => {
                    verdict = Verdict::Counted(crime_type);
                }
                (Verdict::Nothing | Verdict::Unmapped(_), Some(None)) => {
                    verdict = Verdict::Excluded(text.to_owned());
                }
                (Verdict::Nothing, None) => verdict = Verdict::Unmapped(text.to_owned()),
                _ => {}
            }
        }
        Judgement { verdict, rule, person }
    }
}

/// A code with its outer marks and leading zeros gone: `028/03` is `28/3`.
fn code_key(code: &str) -> String {
    let upper = code.trim().to_ascii_uppercase().replace([' ', '.'], "");
    let part = |text: &str| {
        let bare = text.trim_start_matches('0');
        if bare.is_empty() { "0".to_owned() } else { bare.to_owned() }
    };
    match upper.split_once(['/', '-']) {
        Some((class, sub)) => format!("{}/{}", part(class), part(sub)),
        None => part(&upper),
    }
}

/// What a code may be known by, most exact first: whole, class with letter, class.
fn code_keys(code: &str) -> Vec<String> {
    let whole = code_key(code);
    let digits = whole.bytes().all(|b| b.is_ascii_digit());
    let raw = code.trim();
    let mut keys = Vec::with_capacity(3);
    if digits && raw.len() == 5 {
        // Class and subclass without a stroke: 02803.
        let class = raw[..3].trim_start_matches('0').to_owned();
        keys.push(format!("{class}/{}", raw[3..].trim_start_matches('0')));
        keys.push(class);
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

/// [`Categories`] with what they said so far: the same few texts come again and again.
#[derive(Debug)]
pub(super) struct Judge<'a> {
    categories: &'a Categories,
    known: HashMap<String, Judgement>,
    key: String,
}

impl<'a> Judge<'a> {
    pub(super) fn new(categories: &'a Categories) -> Self {
        Self { categories, known: HashMap::new(), key: String::new() }
    }

    /// What `candidate` is.
    pub(super) fn judge(&mut self, candidate: &Candidate<'_>) -> &Judgement {
        self.key.clear();
        for &field in &self.categories.fields {
            self.key.push_str(candidate.get(field));
            self.key.push('\u{1f}');
        }
        if !self.known.contains_key(self.key.as_str()) {
            let fields = self.categories.fields.iter();
            let texts: Vec<_> = fields.map(|&field| (field, candidate.get(field))).collect();
            self.known.insert(self.key.clone(), self.categories.judge(&texts));
        }
        &self.known[self.key.as_str()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::profile;

    fn source() -> Source {
        toml::from_str("id = \"s\"\nprofile = \"police-crime\"\nfiles = [\"x\"]\n[categories]\n\"999/1\" = \"drugs\"\n\"Odd thing\" = \"exclude\"\n").unwrap()
    }

    fn judge(profile_id: &str, texts: &[(Field, &str)]) -> Judgement {
        let profile = profile(profile_id).unwrap();
        Categories::new(profile, &source(), profile.location).unwrap().judge(texts)
    }

    fn crime_type(profile: &str, texts: &[(Field, &str)]) -> &'static str {
        match judge(profile, texts).verdict {
            Verdict::Counted(crime_type) => crime_type.get().id,
            Verdict::Excluded(_) => "excluded",
            Verdict::Nothing => "nothing",
            Verdict::Unmapped(_) => "unmapped",
        }
    }

    #[test]
    fn codes_are_read_in_every_spelling() {
        for code in ["028/03", "28E", "28", "28/3", "02803"] {
            assert_eq!(crime_type("police-crime", &[(Field::Code, code)]), "burglary", "{code}");
        }
        assert_eq!(crime_type("police-crime", &[(Field::Code, "045/10")]), "vehicle-crime");
        assert_eq!(crime_type("police-crime", &[(Field::Code, "9A")]), "public-order");
    }

    #[test]
    fn a_damaged_code_leaves_the_decision_to_the_text() {
        let texts = [(Field::Code, "#N/A"), (Field::Group, "Vehicle crime")];

        assert_eq!(crime_type("police-crime", &texts), "vehicle-crime");
    }

    #[test]
    fn unmapped_categories_are_named() {
        let judged = judge("police-crime", &[(Field::Category, "Barratry")]);

        assert_eq!(judged.verdict, Verdict::Unmapped("Barratry".into()));
    }

    #[test]
    fn the_workspace_adds_categories() {
        assert_eq!(crime_type("police-crime", &[(Field::Code, "999/01")]), "drugs");
        assert_eq!(crime_type("police-crime", &[(Field::Category, "odd thing")]), "excluded");
    }

    #[test]
    fn sexual_offences_are_kept_by_ward_whichever_column_says_so() {
        for texts in [
            [(Field::Code, "019/08"), (Field::Group, "Violence and sexual offences")],
            [(Field::Category, "Rape of a female aged 16 and over"), (Field::Group, "")],
            [(Field::Category, "x"), (Field::Group, "Sexual offences")],
        ] {
            assert_eq!(judge("police-crime", &texts).rule, LocationRule::Ward, "{texts:?}");
        }
        let assault = [(Field::Code, "105A"), (Field::Group, "Violence and sexual offences")];
        assert_eq!(judge("police-crime", &assault).rule, LocationRule::Point);
    }

    #[test]
    fn council_and_fire_words_are_mapped() {
        for (text, wanted) in [
            ("Noise", "anti-social-behaviour"),
            ("Rowdy behaviour", "anti-social-behaviour"),
            ("Neighbour nuisance", "anti-social-behaviour"),
            ("Street drinking", "anti-social-behaviour"),
            ("Fly-tipping", "environmental-crime"),
            ("Graffiti", "environmental-crime"),
            ("Abandoned vehicle", "environmental-crime"),
            ("Litter", "environmental-crime"),
        ] {
            assert_eq!(crime_type("council-asb", &[(Field::Category, text)]), wanted, "{text}");
        }
        for (text, wanted) in [
            ("Primary Fire", "accidental-fire"),
            ("Secondary Fire", "deliberate-fire"),
            ("False alarm - Malicious", "false-alarm"),
            ("AFA", "false-alarm"),
            ("Special Service", "excluded"),
        ] {
            assert_eq!(crime_type("fire-irs", &[(Field::Category, text)]), wanted, "{text}");
        }
    }

    #[test]
    fn every_ambulance_call_is_kept_by_outward_postcode() {
        let judged = judge("ambulance", &[(Field::Category, "Assault/sexual assault")]);

        assert_eq!(judged.rule, LocationRule::OutwardPostcode);
    }
}
