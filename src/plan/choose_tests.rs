use rand::RngExt as _;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::*;
use crate::crs::Bng;
use crate::stats::random::stream;

struct Case {
    distances: Distances,
    weights: Vec<f64>,
    reach: Metres,
    k: usize,
    rules: Rules,
}

fn positions(random: &mut Xoshiro256PlusPlus, n: usize) -> Vec<Bng> {
    let mut at = || random.random::<f64>() * 5_000.0;
    (0..n).map(|_| Bng::new(at(), at())).collect()
}

/// A small task at random, under every kind of rule in turn.
fn case(number: u64) -> Case {
    let mut random = stream(99, number);
    let (n_sites, n_points) = (random.random_range(3..11), random.random_range(5..45));
    let points = positions(&mut random, n_points);
    let sites = positions(&mut random, n_sites);
    let mut rules = Rules::default();
    let mut some = |share: f64| -> Vec<usize> {
        (0..n_sites).filter(|_| random.random::<f64>() < share).collect()
    };
    if number % 3 == 1 {
        rules.required = (0..3).map(|_| some(0.3)).collect();
    }
    if number % 2 == 1 {
        let costs = (0..n_sites).map(|_| (random.random::<f64>() * 100.0).round()).collect();
        rules.budget = Some((costs, 40.0 + random.random::<f64>() * 200.0));
    }
    if number % 5 == 1 {
        rules.preference = (0..n_sites).map(|_| random.random::<f64>() * 3.0).collect();
    }
    if number % 7 == 1 {
        rules.excluded = vec![0];
        rules.locked = vec![random.random_range(1..n_sites)];
    }
    let weights = (0..n_points).map(|_| (random.random::<f64>() * 200.0).round() / 10.0).collect();
    Case {
        distances: Distances::straight(&points, &sites, 1.2),
        weights,
        reach: Metres::new(300.0 + random.random::<f64>() * 2_500.0),
        k: random.random_range(1..4),
        rules,
    }
}

/// Groups served and value of the best of all choices that keep the rules, one after the other.
fn best_of_all(case: &Case, value: impl Fn(&[usize]) -> f64) -> (usize, f64) {
    let n_sites = case.distances.n_sites();
    let rules = &case.rules;
    let mut best = (0, f64::NEG_INFINITY);
    for mask in 0_u32..1 << n_sites {
        let chosen: Vec<usize> = (0..n_sites).filter(|site| mask >> site & 1 == 1).collect();
        let cost = |(costs, _): &(Vec<f64>, f64)| chosen.iter().map(|&s| costs[s]).sum::<f64>();
        let kept = chosen.len() <= case.k
            && rules.locked.iter().all(|site| chosen.contains(site))
            && !rules.excluded.iter().any(|site| chosen.contains(site))
            && rules.budget.as_ref().is_none_or(|budget| cost(budget) <= budget.1);
        if kept {
            let preference: f64 =
                chosen.iter().map(|&s| rules.preference.get(s).copied().unwrap_or(0.0)).sum();
            let found = (rules.served(&chosen), value(&chosen) + preference);
            if found.0 > best.0 || found.0 == best.0 && found.1 > best.1 {
                best = found;
            }
        }
    }
    best
}

#[test]
fn no_choice_under_any_rules_is_better() {
    let mut tried = 0;
    for number in 0..150 {
        let case = case(number);
        let Case { distances, weights, reach, k, rules } = &case;
        if rules.check(distances.n_sites(), *k).is_err() {
            continue;
        }
        tried += 1;
        let longest = distances.longest();
        let nearest = |point: usize, chosen: &[usize]| {
            chosen.iter().map(|&site| distances.of(point)[site]).fold(f64::INFINITY, f64::min)
        };
        let within = |chosen: &[usize]| {
            let near = |point: &usize| nearest(*point, chosen) <= reach.get();
            (0..weights.len()).filter(near).map(|point| weights[point]).sum::<f64>()
        };
        let apart = |chosen: &[usize]| {
            let far = |point: usize| weights[point] * nearest(point, chosen).min(longest);
            -(0..weights.len()).map(far).sum::<f64>()
        };

        let covering =
            maximal_covering(distances, weights, *reach, *k, rules, Effort::QUICK, 1).unwrap();
        let median = p_median(distances, weights, *k, rules, Effort::QUICK, 1).unwrap();

        let best = best_of_all(&case, within);
        assert!(covering.is_proven() && median.is_proven(), "case {number}");
        assert_eq!(covering.served, best.0, "case {number}");
        assert!((covering.value - best.1).abs() < 1e-6, "{number}: {covering:?}, best {best:?}");
        let best = best_of_all(&case, apart);
        assert_eq!(median.served, best.0, "case {number}");
        assert!((median.value + best.1).abs() < 1e-6 * (1.0 - best.1), "{number}: {median:?}");
    }
    assert!(tried > 120, "{tried}");
}

#[test]
fn the_same_sites_at_one_thread_and_at_seven() {
    let mut random = stream(3, 0);
    let (points, sites) = (positions(&mut random, 400), positions(&mut random, 60));
    let distances = Distances::straight(&points, &sites, 1.0);
    let weights: Vec<f64> = (0..400).map(|i| f64::from(i % 17 + 1)).collect();
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let (d, w, reach, rules) = (&distances, &weights, Metres::new(700.0), Rules::default());
        pool.install(|| {
            let short = Effort { operations: 3_000_000, ..Effort::QUICK };
            (
                maximal_covering(d, w, reach, 8, &rules, short, 5).unwrap(),
                p_median(d, w, 8, &rules, short, 5).unwrap(),
            )
        })
    };

    assert_eq!(with(1), with(7));
}

#[test]
fn the_edge_of_the_reach_is_within_it() {
    let distances = Distances::new(2, 1, vec![400.0, 400.1]).unwrap();

    let found = maximal_covering(
        &distances,
        &[3.0, 5.0],
        Metres::new(400.0),
        1,
        &Rules::default(),
        Effort::QUICK,
        1,
    )
    .unwrap();

    assert!((found.objective - 3.0).abs() < 1e-12);
}

#[test]
fn awkward_inputs_are_answered_or_refused() {
    let none = Distances::new(0, 0, vec![]).unwrap();
    let reach = Metres::new(400.0);
    let rules = Rules::default();
    let found = maximal_covering(&none, &[], reach, 3, &rules, Effort::QUICK, 1).unwrap();
    assert_eq!((found.sites, found.objective), (vec![], 0.0));

    let far = Distances::new(1, 2, vec![900.0, f64::INFINITY]).unwrap();
    let found = maximal_covering(&far, &[2.0], reach, 5, &rules, Effort::QUICK, 1).unwrap();
    assert_eq!((found.sites, found.objective), (vec![0, 1], 0.0));
    assert_eq!(fewest_sites(&far, &[2.0], reach, Effort::QUICK, 1), Ok(None));

    assert!(Distances::new(1, 1, vec![-1.0]).is_err());
    assert!(maximal_covering(&far, &[f64::NAN], reach, 1, &rules, Effort::QUICK, 1).is_err());
    assert!(maximal_covering(&far, &[1.0, 1.0], reach, 1, &rules, Effort::QUICK, 1).is_err());
    let both = Rules { locked: vec![1], excluded: vec![1], ..Rules::default() };
    assert!(maximal_covering(&far, &[1.0], reach, 1, &both, Effort::QUICK, 1).is_err());
}

#[test]
fn the_fewest_sites_cover_everything() {
    // Three points in a row, each site reaches its two neighbours: one in the middle is enough.
    let line = |at: f64| Bng::new(at, 0.0);
    let places = [line(0.0), line(100.0), line(200.0)];
    let distances = Distances::straight(&places, &places, 1.0);
    let fewest = |reach| fewest_sites(&distances, &[1.0; 3], Metres::new(reach), Effort::QUICK, 1);

    assert_eq!(fewest(100.0), Ok(Some(1)));
    assert_eq!(fewest(99.0), Ok(Some(3)));
}
