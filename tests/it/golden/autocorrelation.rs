//! Local and global autocorrelation, and what many p-values are worth.

use serde_json::Value;
use wardheat::stats::{
    Adjustment, Alternative, AssociationError, Chance, Divisor, GlobalScore, LocalMoments,
    Permutations, Star, Tails, Watch, Weighting, adjust, esda_cut_off, geary, general_g, local_g,
    local_moran, moran, permuted_lags, q_values, two_sided_p,
};
use wardheat::weights::Weights;

use super::{Check, Expected, Golden, counts, numbered, numbers};

pub(super) const METHODS: &[(&str, Check)] = &[
    ("conditional-permutation", conditional_permutation),
    ("fdr", fdr),
    ("gi-star", gi_star),
    ("global-autocorrelation", global),
    ("local-moran", moran_by_unit),
];

/// `neighbors` with their `weights`, or 1 each where the file has none.
fn weights(golden: &Golden) -> Result<Weights, String> {
    let lists = golden.input("neighbors").as_array().ok_or("no neighbours")?;
    let lists: Vec<Vec<(usize, f64)>> = lists
        .iter()
        .enumerate()
        .map(|(i, list)| {
            let near = counts(list)?;
            let given = match &golden.input("weights")[i] {
                Value::Null => vec![1.0; near.len()],
                weights => numbers(weights)?,
            };
            Ok(near.into_iter().map(|j| j as usize).zip(given).collect())
        })
        .collect::<Result<_, String>>()?;
    Weights::from_lists(&lists).map_err(|e| e.to_string())
}

/// The side that the file asks for, in R's words; two-sided where it asks for none.
pub(super) fn alternative(golden: &Golden) -> Result<Alternative, String> {
    match golden.param("alternative").as_str() {
        None | Some("two.sided" | "two-sided") => Ok(Alternative::TwoSided),
        Some("greater" | "larger") => Ok(Alternative::Greater),
        Some("less" | "smaller") => Ok(Alternative::Less),
        Some(other) => Err(format!("no alternative `{other}`")),
    }
}

fn gi_star(golden: &Golden) -> Result<(), String> {
    let expected = Expected::of(golden)?;
    golden.words("kind", &["analytic normal approximation, Ord & Getis 1995"])?;
    let side = alternative(golden)?;
    let y = numbers(golden.input("y"))?;
    let weights = weights(golden)?;
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
        let by_side: Vec<_> = z.iter().map(|z| z.map(|z| side.p(z))).collect();
        let theirs = expected.within(theirs);
        theirs.list("z", &z).map_err(|e| format!("{key} {e}"))?;
        theirs.list("p_two_sided", &p).map_err(|e| format!("{key} {e}"))?;
        theirs.list("p", &by_side).map_err(|e| format!("{key} {e}"))?;
    }
    Ok(())
}

fn moran_by_unit(golden: &Golden) -> Result<(), String> {
    let expected = Expected::of(golden)?;
    let side = alternative(golden)?;
    // spdep's `mlvar = FALSE`: the variance in the score is over n - 1.
    let divisor = match golden.param("mlvar").as_bool() {
        Some(false) => Divisor::UnitsLessOne,
        _ => Divisor::Units,
    };
    let y = numbers(golden.input("y"))?;
    let plain = weights(golden)?;
    let rows = plain.row_standardised();
    for (style, weights) in [("B", &plain), ("W", &rows)] {
        for (key, moments) in [("cond", LocalMoments::Conditional), ("total", LocalMoments::Total)]
        {
            let Some(theirs) = expected.values.get(format!("lm_{style}_{key}")) else { continue };
            let ours = local_moran(&y, weights, moments, divisor).map_err(|e| e.to_string())?;
            // spdep writes the empty sum of an island, whose score it leaves open, as 0.
            let number = |f: fn(&wardheat::stats::LocalMoran) -> f64| -> Vec<Option<f64>> {
                ours.iter().map(|score| Some(score.as_ref().map_or(0.0, f))).collect()
            };
            let z: Vec<_> = ours.iter().map(|score| score.and_then(|score| score.z)).collect();
            let p: Vec<_> = z.iter().map(|z| z.map(|z| side.p(z))).collect();
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
        let theirs = golden.result(&format!("lm_{style}_quadr"));
        golden.met(theirs);
        let Some(theirs) = theirs.as_array() else { continue };
        let ours = local_moran(&y, weights, LocalMoments::default(), divisor)
            .map_err(|e| e.to_string())?;
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

fn conditional_permutation(golden: &Golden) -> Result<(), String> {
    let y = numbers(golden.input("y"))?;
    let weights = weights(golden)?;
    let abs = ["abs_for_9999", "abs"].iter().find_map(|key| golden.tolerance(key));
    let expected = Expected::at(golden, abs.ok_or("the file states no tolerance")?, 0.0);
    // How many the peer drew; the tolerance is for ours against that.
    golden.param("B");
    golden.words(
        "condition",
        &["y_i fixed, neighbours drawn without replacement from the other n-1"],
    )?;
    golden.words("p", &["(r+1)/(B+1)"])?;
    let permutations = Permutations { count: 9_999, seed: 2025 };
    let lags =
        permuted_lags(&y, &weights, permutations, &Watch::default()).map_err(|e| e.to_string())?;
    let moran = local_moran(&y, &weights, LocalMoments::default(), Divisor::default())
        .map_err(|e| e.to_string())?;
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

fn global(golden: &Golden) -> Result<(), String> {
    let expected = Expected::of(golden)?;
    let y = numbers(golden.input("y"))?;
    let plain = weights(golden)?;
    let rows = plain.row_standardised();
    let side = alternative(golden)?;
    let compare = |key: &str, name: &str, score: GlobalScore| -> Result<(), String> {
        let Some(theirs) = expected.values.get(key) else { return Ok(()) };
        let theirs_within = expected.within(theirs);
        // R writes the p-value of a matrix product as a matrix of one.
        let mut p = &theirs["p"];
        while let Some(inner) = p.get(0) {
            p = inner;
        }
        golden.met(&theirs["p"]);
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
        if !golden.result(&key).is_null() {
            compare(&key, "G", general_g(&y, weights).map_err(|e| e.to_string())?)?;
        }
    }
    Ok(())
}

fn fdr(golden: &Golden) -> Result<(), String> {
    let expected = Expected::of(golden)?;
    let list = golden.input("p").as_array().ok_or("no p-values")?;
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
