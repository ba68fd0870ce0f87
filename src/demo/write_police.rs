//! The police extracts: one of crimes a year, in the columns that analysts get, and one of ASB.

use super::calendar::{Clock, DAY};
use super::incidents::{Event, Scene, of_source};
use super::kinds::KINDS;
use super::mess::{PlaceMess, Shares, Written};
use super::patterns::{Known, Source};
use super::people;
use super::plane::Point;
use super::random::Stream;
use super::sheet::{Sheet, slashes_time};

const CRIME_PLACES: Shares = &[
    (Written::Missing, 95),
    (Written::Zero, 32),
    (Written::Default, 150),
    (Written::Short, 20),
    (Written::Decimal, 80),
    (Written::Thousands, 25),
    (Written::Rounded, 190),
    (Written::Swapped, 14),
    (Written::Degrees, 14),
    (Written::Outside, 42),
    (Written::Edge, 12),
];
const ASB_PLACES: Shares = &[
    (Written::Missing, 160),
    (Written::Zero, 40),
    (Written::Default, 110),
    (Written::Rounded, 240),
    (Written::Swapped, 10),
    (Written::Outside, 60),
    (Written::Edge, 15),
];
const NOTHING: &[&str] = &["", "", "", "NULL", "N/A", "-", "999999"];
const CRIME_HEADER: &str = "Crime Ref,Offence Code,Offence Title,Crime Group,Committed From,\
    Committed To,Recorded Date,Easting,Northing,Beat,Ward Code,Location Type,Domestic,Alcohol,\
    Status,Victim Name";
const ASB_HEADER: &str = "Incident No,Date/Time Created,Opening Code,Closing Code,Qualifier,Grade,\
    Easting,Northing,Beat,Ward Code,Caller Name,Log Text";
const STATUSES: &[&str] = &[
    "Investigation complete; no suspect identified",
    "Investigation complete; no suspect identified",
    "Unable to prosecute suspect",
    "Under investigation",
    "Charged",
    "Community resolution",
];
const PREMISES: &[&str] = &[
    "Street, road or path",
    "Shop",
    "Licensed premises",
    "Car park, public",
    "Park or open space",
    "Bus, tram or rail",
];

/// One crime as an officer wrote it down.
struct CrimeRow {
    event: Event,
    reference: String,
    place: Written,
    ward: String,
    status: &'static str,
    from: String,
    to: String,
    recorded: String,
    victim: String,
    is_clean: bool,
}

/// Name of the crime extract of a year, 0 for 2023.
fn crime_file(year: usize) -> String {
    format!("police_crime_{}.csv", 2023 + year)
}

/// The crime extracts, one a year by the date recorded.
pub(super) fn crimes(scene: &Scene<'_>, events: &[Event], station: Point) -> Vec<Sheet> {
    let mut own = of_source(events, Source::PoliceCrime);
    let mut sheets: Vec<Sheet> = (0..3).map(|year| Sheet::new(&crime_file(year), ',')).collect();
    for sheet in &mut sheets {
        sheet.text.push('\u{feff}');
        sheet.note("byte-order-mark");
        sheet.line(CRIME_HEADER);
    }
    let mut stream = Stream::new(scene.seed, "police crime mess");
    let moved = clock_changes(&mut own);
    let places = PlaceMess::new(scene.borough, CRIME_PLACES, station, NOTHING);
    let mut pending: Vec<Vec<String>> = vec![Vec::new(); 3];
    for (number, event) in own.iter().enumerate() {
        let year = (scene.clock.month(event.recorded) / 12).clamp(0, 2) as usize;
        let sheet = &mut sheets[year];
        if moved.contains(&number) {
            sheet.note("clock-change-night");
        }
        let row = messed(scene, *event, number, year, &places, sheet, &mut stream);
        let mark = sheet.mark();
        write_crime(scene, &row, &places, sheet, &mut stream);
        if !row.is_clean {
            continue;
        }
        if stream.chance(0.005) {
            sheet.repeat(mark);
        } else if stream.chance(0.006) {
            let mut second = row;
            second.event = other_offence(&second.event, &mut stream);
            write_crime(scene, &second, &places, sheet, &mut stream);
            sheet.note("reference-with-two-offences");
        } else if year < 2 && scene.clock.month(event.recorded) % 12 == 11 && stream.chance(0.2) {
            // In the next extract again, solved or better classified by then.
            let mut later = Sheet::new(&crime_file(year + 1), ',');
            let mut again = row;
            again.status = "Charged";
            if again.event.detail == 0 && again.event.kind().details.len() > 1 {
                again.event.detail = 1;
            }
            write_crime(scene, &again, &places, &mut later, &mut stream);
            sheets[year + 1].mess.merge(later.mess);
            pending[year + 1].push(later.text);
        }
    }
    for (sheet, rows) in sheets.iter_mut().zip(pending) {
        sheet.mess.add("duplicate-in-later-extract", &sheet.name, rows.len());
        for row in rows {
            sheet.text.push_str(&row);
            sheet.rows += 1;
        }
    }
    unmapped(&mut sheets[1]);
    sheets
}

/// Moves some assaults to half past one of a night when the clock changes; returns which.
fn clock_changes(events: &mut [Event]) -> Vec<usize> {
    use jiff::civil::date;
    // Autumn, when 01:30 comes twice, and one spring night that has no 01:30 at all.
    let nights = [date(2023, 10, 29), date(2024, 10, 27), date(2025, 10, 26), date(2024, 3, 31)];
    let mut moved = Vec::new();
    for night in nights {
        let minute = Clock::minute_of(night) + 90;
        let near = |event: &Event| {
            event.kind().known == Known::Exactly
                && !event.domestic
                && (event.from - minute).abs() < 2 * DAY
                && event.recorded - event.from < DAY
        };
        let found: Vec<usize> = (0..events.len()).filter(|&i| near(&events[i])).take(3).collect();
        for i in found {
            events[i].recorded += (minute - events[i].from).max(0);
            events[i].from = minute;
            moved.push(i);
        }
    }
    moved
}

/// Decides what is wrong with a row, and counts it.
fn messed(
    scene: &Scene<'_>,
    mut event: Event,
    number: usize,
    year: usize,
    places: &PlaceMess<'_>,
    sheet: &mut Sheet,
    stream: &mut Stream,
) -> CrimeRow {
    let place = places.draw(&mut event, stream);
    if let Some(name) = place.name() {
        sheet.note(name);
    }
    let mut is_clean = place == Written::Exactly;
    let (ward, trouble) = given_ward(scene, &event, place, stream);
    if let Some(name) = trouble {
        sheet.note(name);
        is_clean = false;
    }
    let moment = |minute| slashes_time(scene.clock.moment(minute));
    let mut row = CrimeRow {
        event,
        reference: format!("42{}{:06}", 2023 + year, number + 1),
        place,
        ward,
        status: STATUSES[stream.below(STATUSES.len())],
        from: moment(event.from),
        to: event.to.map(moment).unwrap_or_default(),
        recorded: moment(event.recorded),
        victim: people::name(stream),
        is_clean,
    };
    let (spoilt, in_time) = spoil(&mut row, stream);
    if let Some(kind) = spoilt {
        sheet.note(kind);
        row.is_clean = false;
    }
    if !in_time {
        return row;
    }
    if row.event.to.is_some_and(|to| to - event.from > DAY) {
        sheet.note("window-over-24-h");
    }
    if event.recorded - event.to.unwrap_or(event.from) > 30 * DAY {
        sheet.note("recorded-over-30-days-late");
    }
    row
}

/// Spoils a date, a time, the reference or the status of some rows: what was spoilt, and whether
/// the times are still to be trusted.
fn spoil(row: &mut CrimeRow, stream: &mut Stream) -> (Option<&'static str>, bool) {
    match stream.below(10_000) {
        0..9 => {
            "01/01/1900 00:00".clone_into(&mut row.from);
            row.to.clear();
            (Some("date-1900"), false)
        }
        9..18 => {
            "31/12/9999 00:00".clone_into(&mut row.to);
            (Some("date-9999"), false)
        }
        18..26 => {
            // 14/03/24 instead of 14/03/2024.
            row.from.replace_range(6..8, "");
            (Some("date-two-digit-year"), false)
        }
        26..396 => {
            row.from.replace_range(11.., "00:00");
            row.to.clear();
            row.event.to = None;
            (Some("time-unknown"), false)
        }
        396..426 if row.event.to.is_some() => {
            std::mem::swap(&mut row.from, &mut row.to);
            (Some("from-after-to"), false)
        }
        426..432 => {
            "4.2E+11".clone_into(&mut row.reference);
            (Some("excel-damaged-reference"), true)
        }
        432..580 => {
            row.status = if stream.chance(0.7) { "No Crime" } else { "Cancelled" };
            (Some("no-crime-or-cancelled"), true)
        }
        _ => (None, true),
    }
}

/// Ward code as written, and what is wrong with it.
fn given_ward(
    scene: &Scene<'_>,
    event: &Event,
    place: Written,
    stream: &mut Stream,
) -> (String, Option<&'static str>) {
    let borough = scene.borough;
    let ward = borough.lsoas[usize::from(event.lsoa)].ward;
    let code = &borough.wards[ward].code;
    match (place, stream.below(10_000)) {
        (Written::Outside, _) => (String::new(), None),
        (Written::Exactly, 0..80) => {
            let other = (ward + 1 + stream.below(borough.wards.len() - 1)) % borough.wards.len();
            (borough.wards[other].code.clone(), Some("ward-disagrees"))
        }
        // Codes of the wards before the last review, which no boundary file here has.
        (Written::Exactly, 80..130) => {
            (format!("E05998{:03}", ward / 2 + 1), Some("ward-code-of-earlier-edition"))
        }
        (_, 130..145) => ("#N/A".to_owned(), Some("excel-error-cell")),
        _ => (code.clone(), None),
    }
}

/// Another offence found with this one: damage, mostly.
fn other_offence(event: &Event, stream: &mut Stream) -> Event {
    let label = if event.kind().label == "Criminal damage and arson" {
        "Public order"
    } else {
        "Criminal damage and arson"
    };
    let kind = KINDS.iter().position(|kind| kind.label == label).unwrap_or(0);
    let detail = stream.below(KINDS[kind].details.len()) as u16;
    Event { kind: kind as u16, detail, ..*event }
}

fn write_crime(
    scene: &Scene<'_>,
    row: &CrimeRow,
    places: &PlaceMess<'_>,
    sheet: &mut Sheet,
    stream: &mut Stream,
) {
    let event = &row.event;
    let (code, title) = event.detail();
    let (easting, northing) = places.write(row.place, event.place, stream);
    let ward = scene.borough.lsoas[usize::from(event.lsoa)].ward;
    let premises = if event.domestic || event.kind().label == "Burglary" {
        "Dwelling"
    } else if event.kind().label == "Shoplifting" {
        "Shop"
    } else {
        PREMISES[event.segment as usize % PREMISES.len()]
    };
    let yes_no = |yes: bool| if yes { "Y" } else { "N" };
    sheet
        .cells(&[&row.reference, code, title, event.kind().label, &row.from, &row.to])
        .cells(&[&row.recorded, &easting, &northing, &beat(ward), &row.ward, premises])
        .cells(&[yes_no(event.domestic), yes_no(event.alcohol), row.status, &row.victim]);
    sheet.end();
}

fn beat(ward: usize) -> String {
    format!("FM{:02}", ward / 2 + 1)
}

/// A new category that no table knows yet.
fn unmapped(sheet: &mut Sheet) {
    for n in 0..5 {
        let reference = format!("422024{}", 900_001 + n);
        sheet
            .cells(&[&reference, "909/01", "Offence of a new kind", "New category 2024"])
            .cells(&["12/11/2024 14:05", "", "12/11/2024 16:20", "", "", "", "", "", "N", "N"])
            .cells(&["Under investigation", ""]);
        sheet.end();
        sheet.note("category-unmapped");
        sheet.note("coordinates-missing");
    }
}

/// The extract of ASB incidents.
pub(super) fn asb(scene: &Scene<'_>, events: &[Event], station: Point) -> Sheet {
    let mut sheet = Sheet::new("police_asb.csv", ',');
    let mut stream = Stream::new(scene.seed, "police asb mess");
    let places = PlaceMess::new(scene.borough, ASB_PLACES, station, NOTHING);
    sheet.line(ASB_HEADER);
    for (number, event) in of_source(events, Source::PoliceAsb).iter().enumerate() {
        if number > 0 && number % 4_000 == 0 {
            sheet.line(ASB_HEADER);
            sheet.note("repeated-header");
            sheet.line(",,,,,,,,,,,");
            sheet.note("blank-row");
        }
        let mut event = *event;
        let place = places.draw(&mut event, &mut stream);
        if let Some(name) = place.name() {
            sheet.note(name);
        }
        let (ward, trouble) = given_ward(scene, &event, place, &mut stream);
        if let Some(name) = trouble {
            sheet.note(name);
        }
        let mark = sheet.mark();
        write_asb(scene, &event, number, (&places, place), &ward, &mut sheet, &mut stream);
        if place == Written::Exactly && trouble.is_none() && stream.chance(0.004) {
            sheet.repeat(mark);
        }
    }
    sheet
}

fn write_asb(
    scene: &Scene<'_>,
    event: &Event,
    number: usize,
    (places, place): (&PlaceMess<'_>, Written),
    ward: &str,
    sheet: &mut Sheet,
    stream: &mut Stream,
) {
    let moment = scene.clock.moment(event.from);
    let (closing, qualifier) = event.detail();
    let opening = if stream.chance(0.2) { "Concern for safety" } else { closing };
    let (easting, northing) = places.write(place, event.place, stream);
    let log = match stream.below(40) {
        0 => "Caller states \"they are back again\", group of six",
        1 => "Youths by the shops.\nPatrol informed.",
        2..8 => "Noise from street, no further detail",
        _ => "Attended, area quiet on arrival",
    };
    let grade = ["2", "3", "3", "4"][stream.below(4)];
    let own_ward = scene.borough.lsoas[usize::from(event.lsoa)].ward;
    sheet
        .cell(&format!("{}-{:06}", moment.year(), number + 1))
        .cells(&[&slashes_time(moment), opening, closing, qualifier, grade, &easting, &northing])
        .cells(&[&beat(own_ward), ward, &people::name(stream), log]);
    sheet.end();
}
