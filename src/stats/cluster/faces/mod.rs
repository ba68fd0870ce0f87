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
use crate::stats::{FoundPlace, Outcome, PlaceScores, Repeats, ScoreColumn, Scores, StatInput};

/// What the reader must know of positions that many share.
fn warn_of_repeats(input: &StatInput<'_>, outcome: &mut Outcome) {
    let repeats = Repeats::of(input.points);
    if repeats.warning().is_some() {
        outcome.notes.push(format!(
            "{} of {} incidents share their exact position with another ({} positions): a single \
             snap point with enough incidents is a cluster, and clusters say where positions were \
             published.",
            repeats.n_sharing, repeats.n_points, repeats.n_places
        ));
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
        outcome.notes.push(format!(
            "{in_one_spot} of {} clusters stand in one spot or on a line: they are drawn as discs \
             of 10 m and have no area or density.",
            found.len()
        ));
    }
    let inside: usize = found.iter().map(|(_, place)| place.count).sum();
    if outcome.notes.is_empty() && found.is_empty() {
        outcome.notes.push("No place has enough incidents near each other.".to_owned());
    }
    let column = |id, label, unit, of: &dyn Fn(&ClusterPlace) -> Option<f64>| {
        ScoreColumn::numbers(id, label, unit, found.iter().map(|(_, place)| of(place)).collect())
    };
    let columns = vec![
        column("count", "Incidents", "", &|place| Some(place.count as f64)),
        column("share", "Share of incidents", "0 to 1", &|place| Some(place.share)),
        column("positions", "Positions", "", &|place| Some(place.n_places as f64)),
        column("area_km2", "Area", "km²", &|place| place.area.map(SquareMetres::km2)),
        column("density", "Density", "incidents per km²", &|place| place.density),
        column("easting", "Centre, easting", "m", &|place| Some(place.centre.easting())),
        column("northing", "Centre, northing", "m", &|place| Some(place.centre.northing())),
    ];
    outcome.chosen.push((
        "clusters",
        format!("{} with {inside} of {} incidents", found.len(), input.points.len()),
    ));
    let order: Vec<usize> = found.iter().map(|(i, _)| *i).collect();
    let places = found.into_iter().map(|(_, place)| FoundPlace::Area(place.outline)).collect();
    (PlaceScores { id: "clusters", title: "Clusters".to_owned(), places, columns }, order)
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
