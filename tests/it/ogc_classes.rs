//! The conformance classes that the server declares, abstract test by abstract test: which test of
//! ours stands for each. What the others leave open is here.
//!
//! OGC 17-069r4 annex A, 18-058r1 annex A, 19-079r2 annex A, 21-065r2 annex A, 20-057 annex A.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use crate::town::Server;

/// Class, abstract test and the test that stands for it. What only GML or another class that is not
/// declared asks for is not here.
const TESTS: &[(&str, &str, &str)] = &[
    ("features-1/core", "http", "only_get_and_head_are_taken_and_both_say_the_same"),
    ("features-1/core", "crs84", "core_fc_op_response_links_and_numbers"),
    ("features-1/core", "root-op, root-success", "core_root_op_and_success"),
    ("features-1/core", "api-definition-op, -success", "core_api_definition_op_and_success"),
    ("features-1/core", "conformance-op, -success", "core_conformance_op_and_success"),
    ("features-1/core", "fc-md-op, -success", "core_fc_md_op_success_links_items_and_extent"),
    ("features-1/core", "sfc-md-op, -success", "core_fc_md_op_success_links_items_and_extent"),
    ("features-1/core", "fc-op, fc-response", "core_fc_op_response_links_and_numbers"),
    ("features-1/core", "fc-bbox-definition, -response", "core_fc_bbox_definition_and_response"),
    ("features-1/core", "fc-limit-definition, -response", "core_fc_limit_definition_and_response"),
    ("features-1/core", "fc-time-definition, -response", "core_fc_time_definition_and_response"),
    (
        "features-1/core",
        "fc-links",
        "core_fc_next_gives_every_feature_once_and_keeps_the_other_parameters",
    ),
    (
        "features-1/core",
        "fc-timeStamp",
        "core_fc_timestamp_is_the_time_of_the_answer_and_the_tag_does_not_change_with_it",
    ),
    ("features-1/core", "fc-numberMatched, -Returned", "next_gives_each_id_exactly_once"),
    ("features-1/core", "f-op, f-success, f-links", "core_f_op_and_success"),
    ("features-1/core", "query-param-unknown, -invalid", "core_query_param_unknown_and_invalid"),
    ("features-1/geojson", "definition, content", "geojson_definition_and_content"),
    ("features-1/html", "definition, content", "html_every_success_has_a_page"),
    (
        "features-1/oas30",
        "oas-definition-1, -2, oas-impl",
        "oas30_every_operation_is_described_and_answers_as_described",
    ),
    (
        "features-1/oas30",
        "completeness, exceptions-codes",
        "oas30_every_operation_is_described_and_answers_as_described",
    ),
    ("features-1/oas30", "security", "nobody_is_let_in_without_a_token_and_any_form_of_it_will_do"),
    (
        "features-2/crs",
        "crs-uri, storageCrs, default-crs",
        "crs_lists_hold_the_storage_and_the_default",
    ),
    (
        "features-2/crs",
        "bbox-crs-parameter, -default, -invalid",
        "core_fc_bbox_definition_and_response",
    ),
    (
        "features-2/crs",
        "crs-parameter, -default, -invalid, -transform",
        "part2_crs_and_its_axis_order",
    ),
    (
        "features-3/queryables",
        "queryables-link, -definition, -schema",
        "part3_queryables_filter_as_parameters_and_in_cql2",
    ),
    (
        "features-3/queryables-query-parameters",
        "parameters",
        "part3_queryables_filter_as_parameters_and_in_cql2",
    ),
    (
        "features-3/filter",
        "filter-param, -lang, -crs, response",
        "part3_queryables_filter_as_parameters_and_in_cql2",
    ),
    (
        "features-3/features-filter",
        "filter on items",
        "cql2_logic_comparisons_and_places_choose_what_they_should",
    ),
    (
        "cql2/cql2-text",
        "text encoding",
        "cql2_logic_comparisons_and_places_choose_what_they_should",
    ),
    (
        "cql2/basic-cql2",
        "comparison, logic, null",
        "cql2_logic_comparisons_and_places_choose_what_they_should",
    ),
    (
        "cql2/advanced-comparison-operators",
        "like, between, in",
        "cql2_logic_comparisons_and_places_choose_what_they_should",
    ),
    (
        "cql2/basic-spatial-functions",
        "s_intersects",
        "cql2_logic_comparisons_and_places_choose_what_they_should",
    ),
    (
        "tiles-1/core",
        "tc-op, tc-success, tc-error",
        "ogc_tiles_are_the_same_tiles_row_before_column",
    ),
    (
        "tiles-1/core",
        "tc-tilematrix, -tilerow, -tilecol",
        "ogc_tiles_are_the_same_tiles_row_before_column",
    ),
    ("tiles-1/tileset", "tileset-description", "ogc_tiles_are_the_same_tiles_row_before_column"),
    ("tiles-1/tilesets-list", "tileset-links", "ogc_tiles_are_the_same_tiles_row_before_column"),
    (
        "tiles-1/dataset-tilesets",
        "landingpage, operation",
        "tile_sets_are_linked_from_the_landing_page_and_each_collection",
    ),
    (
        "tiles-1/geodata-tilesets",
        "desc-links, operation",
        "tile_sets_are_linked_from_the_landing_page_and_each_collection",
    ),
    (
        "tiles-1/oas30",
        "completeness, operationids",
        "oas30_every_operation_is_described_and_answers_as_described",
    ),
    ("tiles-1/mvt", "content", "vector_tiles_hold_every_feature_and_figure"),
    ("tiles-1/png", "content", "stitched_tiles_equal_one_large_picture_byte_for_byte"),
    (
        "common-1/core, common-2/collections",
        "root, api, conformance, collections",
        "core_fc_md_op_success_links_items_and_extent",
    ),
];

#[tokio::test]
async fn every_class_that_is_declared_has_its_tests_and_every_test_is_there() {
    let sources = [
        include_str!("ogc.rs"),
        include_str!("ogc_classes.rs"),
        include_str!("tilesets.rs"),
        include_str!("tiles.rs"),
        include_str!("gate.rs"),
    ];
    for (class, name, test) in TESTS {
        let definition = format!("fn {test}(");
        let held = sources.iter().filter(|source| source.contains(&definition)).count();
        assert_eq!(held, 1, "{class} {name}: {test}");
    }
    let classes = get(&Server::new(), "/conformance").await;
    for uri in classes["conformsTo"].as_array().unwrap() {
        let uri = uri.as_str().unwrap();
        let class = uri
            .trim_start_matches("http://www.opengis.net/spec/")
            .trim_start_matches("ogcapi-")
            .replace("/1.0/conf/", "/");
        assert!(TESTS.iter().any(|(of, ..)| of.split(", ").any(|of| of == class)), "{class}");
    }
}

async fn get(server: &Server, address: &str) -> Json {
    let reply = server.get_with(address, &[("accept", "application/json")]).await;
    assert_eq!(reply.status, 200, "{address}: {}", reply.text());
    reply.json()
}

#[tokio::test]
async fn only_get_and_head_are_taken_and_both_say_the_same() {
    let server = Server::new();
    for path in ["/conformance", "/collections/wards/items", "/collections/wards/tiles"] {
        let whole = server.get(path).await;
        for method in ["HEAD", "POST", "PUT", "DELETE"] {
            let request = axum::http::Request::builder().method(method).uri(path);
            let reply = server.send(request.body(axum::body::Body::empty()).unwrap()).await;
            if method == "HEAD" {
                assert_eq!(reply.status, 200, "{path}");
                assert_eq!(reply.header("content-type"), whole.header("content-type"));
                assert!(reply.body.is_empty(), "{path}");
            } else {
                assert_eq!(reply.status, 405, "{method} {path}");
                assert!(reply.header("allow").contains("GET"), "{method} {path}");
            }
        }
    }
}

#[tokio::test]
async fn geojson_definition_and_content() {
    let server = Server::new();
    for id in ["wards", "cells", "hotspots"] {
        let reply = server.get(&format!("/collections/{id}/items?limit=10000")).await;
        assert_eq!(reply.header("content-type"), "application/geo+json");
        let page = reply.json();
        assert_eq!(page["type"], "FeatureCollection");
        for feature in page["features"].as_array().unwrap() {
            assert_eq!(feature["type"], "Feature");
            assert!(feature["properties"].is_object() && feature["id"].is_string());
            let geometry = &feature["geometry"];
            let polygons = match geometry["type"].as_str().unwrap() {
                "Polygon" => vec![geometry["coordinates"].clone()],
                "MultiPolygon" => geometry["coordinates"].as_array().unwrap().clone(),
                other => panic!("{other}"),
            };
            for ring in polygons.iter().flat_map(|polygon| polygon.as_array().unwrap()) {
                let ring = ring.as_array().unwrap();
                assert!(ring.len() >= 4 && ring.first() == ring.last(), "{id}");
            }
        }
    }
}

#[tokio::test]
async fn oas30_every_operation_is_described_and_answers_as_described() {
    let server = Server::new();
    let api = get(&server, "/api?f=json").await;
    assert!(api["openapi"].as_str().unwrap().starts_with("3.0."));
    let paths = api["paths"].as_object().unwrap();
    for wanted in ["/", "/conformance", "/api", "/collections", "/collections/wards/items"] {
        assert!(paths.contains_key(wanted), "{wanted}");
    }
    let mut ids = BTreeSet::new();
    for (path, item) in paths {
        for (method, operation) in item.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap_or_else(|| panic!("{method} {path}"));
            assert!(ids.insert(id.to_owned()), "{id} is there twice");
            let responses = operation["responses"].as_object().unwrap();
            assert!(responses.keys().any(|code| code.starts_with('2')), "{method} {path}");
            assert!(responses.contains_key("400"), "{method} {path}");
            let named: BTreeSet<&str> = operation["parameters"]
                .as_array()
                .into_iter()
                .flatten()
                .filter(|parameter| parameter["in"] == "path")
                .map(|parameter| parameter["name"].as_str().unwrap())
                .collect();
            let held: BTreeSet<&str> =
                path.split('{').skip(1).map(|rest| rest.split('}').next().unwrap()).collect();
            assert_eq!(named, held, "{method} {path}");
            if method == "get" && held.is_empty() {
                let status = server.get_with(path, &[("accept", "*/*")]).await.status.as_u16();
                assert!(responses.contains_key(&status.to_string()), "{path}: {status}");
                let wrong = format!("{path}?no-such-parameter=1");
                let refused = server.get_with(&wrong, &[("accept", "*/*")]).await;
                assert_eq!(refused.status, 400, "{wrong}");
            }
        }
    }
}

#[tokio::test]
async fn crs_lists_hold_the_storage_and_the_default() {
    let server = Server::new();
    let all = get(&server, "/collections").await;
    for collection in all["collections"].as_array().unwrap() {
        let listed = collection["crs"].as_array().unwrap();
        assert_eq!(listed[0], "http://www.opengis.net/def/crs/OGC/1.3/CRS84");
        assert!(listed.contains(&collection["storageCrs"]), "{}", collection["id"]);
        for uri in listed {
            let uri = uri.as_str().unwrap();
            let id = collection["id"].as_str().unwrap();
            let address = format!("/collections/{id}/items?limit=1&crs={uri}");
            let reply = server.get(&address).await;
            assert_eq!(reply.status, 200, "{address}");
            assert_eq!(reply.header("content-crs"), format!("<{uri}>"));
        }
    }
}

#[tokio::test]
async fn tile_sets_are_linked_from_the_landing_page_and_each_collection() {
    let server = Server::new();
    let rel = |kind: &str| format!("http://www.opengis.net/def/rel/ogc/1.0/tilesets-{kind}");
    let href = |document: &Json, rel: &str| {
        let links = document["links"].as_array().unwrap();
        let link = links.iter().find(|link| link["rel"] == rel)?;
        Some(link["href"].as_str().unwrap().to_owned())
    };
    let landing = get(&server, "/?f=json").await;
    let map = get(&server, &href(&landing, &rel("map")).unwrap()).await;
    assert!(!map["tilesets"].as_array().unwrap().is_empty());
    for id in ["wards", "cells", "hotspots"] {
        let collection = get(&server, &format!("/collections/{id}")).await;
        let list = get(&server, &href(&collection, &rel("vector")).unwrap()).await;
        let set = &list["tilesets"][0];
        assert_eq!(set["dataType"], "vector");
        assert!(set["crs"].is_string() && href(set, "self").is_some());
    }
}

fn count(p: &Json) -> i64 {
    p["count"].as_i64().unwrap_or(i64::MIN)
}

fn class(p: &Json) -> Option<&str> {
    p["class"].as_str()
}

/// Each filter against the same question asked of every feature here.
#[tokio::test]
async fn cql2_logic_comparisons_and_places_choose_what_they_should() {
    type Asked = fn(&Json) -> Option<bool>;
    let server = Server::new();
    let all = get(&server, "/collections/cells/items?limit=10000").await;
    let features = all["features"].as_array().unwrap();
    let filters: [(&str, Asked); 11] = [
        ("count = 0", |p| Some(count(p) == 0)),
        ("count <> 0", |p| Some(count(p) != 0)),
        ("count >= 3 AND count < 10", |p| Some((3..10).contains(&count(p)))),
        ("count < 1 OR NOT count <= 5", |p| Some(count(p) < 1 || count(p) > 5)),
        ("count BETWEEN 1 AND 4", |p| Some((1..=4).contains(&count(p)))),
        ("count IN (0, 2, 7)", |p| Some([0, 2, 7].contains(&count(p)))),
        ("class LIKE '%spot'", |p| class(p).map(|class| class.ends_with("spot"))),
        ("NOT class = 'hotspot'", |p| class(p).map(|class| class != "hotspot")),
        ("class IS NULL", |p| Some(p["class"].is_null())),
        ("class IS NOT NULL AND count > 0", |p| Some(!p["class"].is_null() && count(p) > 0)),
        ("(count > 0 OR class = 'hotspot') AND count <> 1", |p| {
            Some((count(p) > 0 || class(p) == Some("hotspot")) && count(p) != 1)
        }),
    ];
    let mut some = 0;
    for (filter, asked) in filters {
        let wanted: Vec<&Json> = features
            .iter()
            .filter(|feature| asked(&feature["properties"]) == Some(true))
            .map(|feature| &feature["id"])
            .collect();
        let query: String = form_urlencoded::byte_serialize(filter.as_bytes()).collect();
        let found =
            get(&server, &format!("/collections/cells/items?limit=10000&filter={query}")).await;
        let found: Vec<&Json> =
            found["features"].as_array().unwrap().iter().map(|feature| &feature["id"]).collect();
        assert_eq!(found, wanted, "{filter}");
        some += usize::from(!wanted.is_empty() && wanted.len() < features.len());
    }
    assert!(some >= 6, "{some} filters choose a part");
    // A place by filter is a place by box.
    let corner = &features[features.len() / 2]["geometry"]["coordinates"][0][0];
    let (lon, lat) = (corner[0].as_f64().unwrap(), corner[1].as_f64().unwrap());
    let (west, south, east, north) = (lon - 0.01, lat - 0.005, lon + 0.01, lat + 0.005);
    let boxed = get(
        &server,
        &format!("/collections/cells/items?limit=10000&bbox={west},{south},{east},{north}"),
    )
    .await;
    let polygon = format!(
        "S_INTERSECTS(geometry, POLYGON(({west} {south}, {east} {south}, {east} {north}, \
         {west} {north}, {west} {south})))"
    );
    for filter in [polygon, format!("S_INTERSECTS(geometry, BBOX({west},{south},{east},{north}))")]
    {
        let query: String = form_urlencoded::byte_serialize(filter.as_bytes()).collect();
        let found =
            get(&server, &format!("/collections/cells/items?limit=10000&filter={query}")).await;
        assert_eq!(found["numberMatched"], boxed["numberMatched"], "{filter}");
        let n = found["numberMatched"].as_u64().unwrap() as usize;
        assert!(n > 0 && n < features.len(), "{n}");
    }
}
