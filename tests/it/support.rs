//! What integration tests share: the program, temporary workspaces, the shared data.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};

static SKIPPED: AtomicUsize = AtomicUsize::new(0);

/// The shared data beside the project; where it is absent, says so with a running count.
pub fn shared(what: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    if folder.is_dir() {
        return Some(folder.canonicalize().unwrap());
    }
    let skipped = SKIPPED.fetch_add(1, Ordering::Relaxed) + 1;
    println!("skipped, {skipped} so far: {what} (no ../shared)");
    None
}

/// Runs the built program in `folder`.
pub fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_wardheat"))
        .current_dir(folder)
        .args(arguments)
        .output()
        .expect("the program was built with the tests")
}

/// A temporary folder to work in, removed afterwards.
pub struct Workspace(tempfile::TempDir);

impl Workspace {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// What a command prints to stdout; fails the test if the command fails.
    pub fn ok(&self, arguments: &[&str]) -> String {
        let out = run(self.path(), arguments);
        let (stdout, stderr) =
            (String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
        assert!(out.status.success(), "wardheat {arguments:?} failed:\n{stdout}\n{stderr}");
        stdout.into_owned()
    }

    /// What a command prints to stderr; fails the test if the command succeeds.
    pub fn fails(&self, arguments: &[&str]) -> String {
        let out = run(self.path(), arguments);
        assert!(!out.status.success(), "wardheat {arguments:?} should have failed");
        String::from_utf8_lossy(&out.stderr).into_owned()
    }

    /// A file of the only findings in the workspace.
    pub fn findings(&self, name: &str) -> String {
        let files = self.files_under("findings");
        let found: Vec<_> = files.iter().filter(|(path, _)| path.ends_with(name)).collect();
        assert_eq!(found.len(), 1, "{:?}", files.keys());
        String::from_utf8(found[0].1.clone()).unwrap()
    }

    /// Every file below a folder of the workspace, by path.
    pub fn files_under(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        let top = self.path().join(folder);
        let mut files = BTreeMap::new();
        collect(&top, &top, &mut files);
        files
    }
}

fn collect(folder: &Path, top: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, top, files);
        } else {
            let name = path.strip_prefix(top).unwrap().display().to_string().replace('\\', "/");
            files.insert(name, std::fs::read(&path).unwrap());
        }
    }
}

/// A workspace of four wards with 3,000 crimes of six months, imported.
pub fn four_wards() -> Workspace {
    let workspace = Workspace::new();
    let mut features = Vec::new();
    for i in 0..4 {
        let (x, y) = (444_000 + (i % 2) * 2000, 520_000 + (i / 2) * 2000);
        features.push(format!(
            r#"{{"type":"Feature","properties":{{"WD24CD":"E0500000{i}","WD24NM":"Ward {i}"}},"geometry":{{"type":"Polygon","coordinates":[[[{x},{y}],[{0},{y}],[{0},{1}],[{x},{1}],[{x},{y}]]]}}}}"#,
            x + 2000,
            y + 2000
        ));
    }
    let wards = format!(
        r#"{{"type":"FeatureCollection","crs":{{"type":"name","properties":{{"name":"EPSG:27700"}}}},"features":[{}]}}"#,
        features.join(",")
    );
    fs::write(workspace.path().join("wards.geojson"), wards).unwrap();
    crimes(workspace.path(), 3000);
    workspace.ok(&["init", "--areas", "wards.geojson", "--incidents", "crimes.csv"]);
    workspace.ok(&["import"]);
    workspace
}

/// A workspace of the real Stockton data of 2025, described and not imported; `None` where `../shared`
/// is absent. `more` are further arguments of `init`; those that begin with `data/` are files there.
pub fn stockton(what: &str, more: &[&str]) -> Option<Workspace> {
    const ALWAYS: [&str; 7] = [
        "init",
        "--areas",
        "data/boundaries/stockton_wards_2024.geojson",
        "--population",
        "data/demographics/ward24_population_households_bestfit_DERIVED.csv",
        "--incidents",
        "data/police_stockton/2025-*.csv.gz",
    ];
    let shared = shared(what)?;
    let argument = |argument: &&str| {
        if argument.starts_with("data/") {
            shared.join(argument).display().to_string()
        } else {
            (*argument).to_owned()
        }
    };
    let arguments: Vec<String> = ALWAYS.iter().chain(more).map(argument).collect();
    let workspace = Workspace::new();
    workspace.ok(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    Some(workspace)
}

/// Writes the workspace's file of crimes anew, with `n` of them.
pub fn crimes(folder: &Path, n: usize) {
    let mut text = "Crime Ref,HO Class,Committed From,Easting,Northing,Ward\n".to_owned();
    for i in 0..n {
        let (month, day) = (1 + i % 6, 1 + i % 28);
        let (x, y) = (444_010 + (i * 37) % 3980, 520_010 + (i * 91) % 3980);
        let _ =
            writeln!(text, "R{i},{},{day:02}/{month:02}/2025 1{}:15,{x},{y},", 28 + i % 3, i % 10);
    }
    fs::write(folder.join("crimes.csv"), text).unwrap();
}

/// Adds a file to the source of a workspace, after one that it has.
pub fn add_file(folder: &Path, after: &str, name: &str) {
    let path = folder.join("wardheat.toml");
    let text = fs::read_to_string(&path).unwrap();
    let more = text.replace(&format!("\"{after}\""), &format!("\"{after}\", \"{name}\""));
    assert_ne!(text, more);
    fs::write(path, more).unwrap();
}
