//! What the map can show.

pub const TESTED: &str = "Squares that stand out from all others where a record can be (Gi*).";
pub const HEAT: &str = "Heat";
pub const HEAT_IS: &str = "How many records there are near each place, smoothed.";
pub const RATE: &str = "Ward rate";
pub const RATE_IS: &str = "Records per 1,000 of each ward.";
pub const LSOAS: &str = "LSOA rate";
pub const LSOAS_ARE: &str = "Records per 1,000 of each LSOA, an area of about 1,500 people.";
pub const SQUARES: &str = "Squares";
pub const HEXAGONS: &str = "Hexagons";
pub const HEXAGONS_ARE: &str =
    "The same test on hexagons, whose six neighbours all lie equally far.";
pub const H3: &str = "H3 cells";
pub const H3_IS: &str = "The same test on the cells of H3, a grid of the whole globe.";
pub const EMERGING: &str = "Emerging";
pub const MORAN: &str = "Local Moran";
