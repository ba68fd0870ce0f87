//! HDBSCAN against other programs, its properties and awkward inputs.

use proptest::prelude::*;

use super::*;

/// What is to be looked for, with the rest as scikit-learn has it.
fn of(least: usize, near: usize) -> HdbscanSettings {
    HdbscanSettings { least, near, ..HdbscanSettings::default() }
}

/// Rings of points about these centres, and a few far from all.
fn towns(centres: &[(f64, f64)], each: u32) -> Vec<Bng> {
    let mut points = Vec::new();
    for i in 0..each {
        for (x, y) in centres {
            let (angle, radius) = (f64::from(i) * 2.4, 8.0 * f64::from(i).sqrt());
            points.push(Bng::new(x + radius * angle.cos(), y + radius * angle.sin()));
        }
    }
    points.push(Bng::new(5_000.0, 5_000.0));
    points
}

#[test]
fn two_towns_are_two_clusters_and_a_stray_is_none() {
    let points = towns(&[(0.0, 0.0), (1_000.0, 0.0)], 40);

    let found = hdbscan(&points, &of(10, 5)).unwrap();

    assert_eq!(found.n_clusters, 2);
    assert_eq!((found.labels[0], found.labels[1], found.labels[80]), (Some(0), Some(1), None));
    assert!(found.membership[80] <= 0.0);
    let most = found.membership.iter().copied().fold(0.0, f64::max);
    assert!((most - 1.0).abs() < 1e-12);
}

#[test]
fn the_order_of_points_does_not_matter() {
    let points = towns(&[(0.0, 0.0), (900.0, 100.0), (400.0, 700.0)], 30);
    let turned: Vec<Bng> = points.iter().rev().copied().collect();

    let (a, b) = (hdbscan(&points, &of(8, 4)).unwrap(), hdbscan(&turned, &of(8, 4)).unwrap());

    let n = points.len();
    for i in 0..n {
        for j in 0..n {
            let same = |labels: &[Option<u32>], i: usize, j: usize| labels[i] == labels[j];
            assert_eq!(same(&a.labels, i, j), same(&b.labels, n - 1 - i, n - 1 - j));
        }
    }
}

#[test]
fn enough_incidents_at_snap_points_are_clusters() {
    let mut points = vec![Bng::new(0.0, 0.0); 12];
    points.extend([Bng::new(50.0, 0.0); 15]);
    points.extend((0..6).map(|i| Bng::new(f64::from(i) * 31.0, 400.0)));

    let found = hdbscan(&points, &of(10, 5)).unwrap();

    assert_eq!(found.n_clusters, 2);
    assert_eq!((found.labels[3], found.labels[20], found.labels[30]), (Some(0), Some(1), None));
    assert!(found.membership.iter().all(|m| m.is_finite()));
}

/// A town of two quarters and a town of one: the former lasts longer whole.
#[test]
fn leaves_are_the_quarters_of_a_town() {
    let points = towns(&[(0.0, 0.0), (130.0, 0.0), (9_000.0, 0.0)], 40);

    let whole = hdbscan(&points, &of(10, 5)).unwrap();
    let leaves =
        hdbscan(&points, &HdbscanSettings { selection: ClusterSelection::Leaf, ..of(10, 5) })
            .unwrap();

    assert_eq!((whole.n_clusters, leaves.n_clusters), (2, 3));
    assert_ne!(leaves.labels[0], leaves.labels[1]);
    assert_eq!(whole.labels[0], whole.labels[1]);
}

/// Three groups of five, 10 m apart from next to next, each 1 m wide: at 10 m they part at once,
/// and none is inside another.
#[test]
fn groups_equally_far_apart_part_at_once() {
    let points: Vec<Bng> =
        (0..15).map(|i| Bng::new(f64::from(i / 5) * 14.0 + f64::from(i % 5), 0.0)).collect();

    let found = hdbscan(&points, &of(5, 2)).unwrap();

    let labels: Vec<u32> = found.labels.into_iter().flatten().collect();
    assert_eq!(labels, [0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2]);
}

proptest! {
    /// On a lattice nearly every distance is one of many that are equal.
    #[test]
    fn the_order_of_points_does_not_matter_where_distances_are_equal(
        places in prop::collection::vec((0_u8..12, 0_u8..12), 10..80),
        least in 2_usize..8,
        near in 1_usize..6,
        turn in 1_usize..79,
    ) {
        let points: Vec<Bng> =
            places.iter().map(|&(x, y)| Bng::new(f64::from(x), f64::from(y))).collect();
        let n = points.len();
        let moved = |i: usize| (i + turn) % n;
        let mut turned = points.clone();
        (0..n).for_each(|i| turned[moved(i)] = points[i]);

        for selection in [ClusterSelection::ExcessOfMass, ClusterSelection::Leaf] {
            let settings = HdbscanSettings { selection, ..of(least, near) };
            let a = hdbscan(&points, &settings).unwrap();
            let b = hdbscan(&turned, &settings).unwrap();

            prop_assert_eq!(a.n_clusters, b.n_clusters);
            for i in 0..n {
                for j in 0..i {
                    prop_assert_eq!(
                        a.labels[i] == a.labels[j],
                        b.labels[moved(i)] == b.labels[moved(j)]
                    );
                }
            }
        }
    }
}

/// Three loose groups.
fn three_groups() -> Vec<Bng> {
    [
        (0.8, -0.8),
        (3.8, 0.6),
        (-3.2, 2.2),
        (7.8, 5.7),
        (-4.2, -7.6),
        (-3.7, 0.2),
        (-14.0, -1.3),
        (-7.5, -4.4),
        (-3.3, -1.9),
        (28.7, 14.4),
        (23.8, 17.3),
        (19.0, 8.2),
        (33.1, 5.8),
        (18.3, -3.3),
        (20.9, 7.0),
        (15.9, 3.1),
        (23.6, 9.9),
        (26.9, 8.2),
        (7.4, 29.5),
        (13.1, 36.0),
        (5.0, 36.1),
        (15.4, 33.1),
        (11.1, 28.7),
        (15.8, 37.8),
        (17.2, 35.3),
    ]
    .map(|(x, y)| Bng::new(x, y))
    .to_vec()
}

/// The label of each point as a digit, `-` for none.
fn digits(found: &Hdbscan) -> String {
    let label = |label: &Option<u32>| label.map_or("-".to_owned(), |l| l.to_string());
    found.labels.iter().map(label).collect()
}

/// The smaller alpha is, the more distance counts against what a point needs: as all distances
/// over alpha, with what each needs left as it is.
#[test]
fn alpha_stretches_distances_alone() {
    // scikit-learn 1.9.1: `HDBSCAN(min_cluster_size=5, min_samples=4, alpha=alpha)`; the tenth,
    // as near to one group as to another where they part, is in neither here and in one there.
    for (alpha, wanted) in [
        (0.5, "000000000111111111 2222222"),
        (1.0, "000000000000000000 1111111"),
        (2.0, "000000-000-0--0000 1111111"),
    ] {
        let found = hdbscan(&three_groups(), &HdbscanSettings { alpha, ..of(5, 4) }).unwrap();

        assert_eq!(digits(&found), wanted.replace(' ', ""), "{alpha}");
    }
}

/// scikit-learn 1.9.1: `HDBSCAN(min_cluster_size=5, min_samples=4)` with `max_cluster_size=9`,
/// `allow_single_cluster=True`, and both that and `cluster_selection_epsilon` of 9 and 20; the tenth
/// point as in the test above, and the fourth likewise.
#[test]
fn clusters_may_be_kept_small_taken_together_or_be_one() {
    let plain = of(5, 4);
    let single = HdbscanSettings { may_be_one: true, ..plain };
    for (settings, wanted) in [
        (HdbscanSettings { most: Some(9), ..plain }, "000-00-001-1--1111 2222222"),
        (single, "000000000000000000 0000000"),
        (HdbscanSettings { apart: Metres::new(9.0), ..single }, "000-00-000-0--0000 00-0000"),
        (HdbscanSettings { apart: Metres::new(20.0), ..single }, "000000000000000000 0000000"),
        (HdbscanSettings { apart: Metres::new(8.0), ..plain }, "000000000000000000 1111111"),
    ] {
        let found = hdbscan(&three_groups(), &settings).unwrap();

        assert_eq!(digits(&found), wanted.replace(' ', ""), "{settings:?}");
    }
}

#[test]
fn one_thread_and_many_give_the_same() {
    let points = towns(&[(0.0, 0.0), (300.0, 100.0), (200.0, 300.0)], 300);
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| hdbscan(&points, &of(12, 5))).unwrap()
    };

    assert_eq!(with(1), with(7));
}

#[test]
fn awkward_inputs_are_answered_or_refused() {
    assert_eq!(hdbscan(&[], &of(5, 5)).unwrap().n_clusters, 0);
    assert_eq!(hdbscan(&[Bng::new(1.0, 1.0)], &of(2, 1)).unwrap().labels, [None]);
    // All in one place, or in a line: no density stands out.
    assert_eq!(hdbscan(&[Bng::new(1.0, 1.0); 50], &of(5, 5)).unwrap().n_clusters, 0);
    let line: Vec<Bng> = (0..50).map(|i| Bng::new(f64::from(i), 0.0)).collect();
    assert!(hdbscan(&line, &of(5, 5)).unwrap().labels.len() == 50);

    assert!(matches!(hdbscan(&line, &of(1, 5)), Err(ClusterError::Least { .. })));
    assert!(matches!(hdbscan(&line, &of(5, 0)), Err(ClusterError::Least { .. })));
    let refused = |settings: HdbscanSettings| hdbscan(&line, &settings).unwrap_err();
    assert!(matches!(refused(HdbscanSettings { alpha: 0.0, ..of(5, 5) }), ClusterError::Alpha(_)));
    let apart = Metres::new(-1.0);
    assert!(matches!(refused(HdbscanSettings { apart, ..of(5, 5) }), ClusterError::Apart(_)));
    let most = Some(4);
    assert!(matches!(refused(HdbscanSettings { most, ..of(5, 5) }), ClusterError::Least { .. }));
    let lost = [Bng::new(f64::INFINITY, 0.0)];
    assert!(matches!(hdbscan(&lost, &of(5, 5)), Err(ClusterError::NotFinite(0))));
}
