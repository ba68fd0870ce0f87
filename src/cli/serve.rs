//! `wardheat serve`: the map, the tables and the downloads of a workspace over HTTP.

use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroUsize;
use std::path::Path;

use anyhow::Context as _;
use clap::Args;
use tokio::net::TcpListener;

use crate::hint::Hint;
use crate::server::{AppState, Limits, serve, stop_signal};
use crate::workspace::Workspace;

use super::{interrupt, open, quality};

/// Show the map and the tables of the workspace in a browser
#[derive(Debug, Clone, Args)]
pub(super) struct Serve {
    /// Port to listen on; 0 takes any that is free
    #[arg(long, value_name = "PORT", default_value_t = 8080)]
    port: u16,
    /// Address to listen on; only this machine reaches the default
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    host: IpAddr,
}

impl Serve {
    pub(super) fn run(&self, workspace: &Path, threads: Option<u16>) -> anyhow::Result<()> {
        let address = SocketAddr::new(self.host, self.port);
        if !self.host.is_loopback() {
            return Err(anyhow::anyhow!(
                "{address} can be reached from other machines, and the server has no log-in yet"
            )
            .context(Hint(
                "leave --host out; to share the map, put a server with a log-in in front".into(),
            )));
        }
        let dataset = open::dataset(workspace)?;
        interrupt::leave_to_server();
        let limits = Limits {
            threads: threads.and_then(|threads| NonZeroUsize::new(usize::from(threads))),
            ..Limits::default()
        };
        let name = dataset.name.clone();
        let state = AppState::new(dataset, limits)?;
        let config = Workspace::load(workspace)?.config;
        state.know_rules(config.need, config.planning);
        if let Some(report) = quality::last(workspace) {
            state.know_quality(report);
        }
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .context("starting the server")?;
        runtime.block_on(async {
            let listener =
                TcpListener::bind(address).await.map_err(|error| refused(error, address))?;
            let bound = listener.local_addr().context("starting the server")?;
            announce(&name, bound)?;
            serve(listener, state, stop_signal()).await.context("serving")
        })
    }
}

/// Says where the map is: the address alone to stdout, for programs, and a sentence to stderr.
fn announce(name: &str, bound: SocketAddr) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "http://{bound}").and_then(|()| out.flush()).context("printing the address")?;
    eprintln!("{name} is at http://{bound} until Ctrl-C");
    Ok(())
}

fn refused(error: std::io::Error, address: SocketAddr) -> anyhow::Error {
    let (text, hint) = match error.kind() {
        std::io::ErrorKind::AddrInUse => (
            format!("port {} is in use", address.port()),
            format!("choose another: --port {}", if address.port() == 8080 { 8081 } else { 8080 }),
        ),
        std::io::ErrorKind::PermissionDenied => (
            format!("port {} may not be used by this account", address.port()),
            "choose one above 1023: --port 8080".to_owned(),
        ),
        _ => (format!("cannot listen on {address}"), "choose another: --port 0".to_owned()),
    };
    anyhow::Error::new(error).context(text).context(Hint(hint))
}
