//! Nothing finer than its rule and nobody's name is ever written: every byte that commands leave in
//! a workspace, and every word they print, is searched for what was planted in their input.

use std::fs::File;
use std::path::Path;

use parquet::file::reader::{FileReader as _, SerializedFileReader};
use wardheat::crs::{Bng, bng_to_lonlat};

use crate::support::{Workspace, run};

/// Words that stand in the input and must stand nowhere else.
const SECRETS: &[&str] = &[
    "Quillfeather",
    "Zebedee",
    "07700 900461",
    "07700900461",
    "z.quill@example.org",
    "CR/778812/25",
    "LOG-55120",
    "TS18 1QZ",
    "1QZ",
    "14/07/1963",
    "9434765919",
    "Flat 9",
    "refused to leave the kitchen",
];

/// Positions of records that must not keep them, and why.
const HIDDEN: &[(f64, f64, &str)] = &[
    (447_313.0, 518_777.0, "domestic"),
    (443_217.0, 517_919.0, "a sexual offence"),
    (448_119.0, 516_233.0, "domestic, and rejected for its date"),
    (442_871.0, 520_447.0, "a category that nobody knows"),
    (446_137.0, 519_113.0, "beside a refuge"),
    (441_559.0, 521_993.0, "domestic by its closing code"),
    (449_327.0, 522_771.0, "an ambulance call-out"),
    (445_913.0, 516_881.0, "hate crime"),
];

/// A position that may be kept, to see that the search finds what is there.
const SHOWN: (f64, f64) = (444_517.0, 519_003.0);

const WARDS: &str = r#"{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:27700"}},"features":[
{"type":"Feature","properties":{"WD24CD":"E05000001","WD24NM":"West End"},"geometry":{"type":"Polygon","coordinates":[[[440000,515000],[445000,515000],[445000,525000],[440000,525000],[440000,515000]]]}},
{"type":"Feature","properties":{"WD24CD":"E05000002","WD24NM":"East End"},"geometry":{"type":"Polygon","coordinates":[[[445000,515000],[450000,515000],[450000,525000],[445000,525000],[445000,515000]]]}}]}"#;

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).unwrap();
}

/// Files with what is planted, in a folder of their own.
fn input(folder: &Path) {
    write(folder, "wards.geojson", WARDS);
    let at = |i: usize| format!("{},{}", HIDDEN[i].0, HIDDEN[i].1);
    let crime = |code: &str, group: &str, date: &str, at: &str, flags: &str| {
        format!(
            "CR/778812/25,{code},{group},{date},14/04/2025,{at},E05000001,{flags},Open,Zebedee Quillfeather,07700 900461,14/07/1963,refused to leave the kitchen\n"
        )
    };
    let crimes = [
        "OFFICIAL-SENSITIVE prepared by Mrs Quillfeather z.quill@example.org\n".to_owned(),
        "Crime Ref,Offence Code,Crime Group,Committed From,Recorded Date,Easting,Northing,Ward Code,Domestic,Hate,Status,Victim Name,Victim Phone,DOB,MO\n".to_owned(),
        crime("30A", "Burglary", "13/04/2025 14:30", "444517,519003", "N,N"),
        crime("105A", "Violence", "13/04/2025 14:30", &at(0), "Y,N"),
        crime("019/08", "Violence and sexual offences", "13/04/2025 14:30", &at(1), "N,N"),
        crime("105A", "Violence", "13th of never", &at(2), "Y,N"),
        crime("909/01", "Barratry", "13/04/2025 14:30", &at(3), "N,N"),
        crime("30A", "Burglary", "13/04/2025 14:30", &at(4), "N,N"),
        crime("105A", "Violence", "13/04/2025 14:30", &at(7), "N,Y"),
        "CR/778812/25,30A,Burglary,Zebedee Quillfeather\n".to_owned(),
        "Total for Zebedee Quillfeather\n".to_owned(),
    ];
    write(folder, "crimes.csv", &crimes.concat());
    let log = format!(
        "Incident No,Date/Time Created,Closing Code,Qualifier,Easting,Northing,Caller Name,Log Text\nLOG-55120,13/04/2025 10:00,ASB Noise domestic dispute,,{},Zebedee Quillfeather,NHS 9434765919 of Flat 9\n",
        at(5)
    );
    write(folder, "log.csv", &log);
    let calls = format!(
        "Call ref,Call Date,Call Time,Chief Complaint,Outward Postcode,Easting,Northing,Patient\nLOG-55120,2025-04-13,10:00,Assault,TS18 1QZ,{},Zebedee Quillfeather\n",
        at(6)
    );
    write(folder, "calls.csv", &calls);
    write(folder, "refuges.csv", "X,Y\n446100,519100\n");
}

/// A workspace over the planted files, imported and used; what was printed on the way.
fn used() -> (Workspace, String) {
    let (files, workspace) = (Workspace::new(), Workspace::new());
    input(files.path());
    let file = |name: &str| files.path().join(name).display().to_string();
    let mut printed = String::new();
    let mut all = |arguments: &[&str]| {
        let out = run(workspace.path(), arguments);
        let said = [&out.stdout[..], &out.stderr[..]].concat();
        printed += &String::from_utf8_lossy(&said);
        assert!(out.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&said));
    };
    all(&[
        "init",
        "--areas",
        &file("wards.geojson"),
        "--incidents",
        &file("crimes.csv"),
        &file("log.csv"),
        &file("calls.csv"),
    ]);
    let described = workspace.path().join("wardheat.toml");
    let mask = format!(
        "\n[mask]\nfile = '{}'\nx = \"X\"\ny = \"Y\"\ncrs = \"EPSG:27700\"\n",
        file("refuges.csv")
    );
    let text = std::fs::read_to_string(&described).unwrap();
    std::fs::write(&described, text + &mask).unwrap();
    all(&["check"]);
    all(&["check", "--json"]);
    all(&["import"]);
    all(&["import", "--json"]);
    all(&["analyse"]);
    all(&["export", "incidents", "--out", "incidents.gpkg"]);
    all(&["store", "list"]);
    drop(files);
    (workspace, printed)
}

/// Every way in which a number may be written or stored.
fn spellings(number: f64) -> Vec<Vec<u8>> {
    let text = format!("{number:.0}");
    let mut all = vec![
        text.clone().into_bytes(),
        number.to_le_bytes().to_vec(),
        number.to_be_bytes().to_vec(),
        (number as f32).to_le_bytes().to_vec(),
        (number as i32).to_le_bytes().to_vec(),
        (number as i32).to_be_bytes().to_vec(),
    ];
    all.push(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
    all
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

/// Whether a longitude and latitude stand beside each other, to the metre or so.
fn has_degrees(bytes: &[u8], lon: f64, lat: f64) -> bool {
    let (lon, lat) = (format!("{lon:.5}"), format!("{lat:.5}"));
    let mut from = 0;
    while let Some(at) = bytes[from..].windows(lon.len()).position(|w| w == lon.as_bytes()) {
        let start = (from + at).saturating_sub(40);
        let end = (from + at + 40).min(bytes.len());
        if contains(&bytes[start..end], lat.as_bytes()) {
            return true;
        }
        from += at + 1;
    }
    false
}

/// Every file of the workspace with its bytes, tables of the store also as text, and what was
/// printed. The description names columns, which may be called `DOB`; it was written from headers.
fn everything(workspace: &Workspace, printed: &str) -> Vec<(String, Vec<u8>)> {
    let mut all = vec![("printed".to_owned(), printed.as_bytes().to_vec())];
    for (name, bytes) in workspace.files_under(".") {
        if name.ends_with(".parquet") {
            let file = File::open(workspace.path().join(&name)).unwrap();
            let reader = SerializedFileReader::new(file).unwrap();
            let rows = reader.get_row_iter(None).unwrap().map(|row| format!("{}\n", row.unwrap()));
            all.push((format!("{name} as text"), rows.collect::<String>().into_bytes()));
            let mut cells = Vec::new();
            for row in reader.get_row_iter(None).unwrap() {
                for (_, field) in row.unwrap().get_column_iter() {
                    if let parquet::record::Field::Bytes(bytes) = field {
                        cells.extend_from_slice(bytes.data());
                    }
                }
            }
            all.push((format!("{name} as geometry"), cells));
        }
        all.push((name, bytes));
    }
    all
}

#[test]
fn nothing_planted_is_in_any_byte_that_was_written_or_printed() {
    let (workspace, printed) = used();
    let everything = everything(&workspace, &printed);
    let mut found = Vec::new();
    for (name, bytes) in &everything {
        for secret in SECRETS {
            let wide: Vec<u8> = secret.encode_utf16().flat_map(u16::to_le_bytes).collect();
            if contains(bytes, secret.as_bytes()) || contains(bytes, &wide) {
                found.push(format!("{name}: `{secret}`"));
            }
        }
        for &(easting, northing, why) in HIDDEN {
            let place = bng_to_lonlat(Bng::new(easting, northing)).unwrap();
            let metres = [easting, northing].into_iter().flat_map(spellings);
            let is_there = metres.into_iter().any(|needle| contains(bytes, &needle))
                || has_degrees(bytes, place.lon(), place.lat());
            if is_there {
                found.push(format!("{name}: the position of a record that is {why}"));
            }
        }
    }
    assert!(everything.len() > 10, "{:?}", everything.iter().map(|(n, _)| n).collect::<Vec<_>>());
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_search_finds_the_position_that_may_be_kept() {
    let (workspace, printed) = used();
    let everything = everything(&workspace, &printed);

    for (suffix, needle) in [
        (".parquet as geometry", SHOWN.0.to_le_bytes().to_vec()),
        ("incidents.gpkg", SHOWN.1.to_le_bytes().to_vec()),
    ] {
        let there = everything.iter().any(|(n, b)| n.ends_with(suffix) && contains(b, &needle));
        let names: Vec<&String> = everything.iter().map(|(name, _)| name).collect();
        assert!(there, "{suffix}: {names:?}");
    }
}

#[test]
fn a_file_with_names_in_a_kept_column_leaves_nothing_behind() {
    let (files, workspace) = (Workspace::new(), Workspace::new());
    write(files.path(), "wards.geojson", WARDS);
    write(
        files.path(),
        "crimes.csv",
        "Crime Ref,Offence Code,Committed From,Easting,Northing,Ward\nCR/778812/25,30A,13/04/2025,444512,519001,West End\nCR/778812/26,30A,13/04/2025,444512,519001,home of Mrs Quillfeather\n",
    );
    let file = |name: &str| files.path().join(name).display().to_string();
    workspace.ok(&["init", "--areas", &file("wards.geojson"), "--incidents", &file("crimes.csv")]);

    let said = workspace.fails(&["import"]);

    assert!(said.contains("`Ward` (line 3)") && !said.contains("Quillfeather"), "{said}");
    for (name, bytes) in workspace.files_under(".") {
        assert!(!contains(&bytes, b"Quillfeather"), "{name}");
        assert!(!contains(&bytes, b"CR/778812"), "{name}");
    }
}
