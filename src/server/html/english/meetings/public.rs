//! Planned meetings for the public.

use crate::layer::words::counted;

pub const COME: &str = "Come and talk about safety where you live";
pub const NO_TIME: &str = ", time to be announced";
pub const NONE_PLANNED: &str = "No meeting is planned.";
pub const ADD_ALL: &str = "Add all to your calendar";
pub const PLACES: &str = "Places as GeoJSON";
pub const HOW_CHOSEN: &str = "Places are chosen so that many people can walk to one, and so that we meet \
    where more was reported to us. If a place is hard for you to reach or to enter, tell the council.";

pub const OVER: &str = "over";

/// How many are planned and how many of them are to come, and that their days may change.
pub fn planned(n: usize, to_come: usize, area: &str) -> String {
    let meetings = counted(n as i64, "meeting is", "meetings are");
    let may = "Dates may change until they are confirmed.";
    match to_come {
        _ if to_come == n => format!("{meetings} planned in {area}. {may}"),
        0 => format!("{} in {area}: all are over.", counted(n as i64, "meeting", "meetings")),
        _ => format!("{meetings} planned in {area}; {to_come} of them to come. {may}"),
    }
}
