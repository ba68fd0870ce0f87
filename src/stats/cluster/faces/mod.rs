//! Clusters that can be chosen by name.

mod dbscan;
mod hdbscan;
mod nnh;
mod repeat_locations;

pub use dbscan::{Dbscan, DbscanOptions};
pub use hdbscan::{HdbscanOptions, HdbscanScores};
pub use nnh::{NnhOptions, NnhScores};
pub use repeat_locations::{RepeatLocationOptions, RepeatLocations};

use super::{ClusterPlace, Outline, place_of};
use crate::quantity::SquareMetres;
use crate::stats::english::{head, note};
use crate::stats::{FoundPlace, Outcome, PlaceScores, Repeats, ScoreColumn, Scores, StatInput};

/// What the reader must know of positions that many share.
fn warn_of_repeats(input: &StatInput<'_>, outcome: &mut Outcome) {
    let repeats = Repeats::of(input.points);
    if repeats.warning().is_some() {
        outcome.notes.push(note::positions_are_clusters(repeats));
    }
}

/// Clusters as places, the one with most incidents first, with a column of the numbers they were
/// `named` by; and the order they are in.
fn places(
    input: &StatInput<'_>,
    members: &[Vec<usize>],
    outline: Outline,
    outcome: &mut Outcome,
) -> (PlaceScores, Vec<usize>) {
    let mut found: Vec<(usize, ClusterPlace)> = members
        .iter()
        .enumerate()
        .filter_map(|(i, members)| Some((i, place_of(input.points, members, outline)?)))
        .collect();
    found.sort_by(|a, b| b.1.count.cmp(&a.1.count).then(a.0.cmp(&b.0)));
    let in_one_spot = found.iter().filter(|(_, place)| place.area.is_none()).count();
    if in_one_spot > 0 {
        outcome.notes.push(note::in_one_spot(in_one_spot, found.len()));
    }
    let inside: usize = found.iter().map(|(_, place)| place.count).sum();
    if outcome.notes.is_empty() && found.is_empty() {
        outcome.notes.push(note::NO_CLUSTER.to_owned());
    }
    let column = |id, label, unit, of: &dyn Fn(&ClusterPlace) -> Option<f64>| {
        ScoreColumn::numbers(id, label, unit, found.iter().map(|(_, place)| of(place)).collect())
    };
    let columns = vec![
        column("count", head::INCIDENTS, "", &|place| Some(place.count as f64)),
        column("share", head::SHARE_OF_INCIDENTS, "0 to 1", &|place| Some(place.share)),
        column("positions", head::POSITIONS, "", &|place| Some(place.n_places as f64)),
        column("area_km2", head::AREA, "km²", &|place| place.area.map(SquareMetres::km2)),
        column("density", head::DENSITY, head::PER_KM2, &|place| place.density),
        column("easting", head::CENTRE_EASTING, "m", &|place| Some(place.centre.easting())),
        column("northing", head::CENTRE_NORTHING, "m", &|place| Some(place.centre.northing())),
    ];
    outcome.chosen.push(("clusters", note::clusters(found.len(), inside, input.points.len())));
    let order: Vec<usize> = found.iter().map(|(i, _)| *i).collect();
    let places = found.into_iter().map(|(_, place)| FoundPlace::Area(place.outline)).collect();
    (PlaceScores { id: "clusters", title: head::CLUSTERS.to_owned(), places, columns }, order)
}

/// The number of each incident's cluster in the list of places, counted from 1.
fn numbers(labels: &[Option<u32>], order: &[usize]) -> Vec<Option<f64>> {
    let mut number = vec![None; order.len()];
    for (place, &cluster) in order.iter().enumerate() {
        number[cluster] = Some(place as f64 + 1.0);
    }
    labels.iter().map(|label| label.and_then(|label| number[label as usize])).collect()
}

/// Places, and what each incident is in.
fn scores(places: PlaceScores, of_points: Vec<ScoreColumn>) -> [Scores; 2] {
    [Scores::Places(places), Scores::PerPoint(of_points)]
}
