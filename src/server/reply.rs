//! Replies with a checksum: kept by clients, asked for again cheaply.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

/// Bytes of a reply with their entity tag.
#[derive(Debug, Clone)]
pub struct Rendered {
    bytes: Bytes,
    /// Strong entity tag, quotes included: a checksum of the bytes.
    etag: HeaderValue,
}

/// How long a reply may be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// For good: the address names the version of the data.
    Forever,
    /// For five minutes, then asked for again.
    Shortly,
    /// Only after asking whether it still holds.
    Check,
}

impl Keep {
    fn header(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Forever => "public, max-age=31536000, immutable",
            Self::Shortly => "public, max-age=300, stale-while-revalidate=600",
            Self::Check => "no-cache",
        })
    }
}

impl Rendered {
    /// These bytes and their checksum.
    pub fn new(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        let mut tag = String::with_capacity(34);
        tag.push('"');
        tag.push_str(&hex(&Sha256::digest(&bytes)[..16]));
        tag.push('"');
        let etag = HeaderValue::from_str(&tag).expect("hexadecimal digits fit in a header");
        Self { bytes, etag }
    }

    /// `bytes` that mean the same as these: they are known by the same tag, made weak.
    #[must_use]
    pub(crate) fn weakly(&self, bytes: impl Into<Bytes>) -> Self {
        let tag = self.etag.to_str().unwrap_or_default();
        let etag = HeaderValue::from_str(&format!("W/{tag}")).unwrap_or(self.etag.clone());
        Self { bytes: bytes.into(), etag }
    }

    /// The tag, quotes included.
    pub(crate) fn etag(&self) -> &HeaderValue {
        &self.etag
    }

    /// The bytes.
    pub(crate) fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether there are no bytes.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The reply to a request with these `headers`: the bytes, or 304 where the client has them.
    pub fn reply(&self, headers: &HeaderMap, media_type: &'static str, keep: Keep) -> Response {
        if let Some(held) = held_tag(headers, &self.etag) {
            let headers = [(header::ETAG, held), (header::CACHE_CONTROL, keep.header())];
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
            (header::ETAG, self.etag.clone()),
            (header::CACHE_CONTROL, keep.header()),
        ];
        (headers, Body::from(self.bytes.clone())).into_response()
    }
}

/// The tag by which the client holds what `etag` stands for.
///
/// Tags are compared weakly (RFC 9110 13.1.2), and without the suffix that [`tag_of_gzip`] adds:
/// a proxy that compresses turns `"abc"` into `W/"abc"`, and must still get its 304.
fn held_tag(headers: &HeaderMap, etag: &HeaderValue) -> Option<HeaderValue> {
    let whole = etag.to_str().ok()?;
    let ours = whole.strip_prefix("W/").unwrap_or(whole);
    for value in headers.get_all(header::IF_NONE_MATCH) {
        for candidate in value.to_str().ok()?.split(',').map(str::trim) {
            let opaque = candidate.strip_prefix("W/").unwrap_or(candidate);
            let plain = opaque.strip_suffix("-gz\"").map(|start| format!("{start}\""));
            if candidate == "*" {
                return Some(etag.clone());
            }
            if opaque == ours || plain.is_some_and(|plain| plain == ours) {
                return if whole == ours {
                    HeaderValue::from_str(opaque).ok()
                } else {
                    Some(etag.clone())
                };
            }
        }
    }
    None
}

/// The strong tag of the same bytes compressed; they are other bytes, so they need another tag.
pub(crate) fn tag_of_gzip(etag: &HeaderValue) -> Option<HeaderValue> {
    let start = etag.to_str().ok()?.strip_suffix('"')?;
    if start.ends_with("-gz") {
        return None;
    }
    HeaderValue::from_str(&format!("{start}-gz\"")).ok()
}

/// Lower-case hexadecimal digits of `bytes`.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a string cannot fail");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(if_none_match: &str) -> StatusCode {
        let mut headers = HeaderMap::new();
        headers.insert(header::IF_NONE_MATCH, HeaderValue::from_str(if_none_match).unwrap());
        Rendered::new("some bytes").reply(&headers, "text/plain", Keep::Shortly).status()
    }

    #[test]
    fn a_client_that_has_it_gets_304_however_its_tag_was_weakened() {
        let tag = Rendered::new("some bytes").etag.to_str().unwrap().to_owned();
        let gzip = tag_of_gzip(&Rendered::new("some bytes").etag).unwrap();

        for held in [
            tag.clone(),
            format!("W/{tag}"),
            format!("\"other\", {tag}"),
            "*".to_owned(),
            gzip.to_str().unwrap().to_owned(),
            format!("W/{}", gzip.to_str().unwrap()),
        ] {
            assert_eq!(status(&held), StatusCode::NOT_MODIFIED, "{held}");
        }
    }

    #[test]
    fn another_tag_gets_the_bytes() {
        assert_eq!(status("\"other\", W/\"more\""), StatusCode::OK);
    }
}
