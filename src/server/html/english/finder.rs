//! "Find a place".

pub const FIND_A_PLACE: &str = "Find a place";
pub const LABEL: &str = "Find a ward, street or postcode";
pub const PLACEHOLDER: &str = "Place or postcode";
pub const FIND: &str = "Find";
pub const NOTHING: &str = "No ward, street or postcode of these data begins so.";

/// Where not all that was found is listed.
pub fn first_of(shown: usize, all: &str) -> String {
    format!("The first {shown} of {all}.")
}
