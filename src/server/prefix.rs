//! The path that readers see the server under, such as `/wardheat` where a proxy shows several
//! services by one name.
//!
//! Routes and pages know nothing of it. It is taken off what is asked for (where the proxy has not)
//! and put before the addresses of pages and redirects on their way out; links of API documents
//! have it from [`Base`](super::ogc::Base).

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::error::ApiError;
use super::ogc::Base;

/// Attributes of our pages that hold addresses, as they stand before one of this server.
const ATTRIBUTES: [&str; 4] = [" href=\"/", " src=\"/", " srcset=\"/", " action=\"/"];

/// `path` under `prefix`; one that is there already stays as it is.
pub(crate) fn under(prefix: &str, path: &str) -> String {
    let is_under = path.strip_prefix(prefix).is_some_and(|rest| rest.starts_with(['/', '?']));
    if is_under { path.to_owned() } else { format!("{prefix}{path}") }
}

/// Takes the prefix off what is asked for, where it is there.
pub(crate) fn take_off(prefix: &str, uri: &mut Uri) {
    let Some(rest) = uri.path().strip_prefix(prefix) else { return };
    if prefix.is_empty() || !(rest.is_empty() || rest.starts_with('/')) {
        return;
    }
    let path = if rest.is_empty() { "/" } else { rest };
    let query = uri.query().map_or(String::new(), |query| format!("?{query}"));
    if let Ok(without) = format!("{path}{query}").parse() {
        *uri = without;
    }
}

/// Puts the prefix of the request's [`Base`] before the addresses of the reply.
pub(super) async fn put_before(request: Request, next: Next) -> Response {
    let base = Base::of(request.headers());
    let reply = next.run(request).await;
    put_before_all(base.prefix(), reply).await
}

/// Puts `prefix` before where a reply leads to and, if it is a page, before the addresses in it.
pub(crate) async fn put_before_all(prefix: &str, mut reply: Response) -> Response {
    if prefix.is_empty() {
        return reply;
    }
    let location = text(&reply, &header::LOCATION);
    let location = location.filter(|to| to.starts_with('/') && !to.starts_with("//"));
    let location = location.and_then(|to| HeaderValue::from_str(&under(prefix, to)).ok());
    if let Some(location) = location {
        reply.headers_mut().insert(header::LOCATION, location);
    }
    let media_type = text(&reply, &header::CONTENT_TYPE);
    if media_type.is_none_or(|media_type| !media_type.starts_with("text/html")) {
        return reply;
    }
    let (mut parts, body) = reply.into_parts();
    // Pages are in memory already: there is nothing to bound.
    let page = to_bytes(body, usize::MAX).await.map(|bytes| String::from_utf8(bytes.into()));
    match page {
        Ok(Ok(page)) => {
            parts.headers.remove(header::CONTENT_LENGTH);
            Response::from_parts(parts, Body::from(in_page(prefix, &page)))
        }
        _ => ApiError::Internal(anyhow::anyhow!("a page could not be read")).into_response(),
    }
}

fn text<'a>(reply: &'a Response, name: &HeaderName) -> Option<&'a str> {
    reply.headers().get(name).and_then(|value| value.to_str().ok())
}

/// The page with `prefix` before its addresses. Quotation marks within texts and attributes are
/// escaped, so that none but a true attribute looks like one.
fn in_page(prefix: &str, page: &str) -> String {
    let mut out = String::with_capacity(page.len() + 16 * 1024);
    let mut rest = page;
    while let Some((at, attribute)) = next_attribute(rest) {
        let (before, from) = rest.split_at(at + attribute.len() - 1);
        let (value, after) = from.split_at(from.find('"').unwrap_or(from.len()));
        out.push_str(before);
        if attribute.contains("srcset") {
            let each: Vec<String> =
                value.split(", ").map(|address| under(prefix, address)).collect();
            out.push_str(&each.join(", "));
        } else {
            out.push_str(&under(prefix, value));
        }
        rest = after;
    }
    out + rest
}

/// The first attribute in `page` that holds an address of this server, and where it stands.
fn next_attribute(page: &str) -> Option<(usize, &'static str)> {
    // Every one of them ends alike, which is found in one pass.
    let mut from = 0;
    loop {
        let end = from + page[from..].find("=\"/")? + 3;
        let found = ATTRIBUTES.into_iter().find(|attribute| page[..end].ends_with(attribute));
        if let Some(attribute) = found.filter(|_| !page[end..].starts_with('/')) {
            return Some((end - attribute.len(), attribute));
        }
        from = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_of_a_page_is_put_under_the_prefix_and_nothing_else() {
        let page = concat!(
            r##"<a class="skip" href="#answer">=&quot;/no</a><a href="/">Start</a>"##,
            r#"<img src="/map.png?a=1" srcset="/map.png?a=1 1x, /map.png?a=2 2x">"#,
            r#"<form action="/login"><input value="/wards"></form>"#,
            r#"<a href="https://example.org/">x</a><a href="//example.org/">x</a>"#,
            r#"<a href="/w/wards?x=1">there already</a><b data-href="/x">"#,
        );

        assert_eq!(
            in_page("/w", page),
            concat!(
                r##"<a class="skip" href="#answer">=&quot;/no</a><a href="/w/">Start</a>"##,
                r#"<img src="/w/map.png?a=1" srcset="/w/map.png?a=1 1x, /w/map.png?a=2 2x">"#,
                r#"<form action="/w/login"><input value="/wards"></form>"#,
                r#"<a href="https://example.org/">x</a><a href="//example.org/">x</a>"#,
                r#"<a href="/w/wards?x=1">there already</a><b data-href="/x">"#,
            )
        );
    }

    #[test]
    fn the_prefix_is_taken_off_where_the_proxy_left_it() {
        let off = |uri: &str| {
            let mut uri: Uri = uri.parse().unwrap();
            take_off("/w", &mut uri);
            uri.to_string()
        };

        assert_eq!(off("/w"), "/");
        assert_eq!(off("/w/wards?x=1"), "/wards?x=1");
        assert_eq!(off("/wards"), "/wards");
        assert_eq!(off("/map"), "/map");
    }
}
