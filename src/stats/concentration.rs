//! How unevenly incidents are spread over places.

/// Gini coefficient of counts: 0 where all units have the same, towards 1 where one has all.
///
/// ```text
/// G = 2 Σ i x_(i) / (n C) - (n + 1)/n, x_(i) the i-th smallest, C the total
/// ```
///
/// `None` without units or incidents.
pub fn gini(counts: &[u64]) -> Option<f64> {
    let total = counts.iter().sum::<u64>() as f64;
    if total == 0.0 {
        return None;
    }
    let mut sorted = counts.to_vec();
    sorted.sort_unstable();
    let n = counts.len() as f64;
    let ranked: f64 = sorted.iter().zip(1_u32..).map(|(&x, i)| f64::from(i) * x as f64).sum();
    Some(2.0 * ranked / (n * total) - (n + 1.0) / n)
}

/// Gini coefficient where there are fewer incidents than units: compared with the most even spread
/// that is possible, one incident in each of as many units as there are incidents.
///
/// ```text
/// G' = max(0, (n/C) (G - 1) + 1) where C < n, else G
/// ```
///
/// # Source
///
/// Bernasco and Steenbeek (2017), *Journal of Quantitative Criminology* 33, 451-467,
/// <https://doi.org/10.1007/s10940-016-9324-7>.
pub fn generalised_gini(counts: &[u64]) -> Option<f64> {
    let gini = gini(counts)?;
    let (n, total) = (counts.len() as f64, counts.iter().sum::<u64>() as f64);
    Some(if total < n { (n / total * (gini - 1.0) + 1.0).max(0.0) } else { gini })
}

/// The fewest units that hold at least `share` (0 to 1) of all incidents.
///
/// `None` without incidents.
pub fn fewest_units_with(counts: &[u64], share: f64) -> Option<usize> {
    let total = counts.iter().sum::<u64>();
    if total == 0 {
        return None;
    }
    let mut sorted = counts.to_vec();
    sorted.sort_unstable_by(|a, b| b.cmp(a));
    let wanted = share * total as f64;
    let mut sum = 0;
    let before = sorted.iter().take_while(|&&count| {
        let more = (sum as f64) < wanted;
        sum += count;
        more
    });
    Some(before.count())
}

/// Share of all incidents in the `share` (0 to 1) of units with the most, rounded up to whole units.
///
/// `None` without incidents.
pub fn share_of_top(counts: &[u64], share: f64) -> Option<f64> {
    let total = counts.iter().sum::<u64>();
    let mut sorted = counts.to_vec();
    sorted.sort_unstable_by(|a, b| b.cmp(a));
    let top = (share * counts.len() as f64).ceil() as usize;
    (total > 0).then(|| sorted.iter().take(top).sum::<u64>() as f64 / total as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_even_spread_is_zero_and_one_place_is_nearly_one() {
        assert_eq!(gini(&[4, 4, 4, 4]), Some(0.0));
        assert_eq!(gini(&[0, 0, 0, 8]), Some(0.75));
        assert_eq!(generalised_gini(&[1, 1, 0, 0]), Some(0.0));
        assert_eq!(generalised_gini(&[2, 0, 0, 0]), Some(0.5));
    }

    #[test]
    fn half_of_all_is_found_in_the_fewest_units() {
        assert_eq!(fewest_units_with(&[1, 5, 4, 0], 0.5), Some(1));
        assert_eq!(fewest_units_with(&[1, 5, 4, 0], 0.51), Some(2));
        assert_eq!(fewest_units_with(&[1, 5, 4, 0], 1.0), Some(3));
        assert_eq!(share_of_top(&[1, 5, 4, 0], 0.3), Some(0.9));
    }

    #[test]
    fn nothing_is_not_concentrated() {
        assert_eq!(gini(&[]), None);
        assert_eq!(gini(&[0, 0]), None);
        assert_eq!(fewest_units_with(&[0], 0.5), None);
        assert_eq!(share_of_top(&[], 0.5), None);
    }
}
