//! What the settings of a rule may be, after the name of each.

pub const CELL_FOR_THE_PUBLIC: &str = "cell: 250 to 10,000 m for the public";
pub const CELL: &str = "cell: 50 to 10,000 m";
pub const LEAST: &str = "least: 5 to 1,000 records for the public, 1 to 1,000 else";
pub const ADDRESSES: &str = "addresses: 1 or more for the public";
pub const PERIOD: &str = "period: 1, 2, 3, 4, 6 or 12 months";
pub const PERIOD_FOR_THE_PUBLIC: &str = "period: 3, 6 or 12 months for the public";
