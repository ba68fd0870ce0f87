//! Rates, their intervals, and how unevenly incidents are spread.

use serde_json::Value;
use wardheat::aggregate::{
    Confidence, CountInterval, Exposed, byar_interval, empirical_bayes, expected_at_overall_rate,
    location_quotients, log_wald_interval, poisson_interval, rate_per_1000, rate_ratio,
    score_interval, standardised_ratio,
};
use wardheat::quantity::Population;
use wardheat::stats::{fewest_units_with, generalised_gini, gini, share_of_top};

use super::{Check, Expected, Golden, counts, numbered, numbers};

pub(super) const METHODS: &[(&str, Check)] = &[
    ("gini", concentration),
    ("location-quotient", location_quotient),
    ("poisson-rate-ci", poisson_rate_ci),
    ("rates-eb", rates_eb),
];

fn poisson_rate_ci(golden: &Golden) -> Result<(), String> {
    let expected = Expected::of(golden)?;
    let alpha = golden.param("alpha").as_f64().unwrap_or(0.05);
    let confidence = Confidence::new(1.0 - alpha).ok_or("alpha is out of range")?;
    // The rows say them again.
    golden.input("pairs");
    golden.input("rates");
    let rows = |key: &str| golden.result(key).as_array().map_or(&[][..], Vec::as_slice);
    let given = |row: &Value, key: &str| {
        golden.met(&row[key]);
        row[key].as_f64().ok_or_else(|| format!("no {key}"))
    };
    for row in rows("rate_ratios") {
        let exposed = |k: &str, n: &str| -> Result<Exposed, String> {
            Ok(Exposed { count: given(row, k)? as u64, exposure: given(row, n)? })
        };
        let (first, second) = (exposed("k1", "n1")?, exposed("k2", "n2")?);
        let exact = rate_ratio(first, second, confidence);
        let wald = log_wald_interval(first, second, confidence);
        let score = score_interval(first, second, confidence);
        let theirs = expected.within(row);
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
        let (count, people) = (given(row, "count")? as u64, given(row, "population")?);
        let rate = rate_per_1000(count, Population::new(people), confidence);
        let exact = poisson_interval(count, confidence).scaled(1_000.0 / people);
        let byar = byar_interval(count, confidence).scaled(1_000.0 / people);
        let theirs = expected.within(row);
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

fn rates_eb(golden: &Golden) -> Result<(), String> {
    let expected = Expected::of(golden)?;
    let events = counts(golden.input("events"))?;
    let bases: Vec<_> =
        numbers(golden.input("population"))?.into_iter().map(Population::new).collect();
    let crude: Vec<_> = events
        .iter()
        .zip(&bases)
        .map(|(&k, &base)| rate_per_1000(k, base, Confidence::P95).map(|r| r.value.get() / 1_000.0))
        .collect();
    expected.list("crude_rate", &crude)?;
    let known =
        || events.iter().zip(&bases).filter_map(|(&k, base)| Some((k, base.as_ref()?.get())));
    let (all, base) = known().fold((0.0, 0.0), |sum, (k, base)| (sum.0 + k as f64, sum.1 + base));
    expected.one("overall_rate", Some(all / base))?;
    let ratios: Vec<_> = events
        .iter()
        .zip(expected_at_overall_rate(&events, &bases))
        .map(|(&k, e)| standardised_ratio(k, e?, CountInterval::Exact, Confidence::P95))
        .map(|ratio| ratio.map(|ratio| ratio.ratio))
        .collect();
    expected.list("excess_risk_smr", &ratios)?;
    expected.list("empirical_bayes", &empirical_bayes(&events, &bases))
}

fn location_quotient(golden: &Golden) -> Result<(), String> {
    let ours =
        location_quotients(&counts(golden.input("crime"))?, &counts(golden.input("all_crime"))?);
    Expected::of(golden)?.list("lq", &ours)
}

fn concentration(golden: &Golden) -> Result<(), String> {
    let expected = Expected::of(golden)?;
    let x = counts(golden.input("counts"))?;
    let fewest = |share: f64| fewest_units_with(&x, share).map(|n| n as f64);
    expected.one("gini", gini(&x))?;
    expected.one("gini_generalised", generalised_gini(&x))?;
    expected.one("n", Some(x.len() as f64))?;
    expected.one("total", Some(x.iter().sum::<u64>() as f64))?;
    for (key, percent) in numbered(expected.values, "n_units_for_", "pct") {
        expected.one(key, fewest(percent / 100.0))?;
    }
    for (key, percent) in numbered(expected.values, "pct_units_for_", "pct") {
        expected.one(key, fewest(percent / 100.0).map(|n| 100.0 * n / x.len() as f64))?;
    }
    for (key, percent) in numbered(expected.values, "top", "pct_share") {
        expected.one(key, share_of_top(&x, percent / 100.0))?;
    }
    Ok(())
}
