//! The figures of a ward as tables: what files and the page's own tables are made from.

use crate::layer::english::{head, unit};
use crate::pipeline::english::ward as say;
use crate::table::{Column, Table, Value};

use super::{KindFigures, WardProfile};

/// Kinds, places, months and hours.
pub(super) fn all(profile: &WardProfile) -> Vec<Table> {
    let mut tables = vec![kinds(profile), places(profile), months(profile)];
    let hours = profile.hours.as_ref();
    tables.extend(hours.map(|hours| hours.table("hours", say::BY_HOUR_AND_WEEKDAY)));
    tables
}

fn table(id: &str, title: &str, columns: Vec<Column>, rows: Vec<Vec<Value>>) -> Table {
    Table { id: id.to_owned(), title: title.to_owned(), columns, rows }
}

fn kinds(profile: &WardProfile) -> Table {
    let columns = vec![
        Column::new("code", head::CODE, "", 0),
        Column::new("ward", head::WARD, "", 0),
        Column::new("from", head::FROM, "", 0),
        Column::new("to", head::TO, "", 0),
        Column::new("type", head::KIND, "", 0),
        Column::new("label", head::KIND_IN_WORDS, "", 0),
        Column::new("count", head::COUNT, unit::INCIDENTS, 0),
        Column::new("expected", head::EXPECTED, unit::INCIDENTS, 1),
        Column::new("expected_low", head::EXPECTED_LOWER, unit::INCIDENTS, 0),
        Column::new("expected_high", head::EXPECTED_UPPER, unit::INCIDENTS, 0),
        Column::new("expected_from", head::EXPECTED_FROM, "", 0),
        Column::new("verdict", head::AGAINST_EXPECTED, "", 0),
        Column::new("rate", head::RATE, unit::PER_1000_OF_BASE, 1),
        Column::new("rate_low", head::RATE_LOWER, unit::PER_1000_OF_BASE, 1),
        Column::new("rate_high", head::RATE_UPPER, unit::PER_1000_OF_BASE, 1),
        Column::new("base", head::BASE, "", 0),
        Column::new("rate_area", head::RATE_OF_THE_AREA, unit::PER_1000_OF_BASE, 1),
        Column::new("rate_day", head::RATE_BY_DAY, unit::PER_1000_ON_A_WORKING_DAY, 1),
        Column::new("rank", head::RANK, unit::BY_RATE, 0),
        Column::new("rank_low", head::RANK_HIGHEST, unit::BY_RATE, 0),
        Column::new("rank_high", head::RANK_LOWEST, unit::BY_RATE, 0),
        Column::new("earlier", head::YEAR_EARLIER, unit::INCIDENTS, 0),
        Column::new("change", head::CHANGE, unit::TIMES_THE_YEAR_EARLIER, 2),
        Column::new("change_low", head::CHANGE_LOWER, unit::TIMES_THE_YEAR_EARLIER, 2),
        Column::new("change_high", head::CHANGE_UPPER, unit::TIMES_THE_YEAR_EARLIER, 2),
        Column::new("change_class", head::CHANGE_IN_WORDS, "", 0),
    ];
    let rows = profile.kinds.iter().map(|kind| row(profile, kind)).collect();
    table("kinds", say::BY_KIND, columns, rows)
}

fn row(profile: &WardProfile, kind: &KindFigures) -> Vec<Value> {
    let whole = |n: Option<u64>| Value::count(n.map(|n| n as i64));
    let place = |n: Option<u32>| Value::count(n.map(i64::from));
    let ratio = kind.change.and_then(|change| change.ratio);
    let expected = kind.expected;
    vec![
        profile.code.clone().into(),
        profile.name.clone().into(),
        profile.window.first().to_string().into(),
        profile.window.last().to_string().into(),
        kind.types.to_string().into(),
        kind.types.label().into(),
        whole(Some(kind.count)),
        Value::number(expected.map(|e| e.expected)),
        whole(expected.map(|e| e.low)),
        whole(expected.map(|e| e.high)),
        expected.map_or(Value::None, |e| say::basis(e.basis).into()),
        kind.verdict.map_or(Value::None, |verdict| verdict.label().into()),
        Value::number(kind.rate.map(|rate| rate.value.get())),
        Value::number(kind.rate.map(|rate| rate.low.get())),
        Value::number(kind.rate.map(|rate| rate.high.get())),
        kind.types.base().noun().into(),
        Value::number(kind.area_rate),
        Value::number(kind.rate_day.map(|rate| rate.value.get())),
        place(kind.rank.map(|rank| rank.rank)),
        place(kind.rank.map(|rank| rank.low)),
        place(kind.rank.map(|rank| rank.high)),
        whole(kind.earlier),
        Value::number(ratio.and_then(|ratio| ratio.ratio)),
        Value::number(ratio.map(|ratio| ratio.low)),
        Value::number(ratio.and_then(|ratio| ratio.high)),
        kind.change.map_or(Value::None, |change| change.class.label().into()),
    ]
}

fn places(profile: &WardProfile) -> Table {
    let columns = vec![
        Column::new("place", head::PLACE, "", 0),
        Column::new("count", head::COUNT, unit::INCIDENTS, 0),
        Column::new("share", head::SHARE, unit::OF_THE_WARDS, 3),
        Column::new("mostly", head::MOSTLY, "", 0),
        Column::new("quarters", head::QUARTERS_AMONG_THE_FIRST_FIVE, unit::OF_THE_LAST_4, 0),
    ];
    let rows = profile
        .places
        .iter()
        .map(|place| {
            let mostly: Vec<&str> = place.mostly.iter().map(|kind| kind.get().label).collect();
            vec![
                place.name.clone().into(),
                Value::Count(place.count as i64),
                Value::Number(place.share),
                mostly.join(", ").into(),
                Value::count(place.quarters.map(i64::from)),
            ]
        })
        .collect();
    table("places", say::PLACES, columns, rows)
}

fn months(profile: &WardProfile) -> Table {
    let columns = vec![
        Column::new("month", head::MONTH, "", 0),
        Column::new("count", head::COUNT, unit::INCIDENTS, 0),
        Column::new("expected", head::EXPECTED, unit::INCIDENTS, 1),
        Column::new("expected_low", head::EXPECTED_LOWER, unit::INCIDENTS, 0),
        Column::new("expected_high", head::EXPECTED_UPPER, unit::INCIDENTS, 0),
        Column::new("mark", head::WHAT_CHANGED, "", 0),
    ];
    let rows = profile
        .trend
        .months
        .iter()
        .map(|figures| {
            let marks: Vec<&str> = profile
                .trend
                .marks
                .iter()
                .filter(|mark| mark.month == figures.month)
                .map(|mark| mark.says.as_str())
                .collect();
            vec![
                figures.month.to_string().into(),
                Value::count(figures.count.map(|n| n as i64)),
                Value::number(figures.expected.map(|e| e.expected)),
                Value::count(figures.expected.map(|e| e.low as i64)),
                Value::count(figures.expected.map(|e| e.high as i64)),
                if marks.is_empty() { Value::None } else { marks.join("; ").into() },
            ]
        })
        .collect();
    table("months", say::BY_MONTH, columns, rows)
}
