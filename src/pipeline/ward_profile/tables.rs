//! The figures of a ward as tables: what files and the page's own tables are made from.

use crate::stats::series::Basis;
use crate::table::{Column, Table, Value};

use super::{KindFigures, WardProfile};

/// Kinds, places, months and hours.
pub(super) fn all(profile: &WardProfile) -> Vec<Table> {
    let mut tables = vec![kinds(profile), places(profile), months(profile)];
    let hours = profile.hours.as_ref();
    tables.extend(hours.map(|hours| hours.table("hours", "By hour and weekday")));
    tables
}

fn table(id: &str, title: &str, columns: Vec<Column>, rows: Vec<Vec<Value>>) -> Table {
    Table { id: id.to_owned(), title: title.to_owned(), columns, rows }
}

fn kinds(profile: &WardProfile) -> Table {
    let columns = vec![
        Column::new("code", "Code", "", 0),
        Column::new("ward", "Ward", "", 0),
        Column::new("from", "From", "", 0),
        Column::new("to", "To", "", 0),
        Column::new("type", "Kind", "", 0),
        Column::new("label", "Kind in words", "", 0),
        Column::new("count", "Count", "incidents", 0),
        Column::new("expected", "Expected", "incidents", 1),
        Column::new("expected_low", "Expected, lower", "incidents", 0),
        Column::new("expected_high", "Expected, upper", "incidents", 0),
        Column::new("expected_from", "Expected from", "", 0),
        Column::new("verdict", "Against expected", "", 0),
        Column::new("rate", "Rate", "per 1,000 of the base", 1),
        Column::new("rate_low", "Rate, lower", "per 1,000 of the base", 1),
        Column::new("rate_high", "Rate, upper", "per 1,000 of the base", 1),
        Column::new("base", "Base", "", 0),
        Column::new("rate_area", "Rate of the area", "per 1,000 of the base", 1),
        Column::new("rate_day", "Rate by day", "per 1,000 there on a working day", 1),
        Column::new("rank", "Rank", "by rate", 0),
        Column::new("rank_low", "Rank, highest", "by rate", 0),
        Column::new("rank_high", "Rank, lowest", "by rate", 0),
        Column::new("earlier", "Year earlier", "incidents", 0),
        Column::new("change", "Change", "times the year earlier", 2),
        Column::new("change_low", "Change, lower", "times the year earlier", 2),
        Column::new("change_high", "Change, upper", "times the year earlier", 2),
        Column::new("change_class", "Change in words", "", 0),
    ];
    let rows = profile.kinds.iter().map(|kind| row(profile, kind)).collect();
    table("kinds", "By kind of record", columns, rows)
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
        expected.map_or(Value::None, |e| basis(e.basis).into()),
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

/// What an expectation rests on, in words.
fn basis(basis: Basis) -> String {
    match basis {
        Basis::Years(1) => "the same months a year earlier".to_owned(),
        Basis::Years(n) => format!("the same months of {n} earlier years"),
        Basis::Months(n) => format!("the {n} months before; season not allowed for"),
    }
}

fn places(profile: &WardProfile) -> Table {
    let columns = vec![
        Column::new("place", "Place", "", 0),
        Column::new("count", "Count", "incidents", 0),
        Column::new("share", "Share", "of the ward's", 3),
        Column::new("mostly", "Mostly", "", 0),
        Column::new("quarters", "Quarters among the first five", "of the last 4", 0),
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
    table("places", "Places", columns, rows)
}

fn months(profile: &WardProfile) -> Table {
    let columns = vec![
        Column::new("month", "Month", "", 0),
        Column::new("count", "Count", "incidents", 0),
        Column::new("expected", "Expected", "incidents", 1),
        Column::new("expected_low", "Expected, lower", "incidents", 0),
        Column::new("expected_high", "Expected, upper", "incidents", 0),
        Column::new("mark", "What changed", "", 0),
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
    table("months", "By month", columns, rows)
}
