//! Kept records by column, with what settling a whole source needs of each.

use std::collections::BTreeMap;

use crate::incident::{Incident, Incidents, Word};
use crate::time::Month;

/// One kept record, with what finding repeats needs.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The record, its location rule applied; its source is filled in when files are put together.
    pub incident: Incident,
    /// The ward the file gives, where it is one of ours and the position lies in another.
    pub ward_given: Option<String>,
    /// Token of the position of a record that is kept by ward ([`super::Ground::tokens`]).
    pub token: Option<u64>,
    /// Line in its file.
    pub line: u64,
    /// Same number, same content in every column that is kept.
    pub content: u64,
}

/// Kept records of one piece of a file, or those of one month in it.
#[derive(Debug, Clone, Default)]
pub struct KeptRows {
    pub(super) incidents: Incidents,
    /// Number of each among the kept records of its piece.
    pub(super) rows: Vec<u32>,
    /// Line of each in its file.
    pub(super) lines: Vec<u64>,
    /// Same number, same content: set until repeats have been looked for.
    pub(super) contents: Vec<u64>,
    /// Wards that the file gives, where it is another than the position's: few.
    pub(super) wards_given: Vec<(u32, String)>,
    /// Tokens of records kept by ward, by their place among the records.
    pub(super) tokens: Vec<(u32, u64)>,
}

impl KeptRows {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Record `i` whole.
    pub fn get(&self, i: usize) -> Kept {
        let at = i as u32;
        let ward = self.wards_given.binary_search_by_key(&at, |(at, _)| *at);
        let token = self.tokens.binary_search_by_key(&at, |(at, _)| *at);
        Kept {
            incident: self.incidents.get(i),
            ward_given: ward.ok().map(|found| self.wards_given[found].1.clone()),
            token: token.ok().map(|found| self.tokens[found].1),
            line: self.lines[i],
            content: self.contents[i],
        }
    }

    /// Every record, in order.
    pub fn iter(&self) -> impl Iterator<Item = Kept> {
        (0..self.len()).map(|i| self.get(i))
    }

    /// Makes room for this many more.
    pub(super) fn reserve(&mut self, n: usize) {
        self.incidents.reserve(n);
        self.rows.reserve(n);
        self.lines.reserve(n);
        self.contents.reserve(n);
    }

    /// Adds the next record of the piece, whose texts are words of `self.incidents`.
    pub(super) fn push(
        &mut self,
        incident: &Incident<Word>,
        (line, content): (u64, u64),
        ward_given: Option<&str>,
        token: Option<u64>,
    ) {
        let row = self.rows.len() as u32;
        self.wards_given.extend(ward_given.map(|ward| (row, ward.to_owned())));
        self.tokens.extend(token.map(|token| (row, token)));
        self.incidents.push_row(incident);
        self.rows.push(row);
        self.lines.push(line);
        self.contents.push(content);
    }

    /// The records of a piece, by month.
    pub(super) fn by_month(self) -> BTreeMap<Month, Self> {
        let month = |i: usize| self.incidents.month(i);
        let Some(first) = (!self.is_empty()).then(|| month(0)) else { return BTreeMap::new() };
        if (1..self.len()).all(|i| month(i) == first) {
            return BTreeMap::from([(first, self)]);
        }
        let mut months: BTreeMap<Month, Vec<usize>> = BTreeMap::new();
        for i in 0..self.len() {
            months.entry(month(i)).or_default().push(i);
        }
        months.into_iter().map(|(month, rows)| (month, self.take(&rows))).collect()
    }

    /// The records at `rows`, which rise.
    fn take(&self, rows: &[usize]) -> Self {
        let each = || rows.iter().copied();
        let place = |at: u32| rows.binary_search(&(at as usize)).ok().map(|at| at as u32);
        let wards = self.wards_given.iter();
        Self {
            incidents: self.incidents.take(each()),
            rows: each().map(|i| self.rows[i]).collect(),
            lines: each().map(|i| self.lines[i]).collect(),
            contents: each().filter_map(|i| self.contents.get(i).copied()).collect(),
            wards_given: wards.filter_map(|(at, w)| Some((place(*at)?, w.clone()))).collect(),
            tokens: self.tokens.iter().filter_map(|&(at, t)| Some((place(at)?, t))).collect(),
        }
    }

    /// Keeps the records for which `keep`, asked by the row in the piece, says so.
    pub(super) fn retain(&mut self, keep: impl Fn(u32) -> bool) {
        let rows: Vec<usize> = (0..self.len()).filter(|&i| keep(self.rows[i])).collect();
        if rows.len() < self.len() {
            *self = self.take(&rows);
        }
    }

    /// The records as bytes.
    pub(super) fn pack(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(64 * self.len());
        self.incidents.pack(&mut out);
        self.rows.iter().for_each(|row| out.extend_from_slice(&row.to_le_bytes()));
        self.lines.iter().for_each(|line| out.extend_from_slice(&line.to_le_bytes()));
        out.extend_from_slice(&(self.tokens.len() as u32).to_le_bytes());
        for (at, token) in &self.tokens {
            out.extend_from_slice(&at.to_le_bytes());
            out.extend_from_slice(&token.to_le_bytes());
        }
        for (at, ward) in &self.wards_given {
            out.extend_from_slice(&at.to_le_bytes());
            out.extend_from_slice(&(ward.len() as u32).to_le_bytes());
            out.extend_from_slice(ward.as_bytes());
        }
        out
    }

    /// The records that [`Self::pack`] made into `bytes`; `None` if they are not such bytes.
    pub(super) fn unpack(mut bytes: &[u8]) -> Option<Self> {
        let incidents = Incidents::unpack(&mut bytes)?;
        let n = incidents.len();
        let (rows, rest) = bytes.split_at_checked(4 * n)?;
        let (lines, rest) = rest.split_at_checked(8 * n)?;
        let (n_tokens, rest) = rest.split_first_chunk()?;
        let (packed, mut rest) =
            rest.split_at_checked(12 * u32::from_le_bytes(*n_tokens) as usize)?;
        let mut tokens = Vec::with_capacity(packed.len() / 12);
        for token in packed.as_chunks::<12>().0 {
            let (at, token) = token.split_first_chunk::<4>()?;
            let at = u32::from_le_bytes(*at);
            if at as usize >= n {
                return None;
            }
            tokens.push((at, u64::from_le_bytes(*token.first_chunk()?)));
        }
        let mut wards_given = Vec::new();
        while !rest.is_empty() {
            let (at, after) = rest.split_first_chunk()?;
            let (length, after) = after.split_first_chunk()?;
            let (ward, after) = after.split_at_checked(u32::from_le_bytes(*length) as usize)?;
            let at = u32::from_le_bytes(*at);
            if at as usize >= n {
                return None;
            }
            wards_given.push((at, std::str::from_utf8(ward).ok()?.to_owned()));
            rest = after;
        }
        Some(Self {
            incidents,
            rows: rows.as_chunks().0.iter().map(|b| u32::from_le_bytes(*b)).collect(),
            lines: lines.as_chunks().0.iter().map(|b| u64::from_le_bytes(*b)).collect(),
            contents: Vec::new(),
            wards_given,
            tokens,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::{CrimeTypeIdx, Flags, Place};

    /// Line, month and ward given of each.
    fn rows(all: &[(u64, &str, Option<&str>)]) -> KeptRows {
        let mut rows = KeptRows::default();
        for &(line, month, ward_given) in all {
            let incident = Incident {
                reference: Some(line),
                source: rows.incidents.word(""),
                crime_type: CrimeTypeIdx::from_id("burglary").unwrap(),
                month: month.parse().unwrap(),
                from: None,
                to: None,
                place: Place::Nowhere,
                ward: Some(rows.incidents.word(&format!("W{line}"))),
                lsoa: None,
                street: None,
                flags: Flags::default(),
            };
            let token = line.is_multiple_of(2).then_some(line * 7);
            rows.push(&incident, (line, 0), ward_given, token);
        }
        rows
    }

    #[test]
    fn records_are_parted_by_month_packed_and_taken_out_together() {
        let all = rows(&[
            (2, "2025-01", None),
            (3, "2025-02", Some("A")),
            (5, "2025-01", Some("B")),
            (6, "2025-01", Some("C")),
        ]);
        assert_eq!((all.get(3).ward_given.as_deref(), all.get(3).token), (Some("C"), Some(42)));

        let months = all.by_month();
        let january = months.values().next().unwrap().pack();
        let mut january = KeptRows::unpack(&january).unwrap();

        assert_eq!(months.len(), 2);
        assert_eq!(
            (january.rows.as_slice(), january.lines.as_slice()),
            (&[0, 2, 3][..], &[2, 5, 6][..])
        );
        assert_eq!(january.tokens, [(0, 14), (2, 42)]);
        january.retain(|row| row != 2);
        assert_eq!(january.tokens, [(0, 14), (1, 42)]);
        assert_eq!((january.rows.as_slice(), january.lines.as_slice()), (&[0, 3][..], &[2, 6][..]));
        assert_eq!(january.wards_given, [(1, "C".to_owned())]);
        assert_eq!(january.incidents.ward(1), Some("W6"));
    }

    #[test]
    fn bytes_that_are_cut_short_are_refused() {
        let months = rows(&[(2, "2025-01", Some("A"))]).by_month();
        let bytes = months.values().next().unwrap().pack();

        for end in 0..bytes.len() {
            let whole = KeptRows::unpack(&bytes[..end]);
            // Without its ward given a record is still whole.
            assert!(whole.is_none_or(|rows| rows.wards_given.is_empty() && end + 9 == bytes.len()));
        }
    }
}
