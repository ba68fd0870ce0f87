//! What a statistic gives.

use crate::crs::Bng;
use crate::quantity::Metres;
use crate::table::Table;

use super::Hotspot;

/// What a statistic found, in one of a few shapes, so that a new statistic needs no new way to be
/// shown.
#[derive(Debug, Clone, PartialEq)]
pub enum Scores {
    /// One row per unit.
    PerUnit(Vec<ScoreColumn>),
    /// A raster, and its unit in words.
    Surface(Surface, &'static str),
    /// Sets of units.
    Clusters(Vec<Hotspot>),
    /// Figures without a map.
    Table(Table),
}

/// One figure or word per unit.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreColumn {
    /// Name in files and JSON, such as `rate_low`.
    pub id: &'static str,
    /// Name on screen.
    pub label: &'static str,
    /// Unit in words, empty where there is none.
    pub unit: &'static str,
    /// `[n_units]`.
    pub values: ScoreValues,
}

/// What a column of scores holds; `None` where a score is not defined.
#[derive(Debug, Clone, PartialEq)]
pub enum ScoreValues {
    /// Finite numbers.
    Numbers(Vec<Option<f64>>),
    /// Names of classes.
    Labels(Vec<Option<&'static str>>),
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

    /// Number of units.
    pub fn len(&self) -> usize {
        match &self.values {
            ScoreValues::Numbers(values) => values.len(),
            ScoreValues::Labels(values) => values.len(),
        }
    }

    /// Whether there are no units.
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

impl Surface {
    /// Centre of the cell in this column and row.
    pub fn centre(&self, column: usize, row: usize) -> Bng {
        let side = self.cell.get();
        Bng::new(
            self.origin.easting() + (column as f64 + 0.5) * side,
            self.origin.northing() + (row as f64 + 0.5) * side,
        )
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
