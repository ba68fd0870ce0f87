//! Neighbours by distance: all within a band, or the nearest few.

use rayon::prelude::*;
use rstar::RTree;
use rstar::primitives::GeomWithData;

use crate::crs::Bng;
use crate::quantity::Metres;

use super::Neighbours;

/// How far beyond the band a position still counts as on its edge, as a share of the band: rounding
/// must not decide whether the corner of a square lies within the square root of two sides.
const EDGE: f64 = 1e-12;

fn tree(positions: &[Bng]) -> RTree<GeomWithData<[f64; 2], usize>> {
    let place = |(i, p): (usize, &Bng)| GeomWithData::new([p.easting(), p.northing()], i);
    RTree::bulk_load(positions.iter().enumerate().map(place).collect())
}

/// All other positions within `band` of each, the edge of the band included.
///
/// # Shapes and units
///
/// - `positions`: `[n_units]`, finite.
/// - returns: `[n_units]`, symmetric; positions at the same place are neighbours.
pub fn distance_band(positions: &[Bng], band: Metres) -> Neighbours {
    let tree = tree(positions);
    let reach = band.get() * (1.0 + EDGE);
    let lists: Vec<Vec<usize>> = positions
        .par_iter()
        .enumerate()
        .map(|(i, from)| {
            if reach.is_nan() || reach < 0.0 {
                return Vec::new();
            }
            // The square of a distance rounds: ask a little wider, then measure.
            tree.locate_within_distance(
                [from.easting(), from.northing()],
                reach * reach * (1.0 + EDGE),
            )
            .map(|found| found.data)
            .filter(|&j| j != i && from.distance(positions[j]) <= reach)
            .collect()
        })
        .collect();
    Neighbours::from_lists(&lists).expect("the tree holds these positions only")
}

/// The `k` nearest other positions of each; of equally near ones, the first in the list.
///
/// # Shapes and units
///
/// - `positions`: `[n_units]`, finite.
/// - returns: `[n_units]`, `k` each or all others where there are fewer; not symmetric.
pub fn nearest(positions: &[Bng], k: usize) -> Neighbours {
    let tree = tree(positions);
    let lists: Vec<Vec<usize>> = positions
        .par_iter()
        .enumerate()
        .map(|(i, from)| {
            let mut found: Vec<(f64, usize)> = Vec::new();
            let at = [from.easting(), from.northing()];
            for (near, distance) in tree.nearest_neighbor_iter_with_distance_2(&at) {
                // Go on to the end of a tie, which the tree gives in any order.
                if found.len() >= k && found.last().is_some_and(|last| distance > last.0) {
                    break;
                }
                if near.data != i {
                    found.push((distance, near.data));
                }
            }
            found.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            found.into_iter().take(k).map(|(_, j)| j).collect()
        })
        .collect();
    Neighbours::from_lists(&lists).expect("the tree holds these positions only")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{Grid, UnitIdx};
    use crate::weights::{Contiguity, cell_contiguity};

    #[test]
    fn the_diagonal_of_a_cell_is_within_its_band() {
        for side in [50.0, 250.0, 333.3] {
            let grid = Grid::rectangle(Metres::new(side), (1700, 2000), (6, 5)).unwrap();
            let centres: Vec<_> = (0..grid.len()).map(|i| grid.centre(UnitIdx::new(i))).collect();

            let band = distance_band(&centres, Metres::new(side * 2.0_f64.sqrt()));

            assert_eq!(band, cell_contiguity(&grid, Contiguity::Queen));
        }
    }

    #[test]
    fn the_nearest_are_those_of_a_full_search() {
        let at: Vec<_> =
            (0..60_u32).map(|i| Bng::new(f64::from(i * 37 % 11), f64::from(i * 53 % 7))).collect();

        let near = nearest(&at, 4);

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
        assert_eq!(nearest(&[Bng::new(0.0, 0.0), Bng::new(1.0, 0.0)], 5).of(0), [1]);
        assert_eq!(nearest(&[], 5).n_units(), 0);
    }
}
