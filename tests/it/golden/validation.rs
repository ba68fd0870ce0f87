//! How well a map told where incidents would be, and when they happened.

use wardheat::stats::time_of_day::{Clock, HOURS, Span, aoristic};
use wardheat::stats::validation::accuracy;

use super::{Check, Expected, Golden, numbers, some};

pub(super) const METHODS: &[(&str, Check)] = &[("aoristic", aoristic_weights), ("pai", pai)];

fn pai(golden: &Golden) -> Result<(), String> {
    let expected = Expected::of(golden)?;
    golden.words("rank_by", &["predicted/area desc, ties: smaller observed first"])?;
    let ranking = accuracy(
        &numbers(golden.input("predicted"))?,
        &numbers(golden.input("observed"))?,
        &numbers(golden.input("area"))?,
    )
    .ok_or("a number is out of range")?;
    let list = |f: &dyn Fn(usize) -> Option<f64>| (0..ranking.len()).map(f).collect::<Vec<_>>();
    expected.list("order", &list(&|k| Some(ranking[k].unit as f64)))?;
    expected.list("hits", &list(&|k| Some(ranking[k].hits)))?;
    expected.list("pcum_count", &list(&|k| ranking[k].hit_rate))?;
    expected.list("pcum_area", &list(&|k| Some(ranking[k].area_share)))?;
    expected.list("PAI", &list(&|k| ranking[k].pai))?;
    expected.list("PEI", &list(&|k| ranking[k].pei))?;
    expected.list("RRI", &list(&|k| ranking[k].rri))?;
    expected.list("SER_per_unit_area", &list(&|k| Some(ranking[k].ser)))
}

fn aoristic_weights(golden: &Golden) -> Result<(), String> {
    let expected = Expected::of(golden)?;
    let times = |key: &str| -> Result<Vec<_>, String> {
        let list = golden.input(key).as_array().ok_or("no times")?;
        list.iter()
            .map(|time| match time.as_str() {
                Some(time) => time.parse().map(Some).map_err(|e| format!("{time}: {e}")),
                None => Ok(None),
            })
            .collect()
    };
    let spans: Vec<Span> = times("from")?.into_iter().zip(times("to")?).collect();
    golden.words("index", &["weekday*24+hour, Monday=0", "hour", "weekday, Monday=0"])?;
    golden.met(golden.result("per_event_nonzero"));
    let each = golden.result("per_event_nonzero").as_array().map_or(&[][..], Vec::as_slice);
    for (i, (span, theirs)) in spans.iter().zip(each).enumerate() {
        let ours = aoristic(&[*span], &Clock::AsWritten).weights;
        let mut wanted = vec![0.0; HOURS];
        if theirs == "uniform" {
            wanted.fill(1.0 / HOURS as f64);
        }
        for pair in theirs.as_array().into_iter().flatten() {
            let hour = pair[0].as_u64().ok_or("no hour")? as usize;
            wanted[hour] = pair[1].as_f64().ok_or("no weight")?;
        }
        for (hour, (ours, theirs)) in ours.into_iter().zip(wanted).enumerate() {
            expected.number(&format!("event {i} hour {hour}"), Some(ours), &theirs.into())?;
        }
    }
    let total = aoristic(&spans, &Clock::AsWritten).weights;
    let sums = |bins: usize, bin: &dyn Fn(usize) -> usize| {
        let mut sums = vec![0.0; bins];
        total.iter().enumerate().for_each(|(hour, weight)| sums[bin(hour)] += weight);
        some(sums)
    };
    let bins = golden.param("bins").as_u64().unwrap_or(HOURS as u64);
    expected.list(
        "total",
        &match bins {
            24 => sums(24, &|hour| hour % 24),
            7 => sums(7, &|hour| hour / 24),
            168 => some(total.clone()),
            other => return Err(format!("no {other} bins")),
        },
    )
}
