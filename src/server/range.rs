//! Parts of a file, as readers of `PMTiles` ask for them (RFC 9110, section 14).

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::error::ApiError;

/// Media type of `PMTiles`.
pub(crate) const PMTILES: &str = "application/vnd.pmtiles";

/// Which bytes of a file are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// All of them.
    Whole,
    /// These, which the file has.
    Part(std::ops::Range<u64>),
    /// None that it has.
    Beyond,
}

/// What the `Range` of a request wants of a file of `length` bytes. Several parts, another unit or a
/// form that is not understood mean the whole file, as the standard has it; so does `If-Range` with
/// another tag than `etag`, compared strongly.
pub(crate) fn wanted(headers: &HeaderMap, length: u64, etag: &HeaderValue) -> Wanted {
    let Some(text) = headers.get(header::RANGE).and_then(|value| value.to_str().ok()) else {
        return Wanted::Whole;
    };
    if headers.get(header::IF_RANGE).is_some_and(|held| held != etag) {
        return Wanted::Whole;
    }
    let Some((first, last)) = text.strip_prefix("bytes=").and_then(|part| part.split_once('-'))
    else {
        return Wanted::Whole;
    };
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        // A number too large for us is larger than any file.
        digits.then(|| text.parse().unwrap_or(u64::MAX))
    };
    let part = match (first.trim(), last.trim()) {
        ("", last) => number(last).map(|n| (length.saturating_sub(n), length, n > 0)),
        (first, "") => number(first).map(|first| (first, length, true)),
        (first, last) => match (number(first), number(last)) {
            (Some(first), Some(last)) if first <= last => {
                Some((first, last.saturating_add(1).min(length), true))
            }
            _ => None,
        },
    };
    match part {
        None => Wanted::Whole,
        Some((first, end, some)) if some && first < length => Wanted::Part(first..end),
        Some(_) => Wanted::Beyond,
    }
}

/// The reply with these bytes of a file of `length`, starting at `first`.
pub(crate) fn part(bytes: Body, range: &std::ops::Range<u64>, length: u64) -> Response {
    let mut reply = (StatusCode::PARTIAL_CONTENT, bytes).into_response();
    let text = format!("bytes {}-{}/{length}", range.start, range.end - 1);
    insert(&mut reply, header::CONTENT_RANGE, &text);
    reply
}

/// The reply where nothing wanted is there.
pub(crate) fn beyond(length: u64) -> Response {
    let mut reply = ApiError::BeyondFile(length).into_response();
    insert(&mut reply, header::CONTENT_RANGE, &format!("bytes */{length}"));
    reply
}

fn insert(reply: &mut Response, name: header::HeaderName, text: &str) {
    if let Ok(value) = HeaderValue::from_str(text) {
        reply.headers_mut().insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(range: &str, if_range: Option<&'static str>) -> Wanted {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, HeaderValue::from_str(range).unwrap());
        if let Some(tag) = if_range {
            headers.insert(header::IF_RANGE, HeaderValue::from_static(tag));
        }
        wanted(&headers, 1_000, &HeaderValue::from_static("\"a\""))
    }

    #[test]
    fn parts_are_read_as_the_standard_has_them() {
        assert_eq!(of("bytes=0-15", None), Wanted::Part(0..16));
        assert_eq!(of("bytes=990-2000", None), Wanted::Part(990..1_000));
        assert_eq!(of("bytes=990-", None), Wanted::Part(990..1_000));
        assert_eq!(of("bytes=-10", None), Wanted::Part(990..1_000));
        assert_eq!(of("bytes=-5000", None), Wanted::Part(0..1_000));
        assert_eq!(of("bytes=0-99999999999999999999", None), Wanted::Part(0..1_000));
        assert_eq!(of("bytes=1000-1001", None), Wanted::Beyond);
        assert_eq!(of("bytes=-0", None), Wanted::Beyond);
        for whole in ["bytes=5-2", "bytes=a-b", "bytes=0-1,5-6", "lines=0-5", "bytes=-", "0-5"] {
            assert_eq!(of(whole, None), Wanted::Whole, "{whole}");
        }
    }

    #[test]
    fn a_part_of_another_version_is_not_given() {
        assert_eq!(of("bytes=0-15", Some("\"a\"")), Wanted::Part(0..16));
        assert_eq!(of("bytes=0-15", Some("\"b\"")), Wanted::Whole);
        assert_eq!(of("bytes=0-15", Some("W/\"a\"")), Wanted::Whole);
    }
}
