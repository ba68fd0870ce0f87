//! Letters from bytes, strictly: nothing is guessed away or replaced.

use std::borrow::Cow;

use encoding_rs::{DecoderResult, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
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
    let mut survey = Survey::new(bytes);
    survey.add(bytes);
    let encoding = survey.finish(file)?.encoding;
    if let Encoding::Utf8 | Encoding::Utf8Bom = encoding {
        let start = mark_length(bytes);
        let text = std::str::from_utf8(&bytes[start..])
            .map_err(|e| not_text(file, bytes, start + e.valid_up_to()))?;
        return Ok((Cow::Borrowed(text), encoding));
    }
    let mut text = String::new();
    let mut decoder = Decoder::new(encoding, bytes);
    decoder.decode(file, bytes, true, &mut text)?;
    Ok((Cow::Owned(text), encoding))
}

fn not_text(file: &str, bytes: &[u8], at: usize) -> ReadError {
    let byte = bytes.get(at).copied().unwrap_or_default();
    ReadError::NotText { file: file.to_owned(), byte, at }
}

/// Length of a byte order mark.
fn mark_length(head: &[u8]) -> usize {
    if head.starts_with(&[0xEF, 0xBB, 0xBF]) {
        3
    } else if head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]) {
        2
    } else {
        0
    }
}

/// The encoding that the first bytes show beyond doubt: by a mark, or by every second byte empty.
fn certain(head: &[u8]) -> Option<Encoding> {
    if head.starts_with(&[0xEF, 0xBB, 0xBF]) {
        return Some(Encoding::Utf8Bom);
    }
    let (little, big) = (head.starts_with(&[0xFF, 0xFE]), head.starts_with(&[0xFE, 0xFF]));
    match (little, big, looks_like_utf16(head)) {
        (true, ..) | (false, false, Some(true)) => Some(Encoding::Utf16Le),
        (_, true, _) | (.., Some(false)) => Some(Encoding::Utf16Be),
        _ => None,
    }
}

/// What a whole file shows of its letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Surveyed {
    /// How they are coded.
    pub(crate) encoding: Encoding,
    /// Whether letters such as `Â£` show that the text was once decoded wrongly.
    pub(crate) mojibake: bool,
}

/// Finds the encoding of a file from all of its bytes, in pieces: a file may be plain ASCII for a
/// gigabyte and Windows-1252 after.
pub(crate) struct Survey {
    certain: Option<Encoding>,
    /// Bytes seen.
    seen: usize,
    /// Start of a UTF-8 letter whose rest is in the next piece.
    open: Vec<u8>,
    /// First byte that is not UTF-8, and where.
    not_utf8: Option<(u8, usize)>,
    /// First byte that Windows-1252 leaves undefined, or NUL, which no text has; and where.
    not_1252: Option<(u8, usize)>,
    mojibake_utf8: bool,
    mojibake_1252: bool,
    /// Last bytes of the piece before, where a sign may have begun.
    tail: Vec<u8>,
}

/// `Â£`, `â€™`, `â€“` and `Ã©` in UTF-8.
const SIGNS_UTF8: [&str; 4] = ["Â£", "â€™", "â€“", "Ã©"];
/// The same in Windows-1252.
const SIGNS_1252: [&[u8]; 4] = [b"\xC2\xA3", b"\xE2\x80\x99", b"\xE2\x80\x93", b"\xC3\xA9"];

impl Survey {
    /// Of a file that starts with these bytes.
    pub(crate) fn new(head: &[u8]) -> Self {
        Self {
            certain: certain(head),
            seen: 0,
            open: Vec::new(),
            not_utf8: None,
            not_1252: None,
            mojibake_utf8: false,
            mojibake_1252: false,
            tail: Vec::new(),
        }
    }

    /// The next bytes.
    pub(crate) fn add(&mut self, piece: &[u8]) {
        let start = self.seen;
        self.seen += piece.len();
        if matches!(self.certain, Some(Encoding::Utf16Le | Encoding::Utf16Be)) {
            return;
        }
        if self.not_1252.is_none()
            && let Some(at) = memchr::memchr(0, piece)
        {
            self.not_1252 = Some((0, start + at));
        }
        if self.open.is_empty() && piece.is_ascii() {
            self.tail.clear();
            return;
        }
        // The five bytes that Windows-1252 leaves undefined.
        let undefined = |b: &u8| matches!(b, 0x81 | 0x8D | 0x8F | 0x90 | 0x9D);
        if let Some(at) = piece.iter().position(undefined)
            && self.not_1252.is_none_or(|(_, first)| start + at < first)
        {
            self.not_1252 = Some((piece[at], start + at));
        }
        self.check_utf8(piece, start);
        let mut joined = std::mem::take(&mut self.tail);
        joined.extend_from_slice(piece);
        let holds = |sign: &[u8]| memchr::memmem::find(&joined, sign).is_some();
        self.mojibake_utf8 |= SIGNS_UTF8.iter().any(|sign| holds(sign.as_bytes()));
        self.mojibake_1252 |= SIGNS_1252.iter().any(|sign| holds(sign));
        self.tail = joined.split_off(joined.len().saturating_sub(8));
    }

    fn check_utf8(&mut self, piece: &[u8], start: usize) {
        if self.not_utf8.is_some() {
            return;
        }
        let held = self.open.len();
        let mut joined = std::mem::take(&mut self.open);
        let bytes = if held == 0 {
            piece
        } else {
            joined.extend_from_slice(piece);
            &joined
        };
        if let Err(error) = std::str::from_utf8(bytes) {
            let at = error.valid_up_to();
            if error.error_len().is_some() {
                self.not_utf8 = Some((bytes[at], start + at - held));
            } else {
                self.open = bytes[at..].to_vec();
            }
        }
    }

    /// What all of it shows.
    ///
    /// # Errors
    ///
    /// [`ReadError::NotText`] at the first byte that no encoding has.
    pub(crate) fn finish(self, file: &str) -> Result<Surveyed, ReadError> {
        let not_text =
            |(byte, at): (u8, usize)| ReadError::NotText { file: file.to_owned(), byte, at };
        let cut = self.open.first().map(|byte| (*byte, self.seen - self.open.len()));
        let not_utf8 = self.not_utf8.or(cut);
        match (self.certain, not_utf8) {
            (Some(Encoding::Utf8Bom), Some(wrong)) => Err(not_text(wrong)),
            (Some(encoding), _) => Ok(Surveyed { encoding, mojibake: self.mojibake_utf8 }),
            (None, None) => Ok(Surveyed { encoding: Encoding::Utf8, mojibake: self.mojibake_utf8 }),
            (None, Some(_)) => match self.not_1252 {
                Some(wrong) => Err(not_text(wrong)),
                None => {
                    Ok(Surveyed { encoding: Encoding::Windows1252, mojibake: self.mojibake_1252 })
                }
            },
        }
    }
}

/// Letters from pieces of a file, strictly.
pub(crate) struct Decoder {
    inner: encoding_rs::Decoder,
    /// Bytes of the mark still to leave out.
    mark: usize,
    /// Bytes taken.
    taken: usize,
}

impl Decoder {
    /// For a file in `encoding` that starts with `head`.
    pub(crate) fn new(encoding: Encoding, head: &[u8]) -> Self {
        let coding = match encoding {
            Encoding::Utf8 | Encoding::Utf8Bom => UTF_8,
            Encoding::Windows1252 => WINDOWS_1252,
            Encoding::Utf16Le => UTF_16LE,
            Encoding::Utf16Be => UTF_16BE,
        };
        let mark = if encoding == Encoding::Windows1252 { 0 } else { mark_length(head) };
        Self { inner: coding.new_decoder_without_bom_handling(), mark, taken: 0 }
    }

    /// Adds the letters of `piece` to `text`; `last` says that nothing follows.
    ///
    /// # Errors
    ///
    /// [`ReadError::NotText`] at bytes that the encoding does not have.
    pub(crate) fn decode(
        &mut self,
        file: &str,
        piece: &[u8],
        last: bool,
        text: &mut String,
    ) -> Result<(), ReadError> {
        let skipped = self.mark.min(piece.len());
        self.mark -= skipped;
        let mut rest = &piece[skipped..];
        self.taken += skipped;
        loop {
            let room = self.inner.max_utf8_buffer_length_without_replacement(rest.len());
            text.reserve(room.unwrap_or(rest.len()).max(16));
            let (result, read) = self.inner.decode_to_string_without_replacement(rest, text, last);
            self.taken += read;
            match result {
                DecoderResult::InputEmpty => return Ok(()),
                DecoderResult::OutputFull => rest = &rest[read..],
                DecoderResult::Malformed(bad, after) => {
                    let back = usize::from(bad) + usize::from(after);
                    let byte = read.checked_sub(back).and_then(|at| rest.get(at)).copied();
                    return Err(ReadError::NotText {
                        file: file.to_owned(),
                        byte: byte.unwrap_or_default(),
                        at: self.taken.saturating_sub(back),
                    });
                }
            }
        }
    }
}

impl Decoder {
    /// How many of the next `n` bytes are of the mark, and no text.
    pub(crate) fn skip_mark(&mut self, n: usize) -> usize {
        let skipped = self.mark.min(n);
        self.mark -= skipped;
        self.taken += skipped;
        skipped
    }

    /// The bytes of a UTF-8 file as text, those from `start` on new; the start of a letter whose
    /// rest is to come goes to `rest`. `last` says that nothing follows.
    ///
    /// # Errors
    ///
    /// [`ReadError::NotText`] at bytes that are not UTF-8.
    pub(crate) fn whole(
        &mut self,
        file: &str,
        bytes: Vec<u8>,
        start: usize,
        last: bool,
        rest: &mut Vec<u8>,
    ) -> Result<String, ReadError> {
        let wrong = match String::from_utf8(bytes) {
            Ok(text) => {
                self.taken += text.len() - start;
                return Ok(text);
            }
            Err(wrong) => wrong,
        };
        let (at, is_cut) = (wrong.utf8_error().valid_up_to(), wrong.utf8_error().error_len());
        let mut bytes = wrong.into_bytes();
        self.taken += at - start;
        if is_cut.is_some() || last {
            return Err(ReadError::NotText {
                file: file.to_owned(),
                byte: bytes[at],
                at: self.taken,
            });
        }
        *rest = bytes.split_off(at);
        String::from_utf8(bytes).map_err(|wrong| {
            let at = wrong.utf8_error().valid_up_to();
            ReadError::NotText { file: file.to_owned(), byte: wrong.as_bytes()[at], at }
        })
    }
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

    fn survey(pieces: &[&[u8]]) -> Result<Surveyed, ReadError> {
        let mut survey = Survey::new(pieces[0]);
        for piece in pieces {
            survey.add(piece);
        }
        survey.finish("f.csv")
    }

    #[test]
    fn a_late_byte_of_windows_1252_decides_for_the_whole_file() {
        let found = survey(&[b"Ref,Cost\n", b"1,5 pounds\n", b"2,\xA35\n"]).unwrap();

        assert_eq!(found.encoding, Encoding::Windows1252);
    }

    #[test]
    fn letters_and_signs_across_pieces_are_whole() {
        let text = "1,Caf\u{e9} \u{c2}\u{a3}5,\u{e2}\u{20ac}\u{2122}\n".as_bytes();
        for cut in 1..text.len() {
            let found = survey(&[&text[..cut], &text[cut..]]).unwrap();
            assert_eq!(found, Surveyed { encoding: Encoding::Utf8, mojibake: true }, "{cut}");
        }
        assert!(!survey(&["Caf\u{e9} \u{a3}5".as_bytes()]).unwrap().mojibake);
    }

    #[test]
    fn a_letter_cut_off_at_the_end_is_not_utf8() {
        assert_eq!(survey(&[b"Caf", b"\xC3"]).unwrap().encoding, Encoding::Windows1252);
        assert!(survey(&[b"\xEF\xBB\xBFCaf", b"\xC3"]).is_err());
    }

    #[test]
    fn pieces_decode_as_the_whole_does() {
        let utf16: Vec<u8> =
            "Ref\tCost £ \u{1F600}\r\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        let marked: Vec<u8> = [0xFE, 0xFF].into_iter().chain(utf16).collect();
        for cut in 0..marked.len() {
            let mut decoder = Decoder::new(Encoding::Utf16Be, &marked);
            let mut text = String::new();
            decoder.decode("f", &marked[..cut], false, &mut text).unwrap();
            decoder.decode("f", &marked[cut..], true, &mut text).unwrap();
            assert_eq!(text, "Ref\tCost £ \u{1F600}\r\n", "{cut}");
        }
    }

    #[test]
    fn a_wrong_unit_of_utf16_is_named_with_its_place() {
        let refused = decode("f.csv", &[0xFF, 0xFE, 0x41, 0x00, 0x00, 0xDC, 0x41, 0x00]);

        assert!(refused.unwrap_err().to_string().contains("position 4"));
    }
}
