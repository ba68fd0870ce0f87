//! Every English word of how positions are brought from one system to another.

pub const GREAT_BRITAIN: &str = "Great Britain";
pub const OF_THE_PLANE: &str = "the area of the workspace's plane";

pub const OSTN15: &str = "OSTN15 grid shift (Ordnance Survey, 2015), which agrees with the published points within 2 mm; \
     WGS 84 is taken as ETRS89";
pub const SAME_DATUM: &str = "PROJ, on the same datum (OSGB36)";
pub const BY_DEGREES: &str = "PROJ to EPSG:4326, then OSTN15 (Ordnance Survey, 2015), which agrees with the published points \
     within 2 mm";

pub fn same(plane: &str) -> String {
    format!("none: the data are on {plane}")
}

pub fn direct(plane: &str) -> String {
    format!("PROJ to {plane}")
}

/// A method and the error to expect of it, in metres.
pub fn method(name: &str, metres: Option<f64>) -> String {
    match metres {
        Some(0.0) => format!("{name} (exact)"),
        Some(metres) => format!("{name} (good to {metres} m)"),
        None => format!("{name} (how exactly is not known: the definition names no datum)"),
    }
}
