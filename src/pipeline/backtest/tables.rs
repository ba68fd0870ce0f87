//! What a back-test found, as tables.

use std::collections::BTreeMap;

use crate::layer::english::{head, unit};
use crate::pipeline::english::backtest as say;
use crate::table::{Column, Table, Value};

use super::{BacktestRequest, Entry, stability};

const KEYS: [Column; 6] = [
    Column::new("type", head::CRIME_TYPE, "", 0),
    Column::new("method", head::METHOD, "", 0),
    Column::new("bandwidth", head::BANDWIDTH, unit::M, 0),
    Column::new("history", head::HISTORY, unit::MONTHS, 0),
    Column::new("cell", head::CELL, unit::M, 0),
    Column::new("cuts", head::CUTS, "", 0),
];

fn keys(entry: &Entry) -> Vec<Value> {
    vec![
        entry.types.label().into(),
        entry.method.id().into(),
        Value::number(entry.method.bandwidth().map(crate::quantity::Metres::get)),
        Value::Count(entry.history as i64),
        Value::Number(entry.cell.get()),
        Value::Count(entry.incidents.len() as i64),
    ]
}

fn place_of(request: &BacktestRequest) -> usize {
    request.coverages.iter().position(|c| c.total_cmp(&request.rank_at).is_eq()).unwrap_or(0)
}

/// Entries by crime type, the best first. Of equal ones the first as listed.
fn ranked<'a>(entries: &'a [Entry], request: &BacktestRequest) -> Vec<(String, Vec<&'a Entry>)> {
    let at = place_of(request);
    let mut groups: BTreeMap<String, Vec<&Entry>> = BTreeMap::new();
    let mut order = Vec::new();
    for entry in entries {
        let id = entry.types.to_string();
        if !groups.contains_key(&id) {
            order.push(id.clone());
        }
        groups.entry(id).or_default().push(entry);
    }
    order
        .into_iter()
        .map(|id| {
            let mut of_type = groups.remove(&id).unwrap_or_default();
            let rate = |entry: &Entry| entry.hit_rate(at).unwrap_or(0.0);
            of_type.sort_by(|a, b| rate(b).total_cmp(&rate(a)));
            (id, of_type)
        })
        .collect()
}

/// Names of columns live as long as the program.
fn named(base: &str, share: f64) -> &'static str {
    format!("{base}_{}", (share * 1e4).round() / 100.0).leak()
}

/// Every method and setting, by crime type, the best first.
pub(super) fn results(entries: &[Entry], request: &BacktestRequest) -> Table {
    let at = place_of(request);
    let mut columns = vec![Column::new("rank", head::RANK, "", 0)];
    columns.extend(KEYS);
    columns.push(Column::new("incidents", head::INCIDENTS_JUDGED, "", 0));
    for &share in &request.coverages {
        columns.push(Column::new(
            named("hit_rate", share),
            say::hit_rate_at(share).leak(),
            unit::SHARE_OF_INCIDENTS,
            3,
        ));
    }
    columns.extend([
        Column::new("pai", head::PAI, "", 2),
        Column::new("pei", head::PEI, "", 3),
        Column::new("behind", head::BEHIND_THE_BEST, unit::SHARE_OF_INCIDENTS, 4),
        Column::new("behind_error", head::ITS_STANDARD_ERROR, "", 4),
        Column::new("log_likelihood", head::LOG_LIKELIHOOD, unit::NATS_AN_INCIDENT, 3),
        Column::new("gain", head::MORE_THAN_AN_EVEN_SPREAD, unit::NATS_AN_INCIDENT, 3),
        Column::new("brier", head::BRIER_SCORE, unit::LOWER_IS_BETTER, 4),
    ]);
    let mut rows = Vec::new();
    for (_, of_type) in ranked(entries, request) {
        for (rank, entry) in of_type.iter().enumerate() {
            let mut row = vec![Value::Count(rank as i64 + 1)];
            row.extend(keys(entry));
            row.push(Value::Count(entry.incidents.iter().sum::<f64>() as i64));
            row.extend(
                (0..request.coverages.len()).map(|share| Value::number(entry.hit_rate(share))),
            );
            let (behind, error) = entry.behind(of_type[0], at);
            row.extend([
                Value::number(entry.pai(at)),
                Value::number(entry.pei(at)),
                Value::Number(behind),
                Value::number(error),
            ]);
            let forecast = entry.forecast();
            row.extend((0..3).map(|i| Value::number(forecast.map(|of| of[i]))));
            rows.push(row);
        }
    }
    Table { id: "backtest".into(), title: say::METHODS.into(), columns, rows }
}

/// The best method and setting of each type, and the simplest that is as good.
pub(super) fn best(entries: &[Entry], request: &BacktestRequest) -> Table {
    let at = place_of(request);
    let mut columns = KEYS.to_vec();
    columns.extend([
        Column::new("hit_rate", head::HIT_RATE, unit::SHARE_OF_INCIDENTS, 3),
        Column::new("pai", head::PAI, "", 2),
        Column::new("pei", head::PEI, "", 3),
        Column::new("as_good", head::AS_GOOD_WITHIN_ERROR, unit::METHODS_AND_SETTINGS, 0),
        Column::new("counts_behind", head::PLAIN_COUNTS_BEHIND, unit::SHARE_OF_INCIDENTS, 4),
    ]);
    let rows = ranked(entries, request)
        .into_iter()
        .filter_map(|(_, of_type)| {
            let first = *of_type.first()?;
            let as_good = of_type[1..]
                .iter()
                .filter(|entry| {
                    let (behind, error) = entry.behind(first, at);
                    error.is_some_and(|error| behind <= 2.0 * error)
                })
                .count();
            let counts = of_type.iter().find(|entry| entry.method.id() == "counts");
            let mut row = keys(first);
            row.extend([
                Value::number(first.hit_rate(at)),
                Value::number(first.pai(at)),
                Value::number(first.pei(at)),
                Value::Count(as_good as i64),
                Value::number(counts.map(|entry| entry.behind(first, at).0)),
            ]);
            Some(row)
        })
        .collect();
    let title = say::best_at(request.rank_at);
    Table { id: "best".into(), title, columns, rows }
}

pub(super) fn stability(rows: &[stability::Row]) -> Table {
    let columns = vec![
        KEYS[0].clone(),
        KEYS[4].clone(),
        KEYS[3].clone(),
        Column::new("persistence", head::TOP_CELLS_STILL_TOP_LATER, unit::SHARE_OF_CELLS, 3),
        Column::new("moved", head::LAND_SHARED_GRID_MOVED_BY_HALF, unit::SHARE, 3),
        Column::new("halved", head::LAND_SHARED_HALF_THE_SIDE, unit::SHARE, 3),
        Column::new("doubled", head::LAND_SHARED_TWICE_THE_SIDE, unit::SHARE, 3),
    ];
    let rows = rows
        .iter()
        .map(|row| {
            vec![
                row.types.label().into(),
                Value::Number(row.cell.get()),
                Value::Count(row.history as i64),
                Value::number(row.persistence),
                Value::number(row.moved),
                Value::number(row.halved),
                Value::number(row.doubled),
            ]
        })
        .collect();
    Table { id: "stability".into(), title: say::STABILITY.into(), columns, rows }
}
