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

    // More asked for than there are, none in reach, all alike, nobody there, all locked or out.
    let alike = Distances::new(2, 3, vec![500.0; 6]).unwrap();
    for (weights, rules) in [
        ([1.0, 2.0], Rules::default()),
        ([0.0, 0.0], Rules::default()),
        ([1.0, 2.0], Rules { locked: vec![0, 1, 2], ..Rules::default() }),
        ([0.0, 3.0], Rules { excluded: vec![0, 1, 2], ..Rules::default() }),
    ] {
        let chosen = 3 - rules.excluded.len();
        let all: f64 = weights.iter().sum();
        for k in [3, 7] {
            for (reach, reached) in [(400.0, 0.0), (500.0, if chosen > 0 { all } else { 0.0 })] {
                let reach = Metres::new(reach);
                let found =
                    maximal_covering(&alike, &weights, reach, k, &rules, Effort::QUICK, 1).unwrap();
                assert_eq!((found.sites.len(), found.objective), (chosen, reached), "{rules:?}");
                assert!(found.is_proven(), "{found:?}");
            }
            let found = p_median(&alike, &weights, k, &rules, Effort::QUICK, 1).unwrap();
            assert_eq!(found.sites.len(), chosen);
            assert!((found.objective - 500.0 * all).abs() < 1e-9, "{found:?}");
            assert!(found.is_proven(), "{found:?}");
        }
    }

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

/// Numbers of a linear congruential generator, so that any program can make the same task.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = (self.0 * 1_103_515_245 + 12_345) % (1 << 31);
        (self.0 >> 8) % n
    }
}

/// Demand and halls on a square of 8 km, on a grid of `step` metres, walks 1.3 times the straight
/// line; weights 1 to 60, costs 20 to 119.
fn drawn(seed: u64, n_points: usize, n_sites: usize, step: u64) -> (Distances, Vec<f64>, Vec<f64>) {
    let mut numbers = Numbers(seed);
    let place = |numbers: &mut Numbers| {
        let mut along = || (numbers.below(8_000 / step) * step) as f64;
        Bng::new(along(), along())
    };
    let points: Vec<Bng> = (0..n_points).map(|_| place(&mut numbers)).collect();
    let sites: Vec<Bng> = (0..n_sites).map(|_| place(&mut numbers)).collect();
    let weights = (0..n_points).map(|_| (1 + numbers.below(60)) as f64).collect();
    let costs = (0..n_sites).map(|_| (20 + numbers.below(100)) as f64).collect();
    (Distances::straight(&points, &sites, 1.3), weights, costs)
}

/// Optima by `HiGHS` through `SciPy` 1.17.1 (`milp`, relative gap 0) on the same tasks: plain, with a
/// site that is there already, one that may not be used and a budget, and with many ties.
#[test]
fn optima_are_those_of_highs() {
    let cover = |task: &(Distances, Vec<f64>, Vec<f64>), reach, k, rules: &Rules| {
        let reach = Metres::new(reach);
        let found = maximal_covering(&task.0, &task.1, reach, k, rules, Effort::QUICK, 1).unwrap();
        assert!(found.is_proven(), "{found:?}");
        found
    };
    let median = |task: &(Distances, Vec<f64>, Vec<f64>), k, rules: &Rules| {
        let found = p_median(&task.0, &task.1, k, rules, Effort::QUICK, 1).unwrap();
        assert!(found.is_proven(), "{found:?}");
        found
    };
    let none = Rules::default();

    let task = drawn(11, 600, 60, 1);
    let found = cover(&task, 900.0, 6, &none);
    assert_eq!(found.sites, [6, 8, 9, 20, 22, 33]);
    assert!((found.objective - 3_517.0).abs() < 1e-6, "{found:?}");
    let limited = Rules {
        locked: vec![3, 17],
        excluded: vec![8],
        budget: Some((task.2.clone(), 300.0)),
        ..Rules::default()
    };
    let found = cover(&task, 900.0, 6, &limited);
    assert_eq!(found.sites, [3, 9, 12, 17, 20, 22]);
    assert!((found.objective - 2_947.0).abs() < 1e-6, "{found:?}");
    assert!((cover(&task, 1_600.0, 8, &none).objective - 11_649.0).abs() < 1e-6);

    let task = drawn(23, 200, 40, 1);
    let found = median(&task, 5, &none);
    assert_eq!(found.sites, [13, 15, 21, 25, 39]);
    assert!((found.objective - 10_854_533.208_614).abs() < 1e-3, "{found:?}");
    let limited = Rules {
        locked: vec![2],
        excluded: vec![7, 9],
        budget: Some((task.2.clone(), 260.0)),
        ..Rules::default()
    };
    let found = median(&task, 5, &limited);
    assert_eq!(found.sites, [2, 12, 14, 25, 38]);
    assert!((found.objective - 11_886_636.283_826).abs() < 1e-3, "{found:?}");

    let (distances, _, costs) = drawn(31, 300, 50, 500);
    let task = (distances, vec![1.0; 300], costs);
    assert!((cover(&task, 700.0, 5, &none).objective - 50.0).abs() < 1e-6);
}
