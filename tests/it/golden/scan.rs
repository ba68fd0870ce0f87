//! Kulldorff's scan, in space and in space and time.

use serde_json::Value;
use wardheat::crs::Bng;
use wardheat::stats::scan::{Model, ScanCluster, ScanInput, ScanOptions, Ties, scan};

use super::{Check, Golden, counts, numbers, positions};

pub(super) const METHODS: &[(&str, Check)] =
    &[("kulldorff", kulldorff), ("st-permutation-scan", permutation)];

fn near(what: &str, ours: f64, theirs: &Value, abs: f64) -> Result<(), String> {
    match theirs.as_f64() {
        Some(theirs) if (ours - theirs).abs() <= abs => Ok(()),
        _ => Err(format!("{what}: ours {ours}, theirs {theirs}")),
    }
}

fn same_units(what: &str, ours: &[usize], theirs: &Value) -> Result<(), String> {
    let mut theirs: Vec<usize> = counts(theirs)?.into_iter().map(|id| id as usize).collect();
    let mut ours = ours.to_vec();
    theirs.sort_unstable();
    ours.sort_unstable();
    if ours == theirs { Ok(()) } else { Err(format!("{what}: ours {ours:?}, theirs {theirs:?}")) }
}

fn kulldorff(golden: &Golden) -> Result<(), String> {
    let centres = positions(golden)?;
    let (cases, population) = (numbers(golden.input("cases"))?, numbers(golden.input("pop"))?);
    golden.words("distance", &["Euclidean, circles centred on tracts"])?;
    let alpha = golden.param("alpha").as_f64().unwrap_or(0.05);
    for (key, model) in [
        ("poisson", Model::Poisson),
        ("binomial", Model::Bernoulli),
        ("bernoulli", Model::Bernoulli),
    ] {
        let theirs = golden.result(key);
        if theirs.is_null() {
            continue;
        }
        let options = ScanOptions {
            model,
            ties: Ties::OneByOne,
            largest: golden.param("pop_upper_bound").as_f64().ok_or("no bound")?,
            clusters: 25,
            permutations: golden.param("nsim").as_u64().unwrap_or(999) as usize,
            seed: 1,
            ..ScanOptions::default()
        };
        let input = ScanInput {
            centres: &centres,
            cases: &cases,
            population: &population,
            lengths: &[1.0],
        };
        let clusters = scan(input, &options, None).map_err(|e| e.to_string())?;
        let first = clusters.first().ok_or("no cluster")?;
        cluster(key, golden, first, &theirs["mlc"])?;
        let secondary = theirs["secondary"].as_array().map_or(&[][..], Vec::as_slice);
        for (number, theirs) in secondary.iter().enumerate() {
            let what = format!("{key} secondary {number}");
            let ours = clusters.get(number + 1).ok_or_else(|| format!("{what} is missing"))?;
            cluster(&what, golden, ours, theirs)?;
        }
        // One more that is significant may be so within the error of its own p-value only.
        let p = golden.tolerance("p_abs").unwrap_or(0.02);
        if let Some(more) = clusters.get(secondary.len() + 1)
            && more.p < alpha - p
        {
            return Err(format!("{key}: a secondary cluster too many, p {}", more.p));
        }
    }
    Ok(())
}

fn cluster(what: &str, golden: &Golden, ours: &ScanCluster, theirs: &Value) -> Result<(), String> {
    for key in ["ids", "LLR", "population", "cases", "expected", "SMR", "p"] {
        golden.met(&theirs[key]);
    }
    same_units(what, &ours.units, &theirs["ids"])?;
    let score = golden.tolerance("LLR_abs").unwrap_or(1e-8);
    near(&format!("{what} LLR"), ours.score, &theirs["LLR"], score)?;
    for (key, ours) in [
        ("population", ours.population),
        ("cases", ours.cases),
        ("expected", ours.expected),
        ("SMR", ours.ratio.unwrap_or(f64::NAN)),
    ] {
        near(&format!("{what} {key}"), ours, &theirs[key], 1e-8 * ours.abs())?;
    }
    near(&format!("{what} p"), ours.p, &theirs["p"], golden.tolerance("p_abs").unwrap_or(0.02))
}

fn permutation(golden: &Golden) -> Result<(), String> {
    let (x, y) = (numbers(golden.input("loc_x"))?, numbers(golden.input("loc_y"))?);
    let centres: Vec<Bng> = x.into_iter().zip(y).map(|(x, y)| Bng::new(x, y)).collect();
    let n_days = golden.input("n_days").as_u64().ok_or("no days")? as usize;
    let mut cases = vec![0.0; centres.len() * n_days];
    let (places, days) = (counts(golden.input("event_loc"))?, counts(golden.input("event_day"))?);
    for (place, day) in places.into_iter().zip(days) {
        cases[place as usize * n_days + day as usize] += 1.0;
    }
    golden.words("centres", &["event locations"])?;
    for (key, prospective) in [("retrospective", false), ("prospective", true)] {
        let theirs = golden.result(key);
        if theirs.is_null() {
            continue;
        }
        let options = ScanOptions {
            model: Model::Permutation,
            largest: golden.param("max_case_share").as_f64().unwrap_or(0.5),
            longest_periods: golden.param("max_window_days").as_u64().map(|days| days as usize),
            prospective,
            clusters: 1,
            permutations: 99,
            seed: 1,
            ..ScanOptions::default()
        };
        let lengths = vec![1.0; n_days];
        let input =
            ScanInput { centres: &centres, cases: &cases, population: &[], lengths: &lengths };
        let clusters = scan(input, &options, None).map_err(|e| e.to_string())?;
        let ours = clusters.first().ok_or_else(|| format!("{key}: no cluster"))?;
        for key in ["locations", "LLR", "start", "end", "cases", "expected"] {
            golden.met(&theirs[key]);
        }
        same_units(key, &ours.units, &theirs["locations"])?;
        let score = golden.tolerance("LLR_abs").unwrap_or(1e-8);
        for (what, ours, abs) in [
            ("LLR", ours.score, score),
            ("start", ours.start as f64, 0.0),
            ("end", ours.end as f64, 0.0),
            ("cases", ours.cases, 0.0),
            ("expected", ours.expected, 1e-8),
        ] {
            near(&format!("{key} {what}"), ours, &theirs[what], abs)?;
        }
    }
    Ok(())
}
