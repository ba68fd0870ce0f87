//! The council's service requests, as its complaints system exports them: semicolons, Windows-1252,
//! lines before the header and after the last row.

use super::calendar::DAY;
use super::geography::{Borough, Zone};
use super::incidents::{Event, Scene, of_source};
use super::kinds::KINDS;
use super::mess::{PlaceMess, Shares, Written};
use super::patterns::Source;
use super::people;
use super::plane::{Point, at};
use super::random::Stream;
use super::sheet::{Sheet, named_month};

const PLACES: Shares = &[
    (Written::Missing, 210),
    (Written::Zero, 45),
    (Written::Default, 90),
    (Written::Decimal, 160),
    (Written::Thousands, 30),
    (Written::Rounded, 150),
    (Written::GridReference, 110),
    (Written::Swapped, 12),
    (Written::Outside, 50),
    (Written::Edge, 10),
];
const NOTHING: &[&str] = &["", "", "NULL", "N/A", "-"];
const HEADER: &str = "SR_REFNUM;Date Received;Time;Service;SR_TYPE;Address;Postcode;Ward;Easting;\
    Northing;Officer;Complainant Name;Outcome";
const OUTCOMES: &[&str] = &[
    "Closed",
    "Closed",
    "Closed",
    "Resolved – advice given",
    "Warning letter sent",
    "Cleared",
    "Fixed penalty notice, £150",
    "No action",
];
/// Ward names before the last review.
const OLD_NAMES: &[&str] =
    &["Docks and Ropery (old)", "Market (old)", "St Osyth's and Glebe (old)"];
/// Share of the police's ASB incidents that someone tells the council too.
const TOLD_TWICE: f64 = 0.018;

/// ASB incidents that the council is told of as well: within two hours and fifty metres.
pub(super) fn told_twice(scene: &Scene<'_>, events: &[Event]) -> Vec<Event> {
    let mut stream = Stream::new(scene.seed, "told twice");
    let rowdy = KINDS.iter().position(|kind| kind.label == "Rowdy behaviour").unwrap_or(0);
    let mut twice = Vec::new();
    for event in events.iter().filter(|event| event.kind().source == Source::PoliceAsb) {
        if !stream.chance(TOLD_TWICE) {
            continue;
        }
        let later = 10 + stream.below(100) as i32;
        let shift = |stream: &mut Stream| stream.between(-30.0, 30.0).round();
        let moved = at(event.place.x + shift(&mut stream), event.place.y + shift(&mut stream));
        let same_ground = scene.borough.lsoa_at(moved) == Some(usize::from(event.lsoa));
        let from = event.from + later;
        if from / DAY != event.from / DAY || !same_ground {
            continue;
        }
        let place =
            if moved.x % 100.0 == 0.0 || moved.y % 100.0 == 0.0 { event.place } else { moved };
        twice.push(Event {
            kind: rowdy as u16,
            detail: 0,
            from,
            recorded: event.recorded.max(from) + 30,
            place,
            hotspot: None,
            ..*event
        });
    }
    twice
}

/// The export of service requests, before its encoding.
pub(super) fn requests(
    scene: &Scene<'_>,
    events: &[Event],
    twice: &[Event],
    civic_centre: Point,
) -> Sheet {
    let mut sheet = Sheet::new("council_asb.csv", ';');
    let mut stream = Stream::new(scene.seed, "council mess");
    let places = PlaceMess::new(scene.borough, PLACES, civic_centre, NOTHING);
    sheet.line("OFFICIAL-SENSITIVE");
    sheet.line("Fennmouth Borough Council (fictional) – service requests 2023–2025");
    sheet.line("");
    sheet.mess.add("preamble-line", "council_asb.csv", 3);
    sheet.line(HEADER);
    let mut own = of_source(events, Source::Council);
    own.extend_from_slice(twice);
    own.sort_by_key(|event| (event.recorded, event.from));
    sheet.mess.add("same-event-in-two-sources", "council_asb.csv", twice.len());
    for (number, event) in own.iter().enumerate() {
        if number > 0 && number % 5_000 == 0 {
            sheet.line(";;;;;;;;;;;;");
            sheet.note("blank-row");
            sheet.line(HEADER);
            sheet.note("repeated-header");
        }
        let mut event = *event;
        let place = places.draw(&mut event, &mut stream);
        if let Some(name) = place.name() {
            sheet.note(name);
        }
        let mark = sheet.mark();
        let is_clean = write(scene, &event, number, (&places, place), &mut sheet, &mut stream);
        if is_clean && place == Written::Exactly && stream.chance(0.005) {
            sheet.repeat(mark);
        }
    }
    let (thousands, rest) = (sheet.rows / 1000, sheet.rows % 1000);
    sheet.line(&format!("Total;{thousands},{rest:03}"));
    sheet.note("footer-line");
    sheet
}

/// Writes a request; whether nothing is wrong with it but, it may be, its place.
fn write(
    scene: &Scene<'_>,
    event: &Event,
    number: usize,
    (places, place): (&PlaceMess<'_>, Written),
    sheet: &mut Sheet,
    stream: &mut Stream,
) -> bool {
    let mut is_clean = true;
    let mut note = |sheet: &mut Sheet, kind| {
        sheet.note(kind);
        is_clean = false;
    };
    let moment = scene.clock.moment(event.from);
    let (service, what) = event.detail();
    let lsoa = usize::from(event.lsoa);
    let ward = &scene.borough.wards[scene.borough.lsoas[lsoa].ward];
    let (hour, minute) = (moment.hour(), moment.minute());
    let time = match stream.below(1000) {
        0..30 => {
            note(sheet, "time-without-colon");
            format!("{hour:02}{minute:02}")
        }
        30..60 => {
            note(sheet, "time-with-am-pm");
            let (of_twelve, half) = (if hour % 12 == 0 { 12 } else { hour % 12 }, hour / 12);
            format!("{of_twelve}:{minute:02} {}", if half == 0 { "AM" } else { "PM" })
        }
        60..62 => {
            note(sheet, "time-2400");
            "2400".to_owned()
        }
        62..92 => {
            note(sheet, "time-unknown");
            "00:00".to_owned()
        }
        _ => format!("{hour:02}:{minute:02}"),
    };
    let house = stream.below(160) + 1;
    let street = scene.streets.name(event.segment as usize);
    let address = match stream.below(60) {
        0 => format!("Flat {}\n{house} {street}", stream.below(9) + 1),
        1 => format!("The \"Mermaid\"; {street}"),
        _ => format!("{house} {street}"),
    };
    let (easting, northing) = places.write(place, event.place, stream);
    let ward_name = match (place, stream.below(1000)) {
        (Written::Outside, _) => "",
        (Written::Exactly, 0..6) => {
            note(sheet, "ward-name-of-earlier-edition");
            OLD_NAMES[stream.below(OLD_NAMES.len())]
        }
        _ => ward.name.as_str(),
    };
    let outcome = match stream.below(400) {
        0 => {
            note(sheet, "mojibake");
            "Fixed penalty notice, Â£150"
        }
        1..5 => {
            note(sheet, "no-crime-or-cancelled");
            "Cancelled"
        }
        _ => *stream.pick(OUTCOMES),
    };
    let district = district(scene.borough, event.lsoa);
    let (officer, complainant) = (people::name(stream), people::name(stream));
    sheet
        .cell(&format!("SR{:07}", 410_000 + number))
        .cells(&[&named_month(moment.date()), &time, service, what, &address])
        .cells(&[&people::postcode(district, stream), ward_name, &easting, &northing])
        .cells(&[&officer, &complainant, outcome]);
    sheet.end();
    is_clean
}

/// Postcode district of an LSOA, from 0: sectors of the main town, then the lesser places.
pub(super) fn district(borough: &Borough, lsoa: u16) -> usize {
    let lsoa = &borough.lsoas[usize::from(lsoa)];
    let centre = borough.land.centre();
    let (dx, dy) = (lsoa.middle.x - centre.x, lsoa.middle.y - centre.y);
    match lsoa.zone {
        Zone::Centre => 0,
        Zone::Resort => 7,
        Zone::Town => 8,
        Zone::Village | Zone::Rural => 9 + usize::from(dy > 0.0),
        Zone::Terraces => 1 + usize::from(dx > 0.0),
        Zone::Suburb => 3 + usize::from(dx > 0.0) * 2 + usize::from(dy > 0.0),
    }
}
