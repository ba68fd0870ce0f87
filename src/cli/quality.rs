//! The report on data quality as files of the workspace.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::pipeline::{Imported, quality};
use crate::report::{QualityReport, page};
use crate::workspace::Workspace;

/// Folder of reports in the workspace.
pub(super) const FOLDER: &str = "report";

/// Name of the report that programs read.
pub(super) const JSON: &str = "quality.json";

/// The report, and its page.
pub(super) fn report(workspace: &Workspace, imported: &Imported) -> (QualityReport, String) {
    let report = quality(workspace, imported);
    let wards = imported.layers.iter().find(|layer| layer.kind == "ward");
    let page = page(&report, wards);
    (report, page)
}

/// Writes the report into the workspace.
pub(super) fn keep(dir: &Path, report: &QualityReport, page: &str) -> anyhow::Result<()> {
    let folder = dir.join(FOLDER);
    fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    let json = serde_json::to_string_pretty(report)?;
    replace(&folder.join(JSON), &json)?;
    replace(&folder.join("quality.html"), page)
}

/// Puts `text` at `path`, whole or not at all.
pub(super) fn replace(path: &Path, text: &str) -> anyhow::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    fs::write(&beside, text)
        .and_then(|()| fs::rename(&beside, path))
        .with_context(|| format!("writing {}", path.display()))
}

/// The report of the last import into the workspace; `None` if there is none that can be read.
pub(super) fn last(dir: &Path) -> Option<QualityReport> {
    let file = fs::File::open(dir.join(FOLDER).join(JSON)).ok()?;
    serde_json::from_reader(std::io::BufReader::new(file)).ok()
}

/// When the last import ended, by the clock and zone of this machine; `None` where no report tells.
pub(super) fn imported(dir: &Path) -> Option<DateTime> {
    let modified = fs::metadata(dir.join(FOLDER).join(JSON)).ok()?.modified().ok()?;
    let at = Timestamp::try_from(modified).ok()?;
    Some(at.to_zoned(TimeZone::system()).datetime())
}
