//! Links of API documents, with the address that the client reached us by.

use axum::http::{HeaderMap, header};
use serde_json::{Value as Json, json};

use crate::server::access::client::{BASE, is_plain};

/// Where the server is, as the client sees it; empty where it did not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Base(String);

impl Base {
    /// What the gate found out, or else the `Host` of the request: a name or address with a port if
    /// it has one, nothing else.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        if let Some(base) = text(BASE) {
            return Self(base.to_owned());
        }
        let host = text(header::HOST).filter(|host| is_plain(host));
        Self(host.map_or(String::new(), |host| format!("http://{host}")))
    }

    /// The whole address of a path.
    pub(crate) fn address(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}

/// A link as API documents have it.
pub(crate) fn link(base: &Base, path: &str, rel: &str, media_type: &str, title: &str) -> Json {
    json!({ "href": base.address(path), "rel": rel, "type": media_type, "title": title })
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn only_a_plain_host_gets_into_links() {
        let of = |host: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static(host));
            Base::of(&headers).address("/a")
        };

        assert_eq!(of("127.0.0.1:8080"), "http://127.0.0.1:8080/a");
        assert_eq!(of("evil.example/\"><script>"), "/a");
    }
}
