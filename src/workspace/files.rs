//! Paths of a workspace: patterns expanded by us (no shell does it everywhere), kept with `/`.

use std::path::{Component, Path, PathBuf};

use thiserror::Error;

/// Why a pattern gives no files.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FilesError {
    /// Nothing there.
    #[error("no file matches `{0}`")]
    NoMatch(String),
    /// Not a pattern.
    #[error("`{pattern}` is not a file name or pattern: {message}")]
    Pattern {
        /// As given.
        pattern: String,
        /// What is wrong with it.
        message: String,
    },
}

/// The files meant by a path or pattern, sorted by name.
///
/// # Errors
///
/// [`FilesError`] if it is no pattern or matches nothing.
pub fn expand(pattern: &str) -> Result<Vec<PathBuf>, FilesError> {
    // A sheet, layer or member may be named after a `#`.
    let named = |(file, _): (&str, &str)| Path::new(file).is_file();
    if Path::new(pattern).is_file() || pattern.split_once('#').is_some_and(named) {
        return Ok(vec![PathBuf::from(pattern)]);
    }
    let wrong = |message: String| FilesError::Pattern { pattern: pattern.to_owned(), message };
    let found = glob::glob(pattern).map_err(|error| wrong(error.to_string()))?;
    let mut files: Vec<PathBuf> = found.filter_map(Result::ok).filter(|p| p.is_file()).collect();
    files.sort();
    if files.is_empty() { Err(FilesError::NoMatch(pattern.to_owned())) } else { Ok(files) }
}

/// `path` as seen from the folder `from`, with `/` between parts. Patterns may be given too. A path
/// on another drive stays whole.
pub fn relative(path: &str, from: &Path) -> String {
    let absolute = |p: &Path| std::path::absolute(p).unwrap_or_else(|_| p.to_owned());
    let (folder, name) = split_fixed(path);
    let folder = folder.canonicalize().unwrap_or_else(|_| absolute(&folder));
    let from = from.canonicalize().unwrap_or_else(|_| absolute(from));
    let path: Vec<Component<'_>> = folder.components().collect();
    let base: Vec<Component<'_>> = from.components().collect();
    let shared = path.iter().zip(&base).take_while(|(a, b)| a == b).count();
    let mut parts: Vec<String> = Vec::new();
    if shared == 0 {
        parts.push(folder.to_string_lossy().replace('\\', "/"));
    } else {
        parts.extend(base[shared..].iter().map(|_| "..".to_owned()));
        let rest = path[shared..].iter();
        parts.extend(rest.map(|part| part.as_os_str().to_string_lossy().into_owned()));
    }
    parts.push(name);
    parts.join("/")
}

/// The leading folders without a pattern in them, and the rest.
fn split_fixed(path: &str) -> (PathBuf, String) {
    let path = if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() };
    let is_pattern = |part: &str| part.contains(['*', '?', '[']);
    let parts: Vec<&str> = path.split('/').collect();
    let fixed = parts[..parts.len() - 1].iter().take_while(|part| !is_pattern(part)).count();
    let folder = match (&parts[..fixed], path.starts_with('/')) {
        ([] | [""], true) => "/".to_owned(),
        ([], false) => ".".to_owned(),
        (folders, _) => folders.join("/"),
    };
    (PathBuf::from(folder), parts[fixed..].join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_a_pattern_come_sorted() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.csv", "a.csv", "c.txt"] {
            std::fs::write(folder.path().join(name), "x").unwrap();
        }

        let found = expand(folder.path().join("*.csv").to_str().unwrap()).unwrap();

        let names: Vec<_> =
            found.iter().map(|p| p.file_name().unwrap().to_str().unwrap()).collect();
        assert_eq!(names, ["a.csv", "b.csv"]);
        assert!(expand(folder.path().join("*.json").to_str().unwrap()).is_err());
    }

    #[test]
    fn paths_are_kept_as_seen_from_the_workspace() {
        let folder = tempfile::tempdir().unwrap();
        let (data, work) = (folder.path().join("data"), folder.path().join("work"));
        std::fs::create_dir_all(&data).unwrap();
        std::fs::create_dir_all(&work).unwrap();

        let pattern = data.join("2025-*.csv");

        assert_eq!(relative(pattern.to_str().unwrap(), &work), "../data/2025-*.csv");
        assert_eq!(relative(work.join("a.csv").to_str().unwrap(), &work), "a.csv");
    }
}
