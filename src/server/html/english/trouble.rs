//! The page for a request that has no answer.

pub const START: &str = "Start from the whole map";
pub const OR: &str = " or ";
pub const WARDS: &str = "see all wards";
