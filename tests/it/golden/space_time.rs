//! Space-time: trends, emerging classes, near repeats, Mantel.

use std::cmp::Ordering;

use serde_json::Value;
use wardheat::quantity::Metres;
use wardheat::stats::space_time::{
    ALL_ALONG, Closing, Correlation, CubeOptions, Heat, KnoxOptions, MantelOptions, Metric,
    NearRepeatOptions, Reference, emerging_class, knox, mann_kendall, mantel, matching_classes,
    near_repeats, space_time_cube,
};
use wardheat::stats::two_sided_p;
use wardheat::units::Grid;
use wardheat::weights::{Contiguity, Neighbours, cell_contiguity};

use super::{Check, Expected, counts, numbers, optional, positions};

pub(super) const METHODS: &[(&str, Check)] = &[
    ("ehsa-classify", ehsa_classify),
    ("ehsa-cube", ehsa_cube),
    ("knox", knox_and_near_repeats),
    ("mann-kendall", mann_kendall_rows),
    ("mantel", mantel_correlations),
];

fn rows(value: &Value) -> Result<&Vec<Value>, String> {
    value["rows"].as_array().ok_or_else(|| "no rows".to_owned())
}

fn mann_kendall_rows(golden: &Value) -> Result<(), String> {
    let expected = Expected::of(golden)?;
    let alpha = golden["params"]["alpha"].as_f64().unwrap_or(0.05);
    for row in rows(expected.values)? {
        let name = row["name"].as_str().unwrap_or("a series");
        let series = match row.get("series") {
            Some(series) => numbers(series)?,
            None => numbers(&golden["inputs"]["series"][name])?,
        };
        let ours = mann_kendall(&series);
        let theirs = expected.within(row);
        for (key, ours) in [
            ("S", ours.map(|o| o.s as f64)),
            ("var_S", ours.map(|o| o.variance)),
            ("z", ours.map(|o| o.z)),
            ("p", ours.map(|o| o.p)),
            ("tau_a", ours.map(|o| o.tau_a)),
            ("tau_b", ours.and_then(|o| o.tau_b)),
            ("sen_slope", ours.map(|o| o.sen_slope)),
        ] {
            theirs.one(key, ours).map_err(|e| format!("{name}: {e}"))?;
        }
        if let (Some(trend), Some(ours)) = (row["trend"].as_str(), ours)
            && trend != ours.trend(alpha)
        {
            return Err(format!("{name}: ours {}, theirs {trend}", ours.trend(alpha)));
        }
    }
    Ok(())
}

/// Our label as the golden files spell it.
fn spelt(label: &str) -> String {
    match label {
        "no pattern" => "no pattern detected".to_owned(),
        label => label.replace("hotspot", "hot spot").replace("coldspot", "cold spot"),
    }
}

fn direction(z: &[f64], alpha: f64) -> Ordering {
    match mann_kendall(z).map(|trend| trend.trend(alpha)) {
        Some("increasing") => Ordering::Greater,
        Some("decreasing") => Ordering::Less,
        _ => Ordering::Equal,
    }
}

fn ehsa_classify(golden: &Value) -> Result<(), String> {
    let expected = Expected::of(golden)?;
    let share = golden["params"]["share"].as_f64().unwrap_or(ALL_ALONG);
    let trend_alpha = golden["params"]["mk_alpha"].as_f64().unwrap_or(0.05);
    for (given, theirs) in rows(&golden["inputs"])?.iter().zip(rows(expected.values)?) {
        let name = given["name"].as_str().unwrap_or("a series");
        let (z, p) = (numbers(&given["z"])?, optional(&given["p"])?);
        let alpha = given["alpha"].as_f64().unwrap_or(0.05);
        let history: Vec<Heat> =
            z.iter().zip(&p).map(|(&z, &p)| Heat::of(Some(z), p, alpha)).collect();
        let trend = direction(&z, trend_alpha);
        let class = spelt(emerging_class(&history, trend, share).label());
        if theirs["category"] != class {
            return Err(format!("{name}: ours {class}, theirs {}", theirs["category"]));
        }
        if let Some(rules) = theirs["all_matching_rules"].as_array() {
            let mut rules: Vec<&str> = rules.iter().filter_map(Value::as_str).collect();
            let mut ours: Vec<String> = matching_classes(&history, trend, share)
                .iter()
                .map(|class| spelt(class.label()))
                .collect();
            if ours.is_empty() {
                ours.push("no pattern detected".to_owned());
            }
            rules.sort_unstable();
            ours.sort_unstable();
            if ours != rules {
                return Err(format!("{name}: ours {ours:?}, theirs {rules:?}"));
            }
        }
        let ours = mann_kendall(&z);
        let theirs = expected.within(theirs);
        for (key, ours) in [
            ("mk_z", ours.map(|o| o.z)),
            ("mk_p", ours.map(|o| o.p)),
            ("mk_tau", ours.map(|o| o.tau_a)),
        ] {
            theirs.one(key, ours).map_err(|e| format!("{name}: {e}"))?;
        }
    }
    Ok(())
}

/// Neighbours of the cells of a golden grid: from lists, or by contiguity.
fn grid_neighbours(golden: &Value) -> Result<Neighbours, String> {
    let inputs = &golden["inputs"];
    if let Some(lists) = inputs.get("neighbors").and_then(Value::as_array) {
        let lists = lists
            .iter()
            .map(|list| Ok(counts(list)?.into_iter().map(|unit| unit as usize).collect()))
            .collect::<Result<Vec<Vec<usize>>, String>>()?;
        return Neighbours::from_lists(&lists).map_err(|e| e.to_string());
    }
    let side = |key: &str| golden["inputs"][key].as_u64().ok_or_else(|| format!("no {key}"));
    let rule = match golden["params"]["contiguity"].as_str() {
        Some("rook") => Contiguity::Rook,
        _ => Contiguity::Queen,
    };
    let grid =
        Grid::rectangle(Metres::new(100.0), (0, 0), (side("nx")? as usize, side("ny")? as usize))
            .map_err(|e| e.to_string())?;
    Ok(cell_contiguity(&grid, rule))
}

fn ehsa_cube(golden: &Value) -> Result<(), String> {
    let expected = Expected::of(golden)?;
    let near = grid_neighbours(golden)?;
    let periods = golden["inputs"]["cube"].as_array().ok_or("no cube")?;
    let cube: Vec<f64> =
        periods.iter().map(numbers).collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
    let params = &golden["params"];
    if params["include_self"] == false {
        return Err("a bin always counts itself".into());
    }
    let adjusted = params["fdr"].as_str().is_none_or(|rule| !rule.starts_with("none"));
    let options = CubeOptions {
        lags: params["time_lags"].as_u64().unwrap_or(1) as usize,
        reference: match params["reference"].as_str() {
            Some("individual time step" | "single step") => Reference::Period,
            Some("neighborhood time step" | "neighbourhood step") => {
                Reference::NeighbourhoodPeriods
            }
            _ => Reference::Cube,
        },
        alpha: params["alpha"].as_f64().unwrap_or(0.05),
        ..CubeOptions::default()
    };
    let ours = space_time_cube(&cube, &near, &options).map_err(|e| e.to_string())?;
    let n = near.n_units();
    for (key, values) in [("z", &ours.z), ("p_bh", &ours.q)] {
        let Some(theirs) = expected.values[key].as_array() else { continue };
        for (period, (ours, theirs)) in values.chunks(n).zip(theirs).enumerate() {
            for (cell, theirs) in theirs.as_array().into_iter().flatten().enumerate() {
                expected.number(&format!("{key}[{period}][{cell}]"), ours[cell], theirs)?;
            }
        }
    }
    for (cell, theirs) in expected.values["mk_z_p"].as_array().into_iter().flatten().enumerate() {
        let trend = ours.trends[cell];
        expected.number(&format!("mk z of {cell}"), trend.map(|t| t.z), &theirs[0])?;
        expected.number(&format!("mk p of {cell}"), trend.map(|t| t.p), &theirs[1])?;
    }
    let class = |cell: usize| {
        if adjusted {
            return ours.classes[cell];
        }
        let heat = |(z, _): (Option<f64>, _)| Heat::of(z, z.map(two_sided_p), options.alpha);
        let history: Vec<Heat> = ours.history(cell).map(heat).collect();
        let z: Vec<f64> = ours.history(cell).filter_map(|(z, _)| z).collect();
        emerging_class(&history, direction(&z, options.trend_alpha), options.share)
    };
    for (cell, theirs) in expected.values["category"].as_array().into_iter().flatten().enumerate() {
        let class = spelt(class(cell).label());
        if *theirs != class {
            return Err(format!("cell {cell}: ours {class}, theirs {theirs}"));
        }
    }
    Ok(())
}

fn close(what: &str, ours: Option<f64>, theirs: &Value, abs: f64, rel: f64) -> Result<(), String> {
    Expected { values: &Value::Null, abs, rel }.number(what, ours, theirs)
}

fn knox_and_near_repeats(golden: &Value) -> Result<(), String> {
    let at = positions(&golden["inputs"])?;
    let times = numbers(&golden["inputs"]["t"])?;
    let (params, expected) = (&golden["params"], &golden["expected"]);
    let tolerance = |key: &str| golden["tolerance"][key].as_f64().unwrap_or(0.0);
    let threshold = |key: &str| {
        let edge = params[key].as_f64().ok_or_else(|| format!("no {key}"))?;
        Ok::<_, String>(if params["closed"] == false { edge.next_down() } else { edge })
    };
    let options = KnoxOptions {
        distance: Metres::new(threshold("delta")?),
        days: threshold("tau")?,
        permutations: 9_999,
        seed: 1,
        ..KnoxOptions::default()
    };
    let ours = knox(&at, &times, &options, None).map_err(|e| e.to_string())?;
    for (key, count) in [
        ("pairs", ours.pairs),
        ("ns", ours.near_space),
        ("nt", ours.near_time),
        ("nst", ours.near_both),
    ] {
        if expected.get(key).is_some_and(|theirs| theirs.as_f64() != Some(count as f64)) {
            return Err(format!("{key}: ours {count}, theirs {}", expected[key]));
        }
    }
    let p = tolerance("p_perm_abs");
    for (key, ours, abs, rel) in [
        ("expected_nst", Some(ours.expected), 0.0, tolerance("expected_nst_rel")),
        ("p_poisson_surveillance", Some(ours.p_poisson), 1e-12, 1e-9),
        ("p_poisson_pointpats", Some(ours.p_poisson), 1e-12, 1e-9),
        ("p_perm_ref", Some(ours.p), p, 0.0),
        ("p_sim_surveillance_9999", Some(ours.p), p, 0.0),
        ("perm_mean_ref", ours.permuted_mean, 0.0, 0.02),
    ] {
        if let Some(theirs) = expected.get(key) {
            close(key, ours, theirs, abs, rel)?;
        }
    }
    near_repeat_tables(golden, &at, &times)
}

fn near_repeat_tables(
    golden: &Value,
    at: &[wardheat::crs::Bng],
    times: &[f64],
) -> Result<(), String> {
    let (params, expected) = (&golden["params"], &golden["expected"]);
    let table = |metric, closing, runs| {
        let options = NearRepeatOptions {
            distances: numbers(&params["sds"])?,
            days: numbers(&params["tds"])?,
            metric,
            closing,
            permutations: runs,
            seed: 1,
            ..NearRepeatOptions::default()
        };
        near_repeats(at, times, &options, None).map_err(|e| e.to_string())
    };
    for (key, metric, closing) in [
        ("near_repeat_counts_euclid_left_closed", Metric::Euclidean, Closing::Left),
        ("near_repeat_counts_manhattan_left_closed", Metric::Manhattan, Closing::Left),
        (
            "near_repeat_counts_euclid_right_closed_lowest",
            Metric::Euclidean,
            Closing::RightAndLowest,
        ),
        (
            "near_repeat_counts_manhattan_right_closed_lowest",
            Metric::Manhattan,
            Closing::RightAndLowest,
        ),
    ] {
        let Some(theirs) = expected[key].as_array() else { continue };
        let ours = table(metric, closing, 0)?;
        for (row, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
            let ours: Vec<u64> = ours.iter().map(|cell| cell.pairs).collect();
            let theirs = counts(theirs)?;
            if ours != theirs {
                return Err(format!("{key}[{row}]: ours {ours:?}, theirs {theirs:?}"));
            }
        }
    }
    let ours = table(Metric::Euclidean, Closing::Left, 1_999)?;
    let ratio = golden["tolerance"]["near_repeat_ratio_rel"].as_f64().unwrap_or(0.08);
    let p = golden["tolerance"]["near_repeat_p_abs"].as_f64().unwrap_or(0.03);
    for (row, cells) in ours.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            let at = format!("[{row}][{column}]");
            if let Some(theirs) = expected["near_repeat_p_1999"].get(row) {
                close(&format!("p{at}"), Some(cell.p), &theirs[column], p, 0.0)?;
            }
            if let Some(theirs) = expected["near_repeat_ratio_mean_1999"].get(row) {
                // A mean of few pairs is itself known to a few per cent only.
                let few = 4.0 / (cell.expected * 1_999.0).sqrt();
                let theirs = &theirs[column];
                // None of their permutations had a pair there: one of ours may have.
                if theirs.is_null() && cell.expected * 1_999.0 < 10.0 {
                    continue;
                }
                close(&format!("ratio{at}"), cell.ratio, theirs, 0.0, ratio.max(few))?;
            }
        }
    }
    Ok(())
}

fn mantel_correlations(golden: &Value) -> Result<(), String> {
    let expected = Expected::of(golden)?;
    let at = positions(&golden["inputs"])?;
    let times = numbers(&golden["inputs"]["t"])?;
    let of = |correlation, permutations| {
        let options =
            MantelOptions { correlation, permutations, seed: 1, ..MantelOptions::default() };
        mantel(&at, &times, &options, None).map_err(|e| e.to_string())
    };
    let pearson = of(Correlation::Pearson, 9_999)?;
    expected.one("r_pearson", Some(pearson.r))?;
    expected.one("r_spearman", Some(of(Correlation::Spearman, 0)?.r))?;
    expected.one("r_reciprocal_k1", Some(of(Correlation::Reciprocal, 0)?.r))?;
    let p = golden["tolerance"]["p_abs"].as_f64().unwrap_or(0.02);
    match expected.values.get("p_one_sided_9999") {
        Some(theirs) => close("p", Some(pearson.p), theirs, p, 0.0),
        None => Ok(()),
    }
}
