//! Category to crime type, and how coarsely records of a category must be kept.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::incident::CrimeTypeIdx;
use crate::read::dates::is_damaged;
use crate::read::pii::person_signs;
use crate::read::{
    Candidate, Profile, SENSITIVE, TextRules, category_table, code_key, code_keys, words_key,
};
use crate::time::Month;
use crate::workspace::{Field, LocationRule, PersonSign, Source};

/// What the categories of a record come to.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Judgement {
    /// The crime type.
    pub(super) verdict: Verdict,
    /// The months in which the deciding category was in force.
    pub(super) valid: Validity,
    /// The text that decided.
    pub(super) decided_by: Arc<str>,
    /// Whether the code is one no longer used, read as its successor.
    pub(super) retired: bool,
    /// A code that a spreadsheet has turned into something else.
    pub(super) damaged: Option<String>,
    /// The coarsest rule that any of its texts asks for.
    pub(super) rule: LocationRule,
    /// Signs of a person in the texts, and in which field.
    pub(super) persons: Vec<(Field, PersonSign)>,
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

/// First and last month in which a category was in force; open where absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Validity {
    from: Option<Month>,
    to: Option<Month>,
}

impl Validity {
    /// Whether `month` is one of them.
    pub(super) fn holds(self, month: Month) -> bool {
        self.from.is_none_or(|from| from <= month) && self.to.is_none_or(|to| month <= to)
    }

    /// From the first of both to the last.
    fn with(self, other: Self) -> Self {
        Self {
            from: self.from.zip(other.from).map(|(a, b)| a.min(b)),
            to: self.to.zip(other.to).map(|(a, b)| a.max(b)),
        }
    }
}

/// What one entry says: a crime type, or nothing that counts, and when it was in force.
#[derive(Debug, Clone, Copy)]
struct Entry {
    target: Option<CrimeTypeIdx>,
    valid: Validity,
}

impl Entry {
    fn new(name: &str, valid: Validity) -> Result<Self, String> {
        Ok(Self { target: Profile::target(name)?, valid })
    }
}

/// Entries by text. An entry of several editions is in force from the first to the last.
#[derive(Debug, Default)]
struct Entries(BTreeMap<String, Entry>);

impl Entries {
    fn add(&mut self, text: String, entry: Entry) {
        let valid = self.0.get(&text).map_or(entry.valid, |known| known.valid.with(entry.valid));
        self.0.insert(text, Entry { valid, ..entry });
    }

    fn texts(&self) -> TextRules<Entry> {
        TextRules::new(self.0.iter().map(|(text, entry)| (text.as_str(), *entry)))
    }
}

/// How coarsely places are kept, by code and by words.
#[derive(Debug)]
struct Coarser {
    codes: BTreeMap<String, LocationRule>,
    texts: TextRules<LocationRule>,
    /// The coarsest of them.
    coarsest: LocationRule,
}

impl Coarser {
    fn new(rules: &crate::read::LocationRules) -> Self {
        Self {
            codes: rules.codes.iter().map(|(code, rule)| (code_key(code), *rule)).collect(),
            texts: TextRules::new(rules.texts.iter().map(|(text, rule)| (text.as_str(), *rule))),
            coarsest: (rules.codes.values().chain(rules.texts.values()).copied())
                .fold(LocationRule::Point, LocationRule::max),
        }
    }

    fn asks(&self, codes: &[String], words: &str) -> LocationRule {
        let code = codes.iter().find_map(|key| self.codes.get(key).copied());
        let words = self.texts.get(words);
        code.max(words).unwrap_or(LocationRule::Point)
    }
}

/// In `[source.categories]`: every record that has no category at all.
const EVERY: &str = "*";

/// The rules of one source.
#[derive(Debug)]
pub struct Categories {
    fields: Vec<Field>,
    codes: BTreeMap<String, Entry>,
    retired: BTreeMap<String, Vec<String>>,
    /// The workspace's own, the profile's own, those of the tables: the first that knows decides.
    texts: [TextRules<Entry>; 3],
    /// The kinds that are sensitive whatever the file, and what the profile adds.
    coarser: [Coarser; 2],
    flags: BTreeMap<Field, LocationRule>,
    /// What a record without a category is: the workspace's `*`.
    otherwise: Option<Entry>,
    floor: LocationRule,
}

impl Categories {
    /// The rules of `profile` with what `source` adds; every record is kept at least as coarsely
    /// as `floor`, and those of sensitive kinds by ward at least.
    ///
    /// # Errors
    ///
    /// The name of a crime type or table that there is none of.
    pub fn new(profile: &Profile, source: &Source, floor: LocationRule) -> Result<Self, String> {
        let rules = &profile.category;
        let (mut codes, mut retired) = (Entries::default(), BTreeMap::new());
        let mut tables = Entries::default();
        for id in &rules.tables {
            let table = category_table(id).ok_or_else(|| id.clone())?;
            for edition in &table.editions {
                let valid = Validity { from: edition.from, to: edition.to };
                for (code, name) in &edition.codes {
                    codes.add(code_key(code), Entry::new(name, valid)?);
                }
                for (text, name) in &edition.texts {
                    tables.add(text.clone(), Entry::new(name, valid)?);
                }
            }
            retired.extend(table.retired.iter().map(|(old, new)| (code_key(old), code_keys(new))));
        }
        let always = Validity::default();
        let mut own = Entries::default();
        for (text, name) in &rules.texts {
            own.add(text.clone(), Entry::new(name, always)?);
        }
        let mut workspace = Entries::default();
        for (text, name) in source.categories.iter().filter(|(text, _)| *text != EVERY) {
            workspace.add(text.clone(), Entry::new(name, always)?);
        }
        let mut codes = codes.0;
        for (code, name) in rules.codes.iter().chain(&source.categories) {
            codes.insert(code_key(code), Entry::new(name, always)?);
        }
        let sensitive = category_table(SENSITIVE).map(|table| &table.coarser);
        let mut flags: BTreeMap<Field, LocationRule> = BTreeMap::new();
        for rules in sensitive.into_iter().chain([&profile.coarser]) {
            for (field, rule) in [(Field::Domestic, rules.domestic), (Field::Hate, rules.hate)] {
                let known = flags.entry(field).or_insert(LocationRule::Point);
                *known = (*known).max(rule.unwrap_or(LocationRule::Point));
            }
        }
        Ok(Self {
            fields: rules.fields.clone(),
            codes,
            retired,
            texts: [workspace.texts(), own.texts(), tables.texts()],
            coarser: [
                Coarser::new(sensitive.unwrap_or(&profile.coarser)),
                Coarser::new(&profile.coarser),
            ],
            flags,
            otherwise: source
                .categories
                .get(EVERY)
                .map(|name| Entry::new(name, always))
                .transpose()?,
            floor,
        })
    }

    /// What a flag of a record asks for, whatever its category.
    pub(super) fn flagged(&self, field: Field) -> LocationRule {
        self.flags.get(&field).copied().unwrap_or(LocationRule::Point)
    }

    /// The coarsest rule that any category asks for.
    pub(super) fn coarsest(&self) -> LocationRule {
        self.coarser
            .iter()
            .map(|rules| rules.coarsest)
            .chain([self.floor])
            .fold(LocationRule::Point, LocationRule::max)
    }

    /// What a code is, and whether it is one no longer used.
    fn code(&self, keys: &[String]) -> (Option<Entry>, bool) {
        let found = |keys: &[String]| keys.iter().find_map(|key| self.codes.get(key).copied());
        let successor = keys.first().and_then(|key| self.retired.get(key));
        match successor.and_then(|keys| found(keys)) {
            Some(entry) => (Some(entry), true),
            None => (found(keys), false),
        }
    }

    fn judge(&self, texts: &[(Field, &str)]) -> Judgement {
        let mut judged = Judgement {
            verdict: Verdict::Nothing,
            valid: Validity::default(),
            decided_by: "".into(),
            retired: false,
            damaged: None,
            rule: self.floor,
            persons: Vec::new(),
        };
        for &(field, text) in texts {
            let is_code = field == Field::Code;
            if is_damaged(text) || is_code && is_dated(text) {
                judged.damaged = Some(text.to_owned());
                continue;
            }
            if text.is_empty() {
                continue;
            }
            judged.persons.extend(person_signs(text).map(|sign| (field, sign)));
            let words = words_key(text);
            let keys = if is_code { code_keys(text) } else { Vec::new() };
            let (found, retired) = if is_code {
                self.code(&keys)
            } else {
                (self.texts.iter().find_map(|rules| rules.get(&words)), false)
            };
            for rules in &self.coarser {
                judged.rule = judged.rule.max(rules.asks(&keys, &words));
            }
            let open = matches!(judged.verdict, Verdict::Nothing | Verdict::Unmapped(_));
            match found {
                Some(entry) if open => {
                    judged.verdict = match entry.target {
                        Some(crime_type) => Verdict::Counted(crime_type),
                        None => Verdict::Excluded(text.to_owned()),
                    };
                    judged.valid = entry.valid;
                    judged.retired = retired;
                    judged.decided_by = text.into();
                }
                None if judged.verdict == Verdict::Nothing => {
                    judged.verdict = Verdict::Unmapped(text.to_owned());
                }
                _ => {}
            }
        }
        if let (Verdict::Nothing, Some(entry)) = (&judged.verdict, self.otherwise) {
            judged.verdict = match entry.target {
                Some(crime_type) => Verdict::Counted(crime_type),
                None => Verdict::Excluded(String::new()),
            };
        }
        judged
    }
}

/// Whether a spreadsheet has read a code as a day of the year: `28-Mar` for 28/3.
fn is_dated(code: &str) -> bool {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let Some((day, month)) = code.split_once('-') else { return false };
    let month = month.to_ascii_lowercase();
    (1..=2).contains(&day.len())
        && day.bytes().all(|b| b.is_ascii_digit())
        && MONTHS.iter().any(|name| month.starts_with(name))
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
    use crate::read::{Layouts, category_tables};

    fn source() -> Source {
        toml::from_str("id = \"s\"\nprofile = \"police-crime\"\nfiles = [\"x\"]\n[categories]\n\"999/1\" = \"drugs\"\n\"Odd thing\" = \"exclude\"\n").unwrap()
    }

    fn judge(profile_id: &str, texts: &[(Field, &str)]) -> Judgement {
        let profile = Layouts::known().profile(profile_id).unwrap();
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
    fn every_code_and_word_of_every_table_counts_as_the_table_says() {
        let mut judged_entries = 0;
        for profile in Layouts::known().profiles() {
            let has_codes = profile.category.fields.contains(&Field::Code);
            for id in &profile.category.tables {
                let table = category_tables().iter().find(|table| table.id == *id).unwrap();
                for edition in &table.editions {
                    let codes = edition.codes.iter().filter(|_| has_codes);
                    let field = |code| if code { Field::Code } else { Field::Category };
                    let entries =
                        codes.map(|e| (true, e)).chain(edition.texts.iter().map(|e| (false, e)));
                    for (is_code, (text, name)) in entries {
                        let plain = text.replace('*', "");
                        let wanted = if name == "exclude" { "excluded" } else { name };
                        let found = crime_type(&profile.id, &[(field(is_code), plain.as_str())]);
                        let nothing_left = plain.is_empty();
                        assert!(
                            nothing_left || found == wanted,
                            "{id}: {text} is {found}, not {wanted}"
                        );
                        judged_entries += 1;
                    }
                }
            }
        }
        assert!(judged_entries > 300, "{judged_entries}");
    }

    #[test]
    fn a_retired_code_counts_as_its_successor() {
        let table = category_tables().iter().find(|table| table.id == "home-office").unwrap();
        for (old, new) in &table.retired {
            let successor = crime_type("police-crime", &[(Field::Code, new)]);
            let judged = judge("police-crime", &[(Field::Code, old)]);

            assert!(judged.retired, "{old}");
            assert_eq!(crime_type("police-crime", &[(Field::Code, old)]), successor, "{old}");
            assert!(!matches!(successor, "unmapped" | "nothing"), "{old} -> {new}: {successor}");
        }
    }

    #[test]
    fn a_category_knows_the_months_it_was_in_force() {
        let in_force = |text: &str, month: &str| {
            let judged = judge("police-incidents", &[(Field::Category, text)]);
            judged.valid.holds(month.parse().unwrap())
        };

        assert!(in_force("Hoax calls to emergency services", "2010-06"));
        assert!(!in_force("Hoax calls to emergency services", "2012-06"));
        assert!(in_force("Noise", "2010-06") && in_force("Noise", "2025-06"));
        assert!(!in_force("Fireworks", "2010-06"));
    }

    #[test]
    fn a_code_that_a_spreadsheet_made_a_date_of_leaves_the_decision_to_the_text() {
        let texts = [(Field::Code, "05-Aug"), (Field::Group, "Robbery")];

        let judged = judge("police-crime", &texts);

        assert_eq!(judged.damaged.as_deref(), Some("05-Aug"));
        assert_eq!(crime_type("police-crime", &texts), "robbery");
        assert_eq!(crime_type("police-crime", &[(Field::Code, "05-Aug")]), "nothing");
    }

    #[test]
    fn sensitive_kinds_are_kept_by_ward_in_every_layout() {
        for profile in Layouts::known().profiles() {
            for text in ["Rape", "Domestic incident", "Hate crime", "Modern slavery"] {
                let rule = judge(&profile.id, &[(Field::Category, text)]).rule;
                assert!(rule >= LocationRule::Ward, "{}: {text}", profile.id);
            }
        }
        assert_eq!(
            judge("council-asb", &[(Field::Category, "Domestic noise")]).rule,
            LocationRule::Point
        );
        let dispute = [(Field::Category, "ASB Noise - domestic dispute")];
        assert_eq!(judge("police-incidents", &dispute).rule, LocationRule::Ward);
        for code in ["8M", "058J", "106", "8K", "027/00"] {
            let rule = judge("police-crime", &[(Field::Code, code)]).rule;
            assert_eq!(rule, LocationRule::Ward, "{code}");
        }
    }

    #[test]
    fn every_ambulance_call_is_kept_by_outward_postcode() {
        let judged = judge("ambulance", &[(Field::Category, "Assault/sexual assault")]);

        assert_eq!(judged.rule, LocationRule::OutwardPostcode);
    }
}
