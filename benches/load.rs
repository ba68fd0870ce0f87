//! A bounded load on the server over loopback: times to answer, answers a second, memory.
//!
//! `make load`, or `cargo run --release --example load -- [WORKSPACE] [SECONDS]`. Without a workspace
//! it loads the demo's. Each kind of request has some seconds alone, all of them together as many as are
//! asked for. It starts the server itself and ends it; it sends nothing to any other host.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Connections that ask at once.
const CONNECTIONS: usize = 8;

/// Longest run of the mix: the load is bounded whatever is asked.
const LONGEST: u64 = 600;

/// Longest run of one kind of request alone.
const ALONE: Duration = Duration::from_secs(12);

struct Server {
    child: Child,
    address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    fn start(program: &Path, workspace: &Path) -> Self {
        let mut child = Command::new(program)
            .arg("--workspace")
            .arg(workspace)
            .args(["serve", "--port", "0"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let out = child.stdout.take().expect("its output is read");
        let mut line = String::new();
        BufReader::new(out).read_line(&mut line).expect("it says where it is");
        let address = line.trim().trim_start_matches("http://").to_owned();
        assert!(address.starts_with("127.0.0.1:"), "only this machine is loaded, not {address}");
        Self { child, address }
    }

    /// Memory in use, in MB; where the system does not say, none.
    fn memory(&self) -> Option<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
        let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(kilobytes / 1_000.0)
    }
}

/// One connection that is kept.
struct Client {
    socket: BufReader<TcpStream>,
    address: String,
}

impl Client {
    fn new(address: &str) -> Self {
        let socket = TcpStream::connect(address).expect("the server answers");
        socket.set_nodelay(true).expect("a socket of our own");
        socket.set_read_timeout(Some(Duration::from_secs(60))).expect("a socket of our own");
        Self { socket: BufReader::new(socket), address: address.to_owned() }
    }

    /// Status and body of `GET path`.
    fn get(&mut self, path: &str) -> std::io::Result<(u16, Vec<u8>)> {
        let head = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", self.address);
        self.socket.get_mut().write_all(head.as_bytes())?;
        let (mut status, mut length, mut line) = (0, 0, String::new());
        loop {
            line.clear();
            if self.socket.read_line(&mut line)? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            let text = line.trim_end().to_ascii_lowercase();
            if text.is_empty() {
                break;
            }
            if let Some(rest) = text.strip_prefix("http/1.1 ") {
                status = rest.get(..3).and_then(|code| code.parse().ok()).unwrap_or(0);
            } else if let Some(rest) = text.strip_prefix("content-length: ") {
                length = rest.parse().unwrap_or(0);
            }
        }
        let mut body = vec![0; length];
        self.socket.read_exact(&mut body)?;
        Ok((status, body))
    }
}

/// What a phase measured.
#[derive(Default)]
struct Measured {
    took: Vec<Duration>,
    statuses: BTreeMap<u16, usize>,
}

/// Asks for the paths, the nth being `path(n)`, from every connection, until they end or `time` is
/// over.
fn load(
    server: &Server,
    time: Duration,
    path: &(dyn Fn(usize) -> Option<String> + Sync),
) -> (Measured, Duration) {
    let (next, over) = (AtomicUsize::new(0), AtomicBool::new(false));
    let began = Instant::now();
    let parts: Vec<Measured> = std::thread::scope(|scope| {
        let ask = || {
            let (mut client, mut measured) = (Client::new(&server.address), Measured::default());
            while began.elapsed() < time && !over.load(Ordering::Relaxed) {
                let Some(path) = path(next.fetch_add(1, Ordering::Relaxed)) else {
                    over.store(true, Ordering::Relaxed);
                    break;
                };
                let asked = Instant::now();
                let status = client.get(&path).map_or(0, |(status, _)| status);
                measured.took.push(asked.elapsed());
                *measured.statuses.entry(status).or_default() += 1;
                if status == 0 {
                    client = Client::new(&server.address);
                }
            }
            measured
        };
        let threads: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(ask)).collect();
        threads.into_iter().map(|thread| thread.join().expect("a client ends well")).collect()
    });
    let lasted = began.elapsed();
    let mut all = Measured::default();
    for part in parts {
        all.took.extend(part.took);
        for (status, n) in part.statuses {
            *all.statuses.entry(status).or_default() += n;
        }
    }
    all.took.sort_unstable();
    (all, lasted)
}

fn print(name: &str, (measured, lasted): &(Measured, Duration)) {
    let at = |share: f64| {
        let i = (measured.took.len() as f64 * share) as usize;
        let took = measured.took.get(i.min(measured.took.len().saturating_sub(1)));
        took.map_or(0.0, |took| took.as_secs_f64() * 1e3)
    };
    println!(
        "{name:<34} {:>8} answers {:>9.0}/s  p50 {:>8.2} ms  p99 {:>8.2} ms  worst {:>8.1} ms  {:?}",
        measured.took.len(),
        measured.took.len() as f64 / lasted.as_secs_f64(),
        at(0.5),
        at(0.99),
        at(1.0),
        measured.statuses
    );
    let failed =
        measured.statuses.keys().any(|status| *status == 0 || *status >= 500 && *status != 503);
    assert!(!failed, "{name}: {:?}", measured.statuses);
}

/// The nth tile of a walk over the zooms 6 to 18 within a box of degrees.
fn tile(bounds: [f64; 4], n: usize) -> (u32, u32, u32) {
    // The golden section spreads the walk evenly.
    let share = |k: f64| (n as f64 * k).fract();
    let zoom = 6 + (n % 13) as u32;
    let lon = bounds[0] + (bounds[2] - bounds[0]) * share(0.618_033_988_75);
    let lat = bounds[1] + (bounds[3] - bounds[1]) * share(0.754_877_666_25);
    let tiles = f64::from(1u32 << zoom);
    let y = (1.0 - (lat.to_radians().tan().asinh() / std::f64::consts::PI)) / 2.0;
    (zoom, ((lon + 180.0) / 360.0 * tiles) as u32, (y * tiles) as u32)
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let program = std::env::var_os("WARDHEAT").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/release/wardheat"),
        PathBuf::from,
    );
    let given = arguments.next().filter(|given| !given.is_empty()).map(PathBuf::from);
    let seconds = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(30).min(LONGEST);
    let made = tempfile::tempdir().expect("a folder can be made");
    let workspace = given.unwrap_or_else(|| {
        let demo = Command::new(&program).args(["demo", "--no-serve"]).arg(made.path()).status();
        assert!(demo.is_ok_and(|status| status.success()), "the demo is written");
        made.path().to_owned()
    });

    let began = Instant::now();
    let server = Server::start(&program, &workspace);
    println!("the server answers after {:.1} s", began.elapsed().as_secs_f64());
    let mut client = Client::new(&server.address);
    let first = Instant::now();
    let (status, _) = client.get("/tiles/heat/10/508/325.png").expect("a tile");
    println!("the first tile comes after {:.1} s more ({status})", first.elapsed().as_secs_f64());
    let (_, info) = client.get("/info").expect("what the data are");
    let info: serde_json::Value = serde_json::from_slice(&info).expect("JSON");
    println!("{}: {} incidents", info["area"], info["incidents"]);
    let bounds: Vec<f64> = (0..4).filter_map(|i| info["bounds"][i].as_f64()).collect();
    let bounds: [f64; 4] = bounds.try_into().expect("a box");
    let months: Vec<String> =
        ["first", "last"].map(|key| info[key].as_str().unwrap_or_default().to_owned()).into();
    let types: Vec<String> = info["types"]
        .as_array()
        .expect("types")
        .iter()
        .filter_map(|one| one["id"].as_str().map(str::to_owned))
        .collect();
    let phase = Duration::from_secs(seconds);

    // A scheme more makes each address new, and not in any cache, for a while.
    let plain = |n: usize, size: &str| {
        let (z, x, y) = tile(bounds, n);
        Some(format!("/tiles/heat/{z}/{x}/{y}{size}.png?scheme={}", ["light", "dark"][n / 13 % 2]))
    };
    let short = phase.min(ALONE);
    print("tiles of 256 px, new", &load(&server, short, &|n| plain(n, "")));
    print("tiles of 512 px, new", &load(&server, short, &|n| plain(n, "@2x")));
    let filtered = |n: usize| {
        let (z, x, y) = tile(bounds, n);
        let types = &types[n / 64 % types.len()];
        let hour = n / 64 / 7 % 24;
        Some(format!(
            "/tiles/heat/{z}/{x}/{y}.png?type={types}&from={}&to={}&hour={hour}-{}",
            months[0],
            months[1],
            (hour + 6) % 24 + 1
        ))
    };
    print("tiles, new, filtered by type, hour", &load(&server, short, &filtered));
    let cached = |n: usize| {
        let (z, x, y) = tile(bounds, n % 64);
        Some(format!("/tiles/heat/{z}/{x}/{y}.png"))
    };
    print("tiles, cached", &load(&server, short, &cached));
    // A country has too many cells of 250 m; its wards are as many features.
    // The first connection has been idle for longer than the server waits.
    let mut client = Client::new(&server.address);
    let (answer, _) = client.get("/collections/cells/items?limit=1").expect("an answer");
    let layer = if answer == 200 { "cells" } else { "wards" };
    println!("features are {layer}");
    let features = |_: usize| Some(format!("/collections/{layer}/items?limit=1000"));
    print("features, first page of 1,000", &load(&server, short, &features));

    let mixed = |n: usize| match n % 10 {
        0 => features(n),
        1 => Some("/layers".to_owned()),
        2 => Some("/wards".to_owned()),
        3..=6 => filtered(n),
        _ => plain(n, ""),
    };
    let before = server.memory();
    let mut memory = Vec::new();
    for _ in 0..10 {
        let measured = load(&server, phase / 10, &mixed);
        memory.extend(server.memory());
        if memory.len() == 10 || memory.is_empty() {
            print("mixed", &measured);
        }
    }
    if let (Some(before), Some(&half), Some(&last)) =
        (before, memory.get(memory.len() / 2), memory.last())
    {
        println!("memory: {before:.0} MB before the mix, {half:.0} MB halfway, {last:.0} MB after");
    }
}
