//! The synthetic city as a dataset, of any number of incidents.

use jiff::ToSpan as _;
use wardheat::context::Context;
use wardheat::geometry::Shape;
use wardheat::incident::{CrimeTypeIdx, Flags, Incident, Incidents, Place};
use wardheat::provenance::Provenance;
use wardheat::quantity::Metres;
use wardheat::store::Dataset;
use wardheat::time::{Month, NightBand};
use wardheat::units::{Area, AreaLayer};

use crate::support::City;

const CITY: City = City { side: 20_000.0, seed: 11 };
const MONTHS: u32 = 36;

/// A city of `n` incidents, each with its time.
pub fn city(n: usize) -> Dataset {
    let areas: Vec<Area> = CITY
        .wards(6, 6, 80)
        .into_iter()
        .enumerate()
        .map(|(i, shape)| Area {
            code: format!("E05{i:06}"),
            name: format!("Ward {i}"),
            shape,
            residents: None,
            households: None,
            workday: None,
        })
        .collect();
    let study_area = Shape::union_of(areas.iter().map(|area| &area.shape));
    let kinds: Vec<CrimeTypeIdx> = CrimeTypeIdx::all().take(14).collect();
    let mut incidents = Incidents::default();
    let source = incidents.word("police");
    for (i, at) in CITY.addresses(n).into_iter().enumerate() {
        let month = first().plus((i % MONTHS as usize) as i32);
        let start = jiff::civil::date(month.year() as i16, month.number() as i8, 1).at(0, 0, 0, 0);
        incidents.push_row(&Incident {
            reference: None,
            source,
            crime_type: kinds[i / 36 % kinds.len()],
            month,
            from: Some(start + ((i * 7919 % (28 * 24 * 60)) as i64).minutes()),
            to: None,
            place: Place::Point { position: at, precision: Metres::new(1.0) },
            ward: None,
            lsoa: None,
            street: None,
            flags: Flags::default(),
        });
    }
    Dataset {
        name: "City".into(),
        layers: vec![AreaLayer { kind: "ward".into(), edition: "2025".into(), areas }],
        study_area,
        incidents,
        streets: Vec::new(),
        snap_points: Vec::new(),
        priorities: Vec::new(),
        context: Context::default(),
        venues: Vec::new(),
        meetings: Vec::new(),
        night: NightBand::default(),
        fictional: true,
        provenance: Provenance::default(),
        version: format!("bench-{n}"),
    }
}

/// The first month of its incidents.
pub fn first() -> Month {
    Month::new(2023, 1).expect("a month")
}
