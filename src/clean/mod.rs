//! Cleaning: what counts, where it may be kept, and an account of every row.
//!
//! The order, for each source:
//!
//! 1. each file row by row, in pieces and in parallel ([`FileCleaner`]): faults of the row, state of
//!    the record, category, dates, position, all without reference to other rows; then the place is
//!    settled by the location rule, before anything is kept;
//! 2. what is kept is set aside ([`SourceRows`]), in memory up to a limit and then on disk
//!    ([`Spill`]), so that a source of any size is cleaned in the same memory;
//! 3. all files of the source together ([`SourceRows::settle`]): repeats, default places, hours that
//!    only say "not known", rounded positions, months that look incomplete;
//! 4. the records that count are handed on by month ([`SettledSource::each_month`]).
//!
//! Every row is settled once in a [`Ledger`], so that rows in = kept + excluded + rejected.

mod category;
mod cells;
mod coordinates;
mod dedup;
mod doubles;
mod editions;
mod english;
mod facts;
mod ground;
mod judge;
mod kept;
mod ledger;
mod location_rule;
mod months;
mod names;
mod partition;
mod patterns;
mod quality;
mod rejects;
mod report;
mod row;
mod source;
mod spill;
mod spots;
mod subject_report;
mod texts;
mod when;

pub use category::Categories;
pub use doubles::{DOUBLE_DISTANCE, DOUBLE_MINUTES, DoublePair, Doubles};
pub use editions::series_breaks;
pub use ground::{Ground, TOLERANCE, Tokens};
pub use kept::{Kept, KeptRows};
pub use ledger::{EXAMPLES, Effect, Example, Found, Ledger, Reason, Settlement, Tally};
pub use months::{MonthDoubt, MonthSum, month_doubts};
pub use names::unknown_names;
pub use patterns::SourcePatterns;
pub use quality::{MonthState, Placed, QualitySums, SourceSums};
pub use rejects::RejectColumns;
pub use report::{Account, CleaningReport, FileReport, SourceReport};
pub use row::{Held, Rules};
pub use source::{SettledFile, SettledSource, SourceRows};
pub use spill::{HELD, Spill, SpillError};
pub use spots::Spots;
pub use subject_report::SubjectReport;

pub use crate::read::dates::{FormError, FormVote, moment};
pub use crate::read::pii::PersonSign;

use std::sync::{Mutex, PoisonError};

use crate::read::{Block, Candidate, Columns, RawRecord, RawTable, ReadError};
use crate::workspace::{DateForm, Field};

use cells::{fault_reason, footer};
use location_rule::Numbers;
use row::{Draft, NoDraft, RowReader};

/// Rows of a piece of a file that has no blocks.
const BATCH: usize = 16_384;

/// Rows whose places are settled together: enough for locating, few enough to stay in the cache.
const DRAFTS: usize = 4_096;

/// Pieces that one reader of rows takes before its memory of texts is forgotten.
const PIECES_OF_A_READER: u32 = 32;

/// Some rows of one file, cleaned.
#[derive(Debug, Clone, Default)]
pub struct CleanRows {
    /// What became of each row.
    pub ledger: Ledger,
    /// Records kept, in file order.
    pub kept: KeptRows,
    /// References of records that these rows say were cancelled.
    pub cancelled: Vec<u64>,
    /// A sign of a person in a kept column: the file must not be used.
    pub held: Option<Held>,
    /// Rejected rows as lines of CSV, as far as they may be kept.
    pub rejects: Vec<u8>,
}

/// Evidence for the date form of a file.
///
/// # Errors
///
/// [`ReadError`] if the file breaks off.
pub fn vote_on_dates(table: &RawTable<'_>, columns: &Columns) -> Result<FormVote, ReadError> {
    let mut vote = FormVote::default();
    let fields = [Field::Date, Field::DateTo, Field::Recorded];
    let at: Vec<usize> = fields.iter().filter_map(|field| columns.get(*field)).collect();
    if !at.is_empty() {
        table.rows.each(&mut |row| {
            if row.fault.is_none() {
                for &column in &at {
                    vote.add(row.get(column));
                }
            }
        })?;
    }
    Ok(vote)
}

/// Cleans rows of one file on any number of threads: each row by itself, and every place settled
/// by its location rule before anything is kept.
pub struct FileCleaner<'a> {
    columns: Columns,
    rejects: RejectColumns,
    rules: &'a Rules<'a>,
    form: DateForm,
    ground: &'a Ground,
    readers: Mutex<Vec<(RowReader<'a>, u32)>>,
}

impl<'a> FileCleaner<'a> {
    /// For a file with these columns, its dates in `form`.
    pub fn new(columns: Columns, rules: &'a Rules<'a>, form: DateForm, ground: &'a Ground) -> Self {
        let rejects = RejectColumns::new(&columns, ground);
        Self { columns, rejects, rules, form, ground, readers: Mutex::default() }
    }

    /// Columns of the file.
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// Columns of its rejected rows.
    pub fn reject_columns(&self) -> &RejectColumns {
        &self.rejects
    }

    /// Cleans one block.
    ///
    /// # Errors
    ///
    /// [`ReadError`] where its structure breaks.
    pub fn clean_block(&self, block: &dyn Block) -> Result<CleanRows, ReadError> {
        let known = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let (reader, used) = known.unwrap_or_else(|| (self.reader(), 0));
        let mut cleaning = Cleaning::new(self, reader);
        block.each(&mut |row| cleaning.add(row))?;
        let (rows, reader) = cleaning.finish();
        if used < PIECES_OF_A_READER {
            let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
            readers.push((reader, used + 1));
        }
        Ok(rows)
    }

    /// Cleans all rows of a table whose rows come one by one, and hands them on in pieces; `take`
    /// says whether it wants more.
    ///
    /// # Errors
    ///
    /// [`ReadError`] where the structure breaks.
    pub fn clean_all(
        &self,
        table: &RawTable<'_>,
        mut take: impl FnMut(CleanRows) -> bool,
    ) -> Result<(), ReadError> {
        let mut cleaning = Some(Cleaning::new(self, self.reader()));
        table.rows.each(&mut |row| {
            let Some(now) = &mut cleaning else { return };
            now.add(row);
            if now.n_rows == BATCH
                && let Some(full) = cleaning.take()
            {
                let (rows, reader) = full.finish();
                cleaning = take(rows).then(|| Cleaning::new(self, reader));
            }
        })?;
        if let Some(last) = cleaning {
            take(last.finish().0);
        }
        Ok(())
    }

    fn reader(&self) -> RowReader<'a> {
        RowReader::new(self.rules, self.form, self.ground.bounds(), &self.columns)
    }
}

/// Some rows while they are cleaned.
struct Cleaning<'c, 'a> {
    file: &'c FileCleaner<'a>,
    reader: RowReader<'a>,
    drafts: Vec<Draft>,
    numbers: Numbers,
    rows: CleanRows,
    n_rows: usize,
}

impl<'c, 'a> Cleaning<'c, 'a> {
    fn new(file: &'c FileCleaner<'a>, mut reader: RowReader<'a>) -> Self {
        reader.texts.forget_many();
        let (drafts, mut rows) = (Vec::with_capacity(DRAFTS), CleanRows::default());
        rows.kept.reserve(reader.kept_before);
        Self { file, reader, drafts, numbers: Numbers::default(), rows, n_rows: 0 }
    }

    fn add(&mut self, row: &RawRecord<'_>) {
        self.n_rows += 1;
        if self.rows.held.is_some() {
            return;
        }
        let Self { file, reader, drafts, rows, .. } = self;
        let candidate = Candidate::new(row, &file.columns);
        let (reason, value) = if let Some(fault) = row.fault {
            let (reason, value) = fault_reason(fault);
            if reason.effect() == Effect::Rejected {
                rows.rejects.extend(file.rejects.row(reason, row.line, None, reader));
            }
            (reason, value.unwrap_or_else(|| footer(&row.text())))
        } else {
            match reader.read(&candidate) {
                Ok(draft) => {
                    drafts.push(draft);
                    if drafts.len() == DRAFTS {
                        self.settle();
                    }
                    return;
                }
                Err(NoDraft::Held(held)) => {
                    rows.held = Some(held);
                    return;
                }
                Err(NoDraft::LeftOut(reason, value)) => {
                    if reason == Reason::NotCounted {
                        rows.cancelled.extend(reader.reference_of(&candidate));
                    } else if reason.effect() == Effect::Rejected {
                        let kept = file.rejects.row(reason, row.line, Some(&candidate), reader);
                        rows.rejects.extend(kept);
                    }
                    (reason, value)
                }
            }
        };
        rows.ledger.settle(row.line, Settlement::LeftOut(reason, value));
    }

    fn settle(&mut self) {
        let Self { file, reader, drafts, numbers, rows, .. } = self;
        location_rule::settle(drafts, file.ground, &mut reader.texts, numbers, rows);
    }

    fn finish(mut self) -> (CleanRows, RowReader<'a>) {
        self.settle();
        self.reader.kept_before = self.rows.kept.len();
        (self.rows, self.reader)
    }
}

#[cfg(test)]
mod tests;
