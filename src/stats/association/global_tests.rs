use approx::assert_relative_eq;

use super::*;

const VALUES: [f64; 6] = [4.0, 0.0, 1.5, 7.0, 2.0, 2.0];
const MANY: Permutations = Permutations { count: 9_999, seed: 11 };

fn weights() -> Weights {
    Weights::from_lists(&[
        vec![(1, 0.5), (2, 1.0)],
        vec![(0, 1.0)],
        vec![(0, 0.2), (4, 0.3), (5, 2.0)],
        vec![(2, 1.0)],
        vec![(3, 1.0), (5, 1.0)],
        vec![(1, 1.0)],
    ])
    .unwrap()
}

fn line(n: usize) -> Weights {
    crate::stats::testing::line(n).into()
}

fn every_order(n: usize) -> Vec<Vec<usize>> {
    let mut orders = vec![vec![]];
    for _ in 0..n {
        orders = orders
            .into_iter()
            .flat_map(|order: Vec<usize>| {
                let left = (0..n).filter(|j| !order.contains(j));
                left.map(|j| [order.clone(), vec![j]].concat()).collect::<Vec<_>>()
            })
            .collect();
    }
    orders
}

type Score = fn(&[f64], &Weights) -> GlobalScore;

/// Mean and variance under randomisation are those over every order of the values.
#[test]
fn moments_are_those_of_every_order() {
    let scores: [Score; 3] = [
        |x, w| moran(x, w, Chance::Randomisation).unwrap(),
        |x, w| geary(x, w, Chance::Randomisation).unwrap(),
        |x, w| general_g(x, w).unwrap(),
    ];
    for score in scores {
        let all: Vec<f64> = every_order(6)
            .iter()
            .map(|order| {
                let moved: Vec<f64> = order.iter().map(|&j| VALUES[j]).collect();
                score(&moved, &weights()).value
            })
            .collect();
        let mean = all.iter().sum::<f64>() / all.len() as f64;
        let variance = all.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / all.len() as f64;

        let ours = score(&VALUES, &weights());

        assert_relative_eq!(ours.expected, mean, max_relative = 1e-9);
        assert_relative_eq!(ours.variance.unwrap(), variance, max_relative = 1e-9);
    }
}

#[test]
fn permutation_tails_have_the_chances_of_every_order() {
    let tails = permuted_globals(&VALUES, &weights(), MANY, &Watch::default()).unwrap();
    let scores: [(Tails, Score); 3] = [
        (tails.moran, |x, w| moran(x, w, Chance::Randomisation).unwrap()),
        (tails.geary, |x, w| {
            let score = geary(x, w, Chance::Randomisation).unwrap();
            GlobalScore { value: -score.value, ..score }
        }),
        (tails.general_g.unwrap(), |x, w| general_g(x, w).unwrap()),
    ];
    for (tails, score) in scores {
        let observed = score(&VALUES, &weights()).value;
        let orders = every_order(6);
        let high = orders
            .iter()
            .filter(|order| {
                let moved: Vec<f64> = order.iter().map(|&j| VALUES[j]).collect();
                score(&moved, &weights()).value >= observed - 1e-12
            })
            .count();
        let exact = high as f64 / orders.len() as f64;
        let ours = f64::from(tails.at_least) / f64::from(MANY.count);
        // Four standard errors of a share of 9,999.
        assert!((ours - exact).abs() < 0.02, "{ours} {exact}");
    }
}

#[test]
fn clustered_values_score_above_zero_in_all_three_senses() {
    let values = [9.0, 8.0, 9.0, 7.0, 1.0, 0.0, 1.0, 2.0, 1.0, 0.0];

    let weights = line(10);

    assert!(moran(&values, &weights, Chance::Normality).unwrap().z.unwrap() > 2.0);
    assert!(geary(&values, &weights, Chance::Normality).unwrap().z.unwrap() > 2.0);
    assert!(general_g(&values, &weights).unwrap().z.unwrap() > 2.0);
    let tails = permuted_globals(&values, &weights, MANY, &Watch::default()).unwrap();
    assert!(tails.moran.p(Alternative::Greater) < 0.01);
    assert!(tails.geary.p(Alternative::Greater) < 0.01);
}

/// spdep 1.2-7 counts units that have a neighbour: n = 4 of 5 in E, and in the factor of I.
#[test]
fn islands_shrink_the_number_of_units() {
    let lists: Vec<Vec<(usize, f64)>> = vec![
        vec![(1, 1.0)],
        vec![(0, 1.0), (2, 1.0)],
        vec![(1, 1.0), (3, 1.0)],
        vec![(2, 1.0)],
        vec![],
    ];
    let weights = Weights::from_lists(&lists).unwrap();
    let values = [1.0, 2.0, 4.0, 3.0, 10.0];

    let i = moran(&values, &weights, Chance::Randomisation).unwrap();
    let g = general_g(&values, &weights).unwrap();

    // z = -3, -2, 0, -1, 6: Σ w z z = 2 (6 + 0 + 0), Σ z² = 50.
    assert_relative_eq!(i.value, 4.0 / 6.0 * 12.0 / 50.0);
    assert_relative_eq!(i.expected, -1.0 / 3.0);
    // Σ w x x = 2 (2 + 8 + 12), over 10² - 30.
    assert_relative_eq!(g.value, 44.0 / 70.0);
    assert_relative_eq!(g.expected, 0.5);
}

#[test]
fn what_cannot_be_scored_is_refused() {
    let alone = Weights::from_lists(&vec![Vec::new(); 4]).unwrap();

    assert_eq!(
        moran(&[1.0, 2.0], &line(2), Chance::default()),
        Err(AssociationError::TooFew { units: 2, wanted: 3 })
    );
    assert_eq!(
        moran(&[1.0, 2.0, 3.0, 4.0], &alone, Chance::default()),
        Err(AssociationError::NoNeighbours(4))
    );
    assert_eq!(
        geary(&[1.0; 4], &line(4), Chance::default()),
        Err(AssociationError::NoVariation(4))
    );
    assert_eq!(general_g(&[1.0, -2.0, 3.0], &line(3)), Err(AssociationError::Negative(1)));
    // One incident alone is near no other, and its product with others is nothing over nothing.
    assert_eq!(general_g(&[0.0, 3.0, 0.0, 0.0], &line(4)), Err(AssociationError::NoAmounts));
    let three = moran(&[1.0, 2.0, 4.0], &line(3), Chance::Randomisation).unwrap();
    assert_eq!((three.variance, three.z), (None, None));
    let below_zero =
        permuted_globals(&[1.0, -2.0, 3.0, 5.0], &line(4), MANY, &Watch::default()).unwrap();
    assert_eq!(below_zero.general_g, None);
}

#[test]
fn one_thread_and_many_give_the_same_digits() {
    let values: Vec<f64> = (0..9_000).map(|i| f64::from(i * 7919 % 101) / 3.0).collect();
    let weights = line(9_000).row_standardised();
    let few = Permutations { count: 19, seed: 1 };
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            (
                moran(&values, &weights, Chance::Randomisation).unwrap(),
                geary(&values, &weights, Chance::Randomisation).unwrap(),
                general_g(&values, &weights).unwrap(),
                permuted_globals(&values, &weights, few, &Watch::default()).unwrap(),
            )
        })
    };

    assert_eq!(with(1), with(8));
}
