//! Change between two windows, and what an intervention changed.

use std::cmp::Ordering;

use wardheat::aggregate::{Confidence, Exposed, poisson_exactly, rate_ratio};
use wardheat::stats::Alternative;
use wardheat::stats::comparison::{e_test, proportion_changes};
use wardheat::stats::evaluation::{BeforeAfter, WddCounts, WddWeights, wdd, wdq};

use super::autocorrelation::alternative;
use super::{Check, Expected, Golden, counts, numbers};

pub(super) const METHODS: &[(&str, Check)] =
    &[("e-test", e_test_rows), ("sppt-proportion-change", proportions), ("wdd", wdd_rows)];

fn e_test_rows(golden: &Golden) -> Result<(), String> {
    golden.words("null", &["k1/n1 = k2/n2"])?;
    let side = alternative(golden)?;
    // The rows say them again.
    golden.input("pairs");
    let rows = golden.result("rows").as_array().ok_or("no rows")?;
    let tolerance = |key: &str| golden.tolerance(key).unwrap_or(1e-8);
    for row in rows {
        let exposed = |k: &str, n: &str| -> Result<Exposed, String> {
            golden.met(&row[k]);
            golden.met(&row[n]);
            let count = row[k].as_f64().ok_or("no count")? as u64;
            Ok(Exposed { count, exposure: row[n].as_f64().ok_or("no exposure")? })
        };
        let (first, second) = (exposed("k1", "n1")?, exposed("k2", "n2")?);
        let p = e_test(first, second, side);
        // Of a ratio that is not defined there is no score.
        let both = (second.count > 0).then(|| {
            let (k1, k2) = (first.count as f64, second.count as f64);
            let (n1, n2) = (first.exposure, second.exposure);
            side.p((k1 * n2 - k2 * n1) / (n1 * n2 * (k1 + k2)).sqrt())
        });
        let exact = rate_ratio(first, second, Confidence::P95).map(|ratio| match side {
            Alternative::TwoSided => ratio.p,
            Alternative::Greater => ratio.p_greater,
            Alternative::Less => ratio.p_less,
        });
        let agrees = |key: &str, abs: f64| {
            Expected::at(golden, abs, 0.0)
                .within(row)
                .one(key, p)
                .map_err(|e| format!("{first:?}, {second:?}: {e}"))
        };
        // A peer may lose outcomes to rounding that tie exactly, which count as extreme: then its p
        // must lie between those without and with them, and ours must be the latter.
        let abs = tolerance("e_test_abs");
        agrees("e_test", abs).or_else(|wrong| {
            let (without, with) = by_enumeration(first, second).ok_or(wrong.clone())?;
            let theirs = row["e_test"].as_f64().ok_or(wrong.clone())?;
            let lost_ties = (without - abs..=with + abs).contains(&theirs);
            let ours_has_them = p.is_some_and(|p| (p - with).abs() <= abs);
            if lost_ties && ours_has_them { Ok(()) } else { Err(wrong) }
        })?;
        // statsmodels counts both zero as extreme where the rates are equal and nothing is not.
        let rate = |of: Exposed| of.count as f64 / of.exposure;
        if (rate(first) - rate(second)).abs() > 1e-12 {
            agrees("statsmodels_etest", abs)?;
        }
        for (key, ours, abs) in [
            ("exact_cond_p", exact, tolerance("e_test_abs")),
            ("score_p", both, tolerance("statsmodels_abs")),
        ] {
            let theirs = Expected::at(golden, abs, 0.0);
            theirs.within(row).one(key, ours).map_err(|e| format!("{first:?}, {second:?}: {e}"))?;
        }
    }
    Ok(())
}

/// p-values of the E-test without and with the outcomes that tie with the one seen, by going through
/// all of them in whole numbers; `None` unless the exposures are multiples of a thousandth.
fn by_enumeration(first: Exposed, second: Exposed) -> Option<(f64, f64)> {
    let whole = |x: f64| {
        let thousands = (x * 1_000.0).round();
        ((thousands / 1_000.0 - x).abs() <= 1e-12 * x).then_some(thousands as i128)
    };
    let (n1, n2) = (whole(first.exposure)?, whole(second.exposure)?);
    let (k1, k2) = (i128::from(first.count), i128::from(second.count));
    let rate = (k1 + k2) as f64 / (first.exposure + second.exposure);
    let chances = |mean: f64| {
        let most = (mean + 12.0 * mean.sqrt() + 40.0) as u64;
        (0..=most).map(|count| poisson_exactly(count, mean)).collect::<Vec<f64>>()
    };
    let (of_first, of_second) = (chances(rate * first.exposure), chances(rate * second.exposure));
    let (mut more, mut tied) = (0.0, 0.0);
    for (x1, p1) in (0_i128..).zip(&of_first) {
        for (x2, p2) in (0_i128..).zip(&of_second).filter(|(x2, _)| x1 + x2 > 0) {
            let seen = (k1 * n2 - k2 * n1).pow(2) * (x1 + x2);
            match ((x1 * n2 - x2 * n1).pow(2) * (k1 + k2)).cmp(&seen) {
                Ordering::Greater => more += p1 * p2,
                Ordering::Equal => tied += p1 * p2,
                Ordering::Less => {}
            }
        }
    }
    Some((more, more + tied))
}

fn proportions(golden: &Golden) -> Result<(), String> {
    let expected = Expected::of(golden)?;
    let yates = golden.param("yates").as_bool().unwrap_or(true);
    let (then, now) = (counts(golden.input("c1"))?, counts(golden.input("c2"))?);
    let ours = proportion_changes(&then, &now, yates).ok_or("nothing to compare")?;
    let list = |f: &dyn Fn(usize) -> Option<f64>| (0..ours.len()).map(f).collect::<Vec<_>>();
    expected.list("p", &list(&|i| ours[i].p))?;
    expected.list("q_bh", &list(&|i| ours[i].q))?;
    expected.list("q_by", &list(&|i| ours[i].q_dependent))?;
    let Some(theirs) = golden.result("diff").as_array() else { return Ok(()) };
    for (i, theirs) in theirs.iter().enumerate() {
        // A unit that was not tested has no difference in some files.
        let ours = (!theirs.is_null()).then_some(ours[i].difference);
        expected.number(&format!("diff[{i}]"), ours, theirs)?;
    }
    Ok(())
}

fn wdd_rows(golden: &Golden) -> Result<(), String> {
    let expected = Expected::of(golden)?;
    let given = golden.input("rows").as_array().ok_or("no rows")?;
    let theirs = golden.result("rows").as_array().ok_or("no rows")?;
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
            let theirs = &theirs["wdq"];
            let success = theirs["success_measure"].as_f64();
            match wdq(of.control, of.treated, of.buffer) {
                Ok(ours) => {
                    let within = expected.within(theirs);
                    within.one("success_measure", Some(ours.success))?;
                    within.one("buffer_displacement", Some(ours.buffer))?;
                    within.one("WDQ", Some(ours.quotient))?;
                }
                // Without success the quotient has no meaning, whatever it comes to.
                Err(_) if success.is_none_or(|success| success >= 0.0) => {}
                Err(refused) => return Err(format!("row {number}: {refused}")),
            }
        }
    }
    Ok(())
}
