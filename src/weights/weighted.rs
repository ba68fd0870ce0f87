//! Neighbours with a weight each.

use rayon::prelude::*;

use super::english as say;
use super::neighbours::rows;
use super::{Neighbours, NeighboursError};

/// Neighbours of each unit and what each counts, the unit itself left out.
///
/// Weights that are all 1 take no room. A statistic that counts the unit itself (the star of Gi\*)
/// gives it a weight of 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    near: Neighbours,
    /// One per link, in the order of the links; `None` where each is 1.
    values: Option<Vec<f64>>,
}

/// Sums over all weights that the moments of global statistics are made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Constants {
    /// `Σ w_ij`.
    pub s0: f64,
    /// `½ Σ (w_ij + w_ji)²`.
    pub s1: f64,
    /// `Σ_i (Σ_j w_ij + Σ_j w_ji)²`.
    pub s2: f64,
    /// Units that have a neighbour.
    pub n_linked: usize,
}

impl From<Neighbours> for Weights {
    /// Each neighbour counts 1.
    fn from(near: Neighbours) -> Self {
        Self { near, values: None }
    }
}

impl Weights {
    /// From one list of neighbours and weights per unit, in any order; one that is named twice
    /// counts with the sum.
    ///
    /// # Errors
    ///
    /// [`NeighboursError`] if a list names its own unit, one that does not exist, or a weight that is
    /// negative or not finite.
    pub fn from_lists<L: AsRef<[(usize, f64)]>>(lists: &[L]) -> Result<Self, NeighboursError> {
        let n_units = lists.len();
        let mut starts = vec![0];
        let (mut targets, mut values): (Vec<u32>, Vec<f64>) = (Vec::new(), Vec::new());
        for (unit, list) in lists.iter().enumerate() {
            let mut sorted = list.as_ref().to_vec();
            sorted.sort_by_key(|(neighbour, _)| *neighbour);
            let mut last = None;
            for (neighbour, weight) in sorted {
                if neighbour >= n_units {
                    return Err(NeighboursError::OutOfRange { unit, neighbour, n_units });
                }
                if neighbour == unit {
                    return Err(NeighboursError::SelfLoop(unit));
                }
                if !(weight.is_finite() && weight >= 0.0) {
                    return Err(NeighboursError::Weight { unit, neighbour, weight });
                }
                if last == Some(neighbour) {
                    *values.last_mut().expect("there is a last") += weight;
                    continue;
                }
                last = Some(neighbour);
                targets.push(u32::try_from(neighbour).expect("fewer than 2^32 units"));
                values.push(weight);
            }
            starts.push(targets.len());
        }
        Ok(Self::of_values(Neighbours::from_parts(starts, targets), values))
    }

    /// Rows sorted by neighbour, in parallel; `order` as in [`rows`].
    pub(super) fn by_row(
        n_units: usize,
        order: Option<&[u32]>,
        fill: impl Fn(usize, &mut Vec<(u32, f64)>) + Sync,
    ) -> Result<Self, NeighboursError> {
        let (starts, entries) = rows(n_units, order, fill)?;
        let targets = entries.iter().map(|entry| entry.0).collect();
        let values = entries.iter().map(|entry| entry.1).collect();
        Ok(Self::of_values(Neighbours::from_parts(starts, targets), values))
    }

    #[expect(clippy::float_cmp, reason = "only an exact 1 needs no room")]
    fn of_values(near: Neighbours, values: Vec<f64>) -> Self {
        let all_one = values.iter().all(|&weight| weight == 1.0);
        Self { near, values: (!all_one).then_some(values) }
    }

    /// Who is near whom, without the weights.
    pub const fn near(&self) -> &Neighbours {
        &self.near
    }

    /// Number of units.
    pub fn n_units(&self) -> usize {
        self.near.n_units()
    }

    /// Neighbours of unit `i`, sorted.
    pub fn of(&self, i: usize) -> &[u32] {
        self.near.of(i)
    }

    /// Weights of the neighbours of unit `i`, in their order; `None` where each is 1.
    pub fn values_of(&self, i: usize) -> Option<&[f64]> {
        self.values.as_ref().map(|values| &values[self.near.span(i)])
    }

    /// Neighbours of unit `i` with their weights.
    pub fn row(&self, i: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let values = self.values_of(i);
        let weight = move |at: usize| values.map_or(1.0, |values| values[at]);
        self.of(i).iter().enumerate().map(move |(at, &j)| (j as usize, weight(at)))
    }

    /// `Σ_j w_ij`.
    pub fn sum(&self, i: usize) -> f64 {
        self.values_of(i).map_or(self.of(i).len() as f64, |values| values.iter().sum())
    }

    /// `Σ_j w_ij²`.
    pub fn sum_of_squares(&self, i: usize) -> f64 {
        self.values_of(i)
            .map_or(self.of(i).len() as f64, |values| values.iter().map(|w| w * w).sum())
    }

    /// `Σ_j w_ij f(x_j)`: the spatial lag of unit `i`, of some function of the values.
    pub fn lag_of(&self, i: usize, values: &[f64], f: impl Fn(f64) -> f64) -> f64 {
        let near = self.of(i);
        match self.values_of(i) {
            None => near.iter().map(|&j| f(values[j as usize])).sum(),
            Some(w) => near.iter().zip(w).map(|(&j, w)| w * f(values[j as usize])).sum(),
        }
    }

    /// `Σ_j w_ij x_j`: the spatial lag of unit `i`.
    pub fn lag(&self, i: usize, values: &[f64]) -> f64 {
        self.lag_of(i, values, |x| x)
    }

    /// The same weights divided so that those of each unit add up to 1; an island stays one.
    #[must_use]
    pub fn row_standardised(&self) -> Self {
        let mut values = Vec::with_capacity(self.near.n_links());
        for i in 0..self.n_units() {
            let sum = self.sum(i);
            // A row of zeros has nothing to share out.
            values.extend(self.row(i).map(|(_, w)| if sum > 0.0 { w / sum } else { 0.0 }));
        }
        Self::of_values(self.near.clone(), values)
    }

    /// The same among some units only: those where `keep` is true, renumbered in order. Weights stay
    /// as they are, so standardise rows afterwards.
    ///
    /// # Errors
    ///
    /// [`NeighboursError::Mask`] if `keep` describes another number of units.
    pub fn among(&self, keep: &[bool]) -> Result<Self, NeighboursError> {
        let near = self.near.among(keep)?;
        let kept = |i: &usize| keep[*i];
        let values = self.values.as_ref().map(|_| {
            (0..self.n_units())
                .filter(kept)
                .flat_map(|i| self.row(i).filter(|(j, _)| keep[*j]).map(|(_, weight)| weight))
                .collect()
        });
        Ok(Self { near, values })
    }

    /// Units without neighbours.
    pub fn islands(&self) -> impl Iterator<Item = usize> + '_ {
        self.near.islands()
    }

    /// What unit `i` counts for unit `j`; 0 where they are no neighbours.
    pub fn weight(&self, j: usize, i: usize) -> f64 {
        let Ok(at) = self.of(j).binary_search(&(i as u32)) else { return 0.0 };
        self.values_of(j).map_or(1.0, |values| values[at])
    }

    /// Whether each pair of units counts the same for one another.
    #[expect(clippy::float_cmp, reason = "symmetric to the last digit, or not at all")]
    pub fn is_symmetric(&self) -> bool {
        (0..self.n_units())
            .into_par_iter()
            .all(|i| self.row(i).all(|(j, weight)| self.weight(j, i) == weight))
    }

    /// Sums over all weights.
    pub fn constants(&self) -> Constants {
        let n = self.n_units();
        let mut to = vec![0.0; n];
        for i in 0..n {
            self.row(i).for_each(|(j, weight)| to[j] += weight);
        }
        let by_row: Vec<(f64, f64, f64)> = (0..n)
            .into_par_iter()
            .with_min_len(1_024)
            .map(|i| {
                let from = self.sum(i);
                // ½ (a + b)² over both directions of a pair is a² + ab summed over links.
                let squares = self.row(i).map(|(j, w)| w * (w + self.weight(j, i))).sum::<f64>();
                (from, squares, (from + to[i]).powi(2))
            })
            .collect();
        let mut sums =
            Constants { s0: 0.0, s1: 0.0, s2: 0.0, n_linked: n - self.islands().count() };
        for (s0, s1, s2) in by_row {
            sums.s0 += s0;
            sums.s1 += s1;
            sums.s2 += s2;
        }
        sums
    }

    /// How many neighbours units have, and which have none, in one sentence.
    pub fn in_words(&self) -> String {
        let n = self.n_units();
        let sizes = || (0..n).map(|i| self.of(i).len());
        let islands = self.islands().count();
        let (Some(fewest), Some(most)) = (sizes().min(), sizes().max()) else {
            return say::NO_UNITS.to_owned();
        };
        let mean = self.near.n_links() as f64 / n as f64;
        say::neighbours(n, (fewest, most), mean, islands)
    }
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use proptest::prelude::*;

    use super::*;

    fn some() -> Weights {
        Weights::from_lists(&[
            vec![(2, 0.5), (1, 2.0)],
            vec![(0, 2.0)],
            vec![(0, 1.0), (1, 1.0)],
            vec![],
        ])
        .unwrap()
    }

    #[test]
    fn rows_are_sorted_and_summed() {
        let weights = some();

        assert_eq!(weights.row(0).collect::<Vec<_>>(), [(1, 2.0), (2, 0.5)]);
        assert_relative_eq!(weights.sum(0), 2.5);
        assert_relative_eq!(weights.sum_of_squares(0), 4.25);
        assert_relative_eq!(weights.lag(0, &[9.0, 1.0, 4.0, 9.0]), 4.0);
        assert_eq!(weights.islands().collect::<Vec<_>>(), [3]);
        assert!(!weights.is_symmetric());
        assert!(weights.in_words().contains("1 has none"));
    }

    #[test]
    fn standardised_rows_add_up_to_one_and_islands_to_nothing() {
        let rows = some().row_standardised();

        assert_relative_eq!(rows.sum(0), 1.0);
        assert_relative_eq!(rows.weight(2, 1), 0.5);
        assert_relative_eq!(rows.sum(3), 0.0);
    }

    #[test]
    fn a_family_keeps_its_own_weights() {
        let among = some().among(&[true, false, true, true]).unwrap();

        assert_eq!(among, Weights::from_lists(&[vec![(1, 0.5)], vec![(0, 1.0)], vec![]]).unwrap());
    }

    #[test]
    fn weights_of_one_are_neighbours() {
        let near = Neighbours::from_lists(&[vec![1], vec![0]]).unwrap();

        assert_eq!(
            Weights::from(near),
            Weights::from_lists(&[vec![(1, 1.0)], vec![(0, 1.0)]]).unwrap()
        );
    }

    #[test]
    fn weights_that_are_none_are_refused() {
        for weight in [-1.0, f64::NAN, f64::INFINITY] {
            let refused = Weights::from_lists(&[vec![(1, weight)], vec![]]);
            assert!(matches!(refused, Err(NeighboursError::Weight { unit: 0, neighbour: 1, .. })));
        }
        assert_eq!(Weights::from_lists(&[vec![(0, 1.0)]]), Err(NeighboursError::SelfLoop(0)));
    }

    proptest! {
        /// Against sums over the whole square of weights.
        #[test]
        fn constants_are_those_of_the_full_table(
            n in 2_usize..7,
            draws in prop::collection::vec(0.0_f64..3.0, 49),
        ) {
            let w = |i: usize, j: usize| {
                let x = draws[i * 7 + j];
                if i == j || x < 1.0 { 0.0 } else { x }
            };
            let lists: Vec<Vec<_>> = (0..n)
                .map(|i| (0..n).filter(|&j| w(i, j) > 0.0).map(|j| (j, w(i, j))).collect())
                .collect();
            let ours = Weights::from_lists(&lists).unwrap().constants();
            let (mut s0, mut s1, mut s2) = (0.0, 0.0, 0.0);
            for i in 0..n {
                let mut both = 0.0;
                for j in 0..n {
                    s0 += w(i, j);
                    s1 += (w(i, j) + w(j, i)).powi(2) / 2.0;
                    both += w(i, j) + w(j, i);
                }
                s2 += both * both;
            }
            prop_assert!((ours.s0 - s0).abs() < 1e-9);
            prop_assert!((ours.s1 - s1).abs() < 1e-9);
            prop_assert!((ours.s2 - s2).abs() < 1e-9);
        }
    }
}
