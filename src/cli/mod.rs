//! The command line: arguments in, bytes out.
//!
//! A command is one file with its arguments and `run`, and one line in [`Command`].

mod analyse;
mod backtest;
mod check;
mod demo;
mod disclose;
mod editions;
mod english;
mod evaluate;
mod export;
mod export_tiles;
mod found;
mod import;
mod init;
mod interrupt;
mod list;
mod open;
mod options;
mod output;
mod progress;
mod publish;
mod quality;
mod request;
mod score;
mod serve;
mod store;
mod target;
mod token;
mod venues;
mod watched;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Parser, Subcommand};

use crate::pipeline::Stopped;
use crate::stats::Cancelled;

/// Exit code of a command that failed.
const FAILED: u8 = 1;

/// From incident files to ward and cell hotspot maps, with every number's uncertainty beside it.
#[derive(Debug, Parser)]
#[command(name = "wardheat", version, max_term_width = 100)]
struct Cli {
    /// Folder of the workspace (it holds wardheat.toml)
    #[arg(long, global = true, default_value = ".", value_name = "DIR")]
    workspace: PathBuf,
    /// Threads to use; results are the same at any number
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
    #[command(subcommand)]
    command: Command,
}

/// Every command.
#[derive(Debug, Subcommand)]
enum Command {
    /// Score one choice of incidents and months, print it, and write it to files
    Analyse(analyse::Analyse),
    /// Rank ways of mapping by how well they tell later months
    Backtest(backtest::BacktestCommand),
    /// Say what an intervention changed: treated, control and buffer, before and after
    Evaluate(evaluate::EvaluateCommand),
    /// Choose halls and days to meet the public, by need and reach, with reasons
    Venues(venues::Venues),
    /// Find the fewest patrol- or visit-sized places that hold half the incidents
    Target(target::Target),
    /// Make a workspace from boundary, population and incident files
    Init(init::Init),
    /// Say what an import would keep, exclude and reject; nothing is written
    Check(check::Check),
    /// Read and clean the workspace's files, and store what is kept
    Import(import::Import),
    /// Write a fictional borough, import and score it, and show it in the browser
    Demo(demo::Demo),
    /// List what can be asked for: crime types, statistics, units, formats and writers
    List(list::List),
    /// Write what is stored for other programs
    Export(export::Export),
    /// Write a site of plain files: map, tables, layers and tiles, for any file host
    Publish(publish::Publish),
    /// List, verify, trim and compact what was imported
    Store(store::Store),
    /// Show the map and the tables of the workspace in a browser
    Serve(serve::Serve),
    /// Give out, list and end the tokens of a server
    Token(token::Token),
}

/// Runs one command and gives the exit code: 0 done, 1 failed, 2 wrong arguments, 130 stopped by
/// Ctrl-C.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(wrong) => {
            // Nothing useful can be done if the terminal is gone.
            let _ = wrong.print();
            return ExitCode::from(u8::try_from(wrong.exit_code()).unwrap_or(FAILED));
        }
    };
    let done = start_threads(cli.threads).and_then(|()| dispatch(&cli));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // Where it was just then says nothing.
            let stopped = error
                .downcast_ref::<Stopped>()
                .map(|&stopped| stopped.into())
                .or_else(|| error.downcast_ref::<Cancelled>().map(|&cancelled| cancelled.into()));
            eprint!("{}", output::error_text(stopped.as_ref().unwrap_or(&error)));
            ExitCode::from(if stopped.is_some() { interrupt::STOPPED } else { FAILED })
        }
    }
}

fn start_threads(threads: Option<u16>) -> anyhow::Result<()> {
    let Some(threads) = threads else { return Ok(()) };
    rayon::ThreadPoolBuilder::new()
        .num_threads(usize::from(threads))
        .build_global()
        .context("starting the compute threads")
}

fn dispatch(cli: &Cli) -> anyhow::Result<()> {
    match &cli.command {
        Command::Analyse(analyse) => analyse.run(&cli.workspace),
        Command::Backtest(backtest) => backtest.run(&cli.workspace),
        Command::Evaluate(evaluate) => evaluate.run(&cli.workspace),
        Command::Venues(venues) => venues.run(&cli.workspace),
        Command::Target(target) => target.run(&cli.workspace),
        Command::Init(init) => init.run(&cli.workspace),
        Command::Check(check) => check.run(&cli.workspace),
        Command::Import(import) => import.run(&cli.workspace),
        Command::Demo(demo) => demo.run(|words| dispatch(&Cli::try_parse_from(words)?)),
        Command::List(list) => list.run(),
        Command::Export(export) => export.run(&cli.workspace),
        Command::Publish(publish) => publish.run(&cli.workspace),
        Command::Store(store) => store.run(&cli.workspace),
        Command::Serve(serve) => serve.run(&cli.workspace, cli.threads),
        Command::Token(token) => token.run(&cli.workspace),
    }
}

/// Whether the reader of our output went away (`wardheat list | head`): not a failure.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
        .any(|io| io.kind() == std::io::ErrorKind::BrokenPipe)
}
