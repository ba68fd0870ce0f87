//! What is known of the ground beside its boundaries: wards of older editions, places by name, and
//! places that must not be shown.

use anyhow::Context as _;

use crate::clean::Ground;
use crate::context::Lookup;
use crate::quantity::Metres;
use crate::read::{Layouts, read_place_names, read_snap_points};
use crate::workspace::{SnapPointFile, Workspace};

use super::places::Places;
use super::{load, unread};

/// Distance round a place that must not be shown, where the workspace gives none.
const MASK: f64 = 250.0;

/// The ground of a workspace whose places have been read.
pub(super) fn ground_of(workspace: &Workspace, places: &Places) -> anyhow::Result<Ground> {
    let mut ground = Ground::new(&places.layers, &places.study_area)?;
    let layouts = Layouts::of(&workspace.dir).map_err(unread)?;
    let sources = workspace.config.sources.iter();
    let mut profiles = sources.filter_map(|source| layouts.profile(&source.profile));
    if profiles.any(|profile| profile.named_places) {
        if let Some(venues) = &workspace.config.venues {
            let file = load(workspace, &venues.file).context("reading venues")?;
            let names = read_place_names(&file, &layouts).map_err(unread);
            ground = ground.with_names(names.context("reading venues")?);
        }
        ground = ground.with_names(places.streets.iter().filter_map(|street| street.name.clone()));
    }
    let of_wards = places.lookups.iter().map(|(_, lookup)| &lookup.found);
    let of_wards = of_wards.filter(|found| found.from.kind == "ward" && found.to.kind == "ward");
    let pairs = of_wards.flat_map(Lookup::pairs);
    let pairs = pairs.map(|(old, new)| (old.as_str(), new.as_str()));
    ground = ground.with_old_wards(pairs);
    if let Some(mask) = &workspace.config.mask {
        let file = load(workspace, &mask.file).context("reading the mask")?;
        let spec = SnapPointFile {
            file: mask.file.clone(),
            x: mask.x.clone(),
            y: mask.y.clone(),
            crs: mask.crs,
        };
        let masked = read_snap_points(&file, &spec).map_err(unread).context("reading the mask")?;
        ground = ground.with_masks(&masked, Metres::new(mask.metres.unwrap_or(MASK)));
    }
    Ok(ground)
}
