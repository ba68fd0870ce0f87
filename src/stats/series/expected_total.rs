//! What several months together were expected to hold: the range a whole window is held against.

use crate::aggregate::{Confidence, dispersed_quantile};

use super::seasonal::{MOST_YEARS, SeasonalOptions, Usual, seasonal_expectations};

/// Months of a year.
const YEAR: usize = 12;
/// Fewest months just before the window that stand in for an earlier year.
const FEWEST_MONTHS: usize = 6;
/// Fewest earlier expectations that tell how much months vary about them.
const FEWEST_FOR_SPREAD: usize = 6;

/// What an expectation rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// The same months of this many earlier years.
    Years(usize),
    /// This many months just before the window: the season is not allowed for.
    Months(usize),
}

/// Expected total of a window, with the range that chance and ordinary variation explain.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ExpectedTotal {
    /// Expected number of incidents.
    pub expected: f64,
    /// Least that is still usual.
    pub low: u64,
    /// Most that is still usual.
    pub high: u64,
    /// What it rests on.
    pub basis: Basis,
    /// Variation of single months, in multiples of that of chance alone; at least 1.
    pub dispersion: f64,
}

impl ExpectedTotal {
    /// Where a count lies against the range; its ends are inside.
    pub fn place(&self, count: u64) -> Usual {
        Usual::of(count, self.low, self.high)
    }
}

/// Expected total of the last `window` months of a series, from the months before them alone.
///
/// ```text
/// e     = mean over years y of S_y L / E_y        S_y: the same months y years earlier,
/// d_t   = de / dm_t                               L: the twelve months before the window,
/// var e = phi * sum_t m_t d_t^2                   E_y: the twelve months before S_y
/// range = quantiles of a negative binomial of mean e and variance phi e + var e
/// ```
///
/// `L / E_y` brings a year up to the level of the last twelve months; years for which it is not held
/// are left out where another has it. It is 1 where no year has it, and for windows of a year or more,
/// whose level is what is compared.
/// `phi` is the square of the median of `|m_t - e_t| / sqrt(e_t)` over that of a standard normal
/// variable, over single months before the window that have an expectation of their own: a past
/// outbreak widens the range little. With fewer than six of those it is half the mean squared step from
/// month to month over the mean, which a slow rise does not widen.
///
/// Where no earlier year is held, the mean of up to twelve months just before the window stands in,
/// if there are six of them.
///
/// # Shapes and units
///
/// - `counts`: `[n_months]`, consecutive; `None` for a month that is not held whole. `window` is in
///   months and ends the series.
/// - returns: `None` where a month of the window is missing, too little is held before it, or
///   options are out of range.
///
/// # Source
///
/// Mean of earlier years as in Stroup et al. (1989), *Statistics in Medicine* 8, 323-329,
/// <https://doi.org/10.1002/sim.4780080312>; overdispersed range as in Farrington et al. (1996),
/// *JRSS A* 159(3), 547-563, <https://doi.org/10.2307/2983331>; `var e` by the delta method; scale from
/// the median as in Hampel (1974), *JASA* 69, 383-393, <https://doi.org/10.1080/01621459.1974.10482962>,
/// from steps as in von Neumann et al. (1941), *Ann. Math. Statist.* 12, 153-162,
/// <https://doi.org/10.1214/aoms/1177731746>.
pub fn expected_total(
    counts: &[Option<u64>],
    window: usize,
    options: &SeasonalOptions,
) -> Option<ExpectedTotal> {
    let in_range = window > 0 && (1..=MOST_YEARS).contains(&options.years);
    let start = counts.len().checked_sub(window).filter(|_| in_range)?;
    if counts[start..].iter().any(Option::is_none) {
        return None;
    }
    let tail = Confidence::new(options.confidence)?.tail();
    let before = &counts[..start];
    let (expected, variance, basis) = by_years(before, window, options)
        .or_else(|| by_months(before, window))
        .filter(|(expected, ..)| *expected > 0.0)?;
    let dispersion = dispersion(before, options);
    let spread = dispersion * (1.0 + variance / expected);
    Some(ExpectedTotal {
        expected,
        low: dispersed_quantile(tail, expected, spread),
        high: dispersed_quantile(1.0 - tail, expected, spread),
        basis,
        dispersion,
    })
}

/// Sum of a stretch of months, all of which are held.
fn sum(counts: &[Option<u64>], from: usize, months: usize) -> Option<f64> {
    counts.get(from..from + months)?.iter().try_fold(0.0, |sum, count| Some(sum + (*count)? as f64))
}

/// One year's expectation, and by stretch of months (first, length) its slope over each of them.
type Term = (f64, Vec<(usize, usize, f64)>);

/// Expectation and its variance for a dispersion of 1.
fn by_years(
    before: &[Option<u64>],
    window: usize,
    options: &SeasonalOptions,
) -> Option<(f64, f64, Basis)> {
    let start = before.len();
    let latest = start.checked_sub(YEAR).and_then(|from| Some((from, sum(before, from, YEAR)?)));
    let (mut terms, mut levelled): (Vec<Term>, Vec<Term>) = (Vec::new(), Vec::new());
    for year in 1..=options.years {
        // Only months before the window may speak for it.
        let Some(from) = start.checked_sub(YEAR * year).filter(|from| from + window <= start)
        else {
            continue;
        };
        let Some(same) = sum(before, from, window) else { continue };
        let earlier = from.checked_sub(YEAR).and_then(|at| Some((at, sum(before, at, YEAR)?)));
        let level = match (latest, earlier) {
            (Some((late, l)), Some((early, e)))
                if options.trend && window < YEAR && l > 0.0 && e > 0.0 =>
            {
                Some((late, l, early, e))
            }
            _ => None,
        };
        let term = level.map_or(same, |(_, l, _, e)| same * l / e);
        // Stretches of months, and the derivative of the term by each month of theirs.
        let mut parts = vec![(from, window, level.map_or(1.0, |(_, l, _, e)| l / e))];
        if let Some((late, l, early, e)) = level {
            parts.push((late, YEAR, term / l));
            parts.push((early, YEAR, -term / e));
        }
        let to = if level.is_some() { &mut levelled } else { &mut terms };
        to.push((term, parts));
    }
    // A year at its old level would pull the others back to it.
    let terms = if levelled.is_empty() { terms } else { levelled };
    let n = terms.len();
    if n == 0 {
        return None;
    }
    let mut slopes = vec![0.0; start];
    for &(from, months, slope) in terms.iter().flat_map(|(_, parts)| parts) {
        slopes[from..from + months].iter_mut().for_each(|d| *d += slope / n as f64);
    }
    let variance = before.iter().zip(&slopes).map(|(m, d)| m.unwrap_or(0) as f64 * d * d).sum();
    let expected = terms.iter().map(|(term, _)| term).sum::<f64>() / n as f64;
    Some((expected, variance, Basis::Years(n)))
}

fn by_months(before: &[Option<u64>], window: usize) -> Option<(f64, f64, Basis)> {
    let held: Vec<f64> =
        before.iter().rev().take(YEAR).map_while(|m| m.map(|m| m as f64)).collect();
    if held.len() < FEWEST_MONTHS {
        return None;
    }
    let times = window as f64 / held.len() as f64;
    let total: f64 = held.iter().sum();
    Some((total * times, total * times * times, Basis::Months(held.len())))
}

/// Median of the absolute value of a standard normal variable.
const NORMAL_MEDIAN: f64 = 0.674_489_750_196_081_7;

/// How much single months vary about what is expected of them; at least 1.
fn dispersion(before: &[Option<u64>], options: &SeasonalOptions) -> f64 {
    let mut residuals: Vec<f64> = seasonal_expectations(before, options)
        .iter()
        .zip(before)
        .filter_map(|(expected, count)| {
            let mean = (*expected)?.expected;
            (mean > 0.0).then_some((((*count)? as f64 - mean) / mean.sqrt()).abs())
        })
        .collect();
    if residuals.len() >= FEWEST_FOR_SPREAD {
        residuals.sort_by(f64::total_cmp);
        let n = residuals.len();
        let median = f64::midpoint(residuals[(n - 1) / 2], residuals[n / 2]);
        return (median / NORMAL_MEDIAN).powi(2).max(1.0);
    }
    let held: Vec<f64> = before.iter().flatten().map(|&m| m as f64).collect();
    let mean = held.iter().sum::<f64>() / held.len().max(1) as f64;
    if held.len() < 2 || mean <= 0.0 {
        return 1.0;
    }
    let steps: f64 = held.windows(2).map(|pair| (pair[1] - pair[0]).powi(2)).sum();
    (steps / (2 * (held.len() - 1)) as f64 / mean).max(1.0)
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use crate::stats::random::{poisson, stream};

    use super::*;

    fn of(counts: &[u64], window: usize) -> Option<ExpectedTotal> {
        let counts: Vec<Option<u64>> = counts.iter().copied().map(Some).collect();
        expected_total(&counts, window, &SeasonalOptions::default())
    }

    /// Worked by hand: S = 30 of L = 246 after E = 120 gives 61.5; a month of the quarter, which is in
    /// L too, moves it by L / E + 61.5 / L = 2.05 + 0.25, another of L by 0.25, one of E by -61.5 / E.
    #[test]
    fn one_earlier_year_is_brought_to_the_level_of_the_last_twelve_months() {
        let mut counts = vec![Some(10); 12];
        counts.extend([Some(10), Some(10), Some(10)]);
        counts.extend(vec![Some(70 / 3 + 1); 9]);
        counts.extend([Some(60), Some(0), Some(0)]);

        let ours = by_years(&counts[..24], 3, &SeasonalOptions::default()).unwrap();

        let late = 30.0 + 9.0 * 24.0;
        let expected = 30.0 * late / 120.0;
        assert_relative_eq!(ours.0, expected, max_relative = 1e-12);
        let quarter = late / 120.0 + expected / late;
        let variance = 30.0 * quarter.powi(2)
            + 216.0 * (expected / late).powi(2)
            + 120.0 * (expected / 120.0).powi(2);
        assert_relative_eq!(ours.1, variance, max_relative = 1e-12);
        assert_eq!(ours.2, Basis::Years(1));
    }

    #[test]
    fn a_whole_year_is_held_against_the_mean_of_earlier_years() {
        let counts: Vec<u64> = [10, 20, 30].into_iter().flat_map(|n| [n; 12]).collect();

        let ours = of(&counts, 12).unwrap();

        assert_relative_eq!(ours.expected, 180.0);
        assert_eq!(ours.basis, Basis::Years(2));
    }

    #[test]
    fn the_months_before_stand_in_for_an_earlier_year() {
        let counts = [vec![20; 9], vec![70, 70, 70]].concat();

        let ours = of(&counts, 3).unwrap();

        assert_relative_eq!(ours.expected, 60.0);
        assert_eq!(ours.basis, Basis::Months(9));
        // 60 +- 1.96 sqrt(60 (1 + 3/9)): 42 to 78.
        assert!((41..=44).contains(&ours.low) && (76..=79).contains(&ours.high), "{ours:?}");
    }

    #[test]
    fn too_little_before_says_nothing() {
        assert_eq!(of(&[20; 8], 3), None);
        assert_eq!(of(&[20; 3], 3), None);
        assert_eq!(of(&[], 0), None);
        assert_eq!(of(&[0; 30], 3), None);
        let mut gap: Vec<Option<u64>> = vec![Some(20); 24];
        gap[22] = None;
        assert_eq!(expected_total(&gap, 3, &SeasonalOptions::default()), None);
    }

    #[test]
    fn one_past_outbreak_does_not_hide_the_next() {
        let mut counts = vec![20; 48];
        counts[30] = 200;
        let quiet = of(&[20; 48], 3).unwrap();

        let ours = of(&counts, 3).unwrap();

        assert_relative_eq!(ours.dispersion, quiet.dispersion);
        assert!(ours.high < 2 * 60 + 40, "{ours:?}");
    }

    /// Over steady seasonal series of Poisson counts, 95% ranges of a quarter must hold about 95%.
    #[test]
    fn ranges_hold_about_what_they_say() {
        let (mut held, mut all) = (0, 0);
        for series in 0..400 {
            let mut rng = stream(11, series);
            let counts: Vec<u64> =
                (0..36).map(|m| poisson(&mut rng, 40.0 + 15.0 * f64::from(m % 12).sin())).collect();
            let total: u64 = counts[33..].iter().sum();
            let ours = of(&counts, 3).unwrap();
            held += u32::from((ours.low..=ours.high).contains(&total));
            all += 1;
        }

        let share = f64::from(held) / f64::from(all);
        assert!((0.93..=0.995).contains(&share), "{share}");
    }
}
