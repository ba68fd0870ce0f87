//! Why a meeting is where and when it is.

use jiff::civil::{Date, Time};

use crate::layer::words::{capital, counted, names, per_cent, thousands};
use crate::time::{date_with_month, month_of};

pub const IN_NO_WARD: &str = "It lies in no ward of the area: it is chosen for reach alone.";
pub const THE_BOUNDARIES: &str = "the boundaries' own";
pub const PEAK_HOURS: &str = "peak hours near it";
pub const MANY_CAN_WALK: &str = "because many people can walk here";
pub const YOUR_AREA: &str = "your area";
pub const OPEN_BY_LIST: &str = ", open that day by its list";
/// Why nothing is joined.
pub const NO_DIARY_HELD: &str = "No diary of meetings is held";
pub const NO_DIARY: &str =
    "No diary of meetings: none can be joined, and no earlier visit is known.";

/// A day as people say it: `Wed 4 March 2026`.
pub fn day(date: Date) -> String {
    date_with_month(date)
}

/// A month as people say it: `Mar 2026`.
pub fn month(date: Date) -> String {
    month_of(date)
}

/// The hour behind a day, where it is known: `, 18:00`.
pub fn hour(start: Option<Time>) -> String {
    start.map_or(String::new(), |start| start.strftime(", %H:%M").to_string())
}

/// Where a ward stands for crime and for anti-social behaviour in a window: its place and count of
/// each.
pub fn both(
    ward: &str,
    of: usize,
    crime: (&str, u64),
    asb: (&str, u64),
    window: &str,
    sources: &str,
) -> String {
    format!(
        "{ward} is {} of {of} wards for crime and {} for anti-social behaviour in {window} ({} \
         crimes, {} of anti-social behaviour; {sources})",
        crime.0,
        asb.0,
        thousands(crime.1 as i64),
        thousands(asb.1 as i64),
    )
}

pub fn for_reach(both: &str) -> String {
    format!("{both}: not among the wards of higher need, so chosen for reach.")
}

/// A ward of higher need, and those that have the hall in common with it.
pub fn for_need(both: &str, also: &[&str]) -> String {
    if also.is_empty() {
        format!("{both}.")
    } else {
        format!("{both}; it serves {} too, without a hall of its own.", names(also))
    }
}

/// Places that a rank may hold, in a sentence.
pub fn between(low: &str, high: &str) -> String {
    format!("between {low} and {high}")
}

/// A town centre, and its places for crime and anti-social behaviour without its shops.
pub fn centre(ward: &str, crime: &str, asb: &str, by_day: &str) -> String {
    let ranks = if crime == asb {
        format!("{crime} for both")
    } else {
        format!("{crime} for crime and {asb} for anti-social behaviour")
    };
    format!(
        "the shops of {ward} draw many who do not live there; without the busiest shopping cells it \
         is {ranks}{by_day}"
    )
}

/// Rates of crime and anti-social behaviour for every 1,000 who are there on a working day, each
/// with that by residents.
pub fn by_day([crime, asb]: [(f64, Option<f64>); 2]) -> String {
    let residents =
        |rate: Option<f64>| rate.map_or(String::new(), |rate| format!(" ({rate:.0} by residents)"));
    format!(
        "; for every 1,000 who are there on a working day {:.0} crimes{} and {:.0} of anti-social \
         behaviour{} were recorded",
        crime.0,
        residents(crime.1),
        asb.0,
        residents(asb.1)
    )
}

pub fn nearest(hall: &str, distance: &str) -> String {
    format!(": the nearest, {hall}, is {distance} from the middle of its residents")
}

/// Residents within a walk (m) of a hall, those who have no other, and how far it is from the middle
/// of its ward's.
pub fn reach(
    about: &str,
    (walk, how): (f64, &str),
    source: &str,
    alone: Option<&str>,
    from: Option<&str>,
) -> String {
    let alone =
        alone.map_or(String::new(), |n| format!(", {n} of them near no other hall of the plan"));
    let from = from.map_or(String::new(), |distance| {
        format!(", and it is {distance} from the middle of its ward's residents")
    });
    format!(
        "{about} live within a {} m walk ({source}; {how}){alone}{from}.",
        thousands(walk as i64)
    )
}

/// Residents as people say them, from their number in words.
pub fn about(residents: &str) -> String {
    if residents == "0" {
        "No residents".to_owned()
    } else {
        format!("About {residents} residents")
    }
}

/// A meeting in words for the public.
pub fn come_and_talk(ward: &str, why: &str) -> String {
    format!("Come and talk to the partnership about {ward}. We meet here {why}.")
}

pub fn more_reported(window: &str) -> String {
    format!("because more was reported here in {window}")
}

/// A ward without a hall that may be chosen, and when it was visited.
pub fn no_hall(near: &str, nearest: &str, visited: &str) -> String {
    format!(
        "no hall that may be chosen lies in it, or within {near} of its hotspots{nearest}{}",
        clause(visited)
    )
}

/// A ward whose halls were not chosen, and when it was visited.
pub fn used_up(halls: usize, visited: &str) -> String {
    format!(
        "{} could serve it, but the meetings are used up{}",
        counted(halls as i64, "hall", "halls"),
        clause(visited)
    )
}

pub fn last_met(ward: &str, on: Date) -> String {
    format!("the partnership last met the public in {ward} on {}", day(on))
}

pub fn never_met(wards: &[&str]) -> String {
    format!("the diary has no earlier meeting of the partnership in {}", wards.join(" or "))
}

/// A meeting that is joined, and when the wards were visited.
pub fn diary(joins: &str, visited: &str) -> String {
    format!("{joins} (diary){}.", clause(visited))
}

/// A meeting of its own: why none is joined, what its hour keeps out of, and when the wards were
/// visited.
pub fn of_its_own(lead: &str, hour: &str, visited: &str) -> String {
    format!("{lead}, so it would be a meeting of its own{hour}{}.", clause(visited))
}

fn clause(visited: &str) -> String {
    if visited.is_empty() { String::new() } else { format!("; {visited}") }
}

pub fn at_peak(title: &str, on: Date, start: Option<Time>) -> String {
    format!("\"{title}\" on {}{} is in the peak hours of its place", day(on), hour(start))
}

pub fn none_to_join(weeks: impl std::fmt::Display) -> String {
    format!(
        "No open meeting of the diary can be joined in the ward within {weeks} weeks about this day"
    )
}

pub fn quiet_at(at: Time) -> String {
    format!(", at {}, outside the hall's peak hours", at.strftime("%H:%M"))
}

pub fn none_quiet(first: u8, last: u8) -> String {
    format!(
        ", its hour left open: each from {first:02}:00 to {last:02}:00 is among the hall's peak hours"
    )
}

/// Where a meeting that is joined is held.
pub enum Held<'a> {
    /// In the hall itself.
    Here,
    /// Elsewhere.
    At(&'a str),
    /// The diary does not say.
    Unknown,
}

/// To the public, of a meeting that joins another.
pub fn part_of(title: &str) -> String {
    format!("It is part of “{title}”.")
}

/// A meeting to join: its title, whose it is, where, and what is known of it.
pub fn joining(title: &str, of: &str, held: &Held<'_>, quiet: bool, open_unknown: bool) -> String {
    let by = if of.is_empty() { String::new() } else { format!(" of {of}") };
    let at = match held {
        Held::Here => ", held in this hall".to_owned(),
        Held::At(place) => format!(", held at {place} and not in this hall"),
        Held::Unknown => String::new(),
    };
    let quiet = if quiet { ", outside the peak hours there" } else { "" };
    let open = if open_unknown { ", if the public may come" } else { "" };
    format!("It can join \"{title}\"{by}{at}{quiet}{open}")
}

/// Incidents about a hall.
pub fn near(records: u64, metres: f64) -> String {
    format!(
        "{} within {} m",
        counted(records as i64, "incident", "incidents"),
        thousands(metres as i64)
    )
}

/// A share of incidents.
pub fn share_of(share: f64) -> String {
    if (share - 0.5).abs() < 1e-9 { "half".to_owned() } else { per_cent(share) }
}

/// Peak hours: what they hold of the incidents near by with a time of day.
pub fn peak(hours: &str, share: f64, timed: u64, near: &str) -> String {
    format!(
        "{hours}: {} of the {} with a time of day, of {near}",
        share_of(share),
        thousands(timed as i64)
    )
}

pub fn peak_not_known(timed: u64, near: &str) -> String {
    match timed {
        0 => format!("not known: of {near} none has a time of day"),
        timed => format!("not known: of {near} only {timed} have a time of day"),
    }
}

pub fn foremost(block: &str, hours: usize) -> String {
    format!("{block} foremost ({hours} hours of the week in all)")
}

pub fn only_planned(k: usize, n: usize) -> String {
    format!("{k} meetings were asked for, and {n} planned: no more halls may be used.")
}

pub fn better_with_time(gap: f64) -> String {
    format!(
        "A better choice could gain {:.2}% at most; wardheat venues --thorough works longer on it.",
        gap * 100.0
    )
}

fn halls(n: usize) -> String {
    counted(n as i64, "chosen hall", "chosen halls")
}

pub fn step_free_unknown(unknown: usize, n: usize) -> String {
    format!("Step-free access of {unknown} of {} is not known: ask before booking.", halls(n))
}

pub fn peaks_unknown(unknown: usize, n: usize, fewest: u64) -> String {
    format!(
        "Peak hours near {unknown} of {} are not known, so their meetings are not kept out of them: \
         fewer than {fewest} records near them have a time of day (published police files hold \
         months alone).",
        halls(n)
    )
}

pub fn cost_unknown(hall: &str) -> String {
    format!("The budget does not count {hall}: its cost is not known.")
}

/// The share of residents within the walk of the plan's halls, and that as they are weighted.
pub fn residents_reached(share: f64, weighted: f64, elsewhere: impl std::fmt::Display) -> String {
    format!(
        "{} of residents live within the walk of a hall of the plan; {} where residents outside the \
         wards of higher need count {elsewhere}.",
        capital(&per_cent(share)),
        per_cent(weighted),
    )
}
