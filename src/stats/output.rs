//! What a statistic gives.

use crate::crs::Bng;
use crate::geometry::Shape;
use crate::quantity::Metres;
use crate::table::{Table, Value};

/// What a statistic found, and what its reader must know.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outcome {
    /// What was found, the main thing first.
    pub scores: Vec<Scores>,
    /// Options that were settled from the data, by name, in words with their unit.
    pub chosen: Vec<(&'static str, String)>,
    /// Assumptions that the data break and what the result cannot tell, in sentences.
    pub notes: Vec<String>,
}

impl Outcome {
    /// Nothing but these scores.
    pub fn of(scores: impl IntoIterator<Item = Scores>) -> Self {
        Self { scores: scores.into_iter().collect(), ..Self::default() }
    }

    /// With one more sentence for the reader.
    #[must_use]
    pub fn note(mut self, sentence: impl Into<String>) -> Self {
        self.notes.push(sentence.into());
        self
    }

    /// With an option that was settled from the data, in words with its unit.
    #[must_use]
    pub fn chose(mut self, option: &'static str, value: impl Into<String>) -> Self {
        self.chosen.push((option, value.into()));
        self
    }
}

impl From<Scores> for Outcome {
    fn from(scores: Scores) -> Self {
        Self::of([scores])
    }
}

/// One thing that a statistic found, in one of a few shapes, so that a new statistic needs no new
/// way to be shown.
#[derive(Debug, Clone, PartialEq)]
pub enum Scores {
    /// One row per unit.
    PerUnit(Vec<ScoreColumn>),
    /// One row per position in [`StatInput::points`](super::StatInput::points).
    PerPoint(Vec<ScoreColumn>),
    /// A raster.
    Surface(SurfaceScores),
    /// Places of the statistic's own, such as clusters.
    Places(PlaceScores),
    /// Figures without a map.
    Table(Table),
}

/// A raster with its name and unit.
#[derive(Debug, Clone, PartialEq)]
pub struct SurfaceScores {
    /// Name in files and URLs.
    pub id: &'static str,
    /// Unit in words, such as `incidents per km² a year`.
    pub unit: &'static str,
    /// The values; what stands in a cell that is not defined has no meaning.
    pub surface: Surface,
    /// `[n_rows x n_columns]`: whether each value is defined; `None` where all are.
    pub defined: Option<Vec<bool>>,
}

/// Places that a statistic found, with a row of figures each.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceScores {
    /// Name in files and URLs, such as `clusters`.
    pub id: &'static str,
    /// Name on screen.
    pub title: String,
    /// `[n_places]`: where each lies.
    pub places: Vec<FoundPlace>,
    /// Figures, `[n_places]` each.
    pub columns: Vec<ScoreColumn>,
}

/// Where a place found lies.
#[derive(Debug, Clone, PartialEq)]
pub enum FoundPlace {
    /// Ground with an outline.
    Area(Shape),
    /// A position.
    Point(Bng),
}

/// One figure or word per unit, point or place.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreColumn {
    /// Name in files and JSON, such as `rate_low`.
    pub id: &'static str,
    /// Name on screen.
    pub label: &'static str,
    /// Unit in words, empty where there is none.
    pub unit: &'static str,
    /// As many as there are rows.
    pub values: ScoreValues,
}

/// What a column of scores holds; `None` where a score is not defined.
#[derive(Debug, Clone, PartialEq)]
pub enum ScoreValues {
    /// Finite numbers.
    Numbers(Vec<Option<f64>>),
    /// Names of classes.
    Labels(Vec<Option<&'static str>>),
    /// Words made for each row.
    Texts(Vec<Option<String>>),
}

impl ScoreColumn {
    /// A column of numbers.
    pub fn numbers(
        id: &'static str,
        label: &'static str,
        unit: &'static str,
        values: Vec<Option<f64>>,
    ) -> Self {
        Self { id, label, unit, values: ScoreValues::Numbers(values) }
    }

    /// A column of names.
    pub fn labels(
        id: &'static str,
        label: &'static str,
        values: Vec<Option<&'static str>>,
    ) -> Self {
        Self { id, label, unit: "", values: ScoreValues::Labels(values) }
    }

    /// A column of words.
    pub fn texts(id: &'static str, label: &'static str, values: Vec<Option<String>>) -> Self {
        Self { id, label, unit: "", values: ScoreValues::Texts(values) }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        match &self.values {
            ScoreValues::Numbers(values) => values.len(),
            ScoreValues::Labels(values) => values.len(),
            ScoreValues::Texts(values) => values.len(),
        }
    }

    /// Cell of row `i` of a table.
    pub fn value(&self, i: usize) -> Value {
        match &self.values {
            ScoreValues::Numbers(numbers) => Value::number(numbers[i]),
            ScoreValues::Labels(labels) => labels[i].map_or(Value::None, Value::from),
            ScoreValues::Texts(texts) => texts[i].clone().map_or(Value::None, Value::from),
        }
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A raster on the National Grid: one value per cell, taken at the cell's centre.
#[derive(Debug, Clone, PartialEq)]
pub struct Surface {
    /// South-west corner of the first cell.
    pub origin: Bng,
    /// Side of a cell.
    pub cell: Metres,
    /// Cells from west to east.
    pub n_columns: usize,
    /// Cells from south to north.
    pub n_rows: usize,
    /// `[n_rows x n_columns]`, southernmost row first; in the unit the statistic states.
    pub values: Vec<f64>,
}

/// Centre of the cell in this column and row of a raster.
pub(super) fn cell_centre(origin: Bng, cell: Metres, column: usize, row: usize) -> Bng {
    let side = cell.get();
    Bng::new(
        origin.easting() + (column as f64 + 0.5) * side,
        origin.northing() + (row as f64 + 0.5) * side,
    )
}

impl Surface {
    /// Centre of the cell in this column and row.
    pub fn centre(&self, column: usize, row: usize) -> Bng {
        cell_centre(self.origin, self.cell, column, row)
    }

    /// Value at `position`, bilinear between cell centres; zero beyond the raster.
    pub fn at(&self, position: Bng) -> f64 {
        let x = (position.easting() - self.origin.easting()) / self.cell.get() - 0.5;
        let y = (position.northing() - self.origin.northing()) / self.cell.get() - 0.5;
        let (column, row) = (x.floor(), y.floor());
        let (fx, fy) = (x - column, y - row);
        let value = |column: f64, row: f64| {
            if column < 0.0
                || row < 0.0
                || column >= self.n_columns as f64
                || row >= self.n_rows as f64
            {
                0.0
            } else {
                self.values[row as usize * self.n_columns + column as usize]
            }
        };
        let south = value(column, row) * (1.0 - fx) + value(column + 1.0, row) * fx;
        let north = value(column, row + 1.0) * (1.0 - fx) + value(column + 1.0, row + 1.0) * fx;
        south * (1.0 - fy) + north * fy
    }
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::*;

    fn surface() -> Surface {
        Surface {
            origin: Bng::new(0.0, 0.0),
            cell: Metres::new(10.0),
            n_columns: 2,
            n_rows: 2,
            values: vec![0.0, 4.0, 8.0, 12.0],
        }
    }

    #[test]
    fn centres_give_their_own_value_and_the_middle_the_mean() {
        let surface = surface();

        assert_relative_eq!(surface.at(surface.centre(1, 0)), 4.0);
        assert_relative_eq!(surface.at(Bng::new(10.0, 10.0)), 6.0);
    }

    #[test]
    fn far_outside_is_zero() {
        assert_relative_eq!(surface().at(Bng::new(500.0, -500.0)), 0.0);
    }
}
