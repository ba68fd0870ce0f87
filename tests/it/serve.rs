//! `wardheat serve` as a program: it says where it is, stops when told, and refuses with a hint.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::Workspace;
use crate::town::dataset;

/// The least that describes a workspace.
const DESCRIBED: &str = "name = \"Town\"\n[[areas]]\nkind = \"ward\"\nfile = \"wards.geojson\"\ncode = \"code\"\nname = \"name\"\n";

/// A workspace that holds the town.
pub fn workspace() -> Workspace {
    let workspace = Workspace::new();
    std::fs::write(workspace.path().join("wardheat.toml"), DESCRIBED).unwrap();
    wardheat::store::write(&workspace.path().join("store"), &dataset()).unwrap();
    workspace
}

/// The program, killed if the test ends before it does.
pub struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
    }
}

/// Starts the server on any free port; gives it and its address.
pub fn start(folder: &Path) -> (Running, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_wardheat"))
        .current_dir(folder)
        .args(["serve", "--port", "0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    (Running(child), line.trim().trim_start_matches("http://").to_owned())
}

/// The status line of `GET path`.
fn get(address: &str, path: &str) -> String {
    let reply = fetched(address, path, "");
    String::from_utf8_lossy(&reply).lines().next().unwrap_or_default().to_owned()
}

/// The whole reply to `GET path` with these header lines more.
pub fn fetched(address: &str, path: &str, more: &str) -> Vec<u8> {
    let mut socket = TcpStream::connect(address).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let head = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n{more}Connection: close\r\n\r\n");
    socket.write_all(head.as_bytes()).unwrap();
    let mut reply = Vec::new();
    socket.read_to_end(&mut reply).unwrap();
    reply
}

#[test]
fn it_prints_its_address_and_answers_there() {
    let workspace = workspace();
    let (_running, address) = start(workspace.path());

    assert_eq!(get(&address, "/healthz"), "HTTP/1.1 200 OK");
    assert_eq!(get(&address, "/tiles/heat/12/2030/1310.png"), "HTTP/1.1 200 OK");
    assert_eq!(get(&address, "/nothing"), "HTTP/1.1 404 Not Found");
}

#[cfg(unix)]
#[test]
fn told_to_stop_it_ends_well() {
    let workspace = workspace();
    let (mut running, address) = start(workspace.path());
    assert_eq!(get(&address, "/healthz"), "HTTP/1.1 200 OK");

    let told = Command::new("kill").arg(running.0.id().to_string()).status().unwrap();
    let ended = (0..100).find_map(|_| {
        std::thread::sleep(Duration::from_millis(50));
        running.0.try_wait().unwrap()
    });

    assert!(told.success());
    assert!(ended.expect("it ends within five seconds").success());
}

#[test]
fn a_port_in_use_is_refused_with_another_to_try() {
    let workspace = workspace();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();

    let said = workspace.fails(&["serve", "--port", &port]);

    assert!(said.contains(&format!("port {port} is in use")), "{said}");
    assert!(said.contains("hint: choose another: --port 8080"), "{said}");
}

#[test]
fn other_machines_are_kept_out_and_told_why() {
    let said = workspace().fails(&["serve", "--host", "0.0.0.0"]);

    assert!(said.contains("nothing says who may see what"), "{said}");
    assert!(said.contains("hint: give out a token first: wardheat token add"), "{said}");
}

#[test]
fn without_a_workspace_or_an_import_it_says_what_to_run() {
    let start = Instant::now();
    let nothing = Workspace::new();
    let said = nothing.fails(&["serve"]);
    assert!(said.contains("is no workspace") && said.contains("hint: make one"), "{said}");

    std::fs::write(nothing.path().join("wardheat.toml"), DESCRIBED).unwrap();
    let said = nothing.fails(&["serve"]);
    assert!(said.contains("hint: read the workspace's sources first: wardheat import"), "{said}");
    assert!(start.elapsed() < Duration::from_secs(20));
}

/// The whole reply to a request written as it is sent.
fn exchange(address: &str, request: &str) -> String {
    let mut socket = TcpStream::connect(address).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    socket.write_all(request.as_bytes()).unwrap();
    let mut reply = Vec::new();
    socket.read_to_end(&mut reply).unwrap();
    String::from_utf8_lossy(&reply).into_owned()
}

fn body(address: &str, path: &str) -> String {
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    let reply = exchange(address, &request);
    reply.split_once("\r\n\r\n").map_or(String::new(), |(_, body)| body.to_owned())
}

/// Starts the server with more arguments; gives it, its address and the lines of its stderr.
fn start_with(
    folder: &Path,
    more: &[&str],
) -> (Running, String, std::sync::mpsc::Receiver<String>) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_wardheat"))
        .current_dir(folder)
        .args(["serve", "--port", "0"])
        .args(more)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let errors = BufReader::new(child.stderr.take().unwrap());
    let (send, lines) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for line in errors.lines().map_while(Result::ok) {
            let _ = send.send(line);
        }
    });
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    (Running(child), line.trim().trim_start_matches("http://").to_owned(), lines)
}

#[test]
fn a_check_ends_without_serving_and_says_what_is_wrong() {
    let workspace = workspace();
    workspace.ok(&["serve", "--port", "0", "--check"]);

    let path = workspace.path().join("wardheat.toml");
    std::fs::write(&path, format!("{DESCRIBED}[server]\npublic-url = \"maps\"\n")).unwrap();
    let said = workspace.fails(&["serve", "--port", "0", "--check"]);
    assert!(said.contains("public-url: wanted http:// or https://"), "{said}");
    std::fs::write(&path, format!("{DESCRIBED}[server]\nuser-header = \"X-Remote-User\"\n"))
        .unwrap();
    let said = workspace.fails(&["serve", "--port", "0", "--check"]);
    assert!(said.contains("together with `trusted-proxies`"), "{said}");
    std::fs::write(&path, DESCRIBED).unwrap();
    std::fs::write(workspace.path().join("wardheat-tokens.json"), "{").unwrap();
    let said = workspace.fails(&["serve", "--port", "0", "--check"]);
    assert!(said.contains("wardheat-tokens.json") && said.contains("hint:"), "{said}");
}

#[test]
fn the_public_server_opens_only_a_store_that_was_made_public() {
    let workspace = workspace();

    let said = workspace.fails(&["serve", "--audience", "public", "--port", "0", "--check"]);
    assert!(said.contains("was not made for an audience"), "{said}");
    assert!(
        said.contains("hint: make one: wardheat store disclose --for public --out DIR"),
        "{said}"
    );

    workspace.ok(&["store", "disclose", "--for", "public", "--out", "public"]);
    let public = workspace.path().join("public");
    // It may be reached by anybody: what it holds is theirs.
    let (_running, address, _) =
        start_with(&public, &["--audience", "public", "--host", "0.0.0.0"]);
    let address = address.replace("0.0.0.0", "127.0.0.1");
    assert_eq!(get(&address, "/tables/cells.csv"), "HTTP/1.1 200 OK");
    assert!(body(&address, "/layers").contains("Made for the public"));
}

/// A site on a file host and a server tell the same public the same figures.
#[test]
fn a_published_site_has_the_figures_that_the_public_server_answers() {
    let workspace = workspace();
    workspace.ok(&["publish", "site", "--window", "2025-01..2025-06"]);
    workspace.ok(&["store", "disclose", "--for", "public", "--out", "public"]);
    let public = workspace.path().join("public");
    let (_running, address, _) = start_with(&public, &["--audience", "public"]);

    let site = workspace.files_under("site");
    let tables = ["by-type.csv", "by-month.csv", "wards.csv", "hotspots.csv", "cells.csv"];
    for name in tables {
        let served = body(&address, &format!("/tables/{name}?from=2025-01&to=2025-06"));
        let published = String::from_utf8(site[name].clone()).unwrap();
        assert!(served.lines().count() > 1, "{served}");
        assert_eq!(published, served, "{name}");
    }
    let cells = String::from_utf8(site["cells.csv"].clone()).unwrap();
    assert!(cells.contains("not shown"), "{cells}");
    // What the server does not tell the public of, no file does.
    assert!(!site.contains_key("data.html") && !site.contains_key("by-hour.csv"));
    assert!(body(&address, "/tables/by-hour.csv").contains("\"status\":404"));
}

#[test]
fn with_a_token_other_machines_are_let_in_and_asked_for_it() {
    let workspace = workspace();
    let token = workspace.ok(&["token", "add", "Ann", "--audience", "analyst"]);
    let (_running, address, _) = start_with(workspace.path(), &["--host", "0.0.0.0"]);
    let address = address.replace("0.0.0.0", "127.0.0.1");

    assert_eq!(get(&address, "/info"), "HTTP/1.1 401 Unauthorized");
    let request = format!(
        "GET /info HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {}\r\nConnection: close\r\n\r\n",
        token.trim()
    );
    assert!(exchange(&address, &request).starts_with("HTTP/1.1 200 OK"));
}

#[test]
fn the_administrator_has_metrics_and_a_log_of_requests_as_json() {
    let workspace = workspace();
    let more = ["--admin", "127.0.0.1:0", "--log", "json"];
    let (_running, address, lines) = start_with(workspace.path(), &more);
    let said = lines.recv_timeout(Duration::from_secs(10)).unwrap();
    let admin = said.trim_start_matches("metrics are at http://").trim_end_matches("/metrics");

    get(&address, "/tiles/heat/12/2030/1310.png");
    get(&address, "/tiles/heat/12/2031/1311.png");
    get(&address, "/secret-path");

    let metrics = body(admin, "/metrics");
    let line = metrics
        .lines()
        .find(|line| line.contains("wardheat_requests_total") && line.contains("/tiles/"))
        .unwrap_or_else(|| panic!("{metrics}"));
    assert!(line.ends_with(" 2") && line.contains("{z}"), "{line}");
    assert!(
        !metrics.contains("secret-path") && metrics.contains("wardheat_request_seconds_bucket")
    );
    assert_eq!(get(admin, "/readyz"), "HTTP/1.1 200 OK");
    assert_eq!(get(&address, "/metrics"), "HTTP/1.1 404 Not Found");
    let logged = lines.iter().find(|line| line.contains("secret-path")).unwrap();
    let logged: serde_json::Value = serde_json::from_str(&logged).unwrap();
    assert_eq!((&logged["status"], &logged["method"]), (&404.into(), &"GET".into()));
    assert_eq!(logged["id"].as_str().unwrap().len(), 16);
}

#[test]
fn a_finished_import_is_served_without_a_restart_and_without_a_failed_request() {
    let workspace = crate::support::four_wards();
    let (_running, address, _) = start_with(workspace.path(), &[]);
    let dataset = |address: &str| {
        let info: serde_json::Value = serde_json::from_str(&body(address, "/info")).unwrap();
        (info["dataset"].as_str().unwrap().to_owned(), info["incidents"].as_u64().unwrap())
    };
    let (before, n_before) = dataset(&address);
    let stop = std::sync::atomic::AtomicBool::new(false);

    let (asked, after) = std::thread::scope(|scope| {
        let client = || {
            let mut asked = 0;
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                for path in ["/info", "/layers", "/tiles/heat/12/2030/1310.png"] {
                    assert_eq!(get(&address, path), "HTTP/1.1 200 OK", "{path}");
                    asked += 1;
                }
            }
            asked
        };
        let clients: Vec<_> = (0..3).map(|_| scope.spawn(client)).collect();
        crate::support::crimes(workspace.path(), 2_500);
        workspace.ok(&["import"]);
        let after = (0..200).find_map(|_| {
            std::thread::sleep(Duration::from_millis(100));
            Some(dataset(&address)).filter(|(version, _)| *version != before)
        });
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        let asked: u32 = clients.into_iter().map(|client| client.join().unwrap()).sum();
        (asked, after)
    });

    let (_, n_after) = after.expect("the new data are served within 20 s");
    assert!(asked > 10, "{asked}");
    assert_eq!((n_before, n_after), (3_000, 2_500));
}

#[cfg(unix)]
#[test]
fn hup_loads_the_data_anew() {
    let workspace = workspace();
    let (running, address, lines) = start_with(workspace.path(), &["--log", "json"]);
    assert_eq!(get(&address, "/healthz"), "HTTP/1.1 200 OK");

    let told = Command::new("kill").args(["-HUP", &running.0.id().to_string()]).status().unwrap();

    assert!(told.success());
    let said = (0..50).find_map(|_| {
        lines.recv_timeout(Duration::from_secs(1)).ok().filter(|l| l.contains("new data"))
    });
    assert!(said.is_some());
    assert_eq!(get(&address, "/healthz"), "HTTP/1.1 200 OK");
}

#[cfg(unix)]
#[test]
fn told_to_stop_under_load_it_loses_no_reply_under_way() {
    let workspace = workspace();
    let (mut running, address, lines) = start_with(workspace.path(), &["--admin", "127.0.0.1:0"]);
    let said = lines.recv_timeout(Duration::from_secs(10)).unwrap();
    let admin = said.trim_start_matches("metrics are at http://").trim_end_matches("/metrics");
    // Each has sent its request; the analysis of the first keeps all of them waiting.
    let mut sockets: Vec<TcpStream> = (0..8)
        .map(|i| {
            let mut socket = TcpStream::connect(&address).unwrap();
            socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
            let path = format!("/layers/cells.geojson?type=burglary&window=2024-0{}", i + 1);
            write!(socket, "GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n").unwrap();
            socket
        })
        .collect();
    let accepted = (0..200).any(|_| {
        std::thread::sleep(Duration::from_millis(10));
        body(admin, "/metrics").contains("wardheat_connections 8")
    });
    assert!(accepted);

    Command::new("kill").arg(running.0.id().to_string()).status().unwrap();

    for socket in &mut sockets {
        let mut reply = Vec::new();
        socket.read_to_end(&mut reply).unwrap();
        let text = String::from_utf8_lossy(&reply);
        assert!(text.starts_with("HTTP/1.1 200 OK"), "{}", &text[..text.len().min(200)]);
        let (head, rest) = reply.split_at(text.find("\r\n\r\n").unwrap() + 4);
        let head = String::from_utf8_lossy(head).to_lowercase();
        let length = head.split("content-length: ").nth(1).unwrap().split("\r\n").next().unwrap();
        assert_eq!(rest.len(), length.parse::<usize>().unwrap(), "the reply is whole");
    }
    let ended = (0..200).find_map(|_| {
        std::thread::sleep(Duration::from_millis(50));
        running.0.try_wait().unwrap()
    });
    assert!(ended.expect("it ends once they are answered").success());
    assert!(TcpStream::connect(&address).is_err());
}

#[test]
fn a_head_that_drips_is_cut_off_and_others_are_answered_meanwhile() {
    let workspace = workspace();
    let (_running, address, _) = start_with(workspace.path(), &[]);
    let start = Instant::now();
    let mut slow: Vec<TcpStream> = (0..50).map(|_| TcpStream::connect(&address).unwrap()).collect();
    for socket in &mut slow {
        socket.write_all(b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ").unwrap();
    }

    assert_eq!(get(&address, "/healthz"), "HTTP/1.1 200 OK");

    slow[0].set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let mut reply = Vec::new();
    let _ = slow[0].read_to_end(&mut reply);
    let text = String::from_utf8_lossy(&reply);
    assert!(text.is_empty() || text.starts_with("HTTP/1.1 408"), "{text}");
    assert!((8..20).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
}

#[test]
fn what_is_no_http_or_has_a_head_too_large_is_refused_and_the_server_lives() {
    let workspace = workspace();
    let (_running, address, _) = start_with(workspace.path(), &[]);
    let long = format!(
        "GET /layers?type={} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "x".repeat(9_000)
    );
    assert!(exchange(&address, &long).starts_with("HTTP/1.1 414"));
    for wrong in [
        "nonsense\r\n\r\n".to_owned(),
        format!("GET / HTTP/1.1\r\nX: {}\r\n\r\n", "x".repeat(200_000)),
    ] {
        let reply = TcpStream::connect(&address).map(|mut socket| {
            let _ = socket.write_all(wrong.as_bytes());
            let mut reply = Vec::new();
            let _ = socket.read_to_end(&mut reply);
            String::from_utf8_lossy(&reply).into_owned()
        });
        assert!(reply.is_ok_and(|text| text.is_empty() || text.starts_with("HTTP/1.1 4")));
    }
    assert_eq!(get(&address, "/healthz"), "HTTP/1.1 200 OK");
}
