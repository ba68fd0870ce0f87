//! `wardheat serve` as a program: it says where it is, stops when told, and refuses with a hint.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::Workspace;
use crate::town::dataset;

/// A workspace that holds the town.
/// The least that describes a workspace.
const DESCRIBED: &str = "name = \"Town\"\n[[areas]]\nkind = \"ward\"\nfile = \"wards.geojson\"\ncode = \"code\"\nname = \"name\"\n";

fn workspace() -> Workspace {
    let workspace = Workspace::new();
    std::fs::write(workspace.path().join("wardheat.toml"), DESCRIBED).unwrap();
    wardheat::store::write(&workspace.path().join("store"), &dataset()).unwrap();
    workspace
}

/// The program, killed if the test ends before it does.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
    }
}

/// Starts the server on any free port; gives it and its address.
fn start(folder: &Path) -> (Running, String) {
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
    let mut socket = TcpStream::connect(address).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    write!(socket, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut reply = Vec::new();
    socket.read_to_end(&mut reply).unwrap();
    String::from_utf8_lossy(&reply).lines().next().unwrap_or_default().to_owned()
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

    assert!(said.contains("no log-in yet"), "{said}");
    assert!(said.contains("hint: leave --host out"), "{said}");
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
