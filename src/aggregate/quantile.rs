//! Quantiles of the normal, gamma and beta distributions, to the last few digits.
//!
//! Found by Newton's method inside a bracket that only ever narrows, so that none depends on a good
//! first guess.

use std::f64::consts::{PI, SQRT_2};

use super::special::{beta_parts, binomial_chance, gamma_parts, poisson_chance};

/// Steps after which bisection alone has used up every digit.
const MOST_STEPS: usize = 200;

/// Share of a standard normal distribution below `z`, exact into the lower tail.
pub fn normal_below(z: f64) -> f64 {
    0.5 * libm::erfc(-z / SQRT_2)
}

/// The value that a standard normal variable stays below with probability `p`; infinite at 0 and 1.
pub fn normal_quantile(p: f64) -> f64 {
    if p > 0.5 {
        // The lower tail keeps its digits; by symmetry it will do.
        return -normal_quantile(1.0 - p);
    }
    if p <= 0.0 {
        return f64::NEG_INFINITY;
    }
    let density = |z: f64| (-0.5 * z * z).exp() / (2.0 * PI).sqrt();
    solve((-40.0, 0.0), -(-2.0 * p.ln()).sqrt(), |z| normal_below(z) - p, density)
}

/// Which tail of a distribution a probability is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tail {
    /// The probability of staying below.
    Lower,
    /// The probability of going above.
    Upper,
}

/// The value whose `tail` of a gamma distribution (`shape` > 0, scale 1) has probability `p`.
pub(super) fn gamma_quantile(shape: f64, p: f64, tail: Tail) -> f64 {
    let excess = |x: f64| tail.excess(gamma_parts(shape, x), p);
    // Wilson and Hilferty: the cube root is close to normal.
    let z = tail.sign() * normal_quantile(p);
    let guess = shape * (1.0 - 1.0 / (9.0 * shape) + z / (3.0 * shape.sqrt())).powi(3);
    let mut high = shape + 10.0 * shape.sqrt() + 10.0;
    while excess(high) < 0.0 {
        high *= 2.0;
    }
    solve((0.0, high), guess, excess, |x| poisson_chance(shape, x) * shape / x)
}

/// The value whose `tail` of a beta distribution (`a`, `b` > 0) has probability `p`.
pub(super) fn beta_quantile(a: f64, b: f64, p: f64, tail: Tail) -> f64 {
    let z = tail.sign() * normal_quantile(p);
    let mean = a / (a + b);
    let guess = mean + z * (mean * (1.0 - mean) / (a + b + 1.0)).sqrt();
    let density =
        |x: f64| binomial_chance(a, a + b, x, 1.0 - x) * a * b / (a + b) / (x * (1.0 - x));
    solve((0.0, 1.0), guess, |x| tail.excess(beta_parts(a, b, x, 1.0 - x), p), density)
}

impl Tail {
    /// Which way a normal quantile points.
    fn sign(self) -> f64 {
        match self {
            Self::Lower => 1.0,
            Self::Upper => -1.0,
        }
    }

    /// How far the distribution function, given as lower and upper part, lies above its target:
    /// rises for both tails.
    fn excess(self, (lower, upper): (f64, f64), p: f64) -> f64 {
        match self {
            Self::Lower => lower - p,
            Self::Upper => p - upper,
        }
    }
}

/// The zero of a rising function between `low` and `high`, given its slope.
fn solve(
    (mut low, mut high): (f64, f64),
    guess: f64,
    value: impl Fn(f64) -> f64,
    slope: impl Fn(f64) -> f64,
) -> f64 {
    let mut x = if guess > low && guess < high { guess } else { f64::midpoint(low, high) };
    for _ in 0..MOST_STEPS {
        let y = value(x);
        if y == 0.0 {
            return x;
        }
        if y < 0.0 {
            low = x;
        } else {
            high = x;
        }
        let newton = x - y / slope(x);
        let next = if newton > low && newton < high { newton } else { f64::midpoint(low, high) };
        if (next - x).abs() <= f64::EPSILON * x.abs() {
            return next;
        }
        x = next;
    }
    x
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::*;

    /// Wichura's algorithm AS 241, as R and Python have it.
    #[test]
    fn normal_quantiles_agree_with_as_241() {
        let wichura = [
            (0.975, 1.959_963_984_540_054),
            (0.95, 1.644_853_626_951_472_2),
            (0.5, 0.0),
            (1e-10, -6.361_340_902_404_056),
            (0.25, -0.674_489_750_196_081_7),
        ];

        for (p, z) in wichura {
            assert_relative_eq!(normal_quantile(p), z, max_relative = 1e-14);
        }
    }

    #[test]
    fn gamma_quantiles_undo_the_distribution_function() {
        for shape in [0.5, 1.0, 2.0, 37.0, 140.0, 25_814.0, 1e6] {
            for p in [1e-6, 0.025, 0.5] {
                let low = gamma_quantile(shape, p, Tail::Lower);
                let high = gamma_quantile(shape, p, Tail::Upper);
                assert_relative_eq!(gamma_parts(shape, low).0, p, max_relative = 1e-11);
                assert_relative_eq!(gamma_parts(shape, high).1, p, max_relative = 1e-11);
            }
        }
        // Shape 1 is the exponential distribution, whose quantile is a logarithm.
        assert_relative_eq!(
            gamma_quantile(1.0, 0.025, Tail::Upper),
            -0.025_f64.ln(),
            max_relative = 1e-14
        );
    }

    #[test]
    fn beta_quantiles_undo_the_distribution_function() {
        for (a, b) in [(1.0, 6.0), (2.0, 3.0), (2.5, 1.5), (120.0, 96.0), (9_000.0, 11_000.0)] {
            for p in [1e-6, 0.025, 0.5] {
                let low = beta_quantile(a, b, p, Tail::Lower);
                let high = beta_quantile(a, b, p, Tail::Upper);
                assert_relative_eq!(beta_parts(a, b, low, 1.0 - low).0, p, max_relative = 1e-9);
                assert_relative_eq!(beta_parts(a, b, high, 1.0 - high).1, p, max_relative = 1e-9);
            }
        }
        // With b = 1 the distribution function is a power.
        assert_relative_eq!(
            beta_quantile(6.0, 1.0, 0.025, Tail::Lower),
            0.025_f64.powf(1.0 / 6.0),
            max_relative = 1e-14
        );
    }
}
