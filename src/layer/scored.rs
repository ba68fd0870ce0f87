//! What one statistic found, ready to be shown or written.

use crate::geometry::Shape;
use crate::stats::{ScoreColumn, ScoreValues, Scores, Surface};
use crate::table::{Column, Table, Value};
use crate::units::Units;

use super::{Feature, HowMade, Layer};

/// The findings of one statistic: a layer, a surface or a table, as it gives.
#[derive(Debug)]
pub struct Scored {
    /// Places with their scores, where it gives such.
    pub layer: Option<Layer>,
    /// A raster and its unit in words, where it gives one.
    pub surface: Option<(Surface, &'static str)>,
    /// Figures without a map, where it gives such.
    pub table: Option<Table>,
    /// How it was made.
    pub how_made: HowMade,
    /// What the reader must know, in sentences.
    pub notes: Vec<String>,
}

/// `scores` of the statistic `id` on `units`.
pub fn scored(
    id: &'static str,
    title: &str,
    scores: Scores,
    units: &Units,
    how_made: HowMade,
) -> Scored {
    let mut all = Scored { layer: None, surface: None, table: None, how_made, notes: Vec::new() };
    match scores {
        Scores::PerUnit(columns) => all.layer = Some(per_unit(id, title, &columns, units)),
        Scores::Surface(surface, unit) => all.surface = Some((surface, unit)),
        Scores::Table(table) => all.table = Some(table),
        Scores::Clusters(clusters) => {
            let features = clusters
                .iter()
                .enumerate()
                .map(|(i, cluster)| Feature {
                    id: (i + 1).to_string(),
                    shape: Shape::union_of(cluster.cells.iter().map(|u| &units.shapes[u.index()])),
                    values: vec![
                        Value::Count(i as i64 + 1),
                        Value::Count(cluster.cells.len() as i64),
                        Value::Number(cluster.area.km2()),
                    ],
                })
                .collect();
            let columns = vec![
                Column::new("number", "Number", "", 0),
                Column::new("cells", "Units", "", 0),
                Column::new("area_km2", "Area", "km²", 3),
            ];
            all.layer = Some(Layer { id, title: title.to_owned(), features, columns });
        }
    }
    all
}

fn per_unit(id: &'static str, title: &str, scores: &[ScoreColumn], units: &Units) -> Layer {
    let mut columns = vec![Column::new("id", "Code", "", 0), Column::new("name", "Name", "", 0)];
    columns.extend(scores.iter().map(|score| Column::new(score.id, score.label, score.unit, 4)));
    let features = (0..units.len())
        .map(|i| {
            let mut values = vec![units.ids[i].as_str().into(), units.names[i].as_str().into()];
            values.extend(scores.iter().map(|score| match &score.values {
                ScoreValues::Numbers(numbers) => Value::number(numbers[i]),
                ScoreValues::Labels(labels) => labels[i].map_or(Value::None, Value::from),
            }));
            Feature { id: units.ids[i].clone(), shape: units.shapes[i].clone(), values }
        })
        .collect();
    Layer { id, title: title.to_owned(), features, columns }
}
