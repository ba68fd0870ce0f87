//! The page to log in on.

pub const LOG_IN: &str = "Log in";
pub const TOKEN: &str = "Token";
/// Before and after how a token starts.
pub const ABOUT: [&str; 2] = [
    "A token is given out by whoever runs this server. It starts with ",
    ". You stay logged in for 12 hours on this device.",
];

pub const HAS_ENDED: &str = "Your log-in has ended. Log in again to go on.";
pub const LOGGED_OUT: &str = "You are logged out.";
pub const NOT_KNOWN: &str =
    "This token is not known here, or has ended. Ask whoever gave it to you.";
