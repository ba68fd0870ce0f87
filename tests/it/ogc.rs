//! OGC API Features: the abstract tests of the standard, one by one and named after them.
//!
//! Parts 1 (17-069r4, annex A), 2 (18-058r1) and 3 (19-079r2); where a client is known to send
//! something of its own, that too.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use crate::town::{Reply, Server};

const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
const COLLECTIONS: [&str; 3] = ["wards", "cells", "hotspots"];

async fn get_as(server: &Server, address: &str, accept: &str) -> Reply {
    server.get_with(address, &[("accept", accept)]).await
}

/// Asks as a program does.
async fn get(server: &Server, address: &str) -> Reply {
    get_as(server, address, "application/json, application/geo+json, */*").await
}

async fn document(server: &Server, address: &str) -> Json {
    let reply = get(server, address).await;
    assert_eq!(reply.status, 200, "{address}: {}", reply.text());
    reply.json()
}

fn rels(document: &Json) -> BTreeSet<String> {
    let links = document["links"].as_array().unwrap_or_else(|| panic!("no links: {document}"));
    links
        .iter()
        .map(|link| {
            assert!(link["href"].is_string() && link["type"].is_string(), "{link}");
            link["rel"].as_str().unwrap().to_owned()
        })
        .collect()
}

fn href<'a>(document: &'a Json, rel: &str) -> Option<&'a str> {
    let links = document["links"].as_array()?;
    links.iter().find(|link| link["rel"] == rel)?["href"].as_str()
}

fn ids(document: &Json) -> Vec<String> {
    let features = document["features"].as_array().unwrap();
    features.iter().map(|feature| feature["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn core_root_op_and_success() {
    let server = Server::new();
    let landing = document(&server, "/?f=json").await;

    assert!(landing["title"].is_string());
    for rel in ["self", "service-desc", "service-doc", "conformance", "data"] {
        assert!(rels(&landing).contains(rel), "{rel}");
    }
    // OWSLib takes anything and means JSON; a browser says that it wants a page.
    assert_eq!(get_as(&server, "/", "*/*").await.header("content-type"), "application/json");
    let page = get_as(&server, "/", "text/html,application/xhtml+xml,*/*;q=0.8").await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
}

#[tokio::test]
async fn core_api_definition_op_and_success() {
    let server = Server::new();
    let reply = get(&server, "/api?f=json").await;
    let api = reply.json();

    assert_eq!(reply.header("content-type"), "application/vnd.oai.openapi+json;version=3.0");
    assert_eq!(api["openapi"], "3.0.3");
    assert!(!reply.text().contains("$ref"), "the document stands on its own");
    let items = &api["paths"]["/collections/wards/items"]["get"]["parameters"];
    let limit = items.as_array().unwrap().iter().find(|p| p["name"] == "limit").unwrap();
    assert_eq!(limit["schema"]["maximum"], 10_000);
}

#[tokio::test]
async fn core_conformance_op_and_success() {
    let classes = document(&Server::new(), "/conformance").await;

    let classes: Vec<&str> =
        classes["conformsTo"].as_array().unwrap().iter().map(|c| c.as_str().unwrap()).collect();
    for class in ["core", "oas30", "geojson", "html"] {
        let uri = format!("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{class}");
        assert!(classes.contains(&uri.as_str()), "{uri}");
    }
}

#[tokio::test]
async fn core_fc_md_op_success_links_items_and_extent() {
    let server = Server::new();
    let collections = document(&server, "/collections").await;

    assert!(rels(&collections).is_superset(&["self", "alternate"].map(str::to_owned).into()));
    let all = collections["collections"].as_array().unwrap();
    assert_eq!(all.iter().map(|c| c["id"].as_str().unwrap()).collect::<Vec<_>>(), COLLECTIONS);
    for collection in all {
        let types: Vec<&str> = collection["links"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|link| link["rel"] == "items")
            .map(|link| link["type"].as_str().unwrap())
            .collect();
        assert_eq!(types, ["application/geo+json", "text/html"]);
        // The extent covers every feature.
        let id = collection["id"].as_str().unwrap();
        let bbox: Vec<f64> = collection["extent"]["spatial"]["bbox"][0]
            .as_array()
            .unwrap()
            .iter()
            .map(|x| x.as_f64().unwrap())
            .collect();
        let extent = bbox.iter().map(f64::to_string).collect::<Vec<_>>().join(",");
        let inside = document(&server, &format!("/collections/{id}/items?bbox={extent}")).await;
        let every = document(&server, &format!("/collections/{id}/items")).await;
        assert_eq!(inside["numberMatched"], every["numberMatched"], "{id}");
        assert_eq!(document(&server, &format!("/collections/{id}")).await, *collection);
    }
}

#[tokio::test]
async fn core_fc_op_response_links_and_numbers() {
    let server = Server::new();
    for id in COLLECTIONS {
        let reply = get(&server, &format!("/collections/{id}/items?limit=2")).await;
        let page = reply.json();

        assert_eq!(reply.header("content-type"), "application/geo+json");
        assert_eq!(reply.header("content-crs"), format!("<{CRS84}>"));
        assert_eq!(page["type"], "FeatureCollection");
        assert!(rels(&page).is_superset(&["self", "alternate"].map(str::to_owned).into()));
        assert_eq!(page["numberReturned"], page["features"].as_array().unwrap().len());
        assert!(page["numberReturned"].as_u64() <= Some(2));
    }
}

#[tokio::test]
async fn core_fc_timestamp_is_the_time_of_the_answer_and_the_tag_does_not_change_with_it() {
    let server = Server::new();
    let before = jiff::Timestamp::now();
    let reply = get(&server, "/collections/wards/items").await;
    let after = jiff::Timestamp::now();

    let said: jiff::Timestamp = reply.json()["timeStamp"].as_str().unwrap().parse().unwrap();
    // It is given to the millisecond.
    assert!(before.as_millisecond() <= said.as_millisecond() && said <= after, "{said}");
    let tag = reply.header("etag").to_owned();
    assert!(tag.starts_with("W/"), "{tag}");
    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    for held in [tag.clone(), tag.trim_start_matches("W/").to_owned()] {
        let again = server.get_with("/collections/wards/items", &[("if-none-match", &held)]).await;
        assert_eq!(again.status, 304, "{held}");
    }
}

#[tokio::test]
async fn core_fc_limit_definition_and_response() {
    let server = Server::new();
    for wrong in ["0", "-1", "1.5", "many"] {
        let reply = get(&server, &format!("/collections/cells/items?limit={wrong}")).await;
        assert_eq!(reply.status, 400, "{wrong}");
        assert!(reply.text().contains("limit"), "{wrong}");
    }
    // Above the most is no error: it is clamped.
    assert_eq!(get(&server, "/collections/cells/items?limit=99999").await.status, 200);
}

#[tokio::test]
async fn core_fc_next_gives_every_feature_once_and_keeps_the_other_parameters() {
    let server = Server::new();
    let wanted = document(&server, "/collections/cells/items?limit=10000&count=0").await;
    let mut address = "/collections/cells/items?limit=7&count=0".to_owned();
    let mut seen = Vec::new();
    loop {
        let page = document(&server, &address).await;
        assert_eq!(page["numberMatched"], wanted["numberMatched"]);
        seen.extend(ids(&page));
        let Some(next) = href(&page, "next") else { break };
        assert!(next.contains("count=0") && next.contains("limit=7"), "{next}");
        address = next.to_owned();
    }
    assert_eq!(seen, ids(&wanted));
    assert!(seen.len() > 7, "{}", seen.len());
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(24))]

    /// Whatever the page, the offset and the filter, following `next` gives each feature once.
    #[test]
    fn next_gives_each_id_exactly_once(
        limit in 1..60u32,
        offset in 0..40usize,
        filter in proptest::sample::select(vec!["", "count > 0", "class LIKE '%hot%'", "NOT count = 0"]),
        collection in proptest::sample::select(COLLECTIONS.to_vec()),
    ) {
        static SERVER: std::sync::LazyLock<Server> = std::sync::LazyLock::new(Server::new);
        let filter = if collection == "cells" { filter } else { "" };
        let filter = filter.replace(' ', "%20").replace('\'', "%27");
        let filter = filter.replace("%hot%", "%25hot%25").replace('>', "%3E");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let base = format!("/collections/{collection}/items?filter={filter}");
            let all = ids(&document(&SERVER, &format!("{base}&limit=10000")).await);
            let mut seen = Vec::new();
            let mut address = format!("{base}&limit={limit}&offset={offset}");
            loop {
                let page = document(&SERVER, &address).await;
                assert_eq!(page["numberMatched"], all.len());
                assert_eq!(page["numberReturned"], ids(&page).len());
                seen.extend(ids(&page));
                let Some(next) = href(&page, "next") else { break };
                next.clone_into(&mut address);
            }
            assert_eq!(seen, all[offset.min(all.len())..], "{address}");
            assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
        });
    }
}

#[tokio::test]
async fn core_fc_bbox_definition_and_response() {
    let server = Server::new();
    let all = document(&server, "/collections/wards/items").await;
    let one = &all["features"][0];
    let corner = &one["geometry"]["coordinates"][0][0];
    let (lon, lat) = (corner[0].as_f64().unwrap(), corner[1].as_f64().unwrap());
    let near = format!("{},{},{},{}", lon - 1e-5, lat - 1e-5, lon + 1e-5, lat + 1e-5);

    let found = document(&server, &format!("/collections/wards/items?bbox={near}")).await;
    assert!(ids(&found).contains(&one["id"].as_str().unwrap().to_owned()));
    assert!(found["numberMatched"].as_u64() < all["numberMatched"].as_u64());
    let far = document(&server, "/collections/wards/items?bbox=20,20,21,21").await;
    assert_eq!(far["numberMatched"], 0);
    for wrong in
        ["1,2,3", "1,2,3,4,5", "a,b,c,d", "0,60,1,50", "NaN,0,1,1", "0,0,999,1", "inf,0,1,1"]
    {
        let reply = get(&server, &format!("/collections/wards/items?bbox={wrong}")).await;
        assert_eq!(reply.status, 400, "{wrong}: {}", reply.text());
    }
    // The same box in each system gives the same features.
    let mercator = |lon: f64, lat: f64| {
        let y = (std::f64::consts::FRAC_PI_4 + lat.to_radians() / 2.0).tan().ln() * 6_378_137.0;
        (lon.to_radians() * 6_378_137.0, y)
    };
    let (west, south, east, north) = (lon - 1e-5, lat - 1e-5, lon + 1e-5, lat + 1e-5);
    let ((x0, y0), (x1, y1)) = (mercator(west, south), mercator(east, north));
    for (code, bbox) in [
        ("4326", format!("{south},{west},{north},{east}")),
        ("3857", format!("{x0},{y0},{x1},{y1}")),
    ] {
        let crs = format!("http://www.opengis.net/def/crs/EPSG/0/{code}");
        let address = format!("/collections/wards/items?bbox={bbox}&bbox-crs={crs}");
        assert_eq!(ids(&document(&server, &address).await), ids(&found), "{code}");
    }
}

#[tokio::test]
async fn core_fc_time_definition_and_response() {
    let server = Server::new();
    let all = document(&server, "/collections/wards/items").await["numberMatched"].clone();
    let wards = document(&server, "/collections/wards").await;
    let first = wards["extent"]["temporal"]["interval"][0][0].as_str().unwrap().to_owned();
    let day = &first[..10];
    for (time, some) in [
        (first.clone(), true),
        (format!("{first}/.."), true),
        (format!("../{day}"), true),
        // As GDAL sends it.
        (format!("{day}T%2F.."), true),
        (day[..7].to_owned(), true),
        ("2090-01-01T00:00:00Z".to_owned(), false),
        ("../1999-12-31T00:00:00Z".to_owned(), false),
    ] {
        let address = format!("/collections/wards/items?datetime={time}");
        let found = document(&server, &address).await["numberMatched"].clone();
        assert_eq!(found, if some { all.clone() } else { 0.into() }, "{time}");
    }
    for wrong in ["..", "../..", "yesterday", "2024-13-01", "2024-06-02/2024-06-01"] {
        let reply = get(&server, &format!("/collections/wards/items?datetime={wrong}")).await;
        assert_eq!(reply.status, 400, "{wrong}");
    }
}

#[tokio::test]
async fn core_query_param_unknown_and_invalid() {
    let server = Server::new();
    for address in [
        "/?f=json&x=1",
        "/conformance?x=1",
        "/collections?x=1",
        "/collections/wards?x=1",
        "/collections/wards/items?x=1",
        "/collections/wards/items/E05000101?x=1",
        "/collections/wards/items?f=xml",
        "/collections/wards/items?limit=1&limit=2",
    ] {
        let reply = get(&server, address).await;
        assert_eq!(reply.status, 400, "{address}: {}", reply.text());
        assert_eq!(reply.header("content-type"), "application/problem+json");
    }
    for address in
        ["/collections/rivers", "/collections/rivers/items", "/collections/wards/items/no"]
    {
        assert_eq!(get(&server, address).await.status, 404, "{address}");
    }
}

#[tokio::test]
async fn core_f_op_and_success() {
    let server = Server::new();
    let all = document(&server, "/collections/wards/items").await;
    for feature in all["features"].as_array().unwrap() {
        let id = feature["id"].as_str().unwrap();
        let one = document(&server, &format!("/collections/wards/items/{id}")).await;

        assert_eq!(one["id"], id);
        assert_eq!(one["geometry"], feature["geometry"]);
        assert_eq!(one["properties"], feature["properties"]);
        let wanted = ["self", "alternate", "collection"].map(str::to_owned);
        assert!(rels(&one).is_superset(&wanted.into()));
    }
}

#[tokio::test]
async fn html_every_success_has_a_page() {
    let server = Server::new();
    for address in [
        "/",
        "/api",
        "/conformance",
        "/collections",
        "/collections/wards",
        "/collections/wards/queryables",
        "/collections/wards/items",
        "/collections/wards/items/E05000101",
    ] {
        for (address, accept) in
            [(address.to_owned(), "text/html"), (format!("{address}?f=html"), "application/json")]
        {
            let reply = get_as(&server, &address, accept).await;
            let media_type = reply.header("content-type");
            // `f` goes before Accept.
            assert!(media_type.starts_with("text/html"), "{address}: {media_type}");
            assert!(reply.text().contains("<h1"), "{address}");
        }
    }
}

#[tokio::test]
async fn part2_crs_and_its_axis_order() {
    let server = Server::new();
    let of = |crs: String| {
        let server = &server;
        async move {
            let reply = get(server, &format!("/collections/wards/items?limit=1&crs={crs}")).await;
            assert_eq!(reply.header("content-crs"), format!("<{crs}>"));
            let at = reply.json()["features"][0]["geometry"]["coordinates"][0][0].clone();
            (at[0].as_f64().unwrap(), at[1].as_f64().unwrap())
        }
    };
    let epsg = |code: u32| format!("http://www.opengis.net/def/crs/EPSG/0/{code}");
    let (lon, lat) = of(CRS84.to_owned()).await;

    assert_eq!(of(epsg(4326)).await, (lat, lon));
    let (easting, northing) = of(epsg(27700)).await;
    assert!(
        (400_000.0..500_000.0).contains(&easting) && northing > 400_000.0,
        "{easting} {northing}"
    );
    let (x, y) = of(epsg(3857)).await;
    assert!((x - lon.to_radians() * 6_378_137.0).abs() < 0.1 && y > 6e6, "{x} {y}");
    for name in ["crs", "bbox-crs", "filter-crs"] {
        let address = format!("/collections/wards/items?{name}={}", epsg(9999));
        assert_eq!(get(&server, &address).await.status, 400, "{name}");
    }
}

#[tokio::test]
async fn part3_queryables_filter_as_parameters_and_in_cql2() {
    let server = Server::new();
    let reply = get(&server, "/collections/wards/queryables").await;
    let schema = reply.json();
    assert_eq!(reply.header("content-type"), "application/schema+json");
    assert_eq!(schema["additionalProperties"], false);
    assert_eq!(schema["properties"]["count"]["type"], "integer");
    assert!(schema["properties"]["geometry"]["type"].is_null());

    let all = document(&server, "/collections/wards/items").await;
    let count = all["features"][1]["properties"]["count"].as_i64().unwrap();
    let by_hand: Vec<String> = all["features"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|feature| feature["properties"]["count"] == count)
        .map(|feature| feature["id"].as_str().unwrap().to_owned())
        .collect();
    for query in [
        format!("count={count}"),
        format!("filter=count%20=%20{count}"),
        format!("filter=count%20BETWEEN%20{count}%20AND%20{count}&filter-lang=cql2-text"),
        format!("filter=NOT(count%20%3C%3E%20{count})"),
    ] {
        let found = document(&server, &format!("/collections/wards/items?{query}")).await;
        assert_eq!(ids(&found), by_hand, "{query}");
    }
    for wrong in [
        "filter=cuont=1",
        "filter=count=%27x%27",
        "filter=count=",
        "filter-lang=cql2-json",
        "count=few",
        "filter=S_INTERSECTS(geometry,%20BBOX(1,2,3))",
    ] {
        let reply = get(&server, &format!("/collections/wards/items?{wrong}")).await;
        assert_eq!(reply.status, 400, "{wrong}: {}", reply.text());
    }
}
