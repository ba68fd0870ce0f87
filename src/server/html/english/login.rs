//! The page to log in on.

pub const LOG_IN: &str = "Log in";
pub const TOKEN: &str = "Token";
/// Before and after how a token starts.
pub const ABOUT: [&str; 2] = [
    "A token is given out by whoever runs this server. It starts with ",
    ". You stay logged in for 12 hours on this device.",
];
