use approx::assert_relative_eq;

use super::*;

/// A 10 by 10 grid of units, 1 km apart.
fn centres() -> Vec<Bng> {
    (0..100).map(|i| Bng::new(f64::from(i % 10) * 1e3, f64::from(i / 10) * 1e3)).collect()
}

fn runs(permutations: usize) -> ScanOptions {
    ScanOptions { permutations, seed: 4, ..ScanOptions::default() }
}

/// Units 0, 1, 10 and 11 have three times as many cases as the rest.
fn corner(periods: usize, hot: impl Fn(usize) -> bool) -> Vec<f64> {
    (0..100 * periods)
        .map(|bin| {
            let (unit, period) = (bin / periods, bin % periods);
            if [0, 1, 10, 11].contains(&unit) && hot(period) { 12.0 } else { 4.0 }
        })
        .collect()
}

#[test]
#[expect(clippy::float_cmp, reason = "sums of whole numbers are exact")]
fn a_corner_with_more_cases_is_the_cluster() {
    let (centres, cases) = (centres(), corner(1, |_| true));
    let input =
        ScanInput { centres: &centres, cases: &cases, population: &[100.0; 100], lengths: &[1.0] };

    let clusters = scan(input, &runs(199), None).unwrap();

    let mut units = clusters[0].units.clone();
    units.sort_unstable();
    assert_eq!(units, [0, 1, 10, 11]);
    assert_eq!(clusters[0].cases, 48.0);
    assert_relative_eq!(clusters[0].expected, 432.0 * 0.04, max_relative = 1e-12);
    assert_relative_eq!(clusters[0].p, 1.0 / 200.0);
    assert_relative_eq!(clusters[0].relative_risk.unwrap(), 3.0, max_relative = 1e-9);
    for pair in clusters.windows(2) {
        assert!(pair[0].score >= pair[1].score);
        assert!(pair[0].units.iter().all(|unit| !pair[1].units.contains(unit)));
    }
}

#[test]
fn a_cluster_of_some_months_is_found_with_its_months() {
    let (centres, cases) = (centres(), corner(12, |period| (4..7).contains(&period)));
    for model in [Model::Poisson, Model::Permutation] {
        let input = ScanInput {
            centres: &centres,
            cases: &cases,
            population: &[100.0; 100],
            lengths: &[30.0; 12],
        };

        let clusters = scan(input, &ScanOptions { model, ..runs(49) }, None).unwrap();

        let mut units = clusters[0].units.clone();
        units.sort_unstable();
        assert_eq!((units, clusters[0].start, clusters[0].end), (vec![0, 1, 10, 11], 4, 6));
        assert_relative_eq!(clusters[0].p, 1.0 / 50.0);
        let now = ScanOptions { model, prospective: true, ..runs(49) };
        assert!(scan(input, &now, None).unwrap().first().is_none_or(|c| c.end == 11 && c.p > 0.1));
    }
}

#[test]
fn what_is_true_of_all_places_at_once_is_no_permutation_cluster() {
    let centres = centres();
    // Everywhere twice as many in the last two months.
    let cases: Vec<f64> = (0..1_200).map(|bin| if bin % 12 >= 10 { 6.0 } else { 3.0 }).collect();
    let input =
        ScanInput { centres: &centres, cases: &cases, population: &[], lengths: &[30.0; 12] };
    let options = ScanOptions { model: Model::Permutation, ..runs(9) };

    assert_eq!(scan(input, &options, None).unwrap(), []);
}

#[test]
fn ellipses_find_a_row() {
    let centres = centres();
    let cases: Vec<f64> =
        (0..100).map(|unit| if unit / 10 == 4 && unit % 10 < 6 { 15.0 } else { 4.0 }).collect();
    let input =
        ScanInput { centres: &centres, cases: &cases, population: &[1.0; 100], lengths: &[1.0] };

    let circle = &scan(input, &runs(0), None).unwrap()[0];
    let ellipse =
        &scan(input, &ScanOptions { window: Window::Ellipses, ..runs(0) }, None).unwrap()[0];

    assert!(ellipse.stretch > 1.0 && ellipse.score > circle.score);
    let mut units = ellipse.units.clone();
    units.sort_unstable();
    assert_eq!(units, [40, 41, 42, 43, 44, 45]);
}

#[test]
fn chance_alone_gives_even_p_values() {
    let centres = centres();
    let null = Null::new(Model::Poisson, &[400.0], &[1.0; 100], &[1.0]).unwrap();
    let mut small = 0;
    for seed in 0..60 {
        let cases = null.draw(&mut crate::stats::random::stream(77, seed));
        let input = ScanInput {
            centres: &centres,
            cases: &cases,
            population: &[1.0; 100],
            lengths: &[1.0],
        };
        let options = ScanOptions { permutations: 39, seed, clusters: 1, ..runs(0) };
        small += u32::from(scan(input, &options, None).unwrap()[0].p <= 0.2);
    }

    // 12 expected; 3 to 24 holds all but a few in 100,000.
    assert!((3..=24).contains(&small), "{small} of 60 at 0.2");
}

#[test]
fn the_same_at_any_number_of_threads() {
    let (centres, cases) = (centres(), corner(6, |period| period > 3));
    let input = ScanInput {
        centres: &centres,
        cases: &cases,
        population: &[100.0; 100],
        lengths: &[1.0; 6],
    };
    let at = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| scan(input, &runs(19), None).unwrap())
    };

    assert_eq!(at(1), at(8));
}

#[test]
#[expect(clippy::float_cmp, reason = "the same to the last digit is what is claimed")]
fn runs_searched_together_score_as_one_by_one() {
    let (centres, cases) = (centres(), corner(1, |_| true));
    let people: Vec<f64> = (0..100).map(|unit| f64::from(50 + unit * 37 % 90)).collect();
    for (model, window) in [
        (Model::Poisson, Window::Circles),
        (Model::Poisson, Window::Ellipses),
        (Model::Bernoulli, Window::Circles),
    ] {
        let input =
            ScanInput { centres: &centres, cases: &cases, population: &people, lengths: &[1.0] };
        let set = setting(input, &ScanOptions { model, window, ..runs(0) }).unwrap();
        let drawn: Vec<Vec<f64>> = (0..TOGETHER as u64)
            .map(|run| set.null.draw(&mut crate::stats::random::stream(3, run)))
            .collect();
        let mut counts = vec![[0.0; TOGETHER]; 100];
        for (run, drawn) in drawn.iter().enumerate() {
            counts.iter_mut().zip(drawn).for_each(|(of, &count)| of[run] = count);
        }

        let together = set.ground.best_scores(&counts);

        for (together, drawn) in together.iter().zip(&drawn) {
            assert_eq!(*together, set.ground.best_score(drawn));
        }
    }
}

#[test]
fn what_cannot_be_scanned_is_refused() {
    let centres = centres();
    let few = &centres[..3];
    let refuse = |cases: &[f64], population: &[f64], lengths: &[f64], model: Model| {
        let input = ScanInput { centres: few, cases, population, lengths };
        scan(input, &ScanOptions { model, ..runs(9) }, None).unwrap_err()
    };

    assert!(matches!(refuse(&[1.0], &[1.0; 3], &[1.0], Model::Poisson), ScanError::Shape { .. }));
    assert_eq!(refuse(&[0.0; 3], &[1.0; 3], &[1.0], Model::Poisson), ScanError::NoCases);
    assert_eq!(refuse(&[1.0; 3], &[0.0; 3], &[1.0], Model::Poisson), ScanError::Population(0.0));
    assert_eq!(
        refuse(&[1.0; 3], &[1.0, 0.0, 1.0], &[1.0], Model::Poisson),
        ScanError::CasesWithoutPopulation { unit: 1, cases: 1.0 }
    );
    assert_eq!(
        refuse(&[1.0, 3.0, 1.0], &[2.0; 3], &[1.0], Model::Bernoulli),
        ScanError::MoreCasesThanAll { unit: 1, cases: 3.0, all: 2.0 }
    );
    assert!(matches!(
        refuse(&[1.0; 3], &[1.0; 3], &[1.0], Model::Permutation),
        ScanError::Periods { found: 1, .. }
    ));
    let input =
        ScanInput { centres: few, cases: &[1.0; 3], population: &[1.0; 3], lengths: &[1.0] };
    let wrong = ScanOptions { largest: f64::NAN, ..runs(9) };
    assert!(matches!(scan(input, &wrong, None), Err(ScanError::Option { option: "largest", .. })));
}
