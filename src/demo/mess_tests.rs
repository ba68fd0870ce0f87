//! The planted mess, counted again by reading the files naively.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::DateTime;

use super::geography::Borough;
use super::plane::at;
use super::{DEFAULT_SEED, Made, make};

type Found = BTreeMap<&'static str, usize>;

struct Rows {
    header: Vec<String>,
    records: Vec<Vec<String>>,
    raw: String,
}

impl Rows {
    fn get<'a>(&self, row: &'a [String], column: &str) -> &'a str {
        &row[self.header.iter().position(|name| name == column).unwrap()]
    }
}

fn text(made: &Made, name: &str) -> String {
    let bytes = &made.files.iter().find(|file| file.name == name).unwrap().bytes;
    match name {
        "council_asb.csv" => encoding_rs::WINDOWS_1252.decode(bytes).0.into_owned(),
        "ambulance.csv" => encoding_rs::UTF_16LE.decode(bytes).0.into_owned(),
        _ => String::from_utf8(bytes.clone()).unwrap(),
    }
}

fn read(made: &Made, name: &str, delimiter: u8, skip: usize) -> Rows {
    let raw = text(made, name).trim_start_matches('\u{feff}').to_owned();
    let body: String = raw.split_inclusive("\r\n").skip(skip).collect();
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(body.as_bytes());
    let mut records: Vec<Vec<String>> =
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    let header = records.remove(0);
    Rows { header, records, raw }
}

fn add(found: &mut Found, kind: &'static str, yes: bool) {
    if yes {
        *found.entry(kind).or_default() += 1;
    }
}

fn is_whole(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|b| b.is_ascii_digit())
}

/// What is wrong with a pair of coordinates, by its looks.
fn coordinates(
    found: &mut Found,
    east: &str,
    north: &str,
    default: (&str, &str),
    borough: &Borough,
) {
    let missing = ["", "NULL", "N/A", "-", "999999"].contains(&east);
    add(found, "coordinates-missing", missing);
    add(found, "coordinates-zero", east == "0");
    add(found, "coordinates-default", (east, north) == default);
    add(found, "coordinates-short", is_whole(east, 4));
    add(found, "coordinates-thousands-comma", east.contains(','));
    add(found, "coordinates-grid-reference", east.starts_with("TA "));
    let decimal = east.split_once('.').map(|(whole, _)| whole.len());
    add(found, "coordinates-decimal", decimal == Some(6));
    add(found, "coordinates-lat-lon", decimal == Some(2));
    let plain = is_whole(east, 6) && !missing;
    add(found, "coordinates-swapped", plain && east < north.min("500000"));
    let rounded = plain && east.ends_with("00") && north.ends_with("00");
    add(found, "coordinates-rounded-100-m", rounded);
    if plain && !rounded && east > "500000" {
        let place = at(east.parse().unwrap(), north.parse().unwrap());
        add(found, "outside-area", borough.ward_at(place).is_none());
    }
}

fn cells(found: &mut Found, rows: &Rows, delimiter: char) {
    for cell in rows.records.iter().flatten() {
        add(found, "cell-with-delimiter", cell.contains(delimiter));
        add(found, "cell-with-quote", cell.contains('"'));
        add(found, "cell-with-line-break", cell.contains('\n'));
    }
    add(found, "blank-row", false);
    for row in &rows.records {
        add(found, "blank-row", row.len() > 2 && row.iter().all(String::is_empty));
        add(found, "repeated-header", *row == rows.header);
    }
}

fn duplicates(found: &mut Found, rows: &Rows) {
    let mut seen = BTreeSet::new();
    for row in rows.records.iter().filter(|row| !row[0].is_empty() && **row != rows.header) {
        add(found, "duplicate-exact", !seen.insert(row));
    }
}

fn data(rows: &Rows) -> impl Iterator<Item = &Vec<String>> {
    rows.records.iter().filter(|row| !row[0].is_empty() && **row != rows.header && row.len() > 2)
}

/// The position at which more records lie than at any other.
fn fullest(rows: &Rows) -> (String, String) {
    let mut at: HashMap<(&str, &str), usize> = HashMap::new();
    for row in data(rows) {
        let pair = (rows.get(row, "Easting"), rows.get(row, "Northing"));
        if is_whole(pair.0, 6) && pair.0 != "999999" {
            *at.entry(pair).or_default() += 1;
        }
    }
    let (&(east, north), _) = at.iter().max_by_key(|&(_, n)| n).unwrap();
    (east.to_owned(), north.to_owned())
}

fn moment(text: &str) -> Option<DateTime> {
    let parsed = DateTime::strptime("%d/%m/%Y %H:%M", text).ok()?;
    (2022..=2026).contains(&parsed.year()).then_some(parsed)
}

/// Compares what was found in a file with what is said to be planted there.
fn agree(made: &Made, file: &str, found: &Found, but: &[&str]) {
    let planted: BTreeMap<&str, usize> = made
        .mess
        .0
        .iter()
        .filter_map(|(&kind, files)| Some((kind, *files.get(file)?)))
        .filter(|(kind, _)| !but.contains(kind))
        .collect();
    let found: BTreeMap<&str, usize> =
        found.iter().filter(|&(_, &n)| n > 0).map(|(&kind, &n)| (kind, n)).collect();
    assert_eq!(found, planted, "{file}");
}

/// Kinds that are about the file as a whole, or that cannot be told by looks.
const NOT_BY_LOOKS: &[&str] = &[
    "byte-order-mark",
    "clock-change-night",
    "on-ward-edge",
    "window-over-24-h",
    "recorded-over-30-days-late",
];

#[test]
fn crime_extracts_hold_the_mess_that_is_stated() {
    let made = make(DEFAULT_SEED).unwrap();
    let borough = Borough::new(DEFAULT_SEED);
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut seen_windows = BTreeSet::new();
    let (mut windows, mut late, mut half_past_one) = (0, 0, 0);
    for year in 2023..=2025 {
        let name = format!("police_crime_{year}.csv");
        let rows = read(&made, &name, b',', 0);
        let default = fullest(&rows);
        let mut found = Found::new();
        cells(&mut found, &rows, ',');
        duplicates(&mut found, &rows);
        let mut references: HashMap<&str, Vec<&Vec<String>>> = HashMap::new();
        for row in data(&rows) {
            let get = |column| rows.get(row, column);
            let (east, north) = (get("Easting"), get("Northing"));
            coordinates(&mut found, east, north, (&default.0, &default.1), &borough);
            let (from, to, ward) = (get("Committed From"), get("Committed To"), get("Ward Code"));
            add(&mut found, "date-1900", from.starts_with("01/01/1900"));
            add(&mut found, "date-9999", to.starts_with("31/12/9999"));
            add(&mut found, "date-two-digit-year", from.len() == 14);
            let unknown = from.ends_with("00:00") && from.len() == 16 && &from[6..10] != "1900";
            add(&mut found, "time-unknown", unknown);
            add(&mut found, "excel-damaged-reference", row[0] == "4.2E+11");
            add(&mut found, "excel-error-cell", ward == "#N/A");
            add(&mut found, "ward-code-of-earlier-edition", ward.starts_with("E05998"));
            add(&mut found, "category-unmapped", get("Crime Group").starts_with("New category"));
            let status = get("Status");
            add(&mut found, "no-crime-or-cancelled", ["No Crime", "Cancelled"].contains(&status));
            let exact = is_whole(east, 6) && !(east.ends_with("00") && north.ends_with("00"));
            if exact && ward.starts_with("E05999") && (east, north) != (&default.0, &default.1) {
                let here = borough.ward_at(at(east.parse().unwrap(), north.parse().unwrap()));
                let differs = here.is_some_and(|w| borough.wards[w].code != ward);
                add(&mut found, "ward-disagrees", differs);
            }
            let (start, end, recorded) = (moment(from), moment(to), moment(get("Recorded Date")));
            let reversed = start.zip(end).is_some_and(|(a, b)| a > b);
            add(&mut found, "from-after-to", reversed);
            if row[0].len() == 12 {
                references.entry(&row[0]).or_default().push(row);
            }
            let trusted = start.is_some() && (to.is_empty() || end.is_some());
            if trusted
                && !reversed
                && !unknown
                && seen_windows.insert((row[0].clone(), from.to_owned()))
            {
                let start = start.unwrap();
                let hours = |a: DateTime, b: DateTime| {
                    f64::from(i32::try_from(a.duration_until(b).as_secs()).unwrap()) / 3600.0
                };
                windows += usize::from(end.is_some_and(|end| hours(start, end) > 24.0));
                late += usize::from(hours(end.unwrap_or(start), recorded.unwrap()) > 720.0);
                half_past_one += usize::from(
                    [from[..10].starts_with("29/10/2023"), from[..10].starts_with("27/10/2024")]
                        .contains(&true)
                        && from.ends_with("01:30"),
                );
            }
        }
        for (reference, rows) in &references {
            let again = known.contains(*reference);
            add(&mut found, "duplicate-in-later-extract", again);
            let offences: BTreeSet<_> = rows.iter().map(|row| &row[1..4]).collect();
            add(&mut found, "reference-with-two-offences", offences.len() > 1);
        }
        known.extend(references.keys().map(|&reference| reference.to_owned()));
        agree(&made, &name, &found, NOT_BY_LOOKS);
    }
    let total = |kind: &str| made.mess.0[kind].values().sum::<usize>();
    assert_eq!(windows, total("window-over-24-h"));
    assert_eq!(late, total("recorded-over-30-days-late"));
    assert!(half_past_one >= 6, "{half_past_one}");
}

#[test]
fn the_asb_extract_holds_the_mess_that_is_stated() {
    let made = make(DEFAULT_SEED).unwrap();
    let borough = Borough::new(DEFAULT_SEED);
    let rows = read(&made, "police_asb.csv", b',', 0);
    let default = fullest(&rows);
    let mut found = Found::new();
    cells(&mut found, &rows, ',');
    duplicates(&mut found, &rows);
    for row in data(&rows) {
        let (east, north) = (rows.get(row, "Easting"), rows.get(row, "Northing"));
        coordinates(&mut found, east, north, (&default.0, &default.1), &borough);
        let ward = rows.get(row, "Ward Code");
        add(&mut found, "excel-error-cell", ward == "#N/A");
        add(&mut found, "ward-code-of-earlier-edition", ward.starts_with("E05998"));
        let exact = is_whole(east, 6) && !(east.ends_with("00") && north.ends_with("00"));
        if exact && ward.starts_with("E05999") && (east, north) != (&default.0, &default.1) {
            let here = borough.ward_at(at(east.parse().unwrap(), north.parse().unwrap()));
            let differs = here.is_some_and(|w| borough.wards[w].code != ward);
            add(&mut found, "ward-disagrees", differs);
        }
    }

    agree(&made, "police_asb.csv", &found, NOT_BY_LOOKS);
}

#[test]
fn the_council_export_holds_the_mess_that_is_stated() {
    let made = make(DEFAULT_SEED).unwrap();
    let borough = Borough::new(DEFAULT_SEED);
    let rows = read(&made, "council_asb.csv", b';', 3);
    let default = fullest(&rows);
    let mut found = Found::new();
    cells(&mut found, &rows, ';');
    duplicates(&mut found, &rows);
    add(
        &mut found,
        "footer-line",
        rows.raw.trim_end().lines().last().unwrap().starts_with("Total;"),
    );
    for row in data(&rows) {
        let (east, north) = (rows.get(row, "Easting"), rows.get(row, "Northing"));
        coordinates(&mut found, east, north, (&default.0, &default.1), &borough);
        let time = rows.get(row, "Time");
        add(&mut found, "time-2400", time == "2400");
        add(&mut found, "time-unknown", time == "00:00");
        add(&mut found, "time-with-am-pm", time.ends_with('M'));
        add(&mut found, "time-without-colon", is_whole(time, 4) && time != "2400");
        let ward = rows.get(row, "Ward");
        add(&mut found, "ward-name-of-earlier-edition", ward.ends_with("(old)"));
        let outcome = rows.get(row, "Outcome");
        add(&mut found, "mojibake", outcome.contains("Â£"));
        add(&mut found, "no-crime-or-cancelled", outcome == "Cancelled");
    }

    let but: Vec<&str> = NOT_BY_LOOKS
        .iter()
        .copied()
        .chain(["preamble-line", "encoding-windows-1252", "same-event-in-two-sources"])
        .collect();
    agree(&made, "council_asb.csv", &found, &but);
}

#[test]
fn fire_and_ambulance_files_hold_the_mess_that_is_stated() {
    let made = make(DEFAULT_SEED).unwrap();
    let fire = read(&made, "fire_irs.csv", b',', 0);
    let mut found = Found::new();
    duplicates(&mut found, &fire);
    let mut months = BTreeSet::new();
    for row in data(&fire) {
        let east = fire.get(row, "Easting_m");
        add(&mut found, "exact-coordinates-withheld", east == "NULL");
        add(&mut found, "coordinates-zero", east == "0");
        assert!(is_whole(fire.get(row, "Easting_rounded"), 6));
        months.insert(fire.get(row, "DateOfCall")[..7].to_owned());
    }
    found.insert("month-missing", 36 - months.len());
    agree(&made, "fire_irs.csv", &found, &[]);

    let ambulance = read(&made, "ambulance.csv", b'\t', 0);
    let mut found = Found::new();
    for row in data(&ambulance) {
        add(&mut found, "date-excel-serial", is_whole(ambulance.get(row, "Call Date"), 5));
        let outward = ambulance.get(row, "Outward Postcode");
        add(&mut found, "outward-postcode-missing", outward.is_empty());
        assert!(outward.is_empty() || outward.starts_with("FM"));
    }
    agree(&made, "ambulance.csv", &found, &["encoding-utf-16", "partial-last-month"]);
}
