//! All of the shared data, imported by `init` and `import` alone: no description is edited by hand.

use std::path::{Path, PathBuf};

use wardheat::context::{CodeSet, chain};
use wardheat::crs::{Bng, degrees_of};
use wardheat::store::{self, Dataset};

use crate::support::{Workspace, shared};

struct Imported {
    workspace: Workspace,
    report: serde_json::Value,
    text: String,
}

impl Imported {
    fn new(arguments: &[String]) -> Self {
        let workspace = Workspace::new();
        let mut init = vec!["init"];
        init.extend(arguments.iter().map(String::as_str));
        workspace.ok(&init);
        let report = serde_json::from_str(&workspace.ok(&["import", "--json"])).unwrap();
        let text = std::fs::read_to_string(workspace.path().join("store/_cleaning-report.txt"));
        Self { report, text: text.unwrap(), workspace }
    }

    fn count(&self, key: &str) -> u64 {
        let total = &self.report["sources"][0]["total"];
        let count = |key: &str| total[key].as_u64().unwrap();
        assert_eq!(count("rows_in"), count("kept") + count("excluded") + count("rejected"));
        count(key)
    }

    /// Rows of one reason.
    fn reason(&self, id: &str) -> u64 {
        let reasons = self.report["sources"][0]["total"]["reasons"].as_array().unwrap();
        let found = reasons.iter().find(|reason| reason["reason"] == id);
        found.map_or(0, |reason| reason["count"].as_u64().unwrap())
    }
}

fn data(shared: &Path, path: &str) -> String {
    shared.join("data").join(path).display().to_string()
}

/// Boundaries and incidents of one folder: wards, LSOAs if any, and the pattern of the files.
fn import(shared: &Path, wards: &str, lsoas: Option<&str>, incidents: &str) -> Imported {
    let mut arguments =
        vec!["--areas".to_owned(), data(shared, &format!("boundaries/{wards}.geojson"))];
    arguments.extend(lsoas.map(|lsoas| data(shared, &format!("boundaries/{lsoas}.geojson"))));
    arguments.extend(["--incidents".to_owned(), data(shared, incidents)]);
    Imported::new(&arguments)
}

/// Every folder of police data with every edition of its boundaries: rows in, and the share that may
/// lie outside (wards of an edition before or after the data, points of the force elsewhere).
#[test]
fn every_police_folder_imports_with_every_edition_of_its_boundaries() {
    let Some(shared) = shared("police data of seven districts and a force") else { return };
    for (wards, lsoas, incidents, rows) in [
        ("stockton_wards_2013", Some("stockton_lsoa_2011"), "police_stockton/2014-*.csv.gz", None),
        ("stockton_wards_2020", Some("stockton_lsoa_2011"), "police_stockton/20*.csv.gz", None),
        ("stockton_wards_2024", None, "police_stockton/2025-*.csv.gz", Some(25_814)),
        ("stockton_wards_2024", None, "police_cleveland_force_2025/*.csv.gz", Some(89_391)),
        ("medway_wards_2013", Some("medway_lsoa_2011"), "police_medway/2014-0*.csv.gz", None),
        ("medway_wards_2020", None, "police_medway/201[89]-*.csv.gz", Some(13_016)),
        (
            "maidstone_wards_2013",
            Some("maidstone_lsoa_2011"),
            "police_maidstone/2014-*.csv.gz",
            None,
        ),
        ("maidstone_wards_2020", None, "police_maidstone/2025-*.csv.gz", None),
        (
            "bromsgrove_wards_2013",
            Some("bromsgrove_lsoa_2011"),
            "police_bromsgrove/2014-*.csv.gz",
            None,
        ),
        ("bromsgrove_wards_2020", None, "police_bromsgrove/2025-*.csv.gz", None),
        ("bristol_wards_2020", Some("bristol_lsoa_2011"), "police_bristol/2020-0*.csv.gz", None),
        (
            "sheffield_wards_2020",
            Some("sheffield_lsoa_2011"),
            "police_sheffield/*-01-*.csv.gz",
            None,
        ),
    ] {
        let imported = import(&shared, wards, lsoas, incidents);
        let (all, kept) = (imported.count("rows_in"), imported.count("kept"));
        println!("{wards}, {incidents}: {all} rows, {kept} kept");
        if let Some(rows) = rows {
            assert_eq!(all, rows, "{wards}");
        }
        let outside = imported.reason("outside-area");
        assert!(kept > 0 && kept + outside <= all, "{wards}: {kept} of {all}, {outside} outside");
        if !incidents.contains("force") {
            assert!(kept * 100 >= all * 95, "{wards}, {incidents}: {kept} of {all} kept");
        }
    }
}

/// Counts of `police_edgecases/PROVENANCE.md`: rows, rows without a position, repeated references.
#[test]
fn whole_force_files_with_real_defects_give_the_counts_of_their_provenance() {
    let Some(shared) = shared("police_edgecases") else { return };
    for (wards, file, rows, without) in [
        ("bristol_wards_2020", "2018-06-avon-and-somerset-street", 16_263, 2_112),
        ("medway_wards_2020", "2018-11-kent-street", 13_818, 229),
        ("medway_wards_2020", "2018-12-kent-street", 8_438, 237),
        ("bromsgrove_wards_2013", "2014-08-west-mercia-street", 9_483, 0),
    ] {
        let imported = import(&shared, wards, None, &format!("police_edgecases/{file}.csv.gz"));

        assert_eq!(imported.count("rows_in"), rows, "{file}");
        // Rows without a position are kept in no ward; whole repeats among them go first.
        let found = imported.reason("no-position");
        println!(
            "{file}: {found} without a position of {without}, {} repeats",
            imported.reason("same-row-twice")
        );
        assert!(
            found <= without && found + imported.count("excluded") >= without,
            "{file}: {found}"
        );
        assert_eq!(imported.count("rejected"), 0, "{file}");
        assert!(imported.count("excluded") >= imported.reason("outside-area"), "{file}");
        // A repeat is noted as without a position before it is found to be a repeat.
        let (inside, kept) = (imported.count("mapped"), imported.count("kept"));
        let repeats = imported.count("excluded") - imported.reason("outside-area");
        assert!(inside + found >= kept && inside + found - kept <= repeats, "{file}");
    }
}

/// Repeated Crime IDs of the `PROVENANCE.md` of each folder, over all of a file: a box round Great
/// Britain is the study area. An ID that comes again is dropped where all that is kept of it is the
/// same, and else kept as an offence of its own; both are counted.
#[test]
fn repeated_crime_ids_are_as_many_as_the_provenance_says() {
    let Some(shared) = shared("police_edgecases") else { return };
    let workspace = Workspace::new();
    let britain = r#"{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:27700"}},"features":[{"type":"Feature","properties":{"WD24CD":"E05000001","WD24NM":"All"},"geometry":{"type":"Polygon","coordinates":[[[1000,1000],[699000,1000],[699000,1249000],[1000,1249000],[1000,1000]]]}}]}"#;
    let areas = workspace.path().join("britain.geojson");
    std::fs::write(&areas, britain).unwrap();
    for (file, repeated, same) in [
        ("police_edgecases/2018-06-avon-and-somerset-street.csv.gz", 413, 47),
        ("police_edgecases/2018-11-kent-street.csv.gz", 1, 0),
        ("police_edgecases/2018-12-kent-street.csv.gz", 0, 0),
        ("police_edgecases/2014-08-west-mercia-street.csv.gz", 13, 2),
        ("police_cleveland_force_2025/2025-01-*.csv.gz", 0, 0),
    ] {
        let arguments = ["--areas", &areas.display().to_string(), "--incidents"];
        let mut arguments = arguments.map(str::to_owned).to_vec();
        arguments.push(data(&shared, file));
        let imported = Imported::new(&arguments);

        assert_eq!(imported.reason("outside-area"), 0, "{file}");
        let found = (imported.reason("same-row-twice"), imported.reason("repeated-reference"));
        assert_eq!(found, (same, repeated - same), "{file}");
    }
}

#[test]
fn the_half_month_of_kent_is_flagged() {
    let Some(shared) = shared("police_medway") else { return };

    let imported = import(&shared, "medway_wards_2020", None, "police_medway/201[89]-*.csv.gz");

    let said = "Dec 2018 has 1,325 records where 3,025 are usual";
    assert!(imported.text.contains(said), "{}", imported.text);
}

#[test]
fn two_raw_files_are_enough_to_flag_the_half_month_of_kent() {
    let Some(shared) = shared("police_edgecases") else { return };

    let files = "police_edgecases/2018-1?-kent-street.csv.gz";
    let imported = import(&shared, "medway_wards_2020", None, files);

    let flagged = imported.text.lines().find(|line| line.contains("it may be incomplete"));
    assert!(flagged.is_some_and(|line| line.contains("Dec 2018 has")), "{}", imported.text);
    let quality = imported.workspace.path().join("report/quality.json");
    let quality: serde_json::Value =
        serde_json::from_slice(&std::fs::read(quality).unwrap()).unwrap();
    let states = quality["sources"][0]["months"].as_array().unwrap();
    let states: Vec<&str> = states.iter().map(|month| month["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["whole", "partial"]);
}

/// 8 to 10% of the located points of the City's force lie outside its wards, by its provenance.
#[test]
fn points_outside_the_city_of_london_are_in_the_report() {
    let Some(shared) = shared("police_cityoflondon") else { return };

    let imported = import(
        &shared,
        "cityoflondon_wards_2020",
        Some("cityoflondon_lsoa_2011"),
        "police_cityoflondon/*.csv.gz",
    );

    assert_eq!(imported.count("rows_in"), 8_546 + 10_032 + 5_925 + 4_258);
    let missing = 603 + 676 + 545 + 367;
    let outside = imported.reason("outside-area");
    let share = outside as f64 / (imported.count("rows_in") - missing) as f64;
    println!("{outside} outside: {share:.3} of those with a position");
    // Those up to 200 m outside are counted in the nearest ward, so fewer than 8 to 10% are left.
    assert!((0.01..0.10).contains(&share), "{share}");
    assert!(imported.reason("nearest-ward") > 0);
    assert!(imported.text.contains("outside"), "{}", imported.text);
}

#[test]
fn demographics_lookups_and_harm_weights_come_in_beside_the_incidents() {
    let Some(shared) = shared("demographics and harm weights") else { return };
    let files = |folder: &str, names: &[&str]| -> Vec<String> {
        names.iter().map(|name| data(&shared, &format!("{folder}/{name}.csv"))).collect()
    };
    let mut arguments = vec!["--areas".to_owned()];
    arguments.push(data(&shared, "boundaries/stockton_wards_2024.geojson"));
    arguments.push(data(&shared, "boundaries/stockton_lsoa_2021_simplified.geojson"));
    arguments.push("--population".to_owned());
    arguments.extend(files(
        "demographics",
        &["ward24_population_households_bestfit_DERIVED", "lsoa21_population_households"],
    ));
    arguments.push("--context".to_owned());
    arguments.extend(files(
        "demographics",
        &[
            "imd2019_lsoa11",
            "imd2025_lsoa21",
            "lookup_lsoa11_lsoa21_lad22",
            "lookup_lsoa11_ward17_bestfit",
            "lookup_lsoa21_ward24_lad24_bestfit",
            "lookup_ward21_lad21",
            "lookup_lad24_csp24_pfa24_EnglandWales",
        ],
    ));
    arguments.extend(files("harm_weights", &["cchi2026_by_force_policeuk_category"]));
    arguments.extend(["--incidents".to_owned(), data(&shared, "police_stockton/2025-01*.csv.gz")]);

    let imported = Imported::new(&arguments);

    let rows: Vec<(String, u64, u64)> = imported.report["subjects"]
        .as_array()
        .unwrap()
        .iter()
        .map(|subject| {
            let count = |key: &str| subject["account"][key].as_u64().unwrap();
            (subject["file"].as_str().unwrap().to_owned(), count("rows"), count("rejected"))
        })
        .collect();
    assert!(rows.iter().all(|(_, _, rejected)| *rejected == 0), "{rows:?}");
    assert!(rows.contains(&("imd2025_lsoa21.csv".to_owned(), 1_069, 0)), "{rows:?}");
    assert!(rows.contains(&("lookup_lad24_csp24_pfa24_EnglandWales.csv".to_owned(), 332, 0)));
    let held = open(&imported.workspace);
    assert_eq!(held.context.indicators.len(), 16 + 24);
    assert_eq!(held.context.harm.len(), 12);
    let way =
        chain(&held.context.lookups, &CodeSet::new("lsoa", "2021"), &CodeSet::new("csp", "2024"));
    // Stockton's own partnership, by way of its district.
    let way = way.unwrap();
    let stockton = held.layers.iter().find(|layer| layer.kind == "lsoa").unwrap();
    let csp: std::collections::BTreeSet<&str> =
        stockton.areas.iter().flat_map(|area| way.of(&area.code)).collect();
    assert_eq!(csp.len(), 1, "{csp:?}");
}

fn open(workspace: &Workspace) -> Dataset {
    store::open(&workspace.path().join("store")).unwrap()
}

/// Positions of the exported incidents, in degrees by PROJ alone from the workspace's own plane.
fn exported(workspace: &Workspace, plane: &str) -> Vec<(f64, f64)> {
    workspace.ok(&["export", "incidents", "--out", "all.csv"]);
    let mut rows = csv::Reader::from_path(workspace.path().join("all.csv")).unwrap();
    let pairs: Vec<(f64, f64)> = rows
        .records()
        .map(|row| row.unwrap())
        .map(|row| (row[0].parse().unwrap(), row[1].parse().unwrap()))
        .collect();
    degrees_of(plane, &pairs).into_iter().map(Option::unwrap).collect()
}

/// Cities abroad: the plane is chosen by where they lie, and positions stay where they were.
#[test]
fn timed_incidents_of_american_cities_are_measured_on_a_plane_of_their_own() {
    let Some(shared) = shared("timestamped") else { return };
    let file = |name: &str| data(&shared, &format!("timestamped/{name}"));
    let text =
        |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<String>>();
    let areas = file("memphis_precincts.geojson.gz");
    for (name, more, plane, rows, middle) in [
        (
            "memphis_robberies_2019.csv",
            text(&["--areas", &areas]),
            "EPSG:32616",
            2_245,
            (-90.0, 35.1),
        ),
        (
            "dc_burglaries_2016h1.csv",
            text(&["--incidents-crs", "EPSG:2248"]),
            "EPSG:32618",
            1_025,
            (-77.0, 38.9),
        ),
        (
            "manhattan_burglaries_2019.csv",
            text(&["--incidents-crs", "EPSG:2263"]),
            "EPSG:32618",
            1_233,
            (-73.97, 40.77),
        ),
        ("nyc_vehicle_thefts.csv.gz", Vec::new(), "EPSG:32618", 35_746, (-73.9, 40.7)),
        ("us_homicides_2015.csv", Vec::new(), "+proj=laea", 1_922, (-90.0, 38.0)),
    ] {
        let arguments = [text(&["--incidents", &file(name)]), more].concat();

        let imported = Imported::new(&arguments);

        assert_eq!((imported.count("rows_in"), imported.count("kept")), (rows, rows), "{name}");
        assert_eq!(imported.count("mapped"), rows, "{name}");
        assert_eq!(imported.reason("other-system"), 0, "{name}");
        let description =
            std::fs::read_to_string(imported.workspace.path().join("wardheat.toml")).unwrap();
        let crs = description.lines().find_map(|line| line.strip_prefix("crs = ")).unwrap();
        let crs = crs.trim_matches('"');
        assert!(crs.starts_with(plane), "{name}: {crs}");
        let places = exported(&imported.workspace, crs);
        let mean =
            |pick: fn(&(f64, f64)) -> f64| places.iter().map(pick).sum::<f64>() / rows as f64;
        let (lon, lat) = (mean(|place| place.0), mean(|place| place.1));
        let near = if plane.starts_with('+') { 12.0 } else { 0.15 };
        assert!((lon - middle.0).hypot(lat - middle.1) < near, "{name}: {lon} {lat}");
        let manifest = imported.workspace.path().join("store/_manifest.json");
        let manifest = std::fs::read_to_string(manifest).unwrap();
        assert!(manifest.contains("\"transformation\": \"EPSG:"), "{name}");
    }
}

/// A map of Memphis, and the refusal where a workspace names a plane that is none.
#[test]
fn a_place_abroad_is_analysed_and_feet_are_refused_as_its_plane() {
    let Some(shared) = shared("timestamped Memphis") else { return };
    let file = |name: &str| data(&shared, &format!("timestamped/{name}"));
    let imported = Imported::new(&[
        "--areas".to_owned(),
        file("memphis_precincts.geojson.gz"),
        "--incidents".to_owned(),
        file("memphis_robberies_2019.csv"),
    ]);
    let folder = imported.workspace.path();

    imported.workspace.ok(&["analyse", "--window", "2019-01..2019-12", "--out", "found"]);

    let wards = std::fs::read_to_string(folder.join("found/wards.geojson")).unwrap();
    let wards: serde_json::Value = serde_json::from_str(&wards).unwrap();
    let corner = &wards["features"][0]["geometry"]["coordinates"][0][0];
    let corner = if corner[0].is_array() { &corner[0] } else { corner };
    assert!((corner[0].as_f64().unwrap() + 90.0).abs() < 0.6, "{corner}");
    assert!((corner[1].as_f64().unwrap() - 35.1).abs() < 0.4, "{corner}");

    let description = folder.join("wardheat.toml");
    let text = std::fs::read_to_string(&description).unwrap();
    std::fs::write(&description, text.replace("EPSG:32616", "EPSG:2274")).unwrap();
    let refused = imported.workspace.fails(&["import"]);
    assert!(refused.contains("EPSG:2274") && refused.contains("UTM"), "{refused}");
}

#[test]
fn libraries_are_read_as_places_in_every_form_they_are_published_in() {
    let Some(shared) = shared("venues") else { return };
    let spec = |position: (&str, &str), crs: &str| wardheat::read::ValueSpec {
        position: Some((position.0.to_owned(), position.1.to_owned())),
        crs: Some(crs.parse().unwrap()),
        ..wardheat::read::ValueSpec::default()
    };
    let path: PathBuf = data(&shared, "venues/libraries_selected_authorities.csv").into();
    let file = wardheat::read::LoadedFile::open(&path).unwrap();

    let metres =
        wardheat::read::read_values(&file, &spec(("Easting", "Northing"), "EPSG:27700")).unwrap();
    let degrees =
        wardheat::read::read_values(&file, &spec(("Longitude", "Latitude"), "EPSG:4326")).unwrap();

    let points = |rows: wardheat::read::ValueRows| -> Vec<Bng> {
        match rows.ground {
            wardheat::read::ValueGround::Points(points) => points,
            other => panic!("{other:?}"),
        }
    };
    let (metres, degrees) = (points(metres), points(degrees));
    assert_eq!(metres.len(), 237);
    // The publisher's degrees and metres are the same place, to its own rounding.
    let mut apart: Vec<f64> = metres.iter().zip(&degrees).map(|(a, b)| a.distance(*b)).collect();
    apart.sort_by(f64::total_cmp);
    println!("median {:.2} m apart, most {:.2} m", apart[118], apart[236]);
    assert!(apart[118] < 5.0, "{}", apart[118]);
}

/// Outlines as text in a column, in the National Grid, which the file does not say.
#[test]
fn library_buildings_of_ordnance_survey_are_venues() {
    let Some(shared) = shared("venues") else { return };
    let path: PathBuf = data(&shared, "venues/os_openmap_local_library_buildings_gb.csv.gz").into();
    let file = wardheat::read::LoadedFile::open(&path).unwrap();

    let read = wardheat::read::read_venues(&file, None, wardheat::read::Layouts::known()).unwrap();

    assert_eq!(read.rows, 3_469);
    assert_eq!(read.venues.len() + read.rejected.len(), 3_469);
    println!(
        "{} venues, {} rejected: {:?}",
        read.venues.len(),
        read.rejected.len(),
        read.rejected.first()
    );
    let ferry = read.venues.iter().find(|venue| venue.name == "Broughty Ferry Library").unwrap();
    assert!((346_262.08..346_289.01).contains(&ferry.place.easting()));
    assert!((731_016.7..731_047.24).contains(&ferry.place.northing()));
}
