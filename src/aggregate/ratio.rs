//! One rate over another: how many times as high, and how sure that is.

use super::interval::{Confidence, Interval};
use super::quantile::{Tail, beta_quantile};
use super::special::{beta_parts, binomial_chance};

/// Probabilities that differ by less than this share are taken as equal, as R does.
const TIE: f64 = 1e-7;

/// A count and what it was exposed to: people, years, or both multiplied.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exposed {
    /// Incidents.
    pub count: u64,
    /// Exposure, above zero.
    pub exposure: f64,
}

/// The ratio of two Poisson rates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RateRatio {
    /// First rate over second; `None` where the second is zero.
    pub ratio: Option<f64>,
    /// Lower end of the exact interval.
    pub low: f64,
    /// Upper end of the exact interval; `None` where there is none, because the second count is
    /// zero.
    pub high: Option<f64>,
    /// Two-sided exact p-value of the two rates being equal.
    pub p: f64,
    /// One-sided: of the first rate being no higher.
    pub p_greater: f64,
    /// One-sided: of the first rate being no lower.
    pub p_less: f64,
}

/// How many times as high the first rate is as the second, exactly: given both counts together, the
/// first is binomial.
///
/// ```text
/// k1 | k1 + k2 ~ Bin(k1 + k2, π), π/(1 - π) = ratio n1/n2
/// ```
///
/// The interval is Clopper and Pearson's for π, transformed; the p-value adds up every outcome that
/// is no more likely than the one seen. Rates are taken as Poisson: incidents that come in series
/// make the true interval wider.
///
/// `None` where both counts are zero or an exposure is not above zero.
///
/// # Source
///
/// Clopper and Pearson (1934), *Biometrika* 26(4), 404-413,
/// <https://doi.org/10.1093/biomet/26.4.404>. Follows `poisson.test` of R.
pub fn rate_ratio(first: Exposed, second: Exposed, confidence: Confidence) -> Option<RateRatio> {
    let (k1, k2) = (first.count as f64, second.count as f64);
    let exposures = exposure_ratio(first, second)?;
    if first.count + second.count == 0 {
        return None;
    }
    let odds = |share: f64| share / (1.0 - share) / exposures;
    let tail = confidence.tail();
    let low = match first.count {
        0 => 0.0,
        _ => odds(beta_quantile(k1, k2 + 1.0, tail, Tail::Lower)),
    };
    let high = (second.count > 0).then(|| odds(beta_quantile(k1 + 1.0, k2, tail, Tail::Upper)));
    let n = first.count + second.count;
    let (at_least, at_most) = binomial_tails(first.count, n, exposures / (1.0 + exposures));
    Some(RateRatio {
        ratio: (second.count > 0).then(|| k1 / k2 / exposures),
        low,
        high,
        p: binomial_p(first.count, n, exposures / (1.0 + exposures)),
        p_greater: at_least,
        p_less: at_most,
    })
}

/// Interval for the ratio by the score test, through Wilson's interval for the binomial share.
///
/// `None` where a count is zero or an exposure is not above zero.
///
/// # Source
///
/// Wilson (1927), *Journal of the American Statistical Association* 22(158), 209-212,
/// <https://doi.org/10.1080/01621459.1927.10502953>.
pub fn score_interval(first: Exposed, second: Exposed, confidence: Confidence) -> Option<Interval> {
    let exposures = exposure_ratio(first, second)?;
    if first.count == 0 || second.count == 0 {
        return None;
    }
    let (k1, n) = (first.count as f64, (first.count + second.count) as f64);
    let z2 = confidence.z().powi(2);
    let share = k1 / n;
    let middle = share + z2 / (2.0 * n);
    let half = (z2 * (share * (1.0 - share) / n + z2 / (4.0 * n * n))).sqrt();
    let whole = 1.0 + z2 / n;
    let odds = |end: f64| end / (whole - end) / exposures;
    Some(Interval { low: odds(middle - half), high: odds(middle + half) })
}

/// Interval for the ratio from the normal error of its logarithm.
///
/// `None` where a count is zero or an exposure is not above zero.
pub fn log_wald_interval(
    first: Exposed,
    second: Exposed,
    confidence: Confidence,
) -> Option<Interval> {
    let exposures = exposure_ratio(first, second)?;
    if first.count == 0 || second.count == 0 {
        return None;
    }
    let (k1, k2) = (first.count as f64, second.count as f64);
    let ratio = k1 / k2 / exposures;
    let factor = (confidence.z() * (1.0 / k1 + 1.0 / k2).sqrt()).exp();
    Some(Interval { low: ratio / factor, high: ratio * factor })
}

fn exposure_ratio(first: Exposed, second: Exposed) -> Option<f64> {
    let usable = |x: f64| x.is_finite() && x > 0.0;
    (usable(first.exposure) && usable(second.exposure)).then(|| first.exposure / second.exposure)
}

/// Chances of `k` or more and of `k` or fewer successes of `n` at a share of `share`.
fn binomial_tails(k: u64, n: u64, share: f64) -> (f64, f64) {
    let (kf, left, rest) = (k as f64, (n - k) as f64, 1.0 - share);
    let at_least = if k == 0 { 1.0 } else { beta_parts(kf, left + 1.0, share, rest).0 };
    let at_most = if k >= n { 1.0 } else { beta_parts(kf + 1.0, left, share, rest).1 };
    (at_least, at_most)
}

/// Two-sided exact p-value of `k` successes of `n` at a share of `share`.
fn binomial_p(k: u64, n: u64, share: f64) -> f64 {
    let (nf, rest) = (n as f64, 1.0 - share);
    let chance = |x: u64| binomial_chance(x as f64, nf, share, rest);
    let at_most = |x: u64| binomial_tails(x.min(n), n, share).1;
    let at_least = |x: u64| binomial_tails(x, n, share).0;
    let mean = nf * share;
    let limit = chance(k) * (1.0 + TIE);
    let p = if (k as f64) < mean {
        // The chance falls beyond the mean: find where it is down to that of k again.
        let far = first_where(mean.ceil() as u64, n + 1, |x| x > n || chance(x) <= limit);
        at_most(k) + if far > n { 0.0 } else { at_least(far) }
    } else if (k as f64) > mean {
        // The same below the mean, counted down from it.
        let start = mean.floor() as u64;
        let steps = first_where(0, start + 1, |d| d > start || chance(start - d) <= limit);
        at_least(k) + if steps > start { 0.0 } else { at_most(start - steps) }
    } else {
        1.0
    };
    p.min(1.0)
}

/// The first number from `low` to `high` for which a claim holds that holds for all after it;
/// `high` if for none before.
fn first_where(mut low: u64, mut high: u64, holds: impl Fn(u64) -> bool) -> u64 {
    while low < high {
        let middle = u64::midpoint(low, high);
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::*;

    fn of(count: u64, exposure: f64) -> Exposed {
        Exposed { count, exposure }
    }

    /// R 4.2.2: `poisson.test(c(20, 10))`.
    #[test]
    fn twice_as_many_agrees_with_r() {
        let ours = rate_ratio(of(20, 1.0), of(10, 1.0), Confidence::P95).unwrap();

        assert_eq!(ours.ratio, Some(2.0));
        assert_relative_eq!(ours.low, 0.893_508_890_384_691, max_relative = 1e-9);
        assert_relative_eq!(ours.high.unwrap(), 4.784_552_440_338_1, max_relative = 1e-9);
        assert_relative_eq!(ours.p, 0.098_737_146_705_388_9, max_relative = 1e-9);
        // scipy 1.17.1: `binomtest(20, 30, 0.5, alternative)`, greater and less.
        assert_relative_eq!(ours.p_greater, 0.049_368_573_352_694_525, max_relative = 1e-9);
        assert_relative_eq!(ours.p_less, 0.978_613_027_371_466_2, max_relative = 1e-9);
    }

    #[test]
    fn p_is_the_sum_over_outcomes_no_more_likely() {
        for (k, n, share) in
            [(0_u64, 7_u64, 0.5_f64), (7, 7, 0.3), (3, 12, 0.21), (9, 30, 0.6), (55, 80, 0.5)]
        {
            let mut chances = vec![(1.0 - share).powi(n as i32)];
            for x in 1..=n {
                let last = chances[x as usize - 1];
                let odds: f64 = share / (1.0 - share);
                chances.push(last * odds * (n - x + 1) as f64 / x as f64);
            }
            let limit = chances[k as usize] * (1.0 + TIE);
            let sum: f64 = chances.iter().filter(|&&chance| chance <= limit).sum();
            assert_relative_eq!(binomial_p(k, n, share), sum, max_relative = 1e-9);
        }
    }

    #[test]
    fn swapping_the_two_turns_the_ratio_over() {
        let ours = rate_ratio(of(12, 1.0), of(25, 1.5), Confidence::P95).unwrap();
        let swapped = rate_ratio(of(25, 1.5), of(12, 1.0), Confidence::P95).unwrap();

        assert_relative_eq!(ours.low, 1.0 / swapped.high.unwrap(), max_relative = 1e-9);
        assert_relative_eq!(ours.p, swapped.p, max_relative = 1e-9);
    }

    #[test]
    fn what_cannot_be_said_is_none() {
        assert_eq!(rate_ratio(of(0, 1.0), of(0, 1.0), Confidence::P95), None);
        assert_eq!(rate_ratio(of(3, 0.0), of(1, 1.0), Confidence::P95), None);
        assert_eq!(score_interval(of(3, 1.0), of(0, 1.0), Confidence::P95), None);
        assert_eq!(log_wald_interval(of(0, 1.0), of(3, 1.0), Confidence::P95), None);
        let one_sided = rate_ratio(of(3, 1.0), of(0, 1.0), Confidence::P95).unwrap();
        assert_eq!((one_sided.ratio, one_sided.high), (None, None));
    }

    #[test]
    fn large_counts_do_not_lose_their_footing() {
        let ours = rate_ratio(of(250_000, 1.0), of(251_000, 1.0), Confidence::P95).unwrap();
        let wald = log_wald_interval(of(250_000, 1.0), of(251_000, 1.0), Confidence::P95).unwrap();

        assert_relative_eq!(ours.low, wald.low, max_relative = 1e-4);
        assert_relative_eq!(ours.high.unwrap(), wald.high, max_relative = 1e-4);
        assert!((0.1..0.2).contains(&ours.p), "{}", ours.p);
    }
}
