//! Rejected rows as they are kept, to be mended and imported again: only columns that a field
//! reads, places as fine as the location rule allows, references as their keyed hash.

use std::collections::BTreeMap;

use crate::read::{Candidate, Columns};
use crate::workspace::{Field, LocationRule};

use super::cells::outward;
use super::english::report::OF_REJECTS;
use super::ground::Ground;
use super::ledger::Reason;
use super::row::RowReader;
use crate::read::pii::person_sign;

/// Start of the form in which a reference is kept in rejected rows.
const HASHED: &str = "wardheat:";

/// The reference of a record as it may be kept: its keyed hash, which reads back as the same.
pub(super) fn hashed_reference(hash: u64) -> String {
    format!("{HASHED}{hash:016x}")
}

/// The keyed hash that [`hashed_reference`] wrote.
pub(super) fn read_hashed(text: &str) -> Option<u64> {
    let digits = text.strip_prefix(HASHED).filter(|digits| digits.len() == 16)?;
    u64::from_str_radix(digits, 16).ok()
}

/// The columns of a file that its rejected rows are kept with.
#[derive(Debug)]
pub struct RejectColumns {
    /// Position in the file, and the fields that read it.
    columns: BTreeMap<usize, Vec<Field>>,
    /// The finest place that may be kept.
    finest: LocationRule,
}

impl RejectColumns {
    /// Those of `columns`. Where some places must not be shown no position is kept: one that cannot
    /// be read cannot be told from theirs.
    pub(super) fn new(columns: &Columns, ground: &Ground) -> Self {
        let finest = if ground.has_masks() { LocationRule::Ward } else { LocationRule::Point };
        let mut fields: BTreeMap<usize, Vec<Field>> = BTreeMap::new();
        for &field in Field::ALL {
            if let Some(column) = columns.get(field) {
                fields.entry(column).or_default().push(field);
            }
        }
        Self { columns: fields, finest }
    }

    /// The header line, where `names` are those of the file's columns.
    pub fn header(&self, names: &[String]) -> Vec<u8> {
        let ours = OF_REJECTS.into_iter();
        line(ours.chain(self.columns.keys().filter_map(|at| Some(names.get(*at)?.as_str()))))
    }

    /// One row as a line of CSV. A row whose cells may stand in the wrong columns has no
    /// `candidate`, and none of its cells is kept.
    pub(super) fn row(
        &self,
        reason: Reason,
        line_number: u64,
        candidate: Option<&Candidate<'_>>,
        reader: &mut RowReader<'_>,
    ) -> Vec<u8> {
        let rule = candidate.map(|candidate| reader.coarsest_rule(candidate).max(self.finest));
        let mut cells = vec![reason.label().to_owned(), line_number.to_string()];
        for fields in self.columns.values() {
            let cell = candidate.zip(rule).map(|(c, rule)| cell(fields, c, rule, reader));
            cells.push(cell.unwrap_or_default());
        }
        line(cells.iter().map(String::as_str))
    }
}

/// What may be kept of a cell that all of `fields` read.
fn cell(
    fields: &[Field],
    candidate: &Candidate<'_>,
    rule: LocationRule,
    reader: &RowReader<'_>,
) -> String {
    let Some(&first) = fields.first() else { return String::new() };
    let text = candidate.get(first);
    if person_sign(text).is_some() {
        return String::new();
    }
    if fields.contains(&Field::Reference) {
        return reader.reference_of(candidate).map_or_else(String::new, hashed_reference);
    }
    if fields.contains(&Field::Postcode) {
        let may = rule == LocationRule::OutwardPostcode;
        return outward(text).filter(|_| may).unwrap_or_default();
    }
    let may = fields.iter().all(|field| match field {
        Field::Easting
        | Field::Northing
        | Field::EastingRounded
        | Field::NorthingRounded
        | Field::Longitude
        | Field::Latitude
        | Field::Lsoa => rule == LocationRule::Point,
        // A description is matched to names and goes no further.
        Field::Place => false,
        Field::Street => rule == LocationRule::Point && reader.keeps_street(),
        Field::Ward => rule <= LocationRule::Ward,
        _ => true,
    });
    if may { text.to_owned() } else { String::new() }
}

fn line<'a>(cells: impl Iterator<Item = &'a str>) -> Vec<u8> {
    let mut out = csv::WriterBuilder::new().from_writer(Vec::new());
    // Writing to memory does not fail.
    let _ = out.write_record(cells);
    out.into_inner().unwrap_or_default()
}
