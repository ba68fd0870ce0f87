//! Point patterns that can be chosen by name.

mod centrography;
mod nearest_neighbour;
mod ripley_k;

pub use centrography::{CentrographyOptions, CentrographyScores};
pub use nearest_neighbour::{NearestNeighbourOptions, NearestNeighbourScores};
pub use ripley_k::{RipleyK, RipleyOptions};

use crate::crs::Bng;
use crate::table::{Column, Table, Value};

use super::Repeats;
use crate::stats::english::{head, note};
use crate::stats::{Outcome, StatInput};

/// Incidents in the study area; a note where some are not, and where many share a position.
fn inside(input: &StatInput<'_>, outcome: &mut Outcome) -> Vec<Bng> {
    let points: Vec<Bng> =
        input.points.iter().copied().filter(|p| input.study_area.covers(*p)).collect();
    let outside = input.points.len() - points.len();
    if outside > 0 {
        outcome.notes.push(note::outside(outside, input.points.len()));
    }
    outcome.notes.extend(Repeats::of(&points).warning());
    points
}

/// A table of measures, one a row.
fn measures(id: &str, title: &str, rows: Vec<(&str, Value, &str)>) -> Table {
    let row = |(what, value, unit): (&str, Value, &str)| vec![what.into(), value, unit.into()];
    Table {
        id: id.to_owned(),
        title: title.to_owned(),
        columns: vec![
            Column::new("measure", head::MEASURE, "", 0),
            Column::new("value", head::VALUE, "", 4),
            Column::new("unit", head::UNIT, "", 0),
        ],
        rows: rows.into_iter().map(row).collect(),
    }
}
