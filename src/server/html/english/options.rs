//! The form of method and options.

pub const METHOD: &str = "Method and options";
pub const BANDWIDTH: &str = "Bandwidth of heat";
pub const BANDWIDTH_IS: &str = "A small one shows streets, a large one quarters of a town.";
pub const CELL: &str = "Cell size";
pub const CELL_IS: &str = "Side of the squares, width of the hexagons; H3 takes its nearest size. Hotspots are \
    made of these.";
pub const FAMILY: &str = "Cells tested";
pub const AT_RISK: &str = "Where a record can be";
pub const ALL: &str = "All in the area";
pub const ALPHA: &str = "Alpha";
pub const ALPHA_IS: &str = "At most this share of what is found is chance (false discovery rate), or as \"Many \
    tests\" says.";
pub const AS_RECOMMENDED: &str = "As recommended";

/// Where every statistic can be run.
pub fn all(n: usize) -> String {
    format!("All {n} statistics, each with its options")
}

/// What an option means, and of which layers it is one.
pub fn of(about: &str, layers: &str) -> String {
    format!("{about} Of: {layers}.")
}
