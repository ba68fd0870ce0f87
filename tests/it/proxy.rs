//! Behind a proxy: who it says is there, and the name and path that it shows us by.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use wardheat::audience::Audience;
use wardheat::workspace::ServerRule;

use crate::door::Door;

#[tokio::test]
async fn a_trusted_proxy_says_who_logged_in_and_nobody_else_does() {
    let rule = |network: &str| ServerRule {
        public_url: Some("https://maps.example".into()),
        trusted_proxies: vec![network.parse().unwrap()],
        user_header: Some("X-Remote-User".into()),
        groups_header: Some("X-Remote-Groups".into()),
        groups: [("crime-analysts".to_owned(), Audience::Analyst)].into(),
        ..ServerRule::default()
    };
    let said = [("x-remote-user", "ann"), ("x-remote-groups", "staff, crime-analysts")];
    let trusted = Door::open(None, rule("192.0.2.0/24"));
    let other = Door::open(None, rule("10.0.0.0/8"));

    let let_in = trusted.get("/collections", &said).await;
    assert_eq!(let_in.status, StatusCode::OK);
    assert!(let_in.text().contains("https://maps.example/collections"), "{}", let_in.text());
    assert_eq!(let_in.header("strict-transport-security"), "max-age=31536000");
    assert_eq!(trusted.log()[0]["who"], "ann");
    let stranger = [said[0], ("x-remote-groups", "staff")];
    assert_eq!(trusted.get("/collections", &stranger).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(other.get("/collections", &said).await.status, StatusCode::UNAUTHORIZED);
}

/// A proxy that shows the server under `/csp/heat`, and either takes that off or leaves it.
fn under_a_path() -> Door {
    let rule = ServerRule {
        public_url: Some("https://maps.example/csp/heat".into()),
        ..ServerRule::default()
    };
    Door::open(Some(Audience::Analyst), rule)
}

/// Addresses of a page that lead to this server, in the order of their names.
fn addresses(page: &str) -> BTreeSet<String> {
    let named = ["href=\"", "src=\"", "action=\""];
    let each = named.iter().flat_map(|name| page.split(name).skip(1));
    let each = each.filter_map(|rest| rest.split('"').next());
    each.filter(|address| address.starts_with('/')).map(|a| a.replace("&amp;", "&")).collect()
}

#[tokio::test]
async fn pages_under_a_path_lead_to_pages_under_it() {
    let door = under_a_path();

    let mut seen = BTreeSet::new();
    for page in
        ["/csp/heat", "/csp/heat/wards", "/wards", "/csp/heat/data", "/csp/heat/?type=nonsense"]
    {
        let reply = door.get(page, &[("accept", "text/html")]).await;
        let found = addresses(reply.text());
        assert!(found.len() > 5, "{page}: {found:?}");
        seen.extend(found);
    }
    for address in &seen {
        assert!(address.starts_with("/csp/heat/"), "{address}");
        let reply = door.get(address, &[("accept", "text/html, */*;q=0.8")]).await;
        let well = reply.status.is_success() || reply.status.is_redirection();
        assert!(well, "{address}: {}", reply.text());
    }
    assert!(seen.iter().any(|address| address.starts_with("/csp/heat/wards/")), "{seen:?}");
}

#[tokio::test]
async fn addresses_in_documents_under_a_path_are_whole() {
    let door = under_a_path();

    for (document, wanted) in [
        ("/tiles/heat.json", "https://maps.example/csp/heat/tiles/heat/"),
        ("/collections", "https://maps.example/csp/heat/collections/wards"),
        ("/wmts/1.0.0/WMTSCapabilities.xml", "https://maps.example/csp/heat/tiles/heat/"),
        ("/layers", "\"/csp/heat/layers/wards.geojson"),
    ] {
        let reply = door.get(&format!("/csp/heat{document}"), &[]).await;
        let text = reply.text();
        assert!(text.contains(wanted), "{document}: {text}");
    }
    let begun = door.send(Method::POST, "/csp/heat/analyses", &[], "{}").await;
    assert!(begun.header("location").starts_with("/csp/heat/analyses/"), "{:?}", begun.headers);
}

#[tokio::test]
async fn logging_in_under_a_path_stays_under_it() {
    let rule = ServerRule {
        trusted_proxies: vec!["192.0.2.0/24".parse().unwrap()],
        ..ServerRule::default()
    };
    let door = Door::open(None, rule);
    let token = door.token("Ann", Audience::Analyst);
    let said = ("x-forwarded-prefix", "/csp/heat");

    let sent = door.get("/wards?type=drugs", &[said, ("accept", "text/html")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    assert_eq!(sent.header("location"), "/csp/heat/login?next=%2Fwards%3Ftype%3Ddrugs");
    let page = door.get("/login?next=%2Fwards%3Ftype%3Ddrugs", &[said]).await;
    assert!(page.text().contains("action=\"/csp/heat/login\""), "{}", page.text());
    for next in ["%2Fwards%3Ftype%3Ddrugs", "%2Fcsp%2Fheat%2Fwards%3Ftype%3Ddrugs"] {
        let form = format!("token={token}&next={next}");
        let headers = [said, ("content-type", "application/x-www-form-urlencoded")];
        let let_in = door.send(Method::POST, "/login", &headers, form.leak()).await;
        assert_eq!(let_in.header("location"), "/csp/heat/wards?type=drugs");
        assert!(let_in.header("set-cookie").contains("Path=/csp/heat;"), "{:?}", let_in.headers);
    }
    let out = door.send(Method::POST, "/logout", &[said], "").await;
    assert_eq!(out.header("location"), "/csp/heat/login?why=out");
}
