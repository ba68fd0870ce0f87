//! The layer of wards: every figure of each, with its range.

use crate::aggregate::Rate;
use crate::crs::bng_to_lonlat;
use crate::incident::Base;
use crate::quantity::Population;
use crate::stats::{Change, Rank};
use crate::table::{Column, Value};
use crate::units::Units;

use super::english::{self, head, unit};
use super::{Feature, Layer};

/// What was found for one ward.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WardFigures {
    /// Incidents in the window.
    pub count: u64,
    /// Per 1,000 of the base.
    pub rate: Option<Rate>,
    /// Per 1,000 of those who are there on a working day; `None` where they are not known.
    pub rate_day: Option<Rate>,
    /// Place by rate.
    pub rank: Option<Rank>,
    /// Place by count.
    pub rank_count: Option<Rank>,
    /// Incidents in the same window a year earlier; `None` where the data lack it.
    pub earlier: Option<u64>,
    /// Count over the earlier count; `None` without an earlier window.
    pub change: Option<Change>,
}

const COLUMNS: &[Column] = &[
    Column::new("code", head::CODE, "", 0),
    Column::new("name", head::WARD, "", 0),
    Column::new("residents", head::RESIDENTS, "", 0),
    Column::new("households", head::HOUSEHOLDS, "", 0),
    Column::new("count", head::COUNT, unit::INCIDENTS, 0),
    Column::new("rate", head::RATE, unit::PER_1000_OF_BASE, 1),
    Column::new("rate_low", head::RATE_LOWER, unit::PER_1000_OF_BASE, 1),
    Column::new("rate_high", head::RATE_UPPER, unit::PER_1000_OF_BASE, 1),
    Column::new("base", head::BASE, "", 0),
    Column::new("share", head::SHARE, unit::OF_INCIDENTS, 3),
    Column::new("rank", head::RANK, unit::BY_RATE, 0),
    Column::new("rank_low", head::RANK_HIGHEST, unit::BY_RATE, 0),
    Column::new("rank_high", head::RANK_LOWEST, unit::BY_RATE, 0),
    Column::new("rank_count", head::RANK_BY_COUNT, "", 0),
    Column::new("rank_count_low", head::RANK_BY_COUNT_HIGHEST, "", 0),
    Column::new("rank_count_high", head::RANK_BY_COUNT_LOWEST, "", 0),
    Column::new("earlier", head::YEAR_EARLIER, unit::INCIDENTS, 0),
    Column::new("change", head::CHANGE, unit::TIMES_THE_YEAR_EARLIER, 2),
    Column::new("change_low", head::CHANGE_LOWER, unit::TIMES_THE_YEAR_EARLIER, 2),
    Column::new("change_high", head::CHANGE_UPPER, unit::TIMES_THE_YEAR_EARLIER, 2),
    Column::new("change_class", head::CHANGE_IN_WORDS, "", 0),
    Column::new("workday", head::THERE_ON_A_WORKING_DAY, "", 0),
    Column::new("rate_day", head::RATE_BY_DAY, unit::PER_1000_ON_A_WORKING_DAY, 1),
    Column::new("rate_day_low", head::RATE_BY_DAY_LOWER, unit::PER_1000_ON_A_WORKING_DAY, 1),
    Column::new("rate_day_high", head::RATE_BY_DAY_UPPER, unit::PER_1000_ON_A_WORKING_DAY, 1),
    Column::new("label_lon", head::LABEL_LONGITUDE, unit::DEGREES, 6),
    Column::new("label_lat", head::LABEL_LATITUDE, unit::DEGREES, 6),
];

/// The layer of `units`, one row of `figures` each.
pub fn wards(units: &Units, base: Base, figures: &[WardFigures]) -> Layer {
    let total: u64 = figures.iter().map(|ward| ward.count).sum();
    let features = figures
        .iter()
        .enumerate()
        .map(|(i, ward)| Feature {
            at: None,
            id: units.ids[i].clone(),
            shape: units.shapes[i].clone(),
            values: row(units, i, base, ward, total),
        })
        .collect();
    Layer { id: "wards", title: english::WARDS.to_owned(), features, columns: COLUMNS.to_vec() }
}

fn row(units: &Units, i: usize, base: Base, ward: &WardFigures, total: u64) -> Vec<Value> {
    let whole = |n: Option<u64>| Value::count(n.map(|n| n as i64));
    let people =
        |n: Option<Population>| n.map_or(Value::None, |n| Value::Count(n.get().round() as i64));
    let ends = |rate: Option<Rate>| match rate {
        Some(rate) => [rate.value, rate.low, rate.high].map(|end| Value::Number(end.get())),
        None => [const { Value::None }; 3],
    };
    let places = |rank: Option<Rank>| match rank {
        Some(Rank { rank, low, high, .. }) => [rank, low, high].map(|n| Value::Count(i64::from(n))),
        None => [const { Value::None }; 3],
    };
    let ratio = ward.change.and_then(|change| change.ratio);
    let label = units.shapes[i].label_point().and_then(|at| bng_to_lonlat(at).ok());
    let share = (total > 0).then(|| ward.count as f64 / total as f64);

    let mut row = vec![
        Value::Text(units.ids[i].clone()),
        Value::Text(units.names[i].clone()),
        people(units.residents[i]),
        people(units.households[i]),
        whole(Some(ward.count)),
    ];
    row.extend(ends(ward.rate));
    row.push(base.noun().into());
    row.push(Value::number(share));
    row.extend(places(ward.rank));
    row.extend(places(ward.rank_count));
    row.push(whole(ward.earlier));
    row.extend([
        Value::number(ratio.and_then(|ratio| ratio.ratio)),
        Value::number(ratio.map(|ratio| ratio.low)),
        Value::number(ratio.and_then(|ratio| ratio.high)),
    ]);
    row.push(ward.change.map_or(Value::None, |change| change.class.label().into()));
    row.push(people(units.workday[i]));
    row.extend(ends(ward.rate_day));
    row.push(Value::number(label.map(|at| round6(at.lon()))));
    row.push(Value::number(label.map(|at| round6(at.lat()))));
    row
}

/// Six decimals of a degree are a tenth of a metre: as fine as a label needs.
pub(super) fn round6(degrees: f64) -> f64 {
    (degrees * 1e6).round() / 1e6
}
