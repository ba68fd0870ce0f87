//! Each row of the table of mess (what is found in partners' files) as a test, named after it.

mod dates;
mod patterns;
mod places;
mod repeats;
mod rows;

use geo::{MultiPolygon, Rect, coord};

use super::*;
use crate::crs::Bng;
use crate::geometry::Shape;
use crate::incident::{Flags, Incident, Place};
use crate::read::{Layouts, LoadedFile, format, resolve_columns, study_area};
use crate::time::NightBand;
use crate::units::{Area, AreaLayer};
use crate::workspace::Source;

fn area(code: &str, name: &str, x: f64, width: f64) -> Area {
    let rect = Rect::new(coord! { x: x, y: 515_000.0 }, coord! { x: x + width, y: 525_000.0 });
    Area {
        code: code.into(),
        name: name.into(),
        shape: Shape::new(MultiPolygon::new(vec![rect.to_polygon()])),
        residents: None,
        households: None,
        workday: None,
    }
}

/// Two wards side by side, 10 km by 10 km together.
fn ground() -> Ground {
    let ward = AreaLayer {
        kind: "ward".into(),
        edition: "2024".into(),
        areas: vec![
            area("E05000001", "West End", 440_000.0, 5000.0),
            area("E05000002", "St. Ann's", 445_000.0, 5000.0),
        ],
    };
    let lsoa = AreaLayer {
        kind: "lsoa".into(),
        edition: "2021".into(),
        areas: vec![area("E01000001", "001A", 440_000.0, 10_000.0)],
    };
    let study_area = study_area(&ward);
    Ground::new(&[ward, lsoa], &study_area).unwrap()
}

fn source(profile: &str) -> Source {
    toml::from_str(&format!("id = \"s\"\nprofile = \"{profile}\"\nfiles = [\"f.csv\"]")).unwrap()
}

fn rules(id: &str) -> Rules<'static> {
    let profile = Layouts::known().profile(id).unwrap();
    Rules::new(profile, &source(id), profile.location, NightBand::default(), &[7; 32]).unwrap()
}

/// One file, cleaned in one piece.
fn clean_file(
    table: &RawTable<'_>,
    columns: &Columns,
    rules: &Rules<'_>,
    form: DateForm,
    ground: &Ground,
) -> Result<Cleaned, ReadError> {
    struct Whole<'a>(&'a RawTable<'a>);
    impl Block for Whole<'_> {
        fn each(&self, sink: &mut dyn FnMut(&RawRecord<'_>)) -> Result<(), ReadError> {
            self.0.rows.each(sink)
        }

        fn bytes(&self) -> usize {
            0
        }
    }
    let cleaner = FileCleaner::new(columns.clone(), rules, form, ground);
    cleaner.clean_block(&Whole(table)).map(Cleaned::new)
}

/// Some rows, cleaned, with the records kept one by one.
struct Cleaned {
    kept: Vec<Kept>,
    rows: CleanRows,
}

impl Cleaned {
    fn new(mut rows: CleanRows) -> Self {
        let kept = std::mem::take(&mut rows.kept);
        Self { kept: kept.iter().collect(), rows }
    }

    /// The rows with what is left of the records.
    fn whole(&self) -> CleanRows {
        let mut kept = KeptRows::default();
        for (row, record) in (0..).zip(&self.kept) {
            kept.incidents.push(&record.incident);
            kept.rows.push(row);
            kept.lines.push(record.line);
            kept.contents.push(record.content);
            kept.wards_given.extend(record.ward_given.clone().map(|ward| (row, ward)));
            kept.tokens.extend(record.token.map(|token| (row, token)));
        }
        CleanRows { kept, ..self.rows.clone() }
    }
}

impl std::ops::Deref for Cleaned {
    type Target = CleanRows;

    fn deref(&self) -> &CleanRows {
        &self.rows
    }
}

fn clean_one(id: &str, text: &str, form: DateForm) -> Cleaned {
    clean_by(&rules(id), id, text, form)
}

fn clean_by(rules: &Rules<'_>, id: &str, text: &str, form: DateForm) -> Cleaned {
    let file = LoadedFile::from_bytes("f.csv", text);
    let table = format::open(&file).unwrap();
    let columns = resolve_columns(&table, rules.profile, &source(id)).unwrap();
    clean_file(&table, &columns, rules, form, &ground()).unwrap()
}

/// The files of one source settled together: each then holds what is left of it, by month. Gives
/// what to tell the reader.
fn settle(files: &mut [Cleaned], known: &SourcePatterns) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    // Half in memory, half on disk.
    let spill = Spill::new(folder.path(), 300);
    let rows = SourceRows::new(&spill, known.anonymised);
    for (i, file) in (0..).zip(&*files) {
        rows.put(i, i, file.whole()).unwrap();
    }
    let mut settled = rows.settle().unwrap();
    let stored = Mutex::new(Vec::new());
    let notes = settled
        .each_month::<SpillError>("s", known, |_, months| {
            for some in months {
                let some = some?;
                stored.lock().unwrap().extend((0..some.len()).map(|i| some.get(i)));
            }
            Ok(())
        })
        .unwrap();
    for (file, settled) in files.iter_mut().zip(&settled.files) {
        file.rows.ledger = settled.account.ledger.clone();
    }
    // Records of one reference, month, place and time are alike: any of them may be the one left.
    let mut stored = stored.into_inner().unwrap();
    for file in files.iter_mut().rev() {
        file.kept.retain_mut(|kept| {
            let found = stored.iter().position(|other| is_same(&kept.incident, other));
            found.is_some_and(|at| {
                kept.incident = stored.swap_remove(at);
                true
            })
        });
    }
    assert!(stored.is_empty(), "{} records come from no file", stored.len());
    notes
}

/// The same record but for its marks.
fn is_same(a: &Incident, b: &Incident) -> bool {
    let key = |i: &Incident| {
        let position = match i.place {
            Place::Point { position, .. } => Some(position),
            _ => None,
        };
        (i.reference, i.crime_type, i.month, i.from, i.to, position)
    };
    key(a) == key(b)
}

fn remove_repeats(files: &mut [Cleaned]) {
    settle(files, &SourcePatterns { anonymised: true, ..SourcePatterns::default() });
}

fn mark_patterns(files: &mut [Cleaned], known: &SourcePatterns) -> Vec<String> {
    settle(files, known)
}

fn find_default_places(files: &[Cleaned], anonymised: bool) -> Vec<Bng> {
    let folder = tempfile::tempdir().unwrap();
    let spill = Spill::new(folder.path(), 0);
    let rows = SourceRows::new(&spill, anonymised);
    for (i, file) in (0..).zip(files) {
        rows.put(i, i, file.whole()).unwrap();
    }
    rows.settle().unwrap().default_places()
}

const HEADER: &str = "Crime Ref,Offence Code,Crime Group,Committed From,Committed To,Recorded Date,Easting,Northing,Ward Code,Domestic,Status\n";

/// One police crime with these cells changed: `Easting=4445`.
fn row(changes: &[(&str, &str)]) -> String {
    let mut cells: Vec<(&str, &str)> = HEADER
        .trim_end()
        .split(',')
        .zip([
            "A/1",
            "30A",
            "Burglary",
            "13/04/2025 14:30",
            "13/04/2025 15:00",
            "14/04/2025",
            "444512",
            "519001",
            "E05000001",
            "N",
            "Under investigation",
        ])
        .collect();
    for (name, value) in changes {
        cells.iter_mut().find(|(n, _)| n == name).unwrap().1 = value;
    }
    let quoted: Vec<String> = cells.iter().map(|(_, v)| format!("\"{v}\"")).collect();
    quoted.join(",") + "\n"
}

fn crime(changes: &[(&str, &str)]) -> Cleaned {
    clean_one("police-crime", &format!("{HEADER}{}", row(changes)), DateForm::DayMonthYear)
}

fn point(clean: &Cleaned) -> Option<(f64, f64, f64)> {
    match clean.kept[0].incident.place {
        Place::Point { position, precision } => {
            Some((position.easting(), position.northing(), precision.get()))
        }
        _ => None,
    }
}

const STREET: &str = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,Last outcome category,Context\n";

fn street(rows: &[&str]) -> Cleaned {
    let text: String =
        std::iter::once(STREET.to_owned()).chain(rows.iter().map(|r| format!("{r}\n"))).collect();
    clean_one("police-uk", &text, DateForm::YearMonth)
}

mod every_row_is_settled {
    use proptest::prelude::*;

    use super::*;

    const CELLS: &[&str] = &[
        "",
        "0",
        "NULL",
        "#N/A",
        "4.2E+11",
        "444512",
        "519001",
        "4445",
        "5190",
        "-1.31",
        "54.565",
        "NZ 445 190",
        "460000",
        "13/04/2025 14:30",
        "2025-04-13",
        "45760",
        "01/01/1900",
        "30A",
        "999",
        "Burglary",
        "Noise",
        "Y",
        "N",
        "No crime",
        "E05000001",
        "Total",
        "A/1",
        "A/2",
        "Domestic",
    ];

    proptest! {
        #[test]
        fn once(rows in proptest::collection::vec(
            proptest::collection::vec(proptest::sample::select(CELLS), 9..13), 1..40)
        ) {
            let body: String = rows.iter().map(|r| r.join(",") + "\n").collect();
            let text = format!("{HEADER}{}{body}", row(&[]).repeat(40));

            let file = LoadedFile::from_bytes("f.csv", text.as_str());
            let table = format::open(&file).unwrap();
            let mut read = 0;
            table.rows.each(&mut |_| read += 1).unwrap();
            let mut files = vec![clean_one("police-crime", &text, DateForm::DayMonthYear)];
            remove_repeats(&mut files);
            mark_patterns(&mut files, &SourcePatterns { precision: 1.0, ..Default::default() });
            let ledger = &files[0].ledger;

            prop_assert_eq!(ledger.rows(), read);
            prop_assert_eq!(ledger.rows(), ledger.kept() + ledger.excluded() + ledger.rejected());
            prop_assert_eq!(ledger.kept(), files[0].kept.len() as u64);
        }
    }
}
