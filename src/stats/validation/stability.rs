//! Whether the top places stay the top places: from one period to the next, and under another grid.

/// The `k` highest of `values`; ties in order of unit. Values of zero are no top place.
pub fn top_units(values: &[f64], k: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).filter(|&unit| values[unit] > 0.0).collect();
    order.sort_by(|&a, &b| values[b].total_cmp(&values[a]).then(a.cmp(&b)));
    order.truncate(k);
    order
}

/// Share of one list of top units that is in the other too: both of the same length, or the shorter
/// counts. `None` if either is empty.
pub fn shared_top(first: &[usize], second: &[usize]) -> Option<f64> {
    let length = first.len().min(second.len());
    let shared = first.iter().filter(|unit| second.contains(unit)).count();
    (length > 0).then(|| shared as f64 / length as f64)
}

/// Land that two sets of places share, as a share of what both hold (Dice).
///
/// ```text
/// 2 * shared / (first + second)
/// ```
///
/// `None` where neither holds any.
///
/// # Source
///
/// Dice (1945), *Ecology* 26(3), 297-302, <https://doi.org/10.2307/1932409>.
pub fn shared_land(shared: f64, first: f64, second: f64) -> Option<f64> {
    (first + second > 0.0).then(|| (2.0 * shared / (first + second)).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_top_is_the_highest_and_never_empty_places() {
        assert_eq!(top_units(&[1.0, 5.0, 0.0, 5.0, 3.0], 3), [1, 3, 4]);
        assert_eq!(top_units(&[0.0, 2.0], 5), [1]);
    }

    #[test]
    fn what_is_shared_is_a_share_of_the_shorter_list() {
        assert_eq!(shared_top(&[1, 2, 3, 4], &[4, 1, 9, 8]), Some(0.5));
        assert_eq!(shared_top(&[1], &[1, 2, 3]), Some(1.0));
        assert_eq!(shared_top(&[], &[1]), None);
    }

    #[test]
    fn the_same_land_is_shared_wholly() {
        assert_eq!(shared_land(3.0, 3.0, 3.0), Some(1.0));
        assert_eq!(shared_land(1.0, 3.0, 1.0), Some(0.5));
        assert_eq!(shared_land(0.0, 0.0, 0.0), None);
    }
}
