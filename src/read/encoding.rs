//! Letters from bytes, strictly: nothing is guessed away or replaced.

use std::borrow::Cow;

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};
use serde::Serialize;

use super::ReadError;

/// How the letters of a file are coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Encoding {
    /// UTF-8.
    #[serde(rename = "UTF-8")]
    Utf8,
    /// UTF-8 with a byte order mark.
    #[serde(rename = "UTF-8 with BOM")]
    Utf8Bom,
    /// Windows-1252.
    #[serde(rename = "Windows-1252")]
    Windows1252,
    /// UTF-16, low byte first.
    #[serde(rename = "UTF-16 LE")]
    Utf16Le,
    /// UTF-16, high byte first.
    #[serde(rename = "UTF-16 BE")]
    Utf16Be,
}

impl Encoding {
    /// Name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf8Bom => "UTF-8 with BOM",
            Self::Windows1252 => "Windows-1252",
            Self::Utf16Le => "UTF-16 LE",
            Self::Utf16Be => "UTF-16 BE",
        }
    }
}

/// The text of `bytes`, and the encoding it was in.
///
/// # Errors
///
/// [`ReadError::NotText`] at the first byte that the encoding does not have.
pub(crate) fn decode<'a>(
    file: &str,
    bytes: &'a [u8],
) -> Result<(Cow<'a, str>, Encoding), ReadError> {
    let not_text = |at: usize| ReadError::NotText {
        file: file.to_owned(),
        byte: bytes.get(at).copied().unwrap_or_default(),
        at,
    };
    let utf16 = |coding: &'static encoding_rs::Encoding, bytes: &'a [u8]| {
        coding
            .decode_without_bom_handling_and_without_replacement(bytes)
            .map(|text| Cow::Owned(text.into_owned()))
    };
    if let Some(rest) = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]) {
        let text = std::str::from_utf8(rest).map_err(|e| not_text(e.valid_up_to() + 3))?;
        return Ok((Cow::Borrowed(text), Encoding::Utf8Bom));
    }
    let (little, big) = (bytes.starts_with(&[0xFF, 0xFE]), bytes.starts_with(&[0xFE, 0xFF]));
    if little || big || looks_like_utf16(bytes).is_some() {
        let is_little = little || (!big && looks_like_utf16(bytes) == Some(true));
        let start = if little || big { 2 } else { 0 };
        let (coding, name) =
            if is_little { (UTF_16LE, Encoding::Utf16Le) } else { (UTF_16BE, Encoding::Utf16Be) };
        return utf16(coding, &bytes[start..]).map(|t| (t, name)).ok_or_else(|| not_text(start));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok((Cow::Borrowed(text), Encoding::Utf8));
    }
    // The five bytes that Windows-1252 leaves undefined, and NUL, which no text has.
    let undefined = |b: &u8| matches!(b, 0x00 | 0x81 | 0x8D | 0x8F | 0x90 | 0x9D);
    if let Some(at) = bytes.iter().position(undefined) {
        return Err(not_text(at));
    }
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
    Ok((text, Encoding::Windows1252))
}

/// Whether text without a mark has every second byte empty, as Latin letters in UTF-16 do:
/// `Some(true)` if the low byte comes first.
fn looks_like_utf16(bytes: &[u8]) -> Option<bool> {
    let head = &bytes[..bytes.len().min(512) & !1];
    let pairs = head.len() / 2;
    if pairs < 8 {
        return None;
    }
    let empty = |start: usize| head.iter().skip(start).step_by(2).filter(|b| **b == 0).count();
    if empty(1) * 10 > pairs * 9 {
        Some(true)
    } else if empty(0) * 10 > pairs * 9 {
        Some(false)
    } else {
        None
    }
}

/// Whether UTF-8 was once read as Windows-1252 and saved again: `Â£` for `£`.
pub(crate) fn is_mojibake(text: &str) -> bool {
    ["Â£", "â€™", "â€“", "Ã©"].iter().any(|sign| text.contains(sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_encoding_is_recognised() {
        let utf16: Vec<u8> = "Ref\tCost £\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked: Vec<u8> = [0xFF, 0xFE].into_iter().chain(utf16.clone()).collect();
        let cases: [(&[u8], &str, Encoding); 5] = [
            (b"Cost \xC2\xA3", "Cost £", Encoding::Utf8),
            (b"\xEF\xBB\xBFCost", "Cost", Encoding::Utf8Bom),
            (b"Cost \xA3 \x96 \x92", "Cost £ – ’", Encoding::Windows1252),
            (&marked, "Ref\tCost £\r\n", Encoding::Utf16Le),
            (&utf16, "Ref\tCost £\r\n", Encoding::Utf16Le),
        ];
        for (bytes, wanted, encoding) in cases {
            let (text, found) = decode("f.csv", bytes).unwrap();
            assert_eq!((text.as_ref(), found), (wanted, encoding));
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_refused_with_their_place() {
        let refused = decode("f.csv", b"abc\x81\xff").unwrap_err();

        assert!(refused.to_string().contains("byte 0x81 at position 3"), "{refused}");
    }

    #[test]
    fn a_lone_half_of_a_utf16_pair_is_refused() {
        assert!(decode("f.csv", &[0xFF, 0xFE, 0x00, 0xD8, 0x41, 0x00]).is_err());
    }
}
