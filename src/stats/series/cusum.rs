//! CUSUM: a small lasting change, added up until it is sure.

use crate::aggregate::{poisson_at_least, poisson_exactly};

/// States of the chain that run lengths are worked out on.
const STATES: usize = 200;

/// A CUSUM of Poisson counts that looks for a rise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cusum {
    /// What each period must exceed for the sum to grow.
    pub reference: f64,
    /// Sum at which there is a signal.
    pub limit: f64,
    /// Periods to a false alarm on average.
    pub false_alarm_every: f64,
}

impl Cusum {
    /// The CUSUM for a rise to `ratio` times the mean that gives a false alarm in
    /// `false_alarm_every` periods, or fewer, on average.
    ///
    /// ```text
    /// reference = mean (ratio - 1) / ln(ratio)
    /// ```
    ///
    /// The limit is the smallest of the steps tried that keeps the run length, worked out on a
    /// Markov chain of 200 states.
    ///
    /// `None` unless the mean is above zero, the ratio above 1 and the run length 2 or more.
    ///
    /// # Source
    ///
    /// Lucas (1985), *Technometrics* 27(2), 129-144, <https://doi.org/10.1080/00401706.1985.10488030>;
    /// run lengths as Brook and Evans (1972), *Biometrika* 59(3), 539-549,
    /// <https://doi.org/10.1093/biomet/59.3.539>.
    pub fn for_rise(mean: f64, ratio: f64, false_alarm_every: f64) -> Option<Self> {
        let usable = |x: f64, least: f64| x.is_finite() && x > least;
        if !usable(mean, 0.0) || !usable(ratio, 1.0) || !usable(false_alarm_every, 2.0) {
            return None;
        }
        let reference = mean * (ratio - 1.0) / ratio.ln();
        let length = |limit: f64| run_length(mean, reference, limit);
        let mut high = mean.sqrt().max(0.5);
        while length(high) < false_alarm_every {
            high *= 2.0;
            if high > 1e9 {
                return None;
            }
        }
        let mut low = 0.0;
        for _ in 0..30 {
            let middle = f64::midpoint(low, high);
            if length(middle) < false_alarm_every {
                low = middle;
            } else {
                high = middle;
            }
        }
        let false_alarm_every = length(high);
        // Any sum at all is rare enough.
        let limit = if low > 0.0 { high } else { 0.0 };
        Some(Self { reference, limit, false_alarm_every })
    }

    /// Sums of a series, from zero; after a signal the sum starts from zero again.
    ///
    /// - `counts`: `[n_periods]`.
    /// - returns: `[n_periods]`: the sum, and whether there is a signal.
    pub fn follow(&self, counts: &[u64]) -> Vec<(f64, bool)> {
        let mut sum = 0.0_f64;
        counts
            .iter()
            .map(|&count| {
                sum = (sum + count as f64 - self.reference).max(0.0);
                let (reached, signal) = (sum, sum > self.limit);
                if signal {
                    sum = 0.0;
                }
                (reached, signal)
            })
            .collect()
    }
}

/// Periods to a signal on average, from a sum of zero, with Poisson counts of this mean.
fn run_length(mean: f64, reference: f64, limit: f64) -> f64 {
    // State i stands for sums about i * step; the last one is at the limit.
    let step = limit / (STATES as f64 - 0.5);
    let last = STATES - 1;
    let most = (mean + 12.0 * mean.sqrt() + 20.0) as u64;
    let chances: Vec<f64> = (0..=most).map(|count| poisson_exactly(count, mean)).collect();
    // (I - Q) L = 1, with Q the moves that stay below the limit.
    let mut matrix = vec![0.0; STATES * (STATES + 1)];
    for from in 0..STATES {
        let row = &mut matrix[from * (STATES + 1)..][..=STATES];
        for (count, chance) in chances.iter().enumerate() {
            let to = ((from as f64 * step + count as f64 - reference) / step).round().max(0.0);
            if to <= last as f64 {
                row[to as usize] -= chance;
            }
        }
        row[from] += 1.0;
        row[STATES] = 1.0;
        debug_assert!(poisson_at_least(most + 1, mean) < 1e-9);
    }
    solve(&mut matrix)
}

/// First unknown of a linear system in place: rows of coefficients with their right-hand side.
fn solve(matrix: &mut [f64]) -> f64 {
    let width = STATES + 1;
    // From the last unknown up, so that the first is solved when the rest are gone. The matrix is
    // dominated by its diagonal, which needs no pivots.
    for pivot in (1..STATES).rev() {
        let (above, rest) = matrix.split_at_mut(pivot * width);
        let own = &rest[..width];
        for row in above.chunks_mut(width) {
            let factor = row[pivot] / own[pivot];
            if factor != 0.0 {
                for (x, y) in row[..pivot].iter_mut().zip(&own[..pivot]) {
                    *x -= factor * y;
                }
                row[STATES] -= factor * own[STATES];
            }
        }
    }
    matrix[STATES] / matrix[0]
}

#[cfg(test)]
mod tests {
    use crate::stats::random::{poisson, stream};

    use super::*;

    #[test]
    fn false_alarms_come_as_seldom_as_asked() {
        for (mean, ratio, every) in [(4.0, 1.5, 60.0), (30.0, 1.3, 120.0)] {
            let cusum = Cusum::for_rise(mean, ratio, every).unwrap();
            assert!(cusum.false_alarm_every >= every);

            let lengths: Vec<f64> = (0..400)
                .map(|series| {
                    let mut rng = stream(31, series);
                    let (mut sum, mut periods) = (0.0_f64, 0.0);
                    while sum <= cusum.limit {
                        sum = (sum + poisson(&mut rng, mean) as f64 - cusum.reference).max(0.0);
                        periods += 1.0;
                    }
                    periods
                })
                .collect();
            let average = lengths.iter().sum::<f64>() / 400.0;
            // Run lengths are about exponential: five per cent for one standard error.
            assert!((average / cusum.false_alarm_every - 1.0).abs() < 0.2, "{average} {cusum:?}");
        }
    }

    #[test]
    fn a_lasting_rise_is_found_before_long() {
        let cusum = Cusum::for_rise(20.0, 1.5, 120.0).unwrap();
        let counts: Vec<u64> = (0..36).map(|m| if m < 24 { 19 + m % 3 } else { 30 }).collect();

        let sums = cusum.follow(&counts);

        assert!(!sums[..24].iter().any(|sum| sum.1));
        assert!(sums[24..28].iter().any(|sum| sum.1));
    }

    #[test]
    fn what_cannot_be_charted_is_none() {
        assert_eq!(Cusum::for_rise(0.0, 1.5, 100.0), None);
        assert_eq!(Cusum::for_rise(5.0, 1.0, 100.0), None);
        assert_eq!(Cusum::for_rise(5.0, 1.5, f64::NAN), None);
    }
}
