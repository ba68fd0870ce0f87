//! Where the planted hotspots lie: each at a place of the kind that such trouble is known for.

use super::geography::{Borough, Zone};
use super::plane::{Point, at};
use super::roads::Class;
use super::streets::Streets;

/// A place known for one kind of trouble or another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Site {
    HighStreet,
    Shops,
    BusStation,
    Station,
    RetailPark,
    Park,
    Pier,
    Terraces,
    Estate,
    EdgeOfTown,
    Docks,
}

impl Site {
    /// Its middle.
    pub(super) fn find(self, borough: &Borough, streets: &Streets) -> Point {
        let land = &borough.land;
        let c = land.centre();
        let on = |name: &str| streets.on(name).unwrap_or(c);
        match self {
            Self::HighStreet => on("High Street"),
            Self::Shops => on("Corn Street"),
            Self::BusStation => on("Coach Street"),
            Self::Station => on("Station Road"),
            Self::Pier => on("Marine Parade"),
            Self::RetailPark => {
                snap(streets, at(c.x + 1_700.0, c.y + 1_650.0), |class| class == Class::Main)
            }
            Self::Docks => {
                let dock = at(c.x + 1_750.0, land.river(c.x + 1_750.0) + 260.0);
                snap(streets, dock, |_| true)
            }
            Self::Park => streets
                .estates
                .iter()
                .filter(|estate| estate.is_park)
                .map(|estate| estate.middle)
                .filter(|p| (1_100.0..3_200.0).contains(&p.distance(c)))
                .min_by(|a, b| a.x.total_cmp(&b.x))
                .unwrap_or(at(c.x - 1_500.0, c.y + 900.0)),
            Self::Terraces => {
                // The north side of the old town, away from its middle.
                let middle = most(borough, Zone::Terraces, |_, p| p.y - (p.x - c.x).abs());
                snap(streets, middle, |class| class == Class::Local)
            }
            Self::Estate => {
                let middle = most(borough, Zone::Suburb, |deprivation, _| deprivation);
                snap(streets, middle, |class| class == Class::Local)
            }
            Self::EdgeOfTown => {
                let estate = Self::Estate.find(borough, streets);
                let middle = most(borough, Zone::Suburb, |deprivation, p| {
                    deprivation + (p.distance(estate) / 4_000.0).min(1.0)
                });
                snap(streets, middle, |class| class == Class::Local)
            }
        }
    }
}

/// Middle of the segment nearest to `wanted` among those of a class that is `allowed`.
fn snap(streets: &Streets, wanted: Point, allowed: impl Fn(Class) -> bool) -> Point {
    (0..streets.segments.len())
        .filter(|&s| allowed(streets.segments[s].class))
        .map(|s| streets.middle(s))
        .min_by(|a, b| a.distance(wanted).total_cmp(&b.distance(wanted)))
        .unwrap_or(wanted)
}

/// Middle of the LSOA of a zone with the highest score of deprivation and place.
fn most(borough: &Borough, zone: Zone, score: impl Fn(f64, Point) -> f64) -> Point {
    borough
        .lsoas
        .iter()
        .filter(|lsoa| lsoa.zone == zone)
        .map(|lsoa| (score(lsoa.deprivation, lsoa.middle), lsoa.middle))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map_or(borough.land.centre(), |(_, middle)| middle)
}
