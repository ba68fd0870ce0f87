//! The page for a request that has no answer.

pub const START: &str = "Start from the whole map";
pub const OR: &str = " or ";
pub const WARDS: &str = "see all wards";

pub const UNREADABLE: &str = "This address cannot be read";
pub const NOTHING_HERE: &str = "Nothing is here";
pub const NO_PAGE: &str = "No page has this address. It may have been typed wrong or cut short.";
pub const UNANSWERABLE: &str = "The data cannot answer this";
pub const NOT_OFFERED: &str = "Not offered here";
pub const BUSY: &str = "Busy at the moment";
pub const LOAD_AGAIN: &str =
    "Too much is being worked out at once. Load this page again in a moment.";
pub const WRONG_HERE: &str = "Something went wrong here";
pub const UNHARMED: &str = "The data are unharmed. The server's log holds the cause.";

/// What is wrong with one part of an address.
pub fn parameter(name: &str, reason: &str) -> String {
    format!("{name}: {reason}.")
}

pub fn unknown(kind: &str, id: &str) -> String {
    format!("There is no {kind} {id} in these data.")
}

/// A reason as a sentence.
pub fn sentence(why: &str) -> String {
    format!("{why}.")
}
