//! Choice of halls: 300 of them, 5,000 places where people live, 12 meetings, at three walks; and the
//! fewest places that hold half of a borough's incidents.
//!
//! Before each is timed, its gap is printed: of an answer at once, of the usual effort, and of the
//! most, with the seconds that each took.

use std::hint::black_box;
use std::time::Instant;

use criterion::{Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use wardheat::plan::{Choice, Distances, Effort, Rules, Targets, maximal_covering, p_median};
use wardheat::quantity::Metres;

#[expect(dead_code, reason = "each bench uses its own part of the city")]
mod support;

use support::City;

const SIDE: f64 = 12_000.0;
const HALLS: usize = 300;
const POINTS: usize = 5_000;
const MEETINGS: usize = 12;
const WALKS: [f64; 3] = [400.0, 800.0, 1_600.0];
const SEED: u64 = 1;
/// Two starts of the search, and the bound at the root.
const AT_ONCE: Effort = Effort { starts: 2, operations: 0, gap: 0.0 };

/// One model at one walk, for an effort.
type Solve<'a> = Box<dyn Fn(Effort) -> Choice + 'a>;

fn choices(c: &mut Criterion) {
    let mut group = c.benchmark_group("choose halls");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    let points = City { side: SIDE, seed: 5 }.addresses(POINTS);
    let halls = City { side: SIDE, seed: 6 }.addresses(HALLS);
    let weights: Vec<f64> = (0..POINTS).map(|i| (i * 37 % 59 + 1) as f64).collect();
    let distances = Distances::straight(&points, &halls, 1.3);
    let (d, w, rules) = (&distances, weights.as_slice(), &Rules::default());
    let cover = |walk: f64, k: usize| -> Solve<'_> {
        Box::new(move |effort| {
            maximal_covering(d, w, Metres::new(walk), k, rules, effort, SEED)
                .expect("rules that can be kept")
        })
    };
    let mut tasks: Vec<(String, Solve<'_>)> = WALKS
        .iter()
        .map(|&walk| (format!("covering within {walk} m, 12 of 300"), cover(walk, MEETINGS)))
        .collect();
    tasks.push(("covering within 1600 m, 10 of 300".to_owned(), cover(1_600.0, 10)));
    tasks.push((
        "p-median, 12 of 300".to_owned(),
        Box::new(move |effort| {
            p_median(d, w, MEETINGS, rules, effort, SEED).expect("rules that can be kept")
        }),
    ));
    group.throughput(Throughput::Elements((HALLS * POINTS) as u64));
    for (name, solve) in &tasks {
        for (how, effort) in
            [("at once", AT_ONCE), ("usual", Effort::QUICK), ("most", Effort::THOROUGH)]
        {
            let started = Instant::now();
            let found = solve(effort);
            eprintln!(
                "{name}, {how}: {:.0}, gap {:.3}%, {:.3} s",
                found.value,
                found.gap * 100.0,
                started.elapsed().as_secs_f64()
            );
        }
        group.bench_function(format!("{name}, at once"), |b| b.iter(|| solve(black_box(AT_ONCE))));
        group.bench_function(format!("{name}, usual"), |b| {
            b.iter(|| solve(black_box(Effort::QUICK)));
        });
    }
    group.finish();
}

fn fewest(c: &mut Criterion) {
    let mut group = c.benchmark_group("fewest places of half the incidents");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    let city = City { side: SIDE, seed: 7 };
    let snap_points = city.snap_points(2_500);
    for n in [1_000, 5_000] {
        let mut counts = vec![0; snap_points.len()];
        for at in city.incidents(n, &snap_points) {
            counts[snap_points.iter().position(|point| *point == at).expect("a snap point")] += 1;
        }
        let targets = Targets::new(snap_points.clone(), Metres::new(125.0));
        let found = targets.fewest(&counts, 0.5, SEED);
        eprintln!(
            "{n} incidents: {} places, no fewer than {}",
            found.centres.len(),
            found.at_least
        );
        group.throughput(Throughput::Elements(n as u64));
        group.bench_function(format!("250 m, {n} incidents at 2,500 positions"), |b| {
            b.iter(|| targets.fewest(black_box(&counts), 0.5, SEED));
        });
    }
    group.finish();
}

criterion_group!(benches, choices, fewest);
criterion_main!(benches);
