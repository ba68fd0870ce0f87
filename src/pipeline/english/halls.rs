//! Why a hall is not considered.

use crate::layer::words::counted;

pub const CLOSED: &str = "closed";
pub const MOBILE: &str = "mobile: it has no place of its own";
pub const UNFIT: &str = "in a prison or custody suite";
pub const NOT_STEP_FREE: &str = "not step-free";
pub const STEP_FREE_NOT_KNOWN: &str = "not known to be step-free, which this workspace asks for";
pub const POLICE: &str = "a police building: some people stay away";
pub const TOO_SMALL: &str = "fewer seats than the people expected";
pub const COST_NOT_KNOWN: &str = "cost not known, and there is a budget";
pub const EXCLUDED: &str = "excluded by request";

/// More halls are locked than meetings are planned.
pub fn too_many_locked(locked: usize, meetings: usize) -> String {
    format!(
        "{} locked, and only {} to be planned",
        counted(locked as i64, "hall is", "halls are"),
        counted(meetings as i64, "meeting is", "meetings are")
    )
}
