//! Who asks, and what they may see.
//!
//! Tokens come as `Authorization: Bearer`, as the password of `Authorization: Basic` (QGIS), or
//! through the log-in page as a cookie. A trusted proxy may name who logged in to it instead.

pub(crate) mod client;
pub(crate) mod log;
mod session;
pub mod tokens;

use std::path::Path;

use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;

use crate::audience::Audience;
use crate::workspace::ServerRule;

use client::Client;
pub(crate) use session::{Sessions, came_from_here, forget, safe_next, set};
use tokens::{Tokens, hash_of};

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Caller {
    /// Their name; `None` for anybody.
    pub(crate) name: Option<String>,
    pub(crate) audience: Audience,
    /// Whether a cookie said so: then another site may have sent the request.
    pub(crate) by_cookie: bool,
}

/// Why somebody is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Nothing was shown that lets them in.
    Nobody,
    /// What was shown is not, or no longer, valid.
    Invalid,
    /// The log-in has ended.
    Ended,
}

/// The rules of one server.
#[derive(Debug)]
pub(crate) struct Access {
    pub(crate) rule: ServerRule,
    /// What anybody may see without being known.
    pub(crate) anybody: Option<Audience>,
    pub(crate) tokens: Tokens,
    pub(crate) sessions: Sessions,
}

impl Access {
    pub(crate) fn new(
        workspace: &Path,
        rule: ServerRule,
        anybody: Option<Audience>,
    ) -> anyhow::Result<Self> {
        Ok(Self { rule, anybody, tokens: Tokens::of(workspace)?, sessions: Sessions::default() })
    }

    /// Who asks, by what their request shows.
    pub(crate) fn identify(&self, headers: &HeaderMap, client: &Client) -> Result<Caller, Refusal> {
        let now = Timestamp::now();
        if let Some(value) = headers.get(header::AUTHORIZATION) {
            let shown = value.to_str().ok().and_then(secret).ok_or(Refusal::Invalid)?;
            let token = self.tokens.find(&hash_of(&shown), now).ok_or(Refusal::Invalid)?;
            let (name, audience) = (Some(token.name), token.audience);
            return Ok(Caller { name, audience, by_cookie: false });
        }
        if let Some((user, groups)) = &client.user {
            let audiences = groups.iter().filter_map(|group| self.rule.groups.get(group));
            let audience = audiences.max().copied().or(self.anybody).ok_or(Refusal::Invalid)?;
            return Ok(Caller { name: Some(user.clone()), audience, by_cookie: false });
        }
        if let Some(hash) = self.sessions.of(headers) {
            return match hash.ok().and_then(|hash| self.tokens.find(&hash, now)) {
                Some(token) => {
                    Ok(Caller { name: Some(token.name), audience: token.audience, by_cookie: true })
                }
                None => self.anyone().map_err(|_| Refusal::Ended),
            };
        }
        self.anyone()
    }

    fn anyone(&self) -> Result<Caller, Refusal> {
        let anybody = self.anybody.ok_or(Refusal::Nobody)?;
        Ok(Caller { name: None, audience: anybody, by_cookie: false })
    }

    /// Whether somebody is known by name here.
    pub(crate) fn knows_somebody(&self) -> bool {
        self.rule.user_header.is_some() || !self.tokens.current().is_empty()
    }
}

/// The secret of an `Authorization` header: a bearer's token, or the password beside any name.
fn secret(value: &str) -> Option<String> {
    let (scheme, rest) = value.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(rest.trim().to_owned());
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(BASE64_STANDARD.decode(rest.trim()).ok()?).ok()?;
    decoded.split_once(':').map(|(_, password)| password.to_owned())
}

#[cfg(test)]
mod tests {
    use super::secret;

    #[test]
    fn bearer_and_basic_carry_the_same_token() {
        assert_eq!(secret("Bearer abc").as_deref(), Some("abc"));
        assert_eq!(secret("bearer  abc ").as_deref(), Some("abc"));
        // token:abc
        assert_eq!(secret("Basic dG9rZW46YWJj").as_deref(), Some("abc"));
        for wrong in ["abc", "Digest abc", "Basic !", "Basic YWJj", ""] {
            assert_eq!(secret(wrong), None, "{wrong}");
        }
    }
}
