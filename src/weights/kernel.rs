//! Weights that fall with distance.

use std::str::FromStr;

use crate::crs::Bng;
use crate::quantity::Metres;
use crate::units::Grid;

use super::search::{Cells, Found, Positions, Search};
use super::{NeighboursError, Weights};

/// An adaptive reach goes this much past the last neighbour it must hold, so that the one at its
/// very edge keeps a weight above zero.
const PAST_THE_LAST: f64 = 1.0 + 1e-7;

/// How weight falls with `u`, the distance over the reach; 1 at no distance and nothing beyond the
/// reach.
///
/// Other tools multiply by a constant that makes the kernel enclose an area of 1 (15/16 for the
/// quartic); it drops out of every score but the plain local Moran's I and Geary's c.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WeightKernel {
    /// 1: a distance band.
    Uniform,
    /// `1 - u`.
    Triangular,
    /// `1 - u²`.
    Epanechnikov,
    /// `(1 - u²)²`.
    Quartic,
    /// `exp(-u²/2)`, cut off at the reach as in libpysal and `GeoDa`.
    Gaussian,
}

impl WeightKernel {
    /// Every kernel.
    pub const ALL: [Self; 5] =
        [Self::Uniform, Self::Triangular, Self::Epanechnikov, Self::Quartic, Self::Gaussian];

    /// Name as it is written in a choice of weights.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Uniform => "uniform",
            Self::Triangular => "triangular",
            Self::Epanechnikov => "epanechnikov",
            Self::Quartic => "quartic",
            Self::Gaussian => "gaussian",
        }
    }

    /// Weight at `u` reaches away.
    pub fn weight(self, u: f64) -> f64 {
        let inside = (1.0 - u * u).max(0.0);
        match self {
            Self::Uniform => 1.0,
            Self::Triangular => (1.0 - u).max(0.0),
            Self::Epanechnikov => inside,
            Self::Quartic => inside * inside,
            Self::Gaussian => (-0.5 * u * u).exp(),
        }
    }
}

impl FromStr for WeightKernel {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|kernel| kernel.id() == text).ok_or_else(|| {
            let known: Vec<&str> = Self::ALL.iter().map(|kernel| kernel.id()).collect();
            format!("there is no kernel `{text}` (there are: {})", known.join(", "))
        })
    }
}

/// How far a kernel reaches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reach {
    /// The same distance everywhere.
    Fixed(Metres),
    /// From each unit to its k-th nearest other.
    Nearest(usize),
}

/// Weights of the positions within reach of each, by a kernel.
///
/// ```text
/// w_ij = K(d_ij / h_i), d_ij <= h_i
/// ```
///
/// # Shapes and units
///
/// - `positions`: `[n_units]`, finite.
/// - returns: `[n_units]`, the unit itself left out; symmetric for a fixed reach alone. A neighbour
///   whose weight is zero, at the very edge of a fixed reach, is none.
///
/// # Errors
///
/// [`NeighboursError::TooMany`] past [`MOST_LINKS`](super::MOST_LINKS).
///
/// # Source
///
/// As `libpysal.weights.Kernel`, whose adaptive bandwidth also goes a ten-millionth past the k-th
/// neighbour.
pub fn kernel_weights(
    positions: &[Bng],
    kernel: WeightKernel,
    reach: Reach,
) -> Result<Weights, NeighboursError> {
    weigh(&Positions::new(positions), kernel, reach)
}

/// As [`kernel_weights`] of the cells' centres, by arithmetic.
///
/// # Errors
///
/// As [`kernel_weights`].
pub fn cell_kernel(
    grid: &Grid,
    kernel: WeightKernel,
    reach: Reach,
) -> Result<Weights, NeighboursError> {
    let cells = match reach {
        Reach::Fixed(metres) => Cells::within_reach(grid, metres.get()),
        Reach::Nearest(k) => Cells::nearest_of(grid, k),
    };
    weigh(&cells, kernel, reach)
}

fn weigh(
    search: &impl Search,
    kernel: WeightKernel,
    reach: Reach,
) -> Result<Weights, NeighboursError> {
    Weights::by_row(search.n_units(), search.order(), |i, row: &mut Found| {
        let reach = match reach {
            Reach::Fixed(metres) => {
                search.within(i, metres.get(), row);
                metres.get()
            }
            Reach::Nearest(k) => {
                search.nearest(i, k, row);
                row.last().map_or(0.0, |(_, distance)| distance * PAST_THE_LAST)
            }
        };
        for entry in row.iter_mut() {
            // All neighbours at one place: no distance to speak of.
            let u = if reach > 0.0 { entry.1 / reach } else { 0.0 };
            entry.1 = kernel.weight(u);
        }
        row.retain(|entry| entry.1 > 0.0);
        row.sort_unstable_by_key(|entry| entry.0);
    })
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::super::distance::tests::{centres, ragged};
    use super::*;
    use crate::weights::distance_band;

    fn row(weights: &Weights, i: usize) -> Vec<(usize, f64)> {
        weights.row(i).collect()
    }

    #[test]
    fn weight_falls_from_one_to_nothing() {
        for kernel in WeightKernel::ALL {
            assert_relative_eq!(kernel.weight(0.0), 1.0);
            assert!(kernel.weight(0.5) <= 1.0 && kernel.weight(0.5) >= kernel.weight(1.0));
            assert_eq!(kernel.id().parse(), Ok(kernel));
        }
        assert_relative_eq!(WeightKernel::Quartic.weight(0.5), 0.5625);
        assert!("cone".parse::<WeightKernel>().unwrap_err().contains("quartic"));
    }

    /// `libpysal` 4.14.1: `Kernel(points, fixed=False, k=2, function='triangular')` of the six
    /// points of its own documentation, whose weight of the second nearest is 9.99999900663795e-08.
    #[test]
    fn an_adaptive_kernel_keeps_its_last_neighbour() {
        let at = [(10., 10.), (20., 10.), (40., 10.), (15., 20.), (30., 20.), (30., 30.)]
            .map(|(x, y)| Bng::new(x, y));

        let weights = kernel_weights(&at, WeightKernel::Triangular, Reach::Nearest(2)).unwrap();

        let first = row(&weights, 0);
        assert_eq!(first.iter().map(|(j, _)| *j).collect::<Vec<_>>(), [1, 3]);
        assert_relative_eq!(first[0].1, 0.105_572_898_3, epsilon = 1e-9);
        assert_relative_eq!(first[1].1, 9.999_999_006_637_95e-8, epsilon = 1e-14);
    }

    #[test]
    fn a_uniform_kernel_is_a_distance_band() {
        let grid = ragged();
        let reach = Metres::new(120.0);

        let weights = cell_kernel(&grid, WeightKernel::Uniform, Reach::Fixed(reach)).unwrap();

        assert_eq!(*weights.near(), distance_band(&centres(&grid), reach).unwrap());
        assert!((0..grid.len()).all(|i| weights.values_of(i).is_none()));
    }

    #[test]
    fn cells_weigh_by_arithmetic_as_their_centres_do_by_search() {
        let grid = ragged();
        for reach in [Reach::Fixed(Metres::new(150.0)), Reach::Nearest(7)] {
            let cells = cell_kernel(&grid, WeightKernel::Gaussian, reach).unwrap();
            let points = kernel_weights(&centres(&grid), WeightKernel::Gaussian, reach).unwrap();
            for i in 0..grid.len() {
                for (a, b) in row(&cells, i).into_iter().zip(row(&points, i)) {
                    assert_eq!(a.0, b.0);
                    assert_relative_eq!(a.1, b.1, max_relative = 1e-9);
                }
            }
        }
    }

    #[test]
    fn neighbours_at_the_same_place_weigh_fully() {
        let at = [Bng::new(5.0, 5.0); 3];

        let weights = kernel_weights(&at, WeightKernel::Quartic, Reach::Nearest(2)).unwrap();

        assert_eq!(row(&weights, 0), [(1, 1.0), (2, 1.0)]);
    }
}
