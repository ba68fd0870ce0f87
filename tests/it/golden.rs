//! Golden results: what other tools found, read from `../shared/golden` and from the folder that
//! `WARDHEAT_GOLDEN_DIR` names, and compared at the tolerance that each file states.
//!
//! A file names its `method`. Methods in [`METHODS`] are run; the others are counted as skipped. To
//! add one is one line there and one function.
//!
//! A number agrees if it is within the absolute or the relative tolerance of the file, whichever is
//! wider for it; `null` agrees with `None` alone.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;
use wardheat::aggregate::{
    Confidence, Exposed, byar_interval, count_by_unit, empirical_bayes, location_quotients,
    log_wald_interval, poisson_interval, rate_per_1000, rate_ratio, score_interval,
};
use wardheat::crs::Bng;
use wardheat::quantity::{Metres, Population};
use wardheat::stats::{
    Adjustment, Bandwidths, Kernel, Layout, Star, Weighting, adjust, esda_cut_off,
    fewest_units_with, generalised_gini, gini, kde, local_g, normal_reference, q_values, scott,
    share_of_top, two_sided_p,
};
use wardheat::units::{Grid, Locator, UnitIdx};
use wardheat::weights::{Contiguity, Neighbours, cell_contiguity, distance_band};

use crate::support::shared;

type Check = fn(&Value) -> Result<(), String>;

/// Every method that is implemented, and how its files are checked.
const METHODS: &[(&str, Check)] = &[
    ("fdr", fdr),
    ("gi-star", gi_star),
    ("gini", concentration),
    ("kde", density),
    ("location-quotient", location_quotient),
    ("poisson-rate-ci", poisson_rate_ci),
    ("rates-eb", rates_eb),
    ("sfhotspot-gistar-kde", sfhotspot),
];

#[test]
fn every_golden_result_of_an_implemented_method_is_met() {
    let mut folders: Vec<PathBuf> =
        shared("golden results").map(|folder| folder.join("golden")).into_iter().collect();
    folders.extend(std::env::var_os("WARDHEAT_GOLDEN_DIR").map(PathBuf::from));
    let mut ran: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut skipped: BTreeMap<String, usize> = BTreeMap::new();
    let mut wrong = Vec::new();

    for folder in folders {
        let entries = std::fs::read_dir(&folder)
            .unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        files.sort();
        for file in files.iter().filter(|file| file.extension().is_some_and(|e| e == "json")) {
            let golden: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap())
                .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            let method = golden["method"].as_str().unwrap_or("no method").to_owned();
            let Some((_, check)) = METHODS.iter().find(|(id, _)| *id == method) else {
                *skipped.entry(method).or_default() += 1;
                continue;
            };
            let (run, passed) = ran.entry(method).or_default();
            *run += 1;
            match check(&golden) {
                Ok(()) => *passed += 1,
                Err(reason) => wrong.push(format!("{}: {reason}", file.display())),
            }
        }
    }

    let total: (usize, usize) = ran.values().fold((0, 0), |sum, n| (sum.0 + n.0, sum.1 + n.1));
    println!(
        "golden results: {} ran, {} passed, {} skipped",
        total.0,
        total.1,
        skipped.values().sum::<usize>()
    );
    for (method, (run, passed)) in &ran {
        println!("  {method}: {run} ran, {passed} passed");
    }
    for (method, files) in &skipped {
        println!("  {method}: {files} skipped");
    }
    assert!(wrong.is_empty(), "golden results not met:\n{}", wrong.join("\n"));
}

/// Compares with one file's `expected`, at its tolerance.
struct Expected<'a> {
    values: &'a Value,
    abs: f64,
    rel: f64,
}

impl<'a> Expected<'a> {
    fn of(golden: &'a Value) -> Result<Self, String> {
        let tolerance = |kind: &str| golden["tolerance"][kind].as_f64();
        if tolerance("abs").or(tolerance("rel")).is_none() {
            return Err("the file states no tolerance".into());
        }
        let (abs, rel) = (tolerance("abs").unwrap_or(0.0), tolerance("rel").unwrap_or(0.0));
        Ok(Self { values: &golden["expected"], abs, rel })
    }

    fn within(&self, values: &'a Value) -> Self {
        Self { values, abs: self.abs, rel: self.rel }
    }

    fn number(&self, what: &str, ours: Option<f64>, theirs: &Value) -> Result<(), String> {
        let agrees = match (ours, theirs.as_f64()) {
            (None, None) => theirs.is_null(),
            (Some(ours), Some(theirs)) => {
                (ours - theirs).abs() <= self.abs.max(self.rel * theirs.abs())
            }
            _ => false,
        };
        if agrees { Ok(()) } else { Err(format!("{what}: ours {ours:?}, theirs {theirs}")) }
    }

    /// A number under a key that the file may leave out.
    fn one(&self, key: &str, ours: Option<f64>) -> Result<(), String> {
        self.values.get(key).map_or(Ok(()), |theirs| self.number(key, ours, theirs))
    }

    /// A list under a key that the file may leave out.
    fn list(&self, key: &str, ours: &[Option<f64>]) -> Result<(), String> {
        let Some(theirs) = self.values.get(key) else { return Ok(()) };
        let theirs = theirs.as_array().ok_or_else(|| format!("{key} is no list"))?;
        if ours.len() != theirs.len() {
            return Err(format!("{key}: ours has {}, theirs {}", ours.len(), theirs.len()));
        }
        ours.iter()
            .zip(theirs)
            .enumerate()
            .try_for_each(|(i, (ours, theirs))| self.number(&format!("{key}[{i}]"), *ours, theirs))
    }
}

fn numbers(value: &Value) -> Result<Vec<f64>, String> {
    let list = value.as_array().ok_or("a list of numbers was expected")?;
    list.iter().map(|x| x.as_f64().ok_or_else(|| format!("{x} is no number"))).collect()
}

fn counts(value: &Value) -> Result<Vec<u64>, String> {
    Ok(numbers(value)?.into_iter().map(|x| x as u64).collect())
}

fn some(values: Vec<f64>) -> Vec<Option<f64>> {
    values.into_iter().map(Some).collect()
}

fn positions(inputs: &Value) -> Result<Vec<Bng>, String> {
    let (x, y) = (numbers(&inputs["x"])?, numbers(&inputs["y"])?);
    Ok(x.into_iter().zip(y).map(|(x, y)| Bng::new(x, y)).collect())
}

fn gi_star(golden: &Value) -> Result<(), String> {
    let expected = Expected::of(golden)?;
    let y = numbers(&golden["inputs"]["y"])?;
    let lists: Vec<Vec<usize>> = golden["inputs"]["neighbors"]
        .as_array()
        .ok_or("no neighbours")?
        .iter()
        .map(|list| Ok(counts(list)?.into_iter().map(|j| j as usize).collect()))
        .collect::<Result<_, String>>()?;
    let near = Neighbours::from_lists(&lists).map_err(|e| e.to_string())?;
    for (key, star, weighting) in [
        ("gi_B", Star::ExcludesSelf, Weighting::Binary),
        ("gi_W", Star::ExcludesSelf, Weighting::RowStandardised),
        ("gistar_B", Star::IncludesSelf, Weighting::Binary),
        ("gistar_W", Star::IncludesSelf, Weighting::RowStandardised),
    ] {
        let Some(theirs) = expected.values.get(key) else { continue };
        let z = local_g(&y, &near, star, weighting).map_err(|e| e.to_string())?;
        let p: Vec<_> = z.iter().map(|z| z.map(two_sided_p)).collect();
        let theirs = expected.within(theirs);
        theirs.list("z", &z).map_err(|e| format!("{key} {e}"))?;
        theirs.list("p_two_sided", &p).map_err(|e| format!("{key} {e}"))?;
    }
    Ok(())
}

fn fdr(golden: &Value) -> Result<(), String> {
    let expected = Expected::of(golden)?;
    let list = golden["inputs"]["p"].as_array().ok_or("no p-values")?;
    let p: Vec<Option<f64>> = list.iter().map(Value::as_f64).collect();
    expected.list("bh_adjusted", &q_values(&p))?;
    for (key, rule) in [
        ("by_adjusted", Adjustment::BenjaminiYekutieli),
        ("holm_adjusted", Adjustment::Holm),
        ("bonferroni_adjusted", Adjustment::Bonferroni),
    ] {
        expected.list(key, &adjust(&p, rule))?;
    }
    if let Some(cut_offs) = expected.values["esda_fdr_cutoff"].as_object() {
        for (alpha, theirs) in cut_offs {
            let ours = esda_cut_off(&p, alpha.parse().map_err(|_| "alpha is no number")?);
            expected.number(&format!("esda cut-off at {alpha}"), ours, theirs)?;
        }
    }
    for (key, alpha) in [("n_reject_bh_005", 0.05), ("n_reject_bh_010", 0.10)] {
        let found = q_values(&p).iter().flatten().filter(|q| **q <= alpha).count();
        expected.one(key, Some(found as f64))?;
    }
    Ok(())
}

/// The raster whose centres the file lists, row by row from the south-west.
fn layout(inputs: &Value, cell: f64) -> Result<(Layout, Vec<usize>), String> {
    let (x, y) = (numbers(&inputs["grid_x"])?, numbers(&inputs["grid_y"])?);
    let least = |v: &[f64]| v.iter().copied().fold(f64::INFINITY, f64::min);
    let (west, south) = (least(&x), least(&y));
    let steps = |v: f64, from: f64| ((v - from) / cell).round();
    let most = |v: &[f64], from| v.iter().map(|&v| steps(v, from) as usize).max().unwrap_or(0);
    let layout = Layout {
        origin: Bng::new(west - cell / 2.0, south - cell / 2.0),
        cell: Metres::new(cell),
        n_columns: most(&x, west) + 1,
        n_rows: most(&y, south) + 1,
    };
    let index = |(&x, &y): (&f64, &f64)| {
        let (column, row) = (steps(x, west), steps(y, south));
        let off = (west + column * cell - x).abs().max((south + row * cell - y).abs());
        let place = row as usize * layout.n_columns + column as usize;
        if off < 1e-6 { Ok(place) } else { Err(format!("{x}, {y} is no centre of the raster")) }
    };
    let places = x.iter().zip(&y).map(index).collect::<Result<_, _>>()?;
    Ok((layout, places))
}

fn density(golden: &Value) -> Result<(), String> {
    let expected = Expected::of(golden)?;
    let inputs = &golden["inputs"];
    let points = positions(inputs)?;
    let h = golden["params"]["bandwidth_h"].as_f64().ok_or("no bandwidth")?;
    let cell = golden["params"]["cell_size"].as_f64().ok_or("no cell size")?;
    let (layout, places) = layout(inputs, cell)?;
    for (key, kernel, scaled) in [
        ("quartic_density", Kernel::Quartic, true),
        ("quartic_unscaled", Kernel::Quartic, false),
        ("epanechnikov_density", Kernel::Epanechnikov, true),
        ("triweight_density", Kernel::Triweight, true),
        ("uniform_density", Kernel::Uniform, true),
        ("gaussian_density_sigma_h", Kernel::Gaussian, true),
    ] {
        let h = Metres::new(h);
        let surface = kde(&points, None, kernel, h, layout).map_err(|e| e.to_string())?;
        let scale = if scaled { 1.0 } else { 1.0 / kernel.peak(h) };
        let ours = places.iter().map(|&i| Some(surface.values[i] * scale)).collect::<Vec<_>>();
        expected.list(key, &ours)?;
    }
    // What sfhotspot returns (the rule for one axis) is in the file too, and is not ours.
    let nrd = normal_reference(&points);
    expected.one("bandwidth_nrd_x", nrd.map(|b| b.easting))?;
    expected.one("bandwidth_nrd_y", nrd.map(|b| b.northing))?;
    expected.one("bandwidth_nrd_mean", nrd.map(Bandwidths::mean))?;
    let scott = scott(&points);
    expected.list("bw_scott", &[scott.map(|b| b.easting), scott.map(|b| b.northing)])
}

fn poisson_rate_ci(golden: &Value) -> Result<(), String> {
    let expected = Expected::of(golden)?;
    let alpha = golden["params"]["alpha"].as_f64().unwrap_or(0.05);
    let confidence = Confidence::new(1.0 - alpha).ok_or("alpha is out of range")?;
    let rows = |key: &str| expected.values[key].as_array().cloned().unwrap_or_default();
    for row in rows("rate_ratios") {
        let exposed = |k: &str, n: &str| -> Result<Exposed, String> {
            let count = row[k].as_f64().ok_or("no count")? as u64;
            Ok(Exposed { count, exposure: row[n].as_f64().ok_or("no exposure")? })
        };
        let (first, second) = (exposed("k1", "n1")?, exposed("k2", "n2")?);
        let exact = rate_ratio(first, second, confidence);
        let wald = log_wald_interval(first, second, confidence);
        let score = score_interval(first, second, confidence);
        let theirs = expected.within(&row);
        for (key, ours) in [
            ("ratio", exact.and_then(|r| r.ratio)),
            ("exact_lo", exact.map(|r| r.low)),
            ("exact_hi", exact.and_then(|r| r.high)),
            ("exact_p", exact.map(|r| r.p)),
            ("wald_log_lo", wald.map(|i| i.low)),
            ("wald_log_hi", wald.map(|i| i.high)),
            ("score_lo", score.map(|i| i.low)),
            ("score_hi", score.map(|i| i.high)),
        ] {
            theirs.one(key, ours).map_err(|e| format!("{first:?} over {second:?}: {e}"))?;
        }
    }
    for row in rows("single_rates") {
        let count = row["count"].as_f64().ok_or("no count")? as u64;
        let people = row["population"].as_f64().ok_or("no population")?;
        let rate = rate_per_1000(count, Population::new(people), confidence);
        let exact = poisson_interval(count, confidence).scaled(1_000.0 / people);
        let byar = byar_interval(count, confidence).scaled(1_000.0 / people);
        let theirs = expected.within(&row);
        for (key, ours) in [
            ("rate_per_1000", rate.map(|r| r.value.get())),
            ("exact_lo_per_1000", rate.map(|r| r.low.get())),
            ("exact_hi_per_1000", Some(exact.high)),
            ("byar_lo_per_1000", Some(byar.low)),
            ("byar_hi_per_1000", Some(byar.high)),
        ] {
            theirs.one(key, ours).map_err(|e| format!("{count} of {people}: {e}"))?;
        }
    }
    Ok(())
}

fn rates_eb(golden: &Value) -> Result<(), String> {
    let expected = Expected::of(golden)?;
    let events = counts(&golden["inputs"]["events"])?;
    let bases: Vec<_> =
        numbers(&golden["inputs"]["population"])?.into_iter().map(Population::new).collect();
    let crude: Vec<_> = events
        .iter()
        .zip(&bases)
        .map(|(&k, &base)| rate_per_1000(k, base, Confidence::P95).map(|r| r.value.get() / 1_000.0))
        .collect();
    expected.list("crude_rate", &crude)?;
    expected.list("empirical_bayes", &empirical_bayes(&events, &bases))
}

fn location_quotient(golden: &Value) -> Result<(), String> {
    let inputs = &golden["inputs"];
    let ours = location_quotients(&counts(&inputs["crime"])?, &counts(&inputs["all_crime"])?);
    Expected::of(golden)?.list("lq", &ours)
}

fn concentration(golden: &Value) -> Result<(), String> {
    let expected = Expected::of(golden)?;
    let x = counts(&golden["inputs"]["counts"])?;
    let fewest = |share: f64| fewest_units_with(&x, share).map(|n| n as f64);
    expected.one("gini", gini(&x))?;
    expected.one("gini_generalised", generalised_gini(&x))?;
    expected.one("n_units_for_25pct", fewest(0.25))?;
    expected.one("n_units_for_50pct", fewest(0.5))?;
    expected.one("n_units_for_80pct", fewest(0.8))?;
    expected.one("pct_units_for_50pct", fewest(0.5).map(|n| 100.0 * n / x.len() as f64))?;
    expected.one("top5pct_share", share_of_top(&x, 0.05))
}

/// Counts, density and Gi* of one grid. The cell size that sfhotspot would choose is in the file
/// too, and is not ours to choose.
fn sfhotspot(golden: &Value) -> Result<(), String> {
    let expected = Expected::of(golden)?;
    let inputs = &golden["inputs"];
    let of_grid = |key: &str| inputs["grid"][key].as_f64().ok_or(format!("no {key}"));
    let cell = of_grid("cell_size")?;
    let (west, south) = (of_grid("xmin")?, of_grid("ymin")?);
    let (n_columns, n_rows) = (of_grid("nx")? as usize, of_grid("ny")? as usize);
    let first = ((west / cell).round() as i64, (south / cell).round() as i64);
    let grid = Grid::rectangle(Metres::new(cell), first, (n_columns, n_rows))
        .map_err(|e| e.to_string())?;
    if grid.origin() != Bng::new(west, south) {
        return Err("the grid does not stand on multiples of its cell size".into());
    }
    let centres: Vec<Bng> = (0..grid.len()).map(|i| grid.centre(UnitIdx::new(i))).collect();
    let near = cell_contiguity(&grid, Contiguity::Queen);
    if near != distance_band(&centres, Metres::new(cell * 2.0_f64.sqrt())) {
        return Err("queen neighbours are not those within the diagonal of a cell".into());
    }

    let points = positions(inputs)?;
    let units = Locator::Squares(grid).locate_all(&points);
    let boundary = golden["params"]["boundary"].as_str().unwrap_or_default();
    let dates = inputs["date"].as_array().ok_or("no dates")?;
    let after = |date: &Value| usize::from(date.as_str().unwrap_or_default() >= boundary);
    let periods: Vec<usize> = dates.iter().map(after).collect();
    let counted = count_by_unit(&units, &periods, centres.len(), 2).map_err(|e| e.to_string())?;
    let by_unit: Vec<f64> = counted.by_unit().into_iter().map(|n| n as f64).collect();
    let in_period = |period: usize| {
        let at = |i| Some(f64::from(counted.at(UnitIdx::new(i), period)));
        (0..centres.len()).map(at).collect::<Vec<_>>()
    };
    expected.list("count", &some(by_unit.clone()))?;
    expected.list("n_before", &in_period(0))?;
    expected.list("n_after", &in_period(1))?;

    let h = Metres::new(golden["params"]["bandwidth"].as_f64().ok_or("no bandwidth")?);
    let layout =
        Layout { origin: Bng::new(west, south), cell: Metres::new(cell), n_columns, n_rows };
    let surface = kde(&points, None, Kernel::Quartic, h, layout).map_err(|e| e.to_string())?;
    let peak = Kernel::Quartic.peak(h);
    let unscaled: Vec<_> = surface.values.iter().map(|v| Some(v / peak)).collect();
    expected.list("kde_unscaled_quartic", &unscaled)?;

    let z = local_g(&by_unit, &near, Star::IncludesSelf, Weighting::Binary)
        .map_err(|e| e.to_string())?;
    let p: Vec<_> = z.iter().map(|z| z.map(two_sided_p)).collect();
    expected.list("gistar_z", &z)?;
    expected.list("p_two_sided", &p)?;
    let nrd = normal_reference(&points);
    expected.list("bandwidth_nrd_xy", &[nrd.map(|b| b.easting), nrd.map(|b| b.northing)])
}
