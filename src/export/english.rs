//! Every English word of files of incidents and of what is said where a file cannot be written.

pub const INCIDENTS: &str = "Incidents";
pub const INCIDENTS_WITHOUT_POINT: &str = "Incidents without a point";
pub const PLANNED_MEETINGS: &str = "planned meetings";

/// What a file of incidents holds: of which data, how fine their positions are, and whose they are.
pub fn incidents(name: &str, version: &str, attribution: &[String]) -> String {
    format!(
        "{name}, version {version}. Positions are as fine as the location rules allow. {}",
        attribution.join(" ")
    )
}
