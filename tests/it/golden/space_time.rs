//! Space-time: trends, emerging classes, near repeats, Mantel.

use std::cmp::Ordering;

use serde_json::Value;
use wardheat::quantity::Metres;
use wardheat::stats::space_time::{
    ALL_ALONG, Closing, Continuity, Correlation, CubeOptions, Heat, KnoxOptions, MantelOptions,
    Metric, NearRepeatOptions, Reference, emerging_class, knox, mann_kendall, mantel,
    matching_classes, near_repeats, space_time_cube,
};
use wardheat::stats::{Adjustment, two_sided_p};
use wardheat::units::Grid;
use wardheat::weights::{Contiguity, Neighbours, cell_contiguity};

use super::{Check, Expected, Golden, counts, numbered, numbers, optional, positions};

pub(super) const METHODS: &[(&str, Check)] = &[
    ("ehsa-classify", ehsa_classify),
    ("ehsa-cube", ehsa_cube),
    ("knox", knox_and_near_repeats),
    ("mann-kendall", mann_kendall_rows),
    ("mantel", mantel_correlations),
];

fn rows(value: &Value) -> Result<&Vec<Value>, String> {
    value.as_array().ok_or_else(|| "no rows".to_owned())
}

fn mann_kendall_rows(golden: &Golden) -> Result<(), String> {
    let expected = Expected::of(golden)?;
    let alpha = golden.param("alpha").as_f64().unwrap_or(0.05);
    let continuity = match golden.param("continuity").as_bool() {
        Some(false) => Continuity::Plain,
        _ => Continuity::Corrected,
    };
    let by_name = golden.input("series");
    for row in rows(golden.result("rows"))? {
        let name = row["name"].as_str().unwrap_or("a series");
        for key in ["name", "series", "trend"] {
            golden.met(&row[key]);
        }
        let series = match row.get("series") {
            Some(series) => numbers(series)?,
            None => numbers(&by_name[name])?,
        };
        let ours = mann_kendall(&series, continuity);
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
    match mann_kendall(z, Continuity::Corrected).map(|trend| trend.trend(alpha)) {
        Some("increasing") => Ordering::Greater,
        Some("decreasing") => Ordering::Less,
        _ => Ordering::Equal,
    }
}

fn ehsa_classify(golden: &Golden) -> Result<(), String> {
    let expected = Expected::of(golden)?;
    let share = golden.param("share").as_f64().unwrap_or(ALL_ALONG);
    let trend_alpha = golden.param("mk_alpha").as_f64().unwrap_or(0.05);
    golden.words(
        "order",
        &["hot rules then cold rules; new, consecutive, intensifying, diminishing, historical, \
           persistent, oscillating, sporadic"],
    )?;
    for (given, theirs) in rows(golden.input("rows"))?.iter().zip(rows(golden.result("rows"))?) {
        for key in ["name", "category", "all_matching_rules"] {
            golden.met(&theirs[key]);
        }
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
        let ours = mann_kendall(&z, Continuity::Corrected);
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
fn grid_neighbours(golden: &Golden) -> Result<Neighbours, String> {
    golden.words("contiguity", &["queen", "rook"])?;
    let side = |key: &str| golden.input(key).as_u64().ok_or_else(|| format!("no {key}"));
    let (n_columns, n_rows) = (side("nx"), side("ny"));
    if let Some(lists) = golden.input("neighbors").as_array() {
        let lists = lists
            .iter()
            .map(|list| Ok(counts(list)?.into_iter().map(|unit| unit as usize).collect()))
            .collect::<Result<Vec<Vec<usize>>, String>>()?;
        return Neighbours::from_lists(&lists).map_err(|e| e.to_string());
    }
    let rule = match golden.param("contiguity").as_str() {
        Some("rook") => Contiguity::Rook,
        _ => Contiguity::Queen,
    };
    let sides = (n_columns? as usize, n_rows? as usize);
    let grid = Grid::rectangle(Metres::new(100.0), (0, 0), sides).map_err(|e| e.to_string())?;
    Ok(cell_contiguity(&grid, rule))
}

/// How the file scores its cube, in the words of its peers.
fn cube_options(golden: &Golden) -> Result<CubeOptions, String> {
    let defaults = CubeOptions::default();
    let reference = match golden.param("reference").as_str() {
        None | Some("entire cube") => Reference::Cube,
        Some("individual time step" | "single step") => Reference::Period,
        Some("neighborhood time step" | "neighbourhood step") => Reference::NeighbourhoodPeriods,
        Some(other) => return Err(format!("no reference `{other}`")),
    };
    let rule = golden.param("fdr").as_str().map(|rule| rule.split(' ').next().unwrap_or(rule));
    let adjustment = match rule {
        None | Some("BH") => Adjustment::BenjaminiHochberg,
        Some("BY") => Adjustment::BenjaminiYekutieli,
        Some("bonferroni" | "Bonferroni") => Adjustment::Bonferroni,
        Some("none") => Adjustment::None,
        Some(other) => return Err(format!("no adjustment `{other}`")),
    };
    let number = |key: &str| golden.param(key).as_f64();
    Ok(CubeOptions {
        lags: golden.param("time_lags").as_u64().map_or(defaults.lags, |lags| lags as usize),
        reference,
        star: golden.param("include_self").as_bool().unwrap_or(true),
        adjustment,
        alpha: number("alpha").unwrap_or(defaults.alpha),
        trend_alpha: number("mk_alpha").unwrap_or(defaults.trend_alpha),
        share: number("share").unwrap_or(defaults.share),
        ..defaults
    })
}

fn ehsa_cube(golden: &Golden) -> Result<(), String> {
    let expected = Expected::of(golden)?;
    let near = grid_neighbours(golden)?;
    let periods = golden.input("cube").as_array().ok_or("no cube")?;
    let cube: Vec<f64> =
        periods.iter().map(numbers).collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
    let n = near.n_units();
    if golden.input("n_times").as_u64().is_some_and(|n_times| n_times as usize * n != cube.len()) {
        return Err("the cube has other periods than it says".into());
    }
    let ours = space_time_cube(&cube, &near, &cube_options(golden)?).map_err(|e| e.to_string())?;
    let p: Vec<_> = ours.z.iter().map(|z| z.map(two_sided_p)).collect();
    for (key, values) in
        [("z", &ours.z), ("p", &p), ("p_bh", &ours.q), ("p_by", &ours.q), ("p_adjusted", &ours.q)]
    {
        let Some(theirs) = golden.result(key).as_array() else { continue };
        for (period, (ours, theirs)) in values.chunks(n).zip(theirs).enumerate() {
            for (cell, theirs) in theirs.as_array().into_iter().flatten().enumerate() {
                expected.number(&format!("{key}[{period}][{cell}]"), ours[cell], theirs)?;
            }
        }
    }
    for (cell, theirs) in golden.result("mk_z_p").as_array().into_iter().flatten().enumerate() {
        let trend = ours.trends[cell];
        expected.number(&format!("mk z of {cell}"), trend.map(|t| t.z), &theirs[0])?;
        expected.number(&format!("mk p of {cell}"), trend.map(|t| t.p), &theirs[1])?;
    }
    golden.met(golden.result("category"));
    for (cell, theirs) in golden.result("category").as_array().into_iter().flatten().enumerate() {
        let class = spelt(ours.classes[cell].label());
        if *theirs != class {
            return Err(format!("cell {cell}: ours {class}, theirs {theirs}"));
        }
    }
    Ok(())
}

fn knox_and_near_repeats(golden: &Golden) -> Result<(), String> {
    let at = positions(golden)?;
    let times = numbers(golden.input("t"))?;
    let closed = golden.param("closed").as_bool().unwrap_or(true);
    let threshold = |key: &str| {
        let edge = golden.param(key).as_f64().ok_or_else(|| format!("no {key}"))?;
        Ok::<_, String>(if closed { edge } else { edge.next_down() })
    };
    let options = KnoxOptions {
        distance: Metres::new(threshold("delta")?),
        days: threshold("tau")?,
        metric: metric(golden.param("metric"))?,
        permutations: 9_999,
        seed: 1,
    };
    let ours = knox(&at, &times, &options, None).map_err(|e| e.to_string())?;
    for (key, count) in [
        ("pairs", ours.pairs),
        ("ns", ours.near_space),
        ("nt", ours.near_time),
        ("nst", ours.near_both),
    ] {
        Expected::at(golden, 0.0, 0.0).one(key, Some(count as f64))?;
    }
    let tolerance = |key: &str| golden.tolerance(key).unwrap_or(0.0);
    let p = tolerance("p_perm_abs");
    for (key, ours, abs, rel) in [
        ("expected_nst", Some(ours.expected), 0.0, tolerance("expected_nst_rel")),
        ("p_poisson_surveillance", Some(ours.p_poisson), 1e-12, 1e-9),
        ("p_poisson_pointpats", Some(ours.p_poisson), 1e-12, 1e-9),
        ("p_perm_ref", Some(ours.p), p, 0.0),
        ("p_sim_surveillance_9999", Some(ours.p), p, 0.0),
        ("perm_mean_ref", ours.permuted_mean, 0.0, 0.02),
    ] {
        Expected::at(golden, abs, rel).one(key, ours)?;
    }
    near_repeat_tables(golden, &at, &times)
}

fn metric(words: &Value) -> Result<Metric, String> {
    match words.as_str() {
        None if words.is_null() => Ok(Metric::Euclidean),
        Some("euclid" | "euclidean") => Ok(Metric::Euclidean),
        Some("manhattan") => Ok(Metric::Manhattan),
        _ => Err(format!("no metric {words}")),
    }
}

/// Metric and edges in the name of a table, such as `euclid_right_closed_lowest`.
fn bands(name: &str) -> Result<(Metric, Closing), String> {
    let (of, closing) = name.split_once('_').ok_or_else(|| format!("no bands `{name}`"))?;
    let closing = match closing {
        "left_closed" => Closing::Left,
        "left_closed_highest" | "left_closed_lowest" => Closing::LeftAndHighest,
        "right_closed" => Closing::Right,
        "right_closed_lowest" => Closing::RightAndLowest,
        other => return Err(format!("no bands `{other}`")),
    };
    Ok((metric(&of.into())?, closing))
}

fn near_repeat_tables(
    golden: &Golden,
    at: &[wardheat::crs::Bng],
    times: &[f64],
) -> Result<(), String> {
    let (distances, days) = (golden.param("sds"), golden.param("tds"));
    let table = |metric, closing, runs| {
        let options = NearRepeatOptions {
            distances: numbers(distances)?,
            days: numbers(days)?,
            metric,
            closing,
            days_closing: closing,
            permutations: runs,
            seed: 1,
            ..NearRepeatOptions::default()
        };
        near_repeats(at, times, &options, None).map_err(|e| e.to_string())
    };
    let tables = golden.file["expected"].as_object().into_iter().flatten();
    for (key, theirs) in tables {
        let Some(name) = key.strip_prefix("near_repeat_counts_") else { continue };
        let (metric, closing) = bands(name)?;
        golden.met(theirs);
        let ours = table(metric, closing, 0)?;
        for (row, (ours, theirs)) in ours.iter().zip(rows(theirs)?).enumerate() {
            let ours: Vec<u64> = ours.iter().map(|cell| cell.pairs).collect();
            let theirs = counts(theirs)?;
            if ours != theirs {
                return Err(format!("{key}[{row}]: ours {ours:?}, theirs {theirs:?}"));
            }
        }
    }
    let (ratios, p_values) =
        (golden.result("near_repeat_ratio_mean_1999"), golden.result("near_repeat_p_1999"));
    if ratios.is_null() && p_values.is_null() {
        return Ok(());
    }
    golden.met(ratios);
    let ours = table(Metric::Euclidean, Closing::Left, 1_999)?;
    let ratio = golden.tolerance("near_repeat_ratio_rel").unwrap_or(0.08);
    let p = golden.tolerance("near_repeat_p_abs").unwrap_or(0.03);
    for (row, cells) in ours.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            let at = format!("[{row}][{column}]");
            if let Some(theirs) = p_values.get(row) {
                let theirs = &theirs[column];
                Expected::at(golden, p, 0.0).number(&format!("p{at}"), Some(cell.p), theirs)?;
            }
            if let Some(theirs) = ratios.get(row) {
                // A mean of few pairs is itself known to a few per cent only.
                let few = 4.0 / (cell.expected * 1_999.0).sqrt();
                let theirs = &theirs[column];
                // None of their permutations had a pair there: one of ours may have.
                if theirs.is_null() && cell.expected * 1_999.0 < 10.0 {
                    continue;
                }
                let within = Expected::at(golden, 0.0, ratio.max(few));
                within.number(&format!("ratio{at}"), cell.ratio, theirs)?;
            }
        }
    }
    Ok(())
}

fn mantel_correlations(golden: &Golden) -> Result<(), String> {
    let expected = Expected::of(golden)?;
    let at = positions(golden)?;
    let times = numbers(golden.input("t"))?;
    // Constants and powers of pointpats, where the file sets them.
    let set = |key: &str, or: f64| golden.param(key).as_f64().unwrap_or(or);
    let transformed = MantelOptions {
        correlation: Correlation::Reciprocal,
        distance_constant: set("scon", 1.0),
        distance_power: set("spow", -1.0),
        days_constant: set("tcon", 1.0),
        days_power: set("tpow", -1.0),
        permutations: 0,
        ..MantelOptions::default()
    };
    let of =
        |options: MantelOptions| mantel(&at, &times, &options, None).map_err(|e| e.to_string());
    let plain = |correlation, permutations| {
        of(MantelOptions { correlation, permutations, seed: 1, ..MantelOptions::default() })
    };
    let pearson = plain(Correlation::Pearson, 9_999)?;
    expected.one("r_pearson", Some(pearson.r))?;
    expected.one("r_spearman", Some(plain(Correlation::Spearman, 0)?.r))?;
    expected.one("r_transformed", Some(of(transformed)?.r))?;
    for (key, constant) in numbered(&golden.file["expected"], "r_reciprocal_k", "") {
        let both =
            MantelOptions { distance_constant: constant, days_constant: constant, ..transformed };
        expected.one(key, Some(of(both)?.r))?;
    }
    let p = golden.tolerance("p_abs").unwrap_or(0.02);
    Expected::at(golden, p, 0.0).one("p_one_sided_9999", Some(pearson.p))
}
