//! The import table of `src/lib.rs`, held as data: imports go down, never up.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Room, rank, and rooms of its own rank that it may also use.
const ROOMS: &[(&str, u8, &[&str])] = &[
    ("quantity", 0, &[]),
    ("time", 0, &[]),
    ("crs", 0, &["quantity"]),
    ("geometry", 0, &["crs", "quantity"]),
    ("hint", 0, &[]),
    ("columnar", 0, &[]),
    ("table", 0, &[]),
    ("audience", 0, &["quantity", "time"]),
    ("provenance", 0, &["audience"]),
    ("incident", 1, &[]),
    ("index", 1, &[]),
    ("units", 1, &["index"]),
    ("weights", 1, &["index", "units"]),
    ("context", 1, &["incident"]),
    ("meeting", 1, &[]),
    ("workspace", 2, &[]),
    ("read", 2, &["workspace"]),
    ("clean", 2, &["workspace", "read"]),
    ("store", 2, &[]),
    ("aggregate", 3, &[]),
    ("stats", 4, &[]),
    ("layer", 5, &[]),
    ("plan", 5, &[]),
    ("render", 6, &[]),
    ("export", 6, &[]),
    ("report", 6, &[]),
    ("pipeline", 7, &[]),
    ("demo", 7, &[]),
    ("server", 8, &[]),
    ("cli", 8, &["server"]),
    ("main", 9, &[]),
];

/// Rooms above rank 2 that must not see files: they get plain values.
const BLIND_TO_FILES: &[&str] = &["aggregate", "stats", "layer", "plan"];

fn rank(room: &str) -> Option<(u8, &'static [&'static str])> {
    ROOMS.iter().find(|(name, ..)| *name == room).map(|(_, rank, also)| (*rank, *also))
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

fn room_of(path: &Path, src: &Path) -> String {
    let first = path.strip_prefix(src).unwrap().components().next().unwrap();
    first.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned()
}

/// Rooms named after `crate::` (or `wardheat::`) in the code of a file, comments left out.
fn rooms_used(text: &str) -> BTreeSet<String> {
    let code: String = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or(""))
        .collect::<Vec<_>>()
        .join("\n");
    let mut used = BTreeSet::new();
    for start in ["crate::", "wardheat::"] {
        for (at, _) in code.match_indices(start) {
            let rest = &code[at + start.len()..];
            if let Some(inner) = rest.strip_prefix('{') {
                let mut depth = 1;
                let mut name = String::new();
                for c in inner.chars() {
                    match c {
                        '{' => depth += 1,
                        '}' => depth -= 1,
                        ',' if depth == 1 => {
                            used.insert(std::mem::take(&mut name));
                        }
                        c if depth == 1 && !c.is_whitespace() => name.push(c),
                        _ => {}
                    }
                    if depth == 0 {
                        break;
                    }
                }
                used.insert(name);
            } else {
                used.insert(
                    rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect(),
                );
            }
        }
    }
    used.into_iter().map(|name| name.split("::").next().unwrap_or("").to_owned()).collect()
}

#[test]
fn imports_go_to_a_lower_rank_only() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    let mut wrong = Vec::new();

    for file in &files {
        let room = room_of(file, &src);
        if room == "lib" {
            continue;
        }
        let (own, also) =
            rank(&room).unwrap_or_else(|| panic!("`{room}` has no rank in {}", file!()));
        for used in rooms_used(&fs::read_to_string(file).unwrap()) {
            let Some((theirs, _)) = rank(&used) else { continue };
            if used != room && theirs >= own && !also.contains(&used.as_str()) {
                wrong.push(format!(
                    "{}: {room} (rank {own}) uses {used} (rank {theirs})",
                    file.display()
                ));
            }
        }
    }

    assert!(files.len() > 20, "only {} files found", files.len());
    assert!(wrong.is_empty(), "imports that go up:\n{}", wrong.join("\n"));
}

#[test]
fn the_middle_rooms_never_touch_files_or_sockets() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);

    for file in files.iter().filter(|f| BLIND_TO_FILES.contains(&room_of(f, &src).as_str())) {
        let text = fs::read_to_string(file).unwrap();
        for outside in ["std::fs", "std::net", "std::env", "std::process", "SystemTime::now"] {
            assert!(!text.contains(outside), "{} uses {outside}", file.display());
        }
    }
}

#[test]
fn the_import_reader_sees_every_form() {
    let text = "use crate::crs::Bng;\nuse crate::{stats, layer::{Layer, Findings}};\nlet x = crate::time::Month; // crate::server";

    let used = rooms_used(text);

    assert_eq!(used.into_iter().collect::<Vec<_>>(), ["crs", "layer", "stats", "time"]);
}
