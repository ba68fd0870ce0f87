//! Fire and rescue incidents in the columns that London Fire Brigade publishes, and ambulance
//! call-outs by outward postcode alone.

use super::calendar::FIRST_DAY;
use super::geography::{BOROUGH_CODE, BOROUGH_NAME};
use super::incidents::{Event, Scene, of_source};
use super::patterns::Source;
use super::people;
use super::random::Stream;
use super::sheet::{Sheet, iso};
use super::write_council::district;

/// Month that the fire service never sent: August 2024.
const MISSING_MONTH: i32 = 19;
/// The ambulance extract stops in the middle of its last month.
const LAST_CALL: (i32, i8) = (35, 17);
/// Days from Excel's day 0 to the first day of the records.
const EXCEL_FIRST_DAY: i32 = 44_927;

const FIRE_HEADER: &str = "IncidentNumber,DateOfCall,CalYear,TimeOfCall,HourOfCall,IncidentGroup,\
    StopCodeDescription,Motive,PropertyCategory,PropertyType,Postcode_district,IncGeo_BoroughCode,\
    IncGeo_BoroughName,IncGeo_WardCode,IncGeo_WardName,Easting_m,Northing_m,Easting_rounded,\
    Northing_rounded,FRS,NumPumpsAttending,PumpHoursRoundUp,Notional Cost (£),NumCalls";

/// The fire service's incidents.
pub(super) fn fire(scene: &Scene<'_>, events: &[Event]) -> Sheet {
    let mut sheet = Sheet::new("fire_irs.csv", ',');
    let mut stream = Stream::new(scene.seed, "fire mess");
    sheet.line(FIRE_HEADER);
    for (number, event) in of_source(events, Source::Fire).iter().enumerate() {
        if scene.clock.month(event.from) == MISSING_MONTH {
            continue;
        }
        let mark = sheet.mark();
        let is_exact = write_fire(scene, event, number, &mut sheet, &mut stream);
        if is_exact && stream.chance(0.006) {
            sheet.repeat(mark);
        }
    }
    sheet.note("month-missing");
    sheet
}

/// Writes an incident; whether its exact position is given.
fn write_fire(
    scene: &Scene<'_>,
    event: &Event,
    number: usize,
    sheet: &mut Sheet,
    stream: &mut Stream,
) -> bool {
    let moment = scene.clock.moment(event.from);
    let (stop_code, motive) = event.detail();
    let ward = &scene.borough.wards[scene.borough.lsoas[usize::from(event.lsoa)].ward];
    let group = if motive.is_empty() { "False Alarm" } else { "Fire" };
    let (category, kind) = match (stop_code, motive) {
        ("Chimney Fire", _) => ("Dwelling", "House - single occupancy"),
        ("Primary Fire", "Accidental") if stream.chance(0.72) => {
            ("Dwelling", "House - single occupancy")
        }
        ("Primary Fire", "Deliberate") if stream.chance(0.64) => ("Road Vehicle", "Car"),
        ("Secondary Fire", _) => ("Outdoor", "Loose refuse"),
        ("AFA", _) if stream.chance(0.5) => ("Dwelling", "Purpose built flats"),
        _ => ("Non Residential", "Retail"),
    };
    let (easting, northing) = if category == "Dwelling" {
        sheet.note("exact-coordinates-withheld");
        ("NULL".to_owned(), "NULL".to_owned())
    } else if stream.chance(0.006) {
        sheet.note("coordinates-zero");
        ("0".to_owned(), "0".to_owned())
    } else {
        (format!("{:.0}", event.place.x), format!("{:.0}", event.place.y))
    };
    let fifty = |v: f64| format!("{:.0}", (v / 50.0).floor() * 50.0);
    let pumps = 1 + stream.below(3);
    let time = format!("{:02}:{:02}:{:02}", moment.hour(), moment.minute(), stream.below(60));
    sheet
        .cell(&format!(
            "{:06}-{:02}{:02}{}",
            number + 1,
            moment.day(),
            moment.month(),
            moment.year()
        ))
        .cell(&iso(moment.date()))
        .number(moment.year())
        .cell(&time)
        .number(moment.hour())
        .cells(&[group, stop_code, motive, category, kind])
        .cells(&[&people::outward(district(scene.borough, event.lsoa)), BOROUGH_CODE])
        .cells(&[BOROUGH_NAME, &ward.code, &ward.name, &easting, &northing])
        .cells(&[&fifty(event.place.x), &fifty(event.place.y), "Fennmouth Fire (fictional)"])
        .number(pumps)
        .number(pumps)
        .number(pumps * 388)
        .number(1 + stream.below(4));
    sheet.end();
    easting.len() == 6
}

/// The ambulance service's call-outs, before their encoding.
pub(super) fn ambulance(scene: &Scene<'_>, events: &[Event]) -> Sheet {
    let mut sheet = Sheet::new("ambulance.csv", '\t');
    let mut stream = Stream::new(scene.seed, "ambulance mess");
    sheet.line("Call ref\tCall Date\tCall Time\tChief Complaint\tOutward Postcode\tConveyed\tSex\tAge band");
    for (number, event) in of_source(events, Source::Ambulance).iter().enumerate() {
        let (month, date) = (scene.clock.month(event.from), scene.clock.date(event.from));
        if month == LAST_CALL.0 && date.day() > LAST_CALL.1 {
            continue;
        }
        let moment = scene.clock.moment(event.from);
        let days = FIRST_DAY.until(date).map_or(0, |span| span.get_days());
        let (code, complaint) = event.detail();
        let outward = if stream.chance(0.012) {
            sheet.note("outward-postcode-missing");
            String::new()
        } else {
            people::outward(district(scene.borough, event.lsoa))
        };
        let pick = |of: &[&'static str], stream: &mut Stream| *stream.pick(of);
        let age = pick(&["0-17", "18-24", "25-34", "35-44", "45-64", "65+"], &mut stream);
        sheet
            .cell(&format!("A{:07}", 2_300_000 + number))
            .number(EXCEL_FIRST_DAY + days)
            .cell(&format!("{:02}:{:02}", moment.hour(), moment.minute()))
            .cell(&format!("{code} {complaint}"))
            .cells(&[&outward, pick(&["Y", "Y", "N"], &mut stream)])
            .cells(&[pick(&["F", "M"], &mut stream), age]);
        sheet.end();
        sheet.note("date-excel-serial");
    }
    sheet.note("partial-last-month");
    sheet
}
