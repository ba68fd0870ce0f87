//! Chance that can be repeated: the same seed gives the same draws at any number of threads.

use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Spreads the numbers of streams apart, so that streams of one seed share no state.
const SPREAD: u64 = 0xD134_2543_DE82_EF95;

/// The generator of one draw or one unit: a stream of its own for each `number`.
pub(crate) fn stream(seed: u64, number: u64) -> Xoshiro256PlusPlus {
    Xoshiro256PlusPlus::seed_from_u64(seed ^ (number + 1).wrapping_mul(SPREAD))
}

/// A Poisson count with this mean, which is finite and not negative.
///
/// # Source
///
/// Hörmann (1993), *Insurance: Mathematics and Economics* 12(1), 39-45,
/// <https://doi.org/10.1016/0167-6687(93)90997-4>, algorithm PTRS; below a mean of 10, by
/// multiplying uniform numbers.
pub(crate) fn poisson(rng: &mut Xoshiro256PlusPlus, mean: f64) -> u64 {
    if mean < 10.0 {
        let limit = (-mean).exp();
        let mut product: f64 = rng.random();
        let mut count = 0;
        while product > limit {
            product *= rng.random::<f64>();
            count += 1;
        }
        return count;
    }
    let b = 0.931 + 2.53 * mean.sqrt();
    let a = -0.059 + 0.024_83 * b;
    let alpha = 1.123_9 + 1.132_8 / (b - 3.4);
    let sure = 0.927_7 - 3.622_4 / (b - 2.0);
    loop {
        let u = rng.random::<f64>() - 0.5;
        let v: f64 = rng.random();
        let edge = 0.5 - u.abs();
        let count = ((2.0 * a / edge + b) * u + mean + 0.43).floor();
        if edge >= 0.07 && v <= sure {
            return count as u64;
        }
        if count < 0.0 || (edge < 0.013 && v > edge) {
            continue;
        }
        let chance = count * mean.ln() - mean - libm::lgamma(count + 1.0);
        if (v * alpha / (a / (edge * edge) + b)).ln() <= chance {
            return count as u64;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_have_the_mean_and_variance_of_a_poisson_count() {
        for mean in [0.0, 0.3, 4.0, 9.99, 10.0, 35.0, 1_200.0] {
            let mut rng = stream(7, 0);
            let n = 40_000;
            let draws: Vec<f64> = (0..n).map(|_| poisson(&mut rng, mean) as f64).collect();
            let average = draws.iter().sum::<f64>() / f64::from(n);
            let spread = draws.iter().map(|x| (x - average).powi(2)).sum::<f64>() / f64::from(n);
            let error = (mean / f64::from(n)).sqrt();
            assert!((average - mean).abs() <= 4.0 * error, "mean {mean}: {average}");
            assert!((spread - mean).abs() <= 0.05 * mean, "mean {mean}: variance {spread}");
        }
    }

    #[test]
    fn streams_differ_and_repeat() {
        let first = |seed, number| stream(seed, number).random::<u64>();

        assert_eq!(first(1, 0), first(1, 0));
        assert_ne!(first(1, 0), first(1, 1));
        assert_ne!(first(1, 0), first(2, 0));
    }
}
