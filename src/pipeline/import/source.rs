//! A source as the workspace describes it: its rules and its files.

use std::path::PathBuf;

use anyhow::anyhow;
use jiff::civil::Date;

use crate::clean::Rules;
use crate::hint::Hint;
use crate::read::{Archive, Layouts, Profile, archive};
use crate::workspace::{LocationRule, Source, Workspace, expand};

use super::unread;
use crate::store::REJECTS;

/// What holds for every row of `source`, read on the day `today`.
pub(super) fn rules_of(
    workspace: &Workspace,
    source: &Source,
    key: &[u8],
    today: Date,
) -> anyhow::Result<Rules<'static>> {
    let profile = find_profile(workspace, source)?;
    let floor = location_floor(source, profile)?;
    let night = workspace.config.night.clone();
    let mut rules = Rules::new(profile, source, floor, night, key).map_err(|name| {
        let hint = "`wardheat list` prints every crime type; `exclude` leaves a category out";
        anyhow!("[source.categories] names `{name}`, which is no crime type")
            .context(Hint(hint.to_owned()))
    })?;
    rules.latest = Some(received(source).map_or(today, |received| received.min(today)));
    Ok(rules)
}

/// Day on which the files of `source` were received, where the workspace says so.
fn received(source: &Source) -> Option<Date> {
    let stated = source.received?.date?;
    let (month, day) = (i8::try_from(stated.month).ok()?, i8::try_from(stated.day).ok()?);
    Date::new(i16::try_from(stated.year).ok()?, month, day).ok()
}

/// One file to read.
pub(super) struct Listed {
    pub(super) path: PathBuf,
    /// Bytes on disk; members of an archive share its own.
    pub(super) bytes: u64,
}

/// The files of a source, archives taken apart, and what was left alone in those.
pub(super) fn files_of(
    workspace: &Workspace,
    source: &Source,
) -> anyhow::Result<(Vec<Listed>, Vec<String>)> {
    let (mut listed, mut said) = (Vec::new(), Vec::new());
    for pattern in &source.files {
        let whole = workspace.path(pattern);
        let found = expand(&whole.to_string_lossy()).map_err(|_| {
            let hint = format!("correct `files` of source `{}` in wardheat.toml", source.id);
            anyhow!("no file matches `{pattern}`").context(Hint(hint))
        })?;
        for path in found {
            if path.starts_with(workspace.path(REJECTS)) {
                return Err(anyhow!("{} lies in {REJECTS}/", path.display()).context(Hint(
                    format!("copy it to another folder first: every import replaces {REJECTS}/"),
                )));
            }
            // What cannot be looked at now is refused when it is read.
            let bytes = std::fs::metadata(&path).map_or(0, |found| found.len());
            match archive(&path).map_err(unread)? {
                Some(Archive { files, left_alone }) => {
                    let bytes = bytes / files.len().max(1) as u64;
                    listed.extend(files.into_iter().map(|path| Listed { path, bytes }));
                    said.extend(left_alone);
                }
                None => listed.push(Listed { path, bytes }),
            }
        }
    }
    Ok((listed, said))
}

fn find_profile(workspace: &Workspace, source: &Source) -> anyhow::Result<&'static Profile> {
    let layouts = Layouts::of(&workspace.dir).map_err(unread)?;
    layouts.profile(&source.profile).ok_or_else(|| {
        let known: Vec<&str> = layouts.profiles().map(|p| p.id.as_str()).collect();
        anyhow!("there is no profile `{}`", source.profile)
            .context(Hint(format!("choose one of: {}", known.join(", "))))
    })
}

/// The finest rule for a source: never finer than its profile allows.
fn location_floor(source: &Source, profile: &Profile) -> anyhow::Result<LocationRule> {
    let asked = source.location.unwrap_or(profile.location);
    if asked < profile.location {
        let hint =
            format!("`location` may be `{}` or coarser for {}", profile.location, profile.label);
        return Err(anyhow!(
            "location rule `{asked}` is finer than records of this kind may be kept"
        )
        .context(Hint(hint)));
    }
    Ok(asked)
}
