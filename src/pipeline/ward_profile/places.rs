//! Where in the ward: the places that most of the chosen records are published at, by street.

use std::collections::BTreeMap;

use crate::crs::Bng;
use crate::geometry::Bounds;
use crate::incident::CrimeTypeIdx;
use crate::pipeline::english::ward as say;
use crate::pipeline::{ground, names};
use crate::store::Street;
use crate::time::Window;

use super::Scene;

/// Places shown.
const MOST: usize = 5;
/// Fewest records of a place that is shown: fewer could point at one household.
const FEWEST: u64 = 5;
/// A position further than this from every named street is of no street.
const NEAR: f64 = 60.0;
/// Share of a place's records from which one kind names it alone.
const MOSTLY: f64 = 0.5;

/// A place by its street.
#[derive(Debug, Clone, PartialEq)]
pub struct TopPlace {
    /// Street, or kind of place with the street it is near.
    pub name: String,
    /// Chosen records there.
    pub count: u64,
    /// Of the ward's chosen records.
    pub share: f64,
    /// What most of them are: one kind, or two.
    pub mostly: Vec<CrimeTypeIdx>,
    /// In how many of the last four quarters it was among the ward's first five; `None` where a year
    /// is not held.
    pub quarters: Option<u8>,
}

/// The places with most of these rows.
pub(super) fn top(scene: &Scene<'_>, rows: &[usize]) -> Vec<TopPlace> {
    let streets = NamedStreets::of(scene);
    let found = by_place(scene, &streets, rows);
    let quarters = quarters(scene).map(|quarters| {
        quarters.map(|quarter| {
            let rows = scene.rows(scene.request.crime_types, quarter);
            first(by_place(scene, &streets, &rows)).into_iter().map(|(name, _)| name).collect()
        })
    });
    first(found)
        .into_iter()
        .map(|(name, kinds)| {
            let count: u64 = kinds.values().sum();
            TopPlace {
                quarters: quarters.as_ref().map(|quarters: &[Vec<String>; 4]| {
                    quarters.iter().filter(|quarter| quarter.contains(&name)).count() as u8
                }),
                mostly: mostly(&kinds, count),
                share: count as f64 / rows.len().max(1) as f64,
                count,
                name,
            }
        })
        .collect()
}

type Kinds = BTreeMap<CrimeTypeIdx, u64>;

/// The last four quarters up to the end of the window, where the data reach back that far.
fn quarters(scene: &Scene<'_>) -> Option<[Window; 4]> {
    let last = scene.window.last();
    if last.plus(-11) < scene.held.first() {
        return None;
    }
    let quarter = |n: i32| Window::new(last.plus(-3 * n - 2), last.plus(-3 * n)).ok();
    Some([quarter(0)?, quarter(1)?, quarter(2)?, quarter(3)?])
}

/// The first few with enough records; equals in the order of the alphabet.
fn first(places: BTreeMap<String, Kinds>) -> Vec<(String, Kinds)> {
    let mut all: Vec<(u64, String, Kinds)> = places
        .into_iter()
        .map(|(name, kinds)| (kinds.values().sum(), name, kinds))
        .filter(|(count, ..)| *count >= FEWEST)
        .collect();
    all.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    all.truncate(MOST);
    all.into_iter().map(|(_, name, kinds)| (name, kinds)).collect()
}

/// One kind that makes at least half of the records, else the two largest.
fn mostly(kinds: &Kinds, count: u64) -> Vec<CrimeTypeIdx> {
    let mut kinds: Vec<(CrimeTypeIdx, u64)> = kinds.iter().map(|(&kind, &n)| (kind, n)).collect();
    kinds.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    let one = kinds.first().is_some_and(|(_, n)| *n as f64 >= MOSTLY * count as f64);
    kinds.into_iter().take(if one { 1 } else { 2 }).map(|(kind, _)| kind).collect()
}

/// Rows by the name of their place; those whose position may not be mapped have none.
fn by_place(
    scene: &Scene<'_>,
    streets: &NamedStreets<'_>,
    rows: &[usize],
) -> BTreeMap<String, Kinds> {
    let incidents = &scene.data.incidents;
    let mut places: BTreeMap<String, Kinds> = BTreeMap::new();
    for &i in rows {
        let Some(at) = ground::mappable(incidents, i, scene.request.cell()) else { continue };
        if let Some(name) = streets.name(at, incidents.street(i)) {
            *places.entry(name).or_default().entry(incidents.crime_type(i)).or_default() += 1;
        }
    }
    places
}

/// Names of streets near the ward: of the street layer, or as published with other records.
struct NamedStreets<'a> {
    streets: Vec<(&'a str, &'a Street)>,
    published: Vec<(&'a str, Bng)>,
}

impl<'a> NamedStreets<'a> {
    fn of(scene: &Scene<'a>) -> Self {
        let shape = &scene.ground.wards.shapes[scene.ward.index()];
        let near = shape.bounds().map(|bounds| bounds.grown(NEAR));
        let is_near = |street: &Street| {
            near.is_some_and(|near: Bounds| street.line.iter().any(|at| near.contains(*at)))
        };
        let named = |street: &'a Street| Some((street.name.as_deref()?, street));
        let streets: Vec<_> =
            scene.data.streets.iter().filter(|one| is_near(one)).filter_map(named).collect();
        let incidents = &scene.data.incidents;
        let mut published: Vec<(&str, Bng)> = Vec::new();
        for i in 0..incidents.len() {
            if scene.ground.ward_of[i] == Some(scene.ward)
                && let Some(name) = incidents.street(i).and_then(names::street_name)
                && let Some(at) = incidents.position(i)
            {
                published.push((name, at));
            }
        }
        let key = |at: &Bng| [at.easting().to_bits(), at.northing().to_bits()];
        published.sort_by(|a, b| key(&a.1).cmp(&key(&b.1)).then(a.0.cmp(b.0)));
        published.dedup();
        Self { streets, published }
    }

    /// Name of the place at `at`: its published street, else its published kind with the nearest
    /// street, else the nearest street.
    fn name(&self, at: Bng, published: Option<&str>) -> Option<String> {
        if let Some(street) = published.and_then(names::street_name) {
            return Some(street.to_owned());
        }
        let nearest = self.nearest(at);
        match (published.and_then(names::kind_of_place), nearest) {
            (Some(kind), Some(street)) => Some(say::near(kind, street)),
            (Some(kind), None) => Some(kind.to_owned()),
            (None, nearest) => nearest.map(str::to_owned),
        }
    }

    fn nearest(&self, at: Bng) -> Option<&'a str> {
        let by_line = self.streets.iter().map(|(name, street)| {
            let stretches = street.line.windows(2).map(|ends| to_stretch(at, ends[0], ends[1]));
            (*name, stretches.fold(f64::INFINITY, f64::min))
        });
        let closest = |a: &(&str, f64), b: &(&str, f64)| a.1.total_cmp(&b.1).then(a.0.cmp(b.0));
        let line = by_line.min_by(closest).filter(|(_, metres)| *metres <= NEAR);
        let by_point = self.published.iter().map(|(name, place)| (*name, at.distance(*place)));
        let near = |found: &(&str, f64)| found.1 <= 4.0 * NEAR;
        line.or_else(|| by_point.min_by(closest).filter(near)).map(|(name, _)| name)
    }
}

/// Metres from `at` to the stretch between two positions.
fn to_stretch(at: Bng, a: Bng, b: Bng) -> f64 {
    let (x, y) = (b.easting() - a.easting(), b.northing() - a.northing());
    let length2 = x * x + y * y;
    let along = if length2 > 0.0 {
        let dot = (at.easting() - a.easting()) * x + (at.northing() - a.northing()) * y;
        (dot / length2).clamp(0.0, 1.0)
    } else {
        0.0
    };
    at.distance(Bng::new(a.easting() + along * x, a.northing() + along * y))
}
