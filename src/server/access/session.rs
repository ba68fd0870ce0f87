//! Log-ins by the page: a cookie that stands for a token, kept for a working day.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, header};
use moka::sync::Cache;
use rand::TryRng as _;

use super::client::Client;
use super::tokens::Hash;
use crate::server::reply::hex;

/// Name of the cookie.
const COOKIE: &str = "wardheat";

/// How long a log-in lasts.
const LASTS: Duration = Duration::from_secs(12 * 60 * 60);

/// Log-ins that are held at once; the oldest ends first.
const MOST: u64 = 10_000;

/// Who is logged in: the hash of the token each did it with, so that revoking the token ends it.
#[derive(Debug)]
pub(crate) struct Sessions(Cache<String, Hash>);

/// A log-in that has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ended;

impl Default for Sessions {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(MOST).time_to_live(LASTS).build())
    }
}

impl Sessions {
    /// Begins one; gives the value of its cookie.
    pub(crate) fn begin(&self, hash: Hash) -> anyhow::Result<String> {
        let mut id = [0u8; 32];
        rand::rngs::SysRng.try_fill_bytes(&mut id)?;
        let id = hex(&id);
        self.0.insert(id.clone(), hash);
        Ok(id)
    }

    /// The log-in of a request that has a cookie.
    pub(crate) fn of(&self, headers: &HeaderMap) -> Option<Result<Hash, Ended>> {
        cookie(headers).map(|id| self.0.get(id).ok_or(Ended))
    }

    /// Ends the log-in of a request.
    pub(crate) fn end(&self, headers: &HeaderMap) {
        if let Some(id) = cookie(headers) {
            self.0.invalidate(id);
        }
    }
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let all = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|value| value.split(';')).filter_map(|pair| pair.split_once('='));
    pairs.find(|(name, _)| name.trim() == COOKIE).map(|(_, value)| value.trim())
}

/// The header that sets the cookie; over TLS it never leaves it, nor the path we are seen under.
pub(crate) fn set(id: &str, client: &Client) -> Option<HeaderValue> {
    cookie_for(id, LASTS.as_secs(), client)
}

/// The header that takes the cookie away.
pub(crate) fn forget(client: &Client) -> Option<HeaderValue> {
    cookie_for("", 0, client)
}

fn cookie_for(id: &str, seconds: u64, client: &Client) -> Option<HeaderValue> {
    let secure = if client.tls { "; Secure" } else { "" };
    let path = if client.prefix.is_empty() { "/" } else { &client.prefix };
    let text =
        format!("{COOKIE}={id}; Path={path}; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}");
    HeaderValue::from_str(&text).ok()
}

/// Whether a request that changes something was sent by a page of ours: browsers say so.
pub(crate) fn came_from_here(headers: &HeaderMap, client: &Client) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => client.origin.as_deref() == Some(origin),
        // No browser: nobody can have made it send a cookie of another.
        (None, None) => true,
    }
}

/// The page to go on to: one of ours, or the first.
pub(crate) fn safe_next(next: &str) -> &str {
    let plain = next.starts_with('/')
        && !next.starts_with("//")
        && next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if plain { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_one_of_ours() {
        assert_eq!(safe_next("/wards?type=drugs"), "/wards?type=drugs");
        for elsewhere in
            ["//evil.example", "https://evil.example", "/\\evil.example", "", "/a\r\nb"]
        {
            assert_eq!(safe_next(elsewhere), "/", "{elsewhere}");
        }
    }

    #[test]
    fn the_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("a=1; wardheat=abc; b=2"));

        assert_eq!(cookie(&headers), Some("abc"));
        assert_eq!(Sessions::default().of(&headers), Some(Err(Ended)));
    }
}
