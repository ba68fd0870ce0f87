//! What one statistic found, ready to be shown or written.

use crate::crs::Bng;
use crate::geometry::Shape;
use crate::stats::{FoundPlace, Outcome, PlaceScores, ScoreColumn, Scores, SurfaceScores};
use crate::table::{Column, Table, Value};
use crate::units::Units;

use super::english::{by_point, head};
use super::{Feature, HowMade, Layer};

/// Decimals of a score in a table.
const DECIMALS: u8 = 4;

/// The findings of one statistic: layers, surfaces and tables, as it gives.
#[derive(Debug)]
pub struct Scored {
    /// Places with their scores.
    pub layers: Vec<Layer>,
    /// Rasters.
    pub surfaces: Vec<SurfaceScores>,
    /// Figures without a map.
    pub tables: Vec<Table>,
    /// How it was made.
    pub how_made: HowMade,
    /// What the reader must know, in sentences.
    pub notes: Vec<String>,
}

/// What a statistic was run on: the names that its rows get.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// Places counted in.
    pub units: &'a Units,
    /// Positions scored.
    pub points: &'a [Bng],
    /// `[n_points]`: name of each position; its number from 1 where there are none.
    pub point_ids: Option<&'a [String]>,
}

/// What the statistic `id` found on `subject`.
pub fn scored(
    id: &'static str,
    title: &str,
    outcome: Outcome,
    subject: Subject<'_>,
    how_made: HowMade,
) -> Scored {
    let mut all = Scored {
        layers: Vec::new(),
        surfaces: Vec::new(),
        tables: Vec::new(),
        how_made,
        notes: outcome.notes,
    };
    for scores in outcome.scores {
        match scores {
            Scores::PerUnit(columns) => all.layers.push(per_unit(id, title, &columns, subject)),
            Scores::PerPoint(columns) => all.layers.push(per_point(title, &columns, subject)),
            Scores::Places(found) => all.layers.push(places(found)),
            Scores::Surface(surface) => all.surfaces.push(surface),
            Scores::Table(table) => all.tables.push(table),
        }
    }
    all
}

fn score_columns(scores: &[ScoreColumn]) -> impl Iterator<Item = Column> + '_ {
    scores.iter().map(|score| Column::new(score.id, score.label, score.unit, DECIMALS))
}

fn per_unit(id: &'static str, title: &str, scores: &[ScoreColumn], subject: Subject<'_>) -> Layer {
    let units = subject.units;
    let mut columns =
        vec![Column::new("id", head::CODE, "", 0), Column::new("name", head::NAME, "", 0)];
    columns.extend(score_columns(scores));
    let features = (0..units.len())
        .map(|i| {
            let mut values = vec![units.ids[i].as_str().into(), units.names[i].as_str().into()];
            values.extend(scores.iter().map(|score| score.value(i)));
            let (id, shape) = (units.ids[i].clone(), units.shapes[i].clone());
            Feature { id, shape, at: None, values }
        })
        .collect();
    Layer { id, title: title.to_owned(), features, columns }
}

fn per_point(title: &str, scores: &[ScoreColumn], subject: Subject<'_>) -> Layer {
    let mut columns = vec![Column::new("id", head::POINT, "", 0)];
    columns.extend(score_columns(scores));
    let features = subject.points.iter().enumerate().map(|(i, &at)| {
        let id = subject.point_ids.map_or_else(|| (i + 1).to_string(), |ids| ids[i].clone());
        let mut values = vec![Value::Text(id.clone())];
        values.extend(scores.iter().map(|score| score.value(i)));
        Feature { id, shape: Shape::default(), at: Some(at), values }
    });
    let title = by_point(title);
    Layer { id: "points", title, features: features.collect(), columns }
}

fn places(found: PlaceScores) -> Layer {
    let mut columns = vec![Column::new("number", head::NUMBER, "", 0)];
    columns.extend(score_columns(&found.columns));
    let feature = |(i, place): (usize, FoundPlace)| {
        let mut values = vec![Value::Count(i as i64 + 1)];
        values.extend(found.columns.iter().map(|score| score.value(i)));
        let (shape, at) = match place {
            FoundPlace::Area(shape) => (shape, None),
            FoundPlace::Point(at) => (Shape::default(), Some(at)),
        };
        Feature { id: (i + 1).to_string(), shape, at, values }
    };
    let features = found.places.into_iter().enumerate().map(feature).collect();
    Layer { id: found.id, title: found.title, features, columns }
}
