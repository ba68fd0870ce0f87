//! Every English word of the parts of need.

pub const VOLUME: &str = "Volume";
pub const RATE: &str = "Rate";
pub const CHANGE: &str = "Change";
pub const HOTSPOTS: &str = "Hotspots";
pub const PERSISTENCE: &str = "Persistence";
pub const HARM: &str = "Harm";
pub const VULNERABILITY: &str = "Vulnerability";
pub const DEPRIVATION: &str = "Deprivation";
pub const FEAR: &str = "Fear";
pub const PRIORITIES: &str = "Priorities";
