//! The answer of a plan of meetings, its map, and the lines of the chair's page.

use crate::layer::words::{capital, count_word, counted, names, thousands};

pub const NOT_IN_THE_PLAN: &str = "not in the plan";
pub const LEFT_OUT: &str = "left out as you asked";
pub const ASB_RATE: &str = "Anti-social behaviour per 1,000 residents";
pub const ASB_COUNT: &str = "Anti-social behaviour, number of records";
/// Below the map whose wards are coloured by count.
pub const NO_RATES: &str =
    " Colours show counts: residents of wards are not known, so there are no rates.";
pub const FOR_REACH: &str = "Chosen for reach: not a ward of higher need.";
pub const NOTHING_TO_JOIN: &str = "Nothing fit to join near this day: a meeting of its own.";
pub const NO_DIARY: &str = "A meeting of its own: no diary is held.";
pub const NONE_IN_DIARY: &str = "none in the diary";
pub const NOT_KNOWN: &str = "not known";
pub const NO_MEETING: &str = "no meeting";
pub const NOTHING_TO_ASK: &str = "Nothing that the lists should say.";
pub const IS_BEST: &str = "No other choice of halls under these rules reaches more.";
pub const CHANGE: &str = "Change halls or order";

/// From one month or place in an order to another.
pub fn to(from: &str, to: &str) -> String {
    format!("{from} to {to}")
}

/// A place that is shared.
pub fn joint(place: &str) -> String {
    format!("joint {place}")
}

/// How many wards of all are of higher need, and how many of them had no meeting in so many months;
/// `None` where no diary says so.
pub fn headline(n: usize, of: usize, unvisited: Option<usize>, months: u32) -> String {
    if n == 0 {
        return format!("No ward of {of} is high for both crime and anti-social behaviour.");
    }
    let ranks = if n == 1 { "ward ranks" } else { "wards rank" };
    let none = |of: &str| {
        format!("the diary holds no meeting of the partnership {of}in the {months} months before")
    };
    let visited = match (unvisited.unwrap_or(0), n) {
        _ if unvisited.is_none() => "when they last had a meeting is not known".to_owned(),
        (0, 1) => format!("the partnership met there in the {months} months before"),
        (0, _) => format!("the partnership met in each of them in the {months} months before"),
        (1, 1) => none(""),
        (all, _) if all == n => none("in any of them "),
        (some, _) => none(&format!("in {} of them ", count_word(some))),
    };
    format!(
        "{} of {of} {ranks} high for both crime and anti-social behaviour; {visited}.",
        capital(&count_word(n)),
    )
}

/// How good a choice is known to be: what a better one could gain (a share) at most.
pub fn proof(gap: Option<f64>) -> String {
    match gap {
        None => "no other choice under these rules is better".to_owned(),
        Some(gap) => better(gap),
    }
}

fn better(gap: f64) -> String {
    format!("a better choice could gain {:.2}% at most", gap * 100.0)
}

/// [`proof`] as a line of its own.
pub fn better_line(gap: f64) -> String {
    format!("{}.", capital(&better(gap)))
}

/// What choosing one hall after the other would lose, in weighted residents.
pub fn greedy(lost: f64) -> String {
    let n = thousands(lost.abs().round() as i64);
    if lost.abs() < 0.5 {
        "choosing one hall after the other reaches the same".to_owned()
    } else if lost > 0.0 {
        format!("choosing one hall after the other would reach {n} weighted residents fewer")
    } else {
        format!(
            "choosing one hall after the other would reach {n} weighted residents more, and serve \
             fewer wards of higher need"
        )
    }
}

/// What a plan of `n` meetings reaches: a share of all residents within a walk (m).
pub fn verdict(
    n: usize,
    share: &str,
    (all, walk): (f64, f64),
    proof: &str,
    greedy: &str,
) -> String {
    let meetings = if n == 1 { "meeting puts" } else { "meetings put" };
    format!(
        "{} {meetings} {share} of {} residents within a walk of {} m; {proof}; {greedy}.",
        capital(&count_word(n)),
        thousands(all.round() as i64),
        thousands(walk as i64),
    )
}

/// A hall on the map, what it is, and what following its link does.
pub fn hall(name: &str, what: &str, does: Option<&str>) -> String {
    let does = does.map(|does| format!(". {does}")).unwrap_or_default();
    format!("{name}: {what}{does}")
}

/// A meeting of the plan on the map.
pub fn meeting_on(number: usize, when: &str, locked: bool) -> String {
    let locked = if locked { ", locked" } else { "" };
    format!("meeting {number}, {when}{locked}")
}

/// The answer: the headline, how many meetings, and how many wards are left without.
pub fn lead(headline: &str, n: usize, missed: usize) -> String {
    let suggest = match n {
        0 => "No meeting can be suggested.".to_owned(),
        1 => "We suggest one meeting.".to_owned(),
        n => format!("We suggest {} meetings.", count_word(n)),
    };
    let left = match missed {
        0 => String::new(),
        1 => " One ward of higher need has none.".to_owned(),
        some => format!(" {} wards of higher need have none.", capital(&count_word(some))),
    };
    format!("{headline} {suggest}{left}")
}

pub fn caption(title: &str, window: &str, walk: f64, circles: &str) -> String {
    format!(
        "{title} in {window}. Heavy outline: wards of higher need. Pins: halls of the plan. \
         Circles: a walk of {} m ({circles}).",
        thousands(walk as i64),
    )
}

/// Where a ward stands for crime and for anti-social behaviour: its place and count of each.
pub fn need(of: usize, crime: (&str, u64), asb: (&str, u64), centre: bool) -> String {
    format!(
        "{} of {of} for crime ({}), {} for anti-social behaviour ({}).{}",
        capital(crime.0),
        thousands(crime.1 as i64),
        asb.0,
        thousands(asb.1 as i64),
        if centre { " A town centre: visitors count too." } else { "" },
    )
}

/// The residents near a hall, and how far it is from the middle of its ward's (m).
pub fn reach(residents: &str, from_middle: Option<&str>) -> String {
    let from = from_middle.map_or(String::new(), |metres| {
        format!(", {metres} m from the middle of the ward's residents")
    });
    format!("{residents} residents within a walk{from}.")
}

pub fn join(title: &str, elsewhere: Option<&str>) -> String {
    let at = elsewhere.map_or(String::new(), |at| format!(", at {at}"));
    format!("Join: {title}{at}.")
}

/// Where a meeting is held that joins another elsewhere, and the hall that was chosen.
pub fn held_at(elsewhere: &str, hall: &str) -> String {
    format!("{elsewhere}, or {hall} if it joins none")
}

pub fn meetings(numbers: &[&str]) -> String {
    let meetings = if numbers.len() == 1 { "meeting" } else { "meetings" };
    format!("{meetings} {}", names(numbers))
}

pub fn not_listed(what: &[&str]) -> String {
    format!("Not in the list of halls: {}.", what.join(", "))
}

/// What the list does not say of `many` of `n` halls.
pub fn not_listed_of(what: &str, many: usize, n: usize) -> String {
    format!("{} of {many} of {n} halls.", capital(what))
}

pub fn more_to_ask(hidden: usize) -> String {
    format!("{} more to ask: see the page.", capital(&count_word(hidden)))
}

pub fn may_come(open: usize) -> String {
    format!(
        "Whether the public may come to {}.",
        counted(open as i64, "meeting to join", "meetings to join")
    )
}

pub fn intervals(draws: i64) -> String {
    format!("Ranks carry 95% intervals ({} draws of counts and weights).", thousands(draws))
}

pub fn weights(words: &str) -> String {
    format!("Weights: {words}.")
}

pub fn agree(n: usize) -> String {
    match n {
        1 => "Agree the meeting".to_owned(),
        n => format!("Agree all {}", count_word(n)),
    }
}

pub fn find_for(ward: &str) -> String {
    format!("Find a hall or a meeting for {ward}")
}

pub fn find_for_many(n: usize) -> String {
    format!("Find halls or meetings for {} wards without one", count_word(n))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meetings_are_listed_as_people_list_them() {
        assert_eq!(meetings(&["1"]), "meeting 1");
        assert_eq!(meetings(&["1", "2", "6"]), "meetings 1, 2 and 6");
    }

    #[test]
    fn a_headline_says_no_more_of_meetings_than_is_known() {
        let end = |unvisited| {
            let words = headline(8, 34, unvisited, 24);
            words.rsplit_once("; ").unwrap().1.to_owned()
        };

        assert_eq!(end(None), "when they last had a meeting is not known.");
        assert_eq!(
            end(Some(8)),
            "the diary holds no meeting of the partnership in any of them in the 24 months before."
        );
        assert_eq!(
            end(Some(3)),
            "the diary holds no meeting of the partnership in three of them in the 24 months before."
        );
        assert_eq!(end(Some(0)), "the partnership met in each of them in the 24 months before.");
    }
}
