//! The gate before the routes: who is let in, as whom, how often, and what becomes of replies.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::http::{Method, StatusCode};
use wardheat::audience::Audience;
use wardheat::server::access::tokens;
use wardheat::server::{CONTENT_SECURITY_POLICY, Compute, Gate, Limits, Site};
use wardheat::store::Dataset;
use wardheat::workspace::ServerRule;

use crate::door::{Door, ELSEWHERE};
use crate::support::Workspace;
use crate::town::dataset;

fn bearer(token: &str) -> String {
    format!("Bearer {token}")
}

/// `Authorization: Basic` of any name and this password.
fn basic(token: &str) -> String {
    use base64::Engine as _;
    format!("Basic {}", base64::prelude::BASE64_STANDARD.encode(format!("token:{token}")))
}

const DATA: [&str; 5] =
    ["/layers", "/tables/cells.csv", "/tiles/heat/12/2030/1310.png", "/collections", "/info"];

#[tokio::test]
async fn nobody_is_let_in_without_a_token_and_any_form_of_it_will_do() {
    let door = Door::open(None, ServerRule::default());
    let token = door.token("Ann", Audience::Analyst);

    for address in DATA {
        let refused = door.get(address, &[]).await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{address}");
        assert_eq!(refused.header("content-type"), "application/problem+json");
        assert!(refused.header("www-authenticate").contains("Basic"), "{address}");
        assert_eq!(refused.header("cache-control"), "no-store");
        assert_eq!(refused.header("content-security-policy"), CONTENT_SECURITY_POLICY);
        assert_eq!(refused.json()["trace_id"], refused.header("x-request-id"));
        for shown in [bearer(&token), basic(&token)] {
            let let_in = door.get(address, &[("authorization", &shown)]).await;
            assert_eq!(let_in.status, StatusCode::OK, "{address}");
            assert!(let_in.header("cache-control").starts_with("private"), "{address}");
            let vary = let_in
                .headers
                .get_all("vary")
                .iter()
                .any(|value| value.to_str().unwrap().contains("Authorization"));
            assert!(vary, "{address}");
        }
    }
    for wrong in ["Bearer wardheat_x", "Basic !!", "Digest x", "Bearer"] {
        let refused = door.get("/layers", &[("authorization", wrong)]).await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{wrong}");
    }
    // What says nothing of the data is open.
    for open in ["/healthz", "/readyz", "/assets/tokens.css"] {
        assert_eq!(door.get(open, &[]).await.status, StatusCode::OK, "{open}");
    }
}

#[tokio::test]
async fn a_token_that_is_revoked_or_over_lets_nobody_in() {
    let door = Door::open(None, ServerRule::default());
    let token = door.token("Ann", Audience::Analyst);
    let past = jiff::Timestamp::now() - jiff::SignedDuration::from_secs(1);
    let over = tokens::add(door.workspace.path(), "Old", Audience::Analyst, Some(past)).unwrap();
    let status = |token: String| {
        let door = &door;
        async move { door.get("/info", &[("authorization", &bearer(&token))]).await.status }
    };

    assert_eq!(status(token.clone()).await, StatusCode::OK);
    assert_eq!(status(over).await, StatusCode::UNAUTHORIZED);
    std::thread::sleep(Duration::from_millis(20));
    tokens::revoke(door.workspace.path(), "Ann").unwrap();
    assert_eq!(status(token).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn each_audience_sees_its_own_data_and_no_cache_mixes_them() {
    let door = Door::open(None, ServerRule::default());
    let (all, some) = (door.token("Ann", Audience::Analyst), door.token("Pat", Audience::Public));
    let counts = |token: String| {
        let door = &door;
        async move {
            let table =
                door.get("/tables/cells.json", &[("authorization", &bearer(&token))]).await.json();
            let rows = table["rows"].as_array().unwrap();
            rows.iter().filter_map(|row| row[1].as_i64()).collect::<Vec<_>>()
        }
    };

    // Asked one after the other and back, so that a shared cache would show.
    let first = counts(all.clone()).await;
    let public = counts(some.clone()).await;
    assert_eq!(counts(all.clone()).await, first);
    assert_eq!(counts(some.clone()).await, public);

    assert!(first.iter().any(|count| (1..5).contains(count)), "{first:?}");
    assert!(public.iter().all(|count| count % 5 == 0), "{public:?}");
    assert!(public.iter().sum::<i64>() > 0);
    let version = |token: String| {
        let door = &door;
        async move {
            door.get("/info", &[("authorization", &bearer(&token))]).await.json()["version"].clone()
        }
    };
    assert_ne!(version(all.clone()).await, version(some.clone()).await);
    // Further in than the cells bear, the public gets no tile.
    let deep = "/tiles/heat/15/16240/10480.png";
    assert_eq!(door.get(deep, &[("authorization", &bearer(&all))]).await.status, StatusCode::OK);
    let refused = door.get(deep, &[("authorization", &bearer(&some))]).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    assert!(refused.text().contains("14"), "{}", refused.text());
    // Nor a window that cuts a quarter.
    let cut = "/layers?window=2025-01..2025-02";
    let refused = door.get(cut, &[("authorization", &bearer(&some))]).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(refused.text().contains("2025-01..2025-03"), "{}", refused.text());
}

#[tokio::test]
async fn the_page_logs_in_and_goes_on_to_where_one_was_going() {
    let door = Door::open(None, ServerRule::default());
    let token = door.token("Ann", Audience::Analyst);
    let page = [("accept", "text/html")];

    let sent = door.get("/wards?type=burglary", &page).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    let login = sent.header("location").to_owned();
    assert_eq!(login, "/login?next=%2Fwards%3Ftype%3Dburglary");
    let form = door.get(&login, &page).await;
    assert_eq!(form.status, StatusCode::OK);
    assert!(form.text().contains("value=\"/wards?type=burglary\""), "{}", form.text());
    assert!(!form.text().contains("<script type=\"text/javascript\""));

    let body = Box::leak(format!("token={token}&next=%2Fwards%3Ftype%3Dburglary").into_boxed_str());
    let done = door.send(Method::POST, "/login", &[("sec-fetch-site", "same-origin")], body).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    assert_eq!(done.header("location"), "/wards?type=burglary");
    let cookie = done.header("set-cookie").to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    assert!(!cookie.contains("Secure") && !cookie.contains(&token), "{cookie}");
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let shown = door.get("/wards?type=burglary", &[page[0], ("cookie", &cookie)]).await;
    assert_eq!(shown.status, StatusCode::OK);

    // Out, and back to where one was.
    let out = door.send(Method::POST, "/logout", &[("cookie", &cookie)], "").await;
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    let ended = door.get("/wards", &[page[0], ("cookie", &cookie)]).await;
    assert_eq!(ended.header("location"), "/login?next=%2Fwards&why=ended");
    let why = door.get(ended.header("location"), &page).await;
    assert!(why.text().contains("Your log-in has ended"), "{}", why.text());
}

#[tokio::test]
async fn a_log_in_ends_with_its_token() {
    let door = Door::open(None, ServerRule::default());
    let token = door.token("Ann", Audience::Analyst);
    let body = Box::leak(format!("token={token}").into_boxed_str());
    let done = door.send(Method::POST, "/login", &[], body).await;
    let cookie = done.header("set-cookie").split(';').next().unwrap().to_owned();
    assert_eq!(door.get("/info", &[("cookie", &cookie)]).await.status, StatusCode::OK);

    std::thread::sleep(Duration::from_millis(20));
    tokens::revoke(door.workspace.path(), "Ann").unwrap();

    assert_eq!(door.get("/info", &[("cookie", &cookie)]).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_wrong_token_and_too_many_tries_are_refused() {
    let door = Door::open(None, ServerRule::default());
    door.token("Ann", Audience::Analyst);
    let (mut statuses, mut left) = (Vec::new(), Vec::new());
    for _ in 0..12 {
        let tried = door.send(Method::POST, "/login", &[], "token=%3Cscript%3E&next=//evil").await;
        assert!(!tried.text().contains("<script>") && !tried.text().contains("//evil"));
        assert_eq!(tried.header("ratelimit-policy"), "10;w=60");
        assert_eq!(tried.header("ratelimit-limit"), "10");
        left.push(tried.header("ratelimit-remaining").parse::<u32>().unwrap());
        statuses.push(tried.status.as_u16());
    }

    assert_eq!(statuses[0], 401);
    assert_eq!(*statuses.last().unwrap(), 429);
    assert_eq!((left[0], *left.last().unwrap()), (9, 0));
}

#[tokio::test]
async fn who_is_known_is_told_how_much_more_they_may_ask() {
    let rule = ServerRule { requests_per_second: Some(2), ..ServerRule::default() };
    let door = Door::open(None, rule);
    let token = door.token("Ann", Audience::Analyst);
    let bearer = format!("Bearer {token}");
    let ask = async || door.get("/healthz", &[("authorization", bearer.as_str())]).await;

    let first = ask().await;
    assert_eq!(first.header("ratelimit-policy"), "20;w=10");
    assert_eq!(first.header("ratelimit-remaining"), "19");
    let mut last = first;
    for _ in 0..30 {
        last = ask().await;
    }
    assert_eq!(last.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(last.header("ratelimit-remaining"), "0");
    let wait: u64 = last.header("retry-after").parse().unwrap();
    assert!(wait <= last.header("ratelimit-reset").parse().unwrap());
}

#[tokio::test]
async fn what_another_site_sends_changes_nothing() {
    let door = Door::open(None, ServerRule::default());
    let token = door.token("Ann", Audience::Analyst);
    let body = Box::leak(format!("token={token}").into_boxed_str());
    for foreign in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
        let refused = door.send(Method::POST, "/login", &[foreign], body).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{foreign:?}");
    }
    let done = door.send(Method::POST, "/login", &[("origin", "http://maps")], body).await;
    let cookie = done.header("set-cookie").split(';').next().unwrap().to_owned();

    let refused = door
        .send(
            Method::POST,
            "/analyses",
            &[("cookie", &cookie), ("sec-fetch-site", "cross-site")],
            "{}",
        )
        .await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let done = door
        .send(
            Method::POST,
            "/analyses",
            &[("cookie", &cookie), ("sec-fetch-site", "same-origin")],
            "{}",
        )
        .await;
    assert!(done.status.is_success(), "{}", done.text());
}

#[tokio::test]
async fn the_log_says_who_saw_what_when() {
    let door = Door::open(None, ServerRule::default());
    let (ann, pat) = (door.token("Ann", Audience::Analyst), door.token("Pat", Audience::Public));

    door.get("/tables/cells.csv?type=burglary", &[("authorization", &bearer(&ann))]).await;
    door.get("/tables/cells.csv", &[("authorization", &bearer(&pat))]).await;
    door.get("/healthz", &[("authorization", &bearer(&ann))]).await;
    door.get("/info", &[]).await;

    let log = door.log();
    assert_eq!(log.len(), 1, "{log:?}");
    let line = &log[0];
    assert_eq!((&line["who"], &line["audience"]), (&"Ann".into(), &"analyst".into()));
    assert_eq!(
        (&line["path"], &line["query"]),
        (&"/tables/cells.csv".into(), &"type=burglary".into())
    );
    assert_eq!((&line["client"], &line["status"]), (&ELSEWHERE.into(), &200.into()));
    assert!(line["time"].as_str().unwrap().parse::<jiff::Timestamp>().is_ok());
}

#[tokio::test]
async fn one_client_that_asks_too_often_is_told_when_to_come_back_and_others_are_not() {
    let rule = ServerRule { requests_per_second: Some(2), ..ServerRule::default() };
    let door = Door::open(None, rule);
    let (ann, bob) = (door.token("Ann", Audience::Analyst), door.token("Bob", Audience::Analyst));
    let mut last = None;
    for _ in 0..25 {
        last = Some(door.get("/info", &[("authorization", &bearer(&ann))]).await);
    }

    let last = last.unwrap();
    assert_eq!(last.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(last.header("retry-after").parse::<u64>().unwrap() >= 1);
    assert_eq!(last.header("cache-control"), "no-store");
    let other = door.get("/info", &[("authorization", &bearer(&bob))]).await;
    assert_eq!(other.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn new_data_are_swapped_in_under_load_without_a_failed_request() {
    let named = |n: usize| Dataset { version: format!("load-{n}"), ..dataset() };
    let rule = ServerRule { requests_per_second: Some(100_000), ..ServerRule::default() };
    let door = Arc::new(Door::over(Some(Audience::Analyst), rule, named));
    door.gate.warm().await.unwrap();
    let stop = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let clients: Vec<_> = (0..8)
        .map(|n| {
            let (door, stop) = (Arc::clone(&door), Arc::clone(&stop));
            tokio::spawn(async move {
                let mut versions = std::collections::BTreeSet::new();
                let mut asked = 0;
                while !stop.load(Ordering::Relaxed) {
                    let info = door.get("/info", &[]).await;
                    assert_eq!(info.status, StatusCode::OK, "{}", info.text());
                    versions.insert(info.json()["dataset"].as_str().unwrap().to_owned());
                    let address = DATA[(asked + n) % 2 * 3];
                    let data = door.get(address, &[]).await;
                    assert_eq!(data.status, StatusCode::OK, "{address}: {}", data.text());
                    asked += 1;
                    // Nothing here waits for a socket, so the clock would never have its turn.
                    tokio::task::yield_now().await;
                }
                (versions, asked)
            })
        })
        .collect();

    for _ in 0..5 {
        tokio::time::sleep(Duration::from_millis(300)).await;
        door.gate.reload().await.unwrap();
    }
    // The first request after the last swap already sees it.
    assert_eq!(door.get("/info", &[]).await.json()["dataset"], "load-5");
    tokio::time::sleep(Duration::from_millis(300)).await;
    stop.store(true, Ordering::Relaxed);

    let mut seen = std::collections::BTreeSet::new();
    for client in clients {
        let (versions, asked) = client.await.unwrap();
        assert!(asked > 3, "{asked}");
        seen.extend(versions);
    }
    assert!(seen.len() >= 4, "{seen:?}");
}

#[tokio::test]
async fn data_that_cannot_be_loaded_leave_the_old_ones_served() {
    let workspace = Workspace::new();
    let compute = Compute::new(Limits::default()).unwrap();
    let loads = AtomicUsize::new(0);
    let load = move || {
        anyhow::ensure!(loads.fetch_add(1, Ordering::Relaxed) == 0, "the store is damaged");
        Ok(Site::new(dataset(), compute.clone()))
    };
    let anybody = Some(Audience::Analyst);
    let gate = Gate::new(workspace.path(), ServerRule::default(), anybody, Box::new(load)).unwrap();
    let door = Door { gate: Arc::new(gate), workspace };

    let failed = door.gate.reload().await.unwrap_err();

    assert!(failed.to_string().contains("damaged"));
    assert_eq!(door.get("/info", &[]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn every_route_and_every_refusal_has_the_security_headers() {
    let door = Door::open(Some(Audience::Analyst), ServerRule::default());
    for address in [
        "/",
        "/wards",
        "/wards/x",
        "/data",
        "/login",
        "/nothing",
        "/%FF",
        "/layers?x=%3Cscript%3E",
        "/layers/wards.geojson",
        "/tiles/heat/99/0/0.png",
        "/map.svg",
        "/assets/none.css",
        "/assets/..%2f..%2fCargo.toml",
        "/analyses/none",
        "/api",
        "/collections/x/items",
        "/readyz",
    ] {
        for method in [Method::GET, Method::POST, Method::DELETE, Method::HEAD] {
            let reply = door.send(method.clone(), address, &[], "").await;
            assert_ne!(reply.status.as_u16() / 100, 5, "{method} {address}: {}", reply.text());
            for (name, value) in [
                ("content-security-policy", CONTENT_SECURITY_POLICY),
                ("x-content-type-options", "nosniff"),
                ("referrer-policy", "same-origin"),
                ("cross-origin-opener-policy", "same-origin"),
            ] {
                assert_eq!(reply.header(name), value, "{method} {address}");
            }
            assert!(!reply.header("cache-control").is_empty(), "{method} {address}");
            assert_eq!(reply.header("x-request-id").len(), 16);
            assert!(!String::from_utf8_lossy(&reply.body).contains("<script>"), "{address}");
        }
    }
}

#[test]
fn tokens_are_given_out_listed_and_ended_by_command() {
    let workspace = Workspace::new();
    std::fs::write(
        workspace.path().join("wardheat.toml"),
        "name = \"Town\"\n[[areas]]\nkind = \"ward\"\nfile = \"w\"\ncode = \"c\"\nname = \"n\"\n",
    )
    .unwrap();

    let token = workspace.ok(&["token", "add", "Ann Lee", "--audience", "analyst", "--days", "30"]);
    assert!(token.trim().starts_with("wardheat_") && token.trim().len() == 73, "{token}");
    let listed = workspace.ok(&["token", "list"]);
    assert!(listed.contains("Ann Lee") && listed.contains("analyst") && listed.contains("until"));
    assert!(!listed.contains(token.trim()));
    let said = workspace.fails(&["token", "add", "Ann Lee", "--audience", "public"]);
    assert!(said.contains("hint: end it first: wardheat token revoke \"Ann Lee\""), "{said}");
    let said = workspace.fails(&["token", "add", "Bob", "--audience", "staff"]);
    assert!(said.contains("analyst, partner, public"), "{said}");
    workspace.ok(&["token", "revoke", "Ann Lee"]);
    assert_eq!(workspace.ok(&["token", "list"]), "");
    assert!(Path::new(&workspace.path().join(tokens::TOKENS)).is_file());
}
