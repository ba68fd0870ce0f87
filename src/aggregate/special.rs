//! Chances of counts: Poisson and binomial, at a value and up to it.
//!
//! Chances at a value follow Loader's saddle-point form, which keeps its digits where logarithms of
//! factorials would cancel: counts of a million are as exact as counts of ten.
//!
//! Source: Loader (2000), *Fast and Accurate Computation of Binomial Probabilities*, as in R's
//! `dbinom` and `dpois`; Press and others (2007), *Numerical Recipes*, 3rd edition, Cambridge,
//! sections 6.2 and 6.4 for the series and continued fractions.

use std::f64::consts::PI;

/// Where a continued fraction or series has used up every digit.
const PRECISION: f64 = 3e-16;
/// Terms at most; the square root of the largest count, many times over.
const MOST_TERMS: usize = 1_000_000;
/// Stands in for zero in a denominator.
const TINY: f64 = 1e-300;

/// What Stirling's formula leaves out of the logarithm of n!.
///
/// ```text
/// ln n! = ln √(2πn) + n ln n - n + left_out(n)
/// ```
fn stirling_error(n: f64) -> f64 {
    if n <= 15.0 {
        return libm::lgamma(n + 1.0) - (n + 0.5) * n.ln() + n - 0.5 * (2.0 * PI).ln();
    }
    let n2 = n * n;
    let terms = 1.0 / 360.0 - (1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / 1188.0 / n2) / n2) / n2;
    (1.0 / 12.0 - terms / n2) / n
}

/// `x ln(x/m) + m - x`, without cancelling where x is close to m.
fn deviance(x: f64, m: f64) -> f64 {
    if (x - m).abs() >= 0.1 * (x + m) {
        return x * (x / m).ln() + m - x;
    }
    let v = (x - m) / (x + m);
    let mut sum = (x - m) * v;
    let mut term = 2.0 * x * v;
    for j in 1..1_000 {
        term *= v * v;
        let next = sum + term / f64::from(2 * j + 1);
        if (next - sum).abs() <= f64::EPSILON * 0.25 * sum.abs() {
            break;
        }
        sum = next;
    }
    sum
}

/// `mean^x e^-mean / Γ(x + 1)`: the chance of `x` incidents where `mean` are expected. Both above
/// zero, or `x` zero.
pub(super) fn poisson_chance(x: f64, mean: f64) -> f64 {
    if x == 0.0 {
        return (-mean).exp();
    }
    (-stirling_error(x) - deviance(x, mean)).exp() / (2.0 * PI * x).sqrt()
}

/// `Γ(n+1)/(Γ(x+1)Γ(n-x+1)) p^x (1-p)^(n-x)`: the chance of `x` of `n` at a chance of `p` each.
/// `rest` is 1 - p, given apart so that it keeps its digits.
pub(super) fn binomial_chance(x: f64, n: f64, p: f64, rest: f64) -> f64 {
    let y = n - x;
    if x == 0.0 {
        return (n * if p < 0.1 { (-p).ln_1p() } else { rest.ln() }).exp();
    }
    if y == 0.0 {
        return (n * if rest < 0.1 { (-rest).ln_1p() } else { p.ln() }).exp();
    }
    let log = stirling_error(n)
        - stirling_error(x)
        - stirling_error(y)
        - deviance(x, n * p)
        - deviance(y, n * rest);
    log.exp() * (n / (2.0 * PI * x * y)).sqrt()
}

/// Lower and upper part of the gamma distribution with this `shape` (above zero) at `x`, scale 1.
pub(super) fn gamma_parts(shape: f64, x: f64) -> (f64, f64) {
    if x <= 0.0 {
        return (0.0, 1.0);
    }
    let chance = poisson_chance(shape, x);
    if x < shape + 1.0 {
        let (mut term, mut sum) = (1.0, 1.0);
        for i in 1..MOST_TERMS {
            term *= x / (shape + i as f64);
            sum += term;
            if term < sum * PRECISION {
                break;
            }
        }
        let lower = chance * sum;
        return (lower, 1.0 - lower);
    }
    // Lentz's way through the continued fraction.
    let mut b = x + 1.0 - shape;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / b;
    let mut fraction = d;
    for i in 1..MOST_TERMS {
        let a = -(i as f64) * (i as f64 - shape);
        b += 2.0;
        d = 1.0 / not_zero(a * d + b);
        c = not_zero(b + a / c);
        fraction *= c * d;
        if (c * d - 1.0).abs() < PRECISION {
            break;
        }
    }
    let upper = chance * shape * fraction;
    (1.0 - upper, upper)
}

/// Lower and upper part of the beta distribution (`a`, `b` above zero) at `x`; `rest` is 1 - x.
pub(super) fn beta_parts(a: f64, b: f64, x: f64, rest: f64) -> (f64, f64) {
    if x <= 0.0 {
        return (0.0, 1.0);
    }
    if rest <= 0.0 {
        return (1.0, 0.0);
    }
    let chance = binomial_chance(a, a + b, x, rest);
    if x < (a + 1.0) / (a + b + 2.0) {
        let lower = chance * b / (a + b) * beta_fraction(a, b, x);
        (lower, 1.0 - lower)
    } else {
        let upper = chance * a / (a + b) * beta_fraction(b, a, rest);
        (1.0 - upper, upper)
    }
}

/// The continued fraction of the incomplete beta function, by Lentz's way.
fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    let mut c = 1.0;
    let mut d = 1.0 / not_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    for m in 1..MOST_TERMS {
        let m = m as f64;
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / not_zero(1.0 + even * d);
        c = not_zero(1.0 + even / c);
        fraction *= c * d;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / not_zero(1.0 + odd * d);
        c = not_zero(1.0 + odd / c);
        fraction *= c * d;
        if (c * d - 1.0).abs() < PRECISION {
            break;
        }
    }
    fraction
}

fn not_zero(x: f64) -> f64 {
    if x.abs() < TINY { TINY } else { x }
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::*;

    /// mpmath 1.3.0 at 40 digits.
    #[test]
    fn chances_agree_with_mpmath() {
        for (x, mean, chance) in [
            (3.0, 2.5, 0.213_763_017_249_736_45),
            (140.0, 120.0, 0.006_933_086_674_227_159),
            (25_814.0, 26_000.0, 0.001_274_530_012_895_455_4),
            (1e6, 1_001_000.0, 0.000_242_051_314_236_213_32),
        ] {
            assert_relative_eq!(poisson_chance(x, mean), chance, max_relative = 1e-12);
        }
        for (x, n, p, chance) in [
            (3.0, 12.0, 0.21, 0.244_188_038_686_906_22),
            (120.0, 215.0, 0.5, 0.012_749_420_222_844_338),
            (25_814.0, 51_000.0, 0.5, 7.395_021_855_386_608e-5),
            (4.0, 1e6, 1e-6, 0.015_328_271_728_001_122),
        ] {
            assert_relative_eq!(binomial_chance(x, n, p, 1.0 - p), chance, max_relative = 1e-12);
        }
        assert_relative_eq!(poisson_chance(0.0, 2.0), (-2.0_f64).exp());
        assert_relative_eq!(binomial_chance(0.0, 3.0, 0.5, 0.5), 0.125);
        assert_relative_eq!(binomial_chance(3.0, 3.0, 0.5, 0.5), 0.125);
    }

    /// mpmath 1.3.0 at 40 digits; the last by quadrature of the density.
    #[test]
    fn parts_agree_with_mpmath() {
        for (shape, x, lower, upper) in [
            (0.5, 2.0, 0.954_499_736_103_641_6, 0.045_500_263_896_358_42),
            (4.0, 1.0899, 0.025_002_512_262_324_39, 0.974_997_487_737_675_6),
            (141.0, 165.2, 0.974_975_662_845_330_2, 0.025_024_337_154_669_79),
            (25_814.0, 25_500.0, 0.024_983_139_989_168_783, 0.975_016_860_010_831_2),
            (1e6, 1_001_960.0, 0.974_946_780_600_861_6, 0.025_053_219_399_138_42),
        ] {
            let ours = gamma_parts(shape, x);
            assert_relative_eq!(ours.0, lower, max_relative = 1e-12);
            assert_relative_eq!(ours.1, upper, max_relative = 1e-12);
        }
        for (a, b, x, lower, upper) in [
            (0.5, 0.5, 0.3, 0.369_010_119_565_545_36, 0.630_989_880_434_454_6),
            (6.0, 3.0, 0.35, 0.025_317_513_320_312_49, 0.974_682_486_679_687_5),
            (120.0, 96.0, 0.6, 0.906_498_359_498_649, 0.093_501_640_501_351_01),
            (9_000.0, 11_000.0, 0.4375, 0.000_185_857_759_157_291_66, 0.999_814_142_240_842_8),
        ] {
            let ours = beta_parts(a, b, x, 1.0 - x);
            assert_relative_eq!(ours.0, lower, max_relative = 1e-12);
            assert_relative_eq!(ours.1, upper, max_relative = 1e-12);
        }
    }

    #[test]
    fn beyond_the_ends_is_all_or_nothing() {
        assert_eq!(gamma_parts(3.0, 0.0), (0.0, 1.0));
        assert_eq!(beta_parts(2.0, 3.0, 0.0, 1.0), (0.0, 1.0));
        assert_eq!(beta_parts(2.0, 3.0, 1.0, 0.0), (1.0, 0.0));
    }
}
