//! Analyses over HTTP: run, polled, cancelled and fetched, within limits.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use geo::Rect;
use serde_json::json;
use wardheat::audience::{Audience, Rule};
use wardheat::export::write_table;
use wardheat::geometry::Shape;
use wardheat::pipeline::{
    AnalysisRequest, CellSizes, ScoreRequest, analyse, disclose, score_workspace,
};
use wardheat::quantity::Metres;
use wardheat::server::{AppState, Compute, Limits};
use wardheat::stats::{STATISTICS, Watch, statistic};
use wardheat::store::Dataset;

use crate::town::{Reply, Server, dataset};

async fn send(server: &Server, method: Method, address: &str, body: &str) -> Reply {
    let request = Request::builder().method(method).uri(address);
    server.send(request.body(Body::from(body.to_owned())).unwrap()).await
}

async fn run(server: &Server, body: &str) -> Reply {
    send(server, Method::POST, "/analyses", body).await
}

/// Asks until the analysis is no longer under way.
async fn ended(server: &Server, address: &str) -> serde_json::Value {
    for _ in 0..600 {
        let reply = server.get(address).await;
        if reply.status != StatusCode::ACCEPTED {
            return reply.json();
        }
        assert_eq!(reply.header("retry-after"), "1");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it did not end in 30 s");
}

#[test]
fn cells_are_as_fine_as_the_area_allows() {
    let of = |side_km: f64| {
        let side = side_km * 1000.0;
        let square = Rect::new((0.0, 0.0), (side, side)).to_polygon();
        let data = Dataset { study_area: Shape::new(square.into()), ..dataset() };
        let resolved = AnalysisRequest::default().resolved(&data).unwrap();
        let sizes = CellSizes::of(&data);
        assert_eq!(resolved.cell(), sizes.usual);
        (sizes.finest.get(), sizes.usual.get())
    };

    assert_eq!(of(10.0), (100.0, 250.0));
    assert_eq!(of(100.0), (200.0, 250.0));
    // England and Wales are as large as this.
    assert_eq!(of(389.0), (500.0, 500.0));
    assert_eq!(of(500.0), (1000.0, 1000.0));
    let asked = AnalysisRequest { cell: Some(Metres::new(200.0)), ..AnalysisRequest::default() };
    assert_eq!(asked.resolved(&dataset()).unwrap().cell(), Metres::new(200.0));
}

#[tokio::test]
async fn an_analysis_is_run_polled_and_fetched_in_every_form() {
    let server = Server::new();

    let begun = run(&server, r#"{"type": "burglary", "cell": 500, "window": "all"}"#).await;
    assert_eq!(begun.status, StatusCode::ACCEPTED, "{}", begun.text());
    let place = begun.header("location").to_owned();
    let done = ended(&server, &place).await;

    assert_eq!((&done["status"], &done["progress"]), (&"successful".into(), &100.into()));
    assert_eq!(done["request"]["cell"], 500.0);
    let results = done["results"].as_array().unwrap();
    assert!(results.len() >= 3 * 4 + 4, "{}", results.len());
    for result in results {
        let file = server.get(result["href"].as_str().unwrap()).await;
        assert_eq!(
            file.status,
            StatusCode::OK,
            "{result}: {}",
            String::from_utf8_lossy(&file.body)
        );
        assert_eq!(file.header("content-type"), result["type"], "{result}");
        assert!(file.body.len() > 20, "{result}");
    }
    // The same as by command: the numbers of the engine, whatever stands between.
    let request = serde_json::from_value(done["request"].clone()).unwrap();
    let by_hand = analyse(&request, &dataset()).unwrap();
    let wards = server.get(&format!("{place}/wards.geojson")).await.json();
    let count = by_hand.layer("wards").unwrap().column("count").unwrap();
    let counts: Vec<_> = by_hand
        .layer("wards")
        .unwrap()
        .features
        .iter()
        .map(|feature| serde_json::to_value(&feature.values[count]).unwrap())
        .collect();
    let told: Vec<_> = wards["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|feature| feature["properties"]["count"].clone())
        .collect();
    assert_eq!(told, counts);
    // Asked again, however it is written, it is done already and is the same.
    let again =
        run(&server, r#"{"window":"2024-01..2025-12","cell":500.0,"type":"burglary"}"#).await;
    assert_eq!((again.status, again.header("location")), (StatusCode::CREATED, place.as_str()));
}

#[tokio::test]
async fn what_cannot_be_run_is_refused_before_any_work() {
    let server = Server::new();
    for (body, word) in [
        ("", "EOF"),
        ("[]", "body"),
        (r#"{"bandwith": 300}"#, "bandwith"),
        (r#"{"cell": 1}"#, "25 to 10,000 m"),
        (r#"{"cell": 1e999}"#, "body"),
        (r#"{"alpha": 7}"#, "alpha"),
        (r#"{"type": "arson"}"#, "arson"),
        (r#"{"window": "2010-01..2010-12"}"#, "outside the data"),
        (r#"{"source": "fire"}"#, "police"),
    ] {
        let refused = run(&server, body).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{body}: {}", refused.text());
        assert_eq!(refused.header("content-type"), "application/problem+json");
        assert!(refused.text().contains(word), "{body}: {}", refused.text());
    }
    let large = run(&server, &format!("{{\"source\": \"{}\"}}", "x".repeat(70_000))).await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
    for (method, address, status) in [
        (Method::GET, "/analyses", StatusCode::METHOD_NOT_ALLOWED),
        (Method::GET, "/analyses/none", StatusCode::NOT_FOUND),
        (Method::DELETE, "/analyses/none", StatusCode::NOT_FOUND),
        (Method::GET, "/analyses/none/wards.csv", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(send(&server, method.clone(), address, "").await.status, status, "{address}");
    }
}

/// A server whose analyses go on until they are stopped.
fn endless() -> (Server, Arc<AtomicBool>) {
    let stopped = Arc::new(AtomicBool::new(false));
    let said = Arc::clone(&stopped);
    let compute = Compute::new(Limits::default()).unwrap();
    let state = AppState::with_analyse(
        Arc::new(dataset()),
        &compute,
        Box::new(move |_, _, watch| {
            watch.expect(1_000_000);
            while watch.step().is_ok() {
                std::thread::sleep(Duration::from_millis(1));
            }
            said.store(true, Ordering::Release);
            anyhow::bail!("stopped")
        }),
    );
    (Server::over(state), stopped)
}

async fn soon(what: &AtomicBool) -> bool {
    for _ in 0..500 {
        if what.load(Ordering::Acquire) {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    false
}

#[tokio::test]
async fn a_cancelled_analysis_stops_computing() {
    let (server, stopped) = endless();
    let begun = run(&server, "{}").await;
    let place = begun.header("location").to_owned();
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(server.get(&place).await.json()["status"], "running");
    assert_eq!(server.get(&format!("{place}/wards.csv")).await.status, StatusCode::CONFLICT);

    let gone = send(&server, Method::DELETE, &place, "").await;

    assert_eq!(gone.json()["status"], "dismissed");
    assert!(soon(&stopped).await);
    assert_eq!(server.get(&place).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_client_that_hangs_up_stops_what_only_it_waited_for() {
    let (server, stopped) = endless();

    let asked = tokio::time::timeout(Duration::from_millis(200), server.get("/layers")).await;

    assert!(asked.is_err());
    assert!(soon(&stopped).await);
}

#[tokio::test]
async fn more_than_four_at_once_are_refused_by_name() {
    let (server, _) = endless();
    for seed in 0..4 {
        let begun = run(&server, &format!("{{\"seed\": {seed}}}")).await;
        assert_eq!(begun.status, StatusCode::ACCEPTED, "{}", begun.text());
    }

    let refused = run(&server, r#"{"seed": 4}"#).await;

    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.text().contains("4 analyses of yours are under way"), "{}", refused.text());
    assert!(!refused.header("retry-after").is_empty());
    // One that is under way already may be asked for again.
    assert_eq!(run(&server, r#"{"seed": 3}"#).await.status, StatusCode::ACCEPTED);
    for seed in 0..4 {
        let place = run(&server, &format!("{{\"seed\": {seed}}}")).await;
        send(&server, Method::DELETE, place.header("location"), "").await;
    }
}

/// Runs a statistic to its end.
async fn scored(server: &Server, body: &serde_json::Value) -> (String, serde_json::Value) {
    let begun = run(server, &body.to_string()).await;
    assert!(begun.status.is_success(), "{body}: {}", begun.text());
    let place = begun.header("location").to_owned();
    let done = ended(server, &place).await;
    (place, done)
}

#[tokio::test]
async fn every_statistic_of_the_command_line_runs_over_http_and_says_the_same() {
    let server = Server::new();
    let known = server.get("/statistics").await.json();
    let known: Vec<&str> = known["statistics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["id"].as_str().unwrap())
        .collect();
    assert_eq!(known, STATISTICS.iter().map(|one| one.id()).collect::<Vec<_>>());
    let (mut successful, mut failed) = (0, Vec::new());
    for statistic in STATISTICS {
        let body = json!({ "statistic": statistic.id(), "type": "burglary", "window": "all" });
        let request = ScoreRequest::of_json(body.as_object().unwrap().clone()).unwrap();
        let (place, done) = scored(&server, &body).await;
        let by_hand = score_workspace(&request, &dataset(), None, &Watch::default());
        match by_hand {
            Ok(by_hand) => {
                assert_eq!(done["status"], "successful", "{}: {done}", statistic.id());
                assert_eq!(done["progress"], 100);
                assert!(!done["results"].as_array().unwrap().is_empty(), "{done}");
                for result in done["results"].as_array().unwrap() {
                    let file = server.get(result["href"].as_str().unwrap()).await;
                    assert_eq!(file.status, StatusCode::OK, "{result}: {}", file.text());
                    assert_eq!(file.header("content-type"), result["type"], "{result}");
                }
                for layer in &by_hand.layers {
                    let mut bytes = Vec::new();
                    write_table(&layer.table(), &mut bytes).unwrap();
                    let told = server.get(&format!("{place}/{}.csv", layer.id)).await;
                    assert_eq!(told.body, bytes, "{}", statistic.id());
                }
                assert_eq!(done["notes"], json!(by_hand.notes));
                assert_eq!(done["how_made"]["methods"], json!(by_hand.how_made.methods));
                successful += 1;
            }
            Err(why) => {
                assert_eq!(done["status"], "failed", "{}: {done}", statistic.id());
                assert!(format!("{why:#}").contains(done["detail"].as_str().unwrap()), "{done}");
                failed.push(statistic.id());
            }
        }
    }
    // The town has neither times nor earlier years nor weights of harm.
    let cannot = "harm dual-kde change proportion-change knox near-repeat mantel aoristic";
    assert_eq!((successful, failed.join(" ").as_str()), (STATISTICS.len() - 8, cannot));
}

#[tokio::test]
async fn a_statistic_is_one_however_it_is_written() {
    let server = Server::new();
    let short = json!({ "statistic": "gi-star", "type": "burglary", "units": "square:500" });
    let (place, done) = scored(&server, &short).await;

    let (again, _) = scored(&server, &done["request"]).await;
    let other = json!({ "statistic": "gi-star", "type": "burglary", "units": "square:250" });
    let (other, _) = scored(&server, &other).await;

    assert_eq!(again, place);
    assert_ne!(other, place);
    assert_eq!(done["request"]["units"], "square:500");
    let whole = done["request"]["options"].as_object().unwrap();
    let options = statistic("gi-star").unwrap().options();
    assert!(options.iter().all(|option| whole.contains_key(&option.name)), "{whole:?}");
}

#[tokio::test]
async fn a_statistic_that_cannot_be_run_is_refused_by_name() {
    let server = Server::new();
    for (body, word) in [
        (json!({ "statistic": "gi" }), "gi"),
        (json!({ "statistic": null }), "statistic"),
        (json!({ "statistic": "gi-star", "options": { "aplha": 0.1 } }), "aplha"),
        (json!({ "statistic": "gi-star", "options": [0.1] }), "options"),
        (json!({ "statistic": "gi-star", "units": "square:1" }), "25 to 100,000 m"),
        (json!({ "statistic": "gi-star", "cell": 250 }), "units"),
        (json!({ "units": "ward" }), "units"),
        (json!({ "statistic": "local-moran", "options": { "permutations": 99_999 } }), "9999"),
        (json!({ "statistic": "gi-star", "options": { "weights": "/etc/passwd.gal" } }), "weights"),
        (json!({ "statistic": "harm", "options": { "weights": "/etc/passwd" } }), "weights"),
        (
            json!({ "statistic": "standardised-ratio", "options": { "strata": "/etc/passwd" } }),
            "strata",
        ),
        (json!({ "statistic": "kde", "window": "2010-01..2010-12" }), "outside the data"),
    ] {
        let refused = run(&server, &body.to_string()).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{body}: {}", refused.text());
        assert!(refused.text().contains(word), "{body}: {}", refused.text());
    }
}

#[tokio::test]
async fn no_option_of_any_statistic_opens_a_file_of_the_server() {
    let server = Server::new();
    let mut tried = 0;
    for statistic in STATISTICS {
        for option in statistic.options() {
            for path in ["no-such-file.gal", "/no/such/file.csv"] {
                let body =
                    json!({ "statistic": statistic.id(), "options": { &option.name: path } });
                let begun = run(&server, &body.to_string()).await;
                if begun.status == StatusCode::BAD_REQUEST {
                    tried += 1;
                    continue;
                }
                let done = ended(&server, begun.header("location")).await.to_string();
                // Some options take any word, such as the name of a group; none is a file.
                for word in ["reading", "No such file", "cannot find", "os error"] {
                    assert!(!done.contains(word), "{body}: {done}");
                }
                tried += 1;
            }
        }
    }
    assert!(tried > 200, "{tried}");
}

#[tokio::test]
async fn single_statistics_are_not_offered_where_counts_are_told_in_steps() {
    let rule = Rule::of(Audience::Public).unwrap();
    let server = Server::over(
        AppState::new(disclose(&dataset(), &rule).unwrap(), Limits::default()).unwrap(),
    );

    let refused = run(&server, r#"{"statistic": "gi-star"}"#).await;

    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text());
    assert!(refused.text().contains("public"));
    assert!(run(&server, "{}").await.status.is_success(), "maps are");
}

#[tokio::test]
async fn what_had_to_make_room_is_worked_out_again_and_is_the_same() {
    let limits = Limits { findings_bytes: 1_024, rendered_bytes: 0, ..Limits::default() };
    let server = Server::with(limits);
    let bodies: Vec<_> = (0..4).map(|seed| json!({ "type": "burglary", "seed": seed })).collect();
    let mut first = Vec::new();
    for body in &bodies {
        let (place, done) = scored(&server, body).await;
        assert_eq!(done["status"], "successful");
        first.push((place.clone(), fetched(&server, &place).await));
    }

    for (place, bytes) in &first {
        assert_eq!(&fetched(&server, place).await, bytes);
    }
}

/// The wards of an analysis, waited for.
async fn fetched(server: &Server, place: &str) -> axum::body::Bytes {
    for _ in 0..600 {
        let file = server.get(&format!("{place}/wards.csv")).await;
        if file.status == StatusCode::OK {
            return file.body;
        }
        assert_eq!(file.status, StatusCode::CONFLICT, "{}", file.text());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it did not end");
}

const PAGE: &[(&str, &str)] = &[("accept", "text/html")];

#[tokio::test]
async fn a_page_runs_a_statistic_and_its_files_are_those_of_the_analysis() {
    let server = Server::new();
    let list = server.get_with("/statistics?type=burglary", PAGE).await;
    let list = list.text();
    for statistic in STATISTICS {
        assert!(list.contains(statistic.label()) && list.contains(statistic.about()));
        let page = server.get_with(&format!("/statistics/{}", statistic.id()), PAGE).await;
        assert_eq!(page.status, StatusCode::OK, "{}", statistic.id());
        for option in statistic.options() {
            let written = page.text().contains(&format!("name=\"option-{}\"", option.name));
            let is_path = matches!(option.name.as_str(), "strata" | "rates")
                || (statistic.id(), option.name.as_str()) == ("harm", "weights");
            assert_eq!(written, !is_path, "{} {}", statistic.id(), option.name);
        }
    }

    let address = "/statistics/gi-star?type=burglary&units=square%3A500&option-alpha=0.1&run=yes";
    let page = server.get_with(address, PAGE).await;
    let page = page.text();

    let body = json!({
        "statistic": "gi-star", "type": "burglary", "units": "square:500", "options": { "alpha": 0.1 },
    });
    let (place, _) = scored(&server, &body).await;
    assert!(page.contains(&format!("{place}/gi-star.geojson")), "{place}");
    assert!(page.contains("What was found") && page.contains("alpha 0.1"), "{page}");
    assert!(!page.contains("alpha 0.05"));
}

#[tokio::test]
async fn a_page_says_what_cannot_be_read_or_answered() {
    let server = Server::new();
    for (address, status, word) in [
        ("/statistics/none", StatusCode::NOT_FOUND, "none"),
        ("/statistics/gi-star?option-alpha=x", StatusCode::BAD_REQUEST, "is no number"),
        ("/statistics/gi-star?alpha=0.1", StatusCode::BAD_REQUEST, "alpha"),
        ("/statistics/gi-star?units=parish", StatusCode::BAD_REQUEST, "parish"),
        ("/statistics/gi-star?option-weights=a.gal", StatusCode::BAD_REQUEST, "names a file"),
        ("/statistics/knox?run=yes", StatusCode::OK, "These data cannot answer this"),
    ] {
        let page = server.get_with(address, PAGE).await;
        assert_eq!(page.status, status, "{address}: {}", page.text());
        assert!(page.text().contains(word), "{address}: {}", page.text());
    }
    let rule = Rule::of(Audience::Public).unwrap();
    let state = AppState::new(disclose(&dataset(), &rule).unwrap(), Limits::default()).unwrap();
    let public = Server::over(state);
    for address in ["/statistics", "/statistics/gi-star"] {
        let page = public.get_with(address, PAGE).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{address}");
        assert!(page.text().contains("Single statistics are not offered to the public"));
    }
    assert!(!public.get_with("/", PAGE).await.text().contains("/statistics"));
    assert!(server.get_with("/", PAGE).await.text().contains("/statistics?"));
}
