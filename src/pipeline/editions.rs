//! What each audience was told before, month by month: whoever kept an edition can subtract the next.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::audience::Audience;
use crate::read::hexadecimal;
use crate::store::Dataset;
use crate::time::Month;

/// Editions told to each audience. It holds counts and checksums, no record.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Editions(BTreeMap<Audience, Edition>);

/// What was told of each month, by its name.
type Edition = BTreeMap<String, Told>;

/// What was told of one month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Records of the month.
    pub records: u64,
    /// Checksum over how many there are of each type, source, ward and cell.
    pub checksum: String,
}

/// What `data` tell of each month, whatever order their records have.
fn edition(data: &Dataset) -> Edition {
    let incidents = &data.incidents;
    let mut told: BTreeMap<Month, Vec<_>> = BTreeMap::new();
    for i in 0..incidents.len() {
        let at = incidents.position(i).map(|at| [at.easting(), at.northing()].map(f64::to_bits));
        let kind = incidents.crime_type(i).get().id;
        let record = (kind, incidents.source(i), incidents.ward(i), at);
        told.entry(incidents.month(i)).or_default().push(record);
    }
    let month = |(month, mut records): (Month, Vec<_>)| {
        records.sort_unstable();
        let mut sum = Sha256::new();
        for record in &records {
            sum.update(format!("{record:?}\n"));
        }
        let told = Told { records: records.len() as u64, checksum: hexadecimal(sum) };
        (month.to_string(), told)
    };
    told.into_iter().map(month).collect()
}

impl Editions {
    /// Whether anything was told to this audience.
    pub fn has(&self, audience: Audience) -> bool {
        self.0.contains_key(&audience)
    }

    /// Months that were told to this audience and that `data` tell otherwise, with what was told and
    /// what would be.
    ///
    /// Data of months that were not told before add to what is known and correct nothing: each month
    /// is told by itself, in periods that no other data change.
    pub fn corrected(&self, audience: Audience, data: &Dataset) -> Vec<(String, Told, Told)> {
        let Some(before) = self.0.get(&audience) else { return Vec::new() };
        let differs = |(month, now): (String, Told)| {
            let told = before.get(&month).filter(|told| **told != now)?.clone();
            Some((month, told, now))
        };
        edition(data).into_iter().filter_map(differs).collect()
    }

    /// Adds what `data` tell this audience; a month told again is held as told last.
    pub fn add(&mut self, audience: Audience, data: &Dataset) {
        self.0.entry(audience).or_default().extend(edition(data));
    }
}
