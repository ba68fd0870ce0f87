//! Chances of a count this high or higher, or this low or lower.

use super::special::{beta_parts, gamma_parts, poisson_chance};

/// Chance of exactly `count` incidents where `mean` are expected.
pub fn poisson_exactly(count: u64, mean: f64) -> f64 {
    match (count, mean > 0.0) {
        (0, false) => 1.0,
        (_, false) => 0.0,
        (_, true) => poisson_chance(count as f64, mean),
    }
}

/// Chance of `count` or more incidents where `mean` are expected.
pub fn poisson_at_least(count: u64, mean: f64) -> f64 {
    match (count, mean > 0.0) {
        (0, _) => 1.0,
        (_, false) => 0.0,
        (_, true) => gamma_parts(count as f64, mean).0,
    }
}

/// Chance of `count` or fewer incidents where `mean` are expected.
pub fn poisson_at_most(count: u64, mean: f64) -> f64 {
    if mean > 0.0 { gamma_parts(count as f64 + 1.0, mean).1 } else { 1.0 }
}

/// Chance of `count` or fewer incidents where `mean` are expected and counts vary `dispersion` times
/// as much as Poisson counts: negative binomial above 1, Poisson at 1 or below.
///
/// ```text
/// variance = dispersion * mean
/// ```
pub fn dispersed_at_most(count: u64, mean: f64, dispersion: f64) -> f64 {
    if mean.is_nan() || mean <= 0.0 || dispersion <= 1.0 + 1e-9 {
        return poisson_at_most(count, mean);
    }
    let size = mean / (dispersion - 1.0);
    let share = 1.0 / dispersion;
    beta_parts(size, count as f64 + 1.0, share, 1.0 - share).0
}

/// The smallest count that this share of dispersed counts does not exceed.
pub fn dispersed_quantile(share: f64, mean: f64, dispersion: f64) -> u64 {
    let reached = |count: u64| dispersed_at_most(count, mean, dispersion) >= share;
    let mut high = (mean.max(1.0) * 2.0) as u64 + 8;
    while !reached(high) && high < 1 << 52 {
        high *= 2;
    }
    let mut low = 0;
    while low < high {
        let middle = u64::midpoint(low, high);
        if reached(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

/// Chance that `drawn` of `all` things, taken without putting back, hold `found` or more of the
/// `marked` ones.
///
/// # Source
///
/// Johnson, Kemp and Kotz (2005), *Univariate Discrete Distributions*, 3rd edition, Wiley, chapter 6.
pub fn hypergeometric_at_least(found: u64, marked: u64, drawn: u64, all: u64) -> f64 {
    let most = marked.min(drawn);
    let least = (marked + drawn).saturating_sub(all);
    if found <= least {
        return 1.0;
    }
    if found > most {
        return 0.0;
    }
    let ln_choose = |n: u64, k: u64| {
        let ln = |x: u64| libm::lgamma(x as f64 + 1.0);
        ln(n) - ln(k) - ln(n - k)
    };
    let start = (ln_choose(marked, found) + ln_choose(all - marked, drawn - found)
        - ln_choose(all, drawn))
    .exp();
    let (mut term, mut sum) = (start, 0.0);
    for k in found..=most {
        sum += term;
        let (k, rest) = (k as f64, (all - marked) as f64 - (drawn - k) as f64);
        term *= (marked as f64 - k) * (drawn as f64 - k) / ((k + 1.0) * (rest + 1.0));
        if term < sum * 1e-17 {
            break;
        }
    }
    sum.min(1.0)
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::*;

    /// R 4.2.2: `ppois`, `pnbinom(mu, size)`, `qnbinom`, `phyper`.
    #[test]
    fn tails_agree_with_r() {
        assert_relative_eq!(
            poisson_at_least(6, 1.0),
            0.000_594_184_817_581_692_9,
            max_relative = 1e-10
        );
        assert_relative_eq!(
            dispersed_at_most(12, 10.0, 2.0),
            (0..=12).map(|k| negative_binomial(k, 10.0, 2.0)).sum::<f64>(),
            max_relative = 1e-10
        );
        // 4 red of 10, 3 drawn: at least 2 red is (C(4,2) C(6,1) + C(4,3)) / C(10,3) = 40/120.
        assert_relative_eq!(hypergeometric_at_least(2, 4, 3, 10), 1.0 / 3.0, max_relative = 1e-12);
        assert_relative_eq!(
            hypergeometric_at_least(3, 4, 3, 10),
            4.0 / 120.0,
            max_relative = 1e-12
        );
    }

    /// The probabilities themselves, by their definition.
    fn negative_binomial(k: u32, mean: f64, dispersion: f64) -> f64 {
        let size = mean / (dispersion - 1.0);
        let share = 1.0 / dispersion;
        let k = f64::from(k);
        (libm::lgamma(k + size) - libm::lgamma(size) - libm::lgamma(k + 1.0)).exp()
            * share.powf(size)
            * (1.0 - share).powf(k)
    }

    #[test]
    fn quantiles_are_the_smallest_counts_that_reach_their_share() {
        for (mean, dispersion) in [(0.3, 1.0), (12.0, 1.0), (12.0, 3.5), (40_000.0, 2.0)] {
            for share in [0.025, 0.5, 0.975] {
                let q = dispersed_quantile(share, mean, dispersion);
                assert!(dispersed_at_most(q, mean, dispersion) >= share);
                assert!(q == 0 || dispersed_at_most(q - 1, mean, dispersion) < share);
            }
        }
        assert_eq!(dispersed_quantile(0.975, 0.0, 1.0), 0);
    }

    #[test]
    #[expect(clippy::float_cmp, reason = "certain and impossible are exact")]
    fn nothing_expected_is_nothing_found() {
        assert_eq!(poisson_at_least(0, 0.0), 1.0);
        assert_eq!(poisson_at_least(1, 0.0), 0.0);
        assert_eq!(poisson_at_most(0, 0.0), 1.0);
        assert_eq!(poisson_exactly(0, 0.0), 1.0);
        assert_eq!(hypergeometric_at_least(5, 4, 3, 10), 0.0);
        assert_eq!(hypergeometric_at_least(0, 0, 0, 0), 1.0);
    }
}
