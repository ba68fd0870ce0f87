//! One source while it is imported: its rows set aside piece by piece, then settled as a whole.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::dedup::{Repeated, Repeats};
use super::facts::Facts;
use super::kept::KeptRows;
use super::ledger::{Found, Ledger, Reason};
use super::months::{MonthSum, month_warnings};
use super::patterns::{Crowds, Marks, Positions, SourcePatterns};
use super::spill::{Aside, Spill, SpillError};
use super::{Account, CleanRows};
use crate::crs::Bng;
use crate::incident::Incidents;
use crate::time::Month;

/// Rows of one source, added in pieces by any number of threads and in any order.
#[derive(Debug)]
pub struct SourceRows<'a> {
    spill: &'a Spill,
    repeats: Repeats<'a>,
    /// Not gathered where positions are snap points, which are crowded by design.
    positions: Option<Positions<'a>>,
    pieces: Mutex<Vec<Piece>>,
}

/// What is left of one piece of a file once its rows are set aside.
#[derive(Debug)]
struct Piece {
    number: u32,
    file: u32,
    ledger: Ledger,
    parts: Vec<Part>,
    rejects: Option<Aside>,
}

/// Kept rows of one month and piece.
#[derive(Debug)]
struct Part {
    month: Month,
    piece: u32,
    file: u32,
    facts: Facts,
    aside: Aside,
}

impl<'a> SourceRows<'a> {
    /// A source without rows; `anonymised` where its positions are snap points.
    pub fn new(spill: &'a Spill, anonymised: bool) -> Self {
        Self {
            spill,
            repeats: Repeats::new(spill),
            positions: (!anonymised).then(|| Positions::new(spill)),
            pieces: Mutex::default(),
        }
    }

    /// Adds piece `number` of the source, which holds rows of file `file`. Pieces and files are
    /// numbered from 0 without gaps, in the order of rows; each piece is added once.
    ///
    /// # Errors
    ///
    /// [`SpillError`] if the disk is full.
    pub fn put(&self, file: u32, number: u32, rows: CleanRows) -> Result<(), SpillError> {
        self.repeats.add(number, &rows)?;
        let CleanRows { ledger, kept, rejects, .. } = rows;
        let mut parts = Vec::new();
        for (month, rows) in kept.by_month() {
            if let Some(positions) = &self.positions {
                positions.add(number, &rows)?;
            }
            let facts = Facts::of(&rows.incidents);
            let aside = self.spill.put(rows.pack())?;
            parts.push(Part { month, piece: number, file, facts, aside });
        }
        let rejects = (!rejects.is_empty()).then(|| self.spill.put(rejects)).transpose()?;
        let piece = Piece { number, file, ledger, parts, rejects };
        self.pieces.lock().unwrap_or_else(PoisonError::into_inner).push(piece);
        Ok(())
    }

    /// Finds what only the whole source shows.
    ///
    /// # Errors
    ///
    /// [`SpillError`] if what was set aside cannot be read back.
    pub fn settle(self) -> Result<SettledSource<'a>, SpillError> {
        let mut pieces = self.pieces.into_inner().unwrap_or_else(PoisonError::into_inner);
        pieces.sort_by_key(|piece| piece.number);
        let file_of: Vec<u32> = pieces.iter().map(|piece| piece.file).collect();
        let repeated = self.repeats.settle(&file_of)?;
        let n_files = file_of.last().map_or(0, |last| *last as usize + 1);
        let mut files: Vec<SettledFile> = (0..n_files).map(|_| SettledFile::default()).collect();
        let mut parts = Vec::new();
        for piece in pieces {
            let file = &mut files[piece.file as usize];
            file.account.ledger.merge(&piece.ledger);
            file.rejects.extend(piece.rejects);
            parts.extend(piece.parts);
        }
        for (&(file, reason), found) in &repeated.found {
            files[file as usize].account.ledger.apply(reason, found.clone());
        }
        parts.par_iter_mut().filter(|part| repeated.any(part.piece)).try_for_each(|part| {
            part.facts = Facts::of(&part.rows(self.spill, &repeated)?.incidents);
            Ok(())
        })?;
        parts.retain(|part| part.facts.rows > 0);
        parts.sort_by_key(|part| (part.month, part.piece));
        let mut facts = Facts::default();
        for part in &parts {
            facts.add(&part.facts);
            let account = &mut files[part.file as usize].account;
            account.mapped += part.facts.points;
            account.in_wards += part.facts.in_wards;
        }
        let crowds = match self.positions {
            Some(positions) => positions.settle(&repeated, facts.points)?,
            None => Crowds::default(),
        };
        Ok(SettledSource { spill: self.spill, files, parts, repeated, facts, crowds })
    }
}

impl Part {
    fn rows(&self, spill: &Spill, repeated: &Repeated) -> Result<KeptRows, SpillError> {
        let bytes = spill.get(&self.aside)?;
        let mut rows = KeptRows::unpack(&bytes).ok_or_else(|| spill.damaged())?;
        if repeated.any(self.piece) {
            rows.retain(|row| !repeated.has(self.piece, row));
        }
        Ok(rows)
    }
}

/// One file of a settled source.
#[derive(Debug, Default)]
pub struct SettledFile {
    /// What became of its rows.
    pub account: Account,
    rejects: Vec<Aside>,
}

/// The rows of one source that count, and what the whole of it shows.
#[derive(Debug)]
pub struct SettledSource<'a> {
    spill: &'a Spill,
    /// Its files, in order.
    pub files: Vec<SettledFile>,
    /// By month, then in the order of rows.
    parts: Vec<Part>,
    repeated: Repeated,
    facts: Facts,
    crowds: Crowds,
}

impl SettledSource<'_> {
    /// Rows kept.
    pub fn len(&self) -> u64 {
        self.facts.rows
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.facts.rows == 0
    }

    /// Positions that this source shows to be default places: far more than their share of its
    /// records, of many kinds.
    pub fn default_places(&self) -> Vec<Bng> {
        self.crowds.defaults()
    }

    /// First and last month of its records; `None` where it has none.
    pub fn months(&self) -> Option<(Month, Month)> {
        Some((self.parts.first()?.month, self.parts.last()?.month))
    }

    /// What to tell the reader about its months.
    pub fn month_warnings(&self) -> Vec<String> {
        let mut months: BTreeMap<Month, MonthSum> = BTreeMap::new();
        for part in &self.parts {
            months.entry(part.month).or_default().merge(part.facts.days);
        }
        month_warnings(&months)
    }

    /// Hands the records on, marked by what the whole source shows, as of source `name`: each
    /// month once, months in parallel, its records in file order. Gives what to tell the reader.
    ///
    /// # Errors
    ///
    /// What `take` says, or [`SpillError`].
    pub fn each_month<E: From<SpillError> + Send>(
        &mut self,
        name: &str,
        known: &SourcePatterns,
        take: impl Fn(Month, &mut dyn Iterator<Item = Result<Incidents, E>>) -> Result<(), E> + Sync,
    ) -> Result<Vec<String>, E> {
        let (marks, notes) = Marks::new(known, &self.crowds, &self.facts);
        let months: Vec<&[Part]> = self.parts.chunk_by(|a, b| a.month == b.month).collect();
        let marked: Vec<BTreeMap<(u32, Reason), Found>> = months
            .into_par_iter()
            .map(|parts| {
                let mut found: BTreeMap<(u32, Reason), Found> = BTreeMap::new();
                let mut each = parts.iter().map(|part| {
                    let mut rows = part.rows(self.spill, &self.repeated)?;
                    marks.apply(&mut rows, |reason, line, value| {
                        found.entry((part.file, reason)).or_default().add(line, || value);
                    });
                    rows.incidents.set_source(name);
                    Ok(rows.incidents)
                });
                take(parts[0].month, &mut each)?;
                drop(each);
                Ok(found)
            })
            .collect::<Result<_, E>>()?;
        let mut all: BTreeMap<(u32, Reason), Found> = BTreeMap::new();
        for (place, found) in marked.into_iter().flatten() {
            all.entry(place).or_default().merge(found);
        }
        for ((file, reason), found) in all {
            self.files[file as usize].account.ledger.apply(reason, found);
        }
        Ok(notes)
    }

    /// The rejected rows of a file as lines of CSV, in file order; see
    /// [`super::RejectColumns::header`].
    pub fn rejects(&self, file: usize) -> impl Iterator<Item = Result<Cow<'_, [u8]>, SpillError>> {
        self.files[file].rejects.iter().map(|aside| self.spill.get(aside))
    }
}
