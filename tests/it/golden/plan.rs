//! Choice of sites: maximal covering, p-median, the fewest that cover all.

use serde_json::Value;
use wardheat::plan::{
    Distances, Effort, Rules, fewest_sites, greedy_covering, maximal_covering, p_median,
};
use wardheat::quantity::Metres;

use super::{Check, Expected, Golden, numbers};

pub(super) const METHODS: &[(&str, Check)] = &[("mclp-pmedian", venues)];

fn venues(golden: &Golden) -> Result<(), String> {
    let expected = Expected::of(golden)?;
    let weights = numbers(golden.input("weight"))?;
    // Distances are those of the table: the positions they were taken from add nothing.
    for key in ["demand_x", "demand_y", "site_x", "site_y"] {
        golden.input(key);
    }
    let rows = golden.input("cost").as_array().ok_or("no cost table")?;
    let cells: Vec<Vec<f64>> = rows.iter().map(numbers).collect::<Result<_, _>>()?;
    let n_sites = cells.first().map_or(0, Vec::len);
    let distances =
        Distances::new(cells.len(), n_sites, cells.concat()).map_err(|error| error.to_string())?;
    let p = golden.param("p").as_u64().ok_or("no p")? as usize;
    let reach = Metres::new(golden.param("service_distance").as_f64().ok_or("no distance")?);
    let rules = Rules::default();
    let wrong = |error: &dyn std::fmt::Display| error.to_string();

    let covering = maximal_covering(&distances, &weights, reach, p, &rules, Effort::QUICK, 1)
        .map_err(|e| wrong(&e))?;
    let total: f64 = weights.iter().sum();
    if !covering.is_proven() {
        return Err(format!("covering is not proven: gap {}", covering.gap));
    }
    expected.one("mclp_objective", Some(covering.objective))?;
    expected.one("mclp_share", Some(covering.objective / total))?;
    let sets = golden.result("mclp_optimal_sets");
    golden.met(sets);
    if let Some(sets) = sets.as_array() {
        let ours = Value::from(covering.sites.clone());
        if !sets.contains(&ours) {
            return Err(format!("mclp sites: ours {ours}, theirs one of {sets:?}"));
        }
    }

    let (order, value) =
        greedy_covering(&distances, &weights, reach, p, &rules).map_err(|e| wrong(&e))?;
    expected.one("greedy_objective", Some(value))?;
    let theirs = golden.result("greedy_order");
    golden.met(theirs);
    if !theirs.is_null()
        && numbers(theirs)? != order.iter().map(|&site| site as f64).collect::<Vec<_>>()
    {
        return Err(format!("greedy order: ours {order:?}, theirs {theirs}"));
    }

    let median =
        p_median(&distances, &weights, p, &rules, Effort::QUICK, 1).map_err(|e| wrong(&e))?;
    if !median.is_proven() {
        return Err(format!("p-median is not proven: gap {}", median.gap));
    }
    expected.one("pmedian_objective", Some(median.objective))?;

    let fewest =
        fewest_sites(&distances, &weights, reach, Effort::QUICK, 1).map_err(|e| wrong(&e))?;
    expected.one("lscp_min_sites", fewest.map(|n| n as f64))
}
