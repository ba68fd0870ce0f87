//! Neighbours by distance: all within a band, or the nearest few.

use crate::crs::Bng;
use crate::quantity::Metres;
use crate::units::Grid;

use super::band::within_band;
use super::search::{Cells, EDGE, Found, Positions, Search};
use super::{Neighbours, NeighboursError};

fn gathered(
    search: &impl Search,
    find: impl Fn(usize, &mut Found) + Sync,
) -> Result<Neighbours, NeighboursError> {
    Neighbours::by_row(search.n_units(), search.order(), |i, row| {
        let mut found = Vec::with_capacity(16);
        find(i, &mut found);
        row.extend(found.iter().map(|(j, _)| j));
        row.sort_unstable();
    })
}

fn nearest_few(search: &impl Search, k: usize) -> Result<Neighbours, NeighboursError> {
    gathered(search, |i, found| search.nearest(i, k, found))
}

/// All other positions within `band` of each, the edge of the band included.
///
/// # Shapes and units
///
/// - `positions`: `[n_units]`, finite.
/// - returns: `[n_units]`, symmetric; positions at the same place are neighbours.
///
/// # Errors
///
/// [`NeighboursError::TooMany`] past [`MOST_LINKS`](super::MOST_LINKS).
#[doc(alias = "dnearneigh")]
#[doc(alias = "DistanceBand")]
pub fn distance_band(positions: &[Bng], band: Metres) -> Result<Neighbours, NeighboursError> {
    within_band(positions, band.get() * (1.0 + EDGE))
}

/// All other cells whose centre lies within `band` of each cell's centre: as [`distance_band`] of
/// the centres, by arithmetic.
///
/// # Errors
///
/// As [`distance_band`].
pub fn cell_band(grid: &Grid, band: Metres) -> Result<Neighbours, NeighboursError> {
    let cells = Cells::within_reach(grid, band.get());
    gathered(&cells, |i, found| cells.within(i, band.get(), found))
}

/// The `k` nearest other positions of each; of equally near ones, the first in the list.
///
/// # Shapes and units
///
/// - `positions`: `[n_units]`, finite.
/// - returns: `[n_units]`, `k` each or all others where there are fewer; not symmetric.
///
/// # Errors
///
/// As [`distance_band`].
#[doc(alias = "knearneigh")]
#[doc(alias = "KNN")]
pub fn nearest(positions: &[Bng], k: usize) -> Result<Neighbours, NeighboursError> {
    nearest_few(&Positions::new(positions), k)
}

/// The `k` nearest other cells of each: as [`nearest`] of their centres, by arithmetic.
///
/// # Errors
///
/// As [`distance_band`].
pub fn cell_nearest(grid: &Grid, k: usize) -> Result<Neighbours, NeighboursError> {
    nearest_few(&Cells::nearest_of(grid, k), k)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::geometry::Shape;
    use crate::units::UnitIdx;
    use crate::weights::{Contiguity, cell_contiguity};

    pub(in crate::weights) fn centres(grid: &Grid) -> Vec<Bng> {
        (0..grid.len()).map(|i| grid.centre(UnitIdx::new(i))).collect()
    }

    /// Cells over a triangle and a far corner: ragged edges, and cells with few others near.
    pub(in crate::weights) fn ragged() -> Grid {
        use geo::{MultiPolygon, polygon};
        let shape = Shape::new(MultiPolygon::new(vec![
            polygon![(x: 1_000.0, y: 2_000.0), (x: 1_630.0, y: 2_000.0), (x: 1_000.0, y: 2_410.0)],
            polygon![(x: 3_010.0, y: 2_900.0), (x: 3_090.0, y: 2_900.0), (x: 3_050.0, y: 2_990.0)],
        ]));
        Grid::over(&shape, Metres::new(50.0)).unwrap().0
    }

    #[test]
    fn the_diagonal_of_a_cell_is_within_its_band() {
        for side in [50.0, 250.0, 333.3] {
            let grid = Grid::rectangle(Metres::new(side), (1700, 2000), (6, 5)).unwrap();
            let band = Metres::new(side * 2.0_f64.sqrt());
            let queen = cell_contiguity(&grid, Contiguity::Queen);

            assert_eq!(distance_band(&centres(&grid), band).unwrap(), queen);
            assert_eq!(cell_band(&grid, band).unwrap(), queen);
        }
    }

    #[test]
    fn cells_find_by_arithmetic_what_their_centres_find_by_search() {
        let grid = ragged();
        for band in [40.0, 50.0, 120.0, 250.0, 2_600.0] {
            let band = Metres::new(band);
            assert_eq!(cell_band(&grid, band), distance_band(&centres(&grid), band), "{band}");
        }
        for k in [1, 3, 4, 8, 25, 400] {
            assert_eq!(cell_nearest(&grid, k), nearest(&centres(&grid), k), "{k} nearest");
        }
    }

    #[test]
    fn the_nearest_are_those_of_a_full_search() {
        let at: Vec<_> =
            (0..60_u32).map(|i| Bng::new(f64::from(i * 37 % 11), f64::from(i * 53 % 7))).collect();

        let near = nearest(&at, 4).unwrap();

        for i in 0..at.len() {
            let mut all: Vec<_> = (0..at.len()).filter(|&j| j != i).collect();
            all.sort_by(|&a, &b| {
                at[i].distance(at[a]).total_cmp(&at[i].distance(at[b])).then(a.cmp(&b))
            });
            let mut wanted: Vec<_> = all[..4].iter().map(|&j| j as u32).collect();
            wanted.sort_unstable();
            assert_eq!(near.of(i), wanted);
        }
    }

    #[test]
    fn fewer_positions_than_wanted_are_all_neighbours() {
        let two = [Bng::new(0.0, 0.0), Bng::new(1.0, 0.0)];

        assert_eq!(nearest(&two, 5).unwrap().of(0), [1]);
        assert_eq!(nearest(&[], 5).unwrap().n_units(), 0);
    }
}
