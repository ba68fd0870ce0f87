//! Planned meetings for the public.

use crate::layer::words::counted;

pub const COME: &str = "Come and talk about safety where you live";
pub const NO_TIME: &str = ", time to be announced";
pub const NONE_PLANNED: &str = "No meeting is planned.";
pub const ADD_ALL: &str = "Add all to your calendar";
pub const PLACES: &str = "Places as GeoJSON";
pub const HOW_CHOSEN: &str = "Places are chosen so that many people can walk to one, and so that we meet \
    where more was reported to us. If a place is hard for you to reach or to enter, tell the council.";

/// How many are planned, and that their days may change.
pub fn planned(n: usize, area: &str) -> String {
    let meetings = counted(n as i64, "meeting is", "meetings are");
    format!("{meetings} planned in {area}. Dates may change until they are confirmed.")
}
