//! Areas of the reader's own, settings of the method and drawings of every layer, over HTTP.

use axum::http::StatusCode;

use crate::town::{self, Server};

const YEAR: &str = "type=all&from=2025-01&to=2025-12";

/// A square from this corner of the town, in metres, as a parameter.
fn square(x: f64, y: f64, side: f64) -> String {
    let (west, south) = (town::CORNER.0 + x, town::CORNER.1 + y);
    let (east, north) = (west + side, south + side);
    format!("area=outline:{west},{south},{east},{south},{east},{north},{west},{north}")
}

#[tokio::test]
async fn a_ward_picked_counts_what_its_row_counts() {
    let server = Server::new();
    let wards = server.get(&format!("/layers/wards.geojson?{YEAR}")).await.json();
    for ward in wards["features"].as_array().unwrap() {
        let code = ward["properties"]["code"].as_str().unwrap();
        let own = server.get(&format!("/area/figures.json?{YEAR}&area=ward:{code}")).await.json();

        assert_eq!(own["count"], ward["properties"]["count"], "{code}");
        let kinds = own["tables"][0]["rows"].as_array().unwrap();
        let sum: i64 = kinds.iter().map(|row| row[2].as_i64().unwrap()).sum();
        assert_eq!(sum, own["count"].as_i64().unwrap(), "{code}");
    }
}

#[tokio::test]
async fn what_lies_in_two_halves_lies_in_the_whole() {
    let server = Server::new();
    let count = async |area: &str| {
        let reply = server.get(&format!("/area/figures.json?{YEAR}&{area}")).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
        reply.json()["count"].as_i64().unwrap()
    };

    let whole = count(&square(0.0, 0.0, 2000.0)).await;
    let mut parts = 0;
    for (x, y) in [(0.0, 0.0), (1000.0, 0.0), (0.0, 1000.0), (1000.0, 1000.0)] {
        parts += count(&square(x, y, 1000.0)).await;
    }

    assert!(whole > 0);
    // A record on an edge shared by two is in both.
    assert!(parts >= whole, "{parts} {whole}");
}

#[tokio::test]
async fn the_figures_of_an_area_are_files_and_a_part_of_the_map_page() {
    let server = Server::new();
    let area = square(200.0, 200.0, 3000.0);
    for (file, media_type) in [
        ("kinds.csv", "text/csv; charset=utf-8"),
        ("months.json", "application/json"),
        ("figures.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ] {
        let reply = server.get(&format!("/area/{file}?{YEAR}&{area}")).await;
        assert_eq!(reply.status, StatusCode::OK, "{file}: {}", reply.text());
        assert_eq!(reply.header("content-type"), media_type, "{file}");
    }
    let own = server.get(&format!("/area/figures.json?{YEAR}&{area}")).await.json();
    let page = server.get(&format!("/?{YEAR}&{area}")).await.text().to_owned();

    assert!(page.contains(&format!("Your area: {} recorded", own["count"])), "{page}");
    assert!(page.contains("data-outline=\"{&quot;type"), "the outline is on the page");
    // What people type means the same, and is written back in the one form.
    let typed = format!(
        "/?{YEAR}&centre={},{}&radius=500",
        town::CORNER.0 + 1500.0,
        town::CORNER.1 + 1500.0
    );
    let page = server.get(&typed).await.text().to_owned();
    assert!(page.contains("data-area=\"circle:-"), "{page}");
}

#[tokio::test]
async fn an_area_that_cannot_be_is_refused_in_words() {
    let server = Server::new();
    for (query, status, words) in [
        ("", 400, "wanted, such as circle"),
        ("area=blob:1,2", 400, "is no area"),
        ("area=circle:-1.3,54.5,1", 400, "radius"),
        ("corners=-1.3,54.5", 400, "3 to 100 corners"),
        ("area=ward:E09999999", 422, "there is no ward"),
    ] {
        let reply = server.get(&format!("/area/figures.json?{YEAR}&{query}")).await;

        assert!(reply.text().contains(words), "{query}: {}", reply.text());
        assert_eq!(reply.status.as_u16(), status, "{query}: {}", reply.text());
    }
    // On the page the rest stands.
    let page = server.get(&format!("/?{YEAR}&area=ward:E09999999")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("This area has no figures: there is no ward"), "{}", page.text());
    let picture = page.text().split("src=\"/map.svg").nth(1).unwrap().split('"').next().unwrap();
    assert!(!picture.contains("area="), "the picture is drawn without it: {picture}");
}

#[tokio::test]
async fn every_layer_has_a_drawing_of_its_own_in_three_forms() {
    let server = Server::new();
    let mut drawings = std::collections::BTreeSet::new();
    for show in ["heat", "rate", "cells", "hexagons", "h3", "emerging", "moran"] {
        let reply = server.get(&format!("/map.svg?{YEAR}&show={show}")).await;
        assert_eq!(reply.status, StatusCode::OK, "{show}: {}", reply.text());
        assert!(drawings.insert(reply.text().to_owned()), "{show} is drawn as another is");
    }
    let sheet = format!("{YEAR}&show=hexagons&clusters=yes&sheet=yes&{}", square(0.0, 0.0, 900.0));
    let svg = server.get(&format!("/map.svg?{sheet}")).await.text().to_owned();
    for words in ["Scan cluster", "Gi*", "Heat: ", "Invented data"] {
        assert!(svg.contains(words), "{words}");
    }
    let pdf = server.get(&format!("/map.pdf?{sheet}")).await;
    assert_eq!(pdf.header("content-type"), "application/pdf");
    assert!(pdf.body.starts_with(b"%PDF-"));
    assert_eq!(pdf.body, server.get(&format!("/map.pdf?{sheet}")).await.body);
    let refused = server.get(&format!("/map.svg?{YEAR}&show=rivers")).await;
    assert!(refused.text().contains("heat, rate, lsoas"), "{}", refused.text());
}

#[tokio::test]
async fn a_drawing_shows_the_part_of_the_map_that_is_asked_for() {
    let server = Server::new();
    let whole =
        server.get(&format!("/map.svg?{YEAR}&sheet=yes&width=1600")).await.text().to_owned();
    let wards = server.get("/layers/wards.geojson").await.json();
    let at = |name: &str| wards["features"][0]["properties"][name].as_f64().expect("a label");
    let (lon, lat) = (at("label_lon"), at("label_lat"));
    let part =
        format!("bbox={:.5},{:.5},{:.5},{:.5}", lon - 0.004, lat - 0.002, lon + 0.004, lat + 0.002);
    let drawn = server.get(&format!("/map.svg?{YEAR}&sheet=yes&width=1600&{part}")).await;

    assert_eq!(drawn.status, StatusCode::OK, "{}", drawn.text());
    let note = "figures of the whole area; the map shows part of it";
    assert!(drawn.text().contains(note) && !whole.contains(note));
    let here = wards["features"][0]["properties"]["name"].as_str().expect("a name");
    let first_word = here.split(' ').next().expect("a word");
    assert!(drawn.text().contains(first_word), "{here} lies in it");
    let again = server.get(&format!("/map.svg?{YEAR}&sheet=yes&width=1600&{part}")).await;
    assert_eq!(again.body, drawn.body);

    for (wrong, why) in [
        ("1,2,3", "west,south,east,north"),
        ("-1.3,54.5,-1.3001,54.6", "at least 50 m apart"),
        ("-1.3,54.5,-1.30001,54.50001", "at least 50 m apart"),
        ("10,54.5,11,54.6", "British National Grid"),
        ("-1,54.5,inf,54.6", "British National Grid"),
    ] {
        let refused = server.get(&format!("/map.svg?{YEAR}&bbox={wrong}")).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{wrong}");
        assert!(refused.text().contains(why), "{wrong}: {}", refused.text());
    }
}

#[tokio::test]
async fn settings_change_the_figures_and_are_kept_in_every_link() {
    let server = Server::new();
    let cells = async |query: &str| {
        let reply = server.get(&format!("/layers/cells.geojson?{YEAR}{query}")).await;
        assert_eq!(reply.status, StatusCode::OK, "{query}: {}", reply.text());
        reply.json()["features"].as_array().unwrap().len()
    };
    assert!(cells("&cell=500").await < cells("").await);

    let page =
        server.get(&format!("/?{YEAR}&cell=500&alpha=0.01&weights=rook&show=hexagons")).await;
    let page = page.text();
    assert!(page.contains("cell=500&amp;alpha=0.01"), "links keep the settings");
    assert!(page.contains("/layers/hexagons.csv?type=all&amp;from=2025-01&amp;to=2025-12&amp;cell=500&amp;alpha=0.01&amp;weights=rook"));
    for (query, words) in [
        ("cell=123", "wanted one of 100, 200, 250, 500, 1000"),
        ("alpha=0.5", "wanted one of 0.01, 0.05, 0.1"),
        ("family=some", "at-risk or all"),
        ("bandwidth=310", "wanted one of 100"),
    ] {
        let reply = server.get(&format!("/layers/wards.geojson?{YEAR}&{query}")).await;
        assert!(reply.text().contains(words), "{query}: {}", reply.text());
    }
    let wrong = server.get(&format!("/layers/hexagons.geojson?{YEAR}&weights=file.gal")).await;
    assert!(wrong.text().contains("is none of queen, rook"), "{}", wrong.text());
    let other = server
        .get(&format!("/layers/hexagons.csv?{YEAR}&weights=nearest:12"))
        .await
        .text()
        .to_owned();
    assert_ne!(other, server.get(&format!("/layers/hexagons.csv?{YEAR}")).await.text());
}
