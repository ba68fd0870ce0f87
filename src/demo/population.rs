//! How many people and households live in each LSOA, what kind of place it is, and how deprived.

use super::geography::{Lsoa, Zone};
use super::land::Land;
use super::plane::Point;
use super::random::{Noise, Stream};

/// Residents of the whole borough, about.
const RESIDENTS: f64 = 200_300.0;

/// The kind of place at `middle`, with this many people per km².
pub(super) fn zone(land: &Land, middle: Point, density: f64) -> Zone {
    let from_centre = middle.distance(land.centre());
    let nearest = (0..land.settlements.len())
        .min_by(|&a, &b| {
            let away =
                |i: usize| middle.distance(land.settlements[i].centre) / land.settlements[i].reach;
            away(a).total_cmp(&away(b))
        })
        .unwrap_or(0);
    match nearest {
        _ if density < 420.0 => Zone::Rural,
        0 if from_centre < 780.0 => Zone::Centre,
        0 if from_centre < 1_900.0 => Zone::Terraces,
        0 => Zone::Suburb,
        1 => Zone::Resort,
        2 | 3 => Zone::Town,
        _ => Zone::Village,
    }
}

/// Fills in residents, households and deprivation; `people` are each LSOA's people before scaling.
pub(super) fn fill(seed: u64, land: &Land, lsoas: &mut [Lsoa], people: &[f64]) {
    let scale = RESIDENTS / people.iter().sum::<f64>();
    let mut stream = Stream::new(seed, "population");
    let estates = Noise::new(seed, "deprivation", 1_700.0);
    for (lsoa, &people) in lsoas.iter_mut().zip(people) {
        lsoa.residents = (people * scale * stream.between(0.97, 1.03)).round() as u32;
        let basis = match lsoa.zone {
            Zone::Centre => 0.66,
            Zone::Terraces => 0.70,
            Zone::Resort => 0.58,
            Zone::Suburb => 0.42,
            Zone::Town => 0.36,
            Zone::Village => 0.20,
            Zone::Rural => 0.17,
        };
        // The east end, by the docks, is poorer than the west.
        let east = (lsoa.middle.x - land.centre().x) / 30_000.0;
        let spread = if lsoa.zone == Zone::Suburb { 0.42 } else { 0.26 };
        let local = spread * estates.rough(lsoa.middle.x, lsoa.middle.y) + 0.05 * stream.bell();
        lsoa.deprivation = (basis + east + local).clamp(0.02, 0.98);
        let per_household = match lsoa.zone {
            Zone::Centre => 1.82,
            Zone::Terraces => 2.22,
            Zone::Resort => 2.02,
            Zone::Suburb => 2.38,
            Zone::Town => 2.30,
            Zone::Village | Zone::Rural => 2.42,
        };
        let size = per_household + 0.09 * stream.bell();
        lsoa.households = (f64::from(lsoa.residents) / size.clamp(1.6, 2.8)).round() as u32;
    }
}
