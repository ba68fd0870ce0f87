//! Small files changed at random, by a seed: bits, numbers, lengths, pieces.

use rand::{RngExt as _, SeedableRng as _};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Longest file that a change makes.
const LONGEST: usize = 96 << 10;

/// A stream of changes.
pub struct Mutator(Xoshiro256PlusPlus);

/// Texts that stand where a reader expects something tamer.
const TOKENS: [&[u8]; 24] = [
    b"1e308",
    b"-1e309",
    b"NaN",
    b"Infinity",
    b"99999999999999999999",
    b"-0",
    b"0x7fffffff",
    b"\"",
    b"\"\"",
    b"\r\n",
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"[[[[[[[[[[[[[[[[",
    b"{\"a\":{\"a\":{\"a\":",
    b"]]}}",
    b"<a><a><a>",
    b"&#0;",
    b"&lol;",
    b",,,,,,,,,,,,,,,,",
    b"';DROP TABLE x;--",
    b"../../../../etc/passwd",
    b"\xe2\x80\xae",
    b"null",
];

impl Mutator {
    /// The stream of one input.
    pub fn new(seed: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    /// A whole number below `n`, which is at least 1.
    pub fn below(&mut self, n: usize) -> usize {
        self.0.random_range(0..n)
    }

    /// `bytes` with one to six changes; pieces of `other` may come in.
    pub fn change(&mut self, bytes: &[u8], other: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        for _ in 0..=self.below(6) {
            self.change_once(&mut bytes, other);
            bytes.truncate(LONGEST);
        }
        bytes
    }

    fn change_once(&mut self, bytes: &mut Vec<u8>, other: &[u8]) {
        if bytes.is_empty() {
            bytes.push(0);
        }
        let at = self.below(bytes.len());
        match self.below(12) {
            0 | 1 => bytes[at] ^= 1 << self.below(8),
            2 => bytes[at] = [0, 1, 0x7f, 0x80, 0xff, b' ', b'"', b'9'][self.below(8)],
            3 => self.overwrite(bytes, at),
            4 => self.overwrite_number(bytes, at),
            5 => bytes.truncate(at),
            6 => {
                let end = (at + 1 + self.below(64)).min(bytes.len());
                bytes.drain(at..end);
            }
            7 => {
                let end = (at + 1 + self.below(256)).min(bytes.len());
                let piece = bytes[at..end].repeat(1 + self.below(32));
                bytes.splice(at..at, piece);
            }
            8 if !other.is_empty() => {
                let start = self.below(other.len());
                let end = (start + 1 + self.below(256)).min(other.len());
                let stop = (at + self.below(64)).min(bytes.len());
                bytes.splice(at..stop, other[start..end].iter().copied());
            }
            9 => {
                let to = self.below(bytes.len());
                bytes.swap(at, to);
            }
            10 => {
                let noise: Vec<u8> = (0..self.below(16)).map(|_| self.below(256) as u8).collect();
                bytes.splice(at..at, noise);
            }
            _ => {
                let token = TOKENS[self.below(TOKENS.len())];
                bytes.splice(at..at, token.iter().copied());
            }
        }
    }

    /// Writes a number that a length or an offset should not be over the bytes at `at`.
    fn overwrite(&mut self, bytes: &mut [u8], at: usize) {
        let length = bytes.len() as u64;
        let numbers = [
            0,
            1,
            0x7f,
            0xff,
            0x7fff,
            0xffff,
            0x7fff_ffff,
            0x8000_0000,
            0xffff_ffff,
            0x7fff_ffff_ffff_ffff,
            u64::MAX,
            length,
            length.wrapping_sub(1),
            length + 1,
            length / 2,
            f64::MAX.to_bits(),
            f64::NAN.to_bits(),
        ];
        let number = numbers[self.below(numbers.len())];
        let width = [1, 2, 4, 8][self.below(4)];
        let (little, big) = (number.to_le_bytes(), number.to_be_bytes());
        let number = if self.below(2) == 0 { &little[..width] } else { &big[8 - width..] };
        for (to, from) in bytes[at..].iter_mut().zip(number) {
            *to = *from;
        }
    }

    /// Replaces the digits that follow `at`, if any do, by a token.
    fn overwrite_number(&mut self, bytes: &mut Vec<u8>, at: usize) {
        let Some(start) = bytes[at..].iter().position(u8::is_ascii_digit) else { return };
        let start = at + start;
        let digits =
            bytes[start..].iter().take_while(|b| b.is_ascii_digit() || **b == b'.').count();
        let token = TOKENS[self.below(7)];
        bytes.splice(start..start + digits, token.iter().copied());
    }
}
