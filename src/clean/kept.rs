//! Kept records by column, with what settling a whole source needs of each.

use std::collections::BTreeMap;

use crate::incident::{Incident, Incidents};
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

/// Kept records of one month and piece.
#[derive(Debug, Default)]
pub(super) struct KeptRows {
    pub(super) incidents: Incidents,
    /// Number of each among the kept records of its piece.
    pub(super) rows: Vec<u32>,
    /// Line of each in its file.
    pub(super) lines: Vec<u64>,
    /// Wards that the file gives, where it is another than the position's: few.
    pub(super) wards_given: Vec<(u32, String)>,
    /// Tokens of records kept by ward, by their place among the records.
    pub(super) tokens: Vec<(u32, u64)>,
}

impl KeptRows {
    /// The records of a piece, by month.
    pub(super) fn by_month(kept: Vec<Kept>) -> BTreeMap<Month, Self> {
        let mut months: BTreeMap<Month, Self> = BTreeMap::new();
        for (row, kept) in (0_u32..).zip(kept) {
            months.entry(kept.incident.month).or_default().push(row, kept);
        }
        months
    }

    pub(super) fn push(&mut self, row: u32, kept: Kept) {
        if let Some(ward) = kept.ward_given {
            self.wards_given.push((self.rows.len() as u32, ward));
        }
        self.tokens.extend(kept.token.map(|token| (self.rows.len() as u32, token)));
        self.incidents.push(&kept.incident);
        self.rows.push(row);
        self.lines.push(kept.line);
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Keeps the records for which `keep`, asked by the row in the piece, says so.
    pub(super) fn retain(&mut self, keep: impl Fn(u32) -> bool) {
        let kept: Vec<bool> = self.rows.iter().map(|&row| keep(row)).collect();
        let mut place = 0;
        let mut places = Vec::with_capacity(kept.len());
        for &stays in &kept {
            places.push(place);
            place += u32::from(stays);
        }
        self.wards_given.retain_mut(|(at, _)| {
            let stays = kept[*at as usize];
            *at = places[*at as usize];
            stays
        });
        self.tokens.retain_mut(|(at, _)| {
            let stays = kept[*at as usize];
            *at = places[*at as usize];
            stays
        });
        self.incidents.retain(|i| kept[i]);
        let mut stays = kept.iter();
        self.rows.retain(|_| stays.next().is_some_and(|stays| *stays));
        let mut stays = kept.iter();
        self.lines.retain(|_| stays.next().is_some_and(|stays| *stays));
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
            wards_given,
            tokens,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::{CrimeTypeIdx, Flags, Place};

    fn kept(line: u64, month: &str, ward_given: Option<&str>) -> Kept {
        Kept {
            incident: Incident {
                reference: Some(line),
                source: String::new(),
                crime_type: CrimeTypeIdx::from_id("burglary").unwrap(),
                month: month.parse().unwrap(),
                from: None,
                to: None,
                place: Place::Nowhere,
                ward: Some(format!("W{line}")),
                lsoa: None,
                street: None,
                flags: Flags::default(),
            },
            ward_given: ward_given.map(str::to_owned),
            token: line.is_multiple_of(2).then_some(line * 7),
            line,
            content: 0,
        }
    }

    #[test]
    fn records_are_parted_by_month_packed_and_taken_out_together() {
        let all = vec![
            kept(2, "2025-01", None),
            kept(3, "2025-02", Some("A")),
            kept(5, "2025-01", Some("B")),
            kept(6, "2025-01", Some("C")),
        ];

        let months = KeptRows::by_month(all);
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
        let months = KeptRows::by_month(vec![kept(2, "2025-01", Some("A"))]);
        let bytes = months.values().next().unwrap().pack();

        for end in 0..bytes.len() {
            let whole = KeptRows::unpack(&bytes[..end]);
            // Without its ward given a record is still whole.
            assert!(whole.is_none_or(|rows| rows.wards_given.is_empty() && end + 9 == bytes.len()));
        }
    }
}
