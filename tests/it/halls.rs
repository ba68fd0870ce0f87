//! Published lists of halls, described by `init` and imported without hand edits.

use serde_json::Value;
use wardheat::read::{Layouts, LoadedFile, read_venues};

use crate::support::{Workspace, four_wards, shared};

#[test]
fn a_list_whose_positions_are_well_known_text_is_recognised() {
    let workspace = four_wards();
    let list = "WKT,id,distinctive_name,classification\n\
                 \"POLYGON ((444500 520500,444520 520500,444520 520520,444500 520500))\",1,Elm Hall,Hall\n\
                 POINT (446500 520500),2,Oak Library,Library\n";
    std::fs::write(workspace.path().join("halls.csv"), list).unwrap();

    let init = ["init", "--force", "--areas", "wards.geojson", "--incidents", "crimes.csv"];
    let out =
        crate::support::run(workspace.path(), &[&init[..], &["--venues", "halls.csv"]].concat());

    let said = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success() && !said.contains("no layout"), "{said}");
    workspace.ok(&["import"]);
    assert_eq!(halls(&workspace), [2, 2, 0, 0]);
}

/// Rows, kept, excluded and rejected of the only file of halls that was imported.
fn halls(workspace: &Workspace) -> [u64; 4] {
    let manifest = std::fs::read(workspace.path().join("store/_manifest.json")).unwrap();
    let manifest: Value = serde_json::from_slice(&manifest).unwrap();
    let files = manifest["provenance"]["files"].as_array().unwrap();
    let file = files.iter().find(|file| file["source"] == "venues").unwrap();
    ["rows", "kept", "excluded", "rejected"].map(|key| file[key].as_u64().unwrap())
}

/// Rows of `data/venues/PROVENANCE.md`: 3,539 libraries of England, 237 of seven authorities, 3,469
/// library buildings as polygons in EPSG:27700.
#[test]
fn the_national_lists_are_read_whole() {
    let Some(shared) = shared("lists of libraries") else { return };
    for (file, rows, usable) in [
        ("england_public_libraries_2023_enhanced.csv.gz", 3539, 3524),
        ("libraries_selected_authorities.csv", 237, 237),
        ("os_openmap_local_library_buildings_gb.csv.gz", 3469, 2721),
    ] {
        let file = LoadedFile::open(&shared.join("data/venues").join(file)).unwrap();

        let read = read_venues(&file, None, Layouts::known()).unwrap();

        assert_eq!(read.rows, rows, "{}", file.name);
        assert_eq!(read.venues.len() + read.rejected.len(), rows as usize, "{}", file.name);
        assert_eq!(read.venues.len(), usable, "the others have no name or no position");
        let in_britain = |at: wardheat::crs::Bng| {
            (0.0..700_000.0).contains(&at.easting()) && (0.0..1_300_000.0).contains(&at.northing())
        };
        assert!(read.venues.iter().all(|hall| in_britain(hall.place)), "{}", file.name);
    }
}

#[test]
fn the_libraries_of_england_come_in_through_init() {
    let Some(shared) = shared("lists of libraries") else { return };
    let workspace = Workspace::new();
    let data = |path: &str| shared.join("data").join(path).display().to_string();

    workspace.ok(&[
        "init",
        "--areas",
        &data("boundaries/stockton_wards_2024.geojson"),
        "--incidents",
        &data("police_stockton/2025-01-*.csv.gz"),
        "--venues",
        &data("venues/england_public_libraries_2023_enhanced.csv.gz"),
    ]);
    workspace.ok(&["import"]);

    let [rows, kept, excluded, rejected] = halls(&workspace);
    assert_eq!((rows, rejected), (3539, 15), "fifteen have no position");
    assert!(kept >= 7 && kept + excluded == 3524, "{kept} in the wards");
}
