//! One record: from text to a draft whose place is not yet settled.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime};
use sha2::{Digest as _, Sha256};

use crate::geometry::Bounds;
use crate::incident::{CrimeTypeIdx, Flags};
use crate::read::dates::{self, DateFault, Stamp, is_damaged, is_missing};
use crate::read::pii::person_signs;
use crate::read::times::minutes;
use crate::read::{Candidate, Profile, RowFault, System, header_key};
use crate::time::{Month, NightBand, is_clock_change};
use crate::workspace::{CountBy, DateForm, Field, LocationRule, PersonSign, Source};

use super::category::{Categories, Judge, Verdict};
use super::coordinates::{self, Mend, Written};
use super::ledger::Reason;
use super::rejects::read_hashed;

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
}

/// A record made known this many days after it happened is late.
const LATE_DAYS: i32 = 90;

/// A span longer than this says nothing about the hour.
const LONGEST_SPAN_HOURS: i64 = 24;

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
    pub(super) ward: String,
    pub(super) outward: Option<String>,
    pub(super) street: Option<String>,
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

/// What became of a row before its place is settled.
pub(super) enum Reading {
    Draft(Box<Draft>),
    LeftOut(Reason, String),
    Held(Held),
}

/// Reads the rows of one file.
pub(super) struct RowReader<'a> {
    rules: &'a Rules<'a>,
    judge: Judge<'a>,
    form: DateForm,
    area: Bounds,
    not_counted: Vec<String>,
    seen_texts: HashMap<String, Vec<PersonSign>>,
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

/// What a fault of a row is in the report.
pub(super) fn fault_reason(fault: RowFault) -> (Reason, Option<String>) {
    match fault {
        RowFault::Blank => (Reason::BlankRow, Some(String::new())),
        RowFault::RepeatedHeader => (Reason::RepeatedHeader, Some(String::new())),
        RowFault::Footer => (Reason::FooterRow, None),
        RowFault::WrongLength { cells, wanted } => {
            (Reason::WrongLength, Some(format!("{cells} cells, wanted {wanted}")))
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
    if plain { text.to_owned() } else { "(words not shown)".to_owned() }
}

impl<'a> RowReader<'a> {
    pub(super) fn new(rules: &'a Rules<'a>, form: DateForm, area: Bounds) -> Self {
        Self {
            judge: Judge::new(&rules.categories),
            form,
            area,
            not_counted: rules.profile.not_counted.iter().map(|text| header_key(text)).collect(),
            seen_texts: HashMap::new(),
            rules,
        }
    }

    /// The first sign of a person in a text that the analyst has not allowed, and whether any was
    /// allowed.
    fn person(&mut self, field: Field, text: &str) -> (Option<PersonSign>, bool) {
        if text.len() < 4 {
            return (None, false);
        }
        let allowed = &self.rules.allowed;
        let look = |signs: &[PersonSign]| {
            let barred = signs.iter().find(|sign| !allowed.contains(&(field, **sign)));
            (barred.copied(), !signs.is_empty())
        };
        if let Some(known) = self.seen_texts.get(text) {
            return look(known);
        }
        let signs: Vec<PersonSign> = person_signs(text).collect();
        let seen = look(&signs);
        if self.seen_texts.len() < MOST_SEEN {
            self.seen_texts.insert(text.to_owned(), signs);
        }
        seen
    }

    /// Reads one record.
    pub(super) fn read(&mut self, candidate: &Candidate<'_>) -> Reading {
        let line = candidate.line();
        let mut notes = Vec::new();
        for field in LOOKED_AT {
            let (sign, allowed) = self.person(field, candidate.get(field));
            if let Some(sign) = sign {
                return Reading::Held(Held { line, field, sign });
            }
            if allowed {
                notes.push((Reason::TextAllowed, field.word().to_owned()));
            }
        }
        let judged = self.judge.judge(candidate);
        for &(field, sign) in &judged.persons {
            if !self.rules.allowed.contains(&(field, sign)) {
                return Reading::Held(Held { line, field, sign });
            }
            notes.push((Reason::TextAllowed, field.word().to_owned()));
        }
        let status = candidate.get(Field::Status);
        if !status.is_empty() && self.not_counted.contains(&header_key(status)) {
            return Reading::LeftOut(Reason::NotCounted, status.to_owned());
        }
        if is_yes(candidate.get(Field::Cancelled)) {
            return Reading::LeftOut(
                Reason::NotCounted,
                candidate.get(Field::Cancelled).to_owned(),
            );
        }
        if let Some(code) = &judged.damaged {
            notes.push((Reason::Damaged, code.clone()));
        }
        if judged.retired {
            notes.push((Reason::RetiredCode, judged.decided_by.to_string()));
        }
        let crime_type = match &judged.verdict {
            Verdict::Counted(crime_type) => *crime_type,
            Verdict::Excluded(text) => return Reading::LeftOut(Reason::ExcludedKind, text.clone()),
            Verdict::Unmapped(text) => {
                return Reading::LeftOut(Reason::UnmappedCategory, text.clone());
            }
            Verdict::Nothing => return Reading::LeftOut(Reason::NoCategory, String::new()),
        };
        let mut rule = judged.rule;
        let (valid, decided_by) = (judged.valid, Arc::clone(&judged.decided_by));
        let when = match self.when(candidate, &mut notes) {
            Ok(when) => when,
            Err((reason, value)) => return Reading::LeftOut(reason, value),
        };
        if !valid.holds(when.month) {
            notes.push((Reason::OtherEdition, format!("{decided_by} in {}", when.month)));
        }
        let (flags, flag_rule) = self.flags(candidate);
        rule = rule.max(flag_rule);
        let (position, mend) = self.position(candidate);
        let reference = self.reference(candidate.get(Field::Reference), &mut notes);
        let street = candidate.get(Field::Street);
        let keep_street =
            self.rules.profile.keep_street && rule == LocationRule::Point && !street.is_empty();
        Reading::Draft(Box::new(Draft {
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
            ward: candidate.get(Field::Ward).to_owned(),
            outward: outward(candidate.get(Field::Postcode)),
            street: keep_street.then(|| street.to_owned()),
            notes,
        }))
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
            notes.push((Reason::NoReference, String::new()));
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
        for (field, flag) in [
            (Field::Domestic, Flags::DOMESTIC),
            (Field::Alcohol, Flags::ALCOHOL),
            (Field::Drugs, Flags::DRUGS),
            (Field::Hate, Flags::HATE),
            (Field::Knife, Flags::KNIFE),
            (Field::NightTime, Flags::NIGHT_TIME),
        ] {
            if is_yes(candidate.get(field)) {
                flags = flags.with(flag);
                rule = rule.max(self.rules.categories.flagged(field));
            }
        }
        (flags, rule)
    }

    fn stamp(
        &self,
        candidate: &Candidate<'_>,
        day: Field,
        time: Field,
    ) -> Result<Stamp, DateFault> {
        let mut stamp = dates::parse(candidate.get(day), self.form)?;
        let text = candidate.get(time);
        if stamp.minutes.is_none() && !is_missing(text) {
            stamp.minutes = minutes(text);
        }
        Ok(stamp)
    }

    fn when(
        &self,
        candidate: &Candidate<'_>,
        notes: &mut Vec<(Reason, String)>,
    ) -> Result<When, (Reason, String)> {
        let month_text = candidate.get(Field::Month);
        if !month_text.is_empty() && candidate.get(Field::Date).is_empty() {
            return match dates::parse_month(month_text) {
                Ok(month) => Ok(When { month, from: None, to: None, flags: Flags::default() }),
                Err(DateFault::Unread) => Err((Reason::UnreadDate, month_text.to_owned())),
                Err(_) => Err((Reason::NoDate, month_text.to_owned())),
            };
        }
        let date_text = candidate.get(Field::Date);
        let from = match self.stamp(candidate, Field::Date, Field::Time) {
            Ok(stamp) => Some(stamp),
            Err(DateFault::Unread) => return Err((Reason::UnreadDate, date_text.to_owned())),
            Err(fault) => {
                if fault == DateFault::Damaged {
                    notes.push((Reason::Damaged, date_text.to_owned()));
                }
                None
            }
        };
        let to = self.stamp(candidate, Field::DateTo, Field::TimeTo).ok();
        let Some(from) = from.or(to) else {
            // The event has no date of its own: the day it was recorded gives the month.
            let text = candidate.get(Field::Recorded);
            return match dates::parse(text, self.form) {
                Ok(stamp) => {
                    notes.push((Reason::RecordedUsed, text.to_owned()));
                    let month = Month::of(stamp.date);
                    Ok(When { month, from: None, to: None, flags: Flags::TIME_UNKNOWN })
                }
                Err(DateFault::Unread) => Err((Reason::UnreadDate, text.to_owned())),
                Err(_) => Err((Reason::NoDate, date_text.to_owned())),
            };
        };
        let (mut start, mut end) = (from, to);
        if let Some(stamp) = to {
            let reversed = stamp.moment() < from.moment();
            let date_only = stamp.minutes.is_none() && from.minutes.is_none();
            if reversed && date_only {
                notes.push((Reason::SpanSwapped, candidate.get(Field::DateTo).to_owned()));
                (start, end) = (stamp, Some(from));
            } else if reversed && !(stamp.minutes.is_none() && stamp.date == from.date) {
                notes.push((Reason::EndBeforeStart, candidate.get(Field::DateTo).to_owned()));
                end = None;
            } else if reversed {
                end = None;
            }
        }
        let (begun, ended) = (start.moment(), end.and_then(Stamp::moment));
        let mut flags = Flags::default();
        if start.minutes.is_none() {
            flags = Flags::TIME_UNKNOWN;
            notes.push((Reason::TimeUnknown, candidate.get(Field::Date).to_owned()));
        } else if let Some(begun) = begun {
            flags = flags.with(self.hour(begun, ended, notes));
        }
        let recorded = dates::parse(candidate.get(Field::Recorded), self.form).ok();
        let lag = recorded.map(|recorded| days_between(start.date, recorded.date));
        if lag.is_some_and(|days| days > LATE_DAYS) {
            notes.push((Reason::RecordedLate, candidate.get(Field::Recorded).to_owned()));
        }
        let counted = match (self.rules.count_by, recorded) {
            (CountBy::Recorded, Some(recorded)) => recorded.date,
            _ => start.date,
        };
        Ok(When { month: Month::of(counted), from: begun, to: ended, flags })
    }

    /// What the hour of a record says of it: in no hour table, in the hour the clocks change, in the
    /// night-time band.
    fn hour(
        &self,
        begun: DateTime,
        ended: Option<DateTime>,
        notes: &mut Vec<(Reason, String)>,
    ) -> Flags {
        let long = ended.is_some_and(|ended| {
            begun.checked_add(LONGEST_SPAN_HOURS.hours()).is_ok_and(|limit| ended > limit)
        });
        if long {
            notes.push((Reason::LongSpan, String::new()));
            return Flags::LONG_SPAN;
        }
        if is_clock_change(begun) {
            notes.push((Reason::ClockChange, begun.to_string()));
        }
        let night = self.rules.night.night_of(begun);
        // The whole span must lie in one night.
        let same =
            ended.is_none_or(|ended| ended == begun || self.rules.night.night_of(ended) == night);
        match night.filter(|_| same) {
            Some(night) => {
                notes.push((Reason::NightTime, format!("night of {night}")));
                Flags::NIGHT_TIME
            }
            None => Flags::default(),
        }
    }
}

/// Days from one date to a later one; below zero if it is earlier.
fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

/// Texts whose signs of a person are remembered.
const MOST_SEEN: usize = 100_000;

struct When {
    month: Month,
    from: Option<DateTime>,
    to: Option<DateTime>,
    flags: Flags,
}

/// Whether a flag's cell says yes.
fn is_yes(text: &str) -> bool {
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
