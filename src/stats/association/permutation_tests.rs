use approx::assert_relative_eq;
use proptest::prelude::*;

use super::*;
use crate::stats::watch::Cancelled;

fn line(n: usize) -> Weights {
    crate::stats::testing::line(n).into()
}

const MANY: Permutations = Permutations { count: 20_000, seed: 4 };

/// Tails of one statistic, and what a neighbour adds to it.
type Case = (Tails, fn(f64, f64) -> f64);

/// Every pair of others of a unit, each as likely: the exact chance of a lag as high or as low.
fn exact(values: &[f64], weights: &Weights, i: usize, term: fn(f64, f64) -> f64) -> (f64, f64) {
    let row: Vec<(usize, f64)> = weights.row(i).collect();
    let observed: f64 = row.iter().map(|&(j, w)| w * term(values[i], values[j])).sum();
    let others: Vec<usize> = (0..values.len()).filter(|&j| j != i).collect();
    let (mut at_least, mut at_most, mut all) = (0.0, 0.0, 0.0);
    // Ordered draws without replacement.
    let mut stack = vec![(Vec::new(), 0.0)];
    while let Some((drawn, sum)) = stack.pop() {
        if drawn.len() == row.len() {
            all += 1.0;
            at_least += f64::from(sum >= observed - 1e-9);
            at_most += f64::from(sum <= observed + 1e-9);
            continue;
        }
        for &j in others.iter().filter(|j| !drawn.contains(*j)) {
            let mut more = drawn.clone();
            more.push(j);
            stack.push((more, sum + row[drawn.len()].1 * term(values[i], values[j])));
        }
    }
    (at_least / all, at_most / all)
}

#[test]
fn tails_have_the_exact_chances_of_every_possible_draw() {
    let values = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0];
    let weights = Weights::from_lists(&[
        vec![(1, 1.0), (2, 1.0)],
        vec![(0, 0.3), (6, 1.1)],
        vec![(3, 2.0)],
        vec![(0, 1.0), (1, 1.0), (4, 1.0)],
        vec![(5, 0.5), (2, 0.2), (1, 0.1)],
        vec![],
        vec![(0, 1.0), (5, 1.0), (4, 0.4), (3, 0.6)],
    ])
    .unwrap();

    let lags = permuted_lags(&values, &weights, MANY, &Watch::default()).unwrap();
    let differences = permuted_differences(&values, &weights, MANY, &Watch::default()).unwrap();

    assert_eq!((lags[5], differences[5]), (None, None));
    for i in (0..7).filter(|&i| i != 5) {
        let cases: [Case; 2] =
            [(lags[i].unwrap(), Lag::term), (differences[i].unwrap(), SquaredDifference::term)];
        for (tails, term) in cases {
            let (at_least, at_most) = exact(&values, &weights, i, term);
            let share = |count: u32| f64::from(count) / f64::from(MANY.count);
            // Four standard errors of a share of 20,000.
            assert!((share(tails.at_least) - at_least).abs() < 0.0142, "unit {i}: {tails:?}");
            assert!((share(tails.at_most) - at_most).abs() < 0.0142, "unit {i}: {tails:?}");
        }
    }
}

#[test]
fn equal_sums_count_in_both_tails_whatever_their_order() {
    // Tenths do not add up alike in every order.
    let values = [0.1, 0.2, 0.3, 0.1, 0.2, 0.3, 0.1, 0.2, 0.3, 0.6, 0.1];
    let all: Vec<Vec<(usize, f64)>> =
        (0..11).map(|i| (0..11).filter(|&j| j != i).map(|j| (j, 1.0)).collect()).collect();
    let weights = Weights::from_lists(&all).unwrap();

    let tails = permuted_lags(&values, &weights, MANY, &Watch::default()).unwrap();

    // All others are drawn every time, in some order.
    let same = Tails { at_least: MANY.count, at_most: MANY.count, count: MANY.count };
    assert!(tails.iter().all(|tails| *tails == Some(same)), "{tails:?}");
    assert_relative_eq!(same.p(Alternative::TwoSided), 1.0);
}

#[test]
fn a_factor_of_a_row_changes_nothing() {
    let values: Vec<f64> = (0..40).map(|i| f64::from(i * 7919 % 13)).collect();

    let plain = permuted_lags(&values, &line(40), MANY, &Watch::default()).unwrap();
    let rows =
        permuted_lags(&values, &line(40).row_standardised(), MANY, &Watch::default()).unwrap();

    assert_eq!(plain, rows);
}

#[test]
fn one_thread_and_many_give_the_same_tails() {
    let n = 3 * BLOCK + 7;
    let values: Vec<f64> = (0..n).map(|i| (i * 7919 % 101) as f64 / 3.0).collect();
    let weights = line(n);
    let permutations = Permutations { count: 199, seed: 9 };
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let watch = Watch::default();
            let tails = permuted_lags(&values, &weights, permutations, &watch).unwrap();
            let whole = shuffled(&values, permutations, &watch, |x| x[0]).unwrap();
            let (done, steps) = watch.progress();
            assert!(done == steps && done > 0);
            (tails, whole)
        })
    };

    assert_eq!(with(1), with(2));
    assert_eq!(with(1), with(8));
}

#[test]
fn a_cancelled_test_gives_nothing() {
    let watch = Watch::default();
    watch.cancel();

    let lags = permuted_lags(&[1.0, 2.0, 3.0], &line(3), MANY, &watch);
    let whole = shuffled(&[1.0, 2.0, 3.0], MANY, &watch, |x| x[0]);

    assert_eq!(lags, Err(AssociationError::Cancelled(Cancelled)));
    assert_eq!(whole, Err(AssociationError::Cancelled(Cancelled)));
}

#[test]
fn no_permutations_are_no_test() {
    let none = Permutations { count: 0, seed: 1 };
    let refused = permuted_lags(&[1.0, 2.0], &line(2), none, &Watch::default());
    assert_eq!(refused, Err(AssociationError::NoPermutations));
}

#[test]
fn p_values_are_never_zero_and_two_sided_is_twice_the_smaller() {
    let tails = Tails { at_least: 0, at_most: 999, count: 999 };

    assert_relative_eq!(tails.p(Alternative::Greater), 0.001);
    assert_relative_eq!(tails.p(Alternative::Less), 1.0);
    assert_relative_eq!(tails.p(Alternative::TwoSided), 0.002);
    assert_relative_eq!(tails.turned().p(Alternative::Less), 0.001);
}

proptest! {
    /// As many others as there are, few, none: the tails always cover every permutation.
    #[test]
    fn every_permutation_is_in_a_tail(
        values in prop::collection::vec(0_u8..4, 2..40),
        near in prop::collection::vec(prop::collection::vec(0_usize..40, 0..12), 40),
    ) {
        let n = values.len();
        let values: Vec<f64> = values.into_iter().map(f64::from).collect();
        let lists: Vec<Vec<(usize, f64)>> = (0..n)
            .map(|i| {
                let mut row: Vec<usize> =
                    near[i].iter().copied().filter(|&j| j < n && j != i).collect();
                row.sort_unstable();
                row.dedup();
                row.into_iter().map(|j| (j, 1.0)).collect()
            })
            .collect();
        let weights = Weights::from_lists(&lists).unwrap();
        let few = Permutations { count: 49, seed: 3 };
        if let Ok(tails) = permuted_lags(&values, &weights, few, &Watch::default()) {
            for (i, tails) in tails.iter().enumerate() {
                prop_assert_eq!(tails.is_none(), lists[i].is_empty());
                if let Some(tails) = tails {
                    prop_assert!(tails.at_least + tails.at_most >= 49);
                    prop_assert!(tails.at_least.max(tails.at_most) <= 49);
                }
            }
        }
    }
}
