//! Problems: what each is called, and what it says where no more is known.

use std::fmt::Display;

pub const ERROR: &str = "Error";

pub const INVALID_PARAMETERS: &str = "Invalid parameters";
pub const OF_PARAMETERS: &str = "the query holds parameters that cannot be used";
pub const INVALID_PATH: &str = "Invalid path";
pub const NOT_FOUND: &str = "Not found";
pub const NOTHING_HERE: &str = "nothing is here";
pub const METHOD_NOT_ALLOWED: &str = "Method not allowed";
pub const WHAT_IS_ALLOWED: &str = "`Allow` names what this answers";
pub const NOT_ACCEPTABLE: &str = "Not acceptable";
pub const NOT_LOGGED_IN: &str = "Not logged in";
pub const NOT_ALLOWED: &str = "Not allowed";
pub const TOO_MANY: &str = "Too many requests";
pub const NOT_DONE: &str = "Not done yet";
pub const UNDER_WAY: &str = "the analysis is under way; ask how far it is first";
pub const BEYOND_FILE: &str = "Beyond the file";
pub const BODY_TOO_LARGE: &str = "Body too large";
pub const LARGEST_BODY: &str = "a body may be 64 kB long";
pub const ADDRESS_TOO_LONG: &str = "Address too long";
pub const LONGEST_ADDRESS: &str = "an address may be 8 kB long";
pub const UNANSWERABLE: &str = "The data cannot answer this";
pub const BUSY: &str = "Busy";
pub const MUCH_IS_WAITING: &str = "too much is waiting already; ask again shortly";
pub const WAS_WAITING: &str = "too much was waiting; ask again";
pub const NOT_IN_TIME: &str = "Not ready in time";
pub const GOES_ON: &str = "the work goes on and will be kept; ask again shortly";
pub const INTERNAL: &str = "Internal error";
pub const IN_THE_LOG: &str = "the cause is in the log of the server";

pub const OTHER_SITE: &str = "this was sent by a page of another site";
pub const ASKS_OFTEN: &str = "a client may ask so often only";
pub const TOKEN_WANTED: &str = "a token is wanted, as `Authorization: Bearer` or as a password";
pub const TOKEN_NOT_KNOWN: &str = "the token is not known here, or has ended";
pub const LOG_IN_ENDED: &str = "the log-in has ended";

pub fn log_ins(in_a_minute: impl Display) -> String {
    format!("{in_a_minute} tries to log in may be made in a minute")
}

/// What to do about an analysis that was stopped after so many minutes.
pub fn took_too_long(minutes: u128) -> String {
    let minutes = if minutes == 1 { "a minute".to_owned() } else { format!("{minutes} minutes") };
    format!(
        "it took more than {minutes} and was stopped: ask for fewer records, units or \
         permutations, or run it with the command `wardheat analyse`"
    )
}

/// Why single statistics are not for an audience that is told of records in steps of `least`.
pub fn not_offered(audience: impl Display, least: u64) -> String {
    format!(
        "single statistics are not offered to the {audience}: what is told in steps of {least} would \
         be taken for patterns"
    )
}

pub fn unknown(kind: &str, id: &str, known: &[String]) -> String {
    format!("there is no {kind} `{id}` (there are: {})", known.join(", "))
}

pub fn left_out(offered: &str) -> String {
    format!("this is {offered}, which `Accept` leaves out")
}

pub fn again_in(why: &str, seconds: u64) -> String {
    format!("{why}; ask again in {seconds} s")
}

pub fn length(bytes: u64) -> String {
    format!("the file has {bytes} bytes")
}
