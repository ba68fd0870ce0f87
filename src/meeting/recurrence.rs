//! How a meeting repeats: the part of RFC 5545 recurrence rules that diaries use.

use std::fmt::Write as _;
use std::str::FromStr;

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan as _};
use thiserror::Error;

/// Days that one series may have in a window; more are cut, which no monthly diary reaches.
const MOST_DAYS: usize = 4_000;

/// A rule that is not understood. Nothing is guessed of it: the entry is rejected with this reason.
#[derive(Debug, Clone, Error, PartialEq, Eq)]
#[error(
    "`{0}` is a repetition that is not read (read are: FREQ with INTERVAL, COUNT, UNTIL, BYDAY and BYMONTHDAY, or weekly, fortnightly, monthly, every two months, quarterly, yearly, once)"
)]
pub struct RecurrenceError(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Every {
    Day,
    Week,
    Month,
    Year,
}

/// How a meeting repeats. The default is not at all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recurrence {
    rule: Option<Rule>,
    /// Days of the rule on which it is not held.
    pub except: Vec<Date>,
    /// Further days on which it is held.
    pub also: Vec<Date>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    every: Every,
    interval: i32,
    count: Option<usize>,
    until: Option<Date>,
    /// Day of the week, with which one of the month: 2 the second, -1 the last, 0 every.
    by_day: Vec<(i8, Weekday)>,
    by_month_day: Vec<i8>,
}

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("MO", Weekday::Monday),
    ("TU", Weekday::Tuesday),
    ("WE", Weekday::Wednesday),
    ("TH", Weekday::Thursday),
    ("FR", Weekday::Friday),
    ("SA", Weekday::Saturday),
    ("SU", Weekday::Sunday),
];

/// Words that diaries use, and their rules.
const WORDS: &[(&str, &str)] = &[
    ("daily", "FREQ=DAILY"),
    ("weekly", "FREQ=WEEKLY"),
    ("every week", "FREQ=WEEKLY"),
    ("fortnightly", "FREQ=WEEKLY;INTERVAL=2"),
    ("every two weeks", "FREQ=WEEKLY;INTERVAL=2"),
    ("every fortnight", "FREQ=WEEKLY;INTERVAL=2"),
    ("four weekly", "FREQ=WEEKLY;INTERVAL=4"),
    ("monthly", "FREQ=MONTHLY"),
    ("every month", "FREQ=MONTHLY"),
    ("every two months", "FREQ=MONTHLY;INTERVAL=2"),
    ("bimonthly", "FREQ=MONTHLY;INTERVAL=2"),
    ("quarterly", "FREQ=MONTHLY;INTERVAL=3"),
    ("every quarter", "FREQ=MONTHLY;INTERVAL=3"),
    ("twice a year", "FREQ=MONTHLY;INTERVAL=6"),
    ("half yearly", "FREQ=MONTHLY;INTERVAL=6"),
    ("yearly", "FREQ=YEARLY"),
    ("annual", "FREQ=YEARLY"),
    ("annually", "FREQ=YEARLY"),
];

impl FromStr for Recurrence {
    type Err = RecurrenceError;

    /// Reads an RFC 5545 rule (`FREQ=MONTHLY;BYDAY=2TU`) or a diary's word (`monthly`).
    fn from_str(text: &str) -> Result<Self, RecurrenceError> {
        let text = text.trim();
        let words = text.to_lowercase().replace('-', " ");
        if matches!(words.as_str(), "" | "once" | "none" | "no" | "one off" | "single") {
            return Ok(Self::default());
        }
        let rule = WORDS.iter().find(|(word, _)| *word == words).map_or(text, |(_, rule)| rule);
        let rule = parse(rule).ok_or_else(|| RecurrenceError(text.to_owned()))?;
        Ok(Self { rule: Some(rule), ..Self::default() })
    }
}

impl Recurrence {
    /// Reads the repetition of a meeting whose first day is `first`. A diary's word for months
    /// (`monthly`) means the same weekday of the month, such as the second Tuesday: that is how
    /// meetings are held, and a day of the month would fall on Sundays. A rule is taken as it stands.
    ///
    /// # Errors
    ///
    /// [`RecurrenceError`] where it is not understood.
    pub fn of_series(text: &str, first: Date) -> Result<Self, RecurrenceError> {
        let mut read: Self = text.parse()?;
        if let Some(rule) = &mut read.rule
            && !text.contains('=')
            && rule.every == Every::Month
        {
            let nth = match (first.day() - 1) / 7 + 1 {
                5 => -1,
                nth => nth,
            };
            rule.by_day = vec![(nth, first.weekday())];
        }
        Ok(read)
    }
}

fn parse(text: &str) -> Option<Rule> {
    let mut rule = Rule {
        every: Every::Day,
        interval: 1,
        count: None,
        until: None,
        by_day: vec![],
        by_month_day: vec![],
    };
    let mut has_frequency = false;
    for part in text.trim_start_matches("RRULE:").split(';').filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=')?;
        match name.to_ascii_uppercase().as_str() {
            "FREQ" => {
                has_frequency = true;
                rule.every = match value.to_ascii_uppercase().as_str() {
                    "DAILY" => Every::Day,
                    "WEEKLY" => Every::Week,
                    "MONTHLY" => Every::Month,
                    "YEARLY" => Every::Year,
                    _ => return None,
                };
            }
            "INTERVAL" => rule.interval = value.parse().ok().filter(|n| (1..=1_000).contains(n))?,
            "COUNT" => rule.count = Some(value.parse().ok()?),
            "UNTIL" => rule.until = Some(date(value)?),
            "BYDAY" => {
                rule.by_day = value.split(',').map(weekday).collect::<Option<_>>()?;
            }
            "BYMONTHDAY" => {
                let day = |text: &str| {
                    text.parse().ok().filter(|d: &i8| (-31..=31).contains(d) && *d != 0)
                };
                rule.by_month_day = value.split(',').map(day).collect::<Option<_>>()?;
            }
            // Which day a week starts on matters to rules of every second week by day alone, and
            // Monday is what the standard and this country take.
            "WKST" if value.eq_ignore_ascii_case("MO") => {}
            _ => return None,
        }
    }
    let ordinal = rule.by_day.iter().any(|(nth, _)| *nth != 0);
    let fits = match rule.every {
        Every::Month => rule.by_day.is_empty() || rule.by_month_day.is_empty(),
        Every::Week => !ordinal && rule.by_month_day.is_empty(),
        Every::Day | Every::Year => rule.by_day.is_empty() && rule.by_month_day.is_empty(),
    };
    (has_frequency && fits).then_some(rule)
}

/// The day of `20260203`, `20260203T180000Z` or `2026-02-03`.
pub(crate) fn date(text: &str) -> Option<Date> {
    let digits: String = text.chars().take_while(|c| *c != 'T').filter(|c| *c != '-').collect();
    if digits.len() != 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Date::new(digits[..4].parse().ok()?, digits[4..6].parse().ok()?, digits[6..].parse().ok()?).ok()
}

fn weekday(text: &str) -> Option<(i8, Weekday)> {
    let text = text.trim();
    let split = text.len().checked_sub(2).filter(|at| text.is_char_boundary(*at))?;
    let (nth, day) = text.split_at(split);
    let nth = if nth.is_empty() { 0 } else { nth.trim_start_matches('+').parse().ok()? };
    let (_, day) = WEEKDAYS.iter().find(|(name, _)| name.eq_ignore_ascii_case(day))?;
    (-5..=5).contains(&nth).then_some((nth, *day))
}

impl Recurrence {
    /// Whether it repeats at all.
    pub fn repeats(&self) -> bool {
        self.rule.is_some()
    }

    /// The rule as RFC 5545 writes it; empty where it does not repeat.
    pub fn rule(&self) -> String {
        let Some(rule) = &self.rule else { return String::new() };
        let every = match rule.every {
            Every::Day => "DAILY",
            Every::Week => "WEEKLY",
            Every::Month => "MONTHLY",
            Every::Year => "YEARLY",
        };
        let mut text = format!("FREQ={every}");
        if rule.interval != 1 {
            let _ = write!(text, ";INTERVAL={}", rule.interval);
        }
        if let Some(count) = rule.count {
            let _ = write!(text, ";COUNT={count}");
        }
        if let Some(until) = rule.until {
            let _ = write!(text, ";UNTIL={}", until.strftime("%Y%m%d"));
        }
        let name = |day: Weekday| WEEKDAYS.iter().find(|(_, d)| *d == day).map_or("", |(n, _)| n);
        if !rule.by_day.is_empty() {
            let days = rule.by_day.iter().map(|&(nth, day)| match nth {
                0 => name(day).to_owned(),
                nth => format!("{nth}{}", name(day)),
            });
            let _ = write!(text, ";BYDAY={}", days.collect::<Vec<_>>().join(","));
        }
        if !rule.by_month_day.is_empty() {
            let days: Vec<String> = rule.by_month_day.iter().map(i8::to_string).collect();
            let _ = write!(text, ";BYMONTHDAY={}", days.join(","));
        }
        text
    }

    /// Days from `from` to `to`, both included, of a series whose first day is `first`, in order.
    /// A month that lacks the day has none; a `COUNT` counts days that are then taken out, as RFC
    /// 5545 says.
    pub fn days(&self, first: Date, from: Date, to: Date) -> Vec<Date> {
        let mut days: Vec<Date> = match &self.rule {
            None => vec![first],
            Some(rule) => rule.days(first, to),
        };
        days.extend(&self.also);
        days.retain(|day| *day >= from && *day <= to && !self.except.contains(day));
        days.sort_unstable();
        days.dedup();
        days
    }
}

impl Rule {
    fn days(&self, first: Date, to: Date) -> Vec<Date> {
        let last = self.until.map_or(to, |until| until.min(to));
        let most = self.count.unwrap_or(MOST_DAYS).min(MOST_DAYS);
        let mut days = Vec::new();
        for step in 0.. {
            let Some((start, mut inside)) = self.period(first, step) else { break };
            if start > last || days.len() >= most {
                break;
            }
            inside.sort_unstable();
            inside.dedup();
            days.extend(inside.into_iter().filter(|day| *day >= first && *day <= last));
        }
        days.truncate(most);
        days
    }

    /// First day and held days of the period `step` intervals after the first; `None` past the end
    /// of the calendar.
    fn period(&self, first: Date, step: i64) -> Option<(Date, Vec<Date>)> {
        let n = step.checked_mul(i64::from(self.interval))?;
        let after = |span: Span| first.checked_add(span).ok();
        match self.every {
            Every::Day => after(Span::new().try_days(n).ok()?).map(|day| (day, vec![day])),
            Every::Week => {
                let back = i64::from(first.weekday().to_monday_zero_offset());
                let monday = first.checked_sub(back.days()).ok()?;
                let monday = monday.checked_add(Span::new().try_weeks(n).ok()?).ok()?;
                let days = if self.by_day.is_empty() {
                    vec![monday.checked_add(back.days()).ok()?]
                } else {
                    let day = |(_, day): &(i8, Weekday)| {
                        monday.checked_add(i64::from(day.to_monday_zero_offset()).days()).ok()
                    };
                    self.by_day.iter().filter_map(day).collect()
                };
                Some((monday, days))
            }
            Every::Month => {
                let month = first.first_of_month().checked_add(Span::new().try_months(n).ok()?);
                let month = month.ok()?;
                Some((month, self.in_month(month, first)))
            }
            Every::Year => {
                let year = i64::from(first.year()).checked_add(n)?;
                let year = i16::try_from(year).ok()?;
                let start = Date::new(year, 1, 1).ok()?;
                Some((
                    start,
                    Date::new(year, first.month(), first.day()).ok().into_iter().collect(),
                ))
            }
        }
    }

    fn in_month(&self, month: Date, first: Date) -> Vec<Date> {
        let on = |day: i8| Date::new(month.year(), month.month(), day).ok();
        let length = month.days_in_month();
        if !self.by_month_day.is_empty() {
            let day = |n: &i8| on(if *n > 0 { *n } else { length + 1 + n });
            return self.by_month_day.iter().filter_map(day).collect();
        }
        if self.by_day.is_empty() {
            return on(first.day()).into_iter().collect();
        }
        let mut days = Vec::new();
        for &(nth, weekday) in &self.by_day {
            let all: Vec<Date> =
                (1..=length).filter_map(on).filter(|day| day.weekday() == weekday).collect();
            match nth {
                0 => days.extend(all),
                n if n > 0 => days.extend(all.get(n as usize - 1)),
                n => days.extend(all.iter().rev().nth(-i32::from(n) as usize - 1)),
            }
        }
        days
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date as day;

    use super::*;

    fn days(rule: &str, first: Date) -> Vec<String> {
        let rule: Recurrence = rule.parse().unwrap();
        let found = rule.days(first, day(2026, 1, 1), day(2026, 6, 30));
        found.iter().map(ToString::to_string).collect()
    }

    /// 13 January 2026 is the second Tuesday of its month, the 29th the last Thursday.
    #[test]
    fn a_word_for_months_means_the_same_weekday() {
        let of = |text: &str, day| Recurrence::of_series(text, day).unwrap().rule();

        assert_eq!(of("monthly", day(2026, 1, 13)), "FREQ=MONTHLY;BYDAY=2TU");
        assert_eq!(of("quarterly", day(2026, 1, 29)), "FREQ=MONTHLY;INTERVAL=3;BYDAY=-1TH");
        assert_eq!(of("weekly", day(2026, 1, 13)), "FREQ=WEEKLY");
        assert_eq!(of("FREQ=MONTHLY", day(2026, 1, 13)), "FREQ=MONTHLY");
        assert!(Recurrence::of_series("now and then", day(2026, 1, 13)).is_err());
    }

    /// Dates looked up in a calendar of 2026.
    #[test]
    fn rules_give_the_days_of_the_calendar() {
        let first = day(2026, 1, 13);

        assert_eq!(days("once", first), ["2026-01-13"]);
        assert_eq!(
            days("FREQ=MONTHLY;BYDAY=2TU;COUNT=3", first),
            ["2026-01-13", "2026-02-10", "2026-03-10"]
        );
        assert_eq!(
            days("FREQ=MONTHLY;BYDAY=-1TH;UNTIL=20260430", first),
            ["2026-01-29", "2026-02-26", "2026-03-26", "2026-04-30"]
        );
        assert_eq!(days("quarterly", first), ["2026-01-13", "2026-04-13"]);
        assert_eq!(
            days("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,FR;COUNT=4", first),
            ["2026-01-13", "2026-01-16", "2026-01-27", "2026-01-30"]
        );
        assert_eq!(days("yearly", day(2024, 2, 29)), Vec::<String>::new());
    }

    #[test]
    fn a_month_without_the_day_is_left_out() {
        assert_eq!(days("monthly", day(2026, 1, 31)), ["2026-01-31", "2026-03-31", "2026-05-31"]);
    }

    #[test]
    fn days_taken_out_are_not_held() {
        let mut rule: Recurrence = "monthly".parse().unwrap();
        rule.except = vec![day(2026, 2, 3)];
        rule.also = vec![day(2026, 2, 10)];

        let found = rule.days(day(2026, 1, 3), day(2026, 2, 1), day(2026, 3, 31));

        assert_eq!(found, [day(2026, 2, 10), day(2026, 3, 3)]);
    }

    #[test]
    fn what_is_not_read_is_refused_by_its_own_words() {
        for rule in ["FREQ=MONTHLY;BYSETPOS=2;BYDAY=TU", "FREQ=HOURLY", "now and then", "BYDAY=TU"]
        {
            let refused = rule.parse::<Recurrence>().unwrap_err();

            assert!(refused.to_string().contains(rule), "{refused}");
        }
    }

    #[test]
    fn a_rule_reads_back_from_its_text() {
        for rule in ["FREQ=MONTHLY;BYDAY=2TU,-1FR", "FREQ=WEEKLY;INTERVAL=2;COUNT=5", "FREQ=DAILY"]
        {
            assert_eq!(rule.parse::<Recurrence>().unwrap().rule(), rule);
        }
    }
}
