//! The chair's page.

pub const TITLE: &str = "Chair's page";
pub const INVENTED: &str = " · invented data";
pub const LOCKED: &str = " (locked)";
pub const NUMBER: &str = "No.";
pub const DAY: &str = "Day";
pub const HALL: &str = "Hall";
pub const FOR: &str = "For";
pub const MEETINGS: &str = "Meetings";
pub const WARD: &str = "Ward of higher need";
pub const CRIME: &str = "Crime";
pub const RANK: &str = "Rank, 95%";
pub const ASB: &str = "ASB";
pub const LAST_MEETING: &str = "Last meeting";
pub const IN_THIS_PLAN: &str = "In this plan";
pub const WARDS: &str = "Wards of higher need";
pub const TO_FIND_OUT: &str = "Still to find out";
pub const HOW_SURE: &str = "How sure is this?";
pub const TO_DECIDE: &str = "To decide";
pub const FOOT: &str =
    "ASB: anti-social behaviour. Ranks: 1st is most; each carries its 95% interval. wardheat ";

/// Above the heading: the study area, and the months that need was counted in.
pub fn about(area: &str, window: &str) -> String {
    format!("{area} · chair's page · need counted in {window}")
}

pub fn where_to_meet(year: &str) -> String {
    format!("Where to meet the public, {year}")
}

pub fn more_wards(more: usize) -> String {
    let wards = if more == 1 { "ward of higher need is" } else { "wards of higher need are" };
    format!("{more} more {wards} in the full list.")
}
