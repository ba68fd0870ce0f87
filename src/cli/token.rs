//! `wardheat token`: who may see what over HTTP.

use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use jiff::{SignedDuration, Timestamp};

use crate::audience::Audience;
use crate::hint::Hint;
use crate::server::access::tokens;
use crate::workspace::DESCRIPTION;

use super::english::token as say;

/// Give out, list and end the tokens of a server
#[derive(Debug, Args)]
pub(super) struct Token {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Make a token and print it: it cannot be shown again
    Add {
        /// Who it is for
        name: String,
        /// What they may see: analyst, partner or public
        #[arg(long)]
        audience: Audience,
        /// Days until it ends; never where absent
        #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u16).range(1..=3650))]
        days: Option<u16>,
    },
    /// List who has a token, for what and until when
    List {
        /// Print it as JSON
        #[arg(long)]
        json: bool,
    },
    /// End a token, at once, where it is in use too
    Revoke {
        /// Who it was for
        name: String,
    },
}

impl Token {
    pub(super) fn run(&self, workspace: &Path) -> anyhow::Result<()> {
        if !workspace.join(DESCRIPTION).is_file() {
            return Err(anyhow::anyhow!(
                "{} is no workspace: it has no {DESCRIPTION}",
                workspace.display()
            )
            .context(Hint("stand in its folder, or name it with --workspace DIR".into())));
        }
        let mut out = std::io::stdout().lock();
        match &self.task {
            Task::Add { name, audience, days } => {
                let now = Timestamp::now();
                let end = |days: u16| now + SignedDuration::from_hours(24 * i64::from(days));
                let token = tokens::add(workspace, name, *audience, days.map(end))?;
                writeln!(out, "{token}")?;
                eprintln!("{}", say::give(name));
            }
            Task::List { json } => list(&mut out, &tokens::list(workspace)?, *json)?,
            Task::Revoke { name } => {
                tokens::revoke(workspace, name)?;
                eprintln!("{}", say::revoked(name));
            }
        }
        out.flush().context("printing")
    }
}

fn list(out: &mut dyn std::io::Write, tokens: &[tokens::Token], json: bool) -> anyhow::Result<()> {
    let now = Timestamp::now();
    if json {
        let rows: Vec<_> = tokens
            .iter()
            .map(|token| {
                serde_json::json!({
                    "name": token.name, "audience": token.audience, "created": token.created,
                    "expires": token.expires, "valid": token.is_valid(now),
                })
            })
            .collect();
        serde_json::to_writer_pretty(&mut *out, &rows)?;
        writeln!(out)?;
        return Ok(());
    }
    for token in tokens {
        let day = |time: Timestamp| time.strftime("%Y-%m-%d").to_string();
        let end = match token.expires {
            None => say::NO_END.to_owned(),
            Some(end) if token.is_valid(now) => say::until(day(end)),
            Some(end) => say::ended(day(end)),
        };
        let valid = say::since(&day(token.created), &end);
        writeln!(out, "{:<24} {:<8} {valid}", token.name, token.audience.id())?;
    }
    Ok(())
}
