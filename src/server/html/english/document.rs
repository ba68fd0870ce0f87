//! Documents of the API as pages.

pub const COLLECTIONS: &str = "Collections";
pub const DESCRIPTION: &str = "Description of the service";
pub const CONFORMANCE: &str = "Conformance classes";
pub const NONE: &str = "none";
pub const FEATURE: &str = "Feature";
pub const FEATURES: &str = "Features";
pub const FEATURES_OF_PAGE: &str = "Features of this page";

/// What is not shown, being nested too deep.
pub fn members(n: usize) -> String {
    format!("{n} members")
}

/// A yes or a no.
pub const fn yes(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}
