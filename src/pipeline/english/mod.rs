//! English words of plans, ward profiles and published sites, one file for each.

pub(super) mod chair;
pub(super) mod meetings;

pub const INVENTED: &str = "These data are invented: no place, person or incident is real.";
