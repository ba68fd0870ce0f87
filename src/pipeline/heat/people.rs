//! Where people live, as positions with weights: what heat per resident is divided by.

use rayon::prelude::*;

use crate::crs::Bng;
use crate::geometry::Bounds;
use crate::quantity::{Metres, Population};
use crate::store::Dataset;
use crate::units::{UnitSource, Units, unit_kind};

use super::index::HeatIndex;

/// Kinds of area that residents are taken from, the finest first.
const KINDS: [&str; 2] = ["lsoa", "ward"];

/// Positions lie this far apart at the least, in metres.
const LEAST_APART: f64 = 50.0;

/// Positions in the smallest box round the study area, at most: 16 bytes each.
const MOST: f64 = 8_000_000.0;

/// Residents spread evenly over each area, as positions of a square lattice.
#[derive(Debug)]
pub(super) struct People {
    /// The positions, each of the key that is the number of its area.
    pub index: HeatIndex,
    /// `[n_areas]`: residents of each position of an area.
    pub weights: Vec<f64>,
    /// How far the positions lie apart.
    pub apart: Metres,
    /// What the areas are called.
    pub areas: &'static str,
}

impl People {
    /// The residents of the finest areas that know all of theirs; `None` where none do.
    pub fn of(data: &Dataset, cell: Metres) -> Option<Self> {
        let source =
            UnitSource { layers: &data.layers, study_area: &data.study_area, cell_size: cell };
        KINDS.into_iter().find_map(|id| {
            let kind = unit_kind(id)?;
            let units = kind.build(&source).ok()?;
            let residents: Option<Vec<f64>> =
                units.residents.iter().map(|known| known.map(Population::get)).collect();
            let residents = residents.filter(|all| all.iter().sum::<f64>() > 0.0)?;
            // Areas are told apart by a key of two bytes.
            u16::try_from(units.len()).ok()?;
            Some(Self::spread(&units, &residents, kind.label()))
        })
    }

    fn spread(units: &Units, residents: &[f64], areas: &'static str) -> Self {
        let bounds = units.shapes.iter().filter_map(crate::geometry::Shape::bounds);
        let bounds = bounds.reduce(Bounds::union);
        let apart = bounds.map_or(LEAST_APART, |bounds| {
            let least = (bounds.width() * bounds.height() / MOST).sqrt();
            (least / LEAST_APART).ceil().max(1.0) * LEAST_APART
        });
        let mut placed = bounds.map_or_else(Vec::new, |bounds| lattice(units, bounds, apart));
        let mut counts = vec![0_u32; units.len()];
        for (_, unit) in &placed {
            counts[usize::from(*unit)] += 1;
        }
        for (unit, count) in counts.iter_mut().enumerate().filter(|(_, count)| **count == 0) {
            // An area between the positions of the lattice.
            placed.extend(units.shapes[unit].bounds().map(|b| (middle(b), unit as u16)));
            *count = 1;
        }
        let weights = residents.iter().zip(&counts).map(|(all, n)| all / f64::from(*n)).collect();
        Self { index: HeatIndex::of_keyed(&placed), weights, apart: Metres::new(apart), areas }
    }
}

fn middle(bounds: Bounds) -> Bng {
    Bng::new(
        f64::midpoint(bounds.min.easting(), bounds.max.easting()),
        f64::midpoint(bounds.min.northing(), bounds.max.northing()),
    )
}

/// Positions this far apart on a lattice fixed on the ground, each with the area that it lies in.
fn lattice(units: &Units, bounds: Bounds, apart: f64) -> Vec<(Bng, u16)> {
    let range = |low: f64, high: f64| {
        let whole = |metres: f64| (metres / apart).floor() as i32;
        whole(low)..whole(high) + 1
    };
    let at = |i: i32| (f64::from(i) + 0.5) * apart;
    let columns = range(bounds.min.easting(), bounds.max.easting());
    let row = |row: i32| {
        columns.clone().filter_map(move |column| {
            let place = Bng::new(at(column), at(row));
            Some((place, units.locate(place)?.index() as u16))
        })
    };
    range(bounds.min.northing(), bounds.max.northing()).into_par_iter().flat_map_iter(row).collect()
}
