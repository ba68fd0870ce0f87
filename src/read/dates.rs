//! Dates, by a form that is settled for the whole column and never guessed per row.

use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime};
use thiserror::Error;

use crate::time::Month;
use crate::workspace::DateForm;

use super::times::minutes;

/// Why a cell gives no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DateFault {
    /// Empty, or one of the dates that stand for "not known" (1900, 9999).
    Missing,
    /// Damaged by a spreadsheet.
    Damaged,
    /// Not in the form of its column.
    Unread,
}

/// A date, with the time if it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// Day.
    pub(crate) date: Date,
    /// Minutes after midnight, 0 to 1440.
    pub(crate) minutes: Option<u16>,
}

impl Stamp {
    /// The moment, midnight where no time was written. 24:00 is the next midnight.
    pub(crate) fn moment(self) -> Option<DateTime> {
        let minutes = self.minutes.unwrap_or(0);
        self.date.at(0, 0, 0, 0).checked_add(i64::from(minutes).minutes()).ok()
    }
}

/// Whether a cell means "nothing here".
pub(crate) fn is_missing(text: &str) -> bool {
    const WORDS: [&str; 9] =
        ["null", "n/a", "na", "none", "-", "--", "unknown", "not known", "nan"];
    text.is_empty() || (text.len() <= 9 && WORDS.iter().any(|word| text.eq_ignore_ascii_case(word)))
}

/// Whether a spreadsheet has put an error or a shortened number in the place of the value.
pub(crate) fn is_damaged(text: &str) -> bool {
    const ERRORS: [&str; 8] =
        ["#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "####"];
    if text.starts_with('#') {
        return ERRORS.iter().any(|sign| text.starts_with(sign));
    }
    // The plus sign first: this is asked of every reference and date.
    let sign = text.find('+').filter(|at| text[..*at].ends_with(['E', 'e']));
    let Some(sign) = sign else { return false };
    let (head, tail) = (&text[..sign - 1], &text[sign + 1..]);
    head.parse::<f64>().is_ok() && !tail.is_empty() && tail.bytes().all(|b| b.is_ascii_digit())
}

/// How a date is written: three parts of a date, a bare number, or a month.
enum Written<'a> {
    YearFirst(&'a str, &'a str, &'a str),
    Slashed(&'a str, &'a str, &'a str),
    Named(u8, &'a str, &'a str),
    Number(f64),
    YearMonth(&'a str, u8),
}

fn month_number(name: &str) -> Option<u8> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let lower = name.to_ascii_lowercase();
    let at = NAMES.iter().position(|full| lower.len() >= 3 && full.starts_with(&lower))?;
    Some(at as u8 + 1).filter(|_| lower.is_ascii()).or((lower == "sept").then_some(9))
}

/// Takes a date apart; the rest of the text is the time.
fn take_apart(text: &str) -> Option<(Written<'_>, &str)> {
    let mut parts: [&str; 3] = [""; 3];
    let mut n = 0;
    let mut at = 0;
    let bytes = text.as_bytes();
    while n < 3 && at < bytes.len() {
        if !bytes[at].is_ascii_alphanumeric() {
            at += 1;
            continue;
        }
        let digits = bytes[at].is_ascii_digit();
        let same = |b: &u8| if digits { b.is_ascii_digit() } else { b.is_ascii_alphabetic() };
        let end = at + bytes[at..].iter().take_while(|b| same(b)).count();
        let part = &text[at..end];
        at = end;
        let weekday = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        if n == 0 && !digits && weekday.iter().any(|day| part.to_ascii_lowercase().starts_with(day))
        {
            continue;
        }
        // 3rd, 21st: the letters belong to the day.
        if n == 1 && matches!(part, "st" | "nd" | "rd" | "th") {
            continue;
        }
        parts[n] = part;
        n += 1;
        if n == 1 && digits && part.len() == 8 {
            return Some((Written::YearFirst(&part[..4], &part[4..6], &part[6..]), &text[at..]));
        }
    }
    let rest = text.get(at..).unwrap_or_default();
    let number = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let short = |part: &str| part.len() <= 2 && number(part);
    Some(match (n, parts) {
        (1 | 2, _) if text.parse::<f64>().is_ok() => (Written::Number(text.parse().ok()?), ""),
        (2, [year, month, _]) if year.len() == 4 && number(year) && short(month) => {
            (Written::YearMonth(year, month.parse().ok()?), rest)
        }
        (2, [month, year, _]) if number(year) => {
            (Written::YearMonth(year, month_number(month)?), rest)
        }
        (3, [year, month, day])
            if year.len() == 4 && number(year) && short(month) && short(day) =>
        {
            (Written::YearFirst(year, month, day), rest)
        }
        (3, [day, month, year]) if short(day) && number(year) && !number(month) => {
            (Written::Named(month_number(month)?, day, year), rest)
        }
        (3, [month, day, year]) if !number(month) && short(day) && number(year) => {
            (Written::Named(month_number(month)?, day, year), rest)
        }
        (3, [a, b, year])
            if short(a) && short(b) && number(year) && matches!(year.len(), 2 | 4) =>
        {
            (Written::Slashed(a, b, year), rest)
        }
        _ => return None,
    })
}

/// A year as written; two digits below 50 are of this century, so that `65` in a record of long ago
/// is 1965 and never a year to come.
fn year(text: &str) -> Option<i16> {
    let year: i16 = text.parse().ok()?;
    match text.len() {
        4 => Some(year),
        2 if year < 50 => Some(2000 + year),
        2 => Some(1900 + year),
        _ => None,
    }
}

/// The date in `text`, whose column is in `form`.
///
/// Year first and month by name cannot be misread and are taken in any column.
pub(crate) fn parse(text: &str, form: DateForm) -> Result<Stamp, DateFault> {
    let text = text.trim();
    if is_missing(text) {
        return Err(DateFault::Missing);
    }
    if is_damaged(text) {
        return Err(DateFault::Damaged);
    }
    let (written, rest) = take_apart(text).ok_or(DateFault::Unread)?;
    let (y, m, d) = match (written, form) {
        (Written::YearFirst(y, m, d), _) => (year(y), m.parse::<i8>().ok(), d.parse::<i8>().ok()),
        (Written::Named(m, d, y), _) => (year(y), Some(m as i8), d.parse::<i8>().ok()),
        (Written::Slashed(d, m, y), DateForm::DayMonthYear)
        | (Written::Slashed(m, d, y), DateForm::MonthDayYear) => {
            (year(y), m.parse::<i8>().ok(), d.parse::<i8>().ok())
        }
        (Written::YearMonth(y, m), DateForm::YearMonth) => (year(y), Some(m as i8), Some(1)),
        (Written::Number(serial), DateForm::Serial) => return from_serial(serial),
        _ => return Err(DateFault::Unread),
    };
    let (Some(y), Some(m), Some(d)) = (y, m, d) else { return Err(DateFault::Unread) };
    if y <= 1901 || y >= 2100 {
        return Err(DateFault::Missing);
    }
    let date = Date::new(y, m, d).map_err(|_| DateFault::Unread)?;
    let rest = rest.trim_start_matches([' ', 'T', 't', ',']);
    let minutes = if rest.is_empty() || rest.eq_ignore_ascii_case("z") {
        None
    } else {
        Some(minutes(rest).ok_or(DateFault::Unread)?)
    };
    Ok(Stamp { date, minutes })
}

/// The moment in `text`, whose column is in `form`; midnight where no time was written. `None` where
/// the cell is empty or holds no such date.
pub fn moment(text: &str, form: DateForm) -> Option<DateTime> {
    parse(text, form).ok().and_then(Stamp::moment)
}

/// A spreadsheet's day number: whole days since 1899-12-30, the fraction a time.
fn from_serial(serial: f64) -> Result<Stamp, DateFault> {
    if !(366.0 * 2.0..73_050.0).contains(&serial) {
        return Err(if serial < 732.0 { DateFault::Missing } else { DateFault::Unread });
    }
    let first = jiff::civil::date(1899, 12, 30);
    let date = first.checked_add((serial.trunc() as i64).days()).map_err(|_| DateFault::Unread)?;
    let minutes = (serial.fract() * 1440.0).round() as u16;
    Ok(Stamp { date, minutes: (serial.fract() != 0.0).then_some(minutes) })
}

/// A month as police.uk writes it, or as any date of a month column.
pub(crate) fn parse_month(text: &str) -> Result<Month, DateFault> {
    match text.parse::<Month>() {
        Ok(month) if (1902..2100).contains(&month.year()) => Ok(month),
        Ok(_) => Err(DateFault::Missing),
        Err(_) => parse(text, DateForm::YearMonth).map(|stamp| Month::of(stamp.date)),
    }
}

/// Why the form of a column cannot be told.
#[derive(Debug, Clone, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum FormError {
    /// Every date reads both ways.
    #[error("the dates can be read day first or month first, as in `{0}`")]
    Ambiguous(String),
    /// Some only day first, some only month first.
    #[error("some dates are day first (`{day_first}`) and some month first (`{month_first}`)")]
    Mixed {
        /// A date that is day first.
        day_first: String,
        /// A date that is month first.
        month_first: String,
    },
}

/// Evidence about the form of a column, gathered over all its cells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormVote {
    day_first: Option<String>,
    month_first: Option<String>,
    either: Option<String>,
    year_first: u64,
    named: u64,
    serial: u64,
    year_month: u64,
}

impl FormVote {
    /// Takes one cell into account.
    pub fn add(&mut self, text: &str) {
        let text = text.trim();
        if is_missing(text) || is_damaged(text) {
            return;
        }
        match take_apart(text) {
            Some((Written::Slashed(a, b, _), _)) => {
                let (a, b): (u8, u8) = (a.parse().unwrap_or(0), b.parse().unwrap_or(0));
                let slot = match (a > 12, b > 12) {
                    (true, false) => &mut self.day_first,
                    (false, true) => &mut self.month_first,
                    (false, false) => &mut self.either,
                    (true, true) => return,
                };
                if slot.is_none() {
                    *slot = Some(text.to_owned());
                }
            }
            Some((Written::YearFirst(..), _)) => self.year_first += 1,
            Some((Written::Named(..), _)) => self.named += 1,
            Some((Written::Number(_), _)) => self.serial += 1,
            Some((Written::YearMonth(..), _)) => self.year_month += 1,
            None => {}
        }
    }

    /// Adds the evidence of another file.
    pub fn merge(&mut self, other: Self) {
        self.day_first = self.day_first.take().or(other.day_first);
        self.month_first = self.month_first.take().or(other.month_first);
        self.either = self.either.take().or(other.either);
        self.year_first += other.year_first;
        self.named += other.named;
        self.serial += other.serial;
        self.year_month += other.year_month;
    }

    /// The form that the evidence shows; `None` if there were no dates at all.
    ///
    /// # Errors
    ///
    /// [`FormError`] if the dates can be read in two ways, or are of two kinds.
    pub fn decide(&self) -> Result<Option<DateForm>, FormError> {
        match (&self.day_first, &self.month_first, &self.either) {
            (Some(day_first), Some(month_first), _) => Err(FormError::Mixed {
                day_first: day_first.clone(),
                month_first: month_first.clone(),
            }),
            (Some(_), None, _) => Ok(Some(DateForm::DayMonthYear)),
            (None, Some(_), _) => Ok(Some(DateForm::MonthDayYear)),
            (None, None, Some(example)) => Err(FormError::Ambiguous(example.clone())),
            (None, None, None) => {
                let forms = [
                    (self.year_first, DateForm::Iso),
                    (self.named, DateForm::DayMonthName),
                    (self.serial, DateForm::Serial),
                    (self.year_month, DateForm::YearMonth),
                ];
                let most = forms.into_iter().rev().max_by_key(|(count, _)| *count);
                Ok(most.filter(|(count, _)| *count > 0).map(|(_, form)| form))
            }
        }
    }
}

#[cfg(test)]
#[path = "dates_tests.rs"]
mod tests;
