//! Halls of the plan, and all halls.

use crate::layer::words::counted;

pub const LOCK_IT: &str = "Lock it";
pub const LEAVE_IT_OUT: &str = "Leave it out";
pub const SET_IT_FREE: &str = "Set it free";
pub const LOCK: &str = "Lock";
pub const LEAVE_OUT: &str = "Leave out";
pub const SET_FREE: &str = "Set free";
pub const NO_OUTLINES: &str = "The store holds no outlines of wards.";
pub const WHICH: &str = "2. Which halls, and why";
pub const IN_ORDER: &str = "In order of day. Ask for what is not known before booking.";
/// After the day: where a meeting is held that joins another elsewhere.
pub fn joined_at(title: &str, elsewhere: &str) -> String {
    format!(", at {elsewhere} if it joins “{title}”, else here")
}

pub const NO_HALL: &str = "No hall may be used.";
pub const LOCKED: &str = "locked";
pub const NO_WARD: &str = "outside every ward";
pub const CENTRE: &str = "Town centre";
pub const THE_HALL: &str = "The hall";
pub const OPEN: &str = "Open";
pub const PEAK: &str = "Peak hours there";
pub const NOT_KNOWN: &str = "Not known";
pub const INSTEAD: &str = "Instead";
pub const NO_OTHER: &str = "No other hall, or a ward of higher need would be left out.";
pub const FOR_THE_PUBLIC: &str = "For the public";
/// Where a hall has it, and where it has not.
pub const STEP_FREE: [&str; 2] = ["step-free", "not step-free"];
pub const LOOP: [&str; 2] = ["hearing loop", "no hearing loop"];
pub const TOILET: [&str; 2] = ["toilet", "no toilet"];
pub const BUS: [&str; 2] = ["a bus stop near", "no bus stop near"];
pub const PARKING: [&str; 2] = ["parking", "no parking"];
pub const FREE: &str = "free";
pub const NOTHING_SAID: &str = "The list says nothing of it.";
pub const MAY_BE_USED: &str = "Halls that may be used";
pub const HALL: &str = "Hall";
pub const WARD: &str = "Ward";
pub const IN_PLAN: &str = "In the plan";
pub const KNOWN: &str = "Known of it";
pub const WHAT_TO_DO: &str = "What to do";
pub const PLAN_WITH_THESE: &str = "Plan with these";
pub const HIGHER_NEED: &str = "higher need";
pub const NO: &str = "no";
pub const AS_IT_COMES: &str = "as it comes";
pub const MUST_BE_USED: &str = "must be used";
pub const DO_LEAVE_OUT: &str = "leave out";

/// How the map of halls is read and used.
pub fn map(window: &str, walk: &str, circles: &str) -> String {
    format!(
        "{window}. Heavy outline: wards of higher need. Pins: halls of the plan; rings: other halls. \
         Circles: a walk of {walk} m ({circles}). A pin or ring locks its hall, then leaves it out, \
         then sets it free."
    )
}

/// Wards that a meeting is for.
pub fn for_wards(wards: &str) -> String {
    format!("for {wards}")
}

/// To set this hall free.
pub fn set_free(hall: &str) -> String {
    format!("Set {hall} free")
}

/// To lock it.
pub fn lock(hall: &str) -> String {
    format!("Lock {hall}")
}

/// To leave it out.
pub fn leave_out(hall: &str) -> String {
    format!("Leave out {hall}")
}

/// How many people it seats.
pub fn seats(n: u32) -> String {
    counted(i64::from(n), "seat", "seats")
}

/// What it costs.
pub fn an_hour(pounds: f64) -> String {
    format!("£{pounds} an hour")
}

/// The list of all halls.
pub fn all(n: usize) -> String {
    format!("All {} that may be used: lock or leave out", counted(n as i64, "hall", "halls"))
}

/// Halls that the rules leave out.
pub fn not_considered(n: usize) -> String {
    format!("{} not considered, and why", counted(n as i64, "hall", "halls"))
}

/// When a hall is open.
pub fn open(hours: &str) -> String {
    format!("open {hours}")
}

/// What is asked of this hall.
pub fn what_to_do_with(hall: &str) -> String {
    format!("What to do with {hall}")
}
