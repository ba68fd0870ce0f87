//! `datetime`: the instant or interval that features are asked for.

use jiff::civil::Date;

use crate::server::english::filter as say;
use crate::time::Window;

/// A half-open stretch of days; `None` where it has no end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Period {
    from: Option<Date>,
    /// First day that is no longer in it.
    until: Option<Date>,
}

/// First day of a window, and the first day after it.
pub(crate) fn of(window: Window) -> (Date, Date) {
    let day = |month: crate::time::Month| {
        Date::new(month.year() as i16, month.number() as i8, 1).unwrap_or(Date::MAX)
    };
    (day(window.first()), day(window.last().plus(1)))
}

impl Period {
    /// Reads an instant or `a/b`, either end open by `..` or nothing. A day, a month and what GDAL
    /// sends (`2025-06-01T`) are taken too.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let wrong = || say::no_time(text);
        let Some((from, to)) = text.split_once('/') else {
            let (from, until) = days(text).ok_or_else(wrong)?;
            return Ok(Self { from: Some(from), until: Some(until) });
        };
        let end = |text: &str| match text {
            "" | ".." => Ok(None),
            text => days(text).map(Some).ok_or_else(wrong),
        };
        let (from, to) = (end(from)?.map(|(first, _)| first), end(to)?);
        if from.is_none() && to.is_none() {
            return Err(say::ONE_END.to_owned());
        }
        if let (Some(from), Some((to, _))) = (from, to)
            && to < from
        {
            return Err(say::ends_early(text));
        }
        Ok(Self { from, until: to.map(|(_, until)| until) })
    }

    /// Whether the window has a day in common with the period.
    pub(crate) fn meets(self, window: Window) -> bool {
        let (first, after) = of(window);
        self.from.is_none_or(|from| from < after) && self.until.is_none_or(|until| first < until)
    }
}

/// First day of a time as written, and the first day after it.
fn days(text: &str) -> Option<(Date, Date)> {
    if let Ok(month) = text.parse::<crate::time::Month>() {
        return Some(of(Window::of(month)));
    }
    let (day, time) =
        text.split_once(['T', 't', ' ']).map_or((text, ""), |(day, time)| (day, time));
    let date: Date = day.parse().ok()?;
    if day.len() != 10 || !(time.is_empty() || is_time(time)) {
        return None;
    }
    Some((date, date.tomorrow().ok()?))
}

/// Whether a text is a time of day with its zone, or without.
fn is_time(text: &str) -> bool {
    let zone = text.find(['Z', 'z', '+', '-']).unwrap_or(text.len());
    let (clock, zone) = text.split_at(zone);
    let offset = zone.is_empty()
        || zone.eq_ignore_ascii_case("z")
        || (zone.len() == 6 && zone[1..].parse::<jiff::civil::Time>().is_ok());
    offset && clock.parse::<jiff::civil::Time>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meets(text: &str) -> bool {
        Period::parse(text).unwrap().meets("2025-04..2025-06".parse().unwrap())
    }

    #[test]
    fn instants_and_intervals_meet_the_window_they_touch() {
        for text in [
            "2025-05-03T10:00:00Z",
            "2025-06-30T23:59:59+01:00",
            "2025-06-30/2026-01-01",
            "../2025-04-01",
            "2025-06-01T/..",
            "/2025-04-01T00:00:00Z",
            "2020-01-01/",
            "2025-06",
            "2025-06-01",
        ] {
            assert!(meets(text), "{text}");
        }
        for text in ["2025-07-01T00:00:00Z", "../2025-03-31", "2025-07/..", "2025-03"] {
            assert!(!meets(text), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "..",
            "../..",
            "/",
            "2025",
            "2025-13",
            "2025-02-30",
            "yesterday",
            "2025-06/2025-01",
            "2025-01-01T25:00:00Z",
            "2025-01-01/2025-02-01/2025-03-01",
            "2025-01-01T10:00:00Zz",
        ] {
            assert!(Period::parse(text).is_err(), "{text}");
        }
    }
}
