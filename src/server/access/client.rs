//! Where a request comes from, and by which address: what a proxy says is believed only from a
//! network that the workspace trusts, and taken away else.

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::workspace::{ServerRule, is_prefix};

/// Header by which the address that readers use reaches the links; never taken from outside.
pub(crate) const BASE: HeaderName = HeaderName::from_static("x-wardheat-base");

/// Header by which a route tells one client from another; never taken from outside.
pub(crate) const CALLER: HeaderName = HeaderName::from_static("x-wardheat-caller");

/// Headers that only a trusted proxy may set.
const FORWARDED: [HeaderName; 5] = [
    HeaderName::from_static("x-forwarded-for"),
    HeaderName::from_static("x-forwarded-proto"),
    HeaderName::from_static("x-forwarded-host"),
    HeaderName::from_static("x-forwarded-prefix"),
    header::FORWARDED,
];

/// Where a request comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Client {
    /// Address of the client, not of the proxies before it.
    pub(crate) address: IpAddr,
    /// Whether readers use TLS.
    pub(crate) tls: bool,
    /// Scheme and host that readers use; `None` where the request does not say.
    pub(crate) origin: Option<String>,
    /// Path that readers see the server under; empty where it has a name of its own.
    pub(crate) prefix: String,
    /// Who logged in to a trusted proxy, and their groups.
    pub(crate) user: Option<(String, Vec<String>)>,
}

impl Client {
    /// Reads where a request from `peer` comes from, and leaves in `headers` only what is true.
    pub(crate) fn read(peer: IpAddr, headers: &mut HeaderMap, rule: &ServerRule) -> Self {
        let trusted = |address: &IpAddr| {
            let plain = address.to_canonical();
            rule.trusted_proxies.iter().any(|network| network.contains(&plain))
        };
        let proxied = trusted(&peer);
        let text = |name: &str| -> Option<String> {
            let value = headers.get(name).filter(|_| proxied)?;
            value.to_str().ok().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
        };
        let address = text("x-forwarded-for").map_or(peer, |chain| {
            // From the right: the first that is not a proxy of ours, as the last of ours saw it.
            let mut hops = chain.rsplit(',').map_while(|hop| hop.trim().parse::<IpAddr>().ok());
            hops.find(|hop| !trusted(hop)).unwrap_or(peer)
        });
        let forwarded = text("x-forwarded-proto").is_some_and(|scheme| scheme == "https");
        let host = text("x-forwarded-host")
            .or_else(|| headers.get(header::HOST)?.to_str().ok().map(str::to_owned))
            .filter(|host| is_plain(host));
        let tls = match &rule.public_url {
            Some(url) => url.starts_with("https://"),
            None => forwarded,
        };
        let scheme = if tls { "https" } else { "http" };
        let (origin, prefix) = if let Some((origin, prefix)) = rule.public() {
            (Some(origin.to_owned()), prefix.to_owned())
        } else {
            let said = text("x-forwarded-prefix").unwrap_or_default();
            let prefix = Some(said.trim_end_matches('/')).filter(|prefix| is_prefix(prefix));
            let origin = host.map(|host| format!("{scheme}://{host}"));
            (origin, prefix.unwrap_or_default().to_owned())
        };
        let user = rule.user_header.as_deref().and_then(text).map(|user| {
            let groups = rule.groups_header.as_deref().and_then(text).unwrap_or_default();
            (user, groups.split(',').map(|group| group.trim().to_owned()).collect())
        });
        for name in FORWARDED.iter().chain([&BASE, &CALLER]) {
            headers.remove(name);
        }
        for name in [&rule.user_header, &rule.groups_header].into_iter().flatten() {
            headers.remove(name.as_str());
        }
        let base = origin.as_ref().map(|origin| format!("{origin}{prefix}"));
        if let Some(base) = base.and_then(|base| HeaderValue::from_str(&base).ok()) {
            headers.insert(BASE, base);
        }
        Self { address: address.to_canonical(), tls, origin, prefix, user }
    }
}

/// A name or address with a port if it has one, nothing else.
pub(crate) fn is_plain(host: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    !host.is_empty() && host.len() <= 255 && host.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(peer: &str, given: &[(&'static str, &'static str)]) -> (Client, HeaderMap) {
        let rule = ServerRule {
            trusted_proxies: vec!["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()],
            user_header: Some("X-Remote-User".into()),
            groups_header: Some("X-Remote-Groups".into()),
            ..ServerRule::default()
        };
        let mut headers = HeaderMap::new();
        for &(name, value) in given {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        (Client::read(peer.parse().unwrap(), &mut headers, &rule), headers)
    }

    const SAID: [(&str, &str); 6] = [
        ("host", "inside:8080"),
        ("x-forwarded-for", "6.6.6.6, 192.0.2.7, 10.0.0.9"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-host", "maps.example"),
        ("x-remote-user", "ann"),
        ("x-remote-groups", "staff, analysts"),
    ];

    #[test]
    fn a_trusted_proxy_is_believed() {
        let (client, headers) = read("10.1.2.3", &SAID);

        // The client wrote the first address itself; ours saw the second.
        assert_eq!(client.address, "192.0.2.7".parse::<IpAddr>().unwrap());
        assert_eq!(client.origin.as_deref(), Some("https://maps.example"));
        assert!(client.tls);
        assert_eq!(client.user, Some(("ann".into(), vec!["staff".into(), "analysts".into()])));
        assert_eq!(headers[BASE], "https://maps.example");
        assert!(!headers.contains_key("x-remote-user"));
    }

    #[test]
    fn a_trusted_proxy_says_under_which_path_it_shows_us() {
        let prefixed = |peer: &str, prefix: &'static str| {
            let (client, headers) =
                read(peer, &[("host", "inside"), ("x-forwarded-prefix", prefix)]);
            (client.prefix, headers[BASE].to_str().unwrap().to_owned())
        };

        let seen = ("/csp/heat".to_owned(), "http://inside/csp/heat".to_owned());
        assert_eq!(prefixed("10.1.2.3", "/csp/heat"), seen);
        assert_eq!(prefixed("10.1.2.3", "/csp/heat/"), seen);
        let nothing = (String::new(), "http://inside".to_owned());
        assert_eq!(prefixed("10.1.2.3", "/\"><script>"), nothing);
        assert_eq!(prefixed("192.0.2.1", "/csp/heat"), nothing);
    }

    #[test]
    fn anybody_else_is_not() {
        let (client, headers) = read("192.0.2.1", &SAID);

        assert_eq!(client.address, "192.0.2.1".parse::<IpAddr>().unwrap());
        assert_eq!(client.origin.as_deref(), Some("http://inside:8080"));
        assert!(!client.tls && client.user.is_none());
        for name in ["x-forwarded-for", "x-forwarded-host", "x-remote-user", "x-remote-groups"] {
            assert!(!headers.contains_key(name), "{name}");
        }
        let (client, headers) = read("192.0.2.1", &[("x-wardheat-base", "http://evil.example")]);
        assert_eq!(client.origin, None);
        assert!(!headers.contains_key(BASE));
    }

    #[test]
    fn an_address_in_the_form_of_the_other_family_is_the_same_address() {
        assert!(read("::ffff:10.1.2.3", &SAID).0.tls);
    }
}
