//! How a plan of meetings was made, what its tables are called, and its lines in print.

use jiff::civil::{Date, Time};

use super::meetings::{day, hour, share_of};
use crate::layer::words::{counted, per_cent, thousands};
use crate::pipeline::Model;
use crate::plan::NEED_DRAWS;
use crate::workspace::PlanningRule;

pub const SHORTLIST: &str = "Meetings";
pub const NEED_OF_EVERY_WARD: &str = "Need of every ward";
pub const PARTS_OF_NEED: &str = "Parts of need";
pub const EACH_MEETING_MORE: &str = "What each meeting more would reach";
pub const BY_WALK: &str = "Residents by walk to the nearest hall";
pub const OTHER_WEIGHTS: &str = "What other weights would change";
pub const DEMAND_POINTS: &str = "Demand points";

pub const NO_OTHER_HALL: &str =
    "Instead: no other hall, or a ward of higher need would be left out.";
pub const WITHOUT_A_MEETING: &str = "Wards of higher need without a meeting:";
pub const NOT_CONSIDERED: &str = "Halls not considered:";

/// How need was ranked: its weights, and how many of all wards are of higher need.
pub fn need(weights: &str, top: usize, of: usize) -> (&'static str, String) {
    let how = format!(
        "crime and anti-social behaviour are ranked apart, each by the weighted mean of its places \
         in {weights}; higher need is the top {top} of {of} wards on both; intervals from {} draws \
         of counts and weights",
        thousands(NEED_DRAWS as i64),
    );
    ("Need", how)
}

/// What is known apart from incidents, and how.
pub fn known(how: &[String]) -> (&'static str, String) {
    let how = if how.is_empty() {
        "nothing that [need] names: no vulnerability, deprivation, survey, priorities or harm"
            .to_owned()
    } else {
        how.join("; ")
    };
    ("Known apart from incidents", how)
}

pub fn left_out(types: &[&str]) -> (&'static str, String) {
    ("Left out of need", format!("{} (found by police activity)", types.join(", ")))
}

/// Where residents were put, the files that told of them, and what one outside the wards of higher
/// need counts.
pub fn reach(spread: &str, source: &str, files: &str, elsewhere: f64) -> (&'static str, String) {
    let how = format!(
        "{spread} ({source}: {files}); a resident outside the wards of higher need counts {elsewhere}"
    );
    ("Reach", how)
}

/// How halls were chosen: what a better choice could gain (a share) where the best is not proven, and
/// how far ahead of choosing one after the other it is, in weighted residents.
pub fn choice(
    model: Model,
    rule: &PlanningRule,
    how_walked: &str,
    gap: Option<f64>,
    ahead: f64,
) -> (&'static str, String) {
    let model = match model {
        Model::Covering => {
            format!("maximal covering at {} m", thousands(rule.walk.get() as i64))
        }
        Model::Median => "p-median: the shortest walks on average".to_owned(),
    };
    let wards = match rule.top_wards {
        None => "the wards of higher need, the first ones first".to_owned(),
        Some(0) => "no ward".to_owned(),
        Some(n) => format!("the first {}", counted(n as i64, "ward", "wards")),
    };
    let budget = rule.budget.map_or(String::new(), |pounds| {
        format!(", for £{} together", thousands(pounds.round() as i64))
    });
    let proof = match gap {
        None => "proven: no choice under the same rules is better".to_owned(),
        Some(gap) => format!("not proven: a better choice could gain {:.2}% at most", gap * 100.0),
    };
    let greedy = match thousands(ahead.abs().round() as i64) {
        same if same == "0" => "greedy choice reaches the same".to_owned(),
        n if ahead > 0.0 => format!("greedy choice would reach {n} weighted residents fewer"),
        n => format!("greedy choice would reach {n} weighted residents more under fewer rules"),
    };
    let how = format!(
        "{model} ({how_walked}), one hall at least for each of {wards}{budget}; {proof}; {greedy}"
    );
    ("Choice", how)
}

/// What speaks for a hall beside its reach.
pub fn points(rule: &PlanningRule) -> (&'static str, String) {
    let how = format!(
        "a meeting to join {}, a ward not visited for {} months {}, a bus stop near {}, a hall \
         not used for {} months {}, a hall whose peak hours leave {:02}:00 free on a weekday {}: \
         all of them together outweigh {} of the demand at most",
        rule.points_join,
        rule.revisit_months,
        rule.points_unvisited,
        rule.points_transport,
        rule.reuse_months,
        rule.points_unused,
        rule.start,
        rule.points_quiet,
        per_cent(rule.points_share),
    );
    ("Points", how)
}

/// On which days meetings of their own are.
pub fn days() -> (&'static str, String) {
    let how = "a meeting of its own is on the weekday nearest to the middle of its part of the year, in \
               that week or, failing that, the week before or after: not on a bank holiday of England \
               and Wales, nor from 23 December to 2 January, nor on a day on which the list of halls \
               says the hall is closed; where no day can do, the middle stays; a meeting that is \
               joined keeps its day";
    ("Days", how.to_owned())
}

/// How peak hours are kept out of, from how many records with a time of day on.
pub fn hours(rule: &PlanningRule, fewest: u64) -> (&'static str, String) {
    let how = if rule.peak_share <= 0.0 {
        "a hall's peak hours play no part (peak-share 0)".to_owned()
    } else {
        format!(
            "no meeting is proposed in a hall's peak hours: the fewest hours of the week that hold \
             {} of the crime and anti-social behaviour within {} m of it whose time of day is known, \
             from {fewest} of them on; a meeting of its own starts at {:02}:00 if that is free, else \
             as near to it as may be from {:02}:00 to {:02}:00 on a weekday of that week, and lasts \
             {} hours",
            share_of(rule.peak_share),
            thousands(rule.peak_within.get() as i64),
            rule.start,
            rule.start_from,
            rule.start_to,
            rule.hours,
        )
    };
    ("Hours", how)
}

/// How residents of LSOAs, or of wards, were spread over places that are `merge` metres apart.
pub fn spread(lsoas: bool, merge: f64) -> String {
    let area = if lsoas { "LSOA" } else { "ward" };
    format!(
        "the residents of each {area} spread evenly over the places in it at which anything was \
         recorded, places within {merge} m of each other being one"
    )
}

/// How walks were measured, and what circles on the map are.
pub fn straight(detour: f64) -> String {
    format!("straight line x {detour}")
}

/// How walks were measured.
pub fn distances_of(file: &str) -> String {
    format!("distances of {file}")
}

pub fn walks_missing(missing: usize, of: usize, file: &str) -> String {
    format!(
        "{} of {} from a demand point to a hall are not in {file}: they count as no way.",
        thousands(missing as i64),
        counted(of as i64, "walk", "walks"),
    )
}

/// A hall that could take another's place: the demand that would be lost, in residents as they are
/// counted, and the usual hour where that is among its peak hours.
pub fn alternative(hall: &str, lost: f64, at_peak: Option<u8>) -> String {
    let n = thousands(lost.abs().round() as i64);
    let loses = if lost.round() == 0.0 {
        "reaches as many".to_owned()
    } else if lost > 0.0 {
        format!("reaches {n} weighted residents fewer")
    } else {
        format!("reaches {n} weighted residents more")
    };
    let peak = at_peak.map_or(String::new(), |hour| {
        format!("; {hour:02}:00 is among its peak hours on every weekday")
    });
    format!("{hall} ({loses}{peak})")
}

/// Title of a meeting in calendars, for the public.
pub fn event(area: &str) -> String {
    format!("Community safety meeting: {area}")
}

pub fn meeting(number: usize, on: Date, start: Option<Time>, hall: &str, locked: bool) -> String {
    let locked = if locked { " (locked)" } else { "" };
    format!("{number}. {}{}: {hall}{locked}", day(on), hour(start))
}

pub fn town_centre(centre: &str) -> String {
    format!("Town centre: {centre}.")
}

pub fn peak_hours(hours: &str) -> String {
    format!("Peak hours there: {hours}.")
}

pub fn not_known(what: &[&str]) -> String {
    format!("Not known: {}.", what.join(", "))
}

pub fn instead(others: &[String]) -> String {
    format!("Instead: {}.", others.join("; "))
}

/// A ward without a meeting, and why.
pub fn without(ward: &str, why: &str) -> String {
    format!("{ward}: {why}.")
}

/// Halls that were not considered, and why.
pub fn not_considered(why: &str, halls: &[String]) -> String {
    format!("{} {why}: {}.", halls.len(), halls.join("; "))
}
