//! `wardheat serve`: the map, the tables and the downloads of a workspace over HTTP.

use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use jiff::Timestamp;
use tokio::net::TcpListener;

use crate::audience::Audience;
use crate::hint::Hint;
use crate::server::access::tokens;
use crate::server::{
    Basemap, Compute, Gate, Limits, ReloadSignal, Site, admin, follow, serve, stop_signal,
};
use crate::store;
use crate::workspace::{ServerRule, Workspace};

use super::{english as say, interrupt, open, quality};

/// Show the map and the tables of the workspace in a browser
#[derive(Debug, Clone, Args)]
pub(super) struct Serve {
    /// Port to listen on; 0 takes any that is free
    #[arg(long, value_name = "PORT", default_value_t = 8080)]
    port: u16,
    /// Address to listen on; only this machine reaches the default
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    host: IpAddr,
    /// For whom: public opens only a store made for the public, and asks nobody who they are
    #[arg(long, value_name = "AUDIENCE", default_value_t = Audience::Analyst)]
    audience: Audience,
    /// Address for the administrator alone, with /metrics, /readyz and POST /admin/reload
    #[arg(long, value_name = "ADDRESS:PORT")]
    admin: Option<SocketAddr>,
    /// How to write the log to stderr
    #[arg(long, value_enum, default_value_t = Log::Warnings)]
    log: Log,
    /// Check settings, store and port, and end without serving
    #[arg(long)]
    check: bool,
}

/// What is written to stderr while the server runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Log {
    /// What went wrong, in words
    Warnings,
    /// Every request, in words
    Text,
    /// Every request, one JSON object a line
    Json,
}

impl Log {
    fn start(self) {
        let to = tracing_subscriber::fmt().with_writer(std::io::stderr).with_target(false);
        // One that is there already, as in a second run in one process, stays.
        let _ = match self {
            Self::Warnings => to.with_max_level(tracing::Level::WARN).try_init(),
            Self::Text => to.with_max_level(tracing::Level::INFO).try_init(),
            Self::Json => {
                to.with_max_level(tracing::Level::INFO).json().flatten_event(true).try_init()
            }
        };
    }
}

impl Serve {
    pub(super) fn run(&self, workspace: &Path, threads: Option<u16>) -> anyhow::Result<()> {
        let address = SocketAddr::new(self.host, self.port);
        let rule = rule(workspace)?;
        self.refuse_what_others_could_reach(workspace, &rule)?;
        self.refuse_a_store_made_for_others(workspace)?;
        self.log.start();
        interrupt::leave_to_server();
        let limits = Limits {
            threads: threads.and_then(|threads| NonZeroUsize::new(usize::from(threads))),
            ..Limits::default()
        };
        let compute = Compute::new(limits)?;
        let folder = workspace.to_owned();
        let load = move || {
            let dataset = open::dataset(&folder)?;
            let config = Workspace::load(&folder)?.config;
            let walks = open::own_walks(&folder, &config.planning)?;
            let site = Site::new(dataset, compute.clone());
            let site = site.with_rules(config.need, config.planning, walks);
            let site = match open::basemap(&folder)? {
                Some(path) => site.with_basemap(Basemap::open(&path)?),
                None => site,
            };
            Ok(match quality::last(&folder) {
                Some(report) => site.with_quality(report, quality::imported(&folder)),
                None => site,
            })
        };
        let anybody = self.anybody(workspace, &rule)?;
        let gate = Arc::new(Gate::new(workspace, rule, anybody, Box::new(load))?);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .context("starting the server")?;
        runtime.block_on(self.answer(gate, address, workspace.join("store"), workspace))
    }

    async fn answer(
        &self,
        gate: Arc<Gate>,
        address: SocketAddr,
        store: PathBuf,
        workspace: &Path,
    ) -> anyhow::Result<()> {
        gate.warm().await?;
        let listener = TcpListener::bind(address).await.map_err(|error| refused(error, address))?;
        let bound = listener.local_addr().context("starting the server")?;
        let admin_listener = match self.admin {
            Some(admin) => {
                Some(TcpListener::bind(admin).await.map_err(|error| refused(error, admin))?)
            }
            None => None,
        };
        if self.check {
            eprintln!("{}", say::ALL_IS_WELL);
            return Ok(());
        }
        if let Some(listener) = admin_listener {
            let bound = listener.local_addr().context("starting the server")?;
            eprintln!("{}", say::metrics_at(bound));
            let routes = admin(Arc::clone(&gate));
            tokio::spawn(async move { axum::serve(listener, routes).await });
        }
        tokio::spawn(follow(
            Arc::clone(&gate),
            move || store::version(&store).ok(),
            ReloadSignal::listen(),
        ));
        announce(&name(workspace), bound)?;
        serve(listener, gate, stop_signal()).await.context("serving")
    }

    /// Who is let in without being known: the public to what was made for it, and whoever sits at
    /// this machine where no rules are set.
    fn anybody(&self, workspace: &Path, rule: &ServerRule) -> anyhow::Result<Option<Audience>> {
        Ok(match self.audience {
            Audience::Public => Some(Audience::Public),
            audience if !has_rules(workspace, rule)? => Some(audience),
            _ => None,
        })
    }

    fn refuse_what_others_could_reach(
        &self,
        workspace: &Path,
        rule: &ServerRule,
    ) -> anyhow::Result<()> {
        if self.host.is_loopback()
            || self.audience == Audience::Public
            || has_rules(workspace, rule)?
        {
            return Ok(());
        }
        let address = SocketAddr::new(self.host, self.port);
        Err(anyhow::anyhow!(
            "{address} can be reached from other machines, and nothing says who may see what"
        )
        .context(Hint(
            "give out a token first: wardheat token add NAME --audience analyst; or publish: \
             wardheat store disclose --for public --out DIR, and serve DIR with --audience public"
                .into(),
        )))
    }

    fn refuse_a_store_made_for_others(&self, workspace: &Path) -> anyhow::Result<()> {
        if self.audience == Audience::Analyst {
            return Ok(());
        }
        let store = workspace.join("store");
        let made = store::disclosure(&store).context("opening the store")?;
        if made.as_ref().is_some_and(|made| made.rule.audience <= self.audience) {
            return Ok(());
        }
        let audience = self.audience;
        let what = made
            .map_or(say::NOT_FOR_AN_AUDIENCE.to_owned(), |made| say::made_for(made.rule.audience));
        Err(anyhow::anyhow!(
            "{} {what}: it holds more than the {audience} may know",
            store.display()
        )
        .context(Hint(format!(
            "make one: wardheat store disclose --for {audience} --out DIR, and serve DIR"
        ))))
    }
}

fn rule(workspace: &Path) -> anyhow::Result<ServerRule> {
    let described = Workspace::load(workspace).map_err(|error| {
        let hint = error.hint();
        anyhow::Error::new(error).context(Hint(hint))
    })?;
    Ok(described.config.server)
}

fn name(workspace: &Path) -> String {
    Workspace::load(workspace).map_or(say::THE_MAP.to_owned(), |described| described.config.name)
}

/// Whether somebody can be known by name: by a token that has not ended, or by a proxy.
fn has_rules(workspace: &Path, rule: &ServerRule) -> anyhow::Result<bool> {
    let now = Timestamp::now();
    let tokens = tokens::list(workspace)?;
    Ok(rule.user_header.is_some() || tokens.iter().any(|token| token.is_valid(now)))
}

/// Says where the map is: the address alone to stdout, for programs, and a sentence to stderr.
fn announce(name: &str, bound: SocketAddr) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "http://{bound}").and_then(|()| out.flush()).context("printing the address")?;
    eprintln!("{}", say::served_at(name, bound));
    Ok(())
}

fn refused(error: std::io::Error, address: SocketAddr) -> anyhow::Error {
    let (text, hint) = match error.kind() {
        std::io::ErrorKind::AddrInUse => (
            say::port_in_use(address.port()),
            format!("choose another: --port {}", if address.port() == 8080 { 8081 } else { 8080 }),
        ),
        std::io::ErrorKind::PermissionDenied => {
            (say::port_refused(address.port()), "choose one above 1023: --port 8080".to_owned())
        }
        _ => (say::cannot_listen(address), "choose another: --port 0".to_owned()),
    };
    anyhow::Error::new(error).context(text).context(Hint(hint))
}
