//! Venues for public meetings, the diary of meetings, and the dates to plan for.

use super::calendar::{FIRST_YEAR, holidays};
use super::geography::Borough;
use super::people;
use super::random::Stream;
use super::sheet::{Sheet, iso};
use super::streets::Streets;
use super::write_council::district;

/// Venues in the file.
const N_VENUES: usize = 40;

/// Kinds of venue: name, owner, seats, cost an hour in pounds, faith or licensed.
const KINDS: &[(&str, &str, usize, usize, &str)] = &[
    ("Community Centre", "Council", 120, 14, ""),
    ("Library", "Council", 50, 0, ""),
    ("Primary School", "Academy trust", 180, 22, ""),
    ("Church Hall", "Parish", 90, 12, "faith"),
    ("Village Hall", "Trust", 80, 10, ""),
    ("Social Club", "Members' club", 140, 18, "licensed"),
    ("Mosque Community Room", "Trust", 70, 0, "faith"),
    ("Family Hub", "Council", 40, 0, ""),
    ("Sports Pavilion", "Council", 60, 16, "licensed"),
];

/// A place where a meeting may be held.
pub(super) struct Venue {
    pub name: String,
    pub ward: usize,
}

/// The venues, and their file.
pub(super) fn venues(seed: u64, borough: &Borough, streets: &Streets) -> (Vec<Venue>, Sheet) {
    let mut stream = Stream::new(seed, "venues");
    let mut sheet = Sheet::new("venues.csv", ',');
    sheet.line(
        "name,address,postcode,ward code,easting,northing,capacity,step-free,hearing loop,toilet,\
         parking,bus within 400 m,hire cost per hour,open hours,owner,faith or licensed",
    );
    let mut venues = Vec::with_capacity(N_VENUES);
    for i in 0..N_VENUES {
        // Every ward has one; the rest go where most people are.
        let ward = i % borough.wards.len();
        let lsoas = &borough.wards[ward].lsoas;
        let lsoa = lsoas[stream.below(lsoas.len())];
        let own = &streets.by_lsoa[lsoa];
        let (segment, place) = if own.is_empty() {
            (None, borough.lsoas[lsoa].middle)
        } else {
            let segment = own[stream.below(own.len())];
            (Some(segment), streets.middle(segment))
        };
        let street = segment.map_or("Church Lane", |s| streets.name(s));
        let (kind, owner, seats, cost, mark) = KINDS[(i * 5 + stream.below(2)) % KINDS.len()];
        let name = format!("{} {kind}", street.rsplit_once(' ').map_or(street, |(first, _)| first));
        let yes = |share: f64, stream: &mut Stream| if stream.chance(share) { "Y" } else { "N" };
        let seats = seats + stream.below(40);
        sheet
            .cells(&[&name, &format!("{street}, Fennmouth")])
            .cells(&[&people::postcode(district(borough, lsoa as u16), &mut stream)])
            .cell(&borough.wards[ward].code)
            .cells(&[&format!("{:.0}", place.x), &format!("{:.0}", place.y)])
            .number(seats)
            .cells(&[yes(0.82, &mut stream), yes(0.55, &mut stream), yes(0.95, &mut stream)])
            .cells(&[yes(0.7, &mut stream), yes(0.78, &mut stream)])
            .number(cost)
            .cells(&["Mon-Sat 09:00-21:30", owner, mark]);
        sheet.end();
        venues.push(Venue { name, ward });
    }
    (venues, sheet)
}

/// The diary: meetings that exist already, most of them every few weeks.
pub(super) fn meetings(seed: u64, borough: &Borough, venues: &[Venue]) -> Sheet {
    let mut stream = Stream::new(seed, "meetings");
    let mut sheet = Sheet::new("meetings.csv", ',');
    sheet.line(
        "title,organiser,ward code,venue,date,start,recurrence,open to public,expected audience",
    );
    let kinds = [
        ("Ward forum", "Borough council", "quarterly", "Y", 35),
        ("Residents' association", "Residents", "monthly", "Y", 22),
        ("Neighbourhood police surgery", "Police", "monthly", "Y", 12),
        ("Parish council", "Parish council", "monthly", "Y", 14),
        ("Face the People", "Community safety partnership", "once", "Y", 60),
        ("Friends of the Park", "Volunteers", "every two months", "Y", 18),
        ("Tenants' panel", "Housing association", "quarterly", "N", 16),
    ];
    for venue in venues {
        for _ in 0..=stream.below(2) {
            let (title, organiser, recurrence, open, audience) = *stream.pick(&kinds);
            let (month, day) = (stream.below(12) as i8 + 1, stream.below(28) as i8 + 1);
            let date = jiff::civil::date(2026, month, day);
            let start = *stream.pick(&["10:00", "14:00", "18:00", "18:30", "19:00", "19:30"]);
            sheet
                .cells(&[title, organiser, &borough.wards[venue.ward].code, &venue.name])
                .cells(&[&iso(date), start, recurrence, open])
                .number(audience + stream.below(12));
            sheet.end();
        }
    }
    sheet
}

/// Dates to plan for: Halloween, Bonfire Night, Christmas and the council's school holidays.
pub(super) fn key_dates() -> Sheet {
    let mut sheet = Sheet::new("key_dates.csv", ',');
    sheet.line("name,from,to");
    for year in FIRST_YEAR..FIRST_YEAR + 3 {
        for (name, from, to) in [
            ("Halloween", "10-29", "11-01"),
            ("Bonfire Night", "11-03", "11-08"),
            ("Christmas parties", "12-12", "12-23"),
            ("New Year's Eve", "12-31", "12-31"),
        ] {
            sheet.cells(&[name, &format!("{year}-{from}"), &format!("{year}-{to}")]);
            sheet.end();
        }
    }
    for (from, to) in holidays() {
        sheet.cells(&["School holiday", &iso(from), &iso(to)]);
        sheet.end();
    }
    sheet
}
