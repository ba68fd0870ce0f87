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

    /// The path that the server is seen under; empty where it has a name of its own.
    pub(crate) fn prefix(&self) -> &str {
        let host = self.0.find("://").map_or(0, |scheme| scheme + 3);
        self.0[host..].find('/').map_or("", |path| &self.0[host + path..])
    }

    /// The path as readers see it, without the host.
    pub(crate) fn path(&self, path: &str) -> String {
        format!("{}{path}", self.prefix())
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

    #[test]
    fn the_prefix_is_what_follows_the_host() {
        let of = |base: &str| Base(base.to_owned()).prefix().to_owned();

        assert_eq!(of("https://example.gov.uk/csp/heat"), "/csp/heat");
        assert_eq!(of("http://[::1]:8080"), "");
        assert_eq!(of(""), "");
    }
}
