//! Layers that are worked out when somebody looks at them, and what may be chosen for them: each option
//! with its values.

pub const LSOAS: &str = "LSOAs";
pub const HEXAGONS: &str = "Hexagons";
pub const H3: &str = "H3 cells";
pub const EMERGING: &str = "Emerging hotspots";
pub const MORAN: &str = "Local Moran's I";
pub const SCAN: &str = "Scan clusters";
pub const HALLS: &str = "Meeting halls";

/// How halls came onto the map.
pub const LISTED: (&str, &str) = ("Halls", "as listed; of no months");

pub const NEIGHBOURS: &str = "Neighbours";
pub const EDGE_OR_CORNER: &str = "Edge or corner";
pub const EDGE_ONLY: &str = "Edge only";
pub const NEAREST_6: &str = "6 nearest";
pub const NEAREST_12: &str = "12 nearest";

pub const PERMUTATIONS: &str = "Permutations";
pub const NORMAL_CURVE: &str = "None: normal curve";
pub const N_9999: &str = "9,999";

pub const MAPS_OF_CHANCE: &str = "Maps of chance";

pub const MANY_TESTS: &str = "Many tests";
pub const FALSE_DISCOVERY_RATE: &str = "False discovery rate";
pub const HOLM: &str = "Any false finding (Holm)";
pub const EACH_ALONE: &str = "Each test alone";

pub const LARGEST_CLUSTER: &str = "Largest cluster";
pub const HALF: &str = "Half";
pub const QUARTER: &str = "A quarter";
pub const TENTH: &str = "A tenth";

pub const SCAN_OVER: &str = "Scan over";
pub const PLACES: &str = "Places, all months together";
pub const PLACES_AND_MONTHS: &str = "Places and months";

pub const LONGEST_IN_TIME: &str = "Longest cluster in time";
pub const HALF_OF_THE_MONTHS: &str = "Half of the months";

pub const SHAPES: &str = "Shapes of clusters";
pub const CIRCLES: &str = "Circles";
pub const CIRCLES_AND_ELLIPSES: &str = "Circles and ellipses";

pub const NEARLY_ALWAYS: &str = "Nearly always is";
pub const NINE_IN_TEN: &str = "9 months in 10";
pub const THREE_IN_FOUR: &str = "3 in 4";

pub const RISING_OR_FALLING: &str = "Rising or falling at";
pub const P_05: &str = "p of 0.05";
pub const P_01: &str = "p of 0.01";
pub const P_10: &str = "p of 0.1";

pub const MONTHS_BEFORE: &str = "Months before that count with each";
pub const MONTHS_1: &str = "1 month";
pub const NONE: &str = "None";
pub const MONTHS_2: &str = "2 months";
pub const MONTHS_3: &str = "3 months";

pub const COMPARED_WITH: &str = "Hot compared with";
pub const ALL_MONTHS: &str = "All months";
pub const ITS_MONTHS: &str = "Its month and those before it that count";
pub const OWN_MONTH: &str = "Its own month";
