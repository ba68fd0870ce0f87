//! Incidents from columns that are already there.

use jiff::civil::DateTime;

use crate::time::Month;

use super::{Cells, CrimeTypeIdx, Flags, Incidents, Word, Words};

/// The columns of incidents of one source and month, all of one length; see [`Incidents`].
pub(crate) struct Columns {
    pub(crate) words: Words,
    pub(crate) source: Word,
    pub(crate) month: Month,
    /// 0 where there is none.
    pub(crate) reference: Cells<u64>,
    pub(crate) referenced: Cells<bool>,
    pub(crate) crime_type: Cells<CrimeTypeIdx>,
    pub(crate) from: Cells<Option<DateTime>>,
    pub(crate) to: Cells<Option<DateTime>>,
    /// Not-a-number, all three, where there is no position.
    pub(crate) easting: Cells<f64>,
    pub(crate) northing: Cells<f64>,
    pub(crate) precision: Cells<f32>,
    pub(crate) area: Cells<Word>,
    pub(crate) outward: Cells<Word>,
    pub(crate) ward: Cells<Word>,
    pub(crate) lsoa: Cells<Word>,
    pub(crate) street: Cells<Word>,
    pub(crate) flags: Cells<Flags>,
}

impl From<Columns> for Incidents {
    fn from(columns: Columns) -> Self {
        let Columns { words, source, month, reference, referenced, crime_type, .. } = columns;
        let Columns { from, to, easting, northing, precision, .. } = columns;
        let Columns { area, outward, ward, lsoa, street, flags, .. } = columns;
        let n = crime_type.len();
        Self {
            reference,
            referenced,
            source: Cells::same(source, n),
            crime_type,
            month: Cells::same(month, n),
            from,
            to,
            easting,
            northing,
            precision,
            area,
            outward,
            ward,
            lsoa,
            street,
            flags,
            words,
        }
    }
}
