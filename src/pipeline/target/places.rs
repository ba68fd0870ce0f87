//! Each place of a choice: its name, how much it holds, since when and at what hours.

use geo::{LineString, MultiPolygon, Polygon, coord};

use super::Source;
use crate::crs::Bng;
use crate::geometry::Shape;
use crate::layer::english::{head, unit};
use crate::layer::{Feature, Layer};
use crate::pipeline::english::target as say;
use crate::pipeline::hours::{FEWEST_TIMED, Hours};
use crate::pipeline::names::{most_said, street_name};
use crate::plan::Fewest;
use crate::table::{Column, Value};
use crate::time::Window;

/// Months of a quarter.
const QUARTER: i32 = 3;
/// Quarters that persistence looks at.
const QUARTERS: i32 = 4;
/// Corners of a circle.
const CORNERS: usize = 48;

const COLUMNS: [Column; 15] = [
    Column::new("number", head::NUMBER_SHORT, "", 0),
    Column::new("name", head::NEAR, "", 0),
    Column::new("ward", head::WARD, "", 0),
    Column::new("count", head::INCIDENTS, "", 0),
    Column::new("adds", head::NOT_IN_THOSE_BEFORE, "", 0),
    Column::new("cumulative_share", head::HELD_SO_FAR, unit::OF_INCIDENTS, 3),
    Column::new("months_active", head::MONTHS_WITH_ANY, "", 0),
    Column::new("quarters", head::QUARTERS_IN_THE_SET, "", 0),
    Column::new("of_quarters", head::OUT_OF, unit::QUARTERS, 0),
    Column::new("persistence", head::PERSISTENCE, "", 0),
    Column::new("timed", head::WITH_A_TIME, "", 0),
    Column::new("peak", head::PEAK_HOURS, unit::HALF_OF_THE_WEIGHT, 0),
    Column::new("peak_hours", head::HOURS_OF_THE_PEAK, unit::OF_168, 0),
    Column::new("easting", head::EASTING, unit::M, 0),
    Column::new("northing", head::NORTHING, unit::M, 0),
];

/// A circle as a polygon, on the National Grid.
pub(super) fn circle(centre: Bng, radius: f64) -> Shape {
    let corner = |i: usize| {
        let turn = i as f64 / CORNERS as f64 * std::f64::consts::TAU;
        coord! { x: centre.easting() + radius * turn.cos(), y: centre.northing() + radius * turn.sin() }
    };
    let ring: LineString<f64> = (0..CORNERS).map(corner).collect();
    Shape::new(MultiPolygon::new(vec![Polygon::new(ring, vec![])]))
}

/// The places in order of what they add.
pub(super) fn layer(source: &Source<'_>, fewest: &Fewest, counts: &[u64]) -> Layer {
    let mapped: u64 = counts.iter().sum();
    let quarters = quarters(source);
    let inside = rows_inside(source, &fewest.centres);
    let mut held = 0;
    let features = fewest
        .centres
        .iter()
        .zip(&fewest.adds)
        .zip(inside)
        .enumerate()
        .map(|(i, ((&centre, &adds), rows))| {
            held += adds;
            let at = source.targets.positions()[centre];
            let share = held as f64 / mapped as f64;
            let mut values = vec![
                Value::Count(i as i64 + 1),
                name(source, &rows).map_or(Value::None, Value::from),
                ward(source, &rows, at).map_or(Value::None, Value::from),
                Value::Count(rows.len() as i64),
                Value::Count(adds as i64),
                Value::Number(share),
                Value::Count(months(source, &rows) as i64),
            ];
            values.extend(persistence(source, at, &quarters));
            values.extend(hours(source, &rows));
            values.extend([Value::Number(at.easting()), Value::Number(at.northing())]);
            Feature {
                id: (i + 1).to_string(),
                shape: circle(at, source.request.size.get() / 2.0),
                at: None,
                values,
            }
        })
        .collect();
    Layer {
        id: "places",
        title: say::places_of(source.request.size),
        features,
        columns: COLUMNS.to_vec(),
    }
}

/// Incidents of the window within each place, in order of row; one may be in two places.
fn rows_inside(source: &Source<'_>, centres: &[usize]) -> Vec<Vec<usize>> {
    let mut at = vec![Vec::new(); source.targets.positions().len()];
    for i in source.rows(source.window) {
        if let Some(position) = source.position_of.get(&i) {
            at[*position].push(i);
        }
    }
    let inside = |&centre: &usize| {
        let mut rows: Vec<usize> =
            source.targets.inside(centre).flat_map(|i| at[i].iter().copied()).collect();
        rows.sort_unstable();
        rows
    };
    centres.iter().map(inside).collect()
}

/// The street most often published with its incidents.
fn name<'a>(source: &'a Source<'_>, rows: &[usize]) -> Option<&'a str> {
    let incidents = &source.data.incidents;
    let streets = rows.iter().filter_map(|&i| street_name(incidents.street(i)?));
    most_said(streets).into_iter().next()
}

/// The ward most of its incidents are counted in, else the one its middle lies in.
fn ward<'a>(source: &'a Source<'_>, rows: &[usize], at: Bng) -> Option<&'a str> {
    let wards = &source.ground.wards;
    let counted = rows.iter().filter_map(|&i| source.ground.ward_of[i]);
    let most = most_said(counted.map(|ward| wards.names[ward.index()].as_str()));
    let middle = || wards.locate(at).map(|ward| wards.names[ward.index()].as_str());
    most.into_iter().next().or_else(middle)
}

fn months(source: &Source<'_>, rows: &[usize]) -> usize {
    let mut months: Vec<_> = rows.iter().map(|&i| source.data.incidents.month(i)).collect();
    months.sort_unstable();
    months.dedup();
    months.len()
}

/// Centres of the fewest places of each of the last quarters of the window, the latest last.
fn quarters(source: &Source<'_>) -> Vec<Vec<Bng>> {
    let window = source.window;
    let whole = (window.n_months() as i32 / QUARTER).min(QUARTERS);
    (0..whole)
        .rev()
        .filter_map(|back| {
            let last = window.last().plus(-back * QUARTER);
            let quarter = Window::new(last.plus(1 - QUARTER), last).ok()?;
            let counts = source.counts(quarter);
            let enough = (counts.iter().sum::<u64>() as f64 * source.request.share).ceil() as u64;
            let (centres, _) = source.targets.greedy(&counts, enough, usize::MAX);
            Some(centres.iter().map(|&i| source.targets.positions()[i]).collect())
        })
        .collect()
}

/// In how many quarters a place was one, of how many, and what that is called.
fn persistence(source: &Source<'_>, at: Bng, quarters: &[Vec<Bng>]) -> [Value; 3] {
    let size = source.request.size.get();
    let was: Vec<bool> = quarters
        .iter()
        .map(|centres| centres.iter().any(|centre| centre.distance(at) < size))
        .collect();
    let times = was.iter().filter(|was| **was).count();
    let class = match (was.as_slice(), times) {
        (_, 3..) => say::CHRONIC,
        ([before @ .., true], 1) if !before.is_empty() => say::EMERGING,
        ([.., true, false], _) => say::DIMINISHING,
        _ => "",
    };
    let class = if class.is_empty() || quarters.len() < 2 { Value::None } else { class.into() };
    [Value::Count(times as i64), Value::Count(quarters.len() as i64), class]
}

/// Incidents with a time of day, the peak in words, and how many hours it has.
fn hours(source: &Source<'_>, rows: &[usize]) -> [Value; 3] {
    let Some(hours) = Hours::of(&source.data.incidents, rows.iter().copied()) else {
        return [Value::Count(0), say::MONTHS_ONLY.into(), Value::None];
    };
    let timed = Value::Count(hours.timed as i64);
    match hours.peak {
        Some(peak) if hours.timed >= FEWEST_TIMED => {
            [timed, peak.in_words().into(), Value::Count(peak.hours.len() as i64)]
        }
        _ => [timed, say::TOO_FEW_TIMED.into(), Value::None],
    }
}
