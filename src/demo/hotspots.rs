//! The hotspots that are planted, so that it is known what an analysis ought to find.

use std::ops::Range;

use serde::Serialize;

use super::calendar::N_MONTHS;
use super::geography::Borough;
use super::kinds::KINDS;
use super::patterns::{
    AFTER_SCHOOL, DAY_LONG, EVENING, FRI_SAT, HIGH_SUMMER, Kind, NIGHT, SHOP_WEEK, SUMMER, WEEKEND,
};
use super::plane::Point;
use super::random::Weighted;
use super::sites::Site;
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
    spec: &'static Spec,
    middle: Point,
    pub kind: Kind,
    /// Position of the kind in the list of all.
    pub kind_number: usize,
    /// Its segments, and how often each is hit.
    pub segments: Vec<usize>,
    pub draw: Weighted,
}

impl Hotspot {
    /// Strength in a month, from 0 to 1.
    pub(super) fn strength(&self, month: usize) -> f64 {
        if self.spec.active.contains(&month) { 1.0 } else { self.spec.otherwise }
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
            id: self.spec.id,
            about: self.spec.about,
            category: self.kind.label,
            street: streets.name(self.segments[0]).to_owned(),
            ward: ward.unwrap_or_default(),
            easting: self.middle.x.round(),
            northing: self.middle.y.round(),
            radius: self.spec.radius,
            per_year: self.kind.per_year,
            active: (month(self.spec.active.start), month(self.spec.active.end - 1)),
            planted,
        }
    }
}

/// What is planted, before it has a place.
struct Spec {
    id: &'static str,
    about: &'static str,
    category: &'static str,
    site: Site,
    radius: f64,
    active: Range<usize>,
    otherwise: f64,
    /// What differs from other incidents of the category.
    per_year: f64,
    hours: Option<&'static [u16; 24]>,
    weekdays: Option<&'static [u16; 7]>,
    months: Option<&'static [u16; 12]>,
    /// Multiplier in school holidays.
    holidays: f64,
}

/// At work all through the records, at all the hours of its category.
const PLAIN: Spec = Spec {
    id: "",
    about: "",
    category: "",
    site: Site::HighStreet,
    radius: 200.0,
    active: 0..N_MONTHS,
    otherwise: 0.0,
    per_year: 0.0,
    hours: None,
    weekdays: None,
    months: None,
    holidays: 1.0,
};

/// Every hotspot of the borough.
static SPECS: &[Spec] = &[
    Spec {
        id: "town-centre-nights",
        about: "pubs and clubs of the High Street, Friday and Saturday nights",
        category: "Violence and sexual offences",
        radius: 190.0,
        per_year: 430.0,
        hours: Some(&NIGHT),
        weekdays: Some(&FRI_SAT),
        ..PLAIN
    },
    Spec {
        id: "town-centre-disorder",
        about: "disorder in the same streets on the same nights",
        category: "Public order",
        radius: 190.0,
        per_year: 170.0,
        hours: Some(&NIGHT),
        weekdays: Some(&FRI_SAT),
        ..PLAIN
    },
    Spec {
        id: "retail-park",
        about: "shop theft at the retail park on the ring road",
        category: "Shoplifting",
        site: Site::RetailPark,
        radius: 170.0,
        per_year: 340.0,
        weekdays: Some(&SHOP_WEEK),
        ..PLAIN
    },
    Spec {
        id: "main-shops",
        about: "shop theft in the main shopping streets",
        category: "Shoplifting",
        site: Site::Shops,
        radius: 210.0,
        per_year: 260.0,
        weekdays: Some(&SHOP_WEEK),
        ..PLAIN
    },
    Spec {
        id: "bus-station",
        about: "young people at the bus station after school",
        category: "Anti-social behaviour",
        site: Site::BusStation,
        radius: 130.0,
        per_year: 270.0,
        hours: Some(&AFTER_SCHOOL),
        ..PLAIN
    },
    Spec {
        id: "park-evenings",
        about: "groups in and around a park, most of all in school holidays",
        category: "Anti-social behaviour",
        site: Site::Park,
        radius: 260.0,
        per_year: 230.0,
        hours: Some(&EVENING),
        weekdays: Some(&WEEKEND),
        holidays: 2.2,
        ..PLAIN
    },
    Spec {
        id: "pier-summer",
        about: "day trippers and drinkers by the pier, summer only",
        category: "Anti-social behaviour",
        site: Site::Pier,
        radius: 230.0,
        per_year: 170.0,
        weekdays: Some(&WEEKEND),
        months: Some(&HIGH_SUMMER),
        ..PLAIN
    },
    Spec {
        id: "terrace-burglaries",
        about: "a new run of burglaries in terraced streets, from February 2025",
        category: "Burglary",
        site: Site::Terraces,
        radius: 300.0,
        active: 25..N_MONTHS,
        per_year: 165.0,
        ..PLAIN
    },
    Spec {
        id: "station-parking",
        about: "thefts from cars parked near the station, until wardens came in December 2024",
        category: "Vehicle crime",
        site: Site::Station,
        radius: 280.0,
        active: 0..23,
        otherwise: 0.14,
        per_year: 175.0,
        hours: Some(&DAY_LONG),
        ..PLAIN
    },
    Spec {
        id: "station-bicycles",
        about: "bicycles taken from the racks at the station",
        category: "Bicycle theft",
        site: Site::Station,
        radius: 150.0,
        per_year: 62.0,
        ..PLAIN
    },
    Spec {
        id: "estate-drugs",
        about: "an open drug market on an estate, from September 2023",
        category: "Drugs",
        site: Site::Estate,
        radius: 210.0,
        active: 8..N_MONTHS,
        per_year: 85.0,
        ..PLAIN
    },
    Spec {
        id: "edge-fires",
        about: "small deliberate fires where the estates meet the fields",
        category: "Deliberate fire",
        site: Site::EdgeOfTown,
        radius: 330.0,
        per_year: 58.0,
        months: Some(&SUMMER),
        ..PLAIN
    },
    Spec {
        id: "dock-tipping",
        about: "waste tipped in the back lanes of the docks",
        category: "Fly-tipping",
        site: Site::Docks,
        radius: 260.0,
        per_year: 210.0,
        ..PLAIN
    },
];

/// Every hotspot, in its place.
pub(super) fn plant(borough: &Borough, streets: &Streets) -> Vec<Hotspot> {
    SPECS
        .iter()
        .map(|spec| {
            let middle = spec.site.find(borough, streets);
            let kind_number =
                KINDS.iter().position(|kind| kind.label == spec.category).unwrap_or(0);
            let general = KINDS[kind_number];
            let kind = Kind {
                per_year: spec.per_year,
                trend: 0.0,
                domestic: 0,
                hours: spec.hours.unwrap_or(general.hours),
                weekdays: spec.weekdays.unwrap_or(general.weekdays),
                months: spec.months.unwrap_or(general.months),
                holidays: general.holidays * spec.holidays,
                ..general
            };
            let segments = near(streets, middle, spec.radius);
            let draw = Weighted::new(segments.iter().map(|&s| {
                let away = streets.middle(s).distance(middle) / spec.radius;
                (1.0 - 0.8 * away).max(0.05) * streets.segments[s].length
            }));
            Hotspot { spec, middle, kind, kind_number, segments, draw }
        })
        .collect()
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
