//! Local and global autocorrelation, and what many p-values are worth.

use serde_json::Value;
use wardheat::stats::{
    Adjustment, Alternative, AssociationError, Chance, GlobalScore, LocalMoments, Permutations,
    Star, Tails, Watch, Weighting, adjust, esda_cut_off, geary, general_g, local_g, local_moran,
    moran, permuted_lags, q_values, two_sided_p,
};
use wardheat::weights::Weights;

use super::{Check, Expected, counts, numbered, numbers};

pub(super) const METHODS: &[(&str, Check)] = &[
    ("conditional-permutation", conditional_permutation),
    ("fdr", fdr),
    ("gi-star", gi_star),
    ("global-autocorrelation", global),
    ("local-moran", moran_by_unit),
];

/// `neighbors` with their `weights`, or 1 each where the file has none.
fn weights(inputs: &Value) -> Result<Weights, String> {
    let lists = inputs["neighbors"].as_array().ok_or("no neighbours")?;
    let lists: Vec<Vec<(usize, f64)>> = lists
        .iter()
        .enumerate()
        .map(|(i, list)| {
            let near = counts(list)?;
            let given = match &inputs["weights"][i] {
                Value::Null => vec![1.0; near.len()],
                weights => numbers(weights)?,
            };
            Ok(near.into_iter().map(|j| j as usize).zip(given).collect())
        })
        .collect::<Result<_, String>>()?;
    Weights::from_lists(&lists).map_err(|e| e.to_string())
}

fn gi_star(golden: &Value) -> Result<(), String> {
    let expected = Expected::of(golden)?;
    let y = numbers(&golden["inputs"]["y"])?;
    let weights = weights(&golden["inputs"])?;
    for (key, star, weighting) in [
        ("gi_B", Star::ExcludesSelf, Weighting::Plain),
        ("gi_W", Star::ExcludesSelf, Weighting::RowStandardised),
        ("gistar_B", Star::IncludesSelf, Weighting::Plain),
        ("gistar_W", Star::IncludesSelf, Weighting::RowStandardised),
    ] {
        let Some(theirs) = expected.values.get(key) else { continue };
        let z = match local_g(&y, &weights, star, weighting) {
            // Where nothing varies no unit has a score.
            Err(AssociationError::NoVariation(units)) => vec![None; units],
            z => z.map_err(|e| e.to_string())?,
        };
        let p: Vec<_> = z.iter().map(|z| z.map(two_sided_p)).collect();
        let theirs = expected.within(theirs);
        theirs.list("z", &z).map_err(|e| format!("{key} {e}"))?;
        theirs.list("p_two_sided", &p).map_err(|e| format!("{key} {e}"))?;
    }
    Ok(())
}

fn moran_by_unit(golden: &Value) -> Result<(), String> {
    let expected = Expected::of(golden)?;
    let y = numbers(&golden["inputs"]["y"])?;
    let plain = weights(&golden["inputs"])?;
    let rows = plain.row_standardised();
    for (style, weights) in [("B", &plain), ("W", &rows)] {
        for (key, moments) in [("cond", LocalMoments::Conditional), ("total", LocalMoments::Total)]
        {
            let Some(theirs) = expected.values.get(format!("lm_{style}_{key}")) else { continue };
            let ours = local_moran(&y, weights, moments).map_err(|e| e.to_string())?;
            // spdep writes the empty sum of an island, whose score it leaves open, as 0.
            let number = |f: fn(&wardheat::stats::LocalMoran) -> f64| -> Vec<Option<f64>> {
                ours.iter().map(|score| Some(score.as_ref().map_or(0.0, f))).collect()
            };
            let z: Vec<_> = ours.iter().map(|score| score.and_then(|score| score.z)).collect();
            let p: Vec<_> = z.iter().map(|z| z.map(two_sided_p)).collect();
            let theirs = expected.within(theirs);
            for (name, ours) in [
                ("I", number(|s| s.i)),
                ("E", number(|s| s.expected)),
                ("V", number(|s| s.variance)),
                ("Z", z),
                ("p", p),
            ] {
                theirs.list(name, &ours).map_err(|e| format!("{style} {key} {e}"))?;
            }
        }
        let Some(theirs) = expected.values[format!("lm_{style}_quadr")].as_array() else {
            continue;
        };
        let ours = local_moran(&y, weights, LocalMoments::default()).map_err(|e| e.to_string())?;
        for (i, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
            let Some(ours) = ours else { continue };
            let theirs = theirs.as_str().unwrap_or_default().to_ascii_lowercase();
            if ours.quadrant.label() != theirs {
                return Err(format!(
                    "{style} quadrant[{i}]: {} or {theirs}",
                    ours.quadrant.label()
                ));
            }
        }
    }
    Ok(())
}

fn conditional_permutation(golden: &Value) -> Result<(), String> {
    let y = numbers(&golden["inputs"]["y"])?;
    let weights = weights(&golden["inputs"])?;
    let tolerance = &golden["tolerance"];
    let abs = ["abs_for_9999", "abs"].iter().find_map(|key| tolerance[*key].as_f64());
    let expected = Expected {
        values: &golden["expected"],
        abs: abs.ok_or("the file states no tolerance")?,
        rel: 0.0,
    };
    let permutations = Permutations { count: 9_999, seed: 2025 };
    let lags =
        permuted_lags(&y, &weights, permutations, &Watch::default()).map_err(|e| e.to_string())?;
    let moran = local_moran(&y, &weights, LocalMoments::default()).map_err(|e| e.to_string())?;
    let turned: Vec<Option<Tails>> = lags
        .iter()
        .zip(&moran)
        .map(|(tails, moran)| {
            let (tails, moran) = ((*tails)?, (*moran)?);
            Some(if moran.deviation < 0.0 { tails.turned() } else { tails })
        })
        .collect();
    let p = |tails: &[Option<Tails>], side: Alternative| -> Vec<Option<f64>> {
        tails.iter().map(|tails| tails.map(|tails| tails.p(side))).collect()
    };
    for (side, name) in [
        (Alternative::Greater, "greater"),
        (Alternative::Less, "lesser"),
        (Alternative::TwoSided, "two_sided"),
    ] {
        // Gi and Gi* have the same, the unit's own value being held.
        expected.list(&format!("gi_p_{name}"), &p(&lags, side))?;
        expected.list(&format!("gistar_p_{name}"), &p(&lags, side))?;
        expected.list(&format!("local_moran_p_{name}"), &p(&turned, side))?;
    }
    Ok(())
}

fn global(golden: &Value) -> Result<(), String> {
    let expected = Expected::of(golden)?;
    let y = numbers(&golden["inputs"]["y"])?;
    let plain = weights(&golden["inputs"])?;
    let rows = plain.row_standardised();
    let side = match golden["params"]["alternative"].as_str() {
        None | Some("two.sided") => Alternative::TwoSided,
        Some("greater") => Alternative::Greater,
        Some("less") => Alternative::Less,
        Some(other) => return Err(format!("no alternative `{other}`")),
    };
    let compare = |key: &str, name: &str, score: GlobalScore| -> Result<(), String> {
        let Some(theirs) = expected.values.get(key) else { return Ok(()) };
        let theirs_within = expected.within(theirs);
        // R writes the p-value of a matrix product as a matrix of one.
        let mut p = &theirs["p"];
        while let Some(inner) = p.get(0) {
            p = inner;
        }
        theirs_within
            .one(name, Some(score.value))
            .and_then(|()| theirs_within.one("E", Some(score.expected)))
            .and_then(|()| theirs_within.one("V", score.variance))
            .and_then(|()| theirs_within.one("z", score.z))
            .and_then(|()| theirs_within.number("p", score.p(side), p))
            .map_err(|e| format!("{key} {e}"))
    };
    for (style, weights) in [("B", &plain), ("W", &rows)] {
        for (null, chance) in [("rand", Chance::Randomisation), ("norm", Chance::Normality)] {
            let i = moran(&y, weights, chance).map_err(|e| e.to_string())?;
            compare(&format!("moran_{style}_{null}"), "I", i)?;
            let c = geary(&y, weights, chance).map_err(|e| e.to_string())?;
            compare(&format!("geary_{style}_{null}"), "C", c)?;
        }
        let key = format!("globalG_{style}");
        if expected.values.get(&key).is_some() {
            compare(&key, "G", general_g(&y, weights).map_err(|e| e.to_string())?)?;
        }
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
    for (key, hundredths) in numbered(expected.values, "n_reject_bh_", "") {
        let alpha = hundredths / 100.0;
        let found = q_values(&p).iter().flatten().filter(|q| **q <= alpha).count();
        expected.one(key, Some(found as f64))?;
    }
    Ok(())
}
