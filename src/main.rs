//! The `wardheat` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    wardheat::cli::run(std::env::args_os())
}
