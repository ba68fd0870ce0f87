//! English stands in one place: no page holds words of its own.

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
    "cargo build --release",
];

fn pages() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/server/html")
}

/// Code of a page without comments and without its tests.
fn code(text: &str) -> String {
    let own = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = own.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

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
            let before: String = letters[..start - 1].iter().rev().take(24).collect();
            let before = before.chars().rev().collect();
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
    let before = before.trim_end();
    let named = ["aria-label=", "title=", "alt=", "placeholder="];
    let attribute = before.ends_with('=') && !named.iter().any(|name| before.ends_with(name));
    let machine = text.contains(['=', '<', '&']) || text.contains("--") || text.contains("__");
    (capital || several) && !attribute && !machine && !NAMES.contains(&text)
}

/// Strings that are read by code alone, however they look: drawings, classes, and what stands in the
/// log or in a panic.
fn is_for_code(before: &str, text: &str) -> bool {
    let drawn = |c: char| c.is_ascii_digit() || "MLHVCZQmlhvczq .-,".contains(c);
    // What stands in braces is a figure.
    let mut depth = 0;
    let outside = text.chars().filter(|&c| {
        depth += i32::from(c == '{');
        let inside = depth > 0;
        depth -= i32::from(c == '}');
        !inside
    });
    outside.collect::<Vec<_>>().into_iter().all(drawn)
        || ["expect(", "reason = ", "env!(", "include_str!("]
            .iter()
            .any(|call| before.trim_end().ends_with(call.trim_end()))
        || before.contains("class") && before.trim_end().ends_with('{')
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

#[test]
fn no_page_holds_english_of_its_own() {
    let mut all = Vec::new();
    files(&pages(), &mut all);
    let name =
        |path: &PathBuf| path.strip_prefix(pages()).unwrap().to_string_lossy().replace('\\', "/");
    let kept_apart = ["english/", "sample.rs", "pages_tests.rs"];
    all.retain(|path| !kept_apart.iter().any(|start| name(path).starts_with(start)));
    assert!(all.len() > 30, "{}", all.len());
    for path in &all {
        let found = english(path);
        assert!(found.is_empty(), "{} says {found:?}", name(path));
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
