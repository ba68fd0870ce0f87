//! Who is in front of the server and who may see what: `[server]`.

use std::collections::BTreeMap;

use ipnet::IpNet;
use serde::Deserialize;

use crate::audience::Audience;

/// How the workspace is served: `[server]`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct ServerRule {
    /// Address that readers use, such as `https://maps.example.gov.uk`; that of the request where
    /// absent.
    pub public_url: Option<String>,
    /// Networks of proxies whose `X-Forwarded-For`, `-Proto` and `-Host` are believed.
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
    /// The first setting that cannot be used: its key, and what is wanted.
    pub(super) fn fault(&self) -> Option<(&'static str, &'static str)> {
        let url = self.public_url.as_deref();
        let plain = |url: &str| {
            let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
            let good = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
            rest.is_some_and(|host| !host.is_empty() && host.chars().all(good))
        };
        let named = |header: Option<&String>| {
            let good = |c: char| c.is_ascii_alphanumeric() || c == '-';
            header.is_none_or(|name| !name.is_empty() && name.chars().all(good))
        };
        if !url.is_none_or(plain) {
            Some(("public-url", "wanted http:// or https:// and a host, without a path"))
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
