//! Who is in front of the server and who may see what: `[server]`.

use std::collections::BTreeMap;

use ipnet::IpNet;
use serde::Deserialize;

use crate::audience::Audience;

/// How the workspace is served: `[server]`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct ServerRule {
    /// Address that readers use, such as `https://maps.example.gov.uk` or, where a proxy shows
    /// several services by one name, `https://example.gov.uk/wardheat`; that of the request where
    /// absent.
    pub public_url: Option<String>,
    /// Networks of proxies whose `X-Forwarded-For`, `-Proto`, `-Host` and `-Prefix` are
    /// believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Header in which a trusted proxy names who logged in to it.
    pub user_header: Option<String>,
    /// Header in which a trusted proxy lists that person's groups, separated by commas.
    pub groups_header: Option<String>,
    /// Which of those groups is which audience.
    pub groups: BTreeMap<String, Audience>,
    /// Requests that one client may make in a second, on average over ten.
    pub requests_per_second: Option<u32>,
}

impl ServerRule {
    /// Scheme and host of the address that readers use, and the path after them.
    pub(crate) fn public(&self) -> Option<(&str, &str)> {
        let url = self.public_url.as_deref()?;
        let host = url.find("://").map_or(0, |scheme| scheme + 3);
        Some(url.split_at(url[host..].find('/').map_or(url.len(), |path| host + path)))
    }

    /// The first setting that cannot be used: its key, and what is wanted.
    pub(super) fn fault(&self) -> Option<(&'static str, &'static str)> {
        let plain = |(origin, prefix): (&str, &str)| {
            let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
            let good = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
            host.is_some_and(|host| !host.is_empty() && host.chars().all(good)) && is_prefix(prefix)
        };
        let named = |header: Option<&String>| {
            let good = |c: char| c.is_ascii_alphanumeric() || c == '-';
            header.is_none_or(|name| !name.is_empty() && name.chars().all(good))
        };
        if !self.public().is_none_or(plain) {
            let wanted = "wanted http:// or https://, a host, and a path of plain letters if any, \
                          without a slash at its end";
            Some(("public-url", wanted))
        } else if !named(self.user_header.as_ref()) {
            Some(("user-header", "wanted the name of a header"))
        } else if !named(self.groups_header.as_ref()) {
            Some(("groups-header", "wanted the name of a header"))
        } else if self.user_header.is_some() && self.trusted_proxies.is_empty() {
            Some(("user-header", "wanted together with `trusted-proxies`"))
        } else if self.user_header.is_some() && self.groups.is_empty() {
            Some(("user-header", "wanted together with [server.groups]"))
        } else if self.requests_per_second == Some(0) {
            Some(("requests-per-second", "wanted 1 or more"))
        } else {
            None
        }
    }
}

/// Whether readers can see the server under `path`: nothing, or parts of plain characters, each after a slash.
pub(crate) fn is_prefix(path: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '~');
    let part = |part: &str| !matches!(part, "" | "." | "..") && part.chars().all(plain);
    path.is_empty()
        || path.len() <= 255 && path.strip_prefix('/').is_some_and(|rest| rest.split('/').all(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_is_seen_under_parts_of_plain_characters() {
        assert!(["", "/w", "/csp/ward-heat_2"].into_iter().all(is_prefix));
        let wrong = ["w", "/", "/w/", "//w", "/w\"", "/../w", "/a b", "/./w", "/é", "/w?x"];
        assert!(!wrong.into_iter().any(is_prefix));
    }

    #[test]
    fn a_public_url_is_a_host_and_may_be_a_path() {
        let of = |url: &str| {
            let rule = ServerRule { public_url: Some(url.to_owned()), ..ServerRule::default() };
            rule.fault().is_none().then(|| rule.public().map(|(a, b)| format!("{a} {b}"))).flatten()
        };

        assert_eq!(of("https://a.uk").as_deref(), Some("https://a.uk "));
        assert_eq!(of("http://a.uk:8080/csp/heat").as_deref(), Some("http://a.uk:8080 /csp/heat"));
        for wrong in ["a.uk", "https://", "https:///x", "https://a.uk/", "https://a.uk/x?y"] {
            assert_eq!(of(wrong), None, "{wrong}");
        }
    }
}
