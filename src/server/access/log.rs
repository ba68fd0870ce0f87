//! The access log: who saw which records, when. One JSON object a line, a file a month.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use serde::Serialize;

use crate::audience::Audience;

/// Folder of the log in the workspace.
pub(crate) const FOLDER: &str = "access";

/// One answer that was given.
#[derive(Debug, Serialize)]
pub(crate) struct Seen<'a> {
    pub(crate) time: Timestamp,
    pub(crate) request_id: &'a str,
    pub(crate) who: &'a str,
    pub(crate) audience: Audience,
    pub(crate) client: IpAddr,
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) query: Option<&'a str>,
    pub(crate) status: u16,
    pub(crate) dataset: &'a str,
}

/// The log of one workspace.
#[derive(Debug)]
pub(crate) struct AccessLog {
    folder: PathBuf,
    /// The file of the month written last.
    open: Mutex<Option<(String, File)>>,
}

impl AccessLog {
    pub(crate) fn of(workspace: &Path) -> Self {
        Self { folder: workspace.join(FOLDER), open: Mutex::default() }
    }

    /// Adds a line.
    ///
    /// # Errors
    ///
    /// If it cannot be written: what cannot be logged must not be shown.
    pub(crate) fn write(&self, seen: &Seen<'_>) -> std::io::Result<()> {
        let month = seen.time.strftime("%Y-%m").to_string();
        let mut line = serde_json::to_vec(seen)?;
        line.push(b'\n');
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.as_ref().is_none_or(|(held, _)| *held != month) {
            fs::create_dir_all(&self.folder)?;
            let path = self.folder.join(format!("{month}.jsonl"));
            let mut options = OpenOptions::new();
            options.append(true).create(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            *open = Some((month, options.open(path)?));
        }
        // One write a line, so that two servers of one workspace do not mix theirs.
        open.as_mut().map_or(Ok(()), |(_, file)| file.write_all(&line))
    }
}
