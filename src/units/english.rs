//! Every English word of kinds of unit: their names, plural.

pub const WARDS: &str = "Wards";
pub const LSOAS: &str = "LSOAs";
pub const CELLS: &str = "Cells";
pub const HEXAGONS: &str = "Hexagons";
pub const H3_CELLS: &str = "H3 cells";
