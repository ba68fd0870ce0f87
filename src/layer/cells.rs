//! The layer of cells: every cell of the grid, tested or not.

use crate::table::{Column, Value};
use crate::units::Units;

use super::english::{self, head, unit};
use super::{Feature, Layer};

/// What was found for one cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CellFigures {
    /// Incidents in the window.
    pub count: u64,
    /// Incidents per km² a year, over the part of the cell inside the study area.
    pub density: Option<f64>,
    /// Gi*, and what follows from it; `None` for a cell outside the family.
    pub test: Option<CellTest>,
}

/// The test of one cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CellTest {
    /// Gi* as a z-score; `None` where it is undefined.
    pub z: Option<f64>,
    /// Two-sided p-value.
    pub p: Option<f64>,
    /// Smallest false discovery rate at which the cell is significant.
    pub q: Option<f64>,
    /// Whether it is significant at the rate asked for.
    pub significant: bool,
}

impl CellFigures {
    /// Whether the cell is significantly high.
    pub fn is_hot(&self) -> bool {
        self.test.is_some_and(|test| test.significant && test.z.is_some_and(|z| z > 0.0))
    }

    /// The class in words.
    pub fn class(&self) -> &'static str {
        match self.test {
            None => english::NOT_TESTED,
            Some(test) if !test.significant => english::NOT_SIGNIFICANT,
            Some(_) if self.is_hot() => english::HOTSPOT,
            Some(_) => english::COLDSPOT,
        }
    }
}

const COLUMNS: &[Column] = &[
    Column::new("id", head::CELL, "", 0),
    Column::new("count", head::COUNT, unit::INCIDENTS, 0),
    Column::new("density", head::DENSITY, unit::PER_KM2_A_YEAR, 1),
    Column::new("z", head::GI_STAR, unit::Z_SCORE, 2),
    Column::new("p", head::P_VALUE, unit::TWO_SIDED, 4),
    Column::new("q", head::Q_VALUE, unit::FALSE_DISCOVERY_RATE, 4),
    Column::new("tested", head::TESTED, "", 0),
    Column::new("class", head::CLASS, "", 0),
];

/// The layer of `units`, one row of `figures` each.
pub fn cells(units: &Units, figures: &[CellFigures]) -> Layer {
    let features = figures
        .iter()
        .enumerate()
        .map(|(i, cell)| Feature {
            at: None,
            id: units.ids[i].clone(),
            shape: units.shapes[i].clone(),
            values: vec![
                Value::Text(units.ids[i].clone()),
                Value::Count(cell.count as i64),
                Value::number(cell.density),
                Value::number(cell.test.and_then(|test| test.z)),
                Value::number(cell.test.and_then(|test| test.p)),
                Value::number(cell.test.and_then(|test| test.q)),
                Value::Flag(cell.test.is_some()),
                cell.class().into(),
            ],
        })
        .collect();
    Layer { id: "cells", title: english::CELLS.to_owned(), features, columns: COLUMNS.to_vec() }
}
