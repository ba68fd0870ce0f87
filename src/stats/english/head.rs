//! Headings that several statistics share.

pub const CLASS: &str = "Class";
pub const CLUSTERS: &str = "Clusters";
pub const INCIDENTS: &str = "Incidents";
pub const SHARE_OF_INCIDENTS: &str = "Share of incidents";
pub const POSITIONS: &str = "Positions";
pub const AREA: &str = "Area";
pub const DENSITY: &str = "Density";
pub const PER_KM2: &str = "incidents per km²";
pub const CENTRE_EASTING: &str = "Centre, easting";
pub const CENTRE_NORTHING: &str = "Centre, northing";
pub const MEASURE: &str = "Measure";
pub const VALUE: &str = "Value";
pub const UNIT: &str = "Unit";

pub const Z_SCORE: &str = "z-score";
pub const P_VALUE: &str = "p-value";
pub const Q_VALUE: &str = "q-value";
