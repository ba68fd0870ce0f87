//! Where residents live, as far as the data tell, and what each counts.

use std::collections::{BTreeMap, HashMap};

use anyhow::anyhow;

use crate::crs::Bng;
use crate::hint::Hint;
use crate::pipeline::english::plan;
use crate::pipeline::ground::Ground;
use crate::plan::Distances;
use crate::store::Dataset;
use crate::units::{UnitIdx, UnitSource, Units, unit_kind};
use crate::workspace::PlanningRule;

use super::WardNeeds;

/// Walks that reach is told for, metres.
pub const BANDS: [f64; 5] = [400.0, 800.0, 1_200.0, 1_600.0, 2_000.0];
/// Places this near to each other are one.
const MERGE: f64 = 100.0;

/// Demand points: residents where they can be recorded at all.
#[derive(Debug)]
pub(super) struct Demand {
    /// Names that stay the same when others come or go: the square each lies in.
    pub ids: Vec<String>,
    pub places: Vec<Bng>,
    /// Residents at each.
    pub residents: Vec<f64>,
    /// Ward of each.
    pub wards: Vec<Option<usize>>,
    /// What each counts: its residents, or a part of them outside the wards of higher need.
    pub weights: Vec<f64>,
    /// In words, where residents were put.
    pub how: String,
}

impl Demand {
    pub fn total(&self) -> f64 {
        self.weights.iter().sum()
    }

    /// The middle of a ward's residents.
    pub fn middle(&self, ward: usize) -> Option<Bng> {
        let own = || (0..self.places.len()).filter(|&i| self.wards[i] == Some(ward));
        let all: f64 = own().map(|i| self.residents[i]).sum();
        let mean = |pick: fn(Bng) -> f64| {
            own().map(|i| self.residents[i] * pick(self.places[i])).sum::<f64>() / all
        };
        (all > 0.0).then(|| Bng::new(mean(Bng::easting), mean(Bng::northing)))
    }

    /// Residents within each of [`BANDS`] of one of the sites, and all of them.
    pub fn bands(&self, distances: &Distances, sites: &[usize]) -> (Vec<f64>, f64) {
        let nearest: Vec<f64> = (0..self.places.len())
            .map(|i| sites.iter().map(|&s| distances.of(i)[s]).fold(f64::INFINITY, f64::min))
            .collect();
        let within = |band: &f64| {
            let near = nearest.iter().zip(&self.residents).filter(|(d, _)| *d <= band);
            near.map(|(_, people)| people).sum()
        };
        (BANDS.iter().map(within).collect(), self.residents.iter().sum())
    }
}

/// Puts the residents of each LSOA (of each ward, where no LSOA has any) evenly on the places in it
/// at which anything was ever recorded: streets and parks have such places roughly where people
/// live, fields have none.
pub(super) fn of(
    data: &Dataset,
    ground: &Ground,
    needs: &WardNeeds,
    rule: &PlanningRule,
) -> anyhow::Result<Demand> {
    let source = UnitSource {
        layers: &data.layers,
        study_area: &data.study_area,
        cell_size: ground
            .cells
            .locator
            .grid()
            .map_or(crate::quantity::Metres::new(250.0), crate::units::Grid::cell_size),
    };
    let lsoas = unit_kind("lsoa").and_then(|kind| kind.build(&source).ok());
    let with_people = |units: &Units| units.residents.iter().any(Option::is_some);
    let lsoas = lsoas.filter(with_people);
    let areas = lsoas.as_ref().unwrap_or(&ground.wards);
    let places = recorded_places(data);
    let located = areas.locator.locate_all(&places);
    let mut inside: BTreeMap<UnitIdx, Vec<Bng>> = BTreeMap::new();
    for (place, area) in places.iter().zip(located) {
        if let Some(area) = area {
            inside.entry(area).or_default().push(*place);
        }
    }
    let mut found = Demand {
        ids: Vec::new(),
        places: Vec::new(),
        residents: Vec::new(),
        wards: Vec::new(),
        weights: Vec::new(),
        how: plan::spread(lsoas.is_some(), MERGE),
    };
    for i in 0..areas.len() {
        let people = areas.residents[i].map_or(0.0, crate::quantity::Population::get);
        if people <= 0.0 {
            continue;
        }
        let own = inside.remove(&UnitIdx::new(i)).unwrap_or_default();
        let own =
            if own.is_empty() { areas.shapes[i].label_point().into_iter().collect() } else { own };
        for place in &own {
            found.places.push(*place);
            found.residents.push(people / own.len() as f64);
        }
    }
    if found.places.is_empty() {
        return Err(anyhow!("no area has residents, so nobody can be counted within a walk")
            .context(Hint(
                "name a file of residents under [[population]] in wardheat.toml, and import again"
                    .to_owned(),
            )));
    }
    found.ids = ids(&found.places);
    let wards = ground.wards.locator.locate_all(&found.places);
    found.wards = wards.into_iter().map(|ward| ward.map(UnitIdx::index)).collect();
    found.weights = found
        .residents
        .iter()
        .zip(&found.wards)
        .map(|(people, ward)| {
            let full = ward.is_some_and(|ward| needs.wards[ward].higher);
            people * if full { 1.0 } else { rule.elsewhere }
        })
        .collect();
    Ok(found)
}

/// Square of each place, in hundreds of metres east and north; `-2` and on where it has several.
fn ids(places: &[Bng]) -> Vec<String> {
    let mut times: HashMap<(i64, i64), usize> = HashMap::new();
    places
        .iter()
        .map(|place| {
            let (e, n) = square_of(*place);
            let time = times.entry((e, n)).or_default();
            *time += 1;
            match *time {
                1 => format!("E{e}N{n}"),
                i => format!("E{e}N{n}-{i}"),
            }
        })
        .collect()
}

fn square_of(place: Bng) -> (i64, i64) {
    ((place.easting() / MERGE).floor() as i64, (place.northing() / MERGE).floor() as i64)
}

/// One place for each square of [`MERGE`] metres that holds a snap point or an incident.
fn recorded_places(data: &Dataset) -> Vec<Bng> {
    let incidents = &data.incidents;
    let recorded = (0..incidents.len()).filter_map(|i| incidents.position(i));
    let mut squares: HashMap<(i64, i64), Bng> = HashMap::new();
    for place in data.snap_points.iter().copied().chain(recorded) {
        // The first place of a square stands for it: a mean would lean to the busiest street.
        squares.entry(square_of(place)).or_insert(place);
    }
    let mut places: Vec<((i64, i64), Bng)> = squares.into_iter().collect();
    places.sort_by_key(|(key, _)| *key);
    places.into_iter().map(|(_, place)| place).collect()
}
