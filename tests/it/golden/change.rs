//! Change between two windows, and what an intervention changed.

use serde_json::Value;
use wardheat::aggregate::{Confidence, Exposed, rate_ratio};
use wardheat::stats::comparison::{e_test, proportion_changes};
use wardheat::stats::evaluation::{BeforeAfter, WddCounts, WddWeights, wdd, wdq};
use wardheat::stats::two_sided_p;

use super::{Check, Expected, counts, numbers};

pub(super) const METHODS: &[(&str, Check)] =
    &[("e-test", e_test_rows), ("sppt-proportion-change", proportions), ("wdd", wdd_rows)];

fn e_test_rows(golden: &Value) -> Result<(), String> {
    let rows = golden["expected"]["rows"].as_array().ok_or("no rows")?;
    let tolerance = |key: &str| golden["tolerance"][key].as_f64().unwrap_or(1e-8);
    for row in rows {
        let exposed = |k: &str, n: &str| -> Result<Exposed, String> {
            let count = row[k].as_f64().ok_or("no count")? as u64;
            Ok(Exposed { count, exposure: row[n].as_f64().ok_or("no exposure")? })
        };
        let (first, second) = (exposed("k1", "n1")?, exposed("k2", "n2")?);
        let p = e_test(first, second);
        // Of a ratio that is not defined there is no score.
        let both = (second.count > 0).then(|| {
            let (k1, k2) = (first.count as f64, second.count as f64);
            let (n1, n2) = (first.exposure, second.exposure);
            two_sided_p((k1 * n2 - k2 * n1) / (n1 * n2 * (k1 + k2)).sqrt())
        });
        let exact = rate_ratio(first, second, Confidence::P95).map(|ratio| ratio.p);
        let agrees = |key: &str, abs: f64| {
            Expected { values: row, abs, rel: 0.0 }
                .one(key, p)
                .map_err(|e| format!("{first:?}, {second:?}: {e}"))
        };
        // The two differ by more than their tolerance where outcomes tie exactly (one loses ties to
        // rounding) and where the rates are equal (one counts both zero): ours is one of them.
        agrees("e_test", tolerance("e_test_abs")).or_else(|wrong| {
            match row.get("statsmodels_etest") {
                Some(_) => agrees("statsmodels_etest", tolerance("e_test_abs")),
                None => Err(wrong),
            }
        })?;
        for (key, ours, abs) in [
            ("exact_cond_p", exact, tolerance("e_test_abs")),
            ("score_p", both, tolerance("statsmodels_abs")),
        ] {
            let theirs = Expected { values: row, abs, rel: 0.0 };
            theirs.one(key, ours).map_err(|e| format!("{first:?}, {second:?}: {e}"))?;
        }
    }
    Ok(())
}

fn proportions(golden: &Value) -> Result<(), String> {
    let expected = Expected::of(golden)?;
    let inputs = &golden["inputs"];
    let ours = proportion_changes(&counts(&inputs["c1"])?, &counts(&inputs["c2"])?)
        .ok_or("nothing to compare")?;
    let list = |f: &dyn Fn(usize) -> Option<f64>| (0..ours.len()).map(f).collect::<Vec<_>>();
    expected.list("p", &list(&|i| ours[i].p))?;
    expected.list("q_bh", &list(&|i| ours[i].q))?;
    expected.list("q_by", &list(&|i| ours[i].q_dependent))?;
    let Some(theirs) = expected.values["diff"].as_array() else { return Ok(()) };
    for (i, theirs) in theirs.iter().enumerate() {
        // A unit that was not tested has no difference in some files.
        let ours = (!theirs.is_null()).then_some(ours[i].difference);
        expected.number(&format!("diff[{i}]"), ours, theirs)?;
    }
    Ok(())
}

fn wdd_rows(golden: &Value) -> Result<(), String> {
    let expected = Expected::of(golden)?;
    let given = golden["inputs"]["rows"].as_array().ok_or("no rows")?;
    let theirs = expected.values["rows"].as_array().ok_or("no rows")?;
    for (number, (row, theirs)) in given.iter().zip(theirs).enumerate() {
        let pair = |key: &str| -> Result<BeforeAfter, String> {
            let counts = counts(&row[key])?;
            Ok(BeforeAfter { before: counts[0], after: counts[1] })
        };
        let weights = |key: &str| numbers(&row[key]);
        let (times, areas) = (weights("time_weights")?, weights("area_weights")?);
        let of = WddCounts {
            control: pair("control")?,
            treated: pair("treated")?,
            displacement_control: pair("disp_control")?,
            buffer: pair("disp_treated")?,
        };
        let weights = WddWeights {
            times: [times[0], times[1]],
            areas: [areas[0], areas[1], areas[2], areas[3]],
        };
        let alpha = row["alpha"].as_f64().unwrap_or(0.1);
        let confidence = Confidence::new(1.0 - alpha).ok_or("alpha is out of range")?;
        let ours = wdd(&of, &weights, confidence).ok_or("weights are out of range")?;
        let within = expected.within(theirs);
        for (key, ours) in [
            ("Est_Local", Some(ours.local.value)),
            ("SE_Local", Some(ours.local.error)),
            ("Est_Displace", Some(ours.displacement.value)),
            ("SE_Displace", Some(ours.displacement.error)),
            ("Est_Total", Some(ours.total.value)),
            ("SE_Total", Some(ours.total.error)),
            ("Z", ours.z),
            ("LowCI", Some(ours.interval.low)),
            ("HighCI", Some(ours.interval.high)),
        ] {
            within.one(key, ours).map_err(|e| format!("row {number}: {e}"))?;
        }
        if theirs.get("wdq").is_some_and(|wdq| !wdq.is_null()) {
            let ours = wdq(of.control, of.treated, of.buffer).ok();
            let within = expected.within(&theirs["wdq"]);
            within.one("success_measure", ours.map(|q| q.success))?;
            within.one("buffer_displacement", ours.map(|q| q.buffer))?;
            within.one("WDQ", ours.map(|q| q.quotient))?;
        }
    }
    Ok(())
}
