//! Square cells, their corners on whole multiples of the side from the National Grid origin.

use geo::{MultiPolygon, Rect, coord};

use crate::crs::Bng;
use crate::geometry::Shape;
use crate::quantity::{Metres, SquareMetres};

use super::coverage::shares_inside;
use super::{Locator, UnitIdx, UnitKind, UnitSource, Units, UnitsError, english as say};

/// Cells that may be made at most.
pub const MOST_CELLS: usize = 1_000_000;

/// Positions of the box round the study area that are looked at per cell allowed.
const BOX_PER_CELL: usize = 4;

/// No cell at this position of the box.
const NO_CELL: u32 = u32::MAX;

/// Square cells of one size: which there are, and where.
///
/// A cell is known by its column and row, counted in sides from the grid's origin, so the cell at
/// column 1778, row 2081 with a side of 250 m has its south-west corner at 444500, 520250.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    side: f64,
    first_column: i64,
    first_row: i64,
    n_columns: usize,
    n_rows: usize,
    /// `[n_rows x n_columns]`: which cell stands there, or [`NO_CELL`].
    at: Vec<u32>,
    /// Column and row of each cell within the box.
    cells: Vec<(u32, u32)>,
}

impl Grid {
    /// Every cell that has area in common with `study_area`, and how much of each that is.
    ///
    /// # Shapes and units
    ///
    /// - `cell_size`: side of a cell.
    /// - returns: the cells, sorted by row and then by column, and the area of each inside the
    ///   study area.
    ///
    /// # Errors
    ///
    /// [`UnitsError::CellSize`] if the side is not above zero, [`UnitsError::TooManyCells`] past
    /// [`MOST_CELLS`].
    pub fn over(
        study_area: &Shape,
        cell_size: Metres,
    ) -> Result<(Self, Vec<SquareMetres>), UnitsError> {
        let side = cell_size.get();
        if !(side.is_finite() && side > 0.0) {
            return Err(UnitsError::CellSize(cell_size));
        }
        let Some(bounds) = study_area.bounds() else {
            return Ok((Self::rectangle(cell_size, (0, 0), (0, 0))?, Vec::new()));
        };
        let too_many = |wanted| UnitsError::TooManyCells { cell_size, wanted, most: MOST_CELLS };
        let whole = |metres: f64| (metres / side).floor();
        let (west, south) = (whole(bounds.min.easting()), whole(bounds.min.northing()));
        let (east, north) = (whole(bounds.max.easting()), whole(bounds.max.northing()));
        let in_box = (east - west + 1.0) * (north - south + 1.0);
        let by_area = (study_area.area().get() / (side * side)).ceil();
        if by_area > MOST_CELLS as f64 {
            return Err(too_many(by_area));
        }
        if in_box.is_nan() || in_box > (MOST_CELLS * BOX_PER_CELL) as f64 {
            return Err(too_many(in_box));
        }
        let mut grid = Self {
            side,
            first_column: west as i64,
            first_row: south as i64,
            n_columns: (east - west + 1.0) as usize,
            n_rows: (north - south + 1.0) as usize,
            at: vec![NO_CELL; in_box as usize],
            cells: Vec::new(),
        };
        let shares =
            shares_inside(study_area, grid.origin(), cell_size, grid.n_columns, grid.n_rows);
        let mut areas = Vec::new();
        for (position, &share) in shares.iter().enumerate().filter(|(_, share)| **share > 0.0) {
            grid.push(position);
            areas.push(SquareMetres::new(share * side * side));
        }
        if areas.len() > MOST_CELLS {
            return Err(too_many(areas.len() as f64));
        }
        Ok((grid, areas))
    }

    /// All cells of a rectangle: `columns_rows` of them from the cell at `first`, both as column
    /// and row.
    ///
    /// # Errors
    ///
    /// As [`Self::over`].
    pub fn rectangle(
        cell_size: Metres,
        first: (i64, i64),
        columns_rows: (usize, usize),
    ) -> Result<Self, UnitsError> {
        let side = cell_size.get();
        if !(side.is_finite() && side > 0.0) {
            return Err(UnitsError::CellSize(cell_size));
        }
        let (n_columns, n_rows) = columns_rows;
        let wanted = n_columns as f64 * n_rows as f64;
        if wanted > MOST_CELLS as f64 {
            return Err(UnitsError::TooManyCells { cell_size, wanted, most: MOST_CELLS });
        }
        let mut grid = Self {
            side,
            first_column: first.0,
            first_row: first.1,
            n_columns,
            n_rows,
            at: vec![NO_CELL; n_columns * n_rows],
            cells: Vec::with_capacity(n_columns * n_rows),
        };
        (0..n_columns * n_rows).for_each(|position| grid.push(position));
        Ok(grid)
    }

    fn push(&mut self, position: usize) {
        self.at[position] = UnitIdx::new(self.cells.len()).index() as u32;
        self.cells.push(((position % self.n_columns) as u32, (position / self.n_columns) as u32));
    }

    /// How many cells there are.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// Side of a cell.
    pub fn cell_size(&self) -> Metres {
        Metres::new(self.side)
    }

    /// South-west corner of the box round all cells.
    pub fn origin(&self) -> Bng {
        Bng::new(self.first_column as f64 * self.side, self.first_row as f64 * self.side)
    }

    /// Columns and rows of the box round all cells.
    pub fn columns_rows(&self) -> (usize, usize) {
        (self.n_columns, self.n_rows)
    }

    /// Column and row of a cell within the box, counted from its south-west corner.
    pub fn column_row(&self, cell: UnitIdx) -> (usize, usize) {
        let (column, row) = self.cells[cell.index()];
        (column as usize, row as usize)
    }

    /// The cell at this column and row of the box, if there is one.
    pub fn at(&self, column: usize, row: usize) -> Option<UnitIdx> {
        if column >= self.n_columns || row >= self.n_rows {
            return None;
        }
        let cell = self.at[row * self.n_columns + column];
        (cell != NO_CELL).then(|| UnitIdx::new(cell as usize))
    }

    /// South-west corner of a cell.
    pub fn corner(&self, cell: UnitIdx) -> Bng {
        let (column, row) = self.cells[cell.index()];
        Bng::new(
            (self.first_column + i64::from(column)) as f64 * self.side,
            (self.first_row + i64::from(row)) as f64 * self.side,
        )
    }

    /// Centre of a cell.
    pub fn centre(&self, cell: UnitIdx) -> Bng {
        let corner = self.corner(cell);
        Bng::new(corner.easting() + self.side / 2.0, corner.northing() + self.side / 2.0)
    }

    /// The whole square of a cell.
    pub fn square(&self, cell: UnitIdx) -> Shape {
        let corner = self.corner(cell);
        let (x, y) = (corner.easting(), corner.northing());
        let rect = Rect::new(coord! { x: x, y: y }, coord! { x: x + self.side, y: y + self.side });
        Shape::new(MultiPolygon::new(vec![rect.to_polygon()]))
    }

    /// Name of a cell in the manner of INSPIRE grids: size and south-west corner, such as
    /// `250mN520250E444500`.
    pub fn code(&self, cell: UnitIdx) -> String {
        let corner = self.corner(cell);
        format!("{}mN{:06}E{:06}", self.side, corner.northing(), corner.easting())
    }

    /// The cell that holds `position`.
    ///
    /// A position on an edge belongs to the cell to its north-east, so that it is counted once;
    /// where that is no cell (the outer edge of the study area), to the one to its north-west,
    /// south-east or south-west, the first that there is.
    pub fn locate(&self, position: Bng) -> Option<UnitIdx> {
        let x = position.easting() / self.side - self.first_column as f64;
        let y = position.northing() / self.side - self.first_row as f64;
        let cell = |column: f64, row: f64| {
            // Not-a-number fails both.
            if column >= 0.0 && row >= 0.0 { self.at(column as usize, row as usize) } else { None }
        };
        let (column, row) = (x.floor(), y.floor());
        let found = cell(column, row);
        if found.is_some() {
            return found;
        }
        let west = (x <= column).then_some(column - 1.0);
        let south = (y <= row).then_some(row - 1.0);
        west.and_then(|west| cell(west, row))
            .or_else(|| south.and_then(|south| cell(column, south)))
            .or_else(|| west.zip(south).and_then(|(west, south)| cell(west, south)))
    }

    /// The nearest cell within `reach`, and its distance; of equally near ones, the first.
    pub fn nearest(&self, position: Bng, reach: Metres) -> Option<(UnitIdx, Metres)> {
        let (x, y) = (position.easting(), position.northing());
        let within = |from: f64, first: i64, n: usize| {
            let place = |metres: f64| (metres / self.side).floor() - first as f64;
            let last = place(from + reach.get()).min(n as f64 - 1.0);
            // An empty range where the reach ends before the box, or is not a number.
            place(from - reach.get()).max(0.0) as usize..if last >= 0.0 {
                last as usize + 1
            } else {
                0
            }
        };
        let columns = within(x, self.first_column, self.n_columns);
        let distance = |cell: UnitIdx| {
            let corner = self.corner(cell);
            let beyond = |at: f64, low: f64| (low - at).max(at - low - self.side).max(0.0);
            beyond(x, corner.easting()).hypot(beyond(y, corner.northing()))
        };
        within(y, self.first_row, self.n_rows)
            .flat_map(|row| columns.clone().filter_map(move |column| self.at(column, row)))
            .map(|cell| (cell, Metres::new(distance(cell))))
            .filter(|(_, distance)| distance.get() <= reach.get())
            .min_by(|a, b| a.1.get().total_cmp(&b.1.get()).then(a.0.cmp(&b.0)))
    }
}

/// Squares of one size over the study area.
pub(super) struct Square;

impl UnitKind for Square {
    fn id(&self) -> &'static str {
        "square"
    }

    fn label(&self) -> &'static str {
        say::CELLS
    }

    fn build(&self, source: &UnitSource<'_>) -> Result<Units, UnitsError> {
        let (grid, areas) = Grid::over(source.study_area, source.cell_size)?;
        let cells = || (0..grid.len()).map(UnitIdx::new);
        let ids: Vec<String> = cells().map(|cell| grid.code(cell)).collect();
        Ok(Units {
            kind: self.id(),
            names: ids.clone(),
            ids,
            shapes: cells().map(|cell| grid.square(cell)).collect(),
            areas,
            residents: vec![None; grid.len()],
            households: vec![None; grid.len()],
            workday: vec![None; grid.len()],
            locator: Locator::Squares(grid),
        })
    }
}

#[cfg(test)]
#[path = "square_tests.rs"]
mod tests;
