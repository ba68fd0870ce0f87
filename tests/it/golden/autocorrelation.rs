//! Local and global autocorrelation, and what many p-values are worth.

use serde_json::Value;
use wardheat::stats::{
    Adjustment, Star, Weighting, adjust, esda_cut_off, local_g, q_values, two_sided_p,
};
use wardheat::weights::Neighbours;

use super::{Check, Expected, counts, numbers};

pub(super) const METHODS: &[(&str, Check)] = &[("fdr", fdr), ("gi-star", gi_star)];

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
