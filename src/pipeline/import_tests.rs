use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use jiff::civil::date;

use super::*;
use crate::incident::Incidents;
use crate::pipeline::{InitRequest, describe};
use crate::quantity::Population;
use crate::time::Month;
use crate::units::Area;
use crate::workspace::{DESCRIPTION, Field, KEY_FILE, LocationRule, LookupFile};

fn shared() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("1 test skipped: ../shared/data is not here");
    None
}

/// Everything that is handed on, in memory.
#[derive(Default)]
struct Memory {
    months: Mutex<BTreeMap<(String, Month), Incidents>>,
    rejects: Mutex<BTreeMap<(String, String), String>>,
}

impl Sink for Memory {
    fn month(&self, source: &str, month: Month, records: &mut Records<'_>) -> anyhow::Result<()> {
        let mut all = Incidents::default();
        for some in records {
            all.append(&some?);
        }
        self.months.lock().unwrap().insert((source.to_owned(), month), all);
        Ok(())
    }

    fn rejects(
        &self,
        source: &str,
        file: &str,
        lines: &mut dyn Iterator<Item = anyhow::Result<Cow<'_, [u8]>>>,
    ) -> anyhow::Result<()> {
        let mut text = String::new();
        for some in lines {
            text.push_str(std::str::from_utf8(&some?)?);
        }
        self.rejects.lock().unwrap().insert((source.to_owned(), file.to_owned()), text);
        Ok(())
    }
}

#[derive(Debug)]
struct InMemory {
    dataset: Held,
    report: CleaningReport,
}

#[derive(Debug)]
struct Held {
    name: String,
    layers: Vec<AreaLayer>,
    study_area: Shape,
    incidents: Incidents,
    provenance: Provenance,
}

fn import(workspace: &Workspace) -> anyhow::Result<InMemory> {
    let scratch = tempfile::tempdir()?;
    let memory = Memory::default();
    let imported = super::import(workspace, scratch.path(), &memory, &Unwatched, date(2026, 6, 1))?;
    let mut incidents = Incidents::default();
    for some in memory.months.into_inner().unwrap().values() {
        incidents.append(some);
    }
    let Imported { name, layers, study_area, provenance, report, .. } = imported;
    let dataset = Held { name, layers, study_area, incidents, provenance };
    Ok(InMemory { dataset, report })
}

fn text(path: impl AsRef<Path>) -> String {
    path.as_ref().to_string_lossy().into_owned()
}

/// Makes a workspace of these files in `dir`.
fn make(dir: &Path, request: &InitRequest) -> anyhow::Result<Workspace> {
    let described = describe(&InitRequest { dir: dir.to_owned(), ..request.clone() })?;
    std::fs::write(dir.join(DESCRIPTION), described.text)?;
    std::fs::write(dir.join(KEY_FILE), "ab".repeat(32))?;
    Ok(Workspace::load(dir)?)
}

fn stockton(shared: &Path, incidents: &str) -> InitRequest {
    InitRequest {
        areas: vec![text(shared.join("boundaries/stockton_wards_2024.geojson"))],
        population: vec![text(
            shared.join("demographics/ward24_population_households_bestfit_DERIVED.csv"),
        )],
        incidents: vec![text(shared.join(incidents))],
        ..InitRequest::default()
    }
}

#[test]
fn stockton_2025_is_kept_whole_and_its_wards_add_up() {
    let Some(shared) = shared() else { return };
    let dir = tempfile::tempdir().unwrap();
    let workspace = make(dir.path(), &stockton(&shared, "police_stockton/2025-*.csv.gz")).unwrap();

    let imported = import(&workspace).unwrap();

    let total = &imported.report.sources[0].total;
    let ledger = &total.ledger;
    assert_eq!(
        (ledger.rows(), ledger.kept(), ledger.excluded(), ledger.rejected()),
        (25_814, 25_814, 0, 0)
    );
    assert_eq!((total.mapped, total.in_wards), (25_814, 25_814));
    let mut wards: BTreeMap<&str, u64> = BTreeMap::new();
    let incidents = &imported.dataset.incidents;
    for i in 0..incidents.len() {
        *wards.entry(incidents.ward(i).unwrap()).or_default() += 1;
    }
    assert_eq!((wards.len(), wards.values().sum::<u64>()), (27, 25_814));
    assert_eq!(imported.dataset.name, "Stockton-on-Tees");
    let areas = &imported.dataset.layers[0].areas;
    assert!(areas.iter().all(|a| a.residents.is_some() && a.households.is_some()));
    let whole = &imported.dataset.study_area;
    assert!((whole.area().km2() - 204.9).abs() < 0.1, "{}", whole.area().km2());
    assert!(whole.polygons().iter().all(|polygon| polygon.interiors().is_empty()));
    assert!(imported.report.sources[0].warnings.iter().any(|w| w.contains("no reference")));
}

/// Residents of the wards of Stockton where those of LSOAs alone are held, and those that the office
/// of national statistics fits to them by the middle of each LSOA's residents.
fn added_up(
    shared: &Path,
    lookups: Vec<LookupFile>,
) -> (Vec<(String, Option<f64>, f64)>, InMemory) {
    let dir = tempfile::tempdir().unwrap();
    let mut request = stockton(shared, "police_stockton/2025-01*.csv.gz");
    request.areas.push(text(shared.join("boundaries/stockton_lsoa_2021_simplified.geojson")));
    request.population = vec![text(shared.join("demographics/lsoa21_population_households.csv"))];
    let mut workspace = make(dir.path(), &request).unwrap();
    workspace.config.population.retain(|file| file.kind == "lsoa");
    workspace.config.lookups = lookups;
    let held = import(&workspace).unwrap();

    let given = stockton(shared, "police_stockton/2025-01*.csv.gz");
    let official = import(&make(dir.path(), &given).unwrap()).unwrap().dataset;
    let wards = |held: &Held| held.layers.iter().find(|l| l.kind == "ward").unwrap().clone();
    let people = |area: &Area| area.residents.map(Population::get);
    let (own, official) = (wards(&held.dataset), wards(&official));
    assert_eq!(own.areas.len(), 27);
    let both = own.areas.iter().zip(&official.areas);
    let rows =
        both.map(|(own, given)| (own.name.clone(), people(own), people(given).unwrap())).collect();
    (rows, held)
}

#[test]
fn wards_whose_borders_cut_lsoas_have_no_residents_without_a_lookup() {
    let Some(shared) = shared() else { return };

    // The wards of 2024 were not drawn along LSOAs.
    let (wards, held) = added_up(&shared, Vec::new());

    assert!(wards.iter().all(|(_, own, _)| own.is_none()), "{wards:?}");
    let cut = held.report.warnings.iter().find(|said| said.contains("cut LSOAs")).unwrap();
    assert!(cut.contains("24 of 27") && cut.contains("[[lookup]]"), "{cut}");
    assert!(held.dataset.provenance.residents.is_none());
}

#[test]
fn a_lookup_says_which_lsoas_are_added_up() {
    let Some(shared) = shared() else { return };
    let lookup = LookupFile {
        file: text(shared.join("demographics/lookup_lsoa21_ward24_lad24_bestfit.csv")),
        from: "lsoa21_code".into(),
        from_kind: "lsoa".into(),
        from_edition: "2021".into(),
        to: "ward24_code".into(),
        to_kind: "ward".into(),
        to_edition: "2024".into(),
        weight: None,
    };

    let (wards, held) = added_up(&shared, vec![lookup]);

    assert!(wards.iter().all(|(_, own, given)| *own == Some(*given)), "{wards:?}");
    let how = held.dataset.provenance.residents.unwrap();
    assert!(how.contains("as the lookup has them ("), "{how}");
}

#[test]
fn a_force_file_with_repeats_and_gaps_adds_up() {
    let Some(shared) = shared() else { return };
    let dir = tempfile::tempdir().unwrap();
    let request = InitRequest {
        areas: vec![text(shared.join("boundaries/bristol_wards_2020.geojson"))],
        incidents: vec![text(shared.join("police_edgecases/2018-06-*.csv.gz"))],
        ..InitRequest::default()
    };
    let workspace = make(dir.path(), &request).unwrap();

    let imported = import(&workspace).unwrap();

    let ledger = &imported.report.sources[0].total.ledger;
    assert_eq!(ledger.rows(), 16_263);
    assert_eq!(ledger.rows(), ledger.kept() + ledger.excluded() + ledger.rejected());
    assert_eq!(ledger.count(Reason::NoPosition), 2112);
    assert!(ledger.count(Reason::OutsideArea) > 5000);
}

#[test]
fn the_same_files_give_the_same_dataset_at_any_number_of_threads() {
    let Some(shared) = shared() else { return };
    let dir = tempfile::tempdir().unwrap();
    let workspace = make(dir.path(), &stockton(&shared, "police_stockton/2025-*.csv.gz")).unwrap();
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| import(&workspace).unwrap())
    };

    let (one, many) = (with(1), with(4));

    assert_eq!(one.dataset.incidents, many.dataset.incidents);
    assert_eq!(one.report, many.report);
}

const WARDS: &str = r#"{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"WD24CD":"E05000001","WD24NM":"West End"},"geometry":{"type":"Polygon","coordinates":[[[-1.32,54.55],[-1.30,54.55],[-1.30,54.57],[-1.32,54.57],[-1.32,54.55]]]}},
{"type":"Feature","properties":{"WD24CD":"E05000002","WD24NM":"East End"},"geometry":{"type":"Polygon","coordinates":[[[-1.30,54.55],[-1.28,54.55],[-1.28,54.57],[-1.30,54.57],[-1.30,54.55]]]}}]}"#;

const CRIMES: &str = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,Last outcome category,Context\na,2025-01,P,P,-1.31,54.56,On or near A,,,Burglary,,\nb,2025-02,P,P,-1.29,54.56,On or near B,,,Drugs,,\n";

/// The chain and the hint of what refuses these files, described and imported.
fn refusal(wards: &str, crimes: &str) -> (String, String) {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("wards.geojson"), wards).unwrap();
    std::fs::write(dir.path().join("crimes.csv"), crimes).unwrap();
    let request = InitRequest {
        areas: vec![text(dir.path().join("wards.geojson"))],
        incidents: vec![text(dir.path().join("*.csv"))],
        ..InitRequest::default()
    };

    let refused = make(dir.path(), &request).and_then(|workspace| import(&workspace)).unwrap_err();

    let hint = refused.downcast_ref::<Hint>().map(|hint| hint.0.clone()).unwrap_or_default();
    (format!("{refused:#}"), hint)
}

#[test]
fn small_files_of_our_own_are_imported() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("wards.geojson"), WARDS).unwrap();
    std::fs::write(dir.path().join("crimes.csv"), CRIMES).unwrap();
    let request = InitRequest {
        areas: vec![text(dir.path().join("wards.geojson"))],
        incidents: vec![text(dir.path().join("*.csv"))],
        name: Some("Ends".into()),
        ..InitRequest::default()
    };

    let workspace = make(dir.path(), &request).unwrap();
    let imported = import(&workspace).unwrap();

    assert_eq!(workspace.config.sources[0].files, ["*.csv"]);
    assert_eq!(imported.dataset.incidents.len(), 2);
    assert_eq!(imported.dataset.incidents.source(0), "police");
    assert_eq!(imported.dataset.incidents.street(1), Some("On or near B"));
    assert_eq!(imported.dataset.incidents.ward(1), Some("E05000002"));
    let files = &imported.dataset.provenance.files;
    assert!(files.iter().all(|file| file.sha256.len() == 64));
}

#[test]
fn eastings_in_a_boundary_file_that_does_not_say_so_are_refused() {
    let wards = WARDS.replace("-1.32,54.55", "444512,519001");

    let (said, hint) = refusal(&wards, CRIMES);

    assert!(said.contains("E05000001 (West End) has the coordinates 444512, 519001"), "{said}");
    assert!(hint.contains("EPSG:27700"), "{hint}");
}

#[test]
fn a_boundary_that_crosses_itself_is_refused() {
    let wards = WARDS.replace(
        "[-1.30,54.55],[-1.30,54.57],[-1.32,54.57]",
        "[-1.30,54.57],[-1.30,54.55],[-1.32,54.57]",
    );

    let (said, hint) = refusal(&wards, CRIMES);

    assert!(said.contains("E05000001 (West End) crosses itself near longitude -1.31"), "{said}");
    assert!(hint.contains("Fix geometries"), "{hint}");
}

#[test]
fn a_missing_column_is_refused_with_the_columns_there_are() {
    let crimes = CRIMES.replace("Longitude", "Where").replace("-1.", "west of ");
    let (said, hint) = refusal(WARDS, &crimes);

    assert!(said.contains("it has: Crime ID, Month, Reported by, Falls within, Where"), "{said}");
    assert!(hint.contains("[source.columns]"), "{hint}");
}

#[test]
fn columns_without_known_headers_are_found_by_what_stands_in_them() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("wards.geojson"), WARDS).unwrap();
    let crimes = CRIMES.replace("Longitude", "Where").replace("Latitude", "And where");
    std::fs::write(dir.path().join("crimes.csv"), crimes).unwrap();
    let request = InitRequest {
        areas: vec![text(dir.path().join("wards.geojson"))],
        incidents: vec![text(dir.path().join("*.csv"))],
        dir: dir.path().to_owned(),
        ..InitRequest::default()
    };

    let described = describe(&request).unwrap();

    let source = &described.workspace.config.sources[0];
    assert_eq!(source.profile, "police-uk");
    assert_eq!(source.columns[&Field::Longitude], "Where");
    assert_eq!(source.columns[&Field::Latitude], "And where");
    let said = described.warnings.join("\n");
    assert!(said.contains("columns guessed for longitude, latitude"), "{said}");
}

#[test]
fn an_empty_file_is_refused() {
    let (said, hint) = refusal(WARDS, "");

    assert!(said.contains("crimes.csv is empty"), "{said}");
    assert!(hint.contains("header"), "{hint}");
}

#[test]
fn a_header_without_rows_is_refused() {
    let (said, _) = refusal(WARDS, CRIMES.lines().next().unwrap());

    assert!(said.contains("crimes.csv has a header but no rows"), "{said}");
}

#[test]
fn incidents_of_another_place_are_refused() {
    let (said, hint) = refusal(WARDS, &CRIMES.replace("54.56", "52.56"));

    assert!(said.contains("none of the 2 incidents lies inside the boundaries"), "{said}");
    assert!(hint.contains("same place"), "{hint}");
}

#[test]
fn a_pattern_that_matches_nothing_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let request = InitRequest {
        areas: vec![text(dir.path().join("none.geojson"))],
        ..InitRequest::default()
    };

    let refused = describe(&request).unwrap_err();

    assert!(format!("{refused:#}").contains("no file matches"), "{refused:#}");
}

#[test]
fn ambiguous_dates_are_refused_with_the_line_to_add() {
    let crimes = "Crime Ref,Offence Code,Committed From,Easting,Northing\n1,30A,03/04/2025,444512,519001\n2,30A,05/06/2025,444512,519001\n";

    let (said, hint) = refusal(WARDS, crimes);

    assert!(said.contains("day first or month first"), "{said}");
    assert!(hint.contains("date = \"dd/mm/yyyy\""), "{hint}");
}

#[test]
fn a_file_with_names_in_a_kept_column_is_held_without_repeating_them() {
    let crimes = "Crime Ref,Offence Code,Committed From,Easting,Northing,Ward\n1,30A,13/04/2025,444512,519001,home of Mrs Smith\n";

    let (said, _) = refusal(WARDS, crimes);

    assert!(said.contains("crimes.csv is held: column `Ward` (line 2)"), "{said}");
    assert!(!said.contains("Smith"), "{said}");
}

#[test]
fn a_location_rule_finer_than_the_profile_allows_is_refused() {
    let calls = "Call ref,Call Date,Chief Complaint,Outward Postcode\n1,2025-04-13,Assault,TS18\n2,2025-04-14,Fall,TS18\n";
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("wards.geojson"), WARDS).unwrap();
    std::fs::write(dir.path().join("calls.csv"), calls).unwrap();
    let request = InitRequest {
        areas: vec![text(dir.path().join("wards.geojson"))],
        incidents: vec![text(dir.path().join("calls.csv"))],
        ..InitRequest::default()
    };
    let mut workspace = make(dir.path(), &request).unwrap();
    workspace.config.sources[0].location = Some(LocationRule::Point);

    let refused = import(&workspace).unwrap_err();

    assert!(format!("{refused:#}").contains("finer than records of this kind may be kept"));
}

/// Every layout and encoding at once: the fixtures described and imported without any editing.
#[test]
fn every_layout_and_encoding_is_recognised_and_imported() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let dir = tempfile::tempdir().unwrap();
    let request = InitRequest {
        areas: vec![text(data.join("geojson/wards.geojson"))],
        population: vec![text(data.join("population/wards.csv"))],
        incidents: vec![text(data.join("csv/*"))],
        ..InitRequest::default()
    };

    let workspace = make(dir.path(), &request).unwrap();
    let imported = import(&workspace).unwrap();

    assert_eq!(imported.dataset.name, "Ends");
    let found: BTreeMap<&str, (u64, u64)> = imported
        .report
        .sources
        .iter()
        .map(|s| (s.files[0].file.as_str(), (s.total.ledger.rows(), s.total.ledger.kept())))
        .collect();
    assert_eq!(
        found,
        BTreeMap::from([
            ("ambulance_utf16.csv", (2, 2)),
            ("council_windows_1252.csv", (5, 3)),
            ("fire_utf8.csv", (3, 3)),
            ("police_crime_utf8_bom.csv", (3, 2)),
            ("police_uk.csv.gz", (3, 3)),
        ])
    );
    let text = imported.report.text();
    for wanted in [
        "UTF-16 LE",
        "Windows-1252",
        "UTF-8 with BOM",
        "OFFICIAL-SENSITIVE",
        "Victim Name",
        "Complainant Name",
    ] {
        assert!(text.contains(wanted), "{wanted} is not in:\n{text}");
    }
    assert!(!text.contains("Example One"), "a dropped column shows in:\n{text}");
}
