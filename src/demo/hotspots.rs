//! The hotspots that are planted, so that it is known what an analysis ought to find.

use std::ops::Range;

use serde::Serialize;

use super::calendar::N_MONTHS;
use super::geography::{Borough, Zone};
use super::patterns::{
    AFTER_SCHOOL, DAY_LONG, EVENING, FRI_SAT, HIGH_SUMMER, KINDS, Kind, NIGHT, SHOP_WEEK, SHOPS,
    SUMMER, WEEKEND,
};
use super::plane::{Point, at};
use super::random::{Stream, Weighted};
use super::roads::Class;
use super::streets::Streets;

/// A hotspot in the records of the demo: the truth that an analysis can be held against.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlantedHotspot {
    /// Short name.
    pub id: &'static str,
    /// What it is, in words.
    pub about: &'static str,
    /// Publisher's category of its incidents: a crime type, or a council service.
    pub category: &'static str,
    /// Street in its middle.
    pub street: String,
    /// Code of the ward that its middle lies in.
    pub ward: String,
    /// Middle, metres east.
    pub easting: f64,
    /// Middle, metres north.
    pub northing: f64,
    /// Distance from the middle within which its incidents lie, in metres.
    pub radius: f64,
    /// Incidents a year, expected while it is active, above what its streets have anyway.
    pub per_year: f64,
    /// First and last month at full strength.
    pub active: (String, String),
    /// Incidents planted.
    pub planted: usize,
}

/// A hotspot before its incidents are made.
pub(super) struct Hotspot {
    pub id: &'static str,
    pub about: &'static str,
    pub middle: Point,
    pub radius: f64,
    /// Months at full strength, from 0.
    pub active: Range<usize>,
    /// Strength in other months.
    pub otherwise: f64,
    pub kind: Kind,
    /// Index of the kind in the list of all.
    pub kind_number: usize,
    /// Its segments, and how often each is hit.
    pub segments: Vec<usize>,
    pub draw: Weighted,
}

impl Hotspot {
    /// Strength in a month, from 0 to 1.
    pub(super) fn strength(&self, month: usize) -> f64 {
        if self.active.contains(&month) { 1.0 } else { self.otherwise }
    }

    /// As told to the user.
    pub(super) fn told(
        &self,
        borough: &Borough,
        streets: &Streets,
        planted: usize,
    ) -> PlantedHotspot {
        let month = |m: usize| format!("{}-{:02}", 2023 + m / 12, m % 12 + 1);
        let ward = borough.ward_at(self.middle).map(|w| borough.wards[w].code.clone());
        PlantedHotspot {
            id: self.id,
            about: self.about,
            category: self.kind.label,
            street: streets.name(self.segments[0]).to_owned(),
            ward: ward.unwrap_or_default(),
            easting: self.middle.x.round(),
            northing: self.middle.y.round(),
            radius: self.radius,
            per_year: self.kind.per_year,
            active: (month(self.active.start), month(self.active.end - 1)),
            planted,
        }
    }
}

/// Whole of the records.
const ALWAYS: Range<usize> = 0..N_MONTHS;

/// Every hotspot of the borough.
pub(super) fn plant(seed: u64, borough: &Borough, streets: &Streets) -> Vec<Hotspot> {
    let mut stream = Stream::new(seed, "hotspots");
    let sites = Sites::find(borough, streets, &mut stream);
    let of = |label: &str| KINDS.iter().position(|kind| kind.label == label).unwrap_or(0);
    let mut list = Vec::new();
    let mut add =
        |id, about, label, middle: Point, radius: f64, active, change: &dyn Fn(&mut Kind)| {
            let kind_number = of(label);
            let mut kind = KINDS[kind_number];
            kind.trend = 0.0;
            kind.domestic = 0;
            change(&mut kind);
            let segments = near(streets, middle, radius);
            let draw = Weighted::new(segments.iter().map(|&s| {
                let away = streets.middle(s).distance(middle) / radius;
                (1.0 - 0.8 * away) * streets.segments[s].length
            }));
            let otherwise = if id == "station-parking" { 0.14 } else { 0.0 };
            list.push(Hotspot {
                id,
                about,
                middle,
                radius,
                active,
                otherwise,
                kind,
                kind_number,
                segments,
                draw,
            });
        };
    add(
        "town-centre-nights",
        "pubs and clubs of the High Street, Friday and Saturday nights",
        "Violence and sexual offences",
        sites.high_street,
        190.0,
        ALWAYS,
        &|kind| {
            kind.per_year = 430.0;
            kind.hours = &NIGHT;
            kind.weekdays = &FRI_SAT;
        },
    );
    add(
        "town-centre-disorder",
        "disorder in the same streets on the same nights",
        "Public order",
        sites.high_street,
        190.0,
        ALWAYS,
        &|kind| {
            kind.per_year = 170.0;
            kind.hours = &NIGHT;
            kind.weekdays = &FRI_SAT;
        },
    );
    add(
        "retail-park",
        "shop theft at the retail park on the ring road",
        "Shoplifting",
        sites.retail_park,
        170.0,
        ALWAYS,
        &|kind| {
            kind.per_year = 340.0;
            kind.hours = &SHOPS;
            kind.weekdays = &SHOP_WEEK;
        },
    );
    add(
        "main-shops",
        "shop theft in the main shopping streets",
        "Shoplifting",
        sites.shops,
        210.0,
        ALWAYS,
        &|kind| {
            kind.per_year = 260.0;
            kind.hours = &SHOPS;
            kind.weekdays = &SHOP_WEEK;
        },
    );
    add(
        "bus-station",
        "young people at the bus station after school",
        "Anti-social behaviour",
        sites.bus_station,
        130.0,
        ALWAYS,
        &|kind| {
            kind.per_year = 270.0;
            kind.hours = &AFTER_SCHOOL;
        },
    );
    add(
        "park-evenings",
        "groups in and around a park, most of all in school holidays",
        "Anti-social behaviour",
        sites.park,
        260.0,
        ALWAYS,
        &|kind| {
            kind.per_year = 210.0;
            kind.hours = &EVENING;
            kind.weekdays = &WEEKEND;
            kind.holidays = 2.2;
        },
    );
    add(
        "pier-summer",
        "day trippers and drinkers by the pier, summer only",
        "Anti-social behaviour",
        sites.pier,
        230.0,
        ALWAYS,
        &|kind| {
            kind.per_year = 170.0;
            kind.months = &HIGH_SUMMER;
            kind.weekdays = &WEEKEND;
        },
    );
    add(
        "terrace-burglaries",
        "a new run of burglaries in terraced streets, from February 2025",
        "Burglary",
        sites.terraces,
        300.0,
        25..N_MONTHS,
        &|kind| kind.per_year = 165.0,
    );
    add(
        "station-parking",
        "thefts from cars parked near the station, until wardens came in December 2024",
        "Vehicle crime",
        sites.station,
        280.0,
        0..23,
        &|kind| {
            kind.per_year = 175.0;
            kind.hours = &DAY_LONG;
        },
    );
    add(
        "station-bicycles",
        "bicycles taken from the racks at the station",
        "Bicycle theft",
        sites.station,
        150.0,
        ALWAYS,
        &|kind| kind.per_year = 62.0,
    );
    add(
        "estate-drugs",
        "an open drug market on an estate",
        "Drugs",
        sites.estate,
        210.0,
        8..N_MONTHS,
        &|kind| kind.per_year = 85.0,
    );
    add(
        "edge-fires",
        "small deliberate fires where the estates meet the fields",
        "Deliberate fire",
        sites.edge,
        330.0,
        ALWAYS,
        &|kind| {
            kind.per_year = 58.0;
            kind.months = &SUMMER;
        },
    );
    add(
        "dock-tipping",
        "waste tipped in the back lanes of the docks",
        "Fly-tipping",
        sites.docks,
        260.0,
        ALWAYS,
        &|kind| kind.per_year = 210.0,
    );
    list
}

/// Segments whose middle lies within `radius`, the nearest first.
fn near(streets: &Streets, middle: Point, radius: f64) -> Vec<usize> {
    let away = |s: usize| streets.middle(s).distance(middle);
    let mut found: Vec<usize> =
        (0..streets.segments.len()).filter(|&s| away(s) < radius * 0.86).collect();
    if found.is_empty() {
        found.extend((0..streets.segments.len()).min_by(|&a, &b| away(a).total_cmp(&away(b))));
    }
    found.sort_by(|&a, &b| away(a).total_cmp(&away(b)));
    found
}

/// Where the hotspots are.
struct Sites {
    high_street: Point,
    shops: Point,
    bus_station: Point,
    station: Point,
    retail_park: Point,
    park: Point,
    pier: Point,
    terraces: Point,
    estate: Point,
    edge: Point,
    docks: Point,
}

impl Sites {
    fn find(borough: &Borough, streets: &Streets, stream: &mut Stream) -> Self {
        let land = &borough.land;
        let c = land.centre();
        // On a street of one of these classes, nearest to where it is wanted.
        let snap = |x: f64, y: f64, class: &dyn Fn(Class) -> bool| {
            let wanted = at(x, y);
            (0..streets.segments.len())
                .filter(|&s| class(streets.segments[s].class))
                .map(|s| streets.middle(s))
                .min_by(|a, b| a.distance(wanted).total_cmp(&b.distance(wanted)))
                .unwrap_or(wanted)
        };
        let any = |_: Class| true;
        let local = |class: Class| class == Class::Local;
        let main = |class: Class| class == Class::Main;
        let high_street = snap(c.x + 60.0, c.y - 90.0, &any);
        let pier = {
            let resort = land.settlements[1].centre;
            snap(land.coast(resort.y), resort.y, &any)
        };
        let park = streets
            .estates
            .iter()
            .filter(|estate| estate.is_park)
            .map(|estate| estate.middle)
            .filter(|p| (1_250.0..3_000.0).contains(&p.distance(c)))
            .min_by(|a, b| a.x.total_cmp(&b.x))
            .unwrap_or(at(c.x - 1_500.0, c.y + 900.0));
        let best = |zone: Zone, score: &dyn Fn(usize) -> f64| {
            (0..borough.lsoas.len())
                .filter(|&l| borough.lsoas[l].zone == zone)
                .max_by(|&a, &b| score(a).total_cmp(&score(b)))
                .map_or(c, |l| borough.lsoas[l].middle)
        };
        let deprived = |l: usize| borough.lsoas[l].deprivation;
        let sideways = stream.between(-1.0, 1.0);
        let terraces = best(Zone::Terraces, &|l| {
            let p = borough.lsoas[l].middle;
            (p.y - c.y) / 1_000.0 - ((p.x - c.x) / 1_000.0 - sideways).abs()
        });
        let estate = best(Zone::Suburb, &deprived);
        let edge = best(Zone::Suburb, &|l| {
            deprived(l) + (borough.lsoas[l].middle.distance(estate) / 4_000.0).min(1.0)
        });
        let dock = at(c.x + 1_750.0, land.river(c.x + 1_750.0) + 260.0);
        Self {
            high_street,
            shops: snap(c.x - 330.0, c.y + 190.0, &any),
            bus_station: snap(c.x + 420.0, c.y + 330.0, &any),
            station: snap(c.x - 900.0, c.y - 130.0, &any),
            retail_park: snap(c.x + 1_900.0, c.y + 1_750.0, &main),
            park,
            pier,
            terraces: snap(terraces.x, terraces.y, &local),
            estate: snap(estate.x, estate.y, &local),
            edge: snap(edge.x, edge.y, &local),
            docks: snap(dock.x, dock.y, &any),
        }
    }
}
