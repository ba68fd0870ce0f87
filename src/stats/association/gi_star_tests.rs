use approx::assert_relative_eq;
use proptest::prelude::*;

use super::*;
use crate::stats::testing::line;

/// Each neighbour counts 1.
fn ones(near: Neighbours) -> Weights {
    near.into()
}

fn near(lists: &[&[usize]]) -> Neighbours {
    Neighbours::from_lists(lists).unwrap()
}

/// Six points, neighbours within 15 units: the worked example in the docs of esda's `G_Local`.
#[test]
fn agrees_with_the_esda_worked_example() {
    let near = near(&[&[1, 3], &[0, 3, 4], &[4], &[0, 1, 4], &[1, 2, 3, 5], &[4]]);
    let esda = [-1.397_276, -0.289_178, 0.650_650, -0.289_178, 1.234_521, 2.024_243];

    let z = gi_star(&[2.0, 3.0, 3.2, 5.0, 8.0, 7.0], &near).unwrap();

    for (ours, theirs) in z.into_iter().zip(esda) {
        assert_relative_eq!(ours.unwrap(), theirs, epsilon = 1e-6);
    }
}

#[test]
fn row_standardising_does_not_move_z() {
    let values = [2.0, 3.0, 3.2, 5.0, 8.0, 7.0];
    for star in [Star::IncludesSelf, Star::ExcludesSelf] {
        let binary = local_g(&values, &ones(line(6)), star, Weighting::Plain).unwrap();
        let rows = local_g(&values, &ones(line(6)), star, Weighting::RowStandardised).unwrap();
        for (a, b) in binary.into_iter().zip(rows) {
            assert_relative_eq!(a.unwrap(), b.unwrap(), max_relative = 1e-12);
        }
    }
}

/// Five units whose weights differ, scored by hand from the definition.
#[test]
fn any_weights_are_scored_by_the_definition() {
    let lists = [
        vec![(1, 0.5), (2, 2.0)],
        vec![(0, 1.5), (3, 0.25)],
        vec![(4, 3.0)],
        vec![(0, 0.1), (1, 0.2), (2, 0.3)],
        vec![(3, 1.0), (2, 0.75)],
    ];
    let values = [4.0_f64, 1.0, 7.0, 2.5, 0.0];
    let weights = Weights::from_lists(&lists).unwrap();
    let by_hand = |i: usize, star: bool| {
        let mut list = lists[i].clone();
        if star {
            list.push((i, 1.0));
        }
        let among: Vec<f64> = (0..5).filter(|&j| star || j != i).map(|j| values[j]).collect();
        let n = among.len() as f64;
        let mean = among.iter().sum::<f64>() / n;
        let s2 = among.iter().map(|x| x * x).sum::<f64>() / n - mean * mean;
        let (w, w2) = list.iter().fold((0.0, 0.0), |sum, (_, w)| (sum.0 + w, sum.1 + w * w));
        let lag: f64 = list.iter().map(|&(j, w)| w * values[j]).sum();
        (lag - w * mean) / (s2 * (n * w2 - w * w) / (n - 1.0)).sqrt()
    };

    for (star, including) in [(Star::IncludesSelf, true), (Star::ExcludesSelf, false)] {
        for weighting in [Weighting::Plain, Weighting::RowStandardised] {
            let z = local_g(&values, &weights, star, weighting).unwrap();
            for (i, z) in z.into_iter().enumerate() {
                assert_relative_eq!(z.unwrap(), by_hand(i, including), max_relative = 1e-12);
            }
        }
    }
}

#[test]
fn equal_values_are_refused() {
    assert_eq!(gi_star(&[4.0; 5], &line(5)), Err(AssociationError::NoVariation(5)));
}

#[test]
fn too_few_units_are_refused() {
    assert_eq!(gi_star(&[], &line(0)), Err(AssociationError::TooFew { units: 0, wanted: 2 }));
    assert_eq!(gi_star(&[3.0], &line(1)), Err(AssociationError::TooFew { units: 1, wanted: 2 }));
}

#[test]
fn values_of_other_units_are_refused() {
    assert_eq!(
        gi_star(&[1.0, 2.0], &line(3)),
        Err(AssociationError::Shape { values: 2, units: 3 })
    );
    assert_eq!(gi_star(&[1.0, f64::NAN, 2.0], &line(3)), Err(AssociationError::NotFinite(1)));
}

#[test]
fn an_island_is_scored_by_itself_and_has_no_gi() {
    let near = near(&[&[1], &[0], &[]]);
    let values = [1.0, 2.0, 9.0];

    assert!(gi_star(&values, &near).unwrap()[2].unwrap() > 1.0);
    assert_eq!(
        local_g(&values, &ones(near), Star::ExcludesSelf, Weighting::Plain).unwrap()[2],
        None
    );
}

#[test]
fn a_neighbourhood_of_everything_is_undefined() {
    let near = near(&[&[1, 2], &[0, 2], &[0, 1]]);

    assert_eq!(gi_star(&[1.0, 2.0, 4.0], &near).unwrap(), [None; 3]);
    assert_eq!(
        local_g(&[1.0, 2.0, 4.0], &ones(near), Star::ExcludesSelf, Weighting::RowStandardised)
            .unwrap(),
        [None; 3]
    );
    assert_eq!(gi_star(&[1.0, 2.0], &line(2)).unwrap(), [None; 2]);
}

#[test]
fn others_that_are_all_equal_leave_gi_undefined() {
    let values = [9.0, 2.0, 2.0, 2.0];

    let gi = local_g(&values, &ones(line(4)), Star::ExcludesSelf, Weighting::Plain).unwrap();

    assert_eq!(gi[0], None);
    assert!(gi[1].is_some());
}

#[test]
fn a_family_is_scored_as_if_nothing_else_were_there() {
    let values = [5.0, 1.0, 0.0, 7.0, 2.0, 3.0];
    let family = [true, true, false, true, true, true];

    let scores = gi_star_in_family(&values, &line(6), &family).unwrap();

    let alone = gi_star(&[5.0, 1.0, 7.0, 2.0, 3.0], &near(&[&[1], &[0], &[3], &[2, 4], &[3]]));
    let z: Vec<_> = scores.iter().flatten().map(|score| Some(score.z)).collect();
    assert_eq!(scores[2], None);
    assert_eq!(z, alone.unwrap());
    assert!(scores.iter().flatten().all(|score| score.p <= score.q));
    assert!(matches!(
        gi_star_in_family(&values, &line(6), &[true]),
        Err(AssociationError::Family(_))
    ));
}

proptest! {
    #[test]
    fn scaling_and_shifting_values_does_not_move_z(
        values in prop::collection::vec(0.0_f64..50.0, 5..40),
        factor in 0.1_f64..100.0,
        shift in -100.0_f64..100.0,
    ) {
        let near = line(values.len());
        let moved: Vec<_> = values.iter().map(|x| x * factor + shift).collect();
        if let (Ok(a), Ok(b)) = (gi_star(&values, &near), gi_star(&moved, &near)) {
            for (a, b) in a.into_iter().zip(b) {
                prop_assert!((a.unwrap() - b.unwrap()).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn the_order_of_units_does_not_matter(values in prop::collection::vec(0.0_f64..50.0, 5..40)) {
        let near = line(values.len());
        let turned: Vec<_> = values.iter().rev().copied().collect();
        let mut z = gi_star(&turned, &near).unwrap();
        z.reverse();
        for (a, b) in gi_star(&values, &near).unwrap().into_iter().zip(z) {
            prop_assert!((a.unwrap() - b.unwrap()).abs() < 1e-9);
        }
    }
}

#[test]
fn one_thread_and_many_give_the_same_bits() {
    let values: Vec<f64> = (0..20_000).map(|i| f64::from(i * 7919 % 101) / 3.0).collect();
    let near = line(values.len());
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| gi_star(&values, &near)).unwrap()
    };

    assert_eq!(with(1), with(8));
}
