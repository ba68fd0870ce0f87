//! One record: from text to a draft whose place is not yet settled.

use std::borrow::Cow;
use std::collections::BTreeSet;

use jiff::civil::{Date, DateTime};
use sha2::{Digest as _, Sha256};

use crate::geometry::Bounds;
use crate::incident::{CrimeTypeIdx, Flags, Word};
use crate::read::dates::{is_damaged, is_missing};
use crate::read::{Candidate, Columns, Phrases, Profile, System};
use crate::time::{Month, NightBand};
use crate::workspace::{CountBy, DateForm, Field, LocationRule, PersonSign, Source};

use super::category::{Categories, Verdict};
use super::cells::{is_yes, outward};
use super::coordinates::{self, Mend, Written};
use super::judge::Judge;
use super::ledger::Reason;
use super::rejects::read_hashed;
use super::texts::{TextPool, Texts};
use super::when::Clock;

/// What holds for every row of a source.
#[derive(Debug)]
pub struct Rules<'a> {
    /// Layout of the files.
    pub profile: &'a Profile,
    /// Category to crime type.
    pub categories: Categories,
    /// Key of reference hashes.
    pub key: Vec<u8>,
    /// Signs of a person that the analyst has allowed in a field.
    pub allowed: BTreeSet<(Field, PersonSign)>,
    /// The night-time band.
    pub night: NightBand,
    /// Which date puts a record in its month.
    pub count_by: CountBy,
    /// Last day on which a record can have happened; any where absent.
    pub latest: Option<Date>,
    /// Texts of its files so far that no piece is using: the same come in every file. What is known
    /// of them holds for one ground.
    pub(super) texts: TextPool,
}

impl<'a> Rules<'a> {
    /// The rules of `source`, whose files have the layout `profile` and whose places are kept at
    /// least as coarsely as `floor`.
    ///
    /// # Errors
    ///
    /// The name of a crime type in `source` that there is none of.
    pub fn new(
        profile: &'a Profile,
        source: &Source,
        floor: LocationRule,
        night: NightBand,
        key: &[u8],
    ) -> Result<Self, String> {
        let allowed = source.allow_text.iter();
        Ok(Self {
            profile,
            categories: Categories::new(profile, source, floor)?,
            key: key.to_vec(),
            allowed: allowed.flat_map(|(f, signs)| signs.iter().map(|s| (*f, *s))).collect(),
            night,
            count_by: source.count_by.unwrap_or(CountBy::Committed),
            latest: None,
            texts: TextPool::default(),
        })
    }
}

/// A record before its place is settled. It lives only while its file is read.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) line: u64,
    pub(super) reference: Option<u64>,
    pub(super) content: u64,
    pub(super) crime_type: CrimeTypeIdx,
    pub(super) rule: LocationRule,
    pub(super) month: Month,
    pub(super) from: Option<DateTime>,
    pub(super) to: Option<DateTime>,
    pub(super) flags: Flags,
    pub(super) position: Written,
    pub(super) mend: Mend,
    /// The ward given, among the texts of the file.
    pub(super) ward: Word,
    /// The street, among the texts of the file; no text unless it may be kept.
    pub(super) street: Word,
    pub(super) outward: Option<String>,
    /// Description of the place, to be matched to places known by name; it goes no further.
    pub(super) described: Option<String>,
    pub(super) notes: Vec<(Reason, String)>,
}

/// A sign of a person in a column that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Line of the first.
    pub line: u64,
    /// Field whose column shows it.
    pub field: Field,
    /// What was found.
    pub sign: PersonSign,
}

/// Why a row makes no draft.
pub(super) enum NoDraft {
    LeftOut(Reason, String),
    Held(Held),
}

impl From<(Reason, String)> for NoDraft {
    fn from((reason, value): (Reason, String)) -> Self {
        Self::LeftOut(reason, value)
    }
}

/// Reads the rows of one file.
pub(super) struct RowReader<'a> {
    rules: &'a Rules<'a>,
    judge: Judge<'a>,
    clock: Clock<'a>,
    area: Bounds,
    not_counted: Phrases,
    /// Those of [`LOOKED_AT`] that the file has.
    looked_at: Vec<Field>,
    /// Those of [`FLAGS`] that the file has.
    flags: Vec<(Field, Flags)>,
    pub(super) texts: Texts,
    /// Records kept of the last piece, which the next will be like.
    pub(super) kept_before: usize,
}

/// Fields whose text could name a person, beside those of the category: what is kept or shown. Dates,
/// numbers and the hashed reference are not shown as text.
const LOOKED_AT: [Field; 10] = [
    Field::Street,
    Field::Ward,
    Field::Status,
    Field::Cancelled,
    Field::Domestic,
    Field::Alcohol,
    Field::Drugs,
    Field::Hate,
    Field::Knife,
    Field::NightTime,
];

/// Fields that flag a record.
const FLAGS: [(Field, Flags); 6] = [
    (Field::Domestic, Flags::DOMESTIC),
    (Field::Alcohol, Flags::ALCOHOL),
    (Field::Drugs, Flags::DRUGS),
    (Field::Hate, Flags::HATE),
    (Field::Knife, Flags::KNIFE),
    (Field::NightTime, Flags::NIGHT_TIME),
];

impl Drop for RowReader<'_> {
    fn drop(&mut self) {
        self.rules.texts.put(std::mem::take(&mut self.texts));
    }
}

impl<'a> RowReader<'a> {
    pub(super) fn new(
        rules: &'a Rules<'a>,
        form: DateForm,
        area: Bounds,
        columns: &Columns,
    ) -> Self {
        Self {
            judge: Judge::new(&rules.categories),
            clock: Clock { rules, form },
            area,
            not_counted: Phrases::new(&rules.profile.not_counted),
            looked_at: LOOKED_AT.into_iter().filter(|field| columns.has(*field)).collect(),
            flags: FLAGS.into_iter().filter(|(field, _)| columns.has(*field)).collect(),
            texts: rules.texts.take(),
            kept_before: 0,
            rules,
        }
    }

    /// The ward and the street of a record, among the texts of its file; refused if a text shows a
    /// sign of a person that the analyst has not allowed.
    fn look_at(
        &mut self,
        candidate: &Candidate<'_>,
        notes: &mut Vec<(Reason, String)>,
    ) -> Result<(Word, Word), NoDraft> {
        let (mut ward, mut street) = (Word::NONE, Word::NONE);
        for &field in &self.looked_at {
            let given = candidate.get(field);
            let text = match field {
                Field::Street => self.texts.find(&possessive(given)),
                _ => self.texts.find(given),
            };
            match field {
                Field::Ward => ward = text,
                Field::Street => street = text,
                _ => {}
            }
            let mut any = false;
            for sign in self.texts.signs(text) {
                if !self.rules.allowed.contains(&(field, sign)) {
                    return Err(NoDraft::Held(Held { line: candidate.line(), field, sign }));
                }
                any = true;
            }
            if any {
                notes.push((Reason::TextAllowed, field.word().to_owned()));
            }
        }
        Ok((ward, street))
    }

    /// Reads one record.
    pub(super) fn read(&mut self, candidate: &Candidate<'_>) -> Result<Draft, NoDraft> {
        let line = candidate.line();
        let mut notes = Vec::new();
        let (ward, street) = self.look_at(candidate, &mut notes)?;
        let judged = self.judge.judge(candidate);
        let judged = self.judge.get(judged);
        for &(field, sign) in &judged.persons {
            if !self.rules.allowed.contains(&(field, sign)) {
                return Err(NoDraft::Held(Held { line, field, sign }));
            }
            notes.push((Reason::TextAllowed, field.word().to_owned()));
        }
        let left_out = |reason, text: &str| Err(NoDraft::LeftOut(reason, text.to_owned()));
        let status = candidate.get(Field::Status);
        if !status.is_empty() && self.not_counted.hold(status) {
            return left_out(Reason::NotCounted, status);
        }
        let cancelled = candidate.get(Field::Cancelled);
        if is_yes(cancelled) {
            return left_out(Reason::NotCounted, cancelled);
        }
        if let Some(code) = &judged.damaged {
            notes.push((Reason::Damaged, code.clone()));
        }
        if judged.retired {
            notes.push((Reason::RetiredCode, judged.decided_by.to_string()));
        }
        let crime_type = match &judged.verdict {
            Verdict::Counted(crime_type) => *crime_type,
            Verdict::Excluded(text) => return left_out(Reason::ExcludedKind, text),
            Verdict::Unmapped(text) => return left_out(Reason::UnmappedCategory, text),
            Verdict::Nothing => return left_out(Reason::NoCategory, ""),
        };
        let when = self.clock.when(candidate, &mut notes)?;
        if !judged.valid.holds(when.month) {
            let value = format!("{} in {}", judged.decided_by, when.month);
            notes.push((Reason::OtherEdition, value));
        }
        let (flags, flag_rule) = self.flags(candidate);
        let rule = judged.rule.max(flag_rule);
        let (position, mend) = self.position(candidate);
        let reference = self.reference(candidate.get(Field::Reference), &mut notes);
        let keep_street = self.rules.profile.keep_street && rule == LocationRule::Point;
        Ok(Draft {
            line,
            reference,
            content: if reference.is_some() { candidate.content() } else { 0 },
            crime_type,
            rule,
            month: when.month,
            from: when.from,
            to: when.to,
            flags: flags.with(when.flags),
            described: self.described(candidate),
            position,
            mend,
            ward,
            street: if keep_street { street } else { Word::NONE },
            outward: outward(candidate.get(Field::Postcode)),
            notes,
        })
    }

    /// The description of the place, for layouts that match it to names.
    fn described(&self, candidate: &Candidate<'_>) -> Option<String> {
        let text = candidate.get(Field::Place);
        (self.rules.profile.named_places && !is_missing(text)).then(|| text.to_owned())
    }

    fn reference(&self, text: &str, notes: &mut Vec<(Reason, String)>) -> Option<u64> {
        if is_missing(text) || is_damaged(text) {
            if is_damaged(text) {
                notes.push((Reason::Damaged, text.to_owned()));
            }
            return None;
        }
        self.hash(text)
    }

    /// Keyed hash of a record's reference, if it has one.
    pub(super) fn reference_of(&self, candidate: &Candidate<'_>) -> Option<u64> {
        let text = candidate.get(Field::Reference);
        if is_missing(text) || is_damaged(text) { None } else { self.hash(text) }
    }

    /// The coarsest rule that anything in a rejected record asks for. Where its category cannot be
    /// read that is the coarsest of its source, and never a position.
    pub(super) fn coarsest_rule(&mut self, candidate: &Candidate<'_>) -> LocationRule {
        let (_, flagged) = self.flags(candidate);
        let judged = self.judge.judge(candidate);
        let judged = self.judge.get(judged);
        let rule = judged.rule.max(flagged);
        match judged.verdict {
            Verdict::Counted(_) | Verdict::Excluded(_) => rule,
            _ => rule.max(LocationRule::Ward).max(self.rules.categories.coarsest()),
        }
    }

    /// Whether the published street may be kept.
    pub(super) fn keeps_street(&self) -> bool {
        self.rules.profile.keep_street
    }

    fn hash(&self, text: &str) -> Option<u64> {
        if let Some(known) = read_hashed(text) {
            return Some(known);
        }
        let mut hash = Sha256::new();
        hash.update(&self.rules.key);
        hash.update([0]);
        hash.update(text.as_bytes());
        let bytes = hash.finalize();
        bytes.first_chunk::<8>().map(|first| u64::from_be_bytes(*first))
    }

    fn position(&self, candidate: &Candidate<'_>) -> (Written, Mend) {
        let pair = |x: Field, y: Field| (candidate.get(x), candidate.get(y));
        let (e, n) = pair(Field::Easting, Field::Northing);
        let (lon, lat) = pair(Field::Longitude, Field::Latitude);
        if let System::Other(system) = candidate.system() {
            // Degrees are in no projected system, whatever the eastings of a layout are in.
            let in_degrees = e.is_empty() && n.is_empty();
            let (x, y) = if in_degrees { (lon, lat) } else { (e, n) };
            let fits = !in_degrees || system.definition() != "EPSG:27700";
            if fits && !(x.is_empty() && y.is_empty()) {
                return coordinates::from_system(x, y, system);
            }
        }
        let grid = if e.is_empty() && n.is_empty() {
            (Written::Missing, Mend::AsGiven)
        } else {
            coordinates::from_grid(e, n, self.area)
        };
        if matches!(grid.0, Written::Grid(..) | Written::Degrees(_)) {
            return grid;
        }
        let (e, n) = pair(Field::EastingRounded, Field::NorthingRounded);
        if let (false, (Written::Grid(place, precision), _)) =
            (e.is_empty(), coordinates::from_grid(e, n, self.area))
        {
            return (Written::Grid(place, precision.max(100.0)), Mend::Short);
        }
        let found = if let Some((x, y)) = candidate.point() {
            let (x, y) = (x.to_string(), y.to_string());
            match candidate.geometry_system() {
                System::Usual => coordinates::from_degrees(&x, &y, self.area),
                System::Grid => coordinates::from_grid(&x, &y, self.area),
                System::Other(system) => coordinates::from_system(&x, &y, system),
            }
        } else if lon.is_empty() && lat.is_empty() {
            (Written::Missing, Mend::AsGiven)
        } else {
            coordinates::from_degrees(lon, lat, self.area)
        };
        if found.0 == Written::Missing { grid } else { found }
    }

    fn flags(&self, candidate: &Candidate<'_>) -> (Flags, LocationRule) {
        let mut flags = Flags::default();
        let mut rule = LocationRule::Point;
        for &(field, flag) in &self.flags {
            if is_yes(candidate.get(field)) {
                flags = flags.with(flag);
                rule = rule.max(self.rules.categories.flagged(field));
            }
        }
        (flags, rule)
    }
}
/// `Farr'S Lane` as `Farr's Lane`: programs that give every word a capital give one to the possessive
/// too.
fn possessive(text: &str) -> Cow<'_, str> {
    let mut mended = Cow::Borrowed(text);
    for (at, _) in text.match_indices("'S") {
        let after_small = text[..at].chars().next_back().is_some_and(char::is_lowercase);
        let ends_word = !text[at + 2..].chars().next().is_some_and(char::is_alphanumeric);
        if after_small && ends_word {
            mended.to_mut().replace_range(at..at + 2, "'s");
        }
    }
    mended
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_possessive_has_no_capital() {
        assert_eq!(possessive("On or near Farr'S Lane"), "On or near Farr's Lane");
        assert_eq!(possessive("St Mary'S"), "St Mary's");
        // A name that begins so, one in capitals, and one that is right.
        for kept in ["O'Sullivan Road", "FARR'S LANE", "King's Road", "'S Lane", ""] {
            assert_eq!(possessive(kept), kept);
        }
    }
}
