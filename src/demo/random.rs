//! Seeded streams and noise, made of `+ - * /` and square roots alone, so that a seed gives the
//! same borough on every machine: the last digits of library sines and logarithms differ.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

/// A stream of random numbers of its own for each thing made, so that no thing depends on the
/// order in which others are made.
pub(super) struct Stream(Xoshiro256PlusPlus);

impl Stream {
    /// The stream called `name` of `seed`.
    pub(super) fn new(seed: u64, name: &str) -> Self {
        let start = mix(seed ^ 0x5745_4152_4445_4d4f);
        let key = name.bytes().fold(start, |key, byte| mix(key ^ u64::from(byte)));
        Self(Xoshiro256PlusPlus::seed_from_u64(key))
    }

    /// At least 0 and less than 1.
    pub(super) fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// At least `low` and less than `high`.
    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// A whole number below `n`; 0 if `n` is 0.
    pub(super) fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.0.next_u64()) * n as u128) >> 64) as usize
    }

    /// Whether something of this probability happens.
    pub(super) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// About normal, with mean 0 and deviation 1: the sum of six uniform numbers.
    pub(super) fn bell(&mut self) -> f64 {
        let sum: f64 = (0..6).map(|_| self.unit()).sum();
        (sum - 3.0) * std::f64::consts::SQRT_2
    }

    /// Events where `mean` are expected. Knuth's product method, in steps that stay above zero.
    pub(super) fn poisson(&mut self, mean: f64) -> usize {
        const STEP: f64 = 16.0;
        let (mut rest, mut events) = (mean.max(0.0), 0);
        while rest > 0.0 {
            let limit = exp_minus(rest.min(STEP));
            let mut product = self.unit();
            while product > limit {
                events += 1;
                product *= self.unit();
            }
            rest -= STEP;
        }
        events
    }

    /// One of `choices`, all alike.
    pub(super) fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }

    /// Puts `items` in any order.
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            let j = self.below(i + 1);
            items.swap(i, j);
        }
    }
}

/// A choice by weight, drawn many times.
pub(super) struct Weighted {
    cumulative: Vec<f64>,
}

impl Weighted {
    /// Choices 0, 1, 2 and so on, with these weights, none of them negative.
    pub(super) fn new(weights: impl IntoIterator<Item = f64>) -> Self {
        let mut sum = 0.0;
        let cumulative = weights
            .into_iter()
            .map(|weight| {
                sum += weight;
                sum
            })
            .collect();
        Self { cumulative }
    }

    /// Sum of all weights.
    pub(super) fn total(&self) -> f64 {
        self.cumulative.last().copied().unwrap_or(0.0)
    }

    /// One choice; 0 if all weights are 0.
    pub(super) fn draw(&self, stream: &mut Stream) -> usize {
        let at = stream.unit() * self.total();
        let i = self.cumulative.partition_point(|&sum| sum <= at);
        i.min(self.cumulative.len().saturating_sub(1))
    }
}

/// `e` to the power `-x`, for `x` of 0 or more.
pub(super) fn exp_minus(x: f64) -> f64 {
    // (e^(-x/1024))^1024, the inner power by its series.
    let t = x / 1024.0;
    let mut power = 1.0 - t * (1.0 - t / 2.0 * (1.0 - t / 3.0 * (1.0 - t / 4.0 * (1.0 - t / 5.0))));
    for _ in 0..10 {
        power *= power;
    }
    power
}

/// Spreads the bits of `x` (the finaliser of `SplitMix64`).
pub(super) fn mix(x: u64) -> u64 {
    let x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// A number between 0 and 1 that belongs to a pair of whole numbers.
pub(super) fn hash01(seed: u64, a: i64, b: i64) -> f64 {
    let bits = mix(mix(seed ^ a as u64) ^ b as u64);
    (bits >> 11) as f64 / (1u64 << 53) as f64
}

/// Smooth noise over the plane.
#[derive(Clone, Copy)]
pub(super) struct Noise {
    seed: u64,
    /// Distance between bumps, in metres.
    wavelength: f64,
}

impl Noise {
    /// The noise called `name` of `seed`.
    pub(super) fn new(seed: u64, name: &str, wavelength: f64) -> Self {
        let seed = name.bytes().fold(mix(seed), |key, byte| mix(key ^ u64::from(byte)));
        Self { seed, wavelength }
    }

    /// Between -1 and 1.
    pub(super) fn at(&self, x: f64, y: f64) -> f64 {
        let (x, y) = (x / self.wavelength, y / self.wavelength);
        let (i, j) = (x.floor(), y.floor());
        let ease = |t: f64| t * t * (3.0 - 2.0 * t);
        let (u, v) = (ease(x - i), ease(y - j));
        let corner = |di: i64, dj: i64| hash01(self.seed, i as i64 + di, j as i64 + dj);
        let south = corner(0, 0) * (1.0 - u) + corner(1, 0) * u;
        let north = corner(0, 1) * (1.0 - u) + corner(1, 1) * u;
        (south * (1.0 - v) + north * v) * 2.0 - 1.0
    }

    /// Noise of this and of three finer scales, each half as strong; about -1 to 1.
    pub(super) fn rough(&self, x: f64, y: f64) -> f64 {
        let octave = |k: u32| {
            let scale = f64::from(1u32 << k);
            let noise =
                Self { seed: self.seed ^ u64::from(k), wavelength: self.wavelength / scale };
            noise.at(x, y) / scale
        };
        (octave(0) + octave(1) + octave(2) + octave(3)) / 1.6
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponential_agrees_with_the_library() {
        for x in [0.0, 0.1, 1.0, 5.0, 16.0] {
            assert!((exp_minus(x) / (-x).exp() - 1.0).abs() < 1e-9, "{x}");
        }
    }

    #[test]
    fn poisson_draws_have_their_mean_and_variance() {
        let mut stream = Stream::new(1, "poisson");
        for mean in [0.3, 4.0, 40.0] {
            let draws: Vec<f64> = (0..20_000).map(|_| stream.poisson(mean) as f64).collect();
            let average = draws.iter().sum::<f64>() / 20_000.0;
            let variance = draws.iter().map(|d| (d - average) * (d - average)).sum::<f64>() / 2e4;

            assert!((average / mean - 1.0).abs() < 0.03, "mean {average} for {mean}");
            assert!((variance / mean - 1.0).abs() < 0.06, "variance {variance} for {mean}");
        }
    }

    #[test]
    fn streams_of_different_names_differ() {
        let draw = |seed, name| Stream::new(seed, name).unit().to_bits();

        assert!(draw(1, "a") != draw(1, "b") && draw(1, "a") != draw(2, "a"));
        assert_eq!(draw(1, "a"), draw(1, "a"));
    }
}
