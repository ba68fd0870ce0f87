//! The command line: arguments in, bytes out.

use std::ffi::OsString;
use std::process::ExitCode;

/// Runs one command.
pub fn run(_arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    ExitCode::FAILURE
}
