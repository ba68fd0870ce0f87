//! Category to crime type, and how coarsely records of a category must be kept.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::incident::CrimeTypeIdx;
use crate::read::dates::is_damaged;
use crate::read::pii::person_signs;
use crate::read::{Profile, SENSITIVE, TextRules, category_table, code_key, code_keys, words_key};
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

    /// Fields that are looked at, in this order.
    pub(super) fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// What a record with these texts is.
    pub(super) fn judge(&self, texts: &[(Field, &str)]) -> Judgement {
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

#[cfg(test)]
#[path = "category_tests.rs"]
mod tests;
