//! Bank holidays of England and Wales, by rule.

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};

/// Bank holidays that were moved for one year: from, to.
const MOVED: [(Date, Date); 2] = [
    (Date::constant(2020, 5, 4), Date::constant(2020, 5, 8)),
    (Date::constant(2022, 5, 30), Date::constant(2022, 6, 2)),
];

/// Bank holidays that were proclaimed for one year.
const ADDED: [Date; 3] =
    [Date::constant(2022, 6, 3), Date::constant(2022, 9, 19), Date::constant(2023, 5, 8)];

/// Whether a day is a bank holiday in England and Wales: the substitute day where one falls on a
/// weekend. One-off days are known from 2020 to 2023; later ones are not foreseen.
fn is_bank_holiday(day: Date) -> bool {
    if ADDED.contains(&day) || MOVED.iter().any(|(_, to)| *to == day) {
        return true;
    }
    !MOVED.iter().any(|(from, _)| *from == day) && is_by_rule(day)
}

fn is_by_rule(day: Date) -> bool {
    let weekday = day.weekday();
    if is_weekend(day) {
        return false;
    }
    let is_monday = weekday == Weekday::Monday;
    let is_easter = || {
        let sunday = easter(day.year());
        day == sunday.saturating_sub(2.days()) || day == sunday.saturating_add(1.days())
    };
    match (day.month(), day.day()) {
        (1, 1) | (12, 25 | 26) => true,
        // The second and third of January and the two days after Boxing Day are substitutes.
        (1, 2 | 3) | (5, 1..=7 | 25..) | (8, 25..) => is_monday,
        (12, 27 | 28) => is_monday || weekday == Weekday::Tuesday,
        (3 | 4, _) => is_easter(),
        _ => false,
    }
}

/// Whether people can be asked to a meeting on a day: no weekend, no bank holiday, and not from 23
/// December to 2 January.
pub fn is_for_meetings(day: Date) -> bool {
    let is_christmas = matches!((day.month(), day.day()), (12, 23..) | (1, 1 | 2));
    !is_weekend(day) && !is_christmas && !is_bank_holiday(day)
}

fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// Easter Sunday (Meeus, Jones and Butcher).
fn easter(year: i16) -> Date {
    let year_number = i32::from(year);
    let (a, b, c) = (year_number % 19, year_number / 100, year_number % 100);
    let (d, e, f) = (b / 4, b % 4, (b + 8) / 25);
    let g = (b - f + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    // Days from 22 March on, the earliest Easter there is.
    let after = h + l - 7 * m;
    let first = jiff::civil::Date::new(year, 3, 22).unwrap_or(Date::MIN);
    first.saturating_add(i64::from(after).days())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    /// Year, then month and day; the Python package `holidays` has the same for England.
    const PUBLISHED: [(i16, &[(i8, i8)]); 7] = [
        (
            2022,
            &[
                (1, 3),
                (4, 15),
                (4, 18),
                (5, 2),
                (6, 2),
                (6, 3),
                (8, 29),
                (9, 19),
                (12, 26),
                (12, 27),
            ],
        ),
        (2023, &[(1, 2), (4, 7), (4, 10), (5, 1), (5, 8), (5, 29), (8, 28), (12, 25), (12, 26)]),
        (2024, &[(1, 1), (3, 29), (4, 1), (5, 6), (5, 27), (8, 26), (12, 25), (12, 26)]),
        (2025, &[(1, 1), (4, 18), (4, 21), (5, 5), (5, 26), (8, 25), (12, 25), (12, 26)]),
        (2026, &[(1, 1), (4, 3), (4, 6), (5, 4), (5, 25), (8, 31), (12, 25), (12, 28)]),
        (2027, &[(1, 1), (3, 26), (3, 29), (5, 3), (5, 31), (8, 30), (12, 27), (12, 28)]),
        (2028, &[(1, 3), (4, 14), (4, 17), (5, 1), (5, 29), (8, 28), (12, 25), (12, 26)]),
    ];

    #[test]
    fn bank_holidays_are_those_published_and_no_others() {
        for (year, published) in PUBLISHED {
            let published: Vec<Date> = published.iter().map(|(m, d)| date(year, *m, *d)).collect();
            let first = date(year, 1, 1);
            let days = first.series(1.day()).take_while(|day| day.year() == year);

            let found: Vec<Date> = days.filter(|day| is_bank_holiday(*day)).collect();

            assert_eq!(found, published, "{year}");
        }
    }

    #[test]
    fn nobody_is_asked_to_a_meeting_over_christmas_or_on_a_weekend() {
        let may = [date(2026, 12, 22), date(2027, 1, 4), date(2026, 5, 5)];
        let may_not = [date(2026, 12, 23), date(2026, 12, 31), date(2026, 1, 2), date(2026, 5, 2)];

        assert!(may.into_iter().all(is_for_meetings));
        assert!(!may_not.into_iter().any(is_for_meetings));
    }
}
