//! English stands in one place in each room: a file or folder called `english`, and nowhere else.

use std::fs;
use std::path::{Path, PathBuf};

/// Words that are no English: names of formats and of this program, which every language keeps.
const NAMES: &[&str] = &[
    "CSV",
    "XLSX",
    "GeoPackage",
    "GeoJSON",
    "wardheat",
    " - wardheat",
    "wardheat ",
    "wardheat import",
    "make web",
    // Encodings.
    "UTF-8 with BOM",
    "Windows-1252",
    "UTF-16 LE",
    "UTF-16 BE",
    // Letters that a wrong encoding makes.
    "Â£",
    "Ã©",
    // A scheme and a time zone as their registries have them.
    "Europe/London",
    "Google Maps Compatible for the World",
    "cargo build --release",
    "POST /analyses",
    // Cells, as those who fill them in write them.
    "no flag",
    "not applicable",
    // Words of the lists and diaries that are read.
    "not known",
    "all day",
    "community safety",
    "partnership meeting",
    "face the people",
    // Sources, as the store keeps them.
    "community priorities",
    "harm weights",
];

/// What holds the English of a room; another language is another such file or folder beside it.
const ENGLISH: [&str; 2] = ["english/", "english.rs"];

/// Parts of the crate whose readers' words all stand in their `english`, and what of each is kept
/// apart: examples, tests, words that are read, SQL, the ranges of an error, and of a statistic the
/// file that makes it selectable, which is the one place of its own words. A star stands for the files
/// of a folder, but not for its `mod.rs`.
const PARTS: &[(&str, &[&str])] = &[
    ("server/html", &["sample.rs", "pages_tests.rs"]),
    ("server/error.rs", &[]),
    ("server/answer.rs", &[]),
    ("server/metrics.rs", &[]),
    ("server/heat.rs", &[]),
    ("server/ogc", &[]),
    ("server/query.rs", &[]),
    ("server/routes", &[]),
    ("server/tilesets", &[]),
    ("time", &[]),
    ("time.rs", &[]),
    ("clean", &["tests/"]),
    ("layer", &[]),
    ("render", &[]),
    ("report", &[]),
    ("incident", &[]),
    ("meeting", &["recurrence.rs"]),
    ("plan", &[]),
    ("aggregate", &[]),
    ("units", &[]),
    ("export", &["archive.rs", "geoparquet.rs", "package.rs"]),
    ("cli", &[]),
    ("crs", &[]),
    ("weights", &["file.rs"]),
    // Ranges of errors.
    ("workspace", &["planning.rs", "serving.rs"]),
    ("workspace.rs", &[]),
    ("audience.rs", &[]),
    ("store/error.rs", &[]),
    ("store/inventory.rs", &[]),
    (
        "stats",
        &[
            // A statistic each.
            "selectable.rs",
            "faces/*",
            "association/faces/*",
            "cluster/faces/*",
            "density/faces/*",
            "pattern/faces/*",
            "rates/*",
            // Ends of errors.
            "cluster/dbscan.rs",
            "cluster/hierarchy.rs",
            "scan/mod.rs",
            "space_time/mantel.rs",
            "statistic.rs",
        ],
    ),
    (
        "read",
        &[
            // Words that are read.
            "pii.rs",
            "venues.rs",
            // How single bytes of a file are wrong, beside what a library says of them; SQL.
            "format/dbf.rs",
            "format/geoarrow.rs",
            "format/geojson.rs",
            "format/geopackage.rs",
            "format/geopackage_view.rs",
            "format/geoparquet.rs",
            "format/parquet_promises.rs",
            "format/unseen.rs",
            "format/wkb.rs",
            "zipped.rs",
        ],
    ),
    ("pipeline", &["request.rs"]),
];

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Code without comments, attributes and tests.
fn code(text: &str) -> String {
    let own = text.split("#[cfg(test)]").next().unwrap_or_default();
    let mut kept = String::new();
    let mut in_attribute = false;
    for line in own.lines() {
        let start = line.trim_start();
        in_attribute |= start.starts_with("#[") || start.starts_with("#![");
        if !in_attribute && !start.starts_with("//") {
            kept.push_str(line);
            kept.push('\n');
        }
        in_attribute &= !line.trim_end().ends_with(']');
    }
    kept
}

/// Letters looked at before a string.
const BEFORE: usize = 80;

/// Every string of `code` with what stands before it on its line.
fn strings(code: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let letters: Vec<char> = code.chars().collect();
    let mut i = 0;
    while i < letters.len() {
        // A quotation mark as a character is no string.
        if letters[i] == '"' && letters.get(i.wrapping_sub(1)) != Some(&'\'') {
            let start = i + 1;
            i = start;
            while i < letters.len() && letters[i] != '"' {
                i += if letters[i] == '\\' { 2 } else { 1 };
            }
            let before = &letters[..start - 1];
            let gap = before.iter().rev().take_while(|c| c.is_whitespace()).count();
            let before = before[before.len().saturating_sub(gap + BEFORE)..].iter().collect();
            found.push((before, letters[start..i.min(letters.len())].iter().collect()));
        }
        i += 1;
    }
    found
}

/// Whether a string is read by people: a capital word, or two words, that stands as text or is the
/// name of something for those who do not see it.
fn is_english(before: &str, text: &str) -> bool {
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphabetic()).filter(|word| word.len() > 1).collect();
    let capital = text.trim().chars().next().is_some_and(char::is_uppercase)
        && words.first().is_some_and(|word| word.chars().skip(1).all(char::is_lowercase));
    let several = text.contains(' ') && words.len() > 1;
    // Attributes stand close to their sign, constants do not.
    let before = if before.ends_with("= ") { before } else { before.trim_end() };
    let named = ["aria-label=", "title=", "alt=", "placeholder="];
    let attribute = before.ends_with('=') && !named.iter().any(|name| before.ends_with(name));
    let machine = text.contains(['=', '<', '&']) || text.contains("--") || text.contains("__");
    // An error names what the user wrote, and is written where it is raised.
    let machine = machine || text.contains('`');
    (capital || several) && !attribute && !machine && !NAMES.contains(&text)
}

/// What stands before a string that is no reader's word: a panic, an error, which is written where it
/// is raised, a typeface, a class as data name it, or something compared.
const FOR_CODE: &[&str] = &[
    "expect(",
    "env!(",
    "include_str!(",
    "wrong(",
    "FONT: &str =",
    "POLICY: &str =",
    "STYLE: &str =",
    "class(",
    "==",
    "from_static(",
    "type:",
    "\"type\":",
    "message = format!(",
    "what = format!(",
    "key = format!(",
    "&asked, format!(",
    "&started, format!(",
    "anyhow!(",
    "bail!(",
    "context(",
    "context(format!(",
    "context(|| format!(",
    "doing = || format!(",
    "reading = || format!(",
    "writing = || format!(",
    "io::Error::other(format!(",
    "digest(b",
    "InvalidData,",
    "serialize_struct(",
    "unreachable!(",
];

/// Of an error, its hint or a line of the log, every string.
const RAISED: &[&str] = &[
    "ApiError::",
    "Hint(",
    "broken(",
    "damaged(",
    "too_large(",
    "tracing::",
    "assert!(",
    "assert_eq!(",
];

fn class_near(before: &str) -> bool {
    let near: Vec<char> = before.chars().rev().take(24).collect();
    near.iter().rev().collect::<String>().contains("class")
}

/// Strings that are read by code alone, however they look: drawings, classes, and what stands in the
/// log or in a panic.
fn is_for_code(before: &str, text: &str) -> bool {
    let drawn = |c: char| c.is_ascii_digit() || "MLHVCZQmlhvczq .-,:".contains(c);
    // What stands in braces is a figure.
    let mut depth = 0;
    let outside = text.chars().filter(|&c| {
        depth += i32::from(c == '{');
        let inside = depth > 0;
        depth -= i32::from(c == '}');
        !inside
    });
    outside.collect::<Vec<_>>().into_iter().all(drawn)
        || FOR_CODE.iter().any(|call| before.trim_end().ends_with(call))
        || class_near(before) && before.trim_end().ends_with('{')
        || RAISED
            .iter()
            .any(|of| before.rfind(of).is_some_and(|at| !before[at..].contains([';', '}'])))
}

fn english(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).unwrap();
    strings(&code(&text))
        .into_iter()
        .filter(|(before, text)| is_english(before, text) && !is_for_code(before, text))
        .map(|(_, text)| text)
        .collect()
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// Whether a file is `of`: itself, in that folder, or any of its files but `mod.rs` by a star.
fn is_of(name: &str, of: &str) -> bool {
    name.starts_with(of.trim_end_matches('*')) && !(of.ends_with('*') && name.ends_with("mod.rs"))
}

#[test]
fn no_part_holds_english_outside_its_own_place() {
    for (part, kept_apart) in PARTS {
        let root = src().join(part);
        let mut all = Vec::new();
        if root.is_dir() {
            files(&root, &mut all);
        } else {
            all.push(root.clone());
        }
        let name =
            |path: &PathBuf| path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
        let is_apart = |path: &PathBuf| {
            let name = name(path);
            let tests = name.ends_with("tests.rs") || name.ends_with("testing.rs");
            tests || ENGLISH.iter().chain(*kept_apart).any(|of| is_of(&name, of))
        };
        all.retain(|path| !is_apart(path));
        assert!(!all.is_empty(), "{part}");
        for path in &all {
            let found = english(path);
            assert!(found.is_empty(), "{part}: {} says {found:?}", name(path));
        }
    }
}

#[test]
fn what_is_read_is_told_from_what_is_not() {
    let found = |code: &str| -> Vec<String> {
        let of = |(before, text): &(String, String)| {
            is_english(before, text) && !is_for_code(before, text)
        };
        strings(code).into_iter().filter(of).map(|(_, text)| text).collect()
    };

    assert_eq!(found(r#"h1 { "Log in" } p { " or see all " }"#), ["Log in", " or see all "]);
    assert_eq!(found(r#"a aria-label="Find a place" class="btn btn--main" {}"#), ["Find a place"]);
    assert_eq!(
        found(r#"path d="M1 2" {} rect x="Axis" {} code { "wardheat" } x.expect("It cannot be")"#),
        [""; 0]
    );
    assert_eq!(found(r#"(button("in", "Closer"))"#), ["Closer"]);
}
