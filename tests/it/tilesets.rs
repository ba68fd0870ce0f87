//! Tile sets as programs read them: TileJSON, styles, WMTS, OGC API Tiles, vector tiles, isolines.

use axum::http::StatusCode;
use fast_mvt::{MvtReaderRef, MvtTile, MvtValue};
use serde_json::Value as Json;
use wardheat::server::{AppState, Limits};

use crate::tiles::pixel;
use crate::town::{Server, dataset};

const HOST: (&str, &str) = ("host", "maps.example:8080");

fn decoded(body: &[u8]) -> MvtTile {
    MvtReaderRef::new(body).unwrap().to_tile().unwrap()
}

/// Column and row of the tile of this zoom with the busy middle of the town.
fn middle(zoom: u8) -> (u32, u32) {
    let (x, y) = pixel(2_300.0, 2_200.0, zoom);
    (x as u32 / 256, y as u32 / 256)
}

#[tokio::test]
async fn tilejson_names_tiles_that_are_there() {
    let server = Server::new();
    for layer in ["heat", "contours", "wards", "cells", "hotspots"] {
        let reply = server.get_with(&format!("/tiles/{layer}.json?type=burglary"), &[HOST]).await;
        assert_eq!(reply.status, StatusCode::OK, "{layer}: {}", reply.text());
        let document = reply.json();
        assert_eq!(document["tilejson"], "3.0.0");
        let template = document["tiles"][0].as_str().unwrap();
        assert!(template.starts_with("http://maps.example:8080/tiles/"), "{template}");
        assert!(template.contains("type=burglary") && template.contains("&v="), "{template}");
        let [least, most] =
            ["minzoom", "maxzoom"].map(|name| document[name].as_u64().unwrap() as u8);
        assert!(least <= 10 && (16..=18).contains(&most), "{layer}: {least} to {most}");
        let bounds: Vec<f64> =
            document["bounds"].as_array().unwrap().iter().map(|n| n.as_f64().unwrap()).collect();
        assert!(bounds[0] < bounds[2] && bounds[1] < bounds[3]);
        let centre = document["center"].as_array().unwrap();
        let zoom = centre[2].as_u64().unwrap();
        assert!((u64::from(least)..=u64::from(most)).contains(&zoom));
        let (x, y) = middle(13);
        let address = template
            .trim_start_matches("http://maps.example:8080")
            .replace("{z}", "13")
            .replace("{x}", &x.to_string())
            .replace("{y}", &y.to_string());
        let tile = server.get(&address).await;
        assert_eq!(tile.status, StatusCode::OK, "{address}");
        assert_eq!(tile.header("cache-control"), "public, max-age=31536000, immutable");
        if layer == "heat" {
            assert!(document.get("vector_layers").is_none());
        } else {
            let described = &document["vector_layers"][0];
            let held = decoded(&tile.body);
            assert_eq!(described["id"], held.layers[0].name.as_str());
            for (key, _) in &held.layers[0].features[0].properties {
                assert!(described["fields"][key].is_string(), "{layer}: {key}");
            }
        }
    }
    let unknown = server.get("/tiles/rivers.json").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert_eq!(server.get("/tiles/heat.json?typ=all").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn vector_tiles_hold_every_feature_and_figure() {
    let server = Server::new();
    let (x, y) = middle(7);
    for layer in ["wards", "cells", "hotspots"] {
        let tile = server.get(&format!("/tiles/{layer}/7/{x}/{y}.mvt")).await;
        let alias = server.get(&format!("/tiles/{layer}/7/{x}/{y}.pbf")).await;
        assert_eq!(tile.header("content-type"), "application/vnd.mapbox-vector-tile");
        assert_eq!(tile.body, alias.body);
        let features = server.get(&format!("/layers/{layer}.geojson")).await.json();
        let features = features["features"].as_array().unwrap();
        let held = decoded(&tile.body);
        assert_eq!(held.layers.len(), 1);
        assert_eq!(held.layers[0].features.len(), features.len(), "{layer}");
        for feature in &held.layers[0].features {
            let wanted = &features[feature.id.unwrap() as usize - 1]["properties"];
            for (key, value) in &feature.properties {
                let same = match value {
                    MvtValue::String(text) => wanted[key] == text.as_str(),
                    MvtValue::Bool(yes) => wanted[key] == *yes,
                    MvtValue::Int(n) => wanted[key].as_i64() == Some(*n),
                    MvtValue::Double(x) => {
                        (wanted[key].as_f64().unwrap() - x).abs() <= 1e-9 * x.abs().max(1e-9)
                    }
                    _ => false,
                };
                assert!(same, "{layer} {key}: {value:?}, {}", wanted[key]);
            }
            let given = wanted.as_object().unwrap().values().filter(|v| !v.is_null()).count();
            assert_eq!(feature.properties.len(), given);
        }
    }
}

#[tokio::test]
async fn lsoas_are_tiled_where_the_data_have_them() {
    let mut data = dataset();
    let mut lsoas = data.layers[0].clone();
    lsoas.kind = "lsoa".into();
    for (i, area) in lsoas.areas.iter_mut().enumerate() {
        area.code = format!("E0100000{i}");
    }
    data.layers.push(lsoas);
    let server = Server::over(AppState::new(data, Limits::default()).unwrap());
    let (x, y) = middle(10);
    let tile = server.get(&format!("/tiles/lsoas/10/{x}/{y}.mvt")).await;
    assert_eq!(tile.status, StatusCode::OK, "{}", tile.text());
    let held = decoded(&tile.body);
    assert_eq!((held.layers[0].name.as_str(), held.layers[0].features.len()), ("lsoas", 9));
    let document = server.get_with("/tiles/lsoas.json", &[HOST]).await.json();
    assert_eq!(document["name"], "Testborough: LSOAs");
    assert_eq!(document["vector_layers"][0]["id"], "lsoas");
    assert!(document["vector_layers"][0]["fields"]["rate"].is_string());
    let style = server.get_with("/tiles/lsoas/style.json", &[HOST]).await.json();
    let fill = style["layers"].as_array().unwrap().iter().find(|layer| layer["type"] == "fill");
    assert_eq!(fill.unwrap()["source-layer"], "lsoas");
    assert_eq!(fill.unwrap()["paint"]["fill-color"][2][0], "step");
    // Data without them say so.
    let without = Server::new().get(&format!("/tiles/lsoas/10/{x}/{y}.mvt")).await;
    assert_eq!(without.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_empty_vector_tile_is_204_and_an_impossible_one_is_404() {
    let server = Server::new();
    for layer in ["wards", "contours"] {
        let reply = server.get(&format!("/tiles/{layer}/12/3637/1612.mvt")).await;
        assert_eq!(reply.status, StatusCode::NO_CONTENT, "{layer}");
        assert!(reply.body.is_empty());
        assert!(!reply.header("etag").is_empty());
        for address in ["17/0/0.mvt", "1/2/0.mvt", "1/0/0.png", "1/0/0"] {
            let reply = server.get(&format!("/tiles/{layer}/{address}")).await;
            assert_eq!(reply.status, StatusCode::NOT_FOUND, "{layer} {address}");
        }
        let letters = server.get(&format!("/tiles/{layer}/1/a/0.mvt")).await;
        assert_eq!(letters.status, StatusCode::BAD_REQUEST);
    }
}

#[tokio::test]
async fn styles_use_layers_and_attributes_that_are_there() {
    let server = Server::new();
    for layer in ["heat", "contours", "wards", "cells", "hotspots"] {
        for scheme in ["light", "dark"] {
            let address = format!("/tiles/{layer}/style.json?scheme={scheme}");
            let style = server.get_with(&address, &[HOST]).await.json();
            assert_eq!(style["version"], 8);
            let source = &style["sources"][layer];
            assert!(["raster", "vector"].contains(&source["type"].as_str().unwrap()));
            assert!(source["tiles"][0].as_str().unwrap().starts_with("http://maps.example:8080/"));
            let layers = style["layers"].as_array().unwrap();
            assert_eq!(layers[0]["type"], "background");
            assert!(layers.len() >= 2);
            for drawn in &layers[1..] {
                assert_eq!(drawn["source"], layer);
                if source["type"] == "vector" {
                    assert_eq!(drawn["source-layer"], source["vector_layers"][0]["id"]);
                }
            }
        }
    }
}

#[tokio::test]
async fn wmts_names_one_layer_and_tiles_that_are_there() {
    let server = Server::new();
    let reply =
        server.get_with("/wmts/1.0.0/WMTSCapabilities.xml?type=burglary&day=fri", &[HOST]).await;
    let text = reply.text();
    assert_eq!(reply.header("content-type"), "application/xml");
    let start = text.find("template=\"").unwrap() + 10;
    let template = &text[start..start + text[start..].find('"').unwrap()];
    let template = template.replace("&amp;", "&").replace("http://maps.example:8080", "");
    let (x, y) = middle(12);
    let address = template
        .replace("{TileMatrix}", "12")
        .replace("{TileCol}", &x.to_string())
        .replace("{TileRow}", &y.to_string());
    assert!(address.contains("day=fri"), "{address}");
    assert_eq!(server.get(&address).await.status, StatusCode::OK, "{address}");
}

#[tokio::test]
async fn isolines_lie_where_the_value_is_their_own() {
    use std::sync::Arc;
    use wardheat::crs::{LonLat, lonlat_to_bng};
    use wardheat::pipeline::{Heat, HeatIndex, HeatRequest};

    let server = Server::new();
    let data = dataset();
    let index = Arc::new(HeatIndex::new(&data).unwrap());
    let window = "2025-01..2025-12".parse().unwrap();
    let request = HeatRequest::new(wardheat::incident::CrimeTypes::All, window);
    let heat = Heat::new(&request, &index, &data).unwrap();
    let collection = server.get("/contours.geojson").await.json();
    let features = collection["features"].as_array().unwrap();
    assert!(features.len() >= 4);
    let mut compared = 0;
    for feature in features {
        let value = feature["properties"]["value"].as_f64().unwrap();
        for line in feature["geometry"]["coordinates"].as_array().unwrap() {
            let line = line.as_array().unwrap();
            assert_eq!(line.first(), line.last());
            for at in line.iter().step_by(7) {
                let at = LonLat::new(at[0].as_f64().unwrap(), at[1].as_f64().unwrap()).unwrap();
                let found = heat.at(lonlat_to_bng(at).unwrap());
                assert!((found / value - 1.0).abs() < 0.04, "{found} on the line of {value}");
                compared += 1;
            }
        }
    }
    assert!(compared > 50, "{compared}");

    let (x, y) = middle(13);
    let tile = server.get(&format!("/tiles/contours/13/{x}/{y}.mvt")).await;
    let held = decoded(&tile.body);
    let values: Vec<&MvtValue> =
        held.layers[0].features.iter().map(|feature| &feature.properties[0].1).collect();
    for feature in features {
        let value = feature["properties"]["value"].as_f64().unwrap();
        assert!(values.contains(&&MvtValue::Double(value)), "{values:?}");
    }
}

/// `ogcapi-tiles-1/conf/core` and `tileset`: one tile, by the template of the tile set's metadata.
#[tokio::test]
async fn ogc_tiles_are_the_same_tiles_row_before_column() {
    let server = Server::new();
    let (x, y) = middle(12);
    for (path, form, plain) in [
        ("/collections/wards/tiles", "mvt", format!("/tiles/wards/12/{x}/{y}.mvt")),
        ("/map/tiles", "png", format!("/tiles/heat/12/{x}/{y}.png")),
        ("/map/tiles", "webp", format!("/tiles/heat/12/{x}/{y}.webp")),
    ] {
        let list = server.get(path).await.json();
        let own = list["tilesets"][0]["links"][0]["href"].as_str().unwrap().to_owned();
        let set = server.get(&own).await.json();
        assert_eq!(
            set["tileMatrixSetURI"],
            "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
        );
        let items = set["links"].as_array().unwrap();
        let template = items
            .iter()
            .filter(|link| link["rel"] == "item" && link["templated"] == true)
            .map(|link| link["href"].as_str().unwrap())
            .find(|href| href.ends_with(&format!("f={form}")))
            .unwrap();
        let address = template
            .replace("{tileMatrix}", "12")
            .replace("{tileRow}", &y.to_string())
            .replace("{tileCol}", &x.to_string());
        let (tile, plain) = (server.get(&address).await, server.get(&plain).await);
        assert_eq!(tile.status, StatusCode::OK, "{address}");
        assert_eq!(tile.body, plain.body);
        let limits: &Json = &set["tileMatrixSetLimits"][12];
        assert_eq!(limits["tileMatrix"], "12");
        let within = |low: &str, high: &str, n: u32| {
            (limits[low].as_u64().unwrap()..=limits[high].as_u64().unwrap()).contains(&u64::from(n))
        };
        assert!(within("minTileRow", "maxTileRow", y) && within("minTileCol", "maxTileCol", x));
    }
    for (address, status) in [
        ("/collections/wards/tiles/WorldCRS84Quad", StatusCode::NOT_FOUND),
        ("/collections/heat/tiles", StatusCode::NOT_FOUND),
        ("/collections/wards/tiles/WebMercatorQuad/30/0/0", StatusCode::NOT_FOUND),
        ("/collections/wards/tiles/WebMercatorQuad/a/0/0", StatusCode::BAD_REQUEST),
        ("/map/tiles/WebMercatorQuad/1/0/0?f=jpeg", StatusCode::BAD_REQUEST),
        ("/map/tiles/WebMercatorQuad/1/0/0?colour=red", StatusCode::BAD_REQUEST),
    ] {
        assert_eq!(server.get(address).await.status, status, "{address}");
    }
}

#[tokio::test]
async fn tiling_schemes_are_listed_and_described() {
    let server = Server::new();
    let list = server.get("/tileMatrixSets").await.json();
    let own = list["tileMatrixSets"][0]["links"][0]["href"].as_str().unwrap().to_owned();
    let scheme = server.get(&own).await.json();
    assert_eq!(scheme["tileMatrices"][3]["matrixWidth"], 8);
    assert_eq!(scheme["tileMatrices"][0]["id"], "0");
    assert_eq!(server.get("/tileMatrixSets?f=html").await.status, StatusCode::OK);
}
