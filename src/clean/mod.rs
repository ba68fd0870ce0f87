//! Cleaning: what counts, where it may be kept, and an account of every row.
//!
//! The order, for each source:
//!
//! 1. each file row by row ([`clean_file`]): faults of the row, state of the record, category, dates,
//!    position, all without reference to other rows; then the place is settled by the location rule,
//!    before anything is kept;
//! 2. all files of the source together ([`remove_repeats`], [`mark_patterns`]): repeats, default places, hours that only
//!    say "not known", rounded positions, months that look incomplete.
//!
//! Every row is settled once in a [`Ledger`], so that rows in = kept + excluded + rejected.

mod category;
mod coordinates;
mod dedup;
mod doubles;
mod ground;
mod ledger;
mod location_rule;
mod months;
mod patterns;
mod report;
mod row;
mod subject_report;

pub use category::Categories;
pub use dedup::remove_repeats;
pub use doubles::{DOUBLE_DISTANCE, DOUBLE_MINUTES, DoublePair, Doubles};
pub use ground::{Ground, TOLERANCE};
pub use ledger::{EXAMPLES, Effect, Example, Ledger, Reason, Settlement, Tally};
pub use months::month_warnings;
pub use patterns::{SourcePatterns, find_default_places, mark_patterns};
pub use report::{Account, CleaningReport, FileReport, SourceReport};
pub use row::{Held, Rules};
pub use subject_report::SubjectReport;

pub use crate::read::dates::{FormError, FormVote, moment};
pub use crate::read::pii::PersonSign;

use crate::incident::Incident;
use crate::read::{Candidate, Columns, RawTable, ReadError};
use crate::workspace::{DateForm, Field};

use row::{Draft, Reading, RowReader, fault_reason};

/// Rows whose places are settled together.
const BATCH: usize = 16_384;

/// One kept record, with what finding repeats needs.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The record, its location rule applied; its source is filled in when files are put together.
    pub incident: Incident,
    /// The ward the file gives, where it is one of ours and the position lies in another.
    pub ward_given: Option<String>,
    /// Line in its file.
    pub line: u64,
    /// Same number, same content in every column that is kept.
    pub content: u64,
}

/// One file, cleaned.
#[derive(Debug, Default)]
pub struct CleanFile {
    /// What became of each row.
    pub ledger: Ledger,
    /// Records kept, in file order.
    pub kept: Vec<Kept>,
    /// References of records that this file says were cancelled.
    pub cancelled: Vec<u64>,
    /// A sign of a person in a kept column: the file must not be used.
    pub held: Option<Held>,
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

/// Cleans one file, row by row, and settles every place.
///
/// # Errors
///
/// [`ReadError`] if the file breaks off.
pub fn clean_file(
    table: &RawTable<'_>,
    columns: &Columns,
    rules: &Rules<'_>,
    form: DateForm,
    ground: &Ground,
) -> Result<CleanFile, ReadError> {
    let mut clean = CleanFile::default();
    let mut reader = RowReader::new(rules, form, ground.bounds());
    let mut drafts: Vec<Draft> = Vec::with_capacity(BATCH);
    table.rows.each(&mut |row| {
        if clean.held.is_some() {
            return;
        }
        if let Some(fault) = row.fault {
            let (reason, value) = fault_reason(fault);
            let value = value.unwrap_or_else(|| row.text());
            clean.ledger.settle(row.line, Settlement::LeftOut(reason, value));
            return;
        }
        match reader.read(&Candidate::new(row, columns)) {
            Reading::Draft(draft) => {
                drafts.push(*draft);
                if drafts.len() == BATCH {
                    location_rule::settle(&mut drafts, ground, &mut clean);
                }
            }
            Reading::LeftOut(reason, value) => {
                if reason == Reason::NotCounted {
                    clean.cancelled.extend(reader.reference_of(&Candidate::new(row, columns)));
                }
                clean.ledger.settle(row.line, Settlement::LeftOut(reason, value));
            }
            Reading::Held(held) => clean.held = Some(held),
        }
    })?;
    location_rule::settle(&mut drafts, ground, &mut clean);
    Ok(clean)
}

#[cfg(test)]
mod tests;
