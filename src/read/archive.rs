//! Zip archives: which of their members are data, and which are left alone.
//!
//! The archive of data.police.uk holds three kinds of file for each force and month; only street
//! files are incidents. Names of members are never used as paths.

use std::fs::File;
use std::io::{BufReader, Read as _};
use std::path::{Path, PathBuf};

use super::english::{fault, hint, unread};
use super::{ReadError, zipped};

/// Endings of members that can be read.
const READ: [&str; 11] = [
    ".csv", ".tsv", ".txt", ".csv.gz", ".xlsx", ".ods", ".geojson", ".json", ".shp", ".fgb",
    ".parquet",
];

/// What an archive holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Archive {
    /// Members to read, each as the archive's path and after a `#` its own name, in order of name.
    pub files: Vec<PathBuf>,
    /// What was left alone, in words; empty where nothing was.
    pub left_alone: Vec<String>,
}

/// The members of the zip archive at `path`; `None` if the file is no archive (a workbook is none,
/// though it is a zip file too).
///
/// # Errors
///
/// [`ReadError`] if the archive is damaged, has a password, or holds nothing that can be read.
pub fn archive(path: &Path) -> Result<Option<Archive>, ReadError> {
    let Some(names) = members(path)? else { return Ok(None) };
    let file = || path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let ends = |name: &str, ending: &str| name.to_ascii_lowercase().ends_with(ending);
    let is_street = |name: &&String| ends(name, "-street.csv") || ends(name, "-street.csv.gz");
    let mut chosen: Vec<&String> = names.iter().filter(is_street).collect();
    let mut left_alone = Vec::new();
    if chosen.is_empty() {
        chosen = names.iter().filter(|name| READ.iter().any(|e| ends(name, e))).collect();
        // The table beside a shapefile is part of it.
        if chosen.iter().any(|name| ends(name, ".shp")) {
            chosen.retain(|name| ends(name, ".shp"));
        }
    } else {
        for (ending, what) in
            [("-outcomes.csv", "outcomes"), ("-stop-and-search.csv", "stop-and-search")]
        {
            let n = names.iter().filter(|name| ends(name, ending)).count();
            if n > 0 {
                left_alone.push(fault::left_alone(n, what, &file()));
            }
        }
    }
    if chosen.is_empty() {
        let nested = names.iter().any(|name| ends(name, ".zip"));
        return Err(ReadError::Refused {
            file: file(),
            what: unread::ZIP_WITHOUT_FILES.to_owned(),
            hint: if nested { hint::UNPACK_NESTED } else { hint::FORMATS_READ },
        });
    }
    chosen.sort();
    let member = |name: &&String| -> PathBuf {
        let mut whole = path.as_os_str().to_owned();
        whole.push("#");
        whole.push(name.as_str());
        whole.into()
    };
    Ok(Some(Archive { files: chosen.iter().map(member).collect(), left_alone }))
}

/// Names of the members that are files; `None` if this is no archive.
fn members(path: &Path) -> Result<Option<Vec<String>>, ReadError> {
    if !path.is_file() {
        return Ok(None);
    }
    let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let io = |source| ReadError::Io { file: file.clone(), source };
    let mut start = [0; 4];
    let open = File::open(path).map_err(io)?;
    if (&open).read_exact(&mut start).is_err() || start != *b"PK\x03\x04" {
        return Ok(None);
    }
    let broken = |error: zip::result::ZipError| ReadError::Broken {
        file: file.clone(),
        line: None,
        message: fault::zip_damaged(error),
    };
    let open = File::open(path).map_err(io)?;
    let length = open.metadata().map_err(io)?.len();
    let mut archive = zipped::open(BufReader::new(open)).map_err(broken)?;
    let mut names = Vec::with_capacity(archive.len());
    let mut packed = 0_u64;
    for i in 0..archive.len() {
        let member = archive.by_index_raw(i).map_err(broken)?;
        let name = member.name().map_err(broken)?.into_owned();
        if name == "xl/workbook.xml" || name == "mimetype" || name == "[Content_Types].xml" {
            return Ok(None);
        }
        let hidden = name.starts_with("__MACOSX/")
            || name.rsplit('/').next().is_some_and(|n| n.starts_with('.'));
        if member.encrypted() {
            return Err(ReadError::Refused {
                file,
                what: unread::ZIP_WITH_PASSWORD.to_owned(),
                hint: hint::UNPACK_WITH_PASSWORD,
            });
        }
        // Members that share their bytes are how a small archive unpacks without end.
        packed = packed.saturating_add(member.compressed_size());
        if packed > length {
            return Err(ReadError::Broken {
                file,
                line: None,
                message: fault::MEMBERS_OVERLAP.to_owned(),
            });
        }
        if member.is_file() && !hidden {
            names.push(name);
        }
    }
    Ok(Some(names))
}

/// Name of the member of an archive that is called `name`, in capitals or not.
pub(super) fn member_like(path: &Path, name: &str) -> Option<String> {
    let archive = zipped::open(BufReader::new(File::open(path).ok()?)).ok()?;
    let mut names = (0..archive.len()).filter_map(|i| archive.name_for_index(i)?.ok());
    names.find(|there| there.eq_ignore_ascii_case(name)).map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::super::LoadedFile;
    use super::*;

    fn zipped(members: &[(&str, &str)]) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("archive.zip");
        let mut writer = zip::ZipWriter::new(File::create(&path).unwrap());
        for (name, text) in members {
            writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            writer.write_all(text.as_bytes()).unwrap();
        }
        writer.finish().unwrap();
        (folder, path)
    }

    #[test]
    fn of_a_police_archive_only_street_files_are_read_and_that_is_said() {
        let (_folder, path) = zipped(&[
            ("2025-02/2025-02-cleveland-street.csv", "Crime ID,Month\n1,2025-02\n"),
            ("2025-01/2025-01-cleveland-street.csv", "Crime ID,Month\n1,2025-01\n"),
            ("2025-01/2025-01-cleveland-outcomes.csv", "x\n"),
            ("2025-01/2025-01-cleveland-stop-and-search.csv", "x\n"),
        ]);

        let found = archive(&path).unwrap().unwrap();

        assert_eq!(found.files.len(), 2);
        let file = LoadedFile::open(&found.files[0]).unwrap();
        assert_eq!(file.name, "archive.zip/2025-01/2025-01-cleveland-street.csv");
        assert_eq!(file.bytes().unwrap().as_ref(), b"Crime ID,Month\n1,2025-01\n");
        assert_eq!(
            found.left_alone,
            [
                "1 outcomes files of archive.zip were left alone",
                "1 stop-and-search files of archive.zip were left alone"
            ]
        );
    }

    #[test]
    fn an_archive_of_one_file_is_that_file() {
        let (_folder, path) = zipped(&[("a/wards.csv", "code,n\nA,1\n"), ("readme.pdf", "%PDF")]);

        let file = LoadedFile::open(&path).unwrap();

        assert_eq!(file.bytes().unwrap().as_ref(), b"code,n\nA,1\n");
    }

    #[test]
    fn an_archive_of_several_files_lists_them_where_one_is_wanted() {
        let (_folder, path) = zipped(&[("a.csv", "x\n1\n"), ("b.csv", "x\n2\n")]);

        let refused = LoadedFile::open(&path).unwrap_err();

        assert!(refused.to_string().contains("several files (a.csv, b.csv)"), "{refused}");
    }

    #[test]
    fn an_archive_without_data_and_one_in_another_are_refused() {
        let (_folder, path) = zipped(&[("inner.zip", "PK")]);

        let refused = archive(&path).unwrap_err();

        assert!(refused.hint().unwrap().contains("zip file in a zip file"));
    }

    #[test]
    fn a_cut_short_archive_is_refused_by_name() {
        let (folder, path) = zipped(&[("a.csv", "x\n1\n")]);
        let whole = std::fs::read(&path).unwrap();
        let cut = folder.path().join("cut.zip");
        std::fs::write(&cut, &whole[..whole.len() / 2]).unwrap();

        assert!(archive(&cut).unwrap_err().to_string().starts_with("cut.zip"));
    }

    #[test]
    fn what_is_no_zip_file_is_no_archive() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        std::fs::write(&path, "x\n1\n").unwrap();

        assert_eq!(archive(&path).unwrap(), None);
    }
}
