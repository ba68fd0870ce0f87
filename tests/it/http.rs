//! The HTTP face, driven like a client: addresses in, replies out.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use wardheat::server::{CONTENT_SECURITY_POLICY, Limits};

use crate::town::Server;

/// One address of every route, with its media type.
const ADDRESSES: &[(&str, &str)] = &[
    ("/", "text/html; charset=utf-8"),
    ("/wards", "text/html; charset=utf-8"),
    ("/wards/E05000104", "text/html; charset=utf-8"),
    ("/healthz", "text/plain; charset=utf-8"),
    ("/info", "application/json"),
    ("/layers", "application/json"),
    ("/layers/wards.geojson", "application/geo+json"),
    ("/layers/cells.geojson", "application/geo+json"),
    ("/layers/hotspots.geojson", "application/geo+json"),
    ("/tables/wards.json", "application/json"),
    ("/tables/wards.csv", "text/csv; charset=utf-8"),
    ("/tables/hotspots.csv", "text/csv; charset=utf-8"),
    ("/tables/by-type.csv", "text/csv; charset=utf-8"),
    ("/tables/by-month.json", "application/json"),
    ("/tiles/heat/12/2030/1310.png", "image/png"),
    ("/tiles/heat/0/0/0@2x.png", "image/png"),
    ("/legend/heat.json", "application/json"),
    ("/legend/heat.svg", "image/svg+xml"),
    ("/legend/heat.png", "image/png"),
    ("/legend/wards.json", "application/json"),
    ("/legend/hotspots.json", "application/json"),
    ("/map.svg", "image/svg+xml"),
    ("/map.png", "image/png"),
    ("/map.pdf", "application/pdf"),
    ("/streets.geojson", "application/geo+json"),
];

#[tokio::test]
async fn every_route_answers_with_its_type_and_the_security_headers() {
    let server = Server::new();
    for &(address, media_type) in ADDRESSES {
        let reply = server.get(address).await;

        assert_eq!(reply.status, StatusCode::OK, "{address}: {}", reply.text());
        assert_eq!(reply.header("content-type"), media_type, "{address}");
        assert!(!reply.body.is_empty(), "{address}");
        assert_secure(&reply, address);
    }
}

fn assert_secure(reply: &crate::town::Reply, address: &str) {
    assert_eq!(reply.header("content-security-policy"), CONTENT_SECURITY_POLICY, "{address}");
    assert_eq!(reply.header("x-content-type-options"), "nosniff", "{address}");
    assert_eq!(reply.header("referrer-policy"), "same-origin", "{address}");
    assert!(!reply.header("cache-control").is_empty(), "{address}");
}

#[tokio::test]
async fn refusals_are_problem_documents_that_name_what_was_asked() {
    let server = Server::new();
    for (address, status, word) in [
        ("/nothing", 404, "nothing is here"),
        ("/layers/rivers.geojson", 404, "`rivers` (there are: wards, cells, hotspots)"),
        ("/layers/wards.shp", 404, "`shp` (there are: geojson, gpkg, csv, xlsx)"),
        ("/tables/rivers.csv", 404, "by-month"),
        ("/legend/rivers.json", 404, "heat"),
        ("/tiles/rivers/1/0/0.png", 404, "heat"),
        ("/tiles/wards/1/0/0.png", 404, "y.mvt"),
        ("/tiles/heat/19/0/0.png", 404, "zoom is 0 to 18"),
        ("/tiles/heat/1/2/0.png", 404, "below 2^zoom"),
        ("/tiles/heat/a/0/0.png", 400, "`a` is not a number"),
        ("/layers?type=arson", 400, "arson"),
        ("/layers?typ=drugs", 400, "typ"),
        ("/layers?type=drugs&type=burglary", 400, "more than once"),
        ("/layers?window=2025-01&from=2025-01&to=2025-02", 400, "either"),
        ("/layers?window=2010-01..2010-12", 400, "outside the data"),
        ("/layers?source=fire", 400, "police"),
        ("/tiles/heat/1/0/0.png?scheme=sepia", 400, "light, dark"),
        ("/map.png?width=99999", 400, "3200"),
        ("/info?type=drugs", 400, "nothing can be asked"),
        ("/%FF", 404, "nothing is here"),
        ("/layers/%FF.geojson", 400, "Bad Request"),
    ] {
        let reply = server.get(address).await;
        let problem = reply.json();

        assert_eq!(reply.status, status, "{address}: {}", reply.text());
        assert_eq!(reply.header("content-type"), "application/problem+json", "{address}");
        assert_eq!(problem["status"], status, "{address}");
        assert_eq!(problem["instance"], address.split('?').next().unwrap(), "{address}");
        assert!(reply.text().contains(word), "{address}: {}", reply.text());
        let kept = if status == 404 { "max-age=60" } else { "no-store" };
        assert_eq!(reply.header("cache-control"), kept, "{address}");
        assert_secure(&reply, address);
    }
}

#[tokio::test]
async fn invalid_parameters_are_listed_by_name() {
    let reply = Server::new().get("/layers?type=arson&window=winter").await;

    let problem = reply.json();
    let names: Vec<_> = problem["invalid_params"]
        .as_array()
        .unwrap()
        .iter()
        .map(|wrong| wrong["name"].as_str().unwrap().to_owned())
        .collect();

    assert_eq!(names, ["type", "window"]);
}

#[tokio::test]
async fn other_methods_are_told_what_is_allowed() {
    let server = Server::new();
    for method in [Method::POST, Method::PUT, Method::DELETE] {
        let request = Request::builder().method(&method).uri("/layers").body(Body::empty());

        let reply = server.send(request.unwrap()).await;

        assert_eq!(reply.status, StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(reply.header("allow"), "GET,HEAD");
        assert_eq!(reply.header("content-type"), "application/problem+json");
    }
}

#[tokio::test]
async fn head_has_the_headers_of_get_and_no_body() {
    let server = Server::new();
    for &(address, _) in ADDRESSES {
        let get = server.get(address).await;
        let request = Request::head(address).body(Body::empty()).unwrap();
        let head = server.send(request).await;

        assert_eq!(head.status, StatusCode::OK, "{address}");
        assert!(head.body.is_empty(), "{address}");
        for name in ["content-type", "etag", "content-length"] {
            assert_eq!(head.header(name), get.header(name), "{address}: {name}");
        }
    }
}

#[tokio::test]
async fn a_client_that_has_the_reply_gets_304() {
    let server = Server::new();
    for address in ["/layers/wards.geojson", "/tiles/heat/12/2030/1310.png", "/legend/heat.json"] {
        let first = server.get(address).await;
        let tag = first.header("etag").to_owned();
        assert!(tag.starts_with('"') && tag.ends_with('"'), "{address}: {tag}");

        for held in [tag.clone(), format!("W/{tag}"), format!("\"x\", {tag}"), "*".to_owned()] {
            let again = server.get_with(address, &[("if-none-match", &held)]).await;
            assert_eq!(again.status, StatusCode::NOT_MODIFIED, "{address}: {held}");
            assert!(again.body.is_empty());
            assert!(!again.header("etag").is_empty());
        }
        let other = server.get_with(address, &[("if-none-match", "\"x\"")]).await;
        assert_eq!(other.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn compressed_replies_have_a_tag_of_their_own_that_is_recognised() {
    let (server, address) = (Server::new(), "/layers/cells.geojson");
    let plain = server.get(address).await;

    let packed = server.get_with(address, &[("accept-encoding", "gzip")]).await;

    assert_eq!(packed.header("content-encoding"), "gzip");
    assert!(packed.header("vary").contains("accept-encoding"));
    assert!(packed.body.len() < plain.body.len() / 3);
    assert_ne!(packed.header("etag"), plain.header("etag"));
    let held = packed.header("etag").to_owned();
    let again =
        server.get_with(address, &[("accept-encoding", "gzip"), ("if-none-match", &held)]).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn a_png_is_never_compressed_twice() {
    let tile = Server::new().get_with("/map.png", &[("accept-encoding", "gzip")]).await;

    assert_eq!(tile.header("content-encoding"), "");
}

#[tokio::test]
async fn an_address_with_the_version_may_be_kept_for_good() {
    let server = Server::new();
    let version = server.get("/info").await.json()["version"].as_str().unwrap().to_owned();
    let kept = |query: String| {
        let server = &server;
        async move {
            let reply = server.get(&format!("/layers/wards.geojson{query}")).await;
            reply.header("cache-control").to_owned()
        }
    };

    assert_eq!(kept(format!("?v={version}")).await, "public, max-age=31536000, immutable");
    assert!(kept(String::new()).await.starts_with("public, max-age=300"));
    assert!(kept("?v=stale".to_owned()).await.starts_with("public, max-age=300"));
}

#[tokio::test]
async fn what_the_client_does_not_accept_is_406() {
    let server = Server::new();
    let accept = |address: &'static str, value: &'static str| {
        let server = &server;
        async move { server.get_with(address, &[("accept", value)]).await.status }
    };

    assert_eq!(accept("/layers/wards.geojson", "text/html").await, StatusCode::NOT_ACCEPTABLE);
    assert_eq!(accept("/layers/wards.geojson", "application/json").await, StatusCode::OK);
    assert_eq!(accept("/tiles/heat/1/0/0.png", "image/webp,*/*;q=0.8").await, StatusCode::OK);
}

#[tokio::test]
async fn an_address_too_long_is_414_and_a_body_too_large_413() {
    let server = Server::new();
    let long = server.get(&format!("/layers?type={}", "x".repeat(9_000))).await;
    let large = server.get_with("/layers", &[("content-length", "100000")]).await;

    assert_eq!(long.status, StatusCode::URI_TOO_LONG);
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn too_much_at_once_is_503_with_a_time_to_come_back() {
    let server = Server::with(Limits { in_flight: 0, ..Limits::default() });

    let reply = server.get("/healthz").await;

    assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(reply.header("retry-after"), "2");
    assert_eq!(reply.header("cache-control"), "no-store");
}

#[tokio::test]
async fn the_window_asked_for_is_the_one_shown_however_it_is_named() {
    let server = Server::new();
    let made = |query: &'static str| {
        let server = &server;
        async move { server.get(&format!("/layers?{query}")).await.json()["how_made"].clone() }
    };

    let latest = made("").await;

    assert_eq!(latest["window"], "2025-01..2025-12");
    assert_eq!(made("from=2025-01&to=2025-12").await, latest);
    assert_eq!(made("window=jan-dec").await, latest);
    assert_eq!(made("type=all&window=2025-01..2025-12&source=").await, latest);
    assert_ne!(made("window=all").await, latest);
}

#[tokio::test]
async fn every_address_in_the_list_of_layers_answers() {
    let server = Server::new();
    let list = server.get("/layers?type=burglary").await.json();
    let mut addresses = Vec::new();
    for (group, names) in
        [("layers", &["geojson"][..]), ("tables", &["json", "csv"]), ("legends", &["json"])]
    {
        for entry in list[group].as_array().unwrap() {
            addresses.extend(names.iter().map(|&name| entry[name].as_str().unwrap().to_owned()));
        }
    }
    let template = list["tiles"][0]["tiles"].as_str().unwrap();
    let tile = template.replace("{z}", "12").replace("{x}", "2030").replace("{y}", "1310");
    addresses.extend(["", "@2x"].map(|ratio| tile.replace("{ratio}", ratio)));

    for address in &addresses {
        let reply = server.get(address).await;
        assert_eq!(reply.status, StatusCode::OK, "{address}");
        assert!(reply.header("cache-control").contains("immutable"), "{address}");
    }
    assert!(addresses.len() >= 3 + 10 + 3 + 2, "{}", addresses.len());
}

#[tokio::test]
async fn geojson_csv_and_json_hold_the_same_counts() {
    let server = Server::new();
    let total = |values: Vec<u64>| values.into_iter().sum::<u64>();

    let layer = server.get("/layers/wards.geojson").await.json();
    let features = layer["features"].as_array().unwrap();
    let geojson =
        total(features.iter().map(|f| f["properties"]["count"].as_u64().unwrap()).collect());
    let table = server.get("/tables/wards.json").await.json();
    let ids: Vec<_> =
        table["columns"].as_array().unwrap().iter().map(|c| c["id"].clone()).collect();
    let count = ids.iter().position(|id| id == "count").unwrap();
    let json = total(
        table["rows"].as_array().unwrap().iter().map(|row| row[count].as_u64().unwrap()).collect(),
    );
    let csv = server.get("/tables/wards.csv").await;
    let csv = total(
        csv.text()
            .lines()
            .skip(1)
            .map(|line| line.split(',').nth(count).unwrap().parse().unwrap())
            .collect(),
    );
    let made = server.get("/layers").await.json()["how_made"]["n_incidents"].as_u64().unwrap();

    assert!(geojson > 100);
    assert_eq!([json, csv, made], [geojson; 3]);
}

#[tokio::test]
async fn streets_carry_their_names() {
    let streets = Server::new().get("/streets.geojson").await.json();

    let street = &streets["features"][0];
    assert_eq!(street["properties"]["name"], "High Street");
    assert_eq!(street["geometry"]["type"], "LineString");
    let lon = street["geometry"]["coordinates"][0][0].as_f64().unwrap();
    assert!((-1.4..-1.2).contains(&lon), "{lon}");
}

#[tokio::test]
async fn info_says_what_the_data_are() {
    let info = Server::new().get("/info").await.json();

    assert_eq!(info["area"], "Testborough");
    assert_eq!(info["fictional"], true);
    assert_eq!((&info["first"], &info["last"]), (&"2024-01".into(), &"2025-12".into()));
    assert_eq!(info["types"][0]["id"], "all");
    assert!(info["types"].as_array().unwrap().iter().all(|t| t["count"].as_u64().unwrap() > 0));
    assert_eq!(info["sources"][0], "police");
    assert_eq!(info["attribution"][0], "Invented for tests");
}

#[tokio::test]
async fn a_drawn_map_may_be_shown_under_the_policy_of_every_page() {
    let server = Server::new();
    for address in ["/map.svg", "/map.svg?show=rate&scheme=dark&width=700", "/legend/wards.svg"] {
        let drawn = server.get(address).await;

        for banned in ["style=", "<style", "<script", "href="] {
            assert!(!drawn.text().contains(banned), "{address}: {banned}");
        }
    }
    let picture = server.get("/map.png?width=900&height=700").await.picture();
    assert_eq!(picture.dimensions(), (900, 700));
}

#[tokio::test]
async fn a_browser_reads_in_words_what_it_cannot_have() {
    let server = Server::new();
    let browser = [("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")];
    let program = [("accept", "application/json")];
    for address in [
        "/statistics?typ=drugs",
        "/statistics/no-such",
        "/api?x=1",
        "/collections?x=1",
        "/collections/wards/items?limit=x",
        "/collections/no-such",
        "/layers?x=1",
        "/layers/wards.csv?x=1",
        "/layers/wards.doc",
        "/tables/no-such.csv",
        "/map.pdf?show=x",
        "/analyses/no-such",
        "/nowhere",
    ] {
        let page = server.get_with(address, &browser).await;
        let problem = server.get_with(address, &program).await;

        assert!(page.status.is_client_error(), "{address}");
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8", "{address}");
        assert!(page.text().contains("<h1") && page.text().contains("see all wards"), "{address}");
        assert_eq!(problem.status, page.status, "{address}");
        assert_eq!(problem.header("content-type"), "application/problem+json", "{address}");
        assert!(problem.header("vary").to_lowercase().contains("accept,"), "{address}");
    }
    // The document says what a statistic is; the page alone runs it.
    for address in ["/statistics/gi-star?units=acre", "/statistics/gi-star?option-alpha=much"] {
        let page = server.get_with(address, &browser).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{address}");
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8", "{address}");
    }
    let asked = server.get_with("/statistics?typ=drugs&f=json", &browser).await;
    assert_eq!(asked.header("content-type"), "application/problem+json");
}
