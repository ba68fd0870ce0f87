//! Halls and the diary of meetings, with their wards looked up.

use std::collections::{BTreeMap, HashMap};

use anyhow::Context as _;

use crate::meeting::{Meeting, Venue};
use crate::pipeline::english::import as say;
use crate::provenance::SourceFile;
use crate::read::format::notes;
use crate::read::{
    Layouts, LoadedFile, MeetingRows, header_key, read_meetings, read_venues, words_key,
};
use crate::units::{AreaLayer, Locator, UnitIdx};
use crate::workspace::Workspace;

use super::{load, unread};

/// Rows shown of each thing that went wrong.
const SHOWN: usize = 3;

/// Halls, diary, and what is said of both.
#[derive(Default)]
pub(super) struct HallsAndDiary {
    pub venues: Vec<Venue>,
    pub meetings: Vec<Meeting>,
    pub said: Vec<String>,
    pub warnings: Vec<String>,
}

/// Reads both; each file is added to `files`.
pub(super) fn read_both(
    workspace: &Workspace,
    layers: &[AreaLayer],
    files: &mut Vec<SourceFile>,
) -> anyhow::Result<HallsAndDiary> {
    let mut both = HallsAndDiary::default();
    let Some(wards) = layers.iter().find(|layer| layer.kind == "ward") else { return Ok(both) };
    let layouts = Layouts::of(&workspace.dir).map_err(unread)?;
    if let Some(spec) = &workspace.config.venues {
        let file = load(workspace, &spec.file).context("reading venues")?;
        venues(&file, wards, &layouts, &mut both, files)?;
    }
    if let Some(spec) = &workspace.config.meetings {
        let file = load(workspace, &spec.file).context("reading the diary of meetings")?;
        diary(&file, wards, &layouts, &mut both, files)?;
    }
    Ok(both)
}

fn account(
    source: &str,
    file: &LoadedFile,
    rows: u64,
    kept: usize,
    excluded: usize,
) -> anyhow::Result<SourceFile> {
    let kept = kept as u64;
    let excluded = excluded as u64;
    Ok(SourceFile {
        source: source.to_owned(),
        file: file.name.clone(),
        sha256: file.sha256().map_err(unread)?,
        rows,
        kept,
        excluded,
        rejected: rows - kept - excluded,
    })
}

/// The first of the rows that could not be used.
fn examples<'a>(file: &'a LoadedFile, rows: &'a [(u64, String)]) -> say::Examples<'a> {
    let shown = rows.iter().take(SHOWN).map(|(line, why)| (*line, why.as_str())).collect();
    say::Examples { rows: rows.len(), file: &file.name, shown }
}

fn venues(
    file: &LoadedFile,
    wards: &AreaLayer,
    layouts: &Layouts,
    both: &mut HallsAndDiary,
    files: &mut Vec<SourceFile>,
) -> anyhow::Result<()> {
    let read = read_venues(file, None, layouts).map_err(unread).context("reading venues")?;
    both.warnings.extend(notes(file).map_err(unread)?);
    let shapes: Vec<_> = wards.areas.iter().map(|area| area.shape.clone()).collect();
    let locator = Locator::polygons(&shapes);
    let total = read.venues.len();
    for mut venue in read.venues {
        if let Some(ward) = locator.locate(venue.place) {
            venue.ward = Some(wards.areas[UnitIdx::index(ward)].code.clone());
            both.venues.push(venue);
        }
    }
    let outside = total - both.venues.len();
    files.push(account("venues", file, read.rows, both.venues.len(), outside)?);
    both.said.push(say::venues(both.venues.len(), &file.name, outside));
    if !read.rejected.is_empty() {
        both.warnings.push(say::venues_unused(&examples(file, &read.rejected)));
    }
    if !read.unread.is_empty() {
        both.warnings.push(say::cells_unread(&examples(file, &read.unread)));
    }
    Ok(())
}

fn diary(
    file: &LoadedFile,
    wards: &AreaLayer,
    layouts: &Layouts,
    both: &mut HallsAndDiary,
    files: &mut Vec<SourceFile>,
) -> anyhow::Result<()> {
    let read: MeetingRows =
        read_meetings(file, layouts).map_err(unread).context("reading the diary of meetings")?;
    both.warnings.extend(notes(file).map_err(unread)?);
    let kept = read.meetings.len();
    let by_name: HashMap<String, &str> = wards
        .areas
        .iter()
        .flat_map(|area| [header_key(&area.code), words_key(&area.name)].map(|k| (k, &*area.code)))
        .collect();
    let halls: BTreeMap<String, Venue> =
        both.venues.iter().map(|venue| (words_key(&venue.name), venue.clone())).collect();
    let shapes: Vec<_> = wards.areas.iter().map(|area| area.shape.clone()).collect();
    let locator = Locator::polygons(&shapes);
    let mut homeless = Vec::new();
    for mut meeting in read.meetings {
        let hall = meeting.venue.as_deref().and_then(|venue| hall_of(venue, &halls));
        if meeting.place.is_none() {
            meeting.place = hall.map(|hall| hall.place);
        }
        let given = meeting.ward.take();
        let by_place = meeting
            .place
            .and_then(|place| locator.locate(place))
            .map(|ward| wards.areas[ward.index()].code.as_str());
        let by_word = given.as_deref().and_then(|ward| {
            by_name.get(&header_key(ward)).or_else(|| by_name.get(&words_key(ward))).copied()
        });
        meeting.ward = by_place.or(by_word).map(str::to_owned);
        if meeting.ward.is_none() {
            homeless.push(meeting.title.clone());
        }
        both.meetings.push(meeting);
    }
    files.push(account("meetings", file, read.rows, kept, 0)?);
    both.said.push(say::meetings(kept, &file.name));
    if !homeless.is_empty() {
        let titles: Vec<&str> = homeless.iter().take(SHOWN).map(String::as_str).collect();
        both.warnings.push(say::meetings_without_ward(homeless.len(), &file.name, &titles));
    }
    if !read.rejected.is_empty() {
        both.warnings.push(say::meetings_unused(&examples(file, &read.rejected)));
    }
    Ok(())
}

/// The hall of the list that a diary's place names: by its whole name, or by the only one whose
/// name it begins with.
fn hall_of<'a>(place: &str, halls: &'a BTreeMap<String, Venue>) -> Option<&'a Venue> {
    let words = words_key(place);
    halls.get(&words).or_else(|| {
        let mut named = halls.iter().filter(|(name, _)| {
            words.starts_with(&format!("{name} ")) || name.starts_with(&format!("{words} "))
        });
        match (named.next(), named.next()) {
            (Some((_, hall)), None) => Some(hall),
            _ => None,
        }
    })
}
