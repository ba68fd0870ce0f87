//! Crates we stand on: licences that may be passed on, and no crate twice without a reason.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// Licences under which a crate may be linked into a program that is passed on.
const ALLOWED: [&str; 15] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    // File by file: its own source is published, and nothing of ours is bound by it.
    "MPL-2.0",
    "OFL-1.1",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Whether one choice that a licence expression leaves open is allowed as a whole.
fn is_allowed(expression: &str) -> bool {
    let plain = expression.replace(['(', ')'], " ").replace('/', " OR ");
    plain
        .split(" OR ")
        .any(|choice| choice.split(" AND ").all(|licence| ALLOWED.contains(&licence.trim())))
}

fn metadata() -> serde_json::Value {
    let out = Command::new(env!("CARGO"))
        // Crates of other systems may still have to be fetched.
        .args(["metadata", "--format-version", "1", "--locked"])
        .args(["--manifest-path", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")])
        .output()
        .unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    serde_json::from_slice(&out.stdout).unwrap()
}

#[test]
fn every_crate_may_be_passed_on() {
    let metadata = metadata();
    let mut wrong = BTreeSet::new();
    for package in metadata["packages"].as_array().unwrap() {
        let licence = package["license"].as_str().unwrap_or("none stated");
        if !is_allowed(licence) {
            wrong.insert(format!("{} {}: {licence}", package["name"], package["version"]));
        }
    }

    assert!(metadata["packages"].as_array().unwrap().len() > 100);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_licence_is_allowed_by_one_choice_that_is_allowed_whole() {
    assert!(is_allowed("MIT OR GPL-3.0") && is_allowed("(MIT OR Apache-2.0) AND Unicode-3.0"));
    assert!(is_allowed("MIT/Apache-2.0"));
    assert!(!is_allowed("GPL-3.0-only") && !is_allowed("MIT AND GPL-3.0") && !is_allowed(""));
}

/// Our own direct dependencies come once each: two versions of one would be two kinds of its types.
#[test]
fn no_crate_that_we_name_is_there_twice() {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().unwrap();
    let ours = packages.iter().find(|package| package["name"] == "wardheat").unwrap();
    let named: BTreeSet<&str> = ours["dependencies"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|dependency| dependency["kind"].is_null())
        .map(|dependency| dependency["name"].as_str().unwrap())
        .collect();
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for package in packages {
        let name = package["name"].as_str().unwrap();
        versions.entry(name).or_default().insert(package["version"].as_str().unwrap());
    }
    let twice: Vec<_> =
        versions.iter().filter(|(name, held)| named.contains(*name) && held.len() > 1).collect();

    println!("{} crates, {} of ours", versions.len(), named.len());
    // `geo-types` offers every rstar there was; `wkt` is still on thiserror 1; `geo` and the readers of
    // Parquet are each on a hashbrown of their own, and those on a foldhash.
    let known = ["foldhash", "hashbrown", "rstar", "thiserror"];
    let unknown: Vec<_> = twice.iter().filter(|(name, _)| !known.contains(name)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}
